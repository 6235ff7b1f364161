//! What somebody claims, against what was true before it began: match, no match, not available
//! (R25–R27). The stored value is never shown.

use serde::{Deserialize, Serialize};

use crate::reset::SETTLED;
use crate::time::Micros;

/// A value that was true for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// From when; `None`: as far back as is known.
    pub from: Option<Micros>,
    /// Until when; `None`: still.
    pub until: Option<Micros>,
}

/// How a claim compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Compared {
    /// It was true before the start.
    Match {
        /// It is no longer: since when. That dates the change (C9).
        until: Option<Micros>,
    },
    /// It was not.
    NoMatch,
    /// Nothing is kept to compare it with.
    NotAvailable,
}

/// Compares a claim with a history. What came within 30 days before `start`, or after, is no
/// evidence (T3), and neither is what had ended long before.
pub fn compare<T>(history: &[Dated<T>], is_same: impl Fn(&T) -> bool, start: Micros) -> Compared {
    let counts = |one: &&Dated<T>| one.from.is_none_or(|from| from.plus(SETTLED) <= start);
    let known: Vec<&Dated<T>> = history.iter().filter(counts).collect();
    if known.is_empty() {
        return Compared::NotAvailable;
    }
    let held = known.iter().find(|one| is_same(&one.value));
    held.map_or(Compared::NoMatch, |one| Compared::Match { until: one.until })
}
