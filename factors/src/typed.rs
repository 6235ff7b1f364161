//! What people type into a box for a code: full-width, with spaces and hyphens of every kind.

use unicode_normalization::UnicodeNormalization as _;

/// More characters than this are no code; nothing is done with them.
const CHARS_MAX: usize = 64;

/// The digits of a code of `length` digits; `None` when it is something else.
pub fn digits(typed: &str, length: usize) -> Option<String> {
    let code = letters(typed)?;
    let is_code = code.len() == length && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}

/// `typed` in NFKC and capitals, without blanks and separators; `None` when it is too long.
pub(crate) fn letters(typed: &str) -> Option<String> {
    if typed.chars().nth(CHARS_MAX).is_some() {
        return None;
    }
    let code = typed.nfkc().filter(|letter| !is_separator(*letter));
    Some(code.flat_map(char::to_uppercase).collect())
}

/// Blanks, hyphens and dashes, the long vowel mark that a Japanese keyboard gives for a hyphen, and
/// marks without width that come along when a code is copied.
pub(crate) fn is_separator(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(letter, 'ー' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let writings = [
            "012345",
            "012 345",
            " 012-345\n",
            "０１２３４５",
            "０１２　３４５",
            "0 1 2 3 4 5",
            "012ー345",
        ];
        for typed in writings {
            assert_eq!(digits(typed, 6).as_deref(), Some("012345"), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in ["", "12345", "1234567", "12345a", "一二三四五六", "१२३४५६", &"1".repeat(1000)]
        {
            assert_eq!(digits(typed, 6), None, "{typed}");
        }
    }
}
