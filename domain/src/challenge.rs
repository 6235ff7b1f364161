//! A step-up challenge: one proof asked for one act (§4.3, R42).
//!
//! The code itself, or its hash, never comes here: the room `factors` says whether an answer was
//! right, and this says whether it may still count. Expiry follows from the clock that is handed
//! in; no job has to run for it.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::keyed::AccountKey;
use crate::time::{MINUTE, Micros, SECOND};

/// How long an answer is taken, from the last sending.
pub const LIFE: i64 = 10 * MINUTE;
/// Wrong answers that end a challenge.
pub const TRIES_MAX: u8 = 5;
/// Codes that are sent for one challenge.
pub const SENDS_MAX: u8 = 5;
/// The wait before the second sending; it doubles with each.
pub const RESEND: i64 = 30 * SECOND;
/// How long a proof can be spent.
pub const GRANT: i64 = 5 * MINUTE;

/// What a challenge stands for. A proof counts for exactly this and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Binding {
    /// Whose proof.
    pub account: AccountKey,
    /// The session or sign-in attempt that asked, as its keyed hash.
    pub session: u128,
    /// Digest of the act: what is done, to what, with which amount.
    pub action: [u8; 32],
}

/// How the proof is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the factor")]
pub enum Method {
    Passkey,
    Totp,
    Sms,
    Voice,
    Mail,
    RecoveryCode,
}

impl Method {
    /// Whether something has to be sent before there is anything to answer.
    pub const fn is_sent(self) -> bool {
        matches!(self, Self::Sms | Self::Voice | Self::Mail)
    }
}

/// Where a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was sent yet; methods that send nothing are answered from here.
    Created,
    /// A code is on its way; wrong answers are counted in [`Challenge::failed`].
    Sent,
    /// The answer was right.
    Verified {
        /// When.
        at: Micros,
        /// Whether the act was done on it.
        is_spent: bool,
    },
    /// Too many wrong answers.
    Exhausted,
    /// Nobody answered in time.
    Expired,
    /// The owner or the store gave it up.
    Cancelled,
    /// A younger challenge for the same act took its place.
    Replaced,
}

/// One challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// What it stands for.
    pub binding: Binding,
    /// How the proof is given.
    pub method: Method,
    /// As it was last written; [`Challenge::state_at`] knows whether it has expired since.
    pub state: State,
    /// Wrong answers so far. A new sending does not reset them.
    pub failed: u8,
    /// Codes sent so far.
    pub sends: u8,
    /// When the last code was sent, or the challenge made.
    pub issued_at: Micros,
}

/// What is asked of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Send a code, the first or a fresh one. The caller keeps the fresh code's hash only.
    Send,
    /// Somebody answered.
    Answer {
        /// For what.
        binding: Binding,
        /// Whether `factors` found it right.
        is_right: bool,
    },
    /// The act is about to be done on this proof, in the same transaction.
    Spend {
        /// Which act.
        binding: Binding,
    },
    /// Give it up.
    Cancel,
    /// A younger one takes its place.
    Replace,
}

/// What follows from a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing to do; also the answer to a repetition.
    Done,
    /// Send a fresh code now.
    SendCode,
    /// The proof stands until then.
    Granted {
        /// When it lapses.
        until: Micros,
    },
    /// Wrong; so many tries are left.
    Wrong {
        /// At least 1.
        tries_left: u8,
    },
    /// Wrong, and it was the last try: give the account [`crate::account::Command::Signal`].
    Exhausted,
}

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// Another account, session or act. Say the same as for a wrong code.
    #[error("bound to another act")]
    NotThisAct,
    /// It is over.
    #[error("the challenge is over")]
    Over {
        /// How it ended.
        state: State,
    },
    /// Nothing was sent that could be answered.
    #[error("nothing was sent yet")]
    NothingSent,
    /// Nothing is ever sent for this method.
    #[error("nothing is sent for this method")]
    NotSendable,
    /// The next code may be sent then.
    #[error("too soon")]
    TooSoon {
        /// When.
        at: Micros,
    },
    /// No further code for this challenge.
    #[error("too many codes were sent")]
    TooManySends,
    /// There is no proof to spend.
    #[error("not verified")]
    NotVerified,
    /// The proof was used already.
    #[error("the proof is spent")]
    Spent,
}

