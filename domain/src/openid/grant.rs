//! What a code or a refresh token is worth now (RFC 6749 §4.1.3, RFC 9700 §4.14, ASVS 10.4.2–10.4.5).

use crate::time::{DAY, MINUTE, Micros, SECOND};

/// How long a code can be redeemed.
pub const CODE_LIFE: i64 = MINUTE;
/// How long an access token opens.
pub const ACCESS_LIFE: i64 = 10 * MINUTE;
/// How long an ID token may be taken for fresh.
pub const ID_TOKEN_LIFE: i64 = 10 * MINUTE;
/// How long a refresh token waits for its use.
pub const REFRESH_IDLE: i64 = 14 * DAY;
/// How long a family of refresh tokens lives, however often it is used.
pub const FAMILY_LIFE: i64 = 90 * DAY;
/// By how much clocks may differ; a clock that went back by more than this refuses.
pub const SKEW: i64 = 30 * SECOND;

/// A code that was found, and what was presented with it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "four findings, each of its own")]
pub struct Presented {
    /// It was redeemed before.
    pub redeemed: bool,
    /// It was given to the client that presents it.
    pub of_client: bool,
    /// `redirect_uri` is the one of the request.
    pub same_redirect: bool,
    /// The verifier is the one of the challenge.
    pub verified: bool,
    /// When it was given.
    pub issued_at: Micros,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Tokens.
    Tokens,
    /// Nothing.
    Nothing,
    /// Nothing, and what was given for it before is taken back.
    TakenBack,
}

/// What a code is worth at `now`. Another client's try takes nothing back: it proves no theft by
/// the owner's client, and would let anybody who saw a code end a session.
pub fn code(presented: Presented, now: Micros) -> Worth {
    let Presented { redeemed, of_client, same_redirect, verified, issued_at } = presented;
    let age = now.since(issued_at);
    match () {
        () if !of_client => Worth::Nothing,
        () if redeemed => Worth::TakenBack,
        () if !same_redirect || !verified => Worth::Nothing,
        () if !(-SKEW..CODE_LIFE).contains(&age) => Worth::Nothing,
        () => Worth::Tokens,
    }
}

/// A family of refresh tokens as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Family<'a> {
    /// The hash of the token that can be used; `None` where none was given.
    pub current: Option<u128>,
    /// Hashes of those that were used.
    pub past: &'a [u128],
    /// It was taken back.
    pub revoked: bool,
    /// When its code was redeemed.
    pub started_at: Micros,
    /// When its last token was given.
    pub used_at: Micros,
}

/// What a refresh token of this hash is worth at `now`.
pub fn refresh(family: Family<'_>, of_client: bool, presented: u128, now: Micros) -> Worth {
    let lives = !family.revoked
        && now.since(family.started_at) < FAMILY_LIFE
        && now.since(family.used_at) < REFRESH_IDLE;
    match () {
        () if !of_client || family.revoked => Worth::Nothing,
        () if family.past.contains(&presented) => Worth::TakenBack,
        () if lives && family.current == Some(presented) => Worth::Tokens,
        () => Worth::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: Presented = Presented {
        redeemed: false,
        of_client: true,
        same_redirect: true,
        verified: true,
        issued_at: Micros(0),
    };

    #[test]
    fn a_code_lives_one_minute() {
        assert_eq!(code(GOOD, Micros(CODE_LIFE - 1)), Worth::Tokens);
        assert_eq!(code(GOOD, Micros(CODE_LIFE)), Worth::Nothing);
        assert_eq!(code(GOOD, Micros(-SKEW)), Worth::Tokens, "a clock a little behind");
        assert_eq!(code(GOOD, Micros(-SKEW - 1)), Worth::Nothing);
    }

    #[test]
    fn a_used_refresh_token_takes_the_family_back() {
        let family = Family {
            current: Some(3),
            past: &[1, 2],
            revoked: false,
            started_at: Micros(0),
            used_at: Micros(0),
        };
        assert_eq!(refresh(family, true, 3, Micros(1)), Worth::Tokens);
        assert_eq!(refresh(family, true, 1, Micros(1)), Worth::TakenBack);
        assert_eq!(
            refresh(family, true, 9, Micros(1)),
            Worth::Nothing,
            "rubbish ends nobody's session"
        );
        assert_eq!(refresh(family, false, 1, Micros(1)), Worth::Nothing);
        assert_eq!(refresh(family, true, 3, Micros(REFRESH_IDLE)), Worth::Nothing);
        let used = Family { used_at: Micros(FAMILY_LIFE - 1), ..family };
        assert_eq!(refresh(used, true, 3, Micros(FAMILY_LIFE)), Worth::Nothing);
        assert_eq!(refresh(Family { revoked: true, ..family }, true, 3, Micros(1)), Worth::Nothing);
    }

    proptest! {
        #[test]
        fn a_code_gives_tokens_only_when_everything_fits(
            redeemed: bool, of_client: bool, same_redirect: bool, verified: bool, at in -100_i64..100
        ) {
            let presented =
                Presented { redeemed, of_client, same_redirect, verified, issued_at: Micros(0) };
            let worth = code(presented, Micros(at * SECOND));
            let fits = !redeemed && of_client && same_redirect && verified && (-30..60).contains(&at);
            prop_assert_eq!(worth == Worth::Tokens, fits);
            prop_assert_eq!(worth == Worth::TakenBack, redeemed && of_client);
        }
    }
}
