//! Familiarity: is this how the owner comes? Numbers from 100.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
