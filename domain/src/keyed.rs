//! Keyed hashes: equal values are recognised, and none can be read back or guessed without the key.

use serde::{Deserialize, Serialize};

/// What kind of value a hash stands for; the same text hashes differently in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after the value it hashes")]
pub enum Field {
    Account,
    Event,
    Ip,
    Network,
    UserAgent,
    Browser,
    System,
    Device,
    Session,
    Ja4,
    Email,
    Phone,
    Name,
    Address,
    Card,
    PaymentToken,
    BankAccount,
    Secret,
    Order,
    Sku,
    Category,
    Seller,
    Shipment,
    Other,
}

/// An account, as a keyed hash of the id the store gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountKey(pub u128);

/// An event, as a keyed hash of the id the store gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventKey(pub u128);

/// Hashes values under one secret of the instance.
#[derive(Clone)]
pub struct KeyedHasher {
    key: [u8; 32],
}

impl KeyedHasher {
    /// A hasher under `key`. Two instances with the same key recognise each other's values.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// 128 bits: for identities, where a collision would merge two accounts or two events.
    pub fn wide(&self, field: Field, value: &[u8]) -> u128 {
        let mut wide = [0; 16];
        self.fill(field, value, &mut wide);
        u128::from_le_bytes(wide)
    }

    /// 64 bits: for facts of which each account or counter table holds few.
    pub fn short(&self, field: Field, value: &[u8]) -> u64 {
        let mut short = [0; 8];
        self.fill(field, value, &mut short);
        u64::from_le_bytes(short)
    }

    /// 32 bits of a word of a title: a category where none is given.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is what is kept")]
    pub fn word(&self, word: &str) -> u32 {
        self.short(Field::Category, word.as_bytes()) as u32
    }

    fn fill(&self, field: Field, value: &[u8], out: &mut [u8]) {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&[field as u8]);
        hasher.update(value);
        hasher.finalize_xof().fill(out);
    }
}
