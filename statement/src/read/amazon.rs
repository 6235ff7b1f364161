//! The layouts of Amazon's exports of one's own data, which no schema describes.
//!
//! Items are grouped by order and time of shipment, because a card is charged by the shipment.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::columns::{Places, Role, plain};
use super::shop::{Found, currency_of, funding_of, is_cancelled, shown_or_nothing};
use super::table::{cell, line_of};
use crate::day::{self, DateOrder, Moment};
use crate::line::{Layout, SkipReason, Skipped};
use crate::money::{Currency, Money};
use crate::order::{Funding, Order, Refund, Shipment};

/// One of the layouts: columns it must have, and where things are in it.
pub(super) struct Export {
    pub(super) layout: Layout,
    has: &'static [&'static str],
    columns: &'static [(Role, &'static str)],
    /// A second amount to add: tax that stands apart.
    tax: Option<&'static str>,
}

const EXPORTS: &[Export] = &[
    Export {
        layout: Layout::AmazonOrders,
        has: &["Website", "Order ID", "Order Date", "Total Owed", "Shipment Status"],
        columns: &[
            (Role::Id, "Order ID"),
            (Role::Date, "Order Date"),
            (Role::Amount, "Total Owed"),
            (Role::Currency, "Currency"),
            (Role::Shipped, "Ship Date"),
            (Role::Status, "Order Status"),
            (Role::Payment, "Payment Instrument Type"),
            (Role::Site, "Website"),
        ],
        tax: None,
    },
    Export {
        layout: Layout::AmazonOrders2026,
        has: &["Website", "Order ID", "Order Date", "Total Amount", "Payment Method Type"],
        columns: &[
            (Role::Id, "Order ID"),
            (Role::Date, "Order Date"),
            (Role::Amount, "Total Amount"),
            (Role::Currency, "Currency"),
            (Role::Shipped, "Ship Date"),
            (Role::Status, "Order Status"),
            (Role::Payment, "Payment Method Type"),
            (Role::Site, "Website"),
        ],
        tax: None,
    },
    Export {
        layout: Layout::AmazonItems,
        has: &["Order Date", "Order ID", "Title", "Item Total", "Shipment Date"],
        columns: &[
            (Role::Id, "Order ID"),
            (Role::Date, "Order Date"),
            (Role::Amount, "Item Total"),
            (Role::Currency, "Currency"),
            (Role::Shipped, "Shipment Date"),
            (Role::Status, "Order Status"),
            (Role::Payment, "Payment Instrument Type"),
            (Role::Site, "Website"),
        ],
        tax: None,
    },
    Export {
        layout: Layout::AmazonOrdersShipped,
        has: &["Order Date", "Order ID", "Total Charged", "Shipment Date"],
        columns: &[
            (Role::Id, "Order ID"),
            (Role::Date, "Order Date"),
            (Role::Amount, "Total Charged"),
            (Role::Currency, "Currency"),
            (Role::Shipped, "Shipment Date"),
            (Role::Status, "Order Status"),
            (Role::Payment, "Payment Instrument Type"),
            (Role::Site, "Website"),
        ],
        tax: None,
    },
    Export {
        layout: Layout::AmazonDigital,
        has: &["OrderId", "DigitalOrderItemId", "OrderDate", "OurPrice"],
        columns: &[
            (Role::Id, "OrderId"),
            (Role::Date, "OrderDate"),
            (Role::Amount, "OurPrice"),
            (Role::Currency, "OurPriceCurrencyCode"),
            (Role::Shipped, "FulfilledDate"),
            (Role::Site, "Marketplace"),
        ],
        tax: Some("OurPriceTax"),
    },
    Export {
        layout: Layout::AmazonRefunds,
        has: &["OrderID", "ReversalID", "RefundCompletionDate", "AmountRefunded"],
        columns: &[
            (Role::Id, "OrderID"),
            (Role::Date, "RefundCompletionDate"),
            (Role::Amount, "AmountRefunded"),
            (Role::Currency, "Currency"),
            (Role::Status, "Status"),
        ],
        tax: None,
    },
];

/// The export whose columns `header` has.
pub(super) fn of_header(header: &StringRecord) -> Option<&'static Export> {
    let folded: Vec<String> = header.iter().map(plain).collect();
    EXPORTS.iter().find(|export| export.has.iter().all(|name| folded.contains(&plain(name))))
}

