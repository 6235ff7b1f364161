//! What a victim tells: everything may be missing, and what is missing is said with its reason
//! (R14, R15).

use serde::{Deserialize, Serialize};

/// Longest single line.
const LINE_MAX: usize = 200;
/// Longest text.
const TEXT_MAX: usize = 8_000;
/// Orders named in one report.
const ORDERS_MAX: usize = 100;

/// What is believed to have happened; the first is the one a lost account begins with (R18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// 各種サービス → セキュリティ、機能 → somebody else is in the account.
    #[default]
    TakenOver,
    /// Charges that are not theirs.
    Charges,
    /// Mail that may not be the store's.
    Mail,
    /// Something else about security.
    Other,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 4] = [Self::TakenOver, Self::Charges, Self::Mail, Self::Other];

    /// Its value in forms, and the last part of its text key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TakenOver => "taken-over",
            Self::Charges => "charges",
            Self::Mail => "mail",
            Self::Other => "other",
        }
    }

    /// The topic of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// A report. No `Debug`: it is personal data.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// What it is about.
    pub topic: Topic,
    /// The address or number that they signed in with, before anything was changed.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their address, as far as they give it.
    pub address: String,
    /// Their date of birth.
    pub birth_date: String,
    /// The last four digits of the card.
    pub card_last4: String,
    /// Where they can be reached now; shown to agents, never trusted (R24).
    pub new_contact: String,
    /// What they saw, in their words.
    pub what: String,
    /// Lines of the statement.
    pub statement: String,
    /// They have told the card's issuer.
    pub told_issuer: bool,
    /// How the former password compared: it is hashed at once and never kept (C9).
    pub former_password: Option<domain::case::Compared>,
}

/// What would help, and is not there yet; the last part of its text key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// What was seen: orders or statement lines (R15).
    What,
    /// Which orders are not theirs.
    Orders,
    /// The former login (R25).
    Login,
    /// Name and address.
    Name,
    /// A contact that the intruder has not (R24).
    Contact,
}

impl Missing {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::What, Self::Orders, Self::Login, Self::Name, Self::Contact];

    /// The last part of its text key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::Orders => "orders",
            Self::Login => "login",
            Self::Name => "name",
            Self::Contact => "contact",
        }
    }
}

impl Report {
    /// What is missing. Nothing of it is a reason to refuse the report.
    pub fn missing(&self, taken_over: bool, orders: usize) -> Vec<Missing> {
        let told = !self.what.is_empty() || !self.statement.is_empty();
        let lacks = [
            (Missing::What, !told),
            (Missing::Orders, orders == 0),
            (Missing::Login, self.login.is_empty()),
            (Missing::Name, self.name.is_empty() || self.address.is_empty()),
            (Missing::Contact, taken_over && self.new_contact.is_empty()),
        ];
        lacks.into_iter().filter_map(|(what, lacks)| lacks.then_some(what)).collect()
    }
}

/// A line as it is kept: no line breaks, no more than is needed.
pub fn line(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LINE_MAX).collect()
}

/// A text as it is kept: numbers of cards are masked but for their last four digits (R16).
pub fn text(typed: &str) -> String {
    let fit = |sign: &char| !sign.is_control() || *sign == '\n';
    masked(&typed.chars().filter(fit).take(TEXT_MAX).collect::<String>())
}

/// Ids of orders, as they are typed: one a line or with commas between.
pub fn orders(typed: &str) -> Vec<String> {
    let ids = typed.split(|sign: char| sign.is_whitespace() || sign == ',' || sign == '、');
    let mut ids: Vec<String> = ids
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| id.chars().take(64).collect())
        .collect();
    ids.dedup();
    ids.truncate(ORDERS_MAX);
    ids
}

/// The last four digits of what was typed; nothing for fewer.
pub fn last4(typed: &str) -> String {
    let digits: Vec<char> = typed.chars().filter_map(digit).collect();
    match digits.len() {
        0..4 => String::new(),
        count => digits.into_iter().skip(count - 4).collect(),
    }
}

fn digit(sign: char) -> Option<char> {
    let code = u32::from(sign);
    let plain = if (0xff10..=0xff19).contains(&code) { code - 0xff10 + 0x30 } else { code };
    char::from_u32(plain).filter(char::is_ascii_digit)
}

/// The text with every number that can be a card's (13 to 19 digits, Luhn) shown by its last four.
pub fn masked(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        let Some(end) = card_at(&signs, at) else {
            out.push(*sign);
            at += 1;
            continue;
        };
        let run: Vec<char> =
            signs.get(at..end).unwrap_or_default().iter().filter_map(|s| digit(*s)).collect();
        out.push_str("••••");
        out.extend(run.iter().skip(run.len().saturating_sub(4)));
        at = end;
    }
    out
}

/// Where a card's number that begins at `at` ends. Where it is written in groups, the first has four
/// digits, as on cards: an order number of 3-7-7 digits may pass Luhn as well.
fn card_at(signs: &[char], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).and_then(|before| signs.get(before));
    if before.is_some_and(|sign| digit(*sign).is_some()) {
        return None;
    }
    let mut digits: Vec<char> = Vec::new();
    let (mut first_group, mut end) = (None, None);
    for (place, sign) in signs.iter().enumerate().skip(at) {
        let ends = signs.get(place + 1).is_none_or(|next| digit(*next).is_none());
        match digit(*sign) {
            Some(one) => {
                digits.push(one);
                let is_card = (13..=19).contains(&digits.len()) && luhn(&digits);
                if ends && is_card && first_group.is_none_or(|count| count == 4) {
                    end = Some(place + 1);
                }
            }
            None if matches!(sign, ' ' | '-' | '\u{3000}' | '－' | '‐') => {
                first_group.get_or_insert(digits.len());
            }
            None => break,
        }
    }
    end
}

fn luhn(digits: &[char]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r16_numbers_of_cards_are_masked_in_every_writing() {
        for card in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "４１１１１１１１１１１１１１１１",
        ] {
            assert_eq!(text(&format!("card {card}, 6/3")), "card ••••1111, 6/3", "{card}");
        }
        assert_eq!(text("4111111111111111 6/3"), "••••1111 6/3");
        for other in ["4111111111111112", "250-1234567-1234567", "tel 03-1234-5678", "12"] {
            assert_eq!(text(other), other, "no card's number");
        }
    }

    #[test]
    fn r14_what_is_missing_is_said_and_nothing_is_refused() {
        let bare = Report::default();
        assert_eq!(bare.missing(true, 0), Missing::ALL);
        assert!(!bare.missing(false, 0).contains(&Missing::Contact));
        let told = Report { what: "bulk orders at night".to_owned(), ..Report::default() };
        assert!(!told.missing(true, 1).contains(&Missing::What));
    }

    #[test]
    fn what_is_typed_is_kept_within_bounds() {
        assert_eq!(orders("250-1, 250-2\n250-3、250-3"), ["250-1", "250-2", "250-3"]);
        assert_eq!(orders(&"x ".repeat(9_999)).len(), 1);
        assert_eq!(last4("１２３４-5678"), "5678");
        assert_eq!(last4("12"), "");
        assert_eq!(line("a\n\tb"), "a b");
        assert_eq!(text(&"あ".repeat(9_999)).chars().count(), TEXT_MAX);
    }
}
