//! Whether the whole shop is guessed at from sources that rotate: what no counter of one source,
//! one account or one secret can see.
//!
//! Counted are sign-ins from places strange to their own account, or at accounts of which nothing
//! is known, as judgement found them: memory reads no profile here. What the owners do from where
//! they always do it is counted apart, and only to tell an outage, when everybody fails, from a wave.

use serde::{Deserialize, Serialize};

use super::sign_ins::completes_sign_in;
use super::sources::fold;
use super::{Breadth, Decayed, Outcome};
use crate::decision::Assessment;
use crate::event::{EventType, Status};
use crate::observation::Observation;
use crate::risk::{Ground, ground_of};
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// Half-lives of what goes on: ten minutes, an hour, and the shop's usual level.
const HALF_LIVES: [i64; 3] = [10 * MINUTE, HOUR, 7 * DAY];
/// What a steady level counts under the longest half-life, for one under an hour's.
const USUAL_HOURS: f64 = 168.0;

/// Sign-ins of everybody from places strange to their account, or at accounts without a history.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    failures: [Decayed; 3],
    successes: [Decayed; 3],
    /// Failures from the owners' own places.
    at_home: [Decayed; 3],
    accounts: Breadth,
    addresses: Breadth,
    secrets: Breadth,
}

/// The wave as of one moment. Decayed counts, by half-lives of ten minutes and an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Swell {
    /// Failures from strange places.
    pub failures: [f64; 2],
    /// Successes from strange places.
    pub successes: [f64; 2],
    /// What is usual of such failures, on the scale of the hour's count.
    pub usual_failures: f64,
    /// Failures at the owners' own places beyond the usual, by the hour: an outage.
    pub at_home_excess: f64,
    /// Accounts at which such failures were, within an hour.
    pub accounts: u32,
    /// Addresses they came from, within an hour.
    pub addresses: u32,
    /// Secrets shown, within an hour; `None` where the store sends none.
    pub secrets: Option<u32>,
}

impl Wave {
    /// Takes in a judged event.
    pub(super) fn remember(&mut self, observation: &Observation, assessment: &Assessment) {
        if observation.kind != EventType::Login {
            return;
        }
        let sums = match (ground_of(assessment), observation.status) {
            (_, Status::Attempted) | (Ground::Home, Status::Succeeded) => return,
            (Ground::Home, Status::Failed) => &mut self.at_home,
            (Ground::Strange | Ground::Unknown, Status::Failed) => {
                self.spread(observation);
                &mut self.failures
            }
            (Ground::Strange | Ground::Unknown, Status::Succeeded) => &mut self.successes,
        };
        count(sums, observation.occurred_at);
    }

    /// Takes in what became of a decision: a sign-in that was asked about and went through. From
    /// where it came is not told here; what is asked about is mostly strange.
    pub(super) fn settle(&mut self, observation: &Observation, outcome: Outcome) {
        if observation.kind == EventType::Login && completes_sign_in(observation, outcome) {
            count(&mut self.successes, observation.occurred_at);
        }
    }

    fn spread(&mut self, observation: &Observation) {
        let at = observation.occurred_at;
        if let Some(account) = observation.account {
            self.accounts.see(fold(account), at);
        }
        if let Some(ip) = observation.origin.place() {
            self.addresses.see(ip, at);
        }
        if let Some(secret) = observation.credential.as_ref().and_then(|shown| shown.secret) {
            self.secrets.see(secret, at);
        }
    }

    /// The wave as of `at`.
    pub fn swell(&self, at: Micros) -> Swell {
        let [minutes, hour, week] = values(&self.failures, at);
        let [minutes_in, hour_in, _] = values(&self.successes, at);
        let [_, home, home_week] = values(&self.at_home, at);
        let secrets = self.secrets.count(at, HOUR);
        Swell {
            failures: [minutes, hour],
            successes: [minutes_in, hour_in],
            usual_failures: week / USUAL_HOURS,
            at_home_excess: (home - 1.5 * home_week / USUAL_HOURS).max(0.0),
            accounts: self.accounts.count(at, HOUR),
            addresses: self.addresses.count(at, HOUR),
            secrets: (secrets > 0).then_some(secrets),
        }
    }
}

fn count(sums: &mut [Decayed; 3], at: Micros) {
    for (sum, half_life) in sums.iter_mut().zip(HALF_LIVES) {
        sum.add(at, half_life, 1);
    }
}

fn values(sums: &[Decayed; 3], at: Micros) -> [f64; 3] {
    let mut values = [0.0; 3];
    for (value, (sum, half_life)) in values.iter_mut().zip(sums.iter().zip(HALF_LIVES)) {
        *value = sum.value(at, half_life);
    }
    values
}

/// Accounts and addresses that make a wave rather than a bad hour.
const ACCOUNTS_MIN: u32 = 8;
const ADDRESSES_MIN: u32 = 4;
/// Failures from strange places that any hour may bring.
const SLIPS: f64 = 5.0;

impl Swell {
    /// How many times what honest newcomers to a place explain; at most 1 where there is no wave.
    pub fn excess(&self) -> f64 {
        let one_secret = self.secrets.is_some_and(|secrets| secrets * 3 <= self.accounts);
        if self.accounts < ACCOUNTS_MIN || self.addresses < ADDRESSES_MIN || one_secret {
            return 0.0;
        }
        let [minutes, hour] = self.failures;
        let [minutes_in, hour_in] = self.successes;
        let usual = 3.0 * self.usual_failures + self.at_home_excess;
        let by_hour = hour / (SLIPS + 2.0 * hour_in + usual);
        // A short burst after a busy hour; an hour holds six times ten minutes.
        let by_minutes = minutes / (SLIPS + 2.0 * minutes_in + usual / 6.0);
        by_hour.max(by_minutes)
    }
}
