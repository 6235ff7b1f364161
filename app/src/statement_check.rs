//! The statement check as the command line and the page both tell it (R4–R6): which words go with
//! what was found, and what of it the store itself knows.

use domain::event::EventType;
use domain::keyed::AccountKey;
use serde_json::Value;
use statement::check::{LineReason, OrderReason, Sums};
use statement::line::{Encoding, Layout};
use statement::order::OrderFile;
use statement::read::{Hints, Unreadable, orders};
use statement::{Currency, Money};
use store::{Body, Entry, Payload, Store, StoreError};

use crate::text::{Language, text};
use crate::time::show;

/// Records of an account that are looked through for its orders, the latest, a page at a time.
const RECORDS_MAX: usize = 2_000;
const PAGE: u32 = 500;

/// Text key of a line's reason.
pub fn line_key(reason: LineReason) -> String {
    format!("statement-line-{}", reason.code().replace('_', "-"))
}

/// Text key of an order's reason.
pub fn order_key(reason: OrderReason) -> String {
    format!("statement-order-{}", reason.code().replace('_', "-"))
}

/// The keys that reasons make.
#[cfg(test)]
pub(crate) fn reason_keys() -> impl Iterator<Item = String> {
    LineReason::ALL.into_iter().map(line_key).chain(OrderReason::ALL.into_iter().map(order_key))
}

/// An amount as people write it.
pub fn money(language: Language, money: Money) -> String {
    let key = if money.currency == Currency::JPY { "statement-yen" } else { "statement-money" };
    let values = [("amount", money.shown()), ("currency", money.currency.code().to_owned())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    text().tell(language, key, &values)
}

/// The amounts of a sum, currency by currency.
pub fn sum(language: Language, sums: &Sums) -> String {
    let amounts = sums.amounts.iter().filter(|one| one.amount != 0);
    let amounts: Vec<String> = amounts.map(|one| money(language, *one)).collect();
    if amounts.is_empty() { "0".to_owned() } else { amounts.join(" + ") }
}

/// What the store has told us of an account's orders, under the name `name`; `None` where it told of
/// none.
pub async fn orders_of(
    store: &Store,
    account: AccountKey,
    name: &str,
) -> Result<Option<OrderFile>, StoreError> {
    let (mut entries, mut cursor) = (Vec::new(), None);
    loop {
        let page = store.timeline(account, PAGE, cursor).await?;
        entries.extend(page.entries);
        cursor = page.next;
        if cursor.is_none() || entries.len() >= RECORDS_MAX {
            break;
        }
    }
    // Oldest first, as they happened.
    let events: Vec<String> = entries.iter().rev().filter_map(event).collect();
    let read = orders(events.join("\n").as_bytes(), name, &Hints::default());
    Ok(read.ok().filter(|file: &OrderFile| !file.orders.is_empty()))
}

/// A file of no orders.
pub fn no_orders(name: &str) -> OrderFile {
    OrderFile {
        name: name.to_owned(),
        layout: Layout::Events,
        encoding: Encoding::Utf8,
        guessed: None,
        orders: Vec::new(),
        refunds: Vec::new(),
        skipped: Vec::new(),
        skipped_rows: 0,
    }
}

/// The event of a record that tells of an order, as one line of JSON that says when it happened.
fn event(entry: &Entry) -> Option<String> {
    let (Payload::Event { observation, .. }, Body::Open(json)) = (&entry.payload, &entry.body)
    else {
        return None;
    };
    let tells = matches!(
        observation.kind,
        EventType::OrderPlaced
            | EventType::OrderChanged
            | EventType::OrderCancelled
            | EventType::PaymentRefunded
            | EventType::ShipmentCreated
            | EventType::ShipmentHandedOver
    );
    let mut event = serde_json::from_slice::<Value>(json).ok().filter(|_| tells)?;
    let at = Value::String(show(observation.occurred_at));
    event.as_object_mut()?.entry("occurred_at").or_insert(at);
    Some(event.to_string())
}

/// Text key of why a file cannot be read.
pub const fn unreadable_key(error: &Unreadable) -> &'static str {
    match error {
        Unreadable::Empty => UNREADABLE[0],
        Unreadable::TooLarge | Unreadable::TooManyRows | Unreadable::Limit { .. } => UNREADABLE[1],
        Unreadable::NotText { .. } | Unreadable::Encoding { .. } => UNREADABLE[2],
        Unreadable::UnknownColumns { .. } | Unreadable::NoSuchColumn { .. } => UNREADABLE[3],
        Unreadable::AmbiguousDates { .. } => UNREADABLE[4],
        Unreadable::OpenQuote { .. }
        | Unreadable::Doctype
        | Unreadable::Markup { .. }
        | Unreadable::NoStatement
        | Unreadable::MostlyUnreadable { .. } => UNREADABLE[5],
    }
}

/// Text keys of why a file cannot be read.
pub const UNREADABLE: [&str; 6] = [
    "statement-check-empty",
    "statement-check-too-large",
    "statement-check-not-text",
    "statement-check-unknown-columns",
    "statement-check-dates",
    "statement-check-broken",
];
