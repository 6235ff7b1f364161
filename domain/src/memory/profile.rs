//! One account's history.

use serde::{Deserialize, Serialize};

use super::changes::Changes;
use super::purchases::Purchases;
use super::sign_ins::SignIns;
use super::{Firsts, Outcome, Position};
use crate::decision::Assessment;
use crate::observation::Observation;
use crate::time::Micros;

/// What is remembered of one account. At most about 600 bytes with twelve sign-ins, all parts
/// together; a part that few accounts need is boxed and absent until it is needed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Last log position taken in.
    pub as_of: Position,
    /// Position of its first record: tells, also on a replay over a newer snapshot, whether a
    /// record is the account's first.
    pub first_position: Position,
    /// Earliest event.
    pub first_seen: Option<Micros>,
    /// Latest event.
    pub last_seen: Option<Micros>,
    /// Where, when and from what its owner signs in, and who tried.
    pub sign_ins: SignIns,
    /// What was changed lately.
    pub changes: Option<Box<Changes>>,
    /// What it buys, where it ships, how it pays.
    pub purchases: Option<Box<Purchases>>,
}

impl Profile {
    /// Takes in a judged event.
    pub fn remember(
        &mut self,
        position: Position,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        if position <= self.as_of {
            return;
        }
        self.as_of = position;
        if self.first_position == 0 {
            self.first_position = position;
        }
        let at = observation.occurred_at;
        self.first_seen = Some(self.first_seen.map_or(at, |seen| seen.min(at)));
        self.last_seen = Some(self.last_seen.map_or(at, |seen| seen.max(at)));
        self.sign_ins.remember(position, observation, assessment);
        Changes::remember(&mut self.changes, observation, assessment);
        Purchases::remember(&mut self.purchases, observation, assessment);
    }

    /// Takes in what became of a decision.
    pub fn settle(&mut self, position: Position, observation: &Observation, outcome: Outcome) {
        if position <= self.as_of {
            return;
        }
        self.as_of = position;
        if self.first_position == 0 {
            self.first_position = position;
        }
        self.sign_ins.settle(position, observation, outcome);
        Changes::settle(&mut self.changes, observation, outcome);
        Purchases::settle(&mut self.purchases, observation, outcome);
    }

    /// What the record at `position` was the first of for this account.
    pub(super) fn firsts(&self, position: Position) -> Firsts {
        Firsts {
            account: self.first_position == position,
            sign_in: self.sign_ins.first_position == position,
            ..Firsts::default()
        }
    }
}
