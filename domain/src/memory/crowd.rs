//! Everybody's counters, in shards that are saved one at a time.

use serde::{Deserialize, Serialize};

use super::items::{self, Items};
use super::links::{self, Links};
use super::sources::{self, Sources};
use super::values::{self, Values};
use super::{Firsts, Outcome, Population, Position};
use crate::decision::Assessment;
use crate::event::EventType;
use crate::observation::Observation;
use crate::time::Micros;

/// Number of shards; part of the stored format.
pub const SHARDS: usize = 64;

/// One shard is swept every so many positions, all in turn.
const SWEEP_EVERY: Position = 4_096;

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
///
/// A table may read and write only its own entry of a key: what another part of memory holds may
/// be older or newer while a tail of the log is replayed over snapshots.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shard {
    /// Last log position that touched it. It holds every earlier one that did.
    pub as_of: Position,
    /// Time of the latest event that touched it.
    pub newest: Micros,
    /// Tries by source.
    pub sources: Sources,
    /// Counts under the Freeman ratio.
    pub values: Values,
    /// Values that accounts share.
    pub links: Links,
    /// Goods.
    pub items: Items,
}

impl Shard {
    fn sweep(&mut self) {
        self.sources.sweep(self.newest);
        self.links.sweep(self.newest);
    }
}

/// One record on its way into the shards: hands out only those that do not hold it yet.
pub(super) struct Touch<'a> {
    position: Position,
    at: Micros,
    shards: &'a mut [Shard],
    /// Bit `i`: shard `i` was found without this record, and takes all of it.
    open: u64,
}

impl Touch<'_> {
    /// The record's place in the log.
    pub(super) const fn position(&self) -> Position {
        self.position
    }

    /// The shard of `key`, unless it already holds this record.
    pub(super) fn shard(&mut self, key: u64) -> Option<&mut Shard> {
        self.open(index_of(key))
    }

    /// The shard of `key`, to read: it may be ahead of this record.
    pub(super) fn peek(&self, key: u64) -> Option<&Shard> {
        self.shards.get(index_of(key))
    }

    fn open(&mut self, index: usize) -> Option<&mut Shard> {
        let bit = 1_u64 << index;
        let shard = self.shards.get_mut(index)?;
        if self.open & bit == 0 {
            if shard.as_of >= self.position {
                return None;
            }
            self.open |= bit;
            shard.as_of = self.position;
            shard.newest = shard.newest.max(self.at);
        }
        Some(shard)
    }

    /// Sweeps the shard whose turn it is: by position, so that a replay sweeps at the same places.
    fn sweep(&mut self) {
        if self.position.is_multiple_of(SWEEP_EVERY)
            && let Some(shard) = self.open(index_of(self.position / SWEEP_EVERY))
        {
            shard.sweep();
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below SHARDS")]
const fn index_of(key: u64) -> usize {
    (key % SHARDS as u64) as usize
}

impl Crowd {
    /// Takes in a judged event; `firsts` tells what it is the first of for its account.
    pub fn remember(
        &mut self,
        position: Position,
        observation: &Observation,
        assessment: &Assessment,
        mut firsts: Firsts,
    ) {
        let touch = &mut self.touch(position, observation);
        touch.sweep();
        sources::remember(touch, observation, assessment);
        firsts.values = values::remember(touch, observation, assessment);
        links::remember(touch, observation, assessment);
        items::remember(touch, observation, assessment);
        self.population.remember(position, observation, assessment, firsts);
    }

    /// Takes in what became of a decision.
    pub fn settle(
        &mut self,
        position: Position,
        observation: &Observation,
        outcome: Outcome,
        mut firsts: Firsts,
    ) {
        let touch = &mut self.touch(position, observation);
        touch.sweep();
        sources::settle(touch, observation, outcome);
        firsts.values = values::settle(touch, observation, outcome);
        links::settle(touch, observation, outcome);
        items::settle(touch, observation, outcome);
        self.population.settle(position, observation, outcome, firsts);
    }

    fn touch(&mut self, position: Position, observation: &Observation) -> Touch<'_> {
        Touch { position, at: observation.occurred_at, shards: &mut self.shards, open: 0 }
    }

    /// Reads the entries of an event, see [`super::Memory::look_ahead`].
    pub(super) fn look_ahead(&self, observation: &Observation) -> usize {
        let mut found =
            links::look_ahead(self, observation) + values::look_ahead(self, observation);
        if observation.kind == EventType::Login {
            found += sources::look_ahead(self, observation);
        }
        found
    }

    /// The shard that holds `key`.
    pub fn shard(&self, key: u64) -> Option<&Shard> {
        self.shards.get(index_of(key))
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
