//! The payment provider: a double that holds its callers to the rules of one. A refund goes by a
//! key, once; no payment gives back more than it took; what the issuer disputes is left to it.

use jiff::Timestamp;

use crate::book::Writing;
use crate::events;
use crate::things::{Card, Member, Order};

/// How a refund ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refunded {
    Succeeded,
    /// The issuer has it in hand: paying too would pay twice (C13).
    SettledByIssuer,
    /// More than there is.
    Refused,
}

impl Refunded {
    /// As Sekisho calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::SettledByIssuer => "settled_by_issuer",
            Self::Refused => "failed_final",
        }
    }
}

/// The provider's token for a card; the number is not kept anywhere.
pub(crate) fn tokenised(number: &str, member: &str, at: i64) -> Option<Card> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if !(12..=19).contains(&digits.len()) || !passes_luhn(&digits) {
        return None;
    }
    let last4 = digits.get(digits.len() - 4..)?.to_owned();
    // Prepaid and debit cards of the double begin with 5.
    let kind = if digits.starts_with('5') { "debit_card" } else { "credit_card" };
    let id = format!("pm_{}", crate::clock::token());
    Some(Card { id, member: member.to_owned(), kind: kind.to_owned(), last4, added_at: at })
}

fn passes_luhn(digits: &str) -> bool {
    let doubled = |(place, digit): (usize, u32)| match (place % 2, digit * 2) {
        (1, twice) if twice > 9 => twice - 9,
        (1, twice) => twice,
        _ => digit,
    };
    let digits = digits.chars().rev().filter_map(|digit| digit.to_digit(10));
    digits.enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// Takes the money, once.
pub(crate) fn capture(order: &mut Order, member: &Member, now: Timestamp, writing: &mut Writing) {
    if order.payment.captured {
        return;
    }
    order.payment.captured = true;
    let sum = order.payment.amount;
    writing.tell(&events::paid("payment.captured", now, member, order, sum));
}

/// Gives back `amount` for `key`; the same key again answers as before and moves nothing.
pub(crate) fn refund(order: &mut Order, key: &str, amount: i64) -> Refunded {
    let payment = &mut order.payment;
    if payment.refunds.get(key) == Some(&amount) {
        return Refunded::Succeeded;
    }
    if payment.disputed {
        return Refunded::SettledByIssuer;
    }
    let has = if payment.captured { payment.amount } else { 0 };
    if payment.refunds.contains_key(key) || amount <= 0 || payment.refunded() + amount > has {
        return Refunded::Refused;
    }
    payment.refunds.insert(key.to_owned(), amount);
    Refunded::Succeeded
}

/// A member's card statement as an issuer in Japan writes it: one line a capture, newest first, and
/// refunds below zero.
pub(crate) fn statement(orders: &[Order]) -> String {
    let mut text =
        "ご利用日,データ処理日,ご利用内容,金額,海外通貨利用金額,換算レート\r\n".to_owned();
    let mut taken: Vec<&Order> = orders.iter().filter(|order| order.payment.captured).collect();
    taken.sort_by_key(|order| -order.placed_at);
    for order in taken {
        let at = Timestamp::from_microsecond(order.placed_at).unwrap_or_default();
        let used = crate::pages::in_japan(at).strftime("%Y/%m/%d").to_string();
        let posted = at.checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(at);
        let posted = crate::pages::in_japan(posted).strftime("%Y/%m/%d").to_string();
        let name = "ミナトイチバ　オンライン";
        text.push_str(&format!("{used},{posted},{name},\"{}\",,\r\n", order.payment.amount));
        for amount in order.payment.refunds.values() {
            text.push_str(&format!("{used},{posted},{name},\"-{amount}\",,\r\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeMap;

    use super::*;
    use crate::things::{From, Payment};

    fn order(captured: bool, disputed: bool) -> Order {
        let refunds = BTreeMap::new();
        Order {
            id: "o-1".to_owned(),
            member: "acc_1".to_owned(),
            placed_at: 1_780_488_245_000_000,
            lines: Vec::new(),
            address: None,
            card: tokenised("4242 4242 4242 4242", "acc_1", 0).unwrap(),
            card_reentered: false,
            parcels: Vec::new(),
            payment: Payment { id: "pay_1".to_owned(), amount: 5_000, captured, disputed, refunds },
            held: false,
            decision: None,
            verdict: "allow".to_owned(),
            from: From::default(),
        }
    }

    #[test]
    fn a_refund_goes_once_by_its_key_and_never_above_what_was_taken() {
        let mut taken = order(true, false);
        assert_eq!(refund(&mut taken, "k-1", 3_000), Refunded::Succeeded);
        assert_eq!(refund(&mut taken, "k-1", 3_000), Refunded::Succeeded);
        assert_eq!(taken.payment.refunded(), 3_000, "the same key moves nothing");
        assert_eq!(refund(&mut taken, "k-1", 2_000), Refunded::Refused, "another sum");
        assert_eq!(refund(&mut taken, "k-2", 2_001), Refunded::Refused, "more than there is");
        assert_eq!(refund(&mut order(false, false), "k-1", 1), Refunded::Refused);
        assert_eq!(refund(&mut order(true, true), "k-1", 1), Refunded::SettledByIssuer);
    }

    #[test]
    fn a_card_is_a_token_and_a_wrong_number_is_none() {
        let card = tokenised("4242-4242-4242-4242", "acc_1", 0).unwrap();
        assert_eq!((card.last4.as_str(), card.kind.as_str()), ("4242", "credit_card"));
        assert!(tokenised("4242 4242 4242 4241", "acc_1", 0).is_none());
        assert!(tokenised("", "acc_1", 0).is_none());
    }

    #[test]
    fn a_statement_has_a_line_for_what_was_taken_and_one_for_what_came_back() {
        let mut one = order(true, false);
        refund(&mut one, "k", 1_000);
        let text = statement(&[one]);
        assert!(
            text.contains("2026/06/03,2026/06/04,ミナトイチバ　オンライン,\"5000\",,"),
            "{text}"
        );
        assert!(text.contains("\"-1000\""), "{text}");
    }
}
