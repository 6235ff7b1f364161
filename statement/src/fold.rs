//! One spelling for the many that issuers print of the same shop.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// Folds a name for comparison: NFKC (half-width kana, full-width letters), upper case, katakana
/// in place of hiragana, full kana in place of small ones (issuers print `シーオージェーピー` and
/// `シーオージエーピー`), the dash after kana as a long vowel, and nothing but letters and digits.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let normal: Cow<'_, str> =
        if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) };
    for letter in normal.chars().flat_map(char::to_uppercase) {
        let letter = full_kana(letter);
        if is_dash(letter) && out.chars().next_back().is_some_and(is_kana) {
            out.push('ー');
        } else if letter.is_alphanumeric() && letter != 'ー' {
            out.push(letter);
        }
    }
    out
}

/// The name as it is shown: NFKC, one blank between words, card numbers masked, no control
/// characters (a terminal would obey them).
pub fn shown(text: &str) -> String {
    let text = text.trim();
    let normal: Cow<'_, str> =
        if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) };
    let visible: String =
        normal.chars().map(|letter| if is_invisible(letter) { ' ' } else { letter }).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    masked(&words.join(" "))
}

/// Control characters, and the format characters that reorder or hide text.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | 'ー' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{30a1}'..='\u{30fc}')
}

fn full_kana(letter: char) -> char {
    let katakana = match letter {
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(letter) + 0x60).unwrap_or(letter),
        _ => letter,
    };
    match katakana {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        other => other,
    }
}

/// Runs of 13 to 19 digits that a card number could be (ISO/IEC 7812 check digit), with blanks and
/// hyphens between, keep their last four (PCI DSS 3.4.1).
fn masked(text: &str) -> String {
    if text.bytes().filter(u8::is_ascii_digit).count() < 13 {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        let belongs = letter.is_ascii_digit() || (!run.is_empty() && matches!(letter, ' ' | '-'));
        if belongs {
            run.push(letter);
            continue;
        }
        flush(&mut run, &mut out);
        if letter != '\n' {
            out.push(letter);
        }
    }
    out
}

fn flush(run: &mut String, out: &mut String) {
    let digits: Vec<u8> =
        run.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    // First digits of the card networks; those of the 2 series have 16.
    let network = match digits.first() {
        Some(3..=6) => (13..=19).contains(&digits.len()),
        Some(2) => digits.len() == 16,
        _ => false,
    };
    if network && passes_luhn(&digits) {
        out.push_str("•••• ");
        out.extend(digits.iter().skip(digits.len() - 4).map(|digit| char::from(digit + b'0')));
        out.extend(run.chars().rev().take_while(|last| !last.is_ascii_digit()));
    } else {
        out.push_str(run);
    }
    run.clear();
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let doubled = u32::from(*digit) * if at % 2 == 1 { 2 } else { 1 };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_many_spellings_of_one_shop_fold_to_one() {
        let spelt = [
            "アマゾン　シーオージェーピー",
            "ｱﾏｿﾞﾝ ｼｰｵｰｼﾞｴｰﾋﾟｰ",
            "アマゾン　シ－オ－ジエ－ピ－",
            "あまぞん シーオージェーピー",
        ];
        for name in spelt {
            assert_eq!(fold(name), fold("アマゾンシーオージェーピー"), "{name}");
        }
        assert_eq!(fold("ＡＭＡＺＯＮ．ＣＯ．ＪＰ"), "AMAZONCOJP");
        assert_eq!(fold("Amazon.co.jp*M12AB3CD4"), "AMAZONCOJPM12AB3CD4");
    }

    #[test]
    fn what_is_shown_has_no_card_number_and_nothing_a_terminal_obeys() {
        assert_eq!(shown("PAY 4111 1111 1111 1111 X"), "PAY •••• 1111 X");
        assert_eq!(shown("order 250-1234567-1234567"), "order 250-1234567-1234567");
        assert_eq!(shown("ﾃｽﾄ\u{1b}[31m\u{202e} 店"), "テスト [31m 店");
    }
}
