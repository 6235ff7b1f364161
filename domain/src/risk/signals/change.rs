//! Change: what was changed lately, and by whom? Numbers from 500.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
