//! How an account stands with us: states, who may move it, and what it may do meanwhile (§4.1).
//!
//! Nothing that a stranger can send ever reaches [`State::Locked`] (C8): only commands that carry a
//! [`Level`] or a case do. Commands are idempotent: where the account already stands, nothing
//! happens again.

mod ability;
mod attempts;
mod level;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::time::{DAY, HOUR, Micros};

pub use ability::{Abilities, Ability, Allowance};
pub use attempts::{Attempt, restrict};
pub use level::Level;

/// A watched account with nothing new for this long is normal again.
pub const WATCH: i64 = 72 * HOUR;
/// An account that was restricted for sign-in attempts alone is freed after this long in quiet.
pub const RESTRICTED_QUIET: i64 = 7 * DAY;
/// How long a recovered account stays under watch with two-step compulsory.
pub const PROBATION: i64 = 14 * DAY;

/// The state of §4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is held back.
    #[default]
    Normal,
    /// Risky acts ask for a second proof.
    Watch,
    /// Known devices sign in; what an intruder would want waits for a strong proof.
    Restricted,
    /// Nobody signs in; sessions are dead, orders held.
    Locked,
    /// Two claimants proved themselves.
    Contested,
    /// The owner is coming back; nothing is final before `until`.
    Recovering {
        /// When the cool-down is over.
        until: Micros,
    },
    /// Recovered: watched, with two-step compulsory.
    Probation,
    /// Closed by its owner or by policy.
    Closed,
}

/// Why the account stands as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after what happened")]
pub enum Cause {
    #[default]
    None,
    SignInAttempts,
    Risk,
    OwnerAsked,
    AgentActed,
    CaseConfirmed,
    Claims,
    Recovery,
}

/// An account's state with what its timers need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Account {
    /// Where it stands.
    pub state: State,
    /// Why.
    pub cause: Cause,
    /// Since when.
    pub since: Micros,
    /// When the last sign of trouble came.
    pub troubled_at: Micros,
    /// Two-step stays compulsory until then, whatever happens in between.
    pub probation_until: Option<Micros>,
}

/// How bad a signal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "a scale")]
pub enum Risk {
    Medium,
    High,
}

/// What is asked of the account, and by whom. The caller has proved who that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// The risk engine saw something, whoever did it.
    Signal {
        /// How bad.
        risk: Risk,
        /// Whether it came from a session that had passed every factor the account has: the only
        /// kind of signal that can lock, and only on probation.
        is_authenticated: bool,
    },
    /// R43: attempts from a place and a device unseen before (see [`restrict`]).
    Attempts,
    /// A timer of ours.
    Tick,
    /// The owner proved to be there with a strong step-up (R44).
    StepUp {
        /// What was proved.
        level: Level,
    },
    /// An agent lifts a restriction (R44). The reason itself is in the audit record.
    Lift {
        /// What the owner proved to the agent.
        level: Level,
        /// Whether a reason was given.
        has_reason: bool,
        /// Keep watching it.
        keep_watch: bool,
    },
    /// Lock it.
    Lock {
        /// On whose word.
        by: Locker,
    },
    /// The owner begins to come back.
    Recover {
        /// What was proved, to us or to an agent.
        level: Level,
        /// Length of the cool-down in µs; at least 0.
        cool_down: i64,
    },
    /// Somebody else proves to be the owner, or an old contact objects to a recovery.
    Contest {
        /// What was proved.
        level: Level,
    },
    /// Two agents decided between claimants.
    Decide {
        /// What the winner proved.
        level: Level,
        /// Cool-down of the winner in µs; `None` when nobody won.
        winner_cool_down: Option<i64>,
    },
    /// The recovery is done.
    Restore {
        /// What was proved.
        level: Level,
    },
    /// The owner or a policy closes it.
    Close {
        /// What the owner proved; a policy gives [`Level::V4`].
        level: Level,
    },
}

/// On whose word an account is locked. There is no variant for a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locker {
    /// The owner, who proved it.
    Owner {
        /// What was proved.
        level: Level,
    },
    /// An agent who works on a case.
    AgentWithCase,
    /// A case that was confirmed.
    ConfirmedCase,
}

