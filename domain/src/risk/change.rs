//! What was changed lately, from where, and whether it was changed back.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// What was changed lately, from where, and whether it was changed back.
#[derive(Debug, Clone, Default)]
pub struct ChangeFeatures {}

impl ChangeFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(_: &Observation, _: &Known<'_>, _missing: &mut Missing) -> Self {
        Self {}
    }
}
