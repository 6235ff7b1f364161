//! Webhooks out: what was written with a decision leaves, signed, until the store has taken it.
//!
//! Rows are written in the decision's own transaction ([`Subscribers`] and [`messages_for`] say
//! which), claimed under a lease and sent by the [`Courier`] as Standard Webhooks 1.0 asks. A row
//! is delivered at least once: a node that dies leaves its leases to expire, and the receiver
//! tells repetitions by `webhook-id`. Ordering is not promised.

mod courier;
mod messages;
mod public_address;
mod schedule;
pub mod secret;
mod send;
mod subscribers;
mod target;

pub use courier::{Courier, Limits};
pub use messages::{Kind, Message, Subject, lifted_of, messages_for};
pub use public_address::is_public;
pub use schedule::{RETRY_AFTER_MAX, TRIES_MAX, after_failure};
pub use send::{Answer, Patience, Sender};
pub use subscribers::{Subscribers, Subscription};
pub use target::{Allowed, Refused, Target};
