//! The store, from outside, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod audit;
mod chain;
mod commit;
mod control;
mod documents;
mod failure;
mod migration;
mod outbox;
mod privacy;
mod reading;
mod recovery;
mod standings;
mod support;
