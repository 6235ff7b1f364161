//! Telephone numbers in every writing people use, as E.164.

use phonenumber::country::Id;
use phonenumber::{Mode, Type, metadata::DATABASE};
use unicode_normalization::UnicodeNormalization as _;

use domain::observation::Country;

use crate::typed::is_separator;

/// More characters than this are no number.
const CHARS_MAX: usize = 40;

/// A number that can exist.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    e164: String,
    country: Country,
    can_receive_sms: bool,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Other letters than digits and separators, or far too many.
    #[error("not a telephone number")]
    NotANumber,
    /// No such number can exist.
    #[error("no such telephone number can exist")]
    Impossible,
}

impl Phone {
    /// Reads a number; one without a country code is Japanese.
    ///
    /// # Errors
    /// [`Unreadable`]
    pub fn parse(typed: &str) -> Result<Self, Unreadable> {
        let digits = plain(typed)?;
        let number =
            phonenumber::parse(Some(Id::JP), &digits).map_err(|_| Unreadable::NotANumber)?;
        if !phonenumber::is_valid(&number) {
            return Err(Unreadable::Impossible);
        }
        let id = number.country().id().ok_or(Unreadable::Impossible)?;
        let code = id.as_ref().as_bytes().first_chunk::<2>().ok_or(Unreadable::Impossible)?;
        let kind = number.number_type(&DATABASE);
        Ok(Self {
            e164: number.format().mode(Mode::E164).to_string(),
            country: Country(*code),
            can_receive_sms: matches!(kind, Type::Mobile | Type::FixedLineOrMobile),
        })
    }

    /// `+819012345678`
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// The country the number belongs to.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// Whether a text may be sent to it: mobiles only, never 050 (IP telephony, had without an
    /// identity check for long), premium rate, toll-free or fixed lines (C6, T10).
    pub const fn can_receive_sms(&self) -> bool {
        self.can_receive_sms
    }

    /// All but the last four digits: the prefix of the SMS budget.
    pub fn prefix(&self) -> &str {
        self.e164.len().checked_sub(4).and_then(|end| self.e164.get(..end)).unwrap_or_default()
    }
}

/// Digits with an optional plus: NFKC, separators and brackets out, `(0)` after a country code out,
/// Japan's international prefix `010` and the ITU's `00` as a plus.
fn plain(typed: &str) -> Result<String, Unreadable> {
    if typed.chars().nth(CHARS_MAX).is_some() {
        return Err(Unreadable::NotANumber);
    }
    let kept = |letter: &char| !is_separator(*letter) && !"/~".contains(*letter);
    let text: String = typed.nfkc().filter(kept).collect();
    let text = if text.starts_with('+') || text.starts_with("00") {
        text.replacen("(0)", "", 1)
    } else {
        text
    };
    let digits = text.replace(['(', ')'], "");
    let international = digits.strip_prefix("010").or_else(|| digits.strip_prefix("00"));
    let digits = international.map_or(digits.clone(), |rest| format!("+{rest}"));
    let number = digits.strip_prefix('+').unwrap_or(&digits);
    // `+81 090…`: the trunk zero is often left in.
    let is_number = (4..=17).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if !is_number {
        return Err(Unreadable::NotANumber);
    }
    Ok(digits.strip_prefix("+810").map_or(digits.clone(), |rest| format!("+81{rest}")))
}
