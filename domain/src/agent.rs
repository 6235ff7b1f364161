//! What a user agent claims to be.
