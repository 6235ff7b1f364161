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
const VERSION: u8 = 3;

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
    Population(Box<Population>),
}

pub(crate) fn unpack_crowd(number: usize, bytes: &[u8]) -> Option<CrowdPart> {
    match number {
        SHARDS => unpack(bytes).map(|population| CrowdPart::Population(Box::new(population))),
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use domain::decision::Verdict;
    use domain::event::{EventType, Status};
    use domain::observation::{Agent, Contact, Country, Origin};
    use proptest::prelude::*;

    fn observations() -> impl Strategy<Value = Observation> {
        let times = (any::<i64>(), any::<i64>(), any::<Option<i64>>());
        let hashes = (any::<u128>(), any::<Option<u128>>(), any::<Option<u64>>());
        (times, hashes, any::<[u8; 2]>(), "\\PC{0,8}").prop_map(|(times, hashes, country, list)| {
            Observation {
                event: EventKey(hashes.0),
                account: hashes.1.map(AccountKey),
                kind: EventType::Login,
                status: Status::Failed,
                occurred_at: Micros(times.0),
                received_at: Micros(times.1),
                registered_at: times.2.map(Micros),
                seller: true,
                session: hashes.2,
                origin: Origin { country: Some(Country(country)), ..Origin::default() },
                agent: Agent::default(),
                device: hashes.2,
                credential: None,
                change: None,
                contact: Contact::default(),
                order: None,
                payment: None,
                lists: [list.into_boxed_str()].into_iter().collect(),
                labels: [].into_iter().collect(),
            }
        })
    }

    fn assessment(score: f64) -> Assessment {
        Assessment { verdict: Verdict::Review, score, ..Assessment::default() }
    }

    fn keys_of(observation: &Observation, received_at: Micros) -> RowKeys {
        RowKeys { event: observation.event, account: observation.account, received_at }
    }

    proptest! {
        #[test]
        fn an_event_comes_back_as_it_was_at_any_time_of_receipt(
            observation in observations(), score in 0.0..1.0_f64, received_at: i64
        ) {
            let received_at = Micros(received_at);
            let packed = pack_event(observation.clone(), &assessment(score), received_at);
            let found = unpack_event(&packed, keys_of(&observation, received_at));
            prop_assert_eq!(found, Some((observation, assessment(score))));
        }

        #[test]
        fn an_outcome_comes_back_as_it_was(observation in observations(), decision: u128) {
            let packed = pack_outcome(decision, Outcome::ChallengeFailed, "desk", &observation);
            let said = (decision, Outcome::ChallengeFailed, "desk".into(), observation);
            prop_assert_eq!(unpack_outcome(&packed), Some(said));
        }

        #[test]
        fn what_is_not_ours_is_refused_and_never_panics(bytes: Vec<u8>, number in 0..99_usize) {
            let _ = unpack_profile(&bytes);
            let _ = unpack_outcome(&bytes);
            let _ = unpack_crowd(number, &bytes);
        }

        #[test]
        fn another_version_or_one_byte_more_or_less_is_refused(first_position: u64) {
            let mut profile = Profile::default();
            profile.first_position = first_position;
            let packed = pack_profile(&profile);
            prop_assert_eq!(unpack_profile(&packed), Some(profile));
            let mut newer = packed.clone();
            *newer.first_mut().unwrap() = VERSION + 1;
            prop_assert_eq!(unpack_profile(&newer), None);
            let mut longer = packed.clone();
            longer.push(0);
            prop_assert_eq!(unpack_profile(&longer), None);
            let shorter = packed.split_last().unwrap().1;
            prop_assert_eq!(unpack_profile(shorter), None);
        }
    }

    #[test]
    fn there_is_no_part_of_the_crowd_beyond_the_population() {
        let packed = pack_population(&Population::default());
        assert!(unpack_crowd(SHARDS, &packed).is_some());
        assert!(unpack_crowd(SHARDS + 1, &packed).is_none());
    }
}
