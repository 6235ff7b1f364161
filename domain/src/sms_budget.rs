//! How many texts may be sent where: number, prefix, country, IP and day (C6, T10).
//!
//! Pure decisions over counters that the caller keeps in rolling windows of one day. A refused text
//! is not a dead end: TOTP, passkey, recovery code and mail do not pass here.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::observation::Country;
use crate::time::{DAY, MINUTE, Micros};

/// Texts already sent within the last day, without the one that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sent {
    /// To this number.
    pub number: u32,
    /// To numbers that share all but the last four digits: pumping walks through them.
    pub prefix: u32,
    /// To this country.
    pub country: u32,
    /// On behalf of this IP address (IPv6: its /64).
    pub ip: u32,
    /// In all.
    pub day: u32,
}

/// How texts to a country are answered, within the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Completion {
    /// Texts old enough that an answer would have come (10 minutes).
    pub due: u32,
    /// Those that were answered with the right code.
    pub completed: u32,
}

/// Texts of a rolling day, counted by ten minutes: as small for fifty thousand as for five.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally(Vec<(i64, u32)>);

/// The span that a tally counts by.
const SLOT: i64 = 10 * MINUTE;

impl Tally {
    /// One more; what is older than a day goes.
    pub fn add(&mut self, now: Micros) {
        self.0.retain(|(slot, _)| is_within_a_day(*slot, now));
        let slot = now.0.div_euclid(SLOT);
        match self.0.iter_mut().find(|(one, _)| *one == slot) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.0.push((slot, 1)),
        }
    }

    /// Within the last day, to ten minutes.
    pub fn within_a_day(&self, now: Micros) -> u32 {
        self.sum(|slot| is_within_a_day(slot, now))
    }

    /// Of these, how many are at least so old.
    pub fn older_than(&self, span: i64, now: Micros) -> u32 {
        let is_old = |slot: i64| (slot + 1).saturating_mul(SLOT) <= now.0.saturating_sub(span);
        self.sum(|slot| is_within_a_day(slot, now) && is_old(slot))
    }

    fn sum(&self, counts: impl Fn(i64) -> bool) -> u32 {
        let counted = self.0.iter().filter(|(slot, _)| counts(*slot));
        counted.fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

const fn is_within_a_day(slot: i64, now: Micros) -> bool {
    slot > now.0.saturating_sub(DAY).div_euclid(SLOT)
}

/// What a store allows. Every number is texts a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// To one number.
    pub number_max: u32,
    /// To one prefix.
    pub prefix_max: u32,
    /// To one country.
    pub country_max: u32,
    /// On behalf of one IP address.
    pub ip_max: u32,
    /// In all: the cap of what a day may cost.
    pub day_max: u32,
    /// The countries texts are sent to.
    pub countries: Vec<Country>,
    /// A country whose share of completed texts falls below this is switched off, in percent.
    pub completion_percent_min: u32,
    /// Fewer texts than this say nothing about completion.
    pub completion_sample_min: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            number_max: 8,
            prefix_max: 40,
            country_max: 5_000,
            ip_max: 20,
            day_max: 5_000,
            countries: vec![Country(*b"JP")],
            completion_percent_min: 40,
            completion_sample_min: 50,
        }
    }
}

/// Which limit forbids a text; the first in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the limit")]
pub enum Refused {
    CountryNotAllowed,
    /// Tell the operator: somebody pumps texts, or the gateway fails there.
    CountrySwitchedOff,
    Number,
    Prefix,
    Ip,
    Country,
    Day,
}

impl Budget {
    /// Whether one more text may be sent to a number in `country`.
    ///
    /// # Errors
    /// [`Refused`]: the limit that is reached.
    pub fn allows(
        &self,
        country: Country,
        sent: &Sent,
        completion: Completion,
    ) -> Result<(), Refused> {
        if !self.countries.contains(&country) {
            return Err(Refused::CountryNotAllowed);
        }
        if self.switches_off(completion) {
            return Err(Refused::CountrySwitchedOff);
        }
        let limits = [
            (sent.number, self.number_max, Refused::Number),
            (sent.prefix, self.prefix_max, Refused::Prefix),
            (sent.ip, self.ip_max, Refused::Ip),
            (sent.country, self.country_max, Refused::Country),
            (sent.day, self.day_max, Refused::Day),
        ];
        limits.into_iter().find(|(count, most, _)| count >= most).map_or(Ok(()), |hit| Err(hit.2))
    }

    /// Whether a country with this completion is switched off. It comes back by itself when the
    /// texts that failed leave the day's window.
    pub fn switches_off(&self, completion: Completion) -> bool {
        let Completion { due, completed } = completion;
        due >= self.completion_sample_min.max(1)
            && u64::from(completed) * 100 < u64::from(due) * u64::from(self.completion_percent_min)
    }
}
