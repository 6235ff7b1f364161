//! The level and spread of a quantity, as integer sums: the same in any order of arrival.

use serde::{Deserialize, Serialize};

/// Fixed-point steps in one nat.
const STEPS: f64 = 256.0;

/// Count, sum and sum of squares of logarithms, in steps of 1/256 nat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(Rust, packed(4))] // An account holds several.
pub(crate) struct Level {
    count: u32,
    sum: i64,
    squares: i64,
}

impl Level {
    /// Takes in one logarithm, as steps.
    pub(crate) fn add(&mut self, steps: i16) {
        let steps = i64::from(steps);
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(steps);
        self.squares = self.squares.saturating_add(steps * steps);
    }

    /// How many were taken in.
    pub(crate) fn count(&self) -> f64 {
        f64::from(self.count)
    }

    /// Sum of the logarithms, in nats.
    pub(crate) fn sum(&self) -> f64 {
        self.sum as f64 / STEPS
    }

    /// Sum of squared distances from `centre`, in nats².
    pub(crate) fn squares_around(&self, centre: f64) -> f64 {
        let squares = self.squares as f64 / (STEPS * STEPS);
        (squares - 2.0 * centre * self.sum() + self.count() * centre * centre).max(0.0)
    }
}

/// Natural logarithm of a positive quantity as steps; what is below one counts as one.
pub(crate) fn steps_of(quantity: f64) -> i16 {
    to_steps(quantity.max(1.0).ln())
}

/// The logarithm that `steps` stand for, in nats.
pub(crate) fn nats_of(steps: i16) -> f64 {
    f64::from(steps) / STEPS
}

#[expect(clippy::cast_possible_truncation, reason = "a logarithm of a 64-bit number is below 128")]
fn to_steps(nats: f64) -> i16 {
    (nats * STEPS).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_knows_its_mean_and_spread() {
        let mut level = Level::default();
        for quantity in [10.0, 100.0, 1_000.0] {
            level.add(steps_of(quantity));
        }
        let mean = level.sum() / level.count();
        assert!((mean - 100.0_f64.ln()).abs() < 0.01);
        let spread = level.squares_around(mean) / 2.0;
        assert!((spread - 10.0_f64.ln().powi(2)).abs() < 0.05, "{spread}");
    }
}
