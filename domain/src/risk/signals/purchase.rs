//! Purchase: does the owner buy like this? Numbers from 600.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
