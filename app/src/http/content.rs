//! A number for what an event says: equal for equal JSON, whatever the order of its fields.
//!
//! Kept in the log to tell a repetition from a contradiction, so it must never change: FNV-1a over
//! leaves, `SplitMix64` to spread them, and a sum over the fields of an object. It guards against
//! mistakes, not against the store, which may send what it likes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The content of `json`, which has been parsed before. The field `mode` at the top is how an event
/// is asked about, not what happened.
pub(super) fn content_of(json: &[u8]) -> u64 {
    let mut reader = serde_json::Deserializer::from_slice(json);
    (Leaf { top: true }).deserialize(&mut reader).unwrap_or_default()
}

/// Hashes one value.
#[derive(Clone, Copy)]
struct Leaf {
    top: bool,
}

const INNER: Leaf = Leaf { top: false };

fn hash(kind: u8, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    spread(bytes.iter().fold(fnv(start, &kind), fnv))
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
const fn spread(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl<'de> DeserializeSeed<'de> for Leaf {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<u64, E> {
        Ok(hash(0, &[]))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<u64, E> {
        Ok(hash(1, &[u8::from(value)]))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<u64, E> {
        Ok(hash(2, &i128::from(value).to_le_bytes()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<u64, E> {
        Ok(hash(2, &i128::from(value).to_le_bytes()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<u64, E> {
        Ok(hash(3, &value.to_bits().to_le_bytes()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<u64, E> {
        Ok(hash(4, value.as_bytes()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<u64, A::Error> {
        let mut hashes = hash(5, &[]);
        while let Some(item) = items.next_element_seed(INNER)? {
            hashes = spread(hashes.rotate_left(5) ^ item);
        }
        Ok(hashes)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<u64, A::Error> {
        let mode = hash(4, b"mode");
        let mut sum = hash(6, &[]);
        while let Some(name) = fields.next_key_seed(INNER)? {
            let value = fields.next_value_seed(INNER)?;
            if !(self.top && name == mode) {
                sum = sum.wrapping_add(spread(name.rotate_left(17) ^ spread(value)));
            }
        }
        Ok(spread(sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"event_id":"e","account":{"id":"u","roles":["buyer","seller"]},"n":1}"#;

    fn content(json: &str) -> u64 {
        content_of(json.as_bytes())
    }

    #[test]
    fn the_order_of_fields_and_white_space_do_not_matter() {
        let other = r#" { "n": 1, "account": {"roles": ["buyer", "seller"], "id": "u"},
            "event_id": "\u0065" } "#;
        assert_eq!(content(EVENT), content(other));
    }

    #[test]
    fn how_it_is_asked_about_does_not_matter_but_a_property_of_that_name_does() {
        assert_eq!(content(r#"{"a":1,"mode":"shadow"}"#), content(r#"{"a":1}"#));
        assert_ne!(content(r#"{"p":{"mode":"dark"}}"#), content(r#"{"p":{}}"#));
    }

    #[test]
    fn every_change_of_content_is_seen() {
        let changed = [
            EVENT.replace("\"u\"", "\"v\""),
            EVENT.replace("\"n\":1", "\"n\":2"),
            EVENT.replace("\"n\":1", "\"n\":1.0"),
            EVENT.replace("\"n\":1", "\"n\":\"1\""),
            EVENT.replace("\"n\":1", "\"n\":null"),
            EVENT.replace("[\"buyer\",\"seller\"]", "[\"seller\",\"buyer\"]"),
            EVENT.replace("[\"buyer\",\"seller\"]", "[\"buyer\"]"),
            EVENT.replace("\"id\"", "\"event_id\"").replacen("\"event_id\"", "\"id\"", 1),
        ];
        let mut contents: Vec<u64> = changed.iter().map(|json| content(json)).collect();
        contents.push(content(EVENT));
        contents.sort_unstable();
        contents.dedup();
        assert_eq!(contents.len(), changed.len() + 1);
    }

    #[test]
    fn the_number_is_the_one_in_the_log_for_ever() {
        assert_eq!(content(EVENT), 6_010_782_381_659_047_251);
    }
}
