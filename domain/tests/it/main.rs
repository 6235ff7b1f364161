//! Judgement as a whole, from the outside.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod familiarity;
mod guessing;
mod memory;
mod orders;
mod purchases;
mod shop;
mod sign_in;
mod support;
