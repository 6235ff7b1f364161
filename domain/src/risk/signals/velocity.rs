//! Velocity and breadth: who tries how much, from where? Numbers from 200.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
