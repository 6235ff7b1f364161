//! Travel: could one person have come this far? Numbers from 400.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
