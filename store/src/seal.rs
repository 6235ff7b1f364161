//! Sealing: AES-256-GCM under keys that nothing can print.
//!
//! A sealed value is bound to its place (table, account, position), so that rows cannot be
//! swapped. The master key, which lives outside the database, seals the root key; the root key
//! seals one data key an account and everything that belongs to no account.

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::rand::{SecureRandom, SystemRandom};

use crate::StoreError;

/// Format of a sealed value: this byte, 12 bytes of nonce, ciphertext, 16 bytes of tag.
const FORMAT: u8 = 1;
/// What sealing adds to a value.
const SEALING_BYTES: usize = 1 + NONCE_LEN + 16;

/// 256 secret bytes of key; never shown, never serialised.
#[derive(Clone)]
pub(crate) struct SecretKey([u8; 32]);

/// Where a sealed value lives: it opens nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// Table and column.
    pub(crate) table: &'static str,
    /// Account, or whatever else leads the row's key; 0 for none.
    pub(crate) account: u128,
    /// Position or number of the row; 0 for none.
    pub(crate) position: u64,
}

impl Place {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.table.as_bytes().to_vec();
        bytes.push(0);
        bytes.extend_from_slice(&self.account.to_be_bytes());
        bytes.extend_from_slice(&self.position.to_be_bytes());
        bytes
    }

    /// The row of this place contradicts what must hold.
    pub(crate) fn corrupt(&self) -> StoreError {
        StoreError::Corrupt { table: self.table, id: self.position.to_string() }
    }
}

impl SecretKey {
    /// A new key from the system's generator.
    pub(crate) fn random() -> Result<Self, StoreError> {
        Ok(Self(random_bytes()?))
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key for one purpose and epoch. Epochs keep the number of values under one key far below
    /// the 2³² at which random nonces wear out (NIST SP 800-38D §8.3).
    pub(crate) fn derive(&self, purpose: &'static str, epoch: u64) -> Result<Self, StoreError> {
        let prk: Prk = Salt::new(HKDF_SHA256, b"sekisho").extract(&self.0);
        let mut bytes = [0; 32];
        prk.expand(&[purpose.as_bytes(), b"\0", &epoch.to_be_bytes()], HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut bytes))
            .map_err(|_| broken())?;
        Ok(Self(bytes))
    }

    /// Seals `plain` for `place`.
    pub(crate) fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE_LEN] = random_bytes()?;
        let mut sealed = Vec::with_capacity(plain.len() + SEALING_BYTES);
        sealed.extend_from_slice(plain);
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place.bytes()),
                &mut sealed,
            )
            .map_err(|_| broken())?;
        sealed.extend_from_slice(tag.as_ref());
        sealed.splice(..0, std::iter::once(FORMAT).chain(nonce));
        Ok(sealed)
    }

    /// Opens what was sealed for `place` under this key; anything else is `Corrupt`.
    pub(crate) fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let Some((&FORMAT, rest)) = sealed.split_first() else { return Err(place.corrupt()) };
        let Some((nonce, rest)) = rest.split_first_chunk::<NONCE_LEN>() else {
            return Err(place.corrupt());
        };
        let mut plain = rest.to_vec();
        let length = self
            .cipher()?
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(place.bytes()),
                &mut plain,
            )
            .map_err(|_| place.corrupt())?
            .len();
        plain.truncate(length);
        Ok(plain)
    }

    /// Opens a sealed key.
    pub(crate) fn open_key(&self, place: Place, sealed: &[u8]) -> Result<Self, StoreError> {
        let bytes = self.open(place, sealed)?;
        Ok(Self(bytes.try_into().map_err(|_| place.corrupt())?))
    }

    fn cipher(&self) -> Result<LessSafeKey, StoreError> {
        UnboundKey::new(&AES_256_GCM, &self.0).map(LessSafeKey::new).map_err(|_| broken())
    }
}

/// The key of an instance that lives outside its database: in a file or the environment.
#[derive(Clone)]
pub struct MasterKey(SecretKey);

impl MasterKey {
    /// A new key from the system's generator.
    pub fn random() -> Result<Self, StoreError> {
        SecretKey::random().map(Self)
    }

