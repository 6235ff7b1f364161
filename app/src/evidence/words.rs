//! Text, CSV and mail: read, and the numbers of cards in it masked (R16).

use super::Refused;
use crate::cases::report::masked;

/// Words with which something begins that a browser would run, or unpack.
const MARKUP: [&str; 7] = ["<!doctype", "<html", "<svg", "<script", "<?xml", "<iframe", "<object"];

/// The text in UTF-8; text in Japan's older encoding (CP932) is read as well.
pub(super) fn clean(bytes: &[u8]) -> Result<String, Refused> {
    let text = if let Ok(text) = std::str::from_utf8(bytes) {
        text.to_owned()
    } else {
        let (text, _, failed) = encoding_rs::SHIFT_JIS.decode(bytes);
        if failed {
            return Err(Refused::Kind);
        }
        text.into_owned()
    };
    let text = text.trim_start_matches('\u{feff}');
    let is_text = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t');
    if !text.chars().all(is_text) || text.trim().is_empty() {
        return Err(Refused::Kind);
    }
    // A mail carries its own HTML, which is shown as text; a file that is markup is none of ours.
    let start: String = text.trim_start().chars().take(512).collect();
    let start = start.to_ascii_lowercase();
    if MARKUP.iter().any(|word| start.starts_with(word)) {
        return Err(Refused::Active);
    }
    Ok(masked(text))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::{FILE_MAX, Kind, Refused, take};

    fn text_of(bytes: &[u8]) -> String {
        let clean = take(bytes).unwrap();
        assert_eq!(clean.kind, Kind::Text);
        String::from_utf8(clean.bytes).unwrap()
    }

    #[test]
    fn r16_a_statement_as_csv_is_kept_without_the_cards_number() {
        let csv =
            "ご利用日,ご利用内容,金額,カード\n2026/06/03,アマゾン,\"4,800\",4111-1111-1111-1111\n";
        let kept = text_of(csv.as_bytes());
        assert!(kept.contains("4,800") && kept.contains("••••1111"), "{kept}");
        assert!(!kept.contains("4111-1111"));
        let (old, ..) = encoding_rs::SHIFT_JIS.encode(csv);
        assert_eq!(text_of(&old), kept, "CP932 as well");
    }

    #[test]
    fn t11_markup_archives_and_programs_are_refused() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        for (file, why) in [
            (svg.as_bytes(), Refused::Active),
            (b"  <!DOCTYPE html><script>1</script>".as_slice(), Refused::Active),
            (b"PK\x03\x04\x14\0\0\0", Refused::Kind),
            (b"\x7fELF\x02\x01\x01\0", Refused::Kind),
            (b"GIF89a\x01\0\x01\0", Refused::Kind),
            (b"\xff\xfe\x80\x81\xfd", Refused::Kind),
            (b"", Refused::Empty),
            (b" \n ", Refused::Kind),
        ] {
            assert_eq!(take(file).err(), Some(why), "{file:?}");
        }
        assert_eq!(take(&vec![b'a'; FILE_MAX + 1]).err(), Some(Refused::TooLarge));
    }
}
