//! Whom the account shares addresses, phones, devices and cards with.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// Whom the account shares addresses, phones, devices and cards with.
#[derive(Debug, Clone, Default)]
pub struct LinkFeatures {}

impl LinkFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(_: &Observation, _: &Known<'_>, _missing: &mut Missing) -> Self {
        Self {}
    }
}
