//! How well the reporter proved to be the owner: computed from what was given (§2.3), never said.

use serde::{Deserialize, Serialize};

use crate::account::Level;
use crate::member::ContactKind;
use crate::reset::SETTLED;
use crate::time::Micros;

/// Something that was proven. `since` is when the account got what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// So many claims match what was true before the start; they date the change and prove nobody.
    Claims {
        /// How many match.
        matched: u8,
    },
    /// A code to a contact, or a tap in a letter to it.
    Contact {
        /// Mail or phone.
        kind: ContactKind,
        /// Since when the account has it.
        since: Micros,
    },
    /// A recovery code.
    RecoveryCode {
        /// Since when the account has the set.
        since: Micros,
    },
    /// An authenticator app.
    App {
        /// Since when the account has it.
        since: Micros,
    },
    /// A passkey with user verification.
    Passkey {
        /// Since when the account has it.
        since: Micros,
    },
    /// A device that the account knew.
    Device {
        /// Since when.
        since: Micros,
    },
    /// A document or an appearance, seen by an agent.
    Document {
        /// Which agent.
        by: String,
    },
}

/// The level that `given` comes to, when it began at `start` in an account opened at `account_since`.
///
/// What the account got within 30 days before the start, or after, counts for nothing: an intruder
/// adds first and proves with it afterwards (T3).
pub fn level(given: &[Given], start: Micros, account_since: Micros) -> Level {
    let settled = |since: &Micros| *since <= account_since || since.plus(SETTLED) <= start;
    let (mut mail, mut phone, mut code, mut app, mut passkey, mut device) =
        (false, false, false, false, false, false);
    let mut claims = 0;
    let mut agents: Vec<&str> = Vec::new();
    for one in given {
        match one {
            Given::Claims { matched } => claims = claims.max(*matched),
            Given::Contact { kind: ContactKind::Mail, since } => mail |= settled(since),
            Given::Contact { kind: ContactKind::Phone, since } => phone |= settled(since),
            Given::RecoveryCode { since } => code |= settled(since),
            Given::App { since } => app |= settled(since),
            Given::Passkey { since } => passkey |= settled(since),
            Given::Device { since } => device |= settled(since),
            Given::Document { by } => agents.push(by),
        }
    }
    agents.sort_unstable();
    agents.dedup();
    let ways = [mail, phone, code, app].into_iter().filter(|way| *way).count();
    match () {
        () if agents.len() >= 2 => Level::V4,
        // Mail is read on the device itself: with it, it is no second thing.
        () if passkey || ways >= 2 || (device && (phone || code || app)) => Level::V3,
        () if mail || phone || code => Level::V2,
        // However many match: they may all be known to the intruder (R26).
        () if claims >= 2 => Level::V1,
        () => Level::V0,
    }
}
