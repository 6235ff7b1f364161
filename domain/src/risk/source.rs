//! What is known of the source: who else tried from there, and which lists name it.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// What is known of the source: who else tried from there, and which lists name it.
#[derive(Debug, Clone, Default)]
pub struct SourceFeatures {}

impl SourceFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(_: &Observation, _: &Known<'_>, _missing: &mut Missing) -> Self {
        Self {}
    }
}
