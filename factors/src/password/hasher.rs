//! Argon2id, as a PHC string that says how it was made.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, KeyId, Params, ParamsBuilder, Version};

use super::{Password, brought_along};
use crate::Chance;
use crate::secret::SecretKey;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB; 8 to 1,048,576.
    pub memory_kib: u32,
    /// Passes over it; 1 to 32.
    pub passes: u32,
    /// Lanes; 1 to 16.
    pub lanes: u32,
}

impl Default for Cost {
    /// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

/// A key that goes into every hash and is kept outside the database (T19). Its number, 1 to 255,
/// stands in the PHC string, so that it can be changed.
pub struct Pepper {
    /// Which one.
    pub number: u8,
    /// The key.
    pub key: SecretKey,
}

/// Hashes and verifies passwords. This is what costs time and memory: call it from a bounded queue.
pub struct Hasher {
    cost: Cost,
    /// The current one first.
    peppers: Vec<Pepper>,
}

/// What came of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// The right password. Where it `needs_rehash`, hash it anew and keep that.
    Right {
        /// Other algorithm, cost or pepper than ours now.
        needs_rehash: bool,
    },
    /// Another password, or no such account.
    Wrong,
}

/// Why a hash cannot be used. Never carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not a form we read.
    #[error("not a password hash of a known form")]
    Form,
    /// A cost of zero or beyond what one sign-in may take.
    #[error("cost parameters out of bounds")]
    Cost,
    /// Made with a pepper that is not configured.
    #[error("made with pepper {0}, which is not configured")]
    Pepper(u8),
}

/// First byte of `keyid` in hashes of ours; raise it when the meaning of the rest changes.
const OURS: u8 = 1;

impl Hasher {
    /// Checks `cost`; the first of `peppers` is used for new hashes, the others for old ones.
    ///
    /// # Errors
    /// [`Unreadable::Cost`], or [`Unreadable::Pepper`] for the number 0 or one used twice.
    pub fn new(cost: Cost, peppers: Vec<Pepper>) -> Result<Self, Unreadable> {
        for (at, pepper) in peppers.iter().enumerate() {
            let is_twice = peppers.iter().skip(at + 1).any(|other| other.number == pepper.number);
            if pepper.number == 0 || is_twice {
                return Err(Unreadable::Pepper(pepper.number));
            }
        }
        let hasher = Self { cost, peppers };
        bounded(&hasher.params()?)?;
        Ok(hasher)
    }

    /// The PHC string of `password` under a fresh salt.
    ///
    /// # Errors
    /// [`Unreadable::Cost`] when the memory cannot be had.
    pub fn hash(&self, password: &Password, chance: Chance<'_>) -> Result<String, Unreadable> {
        let mut salt = [0; 16];
        chance(&mut salt);
        self.hash_with(password, &salt)
    }

    fn hash_with(&self, password: &Password, salt: &[u8; 16]) -> Result<String, Unreadable> {
        let hash = self
            .argon2(self.current(), self.params()?)?
            .hash_password_with_salt(password.normal().as_bytes(), salt)
            .map_err(|_| Unreadable::Cost)?;
        Ok(hash.to_string())
    }

    /// Compares. Without a `kept` hash (no such account, or none set) the work of a comparison is
    /// done all the same, so that time tells nothing (ASVS 6.3.8).
    ///
    /// # Errors
    /// [`Unreadable`]: a hash we cannot use; tell the operator, answer as for [`Verified::Wrong`].
    pub fn verify(&self, password: &Password, kept: Option<&str>) -> Result<Verified, Unreadable> {
        let Some(kept) = kept else {
            self.hash_with(password, &[0; 16])?;
            return Ok(Verified::Wrong);
        };
        if !kept.starts_with("$argon2") {
            let is_right = brought_along::verify(password.typed(), kept)?;
            let right = Verified::Right { needs_rehash: true };
            return Ok(if is_right { right } else { Verified::Wrong });
        }
        let hash = PasswordHash::new(kept).map_err(|_| Unreadable::Form)?;
        let params = Params::try_from(&hash).map_err(|_| Unreadable::Form)?;
        bounded(&params)?;
        let (pepper, text) = match params.keyid() {
            [OURS, pepper] => (*pepper, password.normal()),
            _ => (0, password.typed()),
        };
        let is_ours_now = params == self.params()? && hash.algorithm == Algorithm::Argon2id.ident();
        match self.argon2(pepper, params)?.verify_password(text.as_bytes(), &hash) {
            Ok(()) => Ok(Verified::Right { needs_rehash: !is_ours_now }),
            Err(password_hash::Error::PasswordInvalid) => Ok(Verified::Wrong),
            Err(_) => Err(Unreadable::Form),
        }
    }

    fn current(&self) -> u8 {
        self.peppers.first().map_or(0, |pepper| pepper.number)
    }

    fn params(&self) -> Result<Params, Unreadable> {
        let keyid = KeyId::new(&[OURS, self.current()]).map_err(|_| Unreadable::Cost)?;
        ParamsBuilder::new()
            .m_cost(self.cost.memory_kib)
            .t_cost(self.cost.passes)
            .p_cost(self.cost.lanes)
            .output_len(32)
            .keyid(keyid)
            .build()
            .map_err(|_| Unreadable::Cost)
    }

    fn argon2(&self, pepper: u8, params: Params) -> Result<Argon2<'_>, Unreadable> {
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        if pepper == 0 {
            return Ok(Argon2::new(algorithm, version, params));
        }
        let found = self.peppers.iter().find(|one| one.number == pepper);
        let key = found.ok_or(Unreadable::Pepper(pepper))?.key.expose();
        Argon2::new_with_secret(key, algorithm, version, params).map_err(|_| Unreadable::Cost)
    }
}

/// A hash that was brought along must not cost more than a sign-in may.
fn bounded(params: &Params) -> Result<(), Unreadable> {
    let is_bounded = (8..=1_048_576).contains(&params.m_cost())
        && (1..=32).contains(&params.t_cost())
        && (1..=16).contains(&params.p_cost());
    if is_bounded { Ok(()) } else { Err(Unreadable::Cost) }
}

/// Whether a hash that a store brings along can be used, without doing its work: for the import.
///
/// # Errors
/// [`Unreadable`]
pub(super) fn readable(kept: &str) -> Result<(), Unreadable> {
    if !kept.starts_with("$argon2") {
        return brought_along::readable(kept);
    }
    let hash = PasswordHash::new(kept).map_err(|_| Unreadable::Form)?;
    Algorithm::try_from(hash.algorithm.as_str()).map_err(|_| Unreadable::Form)?;
    if hash.salt.is_none() || hash.hash.is_none() {
        return Err(Unreadable::Form);
    }
    bounded(&Params::try_from(&hash).map_err(|_| Unreadable::Form)?)
}
