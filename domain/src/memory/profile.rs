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
    seen: Seen,
    /// Where, when and from what its owner signs in, and who tried.
    pub sign_ins: SignIns,
    /// What was changed lately.
    pub changes: Option<Box<Changes>>,
    /// What it buys, where it ships, how it pays.
    pub purchases: Option<Box<Purchases>>,
}

/// Times of the earliest and the latest event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    first: Micros,
    last: Micros,
}

impl Seen {
    const NEVER: Self = Self { first: Micros(i64::MAX), last: Micros(i64::MIN) };
}

impl Default for Seen {
    fn default() -> Self {
        Self::NEVER
    }
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
        self.seen = Seen { first: self.seen.first.min(at), last: self.seen.last.max(at) };
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

    /// Reads the profile itself, see [`super::Memory::look_ahead`].
    pub(super) fn look_ahead(&self) -> usize {
        let own = &self.sign_ins;
        let lists = own.places.len() + own.software.len() + own.devices.len();
        lists + usize::from(self.changes.is_some()) + usize::from(self.purchases.is_some())
    }

    /// Reads what the profile points to.
    pub(super) fn look_further_ahead(&self) -> usize {
        let own = &self.sign_ins;
        let place = own.places.last().map_or(0, |place| usize::from(place.used.count));
        let software = own.software.last().map_or(0, |kept| usize::from(kept.used.count));
        let device = own.devices.last().map_or(0, |kept| usize::from(kept.used.count));
        let tries = own.tries.as_ref().map_or(0, |tries| tries.latest.len());
        let purchases = self.purchases.as_ref().map_or(0, |it| usize::from(it.habit.is_some()));
        place + software + device + tries + purchases
    }

    /// Time of its earliest event.
    pub fn first_seen(&self) -> Option<Micros> {
        (self.seen != Seen::NEVER).then_some(self.seen.first)
    }

    /// Time of its latest event.
    pub fn last_seen(&self) -> Option<Micros> {
        (self.seen != Seen::NEVER).then_some(self.seen.last)
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
