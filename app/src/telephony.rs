//! Who makes calls: the store's own telephone by webhook, or an API compatible with Twilio's.
//!
//! A ring is written before it is asked for, so that a crash at any point lets nothing ring twice.
//! Nothing that rings says whose account it is about: who answers is asked first (T9).

pub mod twilio;
mod webhook;

use store::OutboxRow;

use crate::payments::Later;

pub use twilio::TwilioTelephone;
pub use webhook::StoreTelephone;

/// One ring.
#[derive(Clone)]
pub struct Call {
    /// The call-back.
    pub callback: u128,
    /// Which ring of it, from 1.
    pub dial: u8,
    /// The case.
    pub case: u128,
    /// The account's id as the store gave it.
    pub account: Option<String>,
    /// Who waits for it.
    pub agent: String,
    /// Who is called, in E.164.
    pub to: String,
}

/// How asking for a ring ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// It rings, or the store's telephone was told.
    Rings,
    /// It does not; the word is for the log.
    Not(&'static str),
}

/// A telephone.
pub trait Telephone: Send + Sync {
    /// It can be asked at all: no promise is made where nobody would hear of it.
    fn is_there(&self) -> bool;

    /// What leaves in the transaction that lets it ring.
    fn rows(&self, call: &Call) -> Vec<OutboxRow>;

    /// Lets it ring, once that is durable.
    fn ring<'a>(&'a self, call: &'a Call) -> Later<'a, Rung>;
}
