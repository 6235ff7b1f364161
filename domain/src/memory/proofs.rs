//! What was proved for or against an account's places and devices, and about who holds it.
//!
//! Suspicion fades with time and falls to proof. It never fades by harmless events coming after
//! it: nothing here counts events.

use serde::{Deserialize, Serialize};

use super::sign_ins::{cut, is_sign_in};
use super::{Outcome, Tight, seconds};
use crate::decision::{Assessment, Standing};
use crate::event::Status;
use crate::observation::Observation;
use crate::risk::is_fresh_ground_of_takeover;

/// Values kept, the latest proved.
const KEPT_MAX: usize = 16;

/// What was proved about one account. All times are seconds; 0 stands for never.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Proofs {
    /// Latest fresh ground to believe that somebody else got in.
    pub entered: u32,
    /// Latest sign-in that went through although it looked like somebody else's.
    pub doubted: u32,
    /// Latest change of a contact or a secret.
    pub changed: u32,
    /// Latest takeover that a person confirmed.
    pub taken_over: u32,
    /// Latest proof that the owner is there: a challenge passed, or a person's word.
    pub owner: u32,
    /// Latest time a person confirmed the owner.
    pub confirmed_owner: u32,
    /// By address or device (cut to 32 bits), sorted.
    values: Tight<Proof>,
}

/// What was proved about one address or device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Proof {
    value: u32,
    /// Latest proof that it is the owner's.
    owner: u32,
    /// Latest proof that it is not.
    intruder: u32,
}

/// What is known about an address or device of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    /// Nothing.
    Nothing,
    /// The owner passed a challenge there, or a person said so.
    Owner,
    /// A challenge failed there, or a takeover came from there, after the last proof.
    Intruder,
}

impl Proofs {
    /// Takes in a judged event.
    pub(super) fn remember(
        proofs: &mut Option<Box<Self>>,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        let at = seconds(observation.occurred_at);
        let entered = assessment.standing == Standing::TakenOver && assessment.score >= 0.5;
        if entered && is_fresh_ground_of_takeover(assessment) {
            let proofs = proofs.get_or_insert_default();
            proofs.entered = proofs.entered.max(at);
        }
        if observation.change.is_some() && observation.status == Status::Succeeded {
            let proofs = proofs.get_or_insert_default();
            proofs.changed = proofs.changed.max(at);
        }
        let got_in = is_sign_in(observation) && observation.status == Status::Succeeded;
        if got_in && assessment.score >= DOUBTFUL_SCORE {
            let proofs = proofs.get_or_insert_default();
            proofs.doubted = proofs.doubted.max(at);
        }
    }

    /// Takes in what became of a decision.
    pub(super) fn settle(
        proofs: &mut Option<Box<Self>>,
        observation: &Observation,
        outcome: Outcome,
    ) {
        let at = seconds(observation.occurred_at);
        match outcome {
            Outcome::Completed | Outcome::Abandoned => {}
            Outcome::ChallengePassed | Outcome::ConfirmedOwner => {
                let proofs = proofs.get_or_insert_default();
                proofs.owner = proofs.owner.max(at);
                if outcome == Outcome::ConfirmedOwner {
                    proofs.confirmed_owner = proofs.confirmed_owner.max(at);
                }
                proofs.mark(observation, |proof| proof.owner = proof.owner.max(at));
            }
            Outcome::ChallengeFailed => {
                let proofs = proofs.get_or_insert_default();
                proofs.mark(observation, |proof| proof.intruder = proof.intruder.max(at));
            }
            Outcome::ConfirmedTakeover => {
                let proofs = proofs.get_or_insert_default();
                proofs.taken_over = proofs.taken_over.max(at);
                proofs.mark(observation, |proof| proof.intruder = proof.intruder.max(at));
            }
        }
    }

    fn mark(&mut self, observation: &Observation, mark: impl Fn(&mut Proof)) {
        for value in [observation.origin.place(), observation.device].into_iter().flatten() {
            let value = cut(value);
            let place = match self.values.binary_search_by_key(&value, |proof| proof.value) {
                Ok(found) => found,
                Err(place) => {
                    self.values.insert(place, Proof { value, owner: 0, intruder: 0 });
                    place
                }
            };
            if let Some(proof) = self.values.get_mut(place) {
                mark(proof);
            }
            if self.values.len() > KEPT_MAX {
                let oldest = (0..self.values.len()).min_by_key(|&index| {
                    self.values.get(index).map(|proof| proof.owner.max(proof.intruder))
                });
                oldest.map(|oldest| self.values.remove(oldest));
            }
        }
    }

    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        self.values.bytes()
    }

    /// What was proved about an address or device (its full hash). Of two proofs the later holds;
    /// of the same second, the one against.
    pub fn about(&self, hash: u64) -> Proved {
        let value = cut(hash);
        let found = self.values.binary_search_by_key(&value, |proof| proof.value);
        match found.ok().and_then(|found| self.values.get(found)) {
            None => Proved::Nothing,
            Some(proof) if proof.intruder >= proof.owner => Proved::Intruder,
            Some(_) => Proved::Owner,
        }
    }
}

/// A sign-in that went through with at least this score is doubted.
const DOUBTFUL_SCORE: f64 = 0.2;
