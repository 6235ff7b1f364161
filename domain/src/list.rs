//! Infrastructure lists: text formats in, fast look-ups out.
//!
//! Every reader takes the whole text, forgives a byte order mark, CRLF, blank lines and comments
//! (`#` or `;`), and refuses the file at its first line that makes no sense: a list in the wrong
//! format must never become a short or an empty one in silence. What replaces what, and whether an
//! empty list is allowed, is the caller's to say.

mod addresses;
mod domains;
mod networks;
mod own;
mod systems;

pub use addresses::{AddressList, REPORTS_MIN};
pub use domains::DomainList;
pub use networks::NetworkTable;
pub use own::{ListKind, OwnList, OwnLists};
pub use systems::SystemList;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::time::Micros;

/// Largest list file, in bytes.
pub const LIST_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Longest line of a list file, in bytes.
pub const LINE_BYTES_MAX: usize = 1_024;
/// Lines at the head of a file in which it may say when it was made.
const HEAD_LINES: usize = 40;

/// Why a file is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Not one entry.
    #[error("the file has no entries")]
    Empty,
    /// More than [`LIST_BYTES_MAX`].
    #[error("the file is larger than {} MiB", LIST_BYTES_MAX >> 20)]
    Huge,
    /// A line that is no entry.
    #[error("line {line}: {expected}")]
    Line {
        /// 1-based.
        line: usize,
        /// What should stand there; the line itself is not repeated.
        expected: &'static str,
    },
}

/// A line that carries an entry.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    /// 1-based.
    line: usize,
    /// Trimmed, without comment, not empty.
    text: &'a str,
}

impl Entry<'_> {
    const fn wrong(self, expected: &'static str) -> ListError {
        ListError::Line { line: self.line, expected }
    }
}

/// The entries of a file, or the line that cannot be read.
fn entries(text: &[u8]) -> impl Iterator<Item = Result<Entry<'_>, ListError>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let huge = (text.len() > LIST_BYTES_MAX).then_some(Err(ListError::Huge));
    let lines = if huge.is_some() { &[][..] } else { text };
    let read = lines.split(|&byte| byte == b'\n').zip(1..).filter_map(|(bytes, line)| {
        let wrong = |expected| Some(Err(ListError::Line { line, expected }));
        if bytes.len() > LINE_BYTES_MAX {
            return wrong("the line is longer than 1024 bytes");
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return wrong("expected UTF-8 text") };
        let text = uncommented(text).trim();
        (!text.is_empty()).then_some(Ok(Entry { line, text }))
    });
    huge.into_iter().chain(read)
}

/// A comment begins a line or follows a space: an entry may hold the sign itself.
fn uncommented(line: &str) -> &str {
    let mut previous = ' ';
    for (at, sign) in line.char_indices() {
        if matches!(sign, '#' | ';') && previous.is_whitespace() {
            return line.get(..at).unwrap_or(line);
        }
        previous = sign;
    }
    line
}

/// Reads every entry through `read`; a list without entries is an error.
fn collect<T>(
    text: &[u8],
    mut read: impl FnMut(Entry<'_>) -> Result<T, ListError>,
) -> Result<Vec<T>, ListError> {
    let mut found = Vec::new();
    for entry in entries(text) {
        found.push(read(entry?)?);
    }
    if found.is_empty() { Err(ListError::Empty) } else { Ok(found) }
}

/// When a list says it was made: `# Last update: Sat, 22 Aug 2026 03:00:29 +0200`, or the same
/// with an RFC 3339 time or an ISO date, after any of the usual words.
pub fn dated(text: &[u8]) -> Option<Micros> {
    text.split(|&byte| byte == b'\n').take(HEAD_LINES).find_map(|line| {
        let line = std::str::from_utf8(line).ok()?.trim();
        let (words, time) = line.strip_prefix(['#', ';'])?.split_once(':')?;
        let words = words.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
        let says_when = ["last update", "updated", "last modified", "generated", "date"];
        says_when.iter().any(|word| words.contains(word)).then(|| read_time(time.trim()))?
    })
}

fn read_time(text: &str) -> Option<Micros> {
    let time = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let time = time.or_else(|| text.parse::<Timestamp>().ok()).or_else(|| {
        let date = text.get(..10)?.parse::<Date>().ok()?;
        format!("{date}T00:00:00Z").parse().ok()
    })?;
    Some(Micros(time.as_microsecond()))
}

#[cfg(test)]
mod tests;
