//! From an [`Event`] to the [`Observation`] that is judged and stored.

use super::Event;
use crate::keyed::KeyedHasher;
use crate::observation::{Listed, Observation, Origin};
use crate::time::Micros;

/// What the world says about an event's address, mail domain and identifiers: resolved by the caller.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Where the address is and which infrastructure lists name it; hashes are filled in here.
    pub origin: Origin,
    /// The mail domain is disposable.
    pub disposable: Listed,
    /// The store's own lists that hit.
    pub lists: Vec<Box<str>>,
    /// The password is breached, by the local file.
    pub breached: Option<bool>,
    /// Names of properties that rules may read.
    pub label_names: Vec<String>,
}

/// Turns an event into what is judged: keyed hashes and facts, nothing that names a person.
pub fn observe(_: &Event, _received_at: Micros, _: Place, _: &KeyedHasher) -> Observation {
    unimplemented!()
}
