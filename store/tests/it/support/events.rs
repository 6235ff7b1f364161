//! Events that look like a shop's.

use std::sync::Arc;

use domain::decision::{Assessment, Mode, Verdict};
use domain::event::{ChangeField, EventType, Status};
use domain::keyed::{AccountKey, EventKey};
use domain::memory::{Memory, Outcome, Position};
use domain::observation::{Agent, Change, Contact, Country, Observation, Origin};
use domain::time::{Micros, SECOND};
use store::{Batch, Checkpoint, DecisionId, Head, NewRecord, Payload, Store};

/// 2026-06-03T12:00:00Z.
pub(crate) const NOON: Micros = Micros(1_780_488_000_000_000);

pub(crate) const fn account(number: u64) -> AccountKey {
    AccountKey(0x5eed << 96 | number as u128)
}

pub(crate) const fn decision(position: Position) -> DecisionId {
    DecisionId::of(position, Micros(NOON.0 + position.cast_signed() * SECOND))
}

/// A sign-in of account `number`, known by its position.
pub(crate) fn sign_in(position: Position, number: u64) -> Observation {
    let at = Micros(NOON.0 + position.cast_signed() * SECOND);
    Observation {
        event: EventKey(0xe7e7 << 96 | u128::from(position)),
        account: Some(account(number)),
        kind: EventType::Login,
        status: Status::Succeeded,
        occurred_at: Micros(at.0 - 300_000),
        received_at: at,
        registered_at: Some(Micros(NOON.0 - 86_400 * SECOND)),
        seller: false,
        session: Some(position.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        origin: Origin {
            ip: Some(number.wrapping_mul(0xd134_2543_de82_ef95)),
            network: Some(number.wrapping_mul(0xaf25_1af3_b0f0_25b5)),
            asn: Some(4713),
            country: Some(Country(*b"JP")),
            ..Origin::default()
        },
        agent: Agent { text: Some(number), browser: Some(7), ..Agent::default() },
        device: Some(number.wrapping_mul(0x2545_f491_4f6c_dd1d)),
        credential: None,
        change: None,
        contact: Contact::default(),
        order: None,
        payment: None,
        lists: [].into_iter().collect(),
        labels: [].into_iter().collect(),
    }
}

/// The same account changes its mail address.
pub(crate) fn mail_change(position: Position, number: u64) -> Observation {
    Observation {
        kind: EventType::EmailChanged,
        change: Some(Change { field: ChangeField::Email, old: Some(1), new: Some(2) }),
        ..sign_in(position, number)
    }
}

pub(crate) fn judged(position: Position) -> Assessment {
    Assessment {
        verdict: if position.is_multiple_of(7) { Verdict::Challenge } else { Verdict::Allow },
        score: 0.125,
        ..Assessment::default()
    }
}

/// The record of `observation` at `position`, with a body that names a person.
pub(crate) fn record(position: Position, observation: Observation) -> NewRecord {
    let name = observation.account.map(|account| format!("u-{:x}", account.0 & 0xffff_ffff));
    NewRecord {
        position,
        received_at: observation.received_at,
        body: format!(
            r#"{{"event_id":"evt-{position}","account":{{"id":"{}","email":"hanako@example.jp"}}}}"#,
            name.as_deref().unwrap_or_default()
        )
        .into_bytes(),
        account_name: name,
        outbox: Vec::new(),
        payload: Payload::Event {
            decision: DecisionId::of(position, observation.received_at),
            asked: true,
            mode: Mode::Enforce,
            content: position.wrapping_mul(31),
            observation: Arc::new(observation),
            assessment: Arc::new(judged(position)),
            policy: 1,
        },
    }
}

/// Says at `position` what became of the decision on `about`.
pub(crate) fn outcome(position: Position, about: &Observation, of: Position) -> NewRecord {
    NewRecord {
        position,
        received_at: Micros(NOON.0 + position.cast_signed() * SECOND),
        body: Vec::new(),
        account_name: None,
        outbox: Vec::new(),
        payload: Payload::Outcome {
            decision: decision(of),
            outcome: Outcome::ConfirmedOwner,
            source: "desk".into(),
            observation: Arc::new(about.clone()),
        },
    }
}

/// A batch of these records alone.
pub(crate) fn batch(records: Vec<NewRecord>) -> Batch {
    Batch { records, ..Batch::default() }
}

/// Writes sign-ins of accounts 0 to 4 in turn, from the head to `last`, in one batch.
pub(crate) async fn write_sign_ins(store: &Store, head: &Head, last: Position) -> Head {
    let records = (head.position + 1..=last).map(|at| record(at, sign_in(at, at % 5))).collect();
    store.commit(head, batch(records)).await.unwrap()
}

/// Lets `memory` and `checkpoint` take in `record`, as the judge does.
pub(crate) fn take_in(memory: &mut Memory, checkpoint: &mut Checkpoint, record: &NewRecord) {
    match &record.payload {
        Payload::Event { observation, assessment, .. } => {
            memory.remember(record.position, observation, assessment);
        }
        Payload::Outcome { observation, outcome, .. } => {
            memory.settle(record.position, observation, *outcome);
        }
        Payload::PolicyActivated { .. } => {}
    }
    checkpoint.touched(record.position, record.payload.account());
}
