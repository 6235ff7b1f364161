//! How fast callers may go: a token bucket for each key and each account (GCRA, ITU-T I.371).

use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::{Micros, SECOND};

use super::problem::{Kind, Problem};

/// Codes of letters that may be tried a second, by everybody together: guessing 80 bits is hopeless,
/// and costs us a look-up each.
pub(super) const CODES_PER_SECOND: u32 = 20;

/// Checks of mails and statements a second, by one network: each may cost a tenth of a second.
pub(super) const CHECKS_PER_SECOND: u32 = 5;

/// Seconds' worth of requests that may come at once.
const BURST_SECONDS: i64 = 10;
const SLOTS: usize = 1 << 16;

/// Buckets in a table of fixed size: two names in one slot share a bucket, which matters only
/// while one of them runs at its limit.
pub(crate) struct Pace {
    per_second: u32,
    slots: Box<[AtomicI64]>,
}

impl Pace {
    /// `per_second` for every name; 0 is no limit.
    pub(super) fn new(per_second: u32) -> Self {
        let slots = if per_second == 0 { 0 } else { SLOTS };
        Self { per_second, slots: (0..slots).map(|_| AtomicI64::new(0)).collect() }
    }

    /// Takes `count` from the bucket of `name`, or says when to come again. More than a burst at
    /// once passes when the bucket is full, and is paid for afterwards.
    pub(crate) fn take(&self, name: u64, count: u32, now: Micros) -> Result<(), Problem> {
        #[expect(clippy::cast_possible_truncation, reason = "any 16 bits will do")]
        let Some(slot) = self.slots.get(name as usize % SLOTS) else { return Ok(()) };
        let cost = SECOND * i64::from(count) / i64::from(self.per_second.max(1));
        let burst = SECOND * BURST_SECONDS;
        let paid = |full_at: i64| {
            Some(full_at.max(now.0)).filter(|at| at - now.0 <= burst - cost.min(burst))
        };
        slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            paid(full_at).map(|at| at + cost)
        })
        .map(|_| ())
        .map_err(|full_at| too_fast(full_at - now.0 - burst + cost.min(burst)))
    }
}

fn too_fast(wait: i64) -> Problem {
    let mut problem = Problem::new(Kind::TooManyRequests, "");
    let seconds = u32::try_from(wait.max(1).saturating_add(SECOND - 1) / SECOND);
    problem.retry_after_seconds = Some(seconds.unwrap_or(u32::MAX));
    problem
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_burst_passes_then_the_pace_holds_and_the_wait_named_is_enough() {
        let pace = Pace::new(2);
        let now = Micros(1_000 * SECOND);
        for _ in 0..20 {
            pace.take(7, 1, now).unwrap();
        }
        let problem = pace.take(7, 1, now).unwrap_err();
        let wait = i64::from(problem.retry_after_seconds.unwrap());
        assert_eq!(wait, 1);
        pace.take(7, 1, now.plus(wait * SECOND)).unwrap();
        pace.take(8, 1, now).unwrap();
    }

    #[test]
    fn more_than_a_burst_at_once_is_paid_for_afterwards() {
        let pace = Pace::new(10);
        let now = Micros(1_000 * SECOND);
        pace.take(7, 1_000, now).unwrap();
        assert_eq!(
            pace.take(7, 1, now.plus(50 * SECOND)).unwrap_err().retry_after_seconds,
            Some(41)
        );
        pace.take(7, 1, now.plus(91 * SECOND)).unwrap();
    }

    #[test]
    fn no_limit_is_no_limit() {
        let pace = Pace::new(0);
        (0..10_000).for_each(|_| pace.take(1, 1_000, Micros(0)).unwrap());
    }
}
