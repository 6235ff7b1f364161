//! One-time codes by SMS, voice and mail (R42, ASVS 6.5): six digits, kept as a hash only.
//!
//! Whether a code may still be tried is [`domain::challenge`]'s to say: life, tries and one use.
//! Here is only whether it is the right one.

use domain::challenge::Binding;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::secret::{SecretKey, SecretText, keyed};
use crate::{Chance, typed};

/// Digits of a code: 20 bits (ASVS 6.5.3), which the five tries of a challenge make enough.
pub const DIGITS: usize = 6;
const CODES: u32 = 1_000_000;

/// A code as it is kept: useless without the key, which stays outside the database, and without the
/// very account, session and act it was made for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

/// Draws a code for `binding`; the code goes to the outbox, sealed, the hash beside the challenge.
pub fn draw(key: &SecretKey, binding: &Binding, chance: Chance<'_>) -> (SecretText, CodeHash) {
    let code = format!("{:06}", uniform(chance));
    let mut salt = [0; 16];
    chance(&mut salt);
    let hash = hash(key, &salt, binding, &code);
    (SecretText::new(code), CodeHash { salt, hash })
}

/// Whether what was `typed` for `binding` is the code. Takes the same time for every wrong code.
pub fn is_right(key: &SecretKey, kept: &CodeHash, binding: &Binding, typed: &str) -> bool {
    typed::digits(typed, DIGITS)
        .is_some_and(|code| hash(key, &kept.salt, binding, &code).ct_eq(&kept.hash).into())
}

/// The last line of a text message: the origin-bound form (WICG "Origin-bound one-time codes"), by
/// which a browser fills in the code at `domain` and nowhere else. `domain` is a bare host name.
pub fn bound_line(domain: &str, code: &SecretText) -> SecretText {
    SecretText::new(format!("@{domain} #{}", code.expose()))
}

fn hash(key: &SecretKey, salt: &[u8; 16], binding: &Binding, code: &str) -> [u8; 32] {
    let account = binding.account.0.to_le_bytes();
    let session = binding.session.to_le_bytes();
    let parts: [&[u8]; 6] =
        [b"one-time code", salt, &account, &session, &binding.action, code.as_bytes()];
    keyed(key, &parts)
}

/// A number below a million, each as likely as the other: what would be more than whole rounds is
/// drawn again.
fn uniform(chance: Chance<'_>) -> u32 {
    let limit = u32::MAX - u32::MAX % CODES;
    loop {
        let mut bytes = [0; 4];
        chance(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        if number < limit {
            return number % CODES;
        }
    }
}
