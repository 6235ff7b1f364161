//! A short list without slack: it holds exactly what is in it.
//!
//! Lists of one account change rarely and are many, so that room to grow would cost more than a
//! new allocation at every change.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

/// A short list, in the order its owner keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tight<T>(Box<[T]>);

impl<T> Tight<T> {
    /// Puts `item` at `place`; beyond the end it comes last.
    pub(super) fn insert(&mut self, place: usize, item: T) {
        self.change(|items| {
            items.reserve_exact(1);
            items.insert(place.min(items.len()), item);
        });
    }

    /// Puts `item` at `place`, then keeps no more than the first `most`.
    pub(super) fn insert_within(&mut self, place: usize, item: T, most: usize) {
        self.insert(place, item);
        if self.len() > most {
            self.change(|items| items.truncate(most));
        }
    }

    /// Takes out what is at `place`.
    pub(super) fn remove(&mut self, place: usize) -> Option<T> {
        (place < self.len()).then(|| self.change(|items| items.remove(place)))
    }

    /// Takes out the first `count`.
    pub(super) fn take_first(&mut self, count: usize) -> Vec<T> {
        if count == 0 {
            return Vec::new();
        }
        self.change(|items| {
            let rest = items.split_off(count.min(items.len()));
            std::mem::replace(items, rest)
        })
    }

    fn change<R>(&mut self, how: impl FnOnce(&mut Vec<T>) -> R) -> R {
        let mut items = std::mem::take(&mut self.0).into_vec();
        let result = how(&mut items);
        self.0 = items.into_boxed_slice();
        result
    }
}

impl<T> Default for Tight<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<T> Deref for Tight<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for Tight<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<'a, T> IntoIterator for &'a Tight<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
