//! Nanoseconds and allocations of `assess` on warm state, and bytes of memory an account.

use std::time::Instant;

use domain::event::{EventType, Place, Status, observe, parse};
use domain::keyed::{AccountKey, KeyedHasher};
use domain::memory::{Memory, ProfileBytes};
use domain::observation::Observation;
use domain::policy::Policy;
use domain::risk::assess;
use domain::time::Micros;
use serde::Serialize;
use stats_alloc::Region;

use crate::GLOBAL;

/// What `assess` costs.
#[derive(Debug, Serialize)]
pub(crate) struct Assess {
    pub(crate) accounts: usize,
    pub(crate) events_warm: usize,
    pub(crate) events_measured: usize,
    pub(crate) ns_median: u64,
    pub(crate) ns_p99: u64,
    pub(crate) ns_mean: f64,
    pub(crate) per_second_per_core: f64,
    pub(crate) allocations_per_event: f64,
    pub(crate) bytes_allocated_per_event: f64,
    /// `remember`, for comparison: what applying the event to memory costs.
    pub(crate) remember_ns_mean: f64,
}

/// What memory costs.
#[derive(Debug, Serialize)]
pub(crate) struct Footprint {
    pub(crate) accounts: usize,
    pub(crate) events: usize,
    pub(crate) sign_ins_per_account: f64,
    pub(crate) bytes_per_account: f64,
    /// Of them by part, the table of accounts apart.
    pub(crate) bytes_by_part: serde_json::Value,
    pub(crate) bytes_of_crowd_per_account: f64,
    /// Of them by table.
    pub(crate) bytes_of_crowd_by_table: serde_json::Value,
    pub(crate) events_per_second: f64,
}

/// Judges the second half of `events` on the state that the first half left.
pub(crate) fn assess_cost(events: &[Vec<u8>], policy: &Policy) -> Assess {
    let observations = observations(events);
    let (first, second) = observations.split_at(observations.len() / 2);
    let mut memory = Memory::default();
    let mut position = 0;
    for observation in first {
        position += 1;
        let assessment = assess(observation, &memory.known(observation), policy);
        memory.remember(position, observation, &assessment);
    }
    let mut nanos = Vec::with_capacity(second.len());
    let (mut remembering, mut allocations, mut bytes) = (0_u128, 0_usize, 0_usize);
    for observation in second {
        let region = Region::new(GLOBAL);
        let begun = Instant::now();
        let assessment = assess(observation, &memory.known(observation), policy);
        nanos.push(u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX));
        let change = region.change();
        allocations += change.allocations;
        bytes += change.bytes_allocated;
        position += 1;
        let begun = Instant::now();
        memory.remember(position, observation, &assessment);
        remembering += begun.elapsed().as_nanos();
    }
    let count = nanos.len().max(1) as f64;
    let mean = nanos.iter().sum::<u64>() as f64 / count;
    nanos.sort_unstable();
    let quantile = |part: usize| nanos.get(nanos.len() * part / 100).copied().unwrap_or(0);
    Assess {
        accounts: memory.accounts_held(),
        events_warm: first.len(),
        events_measured: second.len(),
        ns_median: quantile(50),
        ns_p99: quantile(99),
        ns_mean: mean,
        per_second_per_core: 1e9 / mean.max(1.0),
        allocations_per_event: allocations as f64 / count,
        bytes_allocated_per_event: bytes as f64 / count,
        remember_ns_mean: remembering as f64 / count,
    }
}

/// Judges and remembers a stream of events; what is left allocated is what memory costs.
pub(crate) fn footprint(events: impl Iterator<Item = Vec<u8>>, policy: &Policy) -> Footprint {
    let hasher = KeyedHasher::new([7; 32]);
    let region = Region::new(GLOBAL);
    let mut memory = Memory::default();
    let (mut position, mut sign_ins, begun) = (0_u64, 0_u64, Instant::now());
    for event in events {
        let Some(observation) = observation_of(&event, &hasher) else { continue };
        let assessment = assess(&observation, &memory.known(&observation), policy);
        position += 1;
        let signed_in = observation.kind == EventType::Login;
        sign_ins += u64::from(signed_in && observation.status == Status::Succeeded);
        memory.remember(position, &observation, &assessment);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let held = |region: &Region<'_, _>| {
        let change = region.change();
        change.bytes_allocated as f64 - change.bytes_deallocated as f64
    };
    let accounts = memory.accounts_held();
    let whole = held(&region);
    let mut keys = memory.account_keys();
    keys.sort_unstable();
    let bytes_by_part = by_part(&memory, &keys);
    let region = Region::new(GLOBAL);
    for key in &keys {
        drop(memory.evict_account(*key));
    }
    let profiles = -held(&region);
    // The table of accounts itself: key, pointer and control byte at the load factor it grew to.
    let table = memory.accounts_capacity() as f64 * 25.0;
    Footprint {
        accounts,
        events: usize::try_from(position).unwrap_or(usize::MAX),
        sign_ins_per_account: sign_ins as f64 / accounts.max(1) as f64,
        bytes_per_account: (profiles + table) / accounts.max(1) as f64,
        bytes_by_part,
        bytes_of_crowd_by_table: a_head(&memory.crowd().bytes(), accounts),
        bytes_of_crowd_per_account: (whole - profiles - table) / accounts.max(1) as f64,
        events_per_second: position as f64 / seconds,
    }
}

/// Bytes of a profile, the mean of all, by part.
fn by_part(memory: &Memory, keys: &[AccountKey]) -> serde_json::Value {
    let mut sum = ProfileBytes::default();
    for profile in keys.iter().filter_map(|key| memory.account(*key)) {
        sum += profile.bytes();
    }
    a_head(&sum, keys.len())
}

/// Every number of `sums` divided by `accounts`, to one decimal.
fn a_head(sums: &impl Serialize, accounts: usize) -> serde_json::Value {
    let mut parts = serde_json::to_value(sums).unwrap_or_default();
    for bytes in parts.as_object_mut().into_iter().flat_map(|parts| parts.values_mut()) {
        let mean = bytes.as_f64().unwrap_or(0.0) / accounts.max(1) as f64;
        *bytes = ((mean * 10.0).round() / 10.0).into();
    }
    parts
}

fn observations(events: &[Vec<u8>]) -> Vec<Observation> {
    let hasher = KeyedHasher::new([7; 32]);
    events.iter().filter_map(|event| observation_of(event, &hasher)).collect()
}

fn observation_of(event: &[u8], hasher: &KeyedHasher) -> Option<Observation> {
    let far = Micros(i64::MAX / 4);
    let event = parse(event, far).ok()?;
    Some(observe(&event, event.occurred_at, Place::default(), hasher))
}
