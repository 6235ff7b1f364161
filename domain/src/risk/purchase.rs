//! How an order compares with the account's own and with everybody's.

use super::Missing;
use crate::known::Known;
use crate::observation::Observation;

/// How an order compares with the account's own and with everybody's.
#[derive(Debug, Clone, Default)]
pub struct PurchaseFeatures {}

impl PurchaseFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(_: &Observation, _: &Known<'_>, _missing: &mut Missing) -> Self {
        Self {}
    }
}
