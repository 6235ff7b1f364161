//! How well somebody proved to be the owner (§2.3).

use serde::{Deserialize, Serialize};

use super::Refused;

/// Verification levels. Points of evidence raise a priority, never a level.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Level {
    /// Anonymous: may file a report.
    #[default]
    V0,
    /// The account is located and weak claims match: a soft hold on flagged orders.
    V1,
    /// A code on a contact unchanged since 30 days before the suspected start, or a recovery code.
    V2,
    /// A passkey, a known device with a factor, or two recovery methods of different kinds.
    V3,
    /// A document or an appearance, seen by two agents.
    V4,
}

impl Level {
    /// Whether this is at least `needed`.
    ///
    /// # Errors
    /// [`Refused::LevelTooLow`] where it is not.
    pub fn reaches(self, needed: Self) -> Result<(), Refused> {
        if self >= needed { Ok(()) } else { Err(Refused::LevelTooLow { needed }) }
    }
}
