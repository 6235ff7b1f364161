//! Whether the account's secrets are known to others.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// Whether the account's secrets are known to others.
#[derive(Debug, Clone, Default)]
pub struct ExposureFeatures {}

impl ExposureFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(_: &Observation, _: &Known<'_>, _missing: &mut Missing) -> Self {
        Self {}
    }
}
