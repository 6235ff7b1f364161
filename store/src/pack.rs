//! Packed forms at rest: a version byte, then postcard.
//!
//! What a column already says is not packed again: the keys of event and account are taken out,
//! and times are kept relative to the time of receipt.

use domain::decision::Assessment;
use domain::keyed::{AccountKey, EventKey};
use domain::memory::{Outcome, Population, Profile, SHARDS, Shard};
use domain::observation::Observation;
use domain::time::Micros;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of every packed form; a reader refuses what it does not know.
const VERSION: u8 = 1;

/// Packs `value`. The types of `domain` always pack; an empty answer would not unpack.
fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_extend(value, vec![VERSION]).unwrap_or_default()
}

/// Unpacks what [`pack`] wrote; `None` for another version or broken bytes.
fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => postcard::take_from_bytes(rest)
            .ok()
            .and_then(|(value, rest)| rest.is_empty().then_some(value)),
        _ => None,
    }
}

/// Packs a profile for `Batch::profiles`.
pub(crate) fn pack_profile(profile: &Profile) -> Vec<u8> {
    pack(profile)
}

pub(crate) fn unpack_profile(bytes: &[u8]) -> Option<Profile> {
    unpack(bytes)
}

/// Packs a shard for `Batch::shards`.
pub(crate) fn pack_shard(shard: &Shard) -> Vec<u8> {
    pack(shard)
}

/// Packs the population, which is kept as shard number [`SHARDS`].
pub(crate) fn pack_population(population: &Population) -> Vec<u8> {
    pack(population)
}

/// One saved part of the crowd.
pub(crate) enum CrowdPart {
    Shard(usize, Shard),
    Population(Population),
}

pub(crate) fn unpack_crowd(number: usize, bytes: &[u8]) -> Option<CrowdPart> {
    match number {
        SHARDS => unpack(bytes).map(CrowdPart::Population),
        _ if number < SHARDS => unpack(bytes).map(|shard| CrowdPart::Shard(number, shard)),
        _ => None,
    }
}

/// Columns that a packed observation leaves to its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowKeys {
    pub(crate) event: EventKey,
    pub(crate) account: Option<AccountKey>,
    pub(crate) received_at: Micros,
}

/// Packs an observation and its judgement; `observation` is consumed to be stripped.
pub(crate) fn pack_event(
    mut observation: Observation,
    assessment: &Assessment,
    received_at: Micros,
) -> Vec<u8> {
    observation.event = EventKey(0);
    observation.account = None;
    observation.occurred_at.0 = observation.occurred_at.0.wrapping_sub(received_at.0);
    observation.received_at.0 = observation.received_at.0.wrapping_sub(received_at.0);
    pack(&(observation, assessment))
}

pub(crate) fn unpack_event(bytes: &[u8], row: RowKeys) -> Option<(Observation, Assessment)> {
    let (mut observation, assessment): (Observation, Assessment) = unpack(bytes)?;
    observation.event = row.event;
    observation.account = row.account;
    observation.occurred_at.0 = observation.occurred_at.0.wrapping_add(row.received_at.0);
    observation.received_at.0 = observation.received_at.0.wrapping_add(row.received_at.0);
    Some((observation, assessment))
}

/// What an outcome record packs: decision, outcome, source, what was judged then.
pub(crate) type PackedOutcome = (u128, Outcome, Box<str>, Observation);

pub(crate) fn pack_outcome(
    decision: u128,
    outcome: Outcome,
    source: &str,
    observation: &Observation,
) -> Vec<u8> {
    pack(&(decision, outcome, source, observation))
}

pub(crate) fn unpack_outcome(bytes: &[u8]) -> Option<PackedOutcome> {
    unpack(bytes)
}

/// A record without a payload of its own.
pub(crate) fn pack_nothing() -> Vec<u8> {
    pack(&())
}
