//! Whom the account shares addresses, phones, devices and cards with.

use super::Missing;
use crate::keyed::AccountKey;
use crate::known::Known;
use crate::memory::links::{Shared, USES_HALF_LIFE, uses_expected, value, values_of};
use crate::observation::Observation;
use crate::time::DAY;

/// Sharing older than this says nothing any more.
const SPAN: i64 = 30 * DAY;

/// So many newcomers make an address crowded; fewer are a household or a gift.
const CROWD_MIN: f64 = 3.0;

/// Whom the account shares values with.
#[derive(Debug, Clone, Copy, Default)]
pub struct LinkFeatures {
    /// Other accounts on this device within 30 days.
    pub device_accounts: Option<f64>,
    /// Other accounts that pay with this card within 30 days.
    pub card_accounts: Option<f64>,
    /// Other accounts with this phone number within 30 days.
    pub phone_accounts: Option<f64>,
    /// Other accounts with this mail address within 30 days.
    pub email_accounts: Option<f64>,
    /// How many accounts began to ship to this address within 14 days; `None` below three.
    pub address: Option<Crowding>,
    /// Microseconds since a confirmed takeover used the same value, by kind of value.
    pub taken: [Option<i64>; 5],
}

/// Accounts that began to ship to one address.
#[derive(Debug, Clone, Copy)]
pub struct Crowding {
    /// Other accounts new to it within 14 days.
    pub newcomers: f64,
    /// Uses that an address of this shop has within 14 days: large where addresses are only places.
    pub expected: f64,
    /// Other accounts that shipped to it within 180 days.
    pub all: f64,
}

impl LinkFeatures {
    /// Computes them; the purchase features name what is missing.
    pub fn read(observation: &Observation, known: &Known<'_>, _: &mut Missing) -> Self {
        let mut links = Self::default();
        let Some(account) = observation.account else { return links };
        for (kind, hash) in values_of(observation) {
            links.read_value(observation, known, account, (kind, hash));
        }
        links
    }

    fn read_value(
        &mut self,
        observation: &Observation,
        known: &Known<'_>,
        account: AccountKey,
        (kind, hash): (Shared, u64),
    ) {
        let at = observation.occurred_at;
        let Some(value) = value(known.crowd, kind, hash) else { return };
        if let Some(slot) = self.taken.get_mut(kind as usize) {
            *slot = value.taken_at(account).map(|taken| at.since(taken).max(0));
        }
        let others = Some(value.others(account, at, SPAN, false));
        match kind {
            Shared::Device => self.device_accounts = others,
            Shared::Card => self.card_accounts = others,
            Shared::Phone => self.phone_accounts = others,
            Shared::Email => self.email_accounts = others,
            Shared::Address => {
                let newcomers = value.others(account, at, USES_HALF_LIFE, true);
                self.address = (newcomers >= CROWD_MIN).then(|| Crowding {
                    newcomers,
                    expected: uses_expected(known.crowd, at),
                    all: value.others(account, at, 6 * SPAN, false),
                });
            }
        }
    }

    /// Microseconds since a confirmed takeover used the same value of this kind.
    pub fn taken(&self, kind: Shared) -> Option<i64> {
        self.taken.get(kind as usize).copied().flatten()
    }
}
