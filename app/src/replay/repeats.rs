//! The same event twice is one event, also in a file.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, BuildHasherDefault};

use domain::keyed::EventKey;
use rustc_hash::{FxHashMap, FxHasher};

/// Events remembered. A repetition comes soon (a retry, an overlap of two files); a log must not
/// cost memory by its length. 40 MB when full.
const WINDOW: usize = 1 << 20;

/// What an event is to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Not heard before.
    New,
    /// Heard before with the same text.
    Repeated,
    /// Heard before with another text.
    Contradicted,
}

/// The latest events by id.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    texts: FxHashMap<u64, u64>,
    order: VecDeque<u64>,
}

impl Repeats {
    /// Whether an event of this id was heard.
    pub(super) fn knows(&self, event: EventKey) -> bool {
        self.texts.contains_key(&id_of(event))
    }

    /// Takes note of an event and says whether it was heard before.
    pub(super) fn hear(&mut self, event: EventKey, fingerprint: u64) -> Heard {
        let id = id_of(event);
        match self.texts.get(&id) {
            Some(text) if *text == fingerprint => return Heard::Repeated,
            Some(_) => return Heard::Contradicted,
            None => {}
        }
        if self.order.len() == WINDOW
            && let Some(oldest) = self.order.pop_front()
        {
            self.texts.remove(&oldest);
        }
        self.order.push_back(id);
        self.texts.insert(id, fingerprint);
        Heard::New
    }
}

#[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
const fn id_of(event: EventKey) -> u64 {
    event.0 as u64
}

/// A hash of a line's text.
pub(super) fn fingerprint(text: &[u8]) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_with_the_same_text_is_a_repetition_and_with_another_a_contradiction() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.hear(EventKey(1), 7), Heard::New);
        assert_eq!(repeats.hear(EventKey(1), 7), Heard::Repeated);
        assert_eq!(repeats.hear(EventKey(1), 8), Heard::Contradicted);
        assert_eq!(repeats.hear(EventKey(2), 7), Heard::New);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut repeats = Repeats::default();
        for id in 0..=WINDOW as u128 {
            assert_eq!(repeats.hear(EventKey(id), 0), Heard::New);
        }
        assert_eq!(repeats.texts.len(), WINDOW);
        assert_eq!(repeats.hear(EventKey(0), 0), Heard::New, "long ago");
        assert_eq!(repeats.hear(EventKey(WINDOW as u128), 0), Heard::Repeated);
    }
}
