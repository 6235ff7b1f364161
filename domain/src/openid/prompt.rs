//! Whether the session at hand answers a request, or somebody must be asked (`OpenID` Connect Core
//! §3.1.2.1).

use crate::session::Strength;
use crate::time::{Micros, SECOND};

/// What the client wants of the person in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// `prompt=none`: no page may be shown.
    pub silent: bool,
    /// `prompt=login`, `consent` or `select_account`: a page must be shown.
    pub page: bool,
    /// `max_age` in seconds.
    pub max_age: Option<i64>,
    /// The weakest that `acr_values` takes; `None` takes all.
    pub strength: Option<Strength>,
    /// When the request arrived.
    pub asked_at: Micros,
}

/// The session at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// When the owner last proved to be there.
    pub auth_time: Micros,
    /// What the proofs are worth.
    pub strength: Strength,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Answer with this session.
    Answer,
    /// Let the person sign in, then ask again.
    SignIn,
    /// Let them prove more within their session, then ask again.
    StepUp,
    /// Tell the client `login_required`.
    LoginRequired,
}

/// What follows for `wish` with this session or none.
pub fn next(wish: Wish, present: Option<Present>, now: Micros) -> Next {
    let or_silent = |next| if wish.silent { Next::LoginRequired } else { next };
    let Some(present) = present else { return or_silent(Next::SignIn) };
    let is_old = wish
        .max_age
        .is_some_and(|max_age| now.since(present.auth_time) > max_age.saturating_mul(SECOND));
    // Whoever signed in for this very request has done what `max_age=0` asks.
    if is_old && present.auth_time < wish.asked_at {
        return or_silent(Next::SignIn);
    }
    if wish.page && present.auth_time < wish.asked_at {
        return or_silent(Next::SignIn);
    }
    // `acr_values` is a voluntary claim: without a page the session answers, and `acr` says what it
    // is worth (Core §5.5.1.1).
    if !wish.silent && wish.strength.is_some_and(|wanted| present.strength < wanted) {
        return Next::StepUp;
    }
    Next::Answer
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn present(at: i64) -> Present {
        Present { auth_time: Micros(at * SECOND), strength: Strength::Single }
    }

    const NOW: Micros = Micros(1_000 * SECOND);

    fn wish() -> Wish {
        Wish { asked_at: Micros(990 * SECOND), ..Wish::default() }
    }

    #[test]
    fn without_a_session_somebody_is_asked_unless_no_page_may_be_shown() {
        assert_eq!(next(wish(), None, NOW), Next::SignIn);
        assert_eq!(next(Wish { silent: true, ..wish() }, None, NOW), Next::LoginRequired);
    }

    #[test]
    fn max_age_and_login_are_met_by_a_sign_in_for_this_request_only() {
        for wish in [Wish { page: true, ..wish() }, Wish { max_age: Some(0), ..wish() }] {
            assert_eq!(next(wish, Some(present(989)), NOW), Next::SignIn);
            assert_eq!(next(wish, Some(present(990)), NOW), Next::Answer);
        }
        let wish = Wish { max_age: Some(100), ..wish() };
        assert_eq!(next(wish, Some(present(900)), NOW), Next::Answer);
        assert_eq!(next(wish, Some(present(899)), NOW), Next::SignIn);
    }

    #[test]
    fn a_wished_strength_is_asked_for_and_never_claimed() {
        let wish = Wish { strength: Some(Strength::Multi), ..wish() };
        assert_eq!(next(wish, Some(present(995)), NOW), Next::StepUp);
        assert_eq!(next(Wish { silent: true, ..wish }, Some(present(995)), NOW), Next::Answer);
    }

    proptest! {
        #[test]
        fn a_silent_request_never_shows_a_page(
            page: bool, max_age in proptest::option::of(0_i64..10_000), at in proptest::option::of(0_i64..2_000)
        ) {
            let wish = Wish { silent: true, page, max_age, strength: Some(Strength::Multi), ..wish() };
            let next = next(wish, at.map(present), NOW);
            prop_assert!(matches!(next, Next::Answer | Next::LoginRequired), "{:?}", next);
        }
    }
}
