//! What came of it.

use serde::Serialize;

use super::REFUND_DAYS;
use super::desk::{Bill, Charge, Desk, Settled};
use super::verdict::{LineReason, LineStatus, OrderReason, OrderStatus, RefundStatus};
use crate::day::{Day, days_between, later};
use crate::line::{Line, Statement};
use crate::money::{Currency, Money};
use crate::order::{Funding, Order};
use crate::seen::{Fingerprint, Seen, of_order};

/// Days before a statement's first line that it is still taken to cover: it may begin quietly.
const QUIET_DAYS: i32 = 7;
/// Days after which an order that never shipped is called missing.
const UNSHIPPED_DAYS: i32 = 30;

/// The lines of the shops asked about, the orders, and the sums.
#[derive(Debug)]
pub struct Report<'a> {
    /// The day as of which the statement speaks; none where nothing tells of any day.
    pub as_of: Option<Day>,
    /// By day, the largest of a day first.
    pub lines: Vec<JudgedLine<'a>>,
    /// By the day they were placed.
    pub orders: Vec<JudgedOrder<'a>>,
    /// Lines of other merchants, which are not judged.
    pub other_lines: Vec<(&'a Statement, &'a Line)>,
    /// The sums.
    pub totals: Totals,
}

/// A line, judged.
#[derive(Debug)]
pub struct JudgedLine<'a> {
    /// The file it stands in.
    pub statement: &'a Statement,
    /// The line.
    pub line: &'a Line,
    /// Whose it is.
    pub status: LineStatus,
    /// Why.
    pub reason: LineReason,
    /// The orders it belongs to, or may belong to.
    pub orders: Vec<&'a Order>,
    /// A later credit gave it back.
    pub refunded: bool,
    /// What it is known by in [`crate::Seen`].
    pub fingerprint: Fingerprint,
}

/// An order, judged.
#[derive(Debug)]
pub struct JudgedOrder<'a> {
    /// The order.
    pub order: &'a Order,
    /// The day it was placed on the statement's calendar.
    pub placed: Day,
    /// The reader says that it is not theirs.
    pub not_mine: bool,
    /// Whether it was charged.
    pub status: OrderStatus,
    /// Why.
    pub reason: OrderReason,
    /// What became of the refund that the shop has told of; none where it told of none.
    pub refund: Option<RefundStatus>,
    /// What it is known by in [`crate::Seen`].
    pub fingerprint: Fingerprint,
}

/// Lines of one kind: how many, and how much in each currency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sums {
    /// How many.
    pub count: usize,
    /// How much, by currency.
    pub amounts: Vec<Money>,
}

impl Sums {
    /// Takes in one more. Saturates.
    pub fn add(&mut self, money: Money) {
        self.count += 1;
        if let Some(sum) = self.amounts.iter_mut().find(|one| one.currency == money.currency) {
            sum.amount = sum.amount.saturating_add(money.amount);
        } else {
            self.amounts.push(money);
            self.amounts.sort_by_key(|one| one.currency);
        }
    }

    /// The amount in `currency`.
    pub fn of(&self, currency: Currency) -> i64 {
        self.amounts.iter().find(|one| one.currency == currency).map_or(0, |one| one.amount)
    }
}

/// The sums of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Charges that are not the reader's: the unmatched lines.
    pub not_yours: Sums,
    /// Of these, what has come back.
    pub not_yours_refunded: Sums,
    /// Lines that could be either.
    pub doubtful: Sums,
    /// Lines that something to come will explain.
    pub pending: Sums,
    /// Lines that own orders explain.
    pub matched: Sums,
    /// Lines of other merchants.
    pub other_merchants: Sums,
    /// Lines that two files hold, counted once.
    pub repeated_lines: usize,
    /// Own orders by status.
    pub orders_charged: usize,
    /// Own orders whose charge may still come.
    pub orders_pending: usize,
    /// Own orders whose charge is missing.
    pub orders_missing: usize,
    /// Own orders for which none is expected.
    pub orders_not_expected: usize,
    /// Orders that were marked as not the reader's.
    pub orders_not_mine: usize,
    /// Refunds that are told of and still to come.
    pub refunds_pending: usize,
    /// Refunds that should have come.
    pub refunds_missing: usize,
}

impl JudgedLine<'_> {
    /// Whether it is a finding that was not told before.
    pub fn is_new(&self, seen: &Seen) -> bool {
        self.is_finding() && !seen.knows(self.fingerprint, self.reason.code())
    }

    /// Whether the reader should look at it.
    pub fn is_finding(&self) -> bool {
        matches!(self.status, LineStatus::Unmatched | LineStatus::Doubtful)
    }
}

impl JudgedOrder<'_> {
    /// Whether it is a finding that was not told before.
    pub fn is_new(&self, seen: &Seen) -> bool {
        self.is_finding() && !seen.knows(self.fingerprint, self.reason.code())
    }

    /// Whether the reader should look at it.
    pub fn is_finding(&self) -> bool {
        let missing = self.status == OrderStatus::Missing && !self.not_mine;
        missing || self.refund == Some(RefundStatus::Missing)
    }
}

/// Puts the report together.
pub(super) fn of<'a>(desk: Desk<'a>) -> Report<'a> {
    let lines: Vec<JudgedLine<'a>> =
        desk.charges.iter().map(|charge| line(&desk, charge)).collect();
    let orders: Vec<JudgedOrder<'a>> = desk.bills.iter().map(|bill| order(&desk, bill)).collect();
    let totals = totals(&desk, &lines, &orders);
    Report { as_of: desk.as_of, lines, orders, other_lines: desk.other_lines, totals }
}

