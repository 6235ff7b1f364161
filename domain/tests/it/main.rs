//! Judgement as a whole, from the outside.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "tests; exactly equal scores are what is meant, and data is found by environment"
)]

mod arrival;
mod changes;
mod familiarity;
mod fuzz;
mod guessing;
mod links;
mod memory;
mod orders;
mod planted;
mod purchases;
mod shop;
mod sign_in;
mod support;
mod wave;
