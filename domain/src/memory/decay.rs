//! Counters that forget at a fixed rate, exactly, in any order of arrival.
//!
//! Forward decay (Cormode et al., ICDE 2009) with landmarks at fixed multiples of 16 half-lives:
//! an event weighs `2^(offset / half-life)` as an integer, sums of integers commute, and only the
//! newest two epochs are kept (what is older weighs less than 2⁻¹⁶). The state is therefore a
//! function of the set of events alone.

use serde::{Deserialize, Serialize};

use crate::time::Micros;

/// Half-lives in one epoch.
const HALF_LIVES: i64 = 16;
/// Fractional bits of a weight.
const FRACTION_BITS: u32 = 12;
/// Units of `newest` in a half-life: sixteen fill 32 bits.
const UNITS: f64 = (1_u64 << 28) as f64;

/// A decayed sum. The half-life is the caller's and must be the same at every call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decayed {
    /// Number of the newest epoch seen.
    epoch: i32,
    /// Offset of the newest event in that epoch, in 2⁻²⁸ half-lives.
    newest: u32,
    /// Sum of weights in `epoch`, relative to its start.
    current: u64,
    /// Sum of weights in the epoch before, relative to that one's start.
    previous: u64,
}

impl Decayed {
    /// Counts `amount` at `at` with a half-life of `half_life` microseconds.
    pub fn add(&mut self, at: Micros, half_life: i64, amount: u32) {
        let length = half_life.saturating_mul(HALF_LIVES);
        let epoch = epoch_of(at, length);
        if !self.is_empty() && i64::from(epoch) < i64::from(self.epoch) - 1 {
            return;
        }
        let offset = at.0.rem_euclid(length) as f64 / half_life as f64;
        let weight = weight(offset).saturating_mul(u64::from(amount));
        if weight == 0 {
            return;
        }
        match i64::from(epoch) - i64::from(self.epoch) {
            _ if self.is_empty() => {
                *self = Self { epoch, newest: units(offset), current: weight, previous: 0 };
            }
            0 => {
                self.newest = self.newest.max(units(offset));
                self.current = self.current.saturating_add(weight);
            }
            -1 => self.previous = self.previous.saturating_add(weight),
            ahead @ 1.. => {
                let previous = if ahead == 1 { self.current } else { 0 };
                *self = Self { epoch, newest: units(offset), current: weight, previous };
            }
            _ => {}
        }
    }

    /// The sum as of `at`: an event one half-life old counts ½. Asked for a time before its newest
    /// event, it forgets backwards at the same rate, so that it never counts more than it holds.
    pub fn value(&self, at: Micros, half_life: i64) -> f64 {
        if self.is_empty() {
            return 0.0;
        }
        let length = half_life.saturating_mul(HALF_LIVES);
        let epochs = i64::from(epoch_of(at, length)) - i64::from(self.epoch);
        let asked = (epochs.saturating_mul(HALF_LIVES)) as f64
            + at.0.rem_euclid(length) as f64 / half_life as f64;
        let newest = f64::from(self.newest) / UNITS;
        let reference = asked.max(newest) + (newest - asked).max(0.0);
        let held = self.current as f64 * (-reference - f64::from(FRACTION_BITS)).exp2();
        if self.previous == 0 {
            return held;
        }
        let reference = reference + HALF_LIVES as f64 + f64::from(FRACTION_BITS);
        held + self.previous as f64 * (-reference).exp2()
    }

    /// Whether nothing was ever counted.
    pub const fn is_empty(&self) -> bool {
        self.current == 0 && self.previous == 0
    }
}

fn epoch_of(at: Micros, length: i64) -> i32 {
    let epoch = at.0.div_euclid(length);
    i32::try_from(epoch).unwrap_or(if epoch < 0 { i32::MIN } else { i32::MAX })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ weight ≤ 2^28")]
fn weight(offset: f64) -> u64 {
    (offset + f64::from(FRACTION_BITS)).exp2().round() as u64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ offset < 16")]
fn units(offset: f64) -> u32 {
    (offset * UNITS) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::{DAY, HOUR, MINUTE};

    const HALF_LIVES_USED: [i64; 4] = [MINUTE, 10 * MINUTE, HOUR, DAY];

    fn sum(events: &[(i64, u32)], half_life: i64) -> Decayed {
        let mut sum = Decayed::default();
        for &(at, amount) in events {
            sum.add(Micros(at), half_life, amount);
        }
        sum
    }

    fn naive(events: &[(i64, u32)], at: i64, half_life: i64) -> f64 {
        let weigh = |&(then, amount): &(i64, u32)| {
            f64::from(amount) * (-((at - then) as f64) / half_life as f64).exp2()
        };
        events.iter().map(weigh).sum()
    }

    fn half_life() -> impl Strategy<Value = i64> {
        prop::sample::select(&HALF_LIVES_USED[..])
    }

    fn events() -> impl Strategy<Value = Vec<(i64, u32)>> {
        let span = -40 * HOUR..40 * HOUR;
        prop::collection::vec((span, 1_u32..20), 1..40)
    }

    proptest! {
        #[test]
        fn any_order_of_arrival_gives_the_same_sum(
            (events, shuffled) in events().prop_flat_map(|events| {
                (Just(events.clone()), Just(events).prop_shuffle())
            }),
            half_life in half_life(),
        ) {
            prop_assert_eq!(sum(&events, half_life), sum(&shuffled, half_life));
        }

        #[test]
        fn in_order_of_time_it_is_the_naive_sum(
            mut events in events(), half_life in half_life(), later in 0..3 * HOUR,
        ) {
            events.sort_unstable();
            let at = events.last().map_or(0, |last| last.0) + later;
            let value = sum(&events, half_life).value(Micros(at), half_life);
            prop_assert!((value - naive(&events, at, half_life)).abs() < 1e-3 * (1.0 + value));
        }

        #[test]
        fn asked_for_any_time_it_counts_no_more_than_came(
            events in events(), half_life in half_life(), at in -80 * HOUR..80 * HOUR,
        ) {
            let came: u32 = events.iter().map(|event| event.1).sum();
            let value = sum(&events, half_life).value(Micros(at), half_life);
            prop_assert!((0.0..=f64::from(came) + 1e-3).contains(&value), "{}", value);
        }
    }

    #[test]
    fn an_event_one_half_life_old_counts_half_also_before_1970() {
        for start in [0, -1, -DAY, -62_135_596_800_000_000, 253_402_300_799_000_000] {
            let value = sum(&[(start, 1)], HOUR).value(Micros(start + HOUR), HOUR);
            assert!((value - 0.5).abs() < 1e-3, "{start}: {value}");
        }
    }

    #[test]
    fn what_is_older_than_two_epochs_is_forgotten() {
        let held = sum(&[(0, 1_000), (40 * HOUR, 1)], HOUR);
        assert_eq!(held, sum(&[(40 * HOUR, 1)], HOUR));
        assert_eq!(held, sum(&[(40 * HOUR, 1), (0, 1_000)], HOUR));
    }
}
