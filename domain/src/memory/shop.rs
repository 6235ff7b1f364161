//! What everybody buys: the prior by which an account with few orders is judged.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::level::Level;
use super::purchases::{SLOTS, lines_steps, pieces_steps, placed, slot_of, total_steps, words_of};
use crate::observation::Observation;

/// Currencies whose levels are kept.
const CURRENCIES_MAX: usize = 16;

/// Sums over all orders.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Shop {
    pub(crate) orders: u64,
    pub(crate) lines: Level,
    pub(crate) pieces: Level,
    totals: SmallVec<[([u8; 3], Level); 1]>,
    pub(crate) slots: [u64; SLOTS],
    /// Sum of distinct words over orders.
    pub(crate) mentions: u64,
}

impl Shop {
    /// Takes in an event; an order told twice counts twice here, which moves no mean.
    pub(super) fn remember(&mut self, observation: &Observation) {
        let Some(order) = placed(observation) else { return };
        self.orders += 1;
        self.lines.add(lines_steps(order));
        self.pieces.add(pieces_steps(order));
        if let Some(slot) = self.slots.get_mut(slot_of(observation.occurred_at)) {
            *slot += 1;
        }
        self.mentions += words_of(order).len() as u64;
        let total = total_steps(order.amount);
        match self.totals.binary_search_by_key(&order.currency, |(code, _)| *code) {
            Ok(place) => {
                if let Some((_, level)) = self.totals.get_mut(place) {
                    level.add(total);
                }
            }
            Err(place) => {
                let mut level = Level::default();
                level.add(total);
                self.totals.insert(place, (order.currency, level));
                self.totals.truncate(CURRENCIES_MAX);
            }
        }
    }

    /// Amounts in `currency`.
    pub(crate) fn totals(&self, currency: [u8; 3]) -> Level {
        self.totals
            .iter()
            .find(|(code, _)| *code == currency)
            .map_or_else(Level::default, |(_, level)| *level)
    }
}
