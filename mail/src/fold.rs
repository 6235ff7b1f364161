//! One spelling for what is written to look alike.

use unicode_normalization::UnicodeNormalization as _;

/// NFKC, in lower case, without characters that nobody sees and accents set on top.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|sign| !is_unseen(*sign)).collect()
}

/// What a reader takes the text for: look-alikes become one letter (UTS 39 §4).
pub(crate) fn skeleton(text: &str) -> String {
    let folded = fold(text);
    let skeleton: String = unicode_security::skeleton(&folded).collect();
    let lower = skeleton.chars().flat_map(char::to_lowercase).filter(|sign| !is_unseen(*sign));
    // A capital I is written for an l; in lower case they have parted.
    lower.map(|sign| if sign == 'i' { 'l' } else { sign }).collect()
}

/// Takes no room, or sits on the letter before.
pub(crate) const fn is_unseen(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{180e}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{3164}'
    )
}

/// Hidden or stacked characters, as nobody types them: zero-width within words, direction marks,
/// letters of another alphabet among Latin ones.
pub(crate) fn is_disguised(text: &str) -> bool {
    use unicode_security::mixed_script::AugmentedScriptSet;
    let unseen = text.chars().filter(|sign| is_unseen(*sign) && *sign != '\u{fe0f}').count();
    if unseen > 0 {
        return true;
    }
    let has_latin = text.chars().any(|sign| sign.is_ascii_alphabetic());
    let words = text.split(|sign: char| !sign.is_alphabetic());
    has_latin
        && words.into_iter().any(|word| {
            let latin = word.chars().any(|sign| sign.is_ascii_alphabetic());
            let other = word.chars().any(is_of_a_look_alike_alphabet);
            latin && other && AugmentedScriptSet::for_str(word).is_empty()
        })
}

/// Cyrillic, Greek, Armenian, Cherokee and mathematical letters: those that pass for Latin ones.
const fn is_of_a_look_alike_alphabet(sign: char) -> bool {
    matches!(sign, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{1d400}'..='\u{1d7ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_one_spelling() {
        for written in ["аmazon", "arnazon", "Amazon", "Ａｍａｚｏｎ", "a\u{200b}mazon"] {
            assert_eq!(skeleton(written), skeleton("amazon"), "{written}");
        }
        assert_eq!(skeleton("Iedger"), skeleton("ledger"));
        assert_eq!(fold("アマゾン"), fold("ｱﾏｿﾞﾝ"));
    }

    #[test]
    fn only_disguises_are_disguised() {
        for plain in
            ["Amazon.co.jp", "アマゾン Prime", "Grüße", "Müller & Söhne", "日本語とEnglish"]
        {
            assert!(!is_disguised(plain), "{plain}");
        }
        for written in ["Pаypal", "Ama\u{200b}zon", "\u{202e}lapyaP"] {
            assert!(is_disguised(written), "{written}");
        }
    }
}
