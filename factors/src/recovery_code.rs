//! Recovery codes (SP 800-63B-4 §4.2.1: at least 64 bits, hashed, one use, replaced as a set).
//!
//! A keyed hash is enough where a password needs Argon2: 80 random bits cannot be tried out, with
//! or without the key.

use domain::keyed::AccountKey;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::secret::{SecretKey, SecretText, keyed};
use crate::{Chance, typed};

/// Codes in a set.
pub const COUNT: usize = 10;
/// Letters of a code: 16 of 5 bits.
const LETTERS: usize = 16;
/// Crockford's base32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A set as it is kept. A new set takes the place of the old one whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    hashes: Vec<[u8; 32]>,
}

impl RecoveryCodes {
    /// Draws a set for `account`: the codes to show once, in groups of four, and what is kept.
    pub fn draw(
        key: &SecretKey,
        account: AccountKey,
        chance: Chance<'_>,
    ) -> (Vec<SecretText>, Self) {
        let codes: Vec<SecretText> = (0..COUNT).map(|_| draw_one(chance)).collect();
        let hash_of = |code: &SecretText| hash(key, account, &code.expose().replace('-', ""));
        let hashes = codes.iter().map(hash_of).collect();
        (codes, Self { hashes })
    }

    /// How many are unused.
    pub fn left(&self) -> usize {
        self.hashes.len()
    }

    /// The set without the code that was `typed`; `None` when it is none of them. Store the set in
    /// the transaction that grants what was asked for.
    #[must_use]
    pub fn spend(&self, key: &SecretKey, account: AccountKey, typed: &str) -> Option<Self> {
        let code = read(typed)?;
        let wanted = hash(key, account, &code);
        let differs = |kept: &&[u8; 32]| !bool::from(kept.ct_eq(&wanted));
        let hashes: Vec<_> = self.hashes.iter().filter(differs).copied().collect();
        (hashes.len() < self.hashes.len()).then_some(Self { hashes })
    }
}

fn draw_one(chance: Chance<'_>) -> SecretText {
    let mut bytes = [0; LETTERS];
    chance(&mut bytes);
    let mut code = String::with_capacity(LETTERS + 3);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        // 32 letters divide 256: each is as likely as the other.
        code.extend(ALPHABET.get(usize::from(byte % 32)).map(|letter| char::from(*letter)));
    }
    SecretText::new(code)
}

/// What was typed, with the letters that are read for others put right (Crockford).
fn read(typed: &str) -> Option<String> {
    let code: String = typed::letters(typed)?
        .chars()
        .map(|letter| match letter {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let is_code = code.len() == LETTERS && code.bytes().all(|byte| ALPHABET.contains(&byte));
    is_code.then_some(code)
}

fn hash(key: &SecretKey, account: AccountKey, code: &str) -> [u8; 32] {
    keyed(key, &[b"recovery code", &account.0.to_le_bytes(), code.as_bytes()])
}
