//! From bytes to an [`Event`], or to the place and reason of what does not fit.
//!
//! Decided (docs/decisions/0010): one leading byte order mark is ignored; a field given twice is
//! refused, because two readers could see two values; integers written as `1e3` are refused like
//! any other fraction or exponent; an empty string in an optional field means that it is missing.

use serde::{Deserialize, Serialize};

use super::raw::RawEvent;
use super::{DEPTH_MAX, Event};
use crate::time::Micros;

/// Why an event was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{pointer}: {detail}")]
pub struct Refused {
    /// JSON pointer (RFC 6901) of the value; empty for the whole document.
    pub pointer: String,
    /// What is wrong, in English, without the value itself.
    pub detail: String,
    /// The text is not JSON at all (400), rather than JSON of the wrong shape (422).
    pub syntax: bool,
}

/// Parses one event. `received_at` stands in for a missing time and bounds the future.
pub fn parse(json: &[u8], received_at: Micros) -> Result<Event, Refused> {
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let text = std::str::from_utf8(json).map_err(|error| {
        Refused::syntax(format!(
            "not UTF-8: the byte at offset {} fits nothing",
            error.valid_up_to()
        ))
    })?;
    if nests_too_deep(json) {
        return Err(Refused::at("", format!("nested deeper than {DEPTH_MAX} levels")));
    }
    let raw: RawEvent = match serde_json::from_str(text) {
        Ok(raw) => raw,
        Err(_) => return Err(explain(text)),
    };
    raw.accept(received_at)
}

impl Refused {
    /// JSON of the wrong shape, at `pointer`.
    pub(super) fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), syntax: false }
    }

    /// Not JSON at all.
    pub(super) fn syntax(detail: impl Into<String>) -> Self {
        Self { pointer: String::new(), detail: detail.into(), syntax: true }
    }
}

/// Whether objects and arrays nest deeper than [`DEPTH_MAX`]. Text with no more brackets than that
/// in all cannot, which spares almost every event the walk.
fn nests_too_deep(json: &[u8]) -> bool {
    let opening = json.iter().filter(|&&byte| byte == b'{' || byte == b'[').count();
    opening > DEPTH_MAX && depth(json) > DEPTH_MAX
}

fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Parses again, slowly, to say where and why it did not fit.
#[cold]
fn explain(text: &str) -> Refused {
    let mut reader = serde_json::Deserializer::from_str(text);
    let Err(error) = serde_path_to_error::deserialize::<_, RawEvent>(&mut reader) else {
        return Refused::syntax("text follows the end of the event");
    };
    let (pointer, error) = (pointer(error.path()), error.into_inner());
    if !error.is_data() {
        return Refused::syntax(format!("not JSON: {error}"));
    }
    let sentence = without_value(&error.to_string());
    match sentence.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`')) {
        Some(field) => Refused::at(format!("{pointer}/{field}"), "the field is given twice"),
        None => Refused::at(pointer, sentence),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => {
                let short: String = key.chars().take(64).collect();
                pointer.push_str(&short.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => pointer.push('-'),
        }
    }
    pointer
}

/// The sentence of a data error without the value it quotes: "invalid type: string \"…\",
/// expected a number at line 1 column 9" becomes "expected a number".
fn without_value(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(sentence, _)| sentence);
    let quotes = message.starts_with("invalid ");
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if quotes => format!("expected {expected}"),
        None if quotes => "does not fit".to_owned(),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
