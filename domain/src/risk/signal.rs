//! A signal is one item: code, documentation, the features it reads, and how it reads them.

use crate::decision::Facts;
use crate::known::Known;
use crate::observation::Observation;

/// Signals that say the same thing in different words share a group, and a group is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "named as in design §4")]
pub enum Group {
    Familiarity,
    Velocity,
    Infrastructure,
    Travel,
    Change,
    Purchase,
    Links,
    Exposure,
}

/// What one signal found.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Log-likelihood ratio in nats: positive speaks for an intruder, negative for the owner.
    pub nats: f64,
    /// Readable facts, without personal data.
    pub facts: Facts,
}

/// One signal.
pub struct Signal {
    /// Stable number: what is stored. Never reused.
    pub number: u16,
    /// Stable code: what is shown, `group.finding`; also its text key (`signal-group-finding`).
    pub code: &'static str,
    /// Its group.
    pub group: Group,
    /// What it means, in one English sentence, for `docs/generated/signals.md`.
    pub doc: &'static str,
    /// The feature fields it reads.
    pub reads: &'static [&'static str],
    /// Reads the features; `None` where there is nothing to say.
    pub read: fn(&Features) -> Option<Evidence>,
}

/// Every signal there is.
pub static SIGNALS: &[&[Signal]] = &[];

/// The signal stored as `number`.
pub fn signal_by_number(number: u16) -> Option<&'static Signal> {
    SIGNALS.iter().copied().flatten().find(|signal| signal.number == number)
}

/// What the signals read, computed once for an event.
#[derive(Debug, Clone, Default)]
pub struct Features {}

impl Features {
    /// Computes the features of `observation` from what is known.
    pub fn read(_: &Observation, _: &Known<'_>) -> Self {
        Self {}
    }
}
