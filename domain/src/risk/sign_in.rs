//! How familiar the place, the software and the device are to the account.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// How familiar the place, the software and the device are to the account.
#[derive(Debug, Clone, Default)]
pub struct SignInFeatures {}

impl SignInFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(_: &Observation, _: &Known<'_>, _missing: &mut Missing) -> Self {
        Self {}
    }
}
