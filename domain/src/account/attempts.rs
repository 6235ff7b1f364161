//! R43: several attempts from an unusual place and device restrict the account.

use crate::time::{DAY, MINUTE, Micros};

/// How many attempts restrict.
const COUNT: usize = 3;
/// Within which span in µs.
const WINDOW: i64 = 15 * MINUTE;
/// A place or device not seen for this long counts as unseen, in µs.
const UNSEEN: i64 = 90 * DAY;

/// A sign-in that failed or was challenged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Micros,
    /// When the account last used that place; `None`: never.
    pub place_seen_at: Option<Micros>,
    /// When the account last used that device; `None`: never.
    pub device_seen_at: Option<Micros>,
}

impl Attempt {
    fn is_unusual(&self) -> bool {
        let unseen = |seen: Option<Micros>| seen.is_none_or(|seen| self.at.since(seen) >= UNSEEN);
        unseen(self.place_seen_at) && unseen(self.device_seen_at)
    }
}

/// Whether `attempts` (in any order) are reason for [`super::Command::Attempts`] at `now`.
pub fn restrict(attempts: &[Attempt], now: Micros) -> bool {
    let recent = |attempt: &&Attempt| (0..=WINDOW).contains(&now.since(attempt.at));
    attempts.iter().filter(recent).filter(|attempt| attempt.is_unusual()).count() >= COUNT
}
