//! The shapes that go into the log and come back.

use std::sync::Arc;

use domain::decision::{Assessment, Mode};
use domain::keyed::{AccountKey, EventKey};
use domain::memory::{Outcome, Position, Profile};
use domain::observation::Observation;
use domain::time::Micros;

/// Id of a decision: the bits of a version 7 UUID, shown as `dec_…`.
///
/// It says when its record was received and where in the log it stands (RFC 9562 §5.7 and §6.2,
/// methods 1 and 3), so it needs neither a column nor an index; see [`DecisionId::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId(pub u128);

impl DecisionId {
    /// Bits of the position within the id.
    const POSITION_BITS: u32 = 62;

    /// The decision in the record at `position`: 48 bits of milliseconds, the version, 12 bits of
    /// the millisecond's fraction, the variant, 62 bits of the position.
    pub const fn of(position: Position, received_at: Micros) -> Self {
        let micros = if received_at.0 < 0 { 0 } else { received_at.0.cast_unsigned() };
        let millis = (micros / 1_000) as u128 & 0xffff_ffff_ffff;
        let fraction = (micros % 1_000 * 4_096 / 1_000) as u128;
        let place = position as u128 & ((1 << Self::POSITION_BITS) - 1);
        Self(millis << 80 | 7 << 76 | fraction << 64 | 0b10 << Self::POSITION_BITS | place)
    }

    /// Where its record must stand, if there is such a decision.
    pub(crate) const fn position(self) -> Position {
        (self.0 & ((1 << Self::POSITION_BITS) - 1)) as Position
    }
}

/// Where the log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Last position written.
    pub position: Position,
    /// Hash chain up to and with it.
    pub chain: [u8; 32],
}

/// What a batch wants to know before it is judged.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Events that may have been heard before.
    pub events: Vec<EventKey>,
    /// Accounts whose profile is not in memory.
    pub profiles: Vec<AccountKey>,
    /// Decisions that an outcome speaks of.
    pub decisions: Vec<DecisionId>,
}

/// What was found. What is not here does not exist.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Records of events heard before.
    pub events: Vec<Stored>,
    /// Profiles on disk.
    pub profiles: Vec<(AccountKey, Profile)>,
    /// Records of the decisions asked for, each with the latest outcome told of it.
    pub decisions: Vec<(Stored, Option<Said>)>,
}

/// What became of a decision, and who said so.
pub type Said = (Outcome, Box<str>);

/// One record of the log, read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Place in the log.
    pub position: Position,
    /// When it was received.
    pub received_at: Micros,
    /// What it says.
    pub payload: Payload,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// An event and its judgement.
    Event {
        /// Id of the decision: [`DecisionId::of`] its record.
        decision: DecisionId,
        /// The caller asked for a decision (`POST /v1/decisions`), rather than telling a fact.
        asked: bool,
        /// Whether the verdict binds.
        mode: Mode,
        /// Hash of the event's content, to tell a repetition from a contradiction.
        content: u64,
        /// What was judged.
        observation: Arc<Observation>,
        /// The judgement.
        assessment: Arc<Assessment>,
        /// Number of the policy version that judged.
        policy: i64,
    },
    /// What became of a decision.
    Outcome {
        /// The decision it speaks of.
        decision: DecisionId,
        /// What became of it.
        outcome: Outcome,
        /// Who says so: `customer`, `desk`, `chargeback`, `rule`.
        source: Box<str>,
        /// What was judged then.
        observation: Arc<Observation>,
    },
    /// From here on another policy version judges.
    PolicyActivated {
        /// Number of the version.
        policy: i64,
    },
}

impl Payload {
    /// The account the record belongs to.
    pub fn account(&self) -> Option<AccountKey> {
        match self {
            Self::Event { observation, .. } | Self::Outcome { observation, .. } => {
                observation.account
            }
            Self::PolicyActivated { .. } => None,
        }
    }
}

/// A record to be written.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// Place in the log: the head's position + 1, + 2 …
    pub position: Position,
    /// What it says.
    pub payload: Payload,
    /// When it was received.
    pub received_at: Micros,
    /// The event's own JSON, to be compressed and sealed under the account's key; empty for others.
    pub body: Vec<u8>,
    /// The account's id as the store gave it, sealed once, when the account is new.
    pub account_name: Option<String>,
    /// Webhook messages that leave with this record.
    pub outbox: Vec<OutboxRow>,
}

/// A message to a subscriber, written in the record's own transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// The endpoint it goes to.
    pub endpoint: i64,
    /// Message id, `msg_…`: the receiver's key against repetition.
    pub message: String,
    /// Event type of the webhook, `decision.created` …
    pub kind: &'static str,
    /// JSON body, sealed at rest.
    pub body: Vec<u8>,
}

/// Everything that one transaction writes.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records in order.
    pub records: Vec<NewRecord>,
    /// Profiles to save: their key and packed form.
    pub profiles: Vec<(AccountKey, Vec<u8>)>,
    /// Shards of the crowd to save, by number; `domain::memory::SHARDS` is the population.
    pub shards: Vec<(usize, Vec<u8>)>,
    /// Every part of memory holds the log up to here, or is saved with a later `as_of`.
    pub low_water: Option<Position>,
}

/// Where a page of a list begins: strictly before this position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub Position);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_a_uuid_of_version_7_that_says_when_and_where() {
        let id = DecisionId::of(70_000, Micros(1_780_488_000_123_456));
        assert_eq!(id.0 >> 80, 1_780_488_000_123);
        assert_eq!(id.0 >> 76 & 0xf, 7);
        assert_eq!(id.0 >> 60 & 0xf, 8, "the variant of RFC 9562");
        assert_eq!(id.position(), 70_000);
    }

    #[test]
    fn decisions_sort_as_they_were_received() {
        let at = |position, micros| DecisionId::of(position, Micros(micros));
        assert!(at(1, 1_000) < at(2, 1_000) && at(9, 1_000) < at(1, 1_001));
        assert!(at(1, i64::MIN) < at(1, 1_000));
    }
}
