//! Judgement as a whole, from the outside.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod arrival;
mod changes;
mod familiarity;
mod guessing;
mod links;
mod memory;
mod orders;
mod planted;
mod purchases;
mod shop;
mod sign_in;
mod support;
