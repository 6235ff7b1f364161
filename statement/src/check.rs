//! Holds the lines of statements against orders.
//!
//! From the surest to the least sure: one charge for one shipment; one for several shipments of an
//! order; several for one order; one for several orders; amounts in another currency; charges that
//! points made smaller; charges on another day. What an earlier step has settled no later one
//! touches. Every step goes through charges and orders sorted by what they say, so their order in
//! the files does not matter (docs/decisions/0150).

mod credits;
mod desk;
mod exact;
mod loose;
mod report;
mod sums;
mod verdict;
mod window;

use std::collections::BTreeSet;

use jiff::tz::Offset;

use crate::day::Day;
use crate::line::Statement;
use crate::marketplace::{self, Shops};
use crate::money::Currency;
use crate::order::Order;

use desk::Desk;
pub use report::{JudgedLine, JudgedOrder, Report, Sums, Totals};
pub use verdict::{LineReason, LineStatus, OrderReason, OrderStatus, RefundStatus};

/// What the reader says besides the files.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose lines are judged: ids of marketplaces or spellings on the statement. Where none is
    /// named, the marketplaces that the orders were placed at, or else every one that is known.
    pub merchants: Vec<String>,
    /// Ids of orders that the reader did not place.
    pub not_mine: BTreeSet<String>,
    /// The day the statement was exported; where none is said, the last day that the statements
    /// themselves tell of.
    pub as_of: Option<Day>,
    /// The calendar of the statement.
    pub offset: Offset,
    /// Rates for orders in a currency that their lines do not name.
    pub rates: Vec<Rate>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            merchants: Vec::new(),
            not_mine: BTreeSet::new(),
            as_of: None,
            offset: jiff::tz::offset(9),
            rates: Vec::new(),
        }
    }
}

/// What one unit of a foreign currency costs on the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The orders' currency.
    pub of: Currency,
    /// Millionths of a whole unit of the statement's currency.
    pub millionths: i64,
}

/// Days that a refund may take to show (C20).
pub const REFUND_DAYS: i32 = 21;

/// Judges every line of the shops asked about, and every order.
pub fn check<'a>(
    statements: &'a [Statement],
    orders: &'a [Order],
    options: &Options,
) -> Report<'a> {
    let shops = shops(orders, options);
    let mut desk = Desk::lay_out(statements, orders, options, &shops);
    exact::pair(&mut desk);
    sums::shipments_in_one_charge(&mut desk);
    sums::several_charges(&mut desk);
    sums::several_orders(&mut desk);
    loose::other_currency(&mut desk, &options.rates);
    loose::partly_points(&mut desk);
    loose::other_day(&mut desk);
    loose::smaller_than_order(&mut desk);
    loose::ambiguous(&mut desk);
    credits::explain(&mut desk);
    report::of(desk)
}

fn shops(orders: &[Order], options: &Options) -> Shops {
    let named = Shops::named(options.merchants.iter().map(String::as_str));
    if !named.is_empty() {
        return named;
    }
    let sites: BTreeSet<&str> = orders.iter().filter_map(|order| order.site.as_deref()).collect();
    let places =
        sites.iter().map(|site| marketplace::of_site(site).map_or(*site, |one| one.id.as_str()));
    let known = Shops::named(places);
    let all_named = orders.iter().all(|order| order.site.is_some());
    if known.is_empty() || !all_named { Shops::every() } else { known }
}
