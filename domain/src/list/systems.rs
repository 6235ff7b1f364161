//! Lists of autonomous systems.

use super::{ListError, collect};

/// Autonomous system numbers, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemList {
    numbers: Vec<u32>,
}

impl SystemList {
    /// Reads one number a line, `AS64500` or `64500`.
    pub fn parse(text: &[u8]) -> Result<Self, ListError> {
        let mut numbers = collect(text, |entry| {
            let digits = entry.text.trim_start_matches(['A', 'a', 'S', 's']);
            digits.parse().map_err(|_| entry.wrong("expected a system number such as AS64500"))
        })?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(Self { numbers })
    }

    /// Whether the list names `asn`.
    pub fn contains(&self, asn: u32) -> bool {
        self.numbers.binary_search(&asn).is_ok()
    }

    /// Numbers listed.
    pub const fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether nothing is listed.
    pub const fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}
