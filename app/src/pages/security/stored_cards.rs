//! The cards that the store has told of, on the page ログインとセキュリティ (R50, R54).

use domain::event::{EventType, Status};
use domain::stored_card::{Card, Happened, StoredCard};
use domain::time::Micros;
use serde::Serialize;
use serde_json::Value;

use super::when;
use crate::cases::history::{History, Seen};
use crate::http::House;
use crate::text::Language;

/// Text keys of what a card is.
pub(super) const KINDS: [&str; 3] = ["card-credit", "card-debit", "card-plain"];

/// What is shown of them.
#[derive(Serialize, Default)]
pub(super) struct Cards {
    /// The store has told of cards; otherwise nobody here knows.
    is_known: bool,
    stored: Vec<Item>,
    /// The store's own page to delete them.
    page: Option<String>,
}

#[derive(Serialize)]
struct Item {
    /// Text key.
    kind: &'static str,
    last4: Option<String>,
    added: Option<String>,
    used: Option<String>,
    is_unused: bool,
}

impl Cards {
    pub(super) fn of(house: &House, language: Language, cards: Option<&[StoredCard]>) -> Self {
        let now = house.world.now();
        let date = |at: Option<Micros>| at.map(|at| when(language, at));
        let item = |stored: &StoredCard| Item {
            kind: match stored.card.is_debit {
                Some(false) => KINDS[0],
                Some(true) => KINDS[1],
                None => KINDS[2],
            },
            last4: stored.card.last4.clone(),
            added: date(stored.added_at),
            used: date(stored.used_at),
            is_unused: stored.is_unused(now),
        };
        Self {
            is_known: cards.is_some(),
            stored: cards.unwrap_or_default().iter().map(item).collect(),
            page: house.config.store_cards_url.clone(),
        }
    }

    pub(super) fn sample() -> Self {
        let item = |kind, used: Option<&str>| Item {
            kind,
            last4: Some("4242".to_owned()),
            added: Some("2026年6月3日 21時04分".to_owned()),
            used: used.map(str::to_owned),
            is_unused: used.is_none(),
        };
        let nameless = Item { last4: None, added: None, ..item(KINDS[2], None) };
        let stored = vec![item(KINDS[0], Some("2026年6月3日 21時04分")), nameless];
        Self { is_known: true, stored, page: Some("https://shop.example/cards".to_owned()) }
    }
}

/// What the account's events tell of cards, oldest first. A card that was asked for and is not
/// said to have been stored is none.
pub(super) fn told(history: &History) -> impl Iterator<Item = (Micros, Happened, Card)> {
    history.0.iter().filter_map(|seen| {
        let (happened, payment) = payment_of(seen)?;
        Some((seen.happened.at, happened, card(&payment)?))
            .filter(|(_, happened, card)| *happened != Happened::Used || *card != Card::default())
    })
}

fn payment_of(seen: &Seen) -> Option<(Happened, Value)> {
    let done = seen.happened.status == Status::Succeeded;
    let payment = |pointer| seen.event().pointer_mut(pointer).map(Value::take);
    let used = |pointer| {
        let payment = payment(pointer)?;
        let is_stored = payment.get("stored") == Some(&Value::Bool(true));
        let went_well = seen.happened.status != Status::Failed;
        (is_stored && went_well).then_some((Happened::Used, payment))
    };
    match seen.happened.kind {
        EventType::PaymentMethodAdded if done => {
            Some((Happened::Added, payment("/payment").unwrap_or_default()))
        }
        EventType::PaymentMethodRemoved if done => {
            Some((Happened::Removed, payment("/payment").unwrap_or_default()))
        }
        EventType::OrderPlaced => used("/order/payment"),
        EventType::PaymentAuthorised | EventType::PaymentCaptured => used("/payment"),
        _ => None,
    }
}

/// The card of a payment; `None` for another way to pay.
fn card(payment: &Value) -> Option<Card> {
    let text = |name: &str| {
        let text = payment.get(name)?.as_str()?.trim();
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let is_debit = match text("kind").as_deref() {
        Some("credit_card") => Some(false),
        Some("debit_card") => Some(true),
        None | Some("other") => None,
        Some(_) => return None,
    };
    let is_digits = |text: &String| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let last4 = text("last4").filter(is_digits);
    Some(Card { token: text("token"), fingerprint: text("fingerprint"), last4, is_debit })
}