/// One row of any of the exports.
struct Item {
    id: String,
    at: Option<Moment>,
    shipped: Option<Moment>,
    money: Money,
    cancelled: bool,
    funding: Funding,
    site: Option<String>,
    not_mine: bool,
}

impl Export {
    /// Reads the rows below `header`.
    pub(super) fn read(
        &self,
        header: &StringRecord,
        rows: &[&StringRecord],
        currency: Option<Currency>,
    ) -> Found {
        let at = |name: &str| header.iter().position(|cell| plain(cell) == plain(name));
        let mut places = Places::default();
        for (role, name) in self.columns {
            if let Some(column) = at(name) {
                places.set(*role, column);
            }
        }
        if let Some(column) = at("not_mine") {
            places.set(Role::NotMine, column);
        }
        let tax = self.tax.and_then(at);
        let mut found = Found::default();
        let mut orders = BTreeMap::new();
        for row in rows {
            match item(row, &places, tax, currency) {
                Ok(item) if self.layout == Layout::AmazonRefunds => {
                    let refund = Refund { at: item.at, amount: item.money.amount.abs() };
                    if refund.amount != 0 && !item.cancelled {
                        found.refunds.push((item.id, item.money.currency, refund));
                    }
                }
                Ok(item) => match item.at {
                    Some(placed) => take_in(&mut orders, item, placed),
                    None => {
                        found.skipped.push(Skipped { row: line_of(row), reason: SkipReason::Date });
                    }
                },
                Err(reason) => found.skipped.push(Skipped { row: line_of(row), reason }),
            }
        }
        found.orders = orders.into_values().collect();
        found
    }
}

fn item(
    row: &StringRecord,
    places: &Places,
    tax: Option<usize>,
    declared: Option<Currency>,
) -> Result<Item, SkipReason> {
    let text = |role| shown_or_nothing(cell(row, places.of(role)));
    let id = text(Role::Id);
    if id.is_empty() {
        return Err(SkipReason::Id);
    }
    let site = text(Role::Site);
    let currency = currency_of(text(Role::Currency)).or(declared).unwrap_or_else(|| of_site(site));
    let cancelled = is_cancelled(text(Role::Status));
    let read = |text| Money::read(shown_or_nothing(text), currency);
    // Cancelled items have no amount.
    let nothing = Some(Money { amount: 0, currency }).filter(|_| cancelled);
    let mut money = read(text(Role::Amount)).or(nothing).ok_or(SkipReason::Amount)?;
    if let Some(tax) = read(cell(row, tax)) {
        money.amount = money.amount.saturating_add(tax.amount);
    }
    Ok(Item {
        id: id.to_owned(),
        at: day::read(text(Role::Date), DateOrder::Mdy),
        shipped: day::read(text(Role::Shipped), DateOrder::Mdy),
        money,
        cancelled,
        funding: funding_of(text(Role::Payment)),
        site: (!site.is_empty()).then(|| site.to_owned()),
        not_mine: super::shop::is_yes(text(Role::NotMine)),
    })
}

fn of_site(site: &str) -> Currency {
    let japanese = site.is_empty() || site.to_ascii_lowercase().ends_with(".jp");
    if japanese { Currency::JPY } else { Currency::USD }
}

fn take_in(orders: &mut BTreeMap<String, Order>, item: Item, placed: Moment) {
    let Item { id, shipped, money, cancelled, funding, site, not_mine, .. } = item;
    let order = orders.entry(id.clone()).or_insert_with(|| Order {
        shipments: Vec::new(),
        cancelled: true,
        site: site.or_else(|| Some("amazon".to_owned())),
        funding,
        ..Order::new(&id, placed, 0, money.currency)
    });
    order.placed = order.placed.min(placed);
    order.not_mine |= not_mine;
    // An order is cancelled when every item of it is.
    order.cancelled &= cancelled;
    order.funding = if order.funding == funding { funding } else { Funding::Mixed };
    if cancelled && money.amount == 0 {
        return;
    }
    match order.shipments.iter_mut().find(|one| one.shipped == shipped) {
        Some(shipment) => shipment.amount = shipment.amount.saturating_add(money.amount),
        None => order.shipments.push(Shipment { shipped, amount: money.amount }),
    }
    order.shipments.sort_unstable();
}
