//! What to expect of an account's next order: its own level, shrunk to everybody's.

use crate::memory::Level;

/// Share of everybody's variance that lies between accounts rather than within one.
const BETWEEN: f64 = 0.5;
/// Degrees of freedom that everybody's spread is worth.
const PRIOR_FREEDOM: f64 = 4.0;
/// Degrees of freedom of a stranger's order: tails as heavy as real baskets have.
const STRANGER_FREEDOM: f64 = 8.0;
/// Fewer orders of everybody tell nothing about everybody.
const EVERYBODY_MIN: f64 = 30.0;
/// No quantity is steadier than this, in nats².
const VARIANCE_MIN: f64 = 0.05;

/// A Student distribution of a logarithm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Predicted {
    pub(super) mean: f64,
    pub(super) variance: f64,
    freedom: f64,
}

/// What the account's next order is expected to be; `None` while nothing is known of everybody.
pub(super) fn predict(everybody: Level, own: Level) -> Option<Predicted> {
    let everybody = stranger(everybody)?;
    let (between, within) = (BETWEEN * everybody.variance, (1.0 - BETWEEN) * everybody.variance);
    let precision = 1.0 / between + own.count() / within;
    let mean = (everybody.mean / between + own.sum() / within) / precision;
    let freedom = PRIOR_FREEDOM + own.count();
    let spread = (PRIOR_FREEDOM * within + own.squares_around(mean)) / freedom;
    Some(Predicted { mean, variance: spread + 1.0 / precision, freedom })
}

/// How much likelier `value` is under everybody's distribution than under the account's own.
pub(super) fn log_ratio(value: f64, everybody: Level, own: Level) -> Option<f64> {
    if own.count() < 1.0 {
        return None;
    }
    let owner = predict(everybody, own)?;
    Some(stranger(everybody)?.log_density(value) - owner.log_density(value))
}

fn stranger(everybody: Level) -> Option<Predicted> {
    let count = everybody.count();
    if count < EVERYBODY_MIN {
        return None;
    }
    let mean = everybody.sum() / count;
    let variance = (everybody.squares_around(mean) / count).max(VARIANCE_MIN);
    Some(Predicted { mean, variance, freedom: STRANGER_FREEDOM })
}

impl Predicted {
    fn log_density(&self, value: f64) -> f64 {
        let (half, squared) = (self.freedom / 2.0, (value - self.mean).powi(2) / self.variance);
        log_gamma_step(half)
            - 0.5 * (self.freedom * self.variance * std::f64::consts::PI).ln()
            - (half + 0.5) * (squared / self.freedom).ln_1p()
    }
}

/// `ln Γ(x + ½) − ln Γ(x)` for x ≥ 2, to three digits (Stirling's series).
fn log_gamma_step(x: f64) -> f64 {
    0.5 * (x - 0.25 + 1.0 / (32.0 * x)).ln()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::memory::steps_of;

    fn level(quantities: &[f64]) -> Level {
        let mut level = Level::default();
        for quantity in quantities {
            level.add(steps_of(*quantity));
        }
        level
    }

    fn everybody() -> Level {
        let quantities: Vec<_> = (0..100).map(|n| 1.06_f64.powi(n)).collect();
        level(&quantities)
    }

    #[test]
    fn the_gamma_step_agrees_with_known_values() {
        // Γ(2.5)/Γ(2) = 1.329340…, Γ(4.5)/Γ(4) = 1.938622…
        assert!((log_gamma_step(2.0) - 1.329_340_388_f64.ln()).abs() < 5e-4);
        assert!((log_gamma_step(4.0) - 1.938_621_399_f64.ln()).abs() < 1e-4);
    }

    #[test]
    fn a_density_is_one_in_all() {
        let predicted = predict(everybody(), level(&[3.0, 4.0, 5.0])).unwrap();
        let sum: f64 = (-4_000..6_000)
            .map(|n| predicted.log_density(f64::from(n) / 100.0).exp() / 100.0)
            .sum();
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    }

    #[test]
    fn the_usual_speaks_for_the_owner_and_more_so_the_more_is_known() {
        let little = log_ratio(4.0_f64.ln(), everybody(), level(&[4.0])).unwrap();
        let much = log_ratio(4.0_f64.ln(), everybody(), level(&[4.0; 40])).unwrap();
        assert!(much < little && little < 0.0, "{much} {little}");
        let other = log_ratio(100.0_f64.ln(), everybody(), level(&[4.0; 40])).unwrap();
        assert!(other > 2.0, "{other}");
    }

    #[test]
    fn without_an_own_order_nothing_is_said() {
        assert!(log_ratio(1.0, everybody(), Level::default()).is_none());
        assert!(log_ratio(1.0, level(&[1.0; 3]), level(&[1.0; 3])).is_none());
    }
}
