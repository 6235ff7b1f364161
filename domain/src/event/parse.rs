//! From bytes to an [`Event`], or to the place and reason of what does not fit.

use serde::{Deserialize, Serialize};

use super::Event;
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
pub fn parse(_json: &[u8], _received_at: Micros) -> Result<Event, Refused> {
    Err(Refused { pointer: String::new(), detail: "not yet".to_owned(), syntax: false })
}
