//! What a reader has been told already, so that the next run tells only what is new (R6).
//!
//! The state is a text file that the reader owns: one finding a line, a fingerprint and what was
//! said of it. It holds no names and no amounts.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use rustc_hash::FxHashMap;

use crate::check::Report;
use crate::line::Line;

/// First line of the file.
const HEAD: &str = "sekisho statement state 1";
/// Findings that a file may hold.
const FINDINGS_MAX: usize = 2_000_000;

/// What a line or an order is known by: a hash of what it says, and which of the identical ones it
/// is. Banks' own ids are neither stable nor unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Display for Fingerprint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Fingerprint {
    fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default())
    }

    fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// The fingerprint of an order.
pub(crate) fn of_order(id: &str) -> Fingerprint {
    Fingerprint::of(&[b"order", id.as_bytes()])
}

/// Counts identical lines of one file: rows that are the same in every word are legal.
#[derive(Debug, Default)]
pub(crate) struct Occurrences(FxHashMap<Fingerprint, u32>);

impl Occurrences {
    /// The fingerprint of the next line of the file.
    pub(crate) fn fingerprint(&mut self, line: &Line) -> Fingerprint {
        let day =
            line.day().map_or(0, |day| i32::from(day.year()) * 400 + i32::from(day.day_of_year()));
        let same = Fingerprint::of(&[
            b"line",
            &day.to_le_bytes(),
            &line.amount.amount.to_le_bytes(),
            line.amount.currency.code().as_bytes(),
            line.folded.as_bytes(),
            &line.account.unwrap_or_default().to_le_bytes(),
        ]);
        let count = self.0.entry(same).or_default();
        *count += 1;
        Fingerprint::of(&[&same.0, &count.to_le_bytes()])
    }
}

/// The findings that were told, and what was said of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen(BTreeMap<Fingerprint, String>);

/// A state file that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: not a state file of `sekisho statement check --since-last`")]
pub struct BadState {
    line: usize,
}

impl Seen {
    /// Reads a state file. An empty one is the state before the first run.
    pub fn read(text: &str) -> Result<Self, BadState> {
        let mut seen = Self::default();
        for (at, line) in text.lines().enumerate() {
            let bad = BadState { line: at + 1 };
            match line.split_once(' ') {
                _ if at == 0 && line == HEAD => {}
                Some((hash, said)) if at > 0 && seen.0.len() < FINDINGS_MAX => {
                    let known = said.len() <= 64
                        && said.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                    let hash = Fingerprint::read(hash).filter(|_| known).ok_or(bad)?;
                    seen.0.insert(hash, said.to_owned());
                }
                _ => return Err(bad),
            }
        }
        Ok(seen)
    }

    /// The text of the state file.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for (fingerprint, said) in &self.0 {
            text.push_str(&format!("{fingerprint} {said}\n"));
        }
        text
    }

    /// Whether exactly this was said before.
    pub fn knows(&self, fingerprint: Fingerprint, said: &str) -> bool {
        self.0.get(&fingerprint).is_some_and(|known| known == said)
    }

    /// Takes in the findings of a report. What an earlier file told of stays known, although this
    /// one does not reach back to it.
    pub fn take_in(&mut self, report: &Report<'_>) {
        let lines = report
            .lines
            .iter()
            .map(|one| (one.fingerprint, one.is_finding(), one.reason.code().to_owned()));
        let orders = report
            .orders
            .iter()
            .map(|one| (one.fingerprint, one.is_finding(), one.reason.code().to_owned()));
        for (fingerprint, is_finding, said) in lines.chain(orders) {
            if is_finding {
                self.0.insert(fingerprint, said);
            } else {
                self.0.remove(&fingerprint);
            }
        }
    }
}
