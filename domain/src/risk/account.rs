//! How the account stands before this event.

use crate::decision::Standing;
use crate::known::Known;
use crate::observation::Observation;

/// How the account stands before this event.
#[derive(Debug, Clone, Default)]
pub struct AccountFeatures {
    /// Its standing, aged by time and by proof.
    pub standing: Standing,
}

impl AccountFeatures {
    /// Computes them.
    pub fn read(_: &Observation, _: &Known<'_>) -> Self {
        Self::default()
    }
}