    /// Reads a key from base64 text of 32 bytes, as the environment carries it.
    pub fn from_text(text: &str) -> Result<Self, StoreError> {
        BASE64
            .decode(text.trim())
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(|bytes| Self(SecretKey(bytes)))
            .ok_or_else(|| StoreError::Setup("a master key is 32 bytes in base64".to_owned()))
    }

    /// Reads the key in the file at `path`, or makes a new key and the file (mode 0600).
    pub fn from_file_or_new(path: &Path) -> Result<Self, StoreError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_text(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::new_file(path),
            Err(error) => Err(StoreError::Setup(format!("the master key file: {error}"))),
        }
    }

    fn new_file(path: &Path) -> Result<Self, StoreError> {
        let key = Self::random()?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|mut file| {
                writeln!(file, "{}", BASE64.encode(key.0.bytes()))?;
                file.sync_all()
            })
            .map_err(|error| StoreError::Setup(format!("the master key file: {error}")))?;
        Ok(key)
    }

    /// Tells keys apart without telling anything about them.
    pub(crate) fn id(&self) -> Vec<u8> {
        let mut named = b"sekisho master key id\0".to_vec();
        named.extend_from_slice(self.0.bytes());
        digest(&SHA256, &named).as_ref().iter().take(8).copied().collect()
    }

    pub(crate) const fn secret(&self) -> &SecretKey {
        &self.0
    }
}

pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "the door for keys and nonces of this room")]
    let system = SystemRandom::new();
    system.fill(&mut bytes).map_err(|_| broken())?;
    Ok(bytes)
}

/// Only a broken system generator or impossible lengths come here.
fn broken() -> StoreError {
    StoreError::Setup("the system's cryptography does not work".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: Place = Place { table: "log.body", account: 7, position: 3 };

    proptest! {
        #[test]
        fn what_is_sealed_opens_again_and_nothing_of_it_shows(plain in prop::collection::vec(any::<u8>(), 8..200)) {
            let key = SecretKey::random().unwrap();
            let sealed = key.seal(HERE, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + SEALING_BYTES);
            prop_assert!(!sealed.windows(8).any(|window| plain.windows(8).any(|part| part == window)));
            prop_assert_eq!(key.open(HERE, &sealed).unwrap(), plain);
        }

        #[test]
        fn one_changed_bit_anywhere_is_refused(plain: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
            let key = SecretKey::random().unwrap();
            let mut sealed = key.seal(HERE, &plain).unwrap();
            let at = at.index(sealed.len());
            *sealed.get_mut(at).unwrap() ^= 1 << bit;
            let refused = matches!(key.open(HERE, &sealed), Err(StoreError::Corrupt { .. }));
            prop_assert!(refused);
        }

        #[test]
        fn rubbish_is_refused(bytes: Vec<u8>) {
            let opened = SecretKey::random().unwrap().open(HERE, &bytes);
            let refused = matches!(opened, Err(StoreError::Corrupt { table: "log.body", .. }));
            prop_assert!(refused);
        }
    }

    #[test]
    fn a_sealed_value_opens_at_its_own_place_and_under_its_own_key_only() {
        let key = SecretKey::random().unwrap();
        let sealed = key.seal(HERE, b"plain").unwrap();
        for elsewhere in [
            Place { table: "outbox.body", ..HERE },
            Place { account: 8, ..HERE },
            Place { position: 4, ..HERE },
        ] {
            assert!(key.open(elsewhere, &sealed).is_err());
        }
        assert!(SecretKey::random().unwrap().open(HERE, &sealed).is_err());
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let key = SecretKey::random().unwrap();
        assert_ne!(key.seal(HERE, b"plain").unwrap(), key.seal(HERE, b"plain").unwrap());
    }

    #[test]
    fn derived_keys_differ_by_purpose_and_epoch_and_stay_the_same() {
        let key = SecretKey([7; 32]);
        let derived = |purpose, epoch| *key.derive(purpose, epoch).unwrap().bytes();
        assert_eq!(derived("a", 1), derived("a", 1));
        assert_ne!(derived("a", 1), derived("a", 2));
        assert_ne!(derived("a", 1), derived("b", 1));
    }
}
