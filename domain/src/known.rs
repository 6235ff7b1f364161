//! Everything known about one event, borrowed from memory in one read.

use crate::memory::{Crowd, Profile};

/// What is known when an event is judged. Borrowed, so that reading costs no copy.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The account's history; `None` for a stranger or an event without an account.
    pub profile: Option<&'a Profile>,
    /// Everybody's counters: sources, devices, links, the population.
    pub crowd: &'a Crowd,
}
