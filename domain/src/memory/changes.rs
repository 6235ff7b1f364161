//! What was changed about an account lately, by field. Append-only (R7): nothing here is ever
//! overwritten, only forgotten when newer changes need the room.

use serde::{Deserialize, Serialize};

use super::purchases::byte_of;
use super::sign_ins::cut;
use super::{Outcome, Tight};
use crate::decision::Assessment;
use crate::event::{EventType, Status};
use crate::observation::Observation;
use crate::time::Micros;

/// Changes kept: the newest.
const CHANGES_MAX: usize = 24;

/// What was changed about an account lately, by field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Sorted by time.
    entries: Tight<Changed>,
}

/// One change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(Rust, packed)] // 27 bytes for 32.
pub(crate) struct Changed {
    pub(crate) at: Micros,
    /// Keyed hash of the event, cut: breaks ties of time.
    event: u64,
    pub(crate) kind: EventType,
    /// Keyed hashes of the value before and after, cut: among the few of one account they do not
    /// collide. 0 for unknown.
    pub(crate) old: u32,
    pub(crate) new: u32,
    /// The score the change got, in 255ths: how unlike the owner its place and device were.
    score: u8,
    /// The owner has proved or confirmed it.
    pub(crate) proved: bool,
}

impl Changed {
    /// The score the change got, 0–1.
    pub(crate) fn score(&self) -> f64 {
        f64::from(self.score) / 255.0
    }
}

impl Changes {
    /// Takes in a judged event; makes room only where the event needs it.
    pub(super) fn remember(
        changes: &mut Option<Box<Self>>,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        if !is_change(observation.kind) || observation.status != Status::Succeeded {
            return;
        }
        let change = observation.change.as_ref();
        let entry = Changed {
            at: observation.occurred_at,
            event: observation.event.cut(),
            kind: observation.kind,
            old: change.and_then(|change| change.old).map_or(0, cut),
            new: change.and_then(|change| change.new).map_or(0, cut),
            score: byte_of(assessment.score),
            proved: false,
        };
        let entries = &mut changes.get_or_insert_default().entries;
        let place = entries.partition_point(|kept| (kept.at, kept.event) < (entry.at, entry.event));
        entries.insert(place, entry);
        let surplus = entries.len().saturating_sub(CHANGES_MAX);
        entries.take_first(surplus);
    }

    /// Takes in what became of a decision.
    pub(super) fn settle(
        changes: &mut Option<Box<Self>>,
        observation: &Observation,
        outcome: Outcome,
    ) {
        let proved = match outcome {
            Outcome::ChallengePassed | Outcome::ConfirmedOwner => true,
            Outcome::ConfirmedTakeover => false,
            Outcome::ChallengeFailed | Outcome::Completed | Outcome::Abandoned => return,
        };
        for changed in changes.iter_mut().flat_map(|changes| changes.entries.iter_mut()) {
            if changed.event == observation.event.cut() {
                changed.proved = proved;
            }
        }
    }

    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        self.entries.bytes()
    }

    /// Changes up to `at` and within `span` before it, latest first.
    pub(crate) fn within(&self, at: Micros, span: i64) -> impl Iterator<Item = &Changed> {
        let past = self.entries.partition_point(|changed| { changed.at } <= at);
        let past = self.entries.get(..past).unwrap_or_default();
        past.iter().rev().take_while(move |changed| at.since(changed.at) <= span)
    }
}

/// Whether an event of this kind changes who can enter, who is told, or where things go.
pub(crate) const fn is_change(kind: EventType) -> bool {
    use EventType as E;
    matches!(
        kind,
        E::PasswordChanged
            | E::PasskeyAdded
            | E::PasskeyRemoved
            | E::TotpAdded
            | E::TotpRemoved
            | E::TwoStepEnabled
            | E::TwoStepDisabled
            | E::EmailChanged
            | E::PhoneChanged
            | E::NameChanged
            | E::AddressAdded
            | E::AddressChanged
            | E::AddressRemoved
            | E::PaymentMethodAdded
            | E::PaymentMethodRemoved
            | E::PayoutAccountChanged
    )
}
