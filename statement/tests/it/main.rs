//! The room, from outside: bytes in, report out.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod files;
mod fuzz;
mod hostile;
mod judging;
mod properties;
mod shared;
mod support;
