//! How often everybody signs in from a value: the counts under the Freeman ratio.

use serde::{Deserialize, Serialize};

use super::Outcome;
use super::crowd::Touch;
use crate::decision::Assessment;
use crate::observation::Observation;
use crate::time::Micros;

/// The part of the table that falls into one shard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Values {}

impl Values {
    /// Drops what has decayed to nothing by `now`, and the least of the rest beyond the limit.
    pub(super) fn sweep(&mut self, _now: Micros) {}
}

/// Takes in a judged event.
pub(super) fn remember(_: &mut Touch<'_>, _: &Observation, _: &Assessment) {}

/// Takes in what became of a decision.
pub(super) fn settle(_: &mut Touch<'_>, _: &Observation, _: Outcome) {}
