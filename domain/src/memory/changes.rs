//! What was changed about an account lately, by field.

use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::decision::Assessment;
use crate::observation::Observation;

/// What was changed about an account lately, by field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {}

impl Changes {
    /// Takes in a judged event; makes room only where the event needs it.
    pub(super) fn remember(_: &mut Option<Box<Self>>, _: &Observation, _: &Assessment) {}

    /// Takes in what became of a decision.
    pub(super) fn settle(_: &mut Option<Box<Self>>, _: &Observation, _: Outcome) {}
}
