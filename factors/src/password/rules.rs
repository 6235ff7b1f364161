//! Length and blocklist, nothing else: no composition rules, no rotation (SP 800-63B-4 §3.1.1.2).

use super::Password;

/// What a new password has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Fewest characters, counted in NFKC.
    pub chars_min: usize,
    /// Most characters.
    pub chars_max: usize,
}

impl Rules {
    /// With a second factor.
    pub const WITH_SECOND_FACTOR: Self = Self { chars_min: 8, chars_max: 256 };
    /// Where the password is all there is.
    pub const ALONE: Self = Self { chars_min: 15, chars_max: 256 };
}

/// Why a password is not taken; the first that holds, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer characters than the rules want.
    #[error("too short")]
    TooShort {
        /// The fewest.
        chars_min: usize,
    },
    /// More than they allow.
    #[error("too long")]
    TooLong {
        /// The most.
        chars_max: usize,
    },
    /// Little more than the store's or the owner's own name.
    #[error("made of a word that is known of the account")]
    ContextWord,
    /// In a list of passwords that are out (R41).
    #[error("in a list of breached passwords")]
    Breached,
}

/// Context words shorter than this are no obstacle.
const WORD_CHARS_MIN: usize = 4;
/// So many characters beside a context word make it the owner's own.
const OWN_CHARS_MIN: usize = 6;

impl Rules {
    /// Whether `password` may be set. `context`: the store's name, the mail address's local part,
    /// the owner's names. `is_breached` is asked last, with the password in NFKC.
    ///
    /// # Errors
    /// [`Weakness`]
    pub fn check(
        &self,
        password: &Password,
        context: &[&str],
        is_breached: &dyn Fn(&str) -> bool,
    ) -> Result<(), Weakness> {
        let text = password.normal();
        let chars = text.chars().count();
        if chars < self.chars_min {
            return Err(Weakness::TooShort { chars_min: self.chars_min });
        }
        if chars > self.chars_max {
            return Err(Weakness::TooLong { chars_max: self.chars_max });
        }
        if context.iter().any(|word| leans_on(text, word)) {
            return Err(Weakness::ContextWord);
        }
        if is_breached(text) { Err(Weakness::Breached) } else { Ok(()) }
    }
}

fn leans_on(password: &str, word: &str) -> bool {
    let word = word.trim().to_lowercase();
    if word.chars().count() < WORD_CHARS_MIN {
        return false;
    }
    let password = zeroize::Zeroizing::new(password.to_lowercase());
    let rest = zeroize::Zeroizing::new(password.replace(&word, ""));
    rest.len() < password.len() && rest.chars().count() < OWN_CHARS_MIN
}
