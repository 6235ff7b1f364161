//! What an `OpenID` provider decides: where an answer may go, when a sign-in is wanted, what a code
//! or a refresh token is worth now, and which key signs.

pub mod grant;
pub mod key;
pub mod prompt;
pub mod redirect;
