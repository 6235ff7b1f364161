//! Tables of orders: Amazon's exports by their names, any other by its columns.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::card::mostly_read;
use super::columns::{Places, Role, names_of};
use super::names::ORDER_NAMES;
use super::table::{Cells, Table, cell, line_of};
use super::{Hints, Unreadable, amazon};
use crate::day::{self, DateOrder};
use crate::fold::fold;
use crate::limits::{PREAMBLE_ROWS_MAX, SKIPPED_NAMED_MAX};
use crate::line::{Encoding, Layout, SkipReason, Skipped};
use crate::money::{Currency, Money};
use crate::order::{Funding, Order, OrderFile, Refund, Shipment};

/// What the rows of a table hold.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) orders: Vec<Order>,
    pub(super) refunds: Vec<(String, Currency, Refund)>,
    pub(super) skipped: Vec<Skipped>,
}

/// Reads a table of orders. Its name and encoding are the caller's to fill in.
pub(super) fn read(text: &str, hints: &Hints) -> Result<OrderFile, Unreadable> {
    let table = Table::read(text, Cells::ManyLines)?;
    let rows: Vec<&StringRecord> = table.rows().collect();
    let head = rows.iter().take(PREAMBLE_ROWS_MAX).copied().enumerate();
    let export = head.clone().find_map(|(at, row)| Some((at, row, amazon::of_header(row)?)));
    if let Some((at, header, export)) = export.filter(|_| !hints.columns.name_any()) {
        let below = rows.get(at + 1..).unwrap_or_default();
        return file(export.layout, None, export.read(header, below, hints.currency));
    }
    let named = head.clone().find_map(|(at, row)| {
        let places = Places::by_usual_names(row, ORDER_NAMES);
        let places = places.overlaid(hints.columns.place(Some(row), row.len()).ok()?);
        suffice(&places).then_some((at, row, places))
    });
    let Some((at, header, places)) = named else {
        let first = rows.first().copied();
        if let Some(header) = first {
            hints.columns.place(Some(header), header.len())?;
        }
        let columns = first.filter(|row| super::guess::is_header(row)).map(names_of);
        let count = first.map_or(0, StringRecord::len);
        return Err(Unreadable::UnknownColumns {
            columns: columns.unwrap_or_else(|| vec![format!("{count} without names")]),
        });
    };
    let said = places.said(Some(header));
    let guessed = (said.parse() != Ok(hints.columns.clone())).then_some(said);
    let below = rows.get(at + 1..).unwrap_or_default();
    file(Layout::GenericOrders, guessed, generic(&places, below, hints)?)
}

/// The file that these findings make; its name and encoding are the caller's to fill in.
pub(super) fn file(
    layout: Layout,
    guessed: Option<String>,
    mut found: Found,
) -> Result<OrderFile, Unreadable> {
    mostly_read(found.orders.len() + found.refunds.len(), &found.skipped)?;
    let skipped_rows = found.skipped.len();
    found.skipped.truncate(SKIPPED_NAMED_MAX);
    Ok(OrderFile {
        name: String::new(),
        layout,
        encoding: Encoding::Utf8,
        guessed,
        orders: found.orders,
        refunds: found.refunds,
        skipped: found.skipped,
        skipped_rows,
    })
}

fn suffice(places: &Places) -> bool {
    [Role::Id, Role::Date, Role::Amount].iter().all(|role| places.of(*role).is_some())
}

/// One row is one shipment; rows of the same id are one order.
fn generic(places: &Places, rows: &[&StringRecord], hints: &Hints) -> Result<Found, Unreadable> {
    let texts = rows.iter().map(|row| cell(row, places.of(Role::Date)));
    let dates = match hints.columns.dates {
        Some(dates) => dates,
        None => day::order_of(texts).map_err(|example| Unreadable::AmbiguousDates { example })?,
    };
    let mut found = Found::default();
    let mut orders: BTreeMap<String, Order> = BTreeMap::new();
    for row in rows {
        match order(row, places, dates, hints.currency) {
            Err(reason) => found.skipped.push(Skipped { row: line_of(row), reason }),
            Ok(order) => match orders.get_mut(&order.id) {
                Some(known) => {
                    known.shipments.extend(order.shipments);
                    known.shipments.sort_unstable();
                    known.not_mine |= order.not_mine;
                    known.cancelled &= order.cancelled;
                    known.placed = known.placed.min(order.placed);
                }
                None => {
                    orders.insert(order.id.clone(), order);
                }
            },
        }
    }
    found.orders = orders.into_values().collect();
    Ok(found)
}

