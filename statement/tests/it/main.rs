//! The room, from outside: bytes in, report out.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod judging;
mod support;
