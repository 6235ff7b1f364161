//! The app, from outside.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod callbacks;
mod campaigns;
mod challenges;
mod crash;
mod decisions;
mod desk;
mod gateways;
mod mail;
mod mail_api;
mod members;
mod notices;
mod openapi;
mod openid;
mod outages;
mod packs;
pub(crate) mod pages;
mod refusals;
mod replay;
mod restitution;
mod sent_mail;
mod statement;
mod story;
mod support;
mod webhooks;
