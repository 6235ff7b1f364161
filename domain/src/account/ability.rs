//! What an account may do in its state, for how long not, and why not.

use serde::{Deserialize, Serialize};

use super::{Account, Cause, RESTRICTED_QUIET, State};
use crate::time::Micros;

/// An act that a state can hold back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the act")]
pub enum Ability {
    SignInKnownDevice,
    SignInNewDevice,
    Order,
    StoredCard,
    SecurityChange,
    Payout,
}

/// Whether the act may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "allowance", rename_all = "snake_case")]
pub enum Allowance {
    /// Yes, as far as the state is concerned.
    Yes,
    /// After a second proof.
    StepUp,
    /// After a strong proof: passkey, or known device and factor (V3).
    StrongStepUp,
    /// No.
    No {
        /// Why.
        reason: Cause,
        /// When it ends by itself; `None`: not by itself.
        until: Option<Micros>,
    },
}

/// Everything an account may do, one answer an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the acts")]
pub struct Abilities {
    pub sign_in_known_device: Allowance,
    pub sign_in_new_device: Allowance,
    pub order: Allowance,
    pub stored_card: Allowance,
    pub security_change: Allowance,
    pub payout: Allowance,
}

impl Abilities {
    const fn all(one: Allowance) -> Self {
        Self {
            sign_in_known_device: one,
            sign_in_new_device: one,
            order: one,
            stored_card: one,
            security_change: one,
            payout: one,
        }
    }

    /// The answer for one act.
    pub const fn of(&self, ability: Ability) -> Allowance {
        match ability {
            Ability::SignInKnownDevice => self.sign_in_known_device,
            Ability::SignInNewDevice => self.sign_in_new_device,
            Ability::Order => self.order,
            Ability::StoredCard => self.stored_card,
            Ability::SecurityChange => self.security_change,
            Ability::Payout => self.payout,
        }
    }
}

impl Account {
    /// What the account may do. Two-step and risk may ask for more, never for less.
    pub fn abilities(&self) -> Abilities {
        let watched = Abilities {
            sign_in_new_device: Allowance::StepUp,
            stored_card: Allowance::StepUp,
            security_change: Allowance::StepUp,
            payout: Allowance::StepUp,
            ..Abilities::all(Allowance::Yes)
        };
        match self.state {
            State::Normal => Abilities::all(Allowance::Yes),
            State::Watch => watched,
            // Two-step is compulsory, known device or not.
            State::Probation => Abilities { sign_in_known_device: Allowance::StepUp, ..watched },
            State::Restricted => {
                let held = self.held_until(self.restricted_until());
                Abilities {
                    sign_in_new_device: Allowance::StrongStepUp,
                    stored_card: held,
                    security_change: held,
                    payout: held,
                    ..Abilities::all(Allowance::Yes)
                }
            }
            State::Recovering { until } => Abilities {
                sign_in_known_device: Allowance::StrongStepUp,
                sign_in_new_device: Allowance::StrongStepUp,
                ..Abilities::all(self.held_until(Some(until)))
            },
            State::Locked | State::Contested | State::Closed => {
                Abilities::all(self.held_until(None))
            }
        }
    }

    const fn held_until(&self, until: Option<Micros>) -> Allowance {
        Allowance::No { reason: self.cause, until }
    }

    fn restricted_until(&self) -> Option<Micros> {
        let quiet_from = self.troubled_at.max(self.since);
        (self.cause == Cause::SignInAttempts).then(|| quiet_from.plus(RESTRICTED_QUIET))
    }
}
