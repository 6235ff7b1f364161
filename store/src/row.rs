//! A row of the table `log`, and what it means.

use std::sync::Arc;

use domain::decision::Mode;
use domain::event::EventType;
use domain::keyed::{AccountKey, EventKey};
use domain::memory::Position;
use domain::time::Micros;
use sqlx::any::AnyRow;

use crate::StoreError;
use crate::chain::Mark;
use crate::pack::{self, RowKeys};
use crate::record::{DecisionId, NewRecord, Payload, Stored};
use crate::sql::{Columns, Value};

/// Columns to be written, in the order of [`Row::values`].
pub(crate) const WRITTEN: &str =
    "position, kind, flags, policy, received_at, event, account, content, packed, body, chain";

/// Columns to be read. A row names its account by the account's number, which is short.
pub(crate) const COLUMNS: &str = "position, kind, flags, policy, received_at, event, content, packed, body, chain, \
     (SELECT accounts.account FROM accounts WHERE accounts.created = log.account) AS account_key";

const EVENT: i64 = 0;
/// An event that changes the account (R7): found by its own index.
const CHANGE: i64 = 1;
const OUTCOME: i64 = 2;
const POLICY: i64 = 3;

const ASKED: i64 = 1;
const SHADOW: i64 = 2;

/// One row, packed and sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) position: Position,
    pub(crate) kind: i64,
    pub(crate) flags: i64,
    pub(crate) policy: i64,
    pub(crate) received_at: i64,
    pub(crate) event: Option<u128>,
    pub(crate) account: Option<u128>,
    /// What stands for the account in the row; not read back.
    pub(crate) account_number: Option<Position>,
    pub(crate) content: i64,
    pub(crate) packed: Vec<u8>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) mark: Mark,
}

impl Row {
    /// The row of `record`, its body sealed already, its mark still to be set.
    pub(crate) fn new(
        record: &NewRecord,
        account_number: Option<Position>,
        body: Option<Vec<u8>>,
    ) -> Self {
        let row = Self {
            position: record.position,
            kind: EVENT,
            flags: 0,
            policy: 0,
            received_at: record.received_at.0,
            event: None,
            account: record.payload.account().map(|account| account.0),
            account_number,
            content: 0,
            packed: Vec::new(),
            body,
            mark: Mark::default(),
        };
        match &record.payload {
            Payload::Event { asked, mode, content, observation, assessment, policy, .. } => Self {
                kind: if observation.change.is_some() || changes(observation.kind) {
                    CHANGE
                } else {
                    EVENT
                },
                flags: if *asked { ASKED } else { 0 }
                    | if *mode == Mode::Shadow { SHADOW } else { 0 },
                policy: *policy,
                event: Some(observation.event.0),
                content: content.cast_signed(),
                packed: pack::pack_event(
                    observation.as_ref().clone(),
                    assessment,
                    record.received_at,
                ),
                ..row
            },
            Payload::Outcome { decision, outcome, source, observation } => Self {
                kind: OUTCOME,
                packed: pack::pack_outcome(decision.0, *outcome, source, observation),
                ..row
            },
            Payload::PolicyActivated { policy } => {
                Self { kind: POLICY, policy: *policy, packed: pack::pack_nothing(), ..row }
            }
        }
    }

    /// Reads a row that has all of [`COLUMNS`].
    pub(crate) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let columns = Columns { table: "log", row };
        Ok(Self {
            position: columns.unsigned("position")?,
            kind: columns.int("kind")?,
            flags: columns.int("flags")?,
            policy: columns.int("policy")?,
            received_at: columns.int("received_at")?,
            event: columns.wide_or_null("event")?,
            account: columns.wide_or_null("account_key")?,
            account_number: None,
            content: columns.int("content")?,
            packed: columns.bytes("packed")?,
            body: columns.bytes_or_null("body")?,
            mark: columns.bytes("chain")?.try_into().map_err(|_| columns.corrupt())?,
        })
    }

    /// Values in the order of [`WRITTEN`].
    pub(crate) fn values(self) -> Vec<Value> {
        let wide = |value: Option<u128>| Value::from(value.map(|wide| wide.to_be_bytes().to_vec()));
        vec![
            self.position.cast_signed().into(),
            self.kind.into(),
            self.flags.into(),
            self.policy.into(),
            self.received_at.into(),
            wide(self.event),
            self.account_number.map(u64::cast_signed).into(),
            self.content.into(),
            self.packed.into(),
            self.body.into(),
            self.mark.to_vec().into(),
        ]
    }

    /// What the row says.
    pub(crate) fn stored(&self) -> Result<Stored, StoreError> {
        let payload = self.payload().ok_or_else(|| self.corrupt())?;
        Ok(Stored { position: self.position, received_at: Micros(self.received_at), payload })
    }

    fn payload(&self) -> Option<Payload> {
        match self.kind {
            EVENT | CHANGE => {
                let keys = RowKeys {
                    event: EventKey(self.event?),
                    account: self.account.map(AccountKey),
                    received_at: Micros(self.received_at),
                };
                let (observation, assessment) = pack::unpack_event(&self.packed, keys)?;
                Some(Payload::Event {
                    decision: DecisionId::of(self.position, Micros(self.received_at)),
                    asked: self.flags & ASKED != 0,
                    mode: if self.flags & SHADOW == 0 { Mode::Enforce } else { Mode::Shadow },
                    content: self.content.cast_unsigned(),
                    observation: Arc::new(observation),
                    assessment: Arc::new(assessment),
                    policy: self.policy,
                })
            }
            OUTCOME => {
                let (decision, outcome, source, observation) = pack::unpack_outcome(&self.packed)?;
                Some(Payload::Outcome {
                    decision: DecisionId(decision),
                    outcome,
                    source,
                    observation: Arc::new(observation),
                })
            }
            POLICY => Some(Payload::PolicyActivated { policy: self.policy }),
            _ => None,
        }
    }

    /// This row contradicts what must hold.
    pub(crate) fn corrupt(&self) -> StoreError {
        StoreError::Corrupt { table: "log", id: self.position.to_string() }
    }
}

/// Events that change what belongs to the account, for its change history (R7).
const fn changes(kind: EventType) -> bool {
    use EventType as E;
    match kind {
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
        | E::PayoutAccountChanged => true,
        E::Login
        | E::Registration
        | E::ResetRequested
        | E::OrderPlaced
        | E::OrderChanged
        | E::OrderCancelled
        | E::PaymentAuthorised
        | E::PaymentCaptured
        | E::PaymentRefunded
        | E::PaymentDisputed
        | E::ShipmentCreated
        | E::ShipmentHandedOver
        | E::ShipmentInTransit
        | E::ShipmentDelivered
        | E::ShipmentReturned
        | E::ShipmentLost
        | E::PayoutRequested
        | E::SessionEnded
        | E::Custom => false,
    }
}