type Step = Result<(Challenge, Outcome), Refused>;

impl Challenge {
    /// A challenge for `binding`. The live one for the same binding, if any, gets
    /// [`Command::Replace`] in the same transaction: see [`Challenge::is_replaced_by`].
    pub const fn open(binding: Binding, method: Method, now: Micros) -> Self {
        Self { binding, method, state: State::Created, failed: 0, sends: 0, issued_at: now }
    }

    /// Whether opening a challenge for `binding` ends this one: one live challenge an act.
    pub fn is_replaced_by(&self, binding: &Binding, now: Micros) -> bool {
        self.binding == *binding && matches!(self.state_at(now), State::Created | State::Sent)
    }

    /// The state as the clock has it.
    pub fn state_at(&self, now: Micros) -> State {
        match self.state {
            State::Created | State::Sent if now.since(self.issued_at) >= LIFE => State::Expired,
            state => state,
        }
    }

    /// When the next code may be sent.
    pub fn resend_at(&self) -> Micros {
        match self.sends.checked_sub(1) {
            Some(doublings) => self.issued_at.plus(RESEND << doublings.min(SENDS_MAX)),
            None => self.issued_at,
        }
    }

    /// The challenge after `command` at `now`, and what follows.
    ///
    /// # Errors
    /// [`Refused`]; the challenge is as it was.
    pub fn next(&self, command: Command, now: Micros) -> Step {
        match command {
            Command::Send => self.send(now),
            Command::Answer { binding, is_right } => self.answer(&binding, is_right, now),
            Command::Spend { binding } => self.spend(&binding, now),
            Command::Cancel => self.end(State::Cancelled, now),
            Command::Replace => self.end(State::Replaced, now),
        }
    }

    fn live(&self, now: Micros) -> Result<(), Refused> {
        match self.state_at(now) {
            State::Created | State::Sent => Ok(()),
            state => Err(Refused::Over { state }),
        }
    }

    fn send(&self, now: Micros) -> Step {
        if !self.method.is_sent() {
            return Err(Refused::NotSendable);
        }
        self.live(now)?;
        if self.sends >= SENDS_MAX {
            return Err(Refused::TooManySends);
        }
        let at = self.resend_at();
        if now < at {
            return Err(Refused::TooSoon { at });
        }
        let sends = self.sends + 1;
        let next = Self { state: State::Sent, sends, issued_at: now, ..self.clone() };
        Ok((next, Outcome::SendCode))
    }

    fn answer(&self, binding: &Binding, is_right: bool, now: Micros) -> Step {
        if self.binding != *binding {
            return Err(Refused::NotThisAct);
        }
        self.live(now)?;
        if self.method.is_sent() && self.state == State::Created {
            return Err(Refused::NothingSent);
        }
        if is_right {
            let state = State::Verified { at: now, is_spent: false };
            let granted = Outcome::Granted { until: now.plus(GRANT) };
            return Ok((Self { state, ..self.clone() }, granted));
        }
        let failed = self.failed.saturating_add(1);
        Ok(match TRIES_MAX.saturating_sub(failed) {
            0 => (Self { state: State::Exhausted, failed, ..self.clone() }, Outcome::Exhausted),
            tries_left => (Self { failed, ..self.clone() }, Outcome::Wrong { tries_left }),
        })
    }

    fn spend(&self, binding: &Binding, now: Micros) -> Step {
        if self.binding != *binding {
            return Err(Refused::NotThisAct);
        }
        match self.state {
            State::Verified { is_spent: true, .. } => Err(Refused::Spent),
            State::Verified { at, .. } if now.since(at) >= GRANT => {
                Err(Refused::Over { state: State::Expired })
            }
            State::Verified { at, .. } => {
                let state = State::Verified { at, is_spent: true };
                Ok((Self { state, ..self.clone() }, Outcome::Done))
            }
            _ => Err(Refused::NotVerified),
        }
    }

    fn end(&self, state: State, now: Micros) -> Step {
        if self.state == state {
            return Ok((self.clone(), Outcome::Done));
        }
        self.live(now)?;
        Ok((Self { state, ..self.clone() }, Outcome::Done))
    }
}
