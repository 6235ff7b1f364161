//! A small shop that Sekisho protects: what a store's own side looks like, from the sign-in through
//! `OpenID` Connect to the refund.
//!
//! It knows of Sekisho what any store knows: its HTTP API, its pages and its webhooks. Carrier and
//! payment provider are doubles that live in the same database.

mod authenticator;
mod backstage;
mod book;
mod carrier;
mod checkout;
mod clock;
mod events;
mod failure;
mod night;
mod pages;
mod payments;
mod sekisho;
mod settings;
mod shelf;
mod shop;
mod sign_in;
mod things;
mod webhooks;
mod words;

pub use failure::Failure;
pub use settings::Settings;
pub use shop::{Shop, serve};
