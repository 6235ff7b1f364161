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
    /// The same for events whose memory was read sixteen at a time before: what judging them costs
    /// in a batch. The reading itself is apart.
    pub(crate) ahead_ns_median: u64,
    pub(crate) ahead_ns_mean: f64,
    pub(crate) look_ahead_ns_mean: f64,
}

/// Judges the second half of `events` on the state that the first half left.
pub(crate) fn assess_cost(events: &[Vec<u8>], policy: &Policy) -> Assess {
    let observations = observations(events);
    let (first, second) = observations.split_at(observations.len() / 2);
    let one_by_one = Run::of(first, second, 0, policy);
    let ahead = Run::of(first, second, LOOK_AHEAD, policy);
    let count = second.len().max(1) as f64;
    Assess {
        accounts: one_by_one.accounts,
        events_warm: first.len(),
        events_measured: second.len(),
        ns_median: one_by_one.quantile(50),
        ns_p99: one_by_one.quantile(99),
        ns_mean: one_by_one.mean(),
        per_second_per_core: 1e9 / one_by_one.mean().max(1.0),
        allocations_per_event: one_by_one.allocations as f64 / count,
        bytes_allocated_per_event: one_by_one.bytes as f64 / count,
        remember_ns_mean: one_by_one.remembering as f64 / count,
        ahead_ns_median: ahead.quantile(50),
        ahead_ns_mean: ahead.mean(),
        look_ahead_ns_mean: ahead.looking as f64 / count,
    }
}

/// Events whose memory is read together, as in a replay.
const LOOK_AHEAD: usize = 16;

/// One pass over the events.
#[derive(Default)]
struct Run {
    accounts: usize,
    /// Of each `assess`, in the end sorted.
    nanos: Vec<u64>,
    remembering: u128,
    looking: u128,
    allocations: usize,
    bytes: usize,
}

impl Run {
    fn of(warm: &[Observation], asked: &[Observation], ahead: usize, policy: &Policy) -> Self {
        let (mut memory, mut position) = (Memory::default(), 0);
        for observation in warm {
            position += 1;
            let assessment = assess(observation, &memory.known(observation), policy);
            memory.remember(position, observation, &assessment);
        }
        let mut run = Self { nanos: Vec::with_capacity(asked.len()), ..Self::default() };
        for observations in asked.chunks(ahead.max(1)) {
            if ahead > 0 {
                let begun = Instant::now();
                std::hint::black_box(memory.look_ahead(observations.iter()));
                run.looking += begun.elapsed().as_nanos();
            }
            for observation in observations {
                position += 1;
                run.judge(position, observation, &mut memory, policy);
            }
        }
        run.accounts = memory.accounts_held();
        run.nanos.sort_unstable();
        run
    }

    fn judge(
        &mut self,
        position: u64,
        observation: &Observation,
        memory: &mut Memory,
        policy: &Policy,
    ) {
        let region = Region::new(GLOBAL);
        let begun = Instant::now();
        let assessment = assess(observation, &memory.known(observation), policy);
        self.nanos.push(u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX));
        let change = region.change();
        self.allocations += change.allocations;
        self.bytes += change.bytes_allocated;
        let begun = Instant::now();
        memory.remember(position, observation, &assessment);
        self.remembering += begun.elapsed().as_nanos();
    }

    fn mean(&self) -> f64 {
        self.nanos.iter().sum::<u64>() as f64 / self.nanos.len().max(1) as f64
    }

    fn quantile(&self, percent: usize) -> u64 {
        self.nanos.get(self.nanos.len() * percent / 100).copied().unwrap_or(0)
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
