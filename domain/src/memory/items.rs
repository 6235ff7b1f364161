//! How often each word of the goods is bought by everybody.

use serde::{Deserialize, Serialize};

use super::Outcome;
use super::crowd::{Crowd, Touch};
use super::purchases::{placed, words_of};
use crate::decision::Assessment;
use crate::observation::Observation;

/// Words of one shard: all 65,536 divided by the shards.
const WORDS: usize = 1 << 10;

/// The part of the table that falls into one shard: orders by word. Its size is fixed, so nothing
/// is ever swept from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Items {
    orders: Vec<u32>,
}

impl Items {
    fn add(&mut self, word: u16) {
        if self.orders.is_empty() {
            self.orders.resize(WORDS, 0);
        }
        if let Some(orders) = self.orders.get_mut(place_of(word)) {
            *orders = orders.saturating_add(1);
        }
    }

    /// What it costs.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.orders)
    }

    fn orders_with(&self, word: u16) -> u32 {
        self.orders.get(place_of(word)).copied().unwrap_or(0)
    }
}

/// Place in the shard; the low six bits name the shard.
const fn place_of(word: u16) -> usize {
    (word >> 6) as usize
}

/// In how many of everybody's orders `word` stood.
pub(crate) fn orders_with(crowd: &Crowd, word: u16) -> u32 {
    crowd.shard(u64::from(word)).map_or(0, |shard| shard.items.orders_with(word))
}

/// Takes in a judged event.
pub(super) fn remember(touch: &mut Touch<'_>, observation: &Observation, _: &Assessment) {
    let Some(order) = placed(observation) else { return };
    for word in words_of(order) {
        if let Some(shard) = touch.shard(u64::from(word)) {
            shard.items.add(word);
        }
    }
}

/// Takes in what became of a decision.
pub(super) fn settle(_: &mut Touch<'_>, _: &Observation, _: Outcome) {}
