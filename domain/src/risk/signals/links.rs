//! Links: who else has this address, phone, device, card? Numbers from 700.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
