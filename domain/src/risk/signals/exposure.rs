//! Exposure: do others know the secrets? Numbers from 800.

use crate::risk::Signal;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[];
