//! Addresses, cards and countries an account has used, and since when.

use serde::{Deserialize, Serialize};

use super::super::tight::Tight;
use crate::time::{MINUTE, Micros};

/// Values remembered of an account: those of the smallest hashes beyond this.
const USED_MAX: usize = 48;

/// What kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A ship-to address.
    Address,
    /// A card or other means of payment.
    Card,
    /// An address together with the card that paid for it (R56).
    AddressWithCard,
    /// A country shipped to.
    Country,
}

/// Values used, sorted by hash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Used {
    values: Tight<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(Rust, packed)] // 9 bytes, and several an order.
struct Value {
    hash: u32,
    /// Minutes since 1970 of its first sighting.
    first: u32,
    /// The score of its first sighting, in 255ths.
    score: u8,
}

/// What is remembered of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sighting {
    /// Seen since then; `score` in 255ths is what its first sighting got.
    Since { first: Micros, score: u8 },
    /// Never seen before.
    Never,
    /// More values than are remembered: nobody can tell.
    Unknown,
}

impl Used {
    /// Takes in a sighting.
    pub(crate) fn add(&mut self, kind: Kind, value: u64, at: Micros, score: u8) {
        let hash = hash_of(kind, value);
        let first = minutes_of(at);
        match self.values.binary_search_by_key(&hash, |value| value.hash) {
            Ok(place) => {
                if let Some(value) = self.values.get_mut(place)
                    && (first, score) < (value.first, value.score)
                {
                    value.first = first;
                    value.score = score;
                }
            }
            Err(place) => {
                self.values.insert_within(place, Value { hash, first, score }, USED_MAX);
            }
        }
    }

    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        self.values.bytes()
    }

    /// What is remembered of a value.
    pub(crate) fn sighting(&self, kind: Kind, value: u64) -> Sighting {
        match self.values.binary_search_by_key(&hash_of(kind, value), |value| value.hash) {
            Ok(place) => self.values.get(place).map_or(Sighting::Never, |value| Sighting::Since {
                first: Micros(i64::from(value.first) * MINUTE),
                score: value.score,
            }),
            Err(place) if place < USED_MAX => Sighting::Never,
            Err(_) => Sighting::Unknown,
        }
    }
}

/// Address and card as one value.
pub(crate) const fn pair(address: u64, card: u64) -> u64 {
    address ^ card.rotate_left(32)
}

const fn hash_of(kind: Kind, value: u64) -> u32 {
    let mixed = (value ^ kind as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

fn minutes_of(at: Micros) -> u32 {
    u32::try_from((at.0 / MINUTE).max(0)).unwrap_or(u32::MAX)
}
