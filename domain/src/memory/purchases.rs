//! What an account buys, where it ships and how it pays.

use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::decision::Assessment;
use crate::observation::Observation;

/// What an account buys, where it ships and how it pays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Purchases {}

impl Purchases {
    /// Takes in a judged event; makes room only where the event needs it.
    pub(super) fn remember(_: &mut Option<Box<Self>>, _: &Observation, _: &Assessment) {}

    /// Takes in what became of a decision.
    pub(super) fn settle(_: &mut Option<Box<Self>>, _: &Observation, _: Outcome) {}
}
