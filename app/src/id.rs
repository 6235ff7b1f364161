//! Ids as people and stores see them: a prefix that says what it is, and a `UUIDv7` in base32.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};

/// Crockford's alphabet in lower case; capitals and the look-alikes `o`, `i`, `l` are read too.
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut alphabet = Specification::new();
    alphabet.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    alphabet.translate.from.push_str("ABCDEFGHJKMNPQRSTVWXYZoOiIlL");
    alphabet.translate.to.push_str("abcdefghjkmnpqrstvwxyz001111");
    #[expect(clippy::expect_used, reason = "a constant alphabet, tried in a test")]
    alphabet.encoding().expect("the alphabet is sound")
});

/// `prefix` (without underscore) and 26 characters for 128 bits: `dec_06ax…`.
pub fn show(prefix: &str, id: u128) -> String {
    let mut shown = String::with_capacity(prefix.len() + 27);
    shown.push_str(prefix);
    shown.push('_');
    BASE32.encode_append(&id.to_be_bytes(), &mut shown);
    shown
}

/// Reads what [`show`] wrote; `None` for another prefix or a text that is no id.
pub fn read(prefix: &str, shown: &str) -> Option<u128> {
    let encoded = shown.strip_prefix(prefix)?.strip_prefix('_')?;
    let bytes = BASE32.decode(encoded.as_bytes()).ok()?;
    Some(u128::from_be_bytes(bytes.try_into().ok()?))
}

/// `bytes` in the same alphabet, for secrets and short names.
pub fn base32(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_reads_back_as_itself(id: u128) {
            let shown = show("dec", id);
            prop_assert_eq!(shown.len(), 30);
            prop_assert_eq!(read("dec", &shown), Some(id));
            prop_assert_eq!(read("dec", &shown.replace("dec_", "acc_")), None);
        }

        #[test]
        fn rubbish_is_no_id(text in "\\PC{0,40}") {
            prop_assert!(read("dec", &text).is_none());
        }
    }

    #[test]
    fn an_id_typed_in_capitals_is_the_same_id() {
        let shown = show("dec", 0x0198_0000_0000_7000_8000_0000_0000_0001);
        let typed = format!("dec_{}", shown.trim_start_matches("dec_").to_uppercase());
        assert_eq!(read("dec", &typed), read("dec", &shown));
    }
}
