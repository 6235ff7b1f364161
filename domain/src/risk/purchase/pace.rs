//! How fast orders follow each other, against the account's own pace (R2).

use super::Question;
use crate::memory::purchases::Proof;
use crate::time::{HOUR, Micros};

/// Days with orders of an account nobody knows yet, a day.
const PRIOR_RATE: f64 = 0.03;
/// Weight of that prior, as a Gamma shape: small, for accounts differ a lot.
const PRIOR_SHAPE: f64 = 0.3;
/// What one observed day adds to the shape: below one, for an account's pace changes too.
const STEADINESS: f64 = 0.3;
/// Orders within an hour of each other belong to one sitting …
const PAUSE: i64 = HOUR;
/// … and a sitting ends after two.
const SITTING_MAX: i64 = 2 * HOUR;
/// Nothing is more surprising than this, in nats.
const SURPRISE_MAX: f64 = 7.0;

/// How fast orders follow each other.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Orders within 48 h, this one included.
    pub orders: u32,
    /// Sittings within 48 h, this one included: an order split in two within the hour is one.
    pub sittings: u32,
    /// Days with orders that the account's own pace expects in 48 h.
    pub expected: f64,
    /// `-ln P(as many more, or more)` under the account's own pace with a population prior:
    /// Gamma–Poisson, so negative binomial.
    pub surprise: f64,
    /// Most orders on two days that follow each other, in the four months before.
    pub busiest: u32,
}

impl Question<'_> {
    pub(super) fn pace(&self) -> Pace {
        let at = self.observation.occurred_at;
        let days = self.baseline.days(at);
        let shape = PRIOR_SHAPE + STEADINESS * f64::from(days.count());
        let time = PRIOR_SHAPE / PRIOR_RATE + STEADINESS * self.baseline.days_observed(at);
        let times = self.window().filter(|order| order.proof != Proof::Owner).map(|order| order.at);
        let (orders, sittings) = sittings(times, at);
        // Sittings are what surprises; many orders in few sittings count for a few more.
        let more = (sittings - 1).max((orders - 1) / 4);
        Pace {
            orders,
            sittings,
            expected: 2.0 * shape / time,
            surprise: surprise(more, shape, time / (time + 2.0)),
            busiest: days.busiest(),
        }
    }
}

/// Orders and sittings of `earlier` (sorted) and the order at `at`.
fn sittings(earlier: impl Iterator<Item = Micros>, at: Micros) -> (u32, u32) {
    let (mut orders, mut sittings) = (0, 0);
    let mut sitting: Option<(Micros, Micros)> = None;
    for next in earlier.chain([at]) {
        orders += 1;
        sitting = match sitting {
            Some((start, last))
                if next.since(last) <= PAUSE && next.since(start) <= SITTING_MAX =>
            {
                Some((start, next))
            }
            _ => {
                sittings += 1;
                Some((next, next))
            }
        };
    }
    (orders, sittings)
}

/// `-ln P(X ≥ more)` for a negative binomial `X` of this shape and probability.
fn surprise(more: u32, shape: f64, probability: f64) -> f64 {
    let mut mass = probability.powf(shape);
    let mut below = 0.0;
    for k in 0..more {
        below += mass;
        mass *= (shape + f64::from(k)) / (f64::from(k) + 1.0) * (1.0 - probability);
    }
    (-(1.0 - below).max(f64::MIN_POSITIVE).ln()).clamp(0.0, SURPRISE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Micros {
        Micros(minutes * crate::time::MINUTE)
    }

    #[test]
    fn an_order_split_in_two_is_one_sitting() {
        assert_eq!(sittings([at(0), at(10)].into_iter(), at(50)), (3, 1));
        assert_eq!(sittings([at(0)].into_iter(), at(61)), (2, 2));
    }

    #[test]
    fn a_night_of_orders_is_more_than_one_sitting() {
        let night = (0..13).map(|order| at(order * 34));
        assert_eq!(sittings(night, at(13 * 34)), (14, 4));
    }

    #[test]
    fn more_orders_never_surprise_less() {
        let surprises: Vec<_> = (0..50).map(|more| surprise(more, 0.9, 0.97)).collect();
        assert!(surprises.is_sorted(), "{surprises:?}");
        assert!(surprises.first().is_some_and(|least| least.abs() < 1e-12));
    }

    #[test]
    fn a_brisk_account_surprises_less_than_a_slow_one() {
        let slow = surprise(2, PRIOR_SHAPE + 0.3 * 2.0, 0.98);
        let brisk = surprise(2, PRIOR_SHAPE + 0.3 * 40.0, 0.95);
        assert!(slow > brisk + 1.0, "{slow} {brisk}");
    }
}