/// What must be done when the new state is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after what is done")]
pub enum Action {
    NotifyOwner,
    EndSessions,
    HoldOrders,
    ReleaseOrders,
    ResetFactors,
    RequireTwoStep,
    OpenReview,
}

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// Less was proved than is needed.
    #[error("needs level {needed:?}")]
    LevelTooLow {
        /// The least that does.
        needed: Level,
    },
    /// An agent acts with a reason or not at all.
    #[error("needs a reason")]
    NoReason,
    /// Not from this state.
    #[error("not from this state")]
    NotFromHere,
    /// Not before then.
    #[error("the cool-down is not over")]
    TooEarly {
        /// When it may be asked again.
        until: Micros,
    },
}

const LOCKED: [Action; 3] = [Action::EndSessions, Action::HoldOrders, Action::NotifyOwner];

type Step = Result<(Account, Vec<Action>), Refused>;

impl Account {
    /// The account after `command` at `now`, and what to do once that is committed.
    ///
    /// # Errors
    /// [`Refused`]: who asked may not, or not now. The account is as it was.
    pub fn next(self, command: Command, now: Micros) -> Step {
        if self.state == State::Closed {
            return match command {
                Command::Tick | Command::Close { .. } => Ok((self, vec![])),
                _ => Err(Refused::NotFromHere),
            };
        }
        match command {
            Command::Signal { risk, is_authenticated } => {
                Ok(self.signal(risk, is_authenticated, now))
            }
            Command::Attempts => Ok(self.attempts(now)),
            Command::Tick => Ok(self.tick(now)),
            Command::StepUp { level } => self.lift(level, Level::V3, false, now),
            Command::Lift { has_reason: false, .. } => Err(Refused::NoReason),
            Command::Lift { level, keep_watch, .. } => self.lift(level, Level::V2, keep_watch, now),
            Command::Lock { by } => self.lock(by, now),
            Command::Recover { level, cool_down } => self.recover(level, cool_down, now),
            Command::Contest { level } => self.contest(level, now),
            Command::Decide { level, winner_cool_down } => {
                self.decide(level, winner_cool_down, now)
            }
            Command::Restore { level } => self.restore(level, now),
            Command::Close { level } => self.close(level, now),
        }
    }

    fn to(self, state: State, cause: Cause, now: Micros) -> Self {
        Self { state, cause, since: now, ..self }
    }

    fn signal(self, risk: Risk, is_authenticated: bool, now: Micros) -> (Self, Vec<Action>) {
        let troubled = Self { troubled_at: now.max(self.troubled_at), ..self };
        match (self.state, risk) {
            (State::Normal, _) => (troubled.to(State::Watch, Cause::Risk, now), vec![]),
            (State::Probation, Risk::High) if is_authenticated => {
                (troubled.to(State::Locked, Cause::Risk, now), LOCKED.to_vec())
            }
            (State::Watch | State::Probation, Risk::High) => {
                (troubled.to(State::Restricted, Cause::Risk, now), vec![Action::NotifyOwner])
            }
            // What was restricted for attempts alone would free itself in quiet; this is more.
            (State::Restricted, Risk::High) if is_authenticated => {
                (Self { cause: Cause::Risk, ..troubled }, vec![])
            }
            _ => (troubled, vec![]),
        }
    }

    fn attempts(self, now: Micros) -> (Self, Vec<Action>) {
        let troubled = Self { troubled_at: now.max(self.troubled_at), ..self };
        match self.state {
            State::Normal | State::Watch | State::Probation => (
                troubled.to(State::Restricted, Cause::SignInAttempts, now),
                vec![Action::NotifyOwner],
            ),
            _ => (troubled, vec![]),
        }
    }

    fn tick(self, now: Micros) -> (Self, Vec<Action>) {
        let quiet = now.since(self.troubled_at.max(self.since));
        let attempts_only = self.cause == Cause::SignInAttempts;
        match self.state {
            State::Watch if quiet >= WATCH => (self.freed(false, now), vec![]),
            State::Restricted if attempts_only && quiet >= RESTRICTED_QUIET => {
                (self.freed(true, now), vec![Action::NotifyOwner])
            }
            State::Probation if self.probation_until.is_none_or(|until| now >= until) => {
                (self.freed(false, now), vec![])
            }
            _ => (self, vec![]),
        }
    }

