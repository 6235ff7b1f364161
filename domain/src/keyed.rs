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

impl EventKey {
    /// 64 bits of it, for a place among one account's few.
    #[expect(clippy::cast_possible_truncation, reason = "cutting is the purpose")]
    pub(crate) const fn cut(self) -> u64 {
        (self.0 ^ (self.0 >> 64)) as u64
    }
}

/// How a short hash is packed: as eight bytes, since the packed form spends ten on a large number.
pub(crate) mod whole {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "as serde hands it")]
    pub(crate) fn serialize<S: Serializer>(hash: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
        hash.map(u64::to_le_bytes).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
        Ok(Option::<[u8; 8]>::deserialize(from)?.map(u64::from_le_bytes))
    }
}

/// Values up to this length are hashed in one piece: several times as fast as in parts.
const JOINED_MAX: usize = 512;

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
        let hash = self.hash(field, value);
        u128::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 16]))
    }

    /// 64 bits: for facts of which each account or counter table holds few.
    pub fn short(&self, field: Field, value: &[u8]) -> u64 {
        let hash = self.hash(field, value);
        u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 8]))
    }

    /// 32 bits of a word of a title: a category where none is given.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is what is kept")]
    pub fn word(&self, word: &str) -> u32 {
        self.short(Field::Category, word.as_bytes()) as u32
    }

    fn hash(&self, field: Field, value: &[u8]) -> blake3::Hash {
        let mut joined = [0; JOINED_MAX];
        if let Some(joined) = joined.get_mut(..=value.len())
            && let Some((first, rest)) = joined.split_first_mut()
        {
            *first = field as u8;
            rest.copy_from_slice(value);
            return blake3::keyed_hash(&self.key, joined);
        }
        blake3::Hasher::new_keyed(&self.key).update(&[field as u8]).update(value).finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_values_hash_alike() {
        let hasher = KeyedHasher::new([3; 32]);
        for length in [0, 1, JOINED_MAX - 1, JOINED_MAX, 5 * JOINED_MAX] {
            let value = vec![b'v'; length];
            let slow = blake3::Hasher::new_keyed(&[3; 32])
                .update(&[Field::Email as u8])
                .update(&value)
                .finalize();
            assert_eq!(hasher.hash(Field::Email, &value), slow, "{length} bytes");
        }
    }

    #[test]
    fn the_same_text_is_another_value_in_another_field() {
        let hasher = KeyedHasher::new([3; 32]);
        assert_ne!(hasher.short(Field::Email, b"a"), hasher.short(Field::Phone, b"a"));
        assert_ne!(hasher.wide(Field::Account, b"a"), hasher.wide(Field::Event, b"a"));
    }
}
