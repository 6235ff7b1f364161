//! Text and keys that are never shown, and wiped when dropped.

use zeroize::Zeroizing;

/// A text such as a password or a code that somebody typed or will be shown once.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes `text` over.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one place that must have it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A key of 32 bytes that is kept outside the database.
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// Takes `key` over.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The key, for the one place that must have it.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A keyed hash of `parts` under `key`; each part is framed by its length, so that none can flow
/// into the next.
pub(crate) fn keyed(key: &SecretKey, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key.expose());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    *hasher.finalize().as_bytes()
}