    /// Back to where an account without present trouble stands: probation is never cut short.
    fn freed(self, keep_watch: bool, now: Micros) -> Self {
        if self.probation_until.is_some_and(|until| now < until) {
            return self.to(State::Probation, Cause::Recovery, now);
        }
        let state = if keep_watch { State::Watch } else { State::Normal };
        Self { probation_until: None, ..self.to(state, Cause::None, now) }
    }

    fn lift(self, level: Level, needed: Level, keep_watch: bool, now: Micros) -> Step {
        level.reaches(needed)?;
        match self.state {
            State::Watch if keep_watch => Ok((self, vec![])),
            State::Restricted | State::Watch => {
                Ok((self.freed(keep_watch, now), vec![Action::NotifyOwner]))
            }
            State::Normal | State::Probation => Ok((self, vec![])),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn lock(self, by: Locker, now: Micros) -> Step {
        let cause = match by {
            Locker::Owner { level } => {
                level.reaches(Level::V2)?;
                Cause::OwnerAsked
            }
            Locker::AgentWithCase => Cause::AgentActed,
            Locker::ConfirmedCase => Cause::CaseConfirmed,
        };
        match self.state {
            State::Locked | State::Contested => Ok((self, vec![])),
            _ => Ok((self.to(State::Locked, cause, now), LOCKED.to_vec())),
        }
    }

    fn recover(self, level: Level, cool_down: i64, now: Micros) -> Step {
        level.reaches(Level::V2)?;
        match self.state {
            State::Locked => {
                let until = now.plus(cool_down.max(0));
                let next = self.to(State::Recovering { until }, Cause::Recovery, now);
                Ok((next, vec![Action::ResetFactors, Action::NotifyOwner]))
            }
            State::Recovering { .. } => Ok((self, vec![])),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn contest(self, level: Level, now: Micros) -> Step {
        level.reaches(Level::V2)?;
        match self.state {
            State::Locked | State::Recovering { .. } => {
                let next = self.to(State::Contested, Cause::Claims, now);
                Ok((next, vec![Action::EndSessions, Action::OpenReview, Action::NotifyOwner]))
            }
            State::Contested => Ok((self, vec![])),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn decide(self, level: Level, winner_cool_down: Option<i64>, now: Micros) -> Step {
        level.reaches(Level::V4)?;
        match (self.state, winner_cool_down) {
            (State::Contested, Some(cool_down)) => {
                let until = now.plus(cool_down.max(0));
                let next = self.to(State::Recovering { until }, Cause::Recovery, now);
                Ok((next, vec![Action::ResetFactors, Action::NotifyOwner]))
            }
            (State::Contested, None) => {
                Ok((self.to(State::Locked, Cause::Claims, now), vec![Action::NotifyOwner]))
            }
            (State::Recovering { .. }, Some(_)) | (State::Locked, None) => Ok((self, vec![])),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn restore(self, level: Level, now: Micros) -> Step {
        level.reaches(Level::V3)?;
        match self.state {
            State::Recovering { until } if now < until => Err(Refused::TooEarly { until }),
            State::Recovering { .. } => {
                let probation_until = Some(now.plus(PROBATION));
                let next = self.to(State::Probation, Cause::Recovery, now);
                let done = vec![Action::RequireTwoStep, Action::ReleaseOrders, Action::NotifyOwner];
                Ok((Self { probation_until, ..next }, done))
            }
            State::Probation => Ok((self, vec![])),
            _ => Err(Refused::NotFromHere),
        }
    }

    /// Only a quiet account is closed: an intruder must not end the story.
    fn close(self, level: Level, now: Micros) -> Step {
        level.reaches(Level::V3)?;
        match self.state {
            State::Normal => {
                let next = self.to(State::Closed, Cause::OwnerAsked, now);
                Ok((next, vec![Action::EndSessions, Action::NotifyOwner]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }
}
