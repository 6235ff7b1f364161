//! Sums over everybody: the prior by which a new account is judged.

use serde::{Deserialize, Serialize};

use super::shop::Shop;
use super::sign_ins::{completes_sign_in, counts_as_sign_in};
use super::values::NewValues;
use super::wave::Wave;
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
    /// Accounts that have signed in.
    pub accounts_signed_in: u64,
    /// Sign-ins whose address is known.
    pub placed: u64,
    /// Sign-ins whose user agent is known.
    pub described: u64,
    /// Sign-ins.
    pub sign_ins: u64,
    /// Distinct values in sign-ins, in the order of [`super::values::LOWER`].
    pub distinct: [u32; 5],
    /// Whether everybody is guessed at.
    pub wave: Wave,
}

/// What an event brought that was never there before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Firsts {
    /// It is its account's first.
    pub account: bool,
    /// It is its account's first sign-in.
    pub sign_in: bool,
    /// Its values are the first of their kind.
    pub values: NewValues,
}

impl Population {
    /// Takes in a judged event.
    pub(super) fn remember(
        &mut self,
        position: Position,
        observation: &Observation,
        assessment: &Assessment,
        firsts: Firsts,
    ) {
        if position <= self.as_of {
            return;
        }
        self.as_of = position;
        self.shop.remember(observation);
        self.wave.remember(observation, assessment);
        if counts_as_sign_in(observation, assessment) {
            self.sign_in(observation);
        }
        self.meet(firsts);
    }

    /// Takes in what became of a decision; `firsts` tells what it brought.
    pub(super) fn settle(
        &mut self,
        position: Position,
        observation: &Observation,
        outcome: Outcome,
        firsts: Firsts,
    ) {
        if position <= self.as_of {
            return;
        }
        self.as_of = position;
        self.wave.settle(observation, outcome);
        if completes_sign_in(observation, outcome) {
            self.sign_in(observation);
        }
        self.meet(firsts);
    }

    fn sign_in(&mut self, observation: &Observation) {
        self.sign_ins += 1;
        self.placed += u64::from(observation.origin.place().is_some());
        self.described += u64::from(observation.agent.text.is_some());
    }

    fn meet(&mut self, firsts: Firsts) {
        self.accounts += u64::from(firsts.account);
        self.accounts_signed_in += u64::from(firsts.sign_in);
        for (distinct, new) in self.distinct.iter_mut().zip(firsts.values) {
            *distinct = distinct.saturating_add(u32::from(new));
        }
    }
}
