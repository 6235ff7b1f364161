//! What was ordered, whatever its file looked like.

use std::collections::BTreeMap;

use crate::day::Moment;
use crate::line::{Encoding, Layout, Skipped};
use crate::money::Currency;

/// One order. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// The shop's id.
    pub id: String,
    /// When it was placed.
    pub placed: Moment,
    /// Of every amount in it.
    pub currency: Currency,
    /// What is charged together: cards are charged by the shipment. One where nothing is known of
    /// shipments.
    pub shipments: Vec<Shipment>,
    /// Refunds that the shop has told of.
    pub refunds: Vec<Refund>,
    /// The shop cancelled it.
    pub cancelled: bool,
    /// Who pays.
    pub funding: Funding,
    /// The reader says that this order is not theirs.
    pub not_mine: bool,
    /// The site it was placed at, as the export names it.
    pub site: Option<String>,
}

/// What was shipped, and so charged, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shipment {
    /// When; unknown, or not yet, where there is none.
    pub shipped: Option<Moment>,
    /// Its cost with tax and postage, less discounts.
    pub amount: i64,
}

/// Money the shop says it has given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refund {
    /// When; the time is unknown where there is none.
    pub at: Option<Moment>,
    /// Positive.
    pub amount: i64,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Funding {
    /// A card, or nobody says.
    #[default]
    Card,
    /// A card and points or gift balance: the charge is smaller than the order.
    Mixed,
    /// Points, gift balance, cash, a transfer: no charge will come.
    Otherwise,
}

impl Order {
    /// An order of one shipment of which nothing else is known.
    pub fn new(id: &str, placed: Moment, amount: i64, currency: Currency) -> Self {
        Self {
            id: id.to_owned(),
            placed,
            currency,
            shipments: vec![Shipment { shipped: None, amount }],
            refunds: Vec::new(),
            cancelled: false,
            funding: Funding::Card,
            not_mine: false,
            site: None,
        }
    }

    /// What it costs in all.
    pub fn total(&self) -> i64 {
        self.shipments.iter().fold(0, |sum, one| sum.saturating_add(one.amount))
    }
}

/// What one file told of orders.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderFile {
    /// The name the caller gave the file.
    pub name: String,
    /// What it was recognised as.
    pub layout: Layout,
    /// How its letters were written.
    pub encoding: Encoding,
    /// See [`crate::Statement::guessed`].
    pub guessed: Option<String>,
    /// In the order of their ids.
    pub orders: Vec<Order>,
    /// Refunds by order id, from files that tell of nothing else.
    pub refunds: Vec<(String, Currency, Refund)>,
    /// Rows that could not be read; the first hundred.
    pub skipped: Vec<Skipped>,
    /// How many there were in all.
    pub skipped_rows: usize,
}

/// The orders of all files: one of each id, with its refunds. Of two files that tell of the same
/// order, the one that knows more shipments counts (exports overlap, and later ones know more); a
/// mark of "not mine" in either stays.
pub fn gather(files: impl IntoIterator<Item = OrderFile>) -> Vec<Order> {
    let mut orders: BTreeMap<String, Order> = BTreeMap::new();
    let mut refunds = Vec::new();
    for file in files {
        refunds.extend(file.refunds);
        for order in file.orders {
            match orders.get_mut(&order.id) {
                Some(known) => *known = merged(known.clone(), order),
                None => {
                    orders.insert(order.id.clone(), order);
                }
            }
        }
    }
    refunds.sort_unstable();
    refunds.dedup();
    for (id, currency, refund) in refunds {
        if let Some(order) = orders.get_mut(&id)
            && order.currency == currency
        {
            order.refunds.push(refund);
        }
    }
    orders.into_values().collect()
}

fn merged(a: Order, b: Order) -> Order {
    let knowledge = |order: &Order| {
        let shipped = order.shipments.iter().filter(|one| one.shipped.is_some()).count();
        (shipped, order.shipments.len(), order.total())
    };
    let not_mine = a.not_mine || b.not_mine;
    let cancelled = a.cancelled || b.cancelled;
    let (mut kept, other) = if knowledge(&b) > knowledge(&a) { (b, a) } else { (a, b) };
    if kept.refunds.len() < other.refunds.len() {
        kept.refunds = other.refunds;
    }
    Order { cancelled, not_mine, ..kept }
}
