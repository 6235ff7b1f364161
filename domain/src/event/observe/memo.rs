//! Answers worked out before, for texts that come again and again.

use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher as _;

/// Longer texts are not kept.
const TEXT_BYTES_MAX: usize = 512;

/// The latest text of each place with its answer. Bounded, and a text made to collide with
/// another only takes its place.
pub(super) struct Memo<T> {
    places: Vec<Option<(Box<str>, T)>>,
}

impl<T: Clone> Memo<T> {
    /// One with so many places, all empty.
    pub(super) fn new(places: usize) -> Self {
        let mut memo = Self { places: Vec::new() };
        memo.places.resize_with(places, || None);
        memo
    }

    /// The answer for `text`, worked out where it is not known.
    pub(super) fn recall(&mut self, text: &str, work_out: impl FnOnce(&str) -> T) -> T {
        let Some(place) = self.place(text) else { return work_out(text) };
        match place {
            Some((kept, answer)) if kept.as_ref() == text => answer.clone(),
            _ => {
                let answer = work_out(text);
                *place = Some((text.into(), answer.clone()));
                answer
            }
        }
    }

    fn place(&mut self, text: &str) -> Option<&mut Option<(Box<str>, T)>> {
        if self.places.is_empty() || text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let places = self.places.len() as u64;
        let place = usize::try_from(FxBuildHasher.hash_one(text) % places).ok()?;
        self.places.get_mut(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_worked_out_is_not_worked_out_again_and_nothing_is_mixed_up() {
        let mut memo = Memo::new(2);
        for _ in 0..3 {
            for text in ["a", "b", "c", ""] {
                assert_eq!(memo.recall(text, |text| text.len() + text.matches('b').count()), {
                    text.len() + usize::from(text == "b")
                });
            }
        }
        let known = memo.recall("known", |_| 7);
        assert_eq!((known, memo.recall("known", |_| 8)), (7, 7));
    }

    #[test]
    fn without_places_everything_is_worked_out() {
        let mut memo = Memo::new(0);
        assert_eq!((memo.recall("a", |_| 1), memo.recall("a", |_| 2)), (1, 2));
    }
}