fn order(
    row: &StringRecord,
    places: &Places,
    dates: DateOrder,
    declared: Option<Currency>,
) -> Result<Order, SkipReason> {
    let text = |role| shown_or_nothing(cell(row, places.of(role)));
    let id = text(Role::Id);
    if id.is_empty() {
        return Err(SkipReason::Id);
    }
    let placed = day::read(text(Role::Date), dates).ok_or(SkipReason::Date)?;
    let currency = currency_of(text(Role::Currency)).or(declared).unwrap_or(Currency::JPY);
    let money = Money::read(text(Role::Amount), currency).ok_or(SkipReason::Amount)?;
    let site = text(Role::Site);
    Ok(Order {
        shipments: vec![Shipment {
            shipped: day::read(text(Role::Shipped), dates),
            amount: money.amount,
        }],
        cancelled: is_cancelled(text(Role::Status)),
        funding: funding_of(text(Role::Payment)),
        not_mine: is_yes(text(Role::NotMine)),
        site: (!site.is_empty()).then(|| site.to_owned()),
        ..Order::new(id, placed, money.amount, money.currency)
    })
}

/// Amazon's ways to write nothing.
pub(super) fn shown_or_nothing(text: &str) -> &str {
    let text = text.trim().trim_matches('\'').trim();
    let nothing = ["Not Available", "Not Applicable", "N/A"]
        .iter()
        .any(|none| text.eq_ignore_ascii_case(none));
    if nothing { "" } else { text }
}

pub(super) fn currency_of(text: &str) -> Option<Currency> {
    Currency::named(text)
}

pub(super) fn is_cancelled(status: &str) -> bool {
    let status = fold(status);
    ["CANCEL", "キヤンセル", "取消"].iter().any(|word| status.contains(word))
}

/// A mark that a reader would make in a column: anything but a no.
pub(super) fn is_yes(text: &str) -> bool {
    let folded = fold(text);
    let no = ["NO", "N", "0", "FALSE", "イイエ"].contains(&folded.as_str());
    !text.is_empty() && !no
}

/// Who pays, by the words for it: points and gift balance beside a card make the charge smaller.
pub(super) fn funding_of(text: &str) -> Funding {
    let folded = fold(text);
    let any = |words: &[&str]| words.iter().any(|word| folded.contains(&fold(word)));
    let balance = any(&["gift", "ギフト", "point", "ポイント", "balance", "残高"]);
    let cash = any(&["cash", "代金引換", "代引", "コンビニ", "bank transfer", "銀行振込", "ATM"]);
    // `Gift Card` alone names a balance, although it holds the word card.
    let networks = [
        "visa",
        "master",
        "amex",
        "american express",
        "jcb",
        "diners",
        "discover",
        "credit",
        "debit",
        "クレジット",
        "デビット",
    ];
    let card = any(&networks);
    match (balance, card, cash) {
        (true, true, _) => Funding::Mixed,
        (true, ..) | (false, false, true) => Funding::Otherwise,
        _ => Funding::Card,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_pays_is_read_from_the_words_of_the_export() {
        assert_eq!(funding_of("Visa - 4242"), Funding::Card);
        assert_eq!(funding_of("Gift Certificate/Card"), Funding::Otherwise);
        assert_eq!(funding_of("Gift Certificate/Card and Visa - 4242"), Funding::Mixed);
        assert_eq!(funding_of("Amazonポイント"), Funding::Otherwise);
        assert_eq!(funding_of("クレジットカード、Amazonポイント"), Funding::Mixed);
        assert_eq!(funding_of("代金引換"), Funding::Otherwise);
        assert_eq!(funding_of(""), Funding::Card);
    }

    #[test]
    fn the_many_ways_to_say_nothing_no_and_cancelled_are_understood() {
        assert_eq!(shown_or_nothing("'Not Available'"), "");
        assert!(
            is_cancelled("Cancelled") && is_cancelled("キャンセル済み") && !is_cancelled("Closed")
        );
        assert!(
            is_yes("x")
                && is_yes("yes")
                && is_yes("○")
                && !is_yes("no")
                && !is_yes("")
                && !is_yes("0")
        );
    }
}
