//! Infrastructure: what kind of network and software is this? Numbers from 300.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
