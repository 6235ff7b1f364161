//! What happens to a call-back, what follows, and why something does not.

use serde::{Deserialize, Serialize};

use super::Unfit;
use crate::time::Micros;

/// What happens to a call-back. `dial` is the number of the ring it speaks of, from 1: a word about
/// an earlier one changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Time has passed.
    Tick,
    /// This agent waits for it: ring.
    Dial(String),
    /// Busy, no answer, no consent, or the desk's own line was not reached.
    NoAnswer {
        /// Which ring.
        dial: u8,
    },
    /// Who answered wants it.
    Consent {
        /// Which ring.
        dial: u8,
    },
    /// Who answered wants no such call.
    Decline {
        /// Which ring.
        dial: u8,
    },
    /// The agent is on the line.
    Connect {
        /// Which ring.
        dial: u8,
    },
    /// The agent has talked: it is settled.
    Resolve,
    /// The agent has talked, and promises to call again by then (R28).
    FollowUp {
        /// Until when.
        due: Micros,
    },
    /// Whoever asked for it calls it off.
    Cancel,
}

/// What to do when it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Let it ring.
    Ring,
    /// Remind of the slot.
    Remind,
    /// Write that nobody answered, and that a new time can be chosen.
    TellUnanswered,
    /// Own up that nobody of the desk was there.
    TellNobodyThere,
    /// Promise the next call.
    BookFollowUp(Micros),
    /// Whoever runs the desk has to know: a promise is broken, or about to be.
    Alert(Alert),
}

/// What whoever runs the desk has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// A follow-up is not made in time (R28).
    FollowUpOverdue,
    /// Somebody waited, and no agent was there.
    NobodyThere,
    /// A talk was never wrapped up.
    NotWrappedUp,
}

/// Why it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The number is none that we call (T9).
    #[error("not a number that is called: {0}")]
    Number(Unfit),
    /// T9.
    #[error("this number has had its call-backs for today")]
    TooMany,
    /// One is open.
    #[error("a call-back is open already")]
    OpenAlready,
    /// R21: no promise without an agent.
    #[error("no agent is free now: choose a slot")]
    NobodyFree,
    /// Not one of those offered.
    #[error("this slot is not to be had")]
    NoSuchSlot,
    /// In the past, or far away.
    #[error("a follow-up is due within 30 days from now")]
    BadDue,
    /// This cannot follow.
    #[error("the call-back is not in a state in which this can follow")]
    NotNow,
}
