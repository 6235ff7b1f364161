//! Is it the owner? Passwords, one-time codes, TOTP, passkeys, recovery codes and contacts.
//!
//! Pure functions over values: nothing here touches storage, HTTP, a clock or a source of chance.
//! The time of day comes in as [`domain::time::Micros`], chance as [`Chance`]. Secrets have neither
//! `Debug` nor `Serialize`, and are wiped when dropped. What goes wrong is a code, never a sentence
//! for people, and never carries what was typed.

pub mod mail_address;
pub mod one_time_code;
pub mod passkey;
pub mod password;
pub mod phone;
pub mod recovery_code;
pub mod secret;
pub mod totp;
pub mod typed;

/// Fills a buffer with unguessable bytes; `World::random` of the room `app`.
pub type Chance<'a> = &'a dyn Fn(&mut [u8]);
