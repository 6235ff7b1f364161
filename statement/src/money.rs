//! Money in whole minor units, and how card issuers write it.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

/// An ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// Currencies without minor units, and those with three digits of them (ISO 4217).
const WITHOUT_MINOR: &[&[u8; 3]] = &[
    b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX", b"VND",
    b"VUV", b"XAF", b"XOF", b"XPF",
];
const THREE_DIGITS: &[&[u8; 3]] = &[b"BHD", b"IQD", b"JOD", b"KWD", b"LYD", b"OMR", b"TND"];

/// Names that stand for a currency beside an amount. Longer ones first: `US$` holds `$`.
const NAMES: &[(&str, &[u8; 3])] = &[
    ("US$", b"USD"),
    ("米ドル", b"USD"),
    ("アメリカドル", b"USD"),
    ("ユーロ", b"EUR"),
    ("英ポンド", b"GBP"),
    ("円", b"JPY"),
    ("¥", b"JPY"),
    ("$", b"USD"),
    ("€", b"EUR"),
    ("£", b"GBP"),
];

impl Currency {
    /// Japanese yen.
    pub const JPY: Self = Self(*b"JPY");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// Three Latin letters in either case; `None` for anything else.
    pub fn of(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|l| l.to_ascii_uppercase())))
    }

    /// The currency that a code or a usual name (`米ドル`, `円`, `$`) stands for.
    pub fn named(text: &str) -> Option<Self> {
        let text = normal(text.trim());
        Self::of(&text).or_else(|| {
            let named = NAMES.iter().find(|(name, _)| *name == text);
            named.map(|(_, code)| Self(**code))
        })
    }

    /// Digits behind the decimal point.
    pub fn digits(self) -> u32 {
        match self.0 {
            code if WITHOUT_MINOR.contains(&&code) => 0,
            code if THREE_DIGITS.contains(&&code) => 3,
            _ => 2,
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The three letters as bytes, from a source that has checked them.
    pub fn of_bytes(code: [u8; 3]) -> Option<Self> {
        Self::of(std::str::from_utf8(&code).ok()?)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// An amount in minor units of a currency (JPY has none), as in `api.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Money {
    /// Minor units.
    pub amount: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl Money {
    /// Reads an amount as a statement shows it: `16,746`, `¥1,200`, `３，０００円`, `△500`, `(12.30)`,
    /// `'-0.68'`, `1'234.50`, `12,5`. A currency named in the text wins over `currency`.
    /// More decimals than the currency has are rounded half away from zero; for a currency without
    /// minor units they must be zeros. `None` where it is no amount.
    pub fn read(text: &str, currency: Currency) -> Option<Self> {
        let text = normal(text.trim());
        let mut rest = text.trim().trim_matches(['\'', '"']).trim();
        let mut currency = currency;
        let mut negative = false;
        loop {
            let before = rest;
            (rest, negative) = without_sign(rest, negative);
            if let Some((shorter, named)) = without_currency(rest) {
                (rest, currency) = (shorter, named);
            }
            if rest == before {
                break;
            }
        }
        let amount = minor_units(rest, currency.digits())?;
        Some(Self { amount: if negative { -amount } else { amount }, currency })
    }

    /// The amount as people write it, without the currency: `16,746`, `-12.30`.
    pub fn shown(self) -> String {
        let unit = 10_u64.pow(self.currency.digits());
        let (whole, part) = (self.amount.unsigned_abs() / unit, self.amount.unsigned_abs() % unit);
        let digits = whole.to_string();
        let mut out = String::from(if self.amount < 0 { "-" } else { "" });
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        if unit > 1 {
            let width = self.currency.digits() as usize;
            out.push_str(&format!(".{part:0width$}"));
        }
        out
    }
}

fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// Minus in its many shapes, before or behind, or brackets around.
fn without_sign(text: &str, negative: bool) -> (&str, bool) {
    const MINUS: [char; 8] = ['-', '\u{2212}', '\u{2010}', '\u{2013}', '▲', '△', '▼', '\u{2011}'];
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(MINUS).or_else(|| text.strip_suffix(MINUS)) {
        return (rest.trim(), !negative);
    }
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (inside.trim(), !negative);
    }
    (text.strip_prefix('+').unwrap_or(text), negative)
}

fn without_currency(text: &str) -> Option<(&str, Currency)> {
    let named = NAMES.iter().find_map(|(name, code)| {
        let rest = text.strip_prefix(name).or_else(|| text.strip_suffix(name))?;
        Some((rest.trim(), Currency(**code)))
    });
    named.or_else(|| {
        let starts = text.get(..3).zip(text.get(3..));
        let ends = text.len().checked_sub(3).and_then(|at| text.get(at..).zip(text.get(..at)));
        let (code, rest) =
            [starts, ends].into_iter().flatten().find(|(code, _)| Currency::of(code).is_some())?;
        Some((rest.trim(), Currency::of(code)?))
    })
}

/// Digits with separators of thousands and one of decimals, in minor units.
fn minor_units(text: &str, digits: u32) -> Option<i64> {
    let decimal = decimal_separator(text, digits);
    let (whole, part) = match decimal {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, ""),
    };
    let whole = without_thousands(whole)?;
    if !part.bytes().all(|byte| byte.is_ascii_digit()) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let width = digits as usize;
    let kept = part.get(..width.min(part.len()))?;
    let cut = part.get(kept.len()..)?;
    if width == 0 && cut.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + width > 15 {
        return None;
    }
    let number: i64 = format!("0{whole}{kept:0<width$}").parse().ok()?;
    Some(number + i64::from(cut.bytes().next().is_some_and(|byte| byte >= b'5')))
}

/// Where the decimals begin. One kind of separator that stands once is one of decimals when it is
/// a point, or a comma that no three digits follow in a currency that has decimals.
fn decimal_separator(text: &str, digits: u32) -> Option<usize> {
    let last = text.rfind(['.', ','])?;
    let sign = text.get(last..=last)?;
    let alone = text.matches(sign).count() == 1;
    let other = if sign == "." { "," } else { "." };
    let behind = text.len() - last - 1;
    let decimal = match sign {
        _ if !alone => false,
        "." => true,
        _ => text.contains(other) || (digits > 0 && behind != 3),
    };
    decimal.then_some(last)
}

fn without_thousands(text: &str) -> Option<String> {
    const SEPARATORS: [char; 5] = [',', '.', '\'', '\u{2019}', ' '];
    let mut groups = text.split(SEPARATORS);
    let mut out = groups.next()?.to_owned();
    for group in groups {
        if group.len() != 3 || out.is_empty() {
            return None;
        }
        out.push_str(group);
    }
    out.bytes().all(|byte| byte.is_ascii_digit()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yen(text: &str) -> Option<i64> {
        Money::read(text, Currency::JPY).map(|money| money.amount)
    }

    fn dollars(text: &str) -> Option<i64> {
        Money::read(text, Currency::USD).map(|money| money.amount)
    }

    #[test]
    fn yen_is_read_as_japanese_issuers_write_it() {
        let writings =
            ["16,746", "16746", "¥16,746", "￥16,746", "１６，７４６円", "16,746円 ", "+16,746"];
        for writing in writings {
            assert_eq!(yen(writing), Some(16_746), "{writing}");
        }
        for writing in
            ["-500", "△500", "▲500", "－500", "\u{2212}500円", "'-500'", "(500)", "¥-500", "-¥500"]
        {
            assert_eq!(yen(writing), Some(-500), "{writing}");
        }
        assert_eq!(yen("-00000000001500.0000"), Some(-1500));
    }

    #[test]
    fn cents_are_read_with_either_decimal_sign() {
        assert_eq!(dollars("'-0.68'"), Some(-68));
        assert_eq!(dollars("1'234.50"), Some(123_450));
        assert_eq!(dollars("1.234,50"), Some(123_450));
        assert_eq!(dollars("12,5"), Some(1_250));
        assert_eq!(dollars("1,234"), Some(123_400));
        assert_eq!(dollars("+00000000000115.8351"), Some(11_584));
        assert_eq!(
            Money::read("12.99 USD", Currency::JPY).map(|m| (m.amount, m.currency)),
            Some((1_299, Currency::USD))
        );
        assert_eq!(Money::read("3米ドル", Currency::JPY).map(|m| m.amount), Some(300));
    }

    #[test]
    fn what_is_no_amount_is_not_guessed_at() {
        for writing in [
            "",
            "-",
            "abc",
            "1,2,3",
            "12.5",
            "2026/06/03",
            "1 2",
            "¥",
            "--",
            "99999999999999999",
            "1.5.5,5",
        ] {
            assert_eq!(yen(writing), None, "{writing}");
        }
    }

    #[test]
    fn money_is_shown_with_thousands_and_decimals() {
        let shown = |amount, currency| Money { amount, currency }.shown();
        assert_eq!(shown(16_746, Currency::JPY), "16,746");
        assert_eq!(shown(-1_234_567, Currency::USD), "-12,345.67");
        assert_eq!(shown(5, Currency::USD), "0.05");
    }
}
