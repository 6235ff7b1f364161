//! Where, when and from what an account's owner signs in, and who tried.

use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::decision::Assessment;
use crate::observation::Observation;

/// Sign-ins of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SignIns {}

impl SignIns {
    /// Takes in a judged event.
    pub(super) fn remember(&mut self, _: &Observation, _: &Assessment) {}

    /// Takes in what became of a decision.
    pub(super) fn settle(&mut self, _: &Observation, _: Outcome) {}
}
