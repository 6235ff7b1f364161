//! How soon a case wants an agent.

use serde::{Deserialize, Serialize};

use crate::time::{DAY, HOUR, MINUTE};

/// How soon it wants an agent; the lowest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Priority {
    /// Taken over, and something can still be stopped (R13).
    P1,
    /// Taken over, or money is gone.
    P2,
    /// Everything else.
    #[default]
    P3,
}

impl Priority {
    /// R13, R52: what can still be stopped comes first.
    pub const fn of(taken_over: bool, can_be_stopped: bool, money_is_gone: bool) -> Self {
        match (taken_over || money_is_gone, can_be_stopped) {
            (true, true) => Self::P1,
            (true, false) => Self::P2,
            (false, _) => Self::P3,
        }
    }

    /// When triage is due.
    pub const fn triage_within(self) -> i64 {
        match self {
            Self::P1 => 5 * MINUTE,
            Self::P2 => HOUR,
            Self::P3 => 4 * HOUR,
        }
    }

    /// When a decision is due.
    pub const fn decided_within(self) -> i64 {
        match self {
            Self::P1 => DAY,
            Self::P2 | Self::P3 => 7 * DAY,
        }
    }
}
