//! What the provider needs of the sign-in, and no more.

use std::future::Future;
use std::pin::Pin;

use axum::http::HeaderMap;
use domain::session::{Session, Strength};
use domain::time::Micros;
use serde::{Deserialize, Serialize};

use crate::http::problem::Problem;

/// An answer that comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send + 'a>>;

/// A session that lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The account's id as the store gave it.
    pub account: String,
    /// The session's id; never the token in the cookie.
    pub session: u128,
    /// When the owner last proved to be there.
    pub auth_time: Micros,
    /// What the proofs are worth.
    pub strength: Strength,
    /// `amr` (RFC 8176).
    pub amr: Vec<String>,
}

impl SignedIn {
    /// What `session` may truthfully claim.
    pub fn of(account: &str, id: u128, session: &Session) -> Self {
        Self {
            account: account.to_owned(),
            session: id,
            auth_time: session.authenticated_at(),
            strength: session.strength(),
            amr: session.amr().into_iter().map(str::to_owned).collect(),
        }
    }
}

/// What scopes ask about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Scope `email`.
    pub email: Option<String>,
    /// Whether it was proved to be theirs.
    pub email_verified: bool,
    /// Scope `phone`, E.164.
    pub phone_number: Option<String>,
    /// Whether it was proved to be theirs.
    pub phone_verified: bool,
}

/// The sign-in, as the provider sees it.
pub trait SignIn: Send + Sync {
    /// The session of a request's cookie, if it lives.
    fn signed_in<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Option<SignedIn>>;
    /// Whether a session still lives.
    fn lives<'a>(&'a self, account: &'a str, session: u128) -> Later<'a, bool>;
    /// What is known of a person; `None` for an account that is gone.
    fn person<'a>(&'a self, account: &'a str) -> Later<'a, Option<Person>>;
    /// Ends a session because the person asked a store to; calls [`super::session_ended`].
    fn end<'a>(&'a self, account: &'a str, session: u128) -> Later<'a, ()>;
}
