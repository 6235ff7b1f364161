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

/// A decayed sum. The half-life is the caller's and must be the same at every call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decayed {
    /// Number of the newest epoch seen.
    epoch: i32,
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
        let weight = weight(at.0.rem_euclid(length), half_life).saturating_mul(u64::from(amount));
        match epoch.checked_sub(self.epoch) {
            _ if self.current == 0 && self.previous == 0 => {
                *self = Self { epoch, current: weight, previous: 0 };
            }
            Some(0) => self.current = self.current.saturating_add(weight),
            Some(1) => *self = Self { epoch, current: weight, previous: self.current },
            Some(-1) => self.previous = self.previous.saturating_add(weight),
            Some(2..) => *self = Self { epoch, current: weight, previous: 0 },
            _ => {}
        }
    }

    /// The sum as of `at`: an event one half-life old counts ½. Never counts more than it holds
    /// when `at` lies before its newest event.
    pub fn value(&self, at: Micros, half_life: i64) -> f64 {
        let length = half_life.saturating_mul(HALF_LIVES);
        let ahead = i64::from(epoch_of(at, length)) - i64::from(self.epoch);
        let offset = at.0.rem_euclid(length) as f64 / half_life as f64;
        let scale = |sum: u64, epochs: i64| -> f64 {
            if sum == 0 || !(0..=3).contains(&epochs) {
                return 0.0;
            }
            let exponent = offset + (epochs * HALF_LIVES) as f64 + f64::from(FRACTION_BITS);
            sum as f64 * (-exponent).exp2()
        };
        scale(self.current, ahead) + scale(self.previous, ahead + 1)
    }
}

fn epoch_of(at: Micros, length: i64) -> i32 {
    i32::try_from(at.0.div_euclid(length)).unwrap_or(i32::MAX)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ weight < 2^28")]
fn weight(offset: i64, half_life: i64) -> u64 {
    (offset as f64 / half_life as f64 + f64::from(FRACTION_BITS)).exp2().round() as u64
}
