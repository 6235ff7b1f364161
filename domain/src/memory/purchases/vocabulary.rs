//! In how many of an account's orders each word stood.

use serde::{Deserialize, Serialize};

use super::super::tight::Tight;

/// Words remembered of an account: a uniform sample (those of the smallest hashes) beyond this.
pub(crate) const WORDS_MAX: usize = 192;

/// In how many orders each word stood. Most words stand in one, so those are kept without a count.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Vocabulary {
    /// Words that stood in one order, sorted.
    once: Tight<u16>,
    /// Words that stood in more, sorted by word.
    often: Tight<Often>,
}

/// A word that stood in two orders or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Often {
    word: u16,
    orders: u16,
}

impl Vocabulary {
    /// Counts an order in which `word` stood.
    pub(super) fn add(&mut self, word: u16) {
        let smaller = match self.often.binary_search_by_key(&word, |often| often.word) {
            Ok(place) => {
                if let Some(often) = self.often.get_mut(place) {
                    often.orders = often.orders.saturating_add(1);
                }
                return;
            }
            Err(place) => place,
        };
        match self.once.binary_search(&word) {
            Ok(place) => {
                self.once.remove(place);
                self.often.insert(smaller, Often { word, orders: 2 });
            }
            Err(place) if place + smaller < WORDS_MAX => {
                if self.once.len() + self.often.len() >= WORDS_MAX {
                    self.forget_greatest();
                }
                self.once.insert(place, word);
            }
            Err(_) => {}
        }
    }

    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        self.once.bytes() + self.often.bytes()
    }

    fn forget_greatest(&mut self) {
        if self.once.last().copied() > self.often.last().map(|often| often.word) {
            self.once.remove(self.once.len().saturating_sub(1));
        } else {
            self.often.remove(self.often.len().saturating_sub(1));
        }
    }

    /// In how many orders `word` stood; `None` where the sample cannot tell.
    pub(super) fn orders_with(&self, word: u16) -> Option<u16> {
        let smaller = match self.often.binary_search_by_key(&word, |often| often.word) {
            Ok(place) => return self.often.get(place).map(|often| often.orders),
            Err(place) => place,
        };
        match self.once.binary_search(&word) {
            Ok(_) => Some(1),
            Err(place) => (place + smaller < WORDS_MAX).then_some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// The sample in its plainest form: all words counted, those of the smallest kept.
    fn plain(words: &[u16]) -> BTreeMap<u16, u16> {
        let mut counts = BTreeMap::new();
        for word in words {
            *counts.entry(*word).or_insert(0) += 1;
        }
        counts.into_iter().take(WORDS_MAX).collect()
    }

    proptest! {
        #[test]
        fn it_tells_what_plain_counting_of_the_smallest_words_tells(
            words in prop::collection::vec(0_u16..400, 0..1_200),
        ) {
            let mut vocabulary = Vocabulary::default();
            for word in &words {
                vocabulary.add(*word);
            }
            let plain = plain(&words);
            prop_assert_eq!(vocabulary.once.len() + vocabulary.often.len(), plain.len());
            let last = plain.keys().last().copied().unwrap_or(0);
            for word in 0_u16..400 {
                let full = plain.len() == WORDS_MAX && word > last;
                let told = plain.get(&word).copied().or((!full).then_some(0));
                prop_assert_eq!(vocabulary.orders_with(word), told, "{}", word);
            }
        }
    }
}
