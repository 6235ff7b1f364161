//! The app, from outside.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod crash;
mod decisions;
mod desk;
mod gateways;
mod notices;
mod openapi;
mod outages;
mod refusals;
mod replay;
mod support;
mod webhooks;
