//! Whether the account's secrets are known to others, and whether somebody may hold it already.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// Whether the account's secrets are known to others.
#[derive(Debug, Clone, Default)]
pub struct ExposureFeatures {
    /// The password shown is in a breach; `None` where nobody looked.
    pub breached: Option<bool>,
}

impl ExposureFeatures {
    /// Computes them. What is missing is named with the credential's source.
    pub fn read(observation: &Observation, _: &Known<'_>, _: &mut Missing) -> Self {
        Self { breached: observation.credential.as_ref().and_then(|shown| shown.breached) }
    }
}
