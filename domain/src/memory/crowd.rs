//! Everybody's counters, in shards that are saved one at a time.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Outcome, Position};
use crate::decision::Assessment;
use crate::observation::Observation;

/// Number of shards; part of the stored format.
pub const SHARDS: usize = 64;

/// Everybody's counters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crowd {
    /// Counters by key; a key lives in shard `key % SHARDS`.
    shards: Vec<Shard>,
    /// Sums over everybody.
    pub population: Population,
}

impl Default for Crowd {
    fn default() -> Self {
        Self { shards: vec![Shard::default(); SHARDS], population: Population::default() }
    }
}

/// Counters of the keys that fall into one shard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shard {
    /// Last log position taken in.
    pub as_of: Position,
    /// Placeholder until the counters land here.
    counts: FxHashMap<u64, u32>,
}

/// Sums over everybody: the prior by which a new account is judged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Last log position taken in.
    pub as_of: Position,
    /// Accounts seen.
    pub accounts: u64,
}

impl Crowd {
    /// Takes in a judged event; `newcomer` tells that it is its account's first.
    pub fn remember(
        &mut self,
        position: Position,
        _observation: &Observation,
        _: &Assessment,
        newcomer: bool,
    ) {
        for shard in &mut self.shards {
            shard.as_of = shard.as_of.max(position);
        }
        if position > self.population.as_of {
            self.population.as_of = position;
            self.population.accounts += u64::from(newcomer);
        }
    }

    /// Takes in what became of a decision.
    pub fn settle(&mut self, position: Position, _: &Observation, _: Outcome) {
        self.population.as_of = self.population.as_of.max(position);
    }

    /// The shards, to save them one at a time.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// Puts back a shard read from disk.
    pub fn restore_shard(&mut self, index: usize, shard: Shard) {
        if let Some(place) = self.shards.get_mut(index) {
            *place = shard;
        }
    }
}
