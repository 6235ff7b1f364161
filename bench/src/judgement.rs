//! Nanoseconds and allocations of `assess` on warm state.

use std::time::Instant;

use domain::event::{Place, observe, parse};
use domain::keyed::KeyedHasher;
use domain::memory::Memory;
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

fn observations(events: &[Vec<u8>]) -> Vec<Observation> {
    let hasher = KeyedHasher::new([7; 32]);
    events.iter().filter_map(|event| observation_of(event, &hasher)).collect()
}

pub(crate) fn observation_of(event: &[u8], hasher: &KeyedHasher) -> Option<Observation> {
    let far = Micros(i64::MAX / 4);
    let event = parse(event, far).ok()?;
    Some(observe(&event, event.occurred_at, Place::default(), hasher))
}
