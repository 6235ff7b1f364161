//! How many different values were seen lately: exact while few, a sketch beyond.
//!
//! Each value (or, beyond [`FEW`], each of [`BUCKETS`] buckets) keeps the latest time it was seen.
//! Maxima commute, so the state is a function of the set of events, and one structure answers for
//! every window up to what has been swept. Beyond `FEW` the count is linear counting (Whang et al.,
//! TODS 1990) with about 10 % error at 30 values; it saturates near 270.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::seconds;
use crate::time::{Micros, SECOND};

/// Values kept exactly.
const FEW: usize = 8;
/// Buckets of the sketch: 256 bytes.
const BUCKETS: usize = 64;

/// Distinct values by the time they were last seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Breadth {
    /// Values and the second each was last seen, sorted by value.
    Few(SmallVec<[(u32, u32); 2]>),
    /// By bucket, the second after any of its values was last seen; 0 for never.
    Wide(Box<[u32]>),
}

impl Default for Breadth {
    fn default() -> Self {
        Self::Few(SmallVec::new())
    }
}

impl Breadth {
    /// Sees `value` (a hash, well mixed) at `at`.
    pub fn see(&mut self, value: u64, at: Micros) {
        let value = fold(value);
        let second = seconds(at);
        match self {
            Self::Few(few) => match few.binary_search_by_key(&value, |entry| entry.0) {
                Ok(found) => {
                    if let Some(entry) = few.get_mut(found) {
                        entry.1 = entry.1.max(second);
                    }
                }
                Err(place) if few.len() < FEW => few.insert(place, (value, second)),
                Err(_) => {
                    let mut buckets = vec![0; BUCKETS].into_boxed_slice();
                    for &(value, second) in few.iter().chain([&(value, second)]) {
                        mark(&mut buckets, value, second);
                    }
                    *self = Self::Wide(buckets);
                }
            },
            Self::Wide(buckets) => mark(buckets, value, second),
        }
    }

    /// Distinct values last seen within `window` microseconds up to `at`.
    pub fn count(&self, at: Micros, window: i64) -> u32 {
        let until = seconds(at);
        let from = until.saturating_sub(u32::try_from(window / SECOND).unwrap_or(u32::MAX));
        let recent = |second: u32| second >= from && second <= until;
        match self {
            Self::Few(few) => {
                few.iter().filter(|entry| recent(entry.1)).fold(0, |count, _| count + 1)
            }
            Self::Wide(buckets) => {
                let full = buckets.iter().filter(|&&mark| mark > 0 && recent(mark - 1)).count();
                linear_count(full)
            }
        }
    }

    /// Whether `value` may have been seen within `window` up to `at`: sure while few.
    pub fn holds(&self, value: u64) -> bool {
        let value = fold(value);
        match self {
            Self::Few(few) => few.binary_search_by_key(&value, |entry| entry.0).is_ok(),
            Self::Wide(buckets) => buckets.get(bucket_of(value)).is_some_and(|&mark| mark > 0),
        }
    }

    /// Forgets what was last seen before `at`. For sweeps only: they run by log position.
    pub fn forget_before(&mut self, at: Micros) {
        let oldest = seconds(at);
        match self {
            Self::Few(few) => few.retain(|entry| entry.1 >= oldest),
            Self::Wide(buckets) => {
                for mark in buckets.iter_mut().filter(|mark| **mark <= oldest) {
                    *mark = 0;
                }
                if buckets.iter().all(|&mark| mark == 0) {
                    *self = Self::default();
                }
            }
        }
    }
}

fn mark(buckets: &mut [u32], value: u32, second: u32) {
    if let Some(mark) = buckets.get_mut(bucket_of(value)) {
        *mark = (*mark).max(second.saturating_add(1));
    }
}

const fn bucket_of(value: u32) -> usize {
    value as usize % BUCKETS
}

#[expect(clippy::cast_possible_truncation, reason = "folding is the purpose")]
const fn fold(value: u64) -> u32 {
    (value ^ (value >> 32)) as u32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 267")]
fn linear_count(full: usize) -> u32 {
    let empty = (BUCKETS - full.min(BUCKETS - 1)) as f64 / BUCKETS as f64;
    (-(BUCKETS as f64) * empty.ln()).round() as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keyed::{Field, KeyedHasher};
    use crate::time::{HOUR, MINUTE};

    fn spread(value: u64) -> u64 {
        KeyedHasher::new([7; 32]).short(Field::Account, &value.to_le_bytes())
    }

    fn seen(events: &[(u64, i64)]) -> Breadth {
        let mut breadth = Breadth::default();
        for &(value, at) in events {
            breadth.see(spread(value), Micros(at));
        }
        breadth
    }

    fn events() -> impl Strategy<Value = Vec<(u64, i64)>> {
        prop::collection::vec((0_u64..30, 0..2 * HOUR), 0..60)
    }

    proptest! {
        #[test]
        fn any_order_of_arrival_gives_the_same_breadth(
            (events, shuffled) in events().prop_flat_map(|events| {
                (Just(events.clone()), Just(events).prop_shuffle())
            }),
        ) {
            prop_assert_eq!(seen(&events), seen(&shuffled));
        }
    }

    #[test]
    fn few_values_are_counted_exactly_within_the_window() {
        let breadth = seen(&[(1, 0), (2, MINUTE), (2, 30 * MINUTE), (3, 31 * MINUTE)]);
        assert_eq!(breadth.count(Micros(31 * MINUTE), HOUR), 3);
        assert_eq!(breadth.count(Micros(31 * MINUTE), 2 * MINUTE), 2);
        assert_eq!(breadth.count(Micros(30 * MINUTE), 2 * MINUTE), 1, "not what came later");
    }

    #[test]
    fn many_values_are_counted_within_a_quarter() {
        for many in [9_u64, 20, 31, 60, 100] {
            let events: Vec<_> = (0..many).map(|value| (value, HOUR)).collect();
            let count = f64::from(seen(&events).count(Micros(HOUR), MINUTE));
            assert!((count / many as f64 - 1.0).abs() < 0.25, "{many} counted as {count}");
        }
    }

    #[test]
    fn a_sketch_forgets_too() {
        let events: Vec<_> = (0..40).map(|value| (value, 0)).collect();
        let mut breadth = seen(&events);
        assert_eq!(breadth.count(Micros(2 * HOUR), HOUR), 0);
        breadth.forget_before(Micros(HOUR));
        assert_eq!(breadth, Breadth::default());
    }
}
