//! A gift code that an intruder bought: revoked while nobody has redeemed it (X2).

use serde::{Deserialize, Serialize};

/// Where a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GiftCode {
    /// Nobody has redeemed it, as far as the store knows.
    Unredeemed,
    /// The store is asked to revoke it.
    RevokeRequested,
    /// It is worth nothing any more.
    Revoked,
    /// Somebody was faster.
    Redeemed,
}

/// What happens to a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// The store is asked.
    Revoke,
    /// The store did it.
    Revoked,
    /// It was redeemed before.
    Redeemed,
}

impl GiftCode {
    /// The code after `command`; `None` where that cannot follow. The same again changes nothing.
    pub const fn next(self, command: Command) -> Option<Self> {
        match (self, command) {
            (Self::Unredeemed | Self::RevokeRequested, Command::Revoke) => {
                Some(Self::RevokeRequested)
            }
            (Self::RevokeRequested | Self::Revoked, Command::Revoked) => Some(Self::Revoked),
            (Self::Unredeemed | Self::RevokeRequested | Self::Redeemed, Command::Redeemed) => {
                Some(Self::Redeemed)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x2_a_code_is_revoked_or_redeemed_and_never_both() {
        let asked = GiftCode::Unredeemed.next(Command::Revoke);
        assert_eq!(asked, Some(GiftCode::RevokeRequested));
        assert_eq!(GiftCode::RevokeRequested.next(Command::Revoked), Some(GiftCode::Revoked));
        assert_eq!(GiftCode::Revoked.next(Command::Redeemed), None);
        assert_eq!(GiftCode::Redeemed.next(Command::Revoke), None);
        assert_eq!(GiftCode::Unredeemed.next(Command::Revoked), None, "nobody was asked");
    }
}
