//! Every limit on what comes in, in one place.

use crate::time::{MINUTE, Micros};

/// Longest `event_id`, in characters.
pub const EVENT_ID_CHARS_MAX: usize = 200;
/// Longest `account.id`, in characters.
pub const ACCOUNT_ID_CHARS_MAX: usize = 256;
/// Longest other id (session, order, shipment, seller …), in characters.
pub const ID_CHARS_MAX: usize = 256;
/// Longest event type, in characters.
pub const TYPE_CHARS_MAX: usize = 200;
/// Longest text without a limit of its own (titles, tokens, contacts, changed values), in
/// characters.
pub const TEXT_CHARS_MAX: usize = 8_192;
/// How much of a user agent is looked at, in bytes; the whole of it is hashed. A longer one is no
/// error.
pub const USER_AGENT_BYTES_READ: usize = 2_000;
/// Lines of an order, or of a shipment.
pub const LINES_MAX: usize = 10_000;
/// Roles of an account.
pub const ROLES_MAX: usize = 64;
/// How deep objects and arrays may nest.
pub const DEPTH_MAX: usize = 64;
/// Events in one batch.
pub const BATCH_EVENTS_MAX: usize = 10_000;
/// Bytes of one request body, whether it holds one event or a batch.
pub const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How far ahead of the time of receipt a store's clock may run.
pub const FUTURE_MAX: i64 = 10 * MINUTE;
/// Earliest time of an event: 2000-01-01T00:00:00Z.
pub const OCCURRED_AT_MIN: Micros = Micros(946_684_800_000_000);
/// Earliest opening of an account: 1970-01-01T00:00:00Z.
pub const REGISTERED_AT_MIN: Micros = Micros(0);
