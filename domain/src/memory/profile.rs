//! One account's history.

use serde::{Deserialize, Serialize};

use super::{Outcome, Position};
use crate::decision::Assessment;
use crate::observation::Observation;
use crate::time::Micros;

/// What is remembered of one account. At most about 600 bytes with twelve sign-ins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Last log position taken in.
    pub as_of: Position,
    /// Earliest event.
    pub first_seen: Option<Micros>,
    /// Latest event.
    pub last_seen: Option<Micros>,
}

impl Profile {
    /// Takes in a judged event.
    pub fn remember(&mut self, position: Position, observation: &Observation, _: &Assessment) {
        if position <= self.as_of {
            return;
        }
        self.as_of = position;
        let at = observation.occurred_at;
        self.first_seen = Some(self.first_seen.map_or(at, |seen| seen.min(at)));
        self.last_seen = Some(self.last_seen.map_or(at, |seen| seen.max(at)));
    }

    /// Takes in what became of a decision.
    pub fn settle(&mut self, position: Position, _: &Observation, _: Outcome) {
        self.as_of = self.as_of.max(position);
    }
}
