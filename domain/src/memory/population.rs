//! Sums over everybody: the prior by which a new account is judged.

use serde::{Deserialize, Serialize};

use super::shop::Shop;
use super::{Outcome, Position};
use crate::decision::Assessment;
use crate::observation::Observation;

/// Sums over everybody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Last log position taken in.
    pub as_of: Position,
    /// Accounts seen.
    pub accounts: u64,
    /// What everybody buys.
    pub(crate) shop: Shop,
}

impl Population {
    /// Takes in a judged event; `newcomer` tells that it is its account's first.
    pub(super) fn remember(
        &mut self,
        position: Position,
        observation: &Observation,
        _: &Assessment,
        newcomer: bool,
    ) {
        if position <= self.as_of {
            return;
        }
        self.as_of = position;
        self.accounts += u64::from(newcomer);
        self.shop.remember(observation);
    }

    /// Takes in what became of a decision.
    pub(super) fn settle(&mut self, position: Position, _: &Observation, _: Outcome) {
        self.as_of = self.as_of.max(position);
    }
}
