//! Passwords: what is accepted, how strong it is, and how it is kept (SP 800-63B-4 §3.1.1).

mod brought_along;
mod hasher;
mod rules;
mod strength;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

pub use hasher::{Cost, Hasher, Pepper, Unreadable, Verified};
pub use rules::{Rules, Weakness};
pub use strength::Strength;

/// A password as it was typed, and in NFKC: ours are hashed normalised, so that the same keys give
/// the same password on every keyboard; hashes brought along were made of what was typed.
pub struct Password {
    typed: Zeroizing<String>,
    normal: Zeroizing<String>,
}

/// Longer input is cut off before any work is done for it; far above [`Rules::chars_max`].
const BYTES_MAX: usize = 4_096;

impl Password {
    /// Takes what was typed; `None` when it is longer than any password can be.
    pub fn read(typed: String) -> Option<Self> {
        let typed = Zeroizing::new(typed);
        if typed.len() > BYTES_MAX {
            return None;
        }
        let normal = Zeroizing::new(typed.nfkc().collect());
        Some(Self { typed, normal })
    }

    fn typed(&self) -> &str {
        &self.typed
    }

    fn normal(&self) -> &str {
        &self.normal
    }
}

/// Whether a hash that a store brings along can be used; its work is not done.
///
/// # Errors
/// [`Unreadable`]
pub fn readable(kept: &str) -> Result<(), Unreadable> {
    hasher::readable(kept)
}