fn line<'a>(desk: &Desk<'a>, charge: &Charge<'a>) -> JudgedLine<'a> {
    let reason = match &charge.settled {
        Some(settled) => settled_reason(desk, charge, settled),
        None if charge.money.amount == 0 => LineReason::Exact,
        None if desk.gave_up() => LineReason::TooManyCombinations,
        None => LineReason::NoOrder,
    };
    let bills = charge.settled.iter().flat_map(|settled| &settled.bills);
    JudgedLine {
        statement: charge.statement,
        line: charge.line,
        status: reason.status(),
        reason,
        orders: bills.filter_map(|bill| desk.bills.get(*bill)).map(|bill| bill.order).collect(),
        refunded: charge.refunded,
        fingerprint: charge.fingerprint,
    }
}

fn settled_reason(desk: &Desk<'_>, charge: &Charge<'_>, settled: &Settled) -> LineReason {
    let certain = settled.reason.status() == LineStatus::Matched && charge.money.amount > 0;
    if certain && desk.is_not_yours(settled) {
        return LineReason::OrderNotMine;
    }
    let cancelled = settled
        .bills
        .iter()
        .filter_map(|bill| desk.bills.get(*bill))
        .all(|bill| bill.order.cancelled);
    if certain && cancelled && !charge.refunded {
        let waited = desk.as_of.map_or(0, |as_of| days_between(charge.days.day(), as_of));
        return if waited > REFUND_DAYS {
            LineReason::RefundOverdue
        } else {
            LineReason::RefundPending
        };
    }
    settled.reason
}

fn order<'a>(desk: &Desk<'a>, bill: &Bill<'a>) -> JudgedOrder<'a> {
    let reason = order_reason(desk, bill);
    JudgedOrder {
        order: bill.order,
        placed: bill.placed,
        not_mine: bill.not_mine,
        status: reason.status(),
        reason,
        refund: refund(desk, bill),
        fingerprint: of_order(&bill.order.id),
    }
}

fn order_reason(desk: &Desk<'_>, bill: &Bill<'_>) -> OrderReason {
    let order = bill.order;
    let due = || bill.parcels.iter().filter(|parcel| parcel.amount > 0);
    if bill.doubted {
        return OrderReason::ChargedPerhaps;
    }
    if due().count() > 0 && due().all(|parcel| parcel.charged) {
        return OrderReason::Charged;
    }
    if order.cancelled {
        return OrderReason::Cancelled;
    }
    if order.funding == Funding::Otherwise || due().count() == 0 {
        return OrderReason::PaidOtherwise;
    }
    let Some(as_of) = desk.as_of else { return OrderReason::NotYetVisible };
    let open = || due().filter(|parcel| !parcel.charged);
    let last = open().map(|parcel| parcel.window.closes()).max().unwrap_or(bill.placed);
    let charged = due().any(|parcel| parcel.charged);
    if !charged && desk.first_day.is_some_and(|first| last < later(first, -QUIET_DAYS)) {
        return OrderReason::BeforeStatement;
    }
    if !open().all(|parcel| parcel.window.is_closed(as_of, desk.only_posted)) {
        return OrderReason::NotYetVisible;
    }
    // An export that dates some shipments and not these says that they are still to come.
    let dated = due().any(|parcel| parcel.window.shipped.is_some());
    let waiting = open().all(|parcel| parcel.window.shipped.is_none());
    match (charged, dated && waiting && days_between(bill.placed, as_of) <= UNSHIPPED_DAYS) {
        (_, true) => OrderReason::NotShipped,
        (true, false) => OrderReason::PartlyCharged,
        (false, false) => OrderReason::NoLine,
    }
}

fn refund(desk: &Desk<'_>, bill: &Bill<'_>) -> Option<RefundStatus> {
    let told = bill.order.refunds.iter().enumerate();
    let status = |place: usize, at: Option<Day>| match (
        bill.refunds_seen.contains(&place),
        at,
        desk.as_of,
    ) {
        (true, ..) => RefundStatus::Seen,
        (false, Some(at), Some(as_of)) if days_between(at, as_of) > REFUND_DAYS => {
            RefundStatus::Missing
        }
        _ => RefundStatus::Pending,
    };
    told.map(|(place, refund)| status(place, refund.at.map(|at| at.day(desk.offset)))).max()
}

fn totals(desk: &Desk<'_>, lines: &[JudgedLine<'_>], orders: &[JudgedOrder<'_>]) -> Totals {
    let mut totals = Totals {
        other_merchants: desk.other.clone(),
        repeated_lines: desk.repeated,
        ..Totals::default()
    };
    for one in lines {
        let sums = match one.status {
            LineStatus::Matched => &mut totals.matched,
            LineStatus::Pending => &mut totals.pending,
            LineStatus::Unmatched => &mut totals.not_yours,
            LineStatus::Doubtful => &mut totals.doubtful,
        };
        sums.add(one.line.amount);
        if one.status == LineStatus::Unmatched && one.refunded {
            totals.not_yours_refunded.add(one.line.amount);
        }
    }
    for one in orders {
        match (one.not_mine, one.status) {
            (true, _) => totals.orders_not_mine += 1,
            (false, OrderStatus::Charged) => totals.orders_charged += 1,
            (false, OrderStatus::Pending) => totals.orders_pending += 1,
            (false, OrderStatus::Missing) => totals.orders_missing += 1,
            (false, OrderStatus::NotExpected) => totals.orders_not_expected += 1,
        }
        match one.refund {
            Some(RefundStatus::Pending) => totals.refunds_pending += 1,
            Some(RefundStatus::Missing) => totals.refunds_missing += 1,
            Some(RefundStatus::Seen) | None => {}
        }
    }
    totals
}
