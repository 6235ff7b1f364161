//! Pairs that need a word of explanation, and those that only raise a doubt.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::Rate;
use super::desk::{Desk, ParcelAt};
use super::sums::open_of;
use super::verdict::{LineReason, LineStatus};
use super::window::Fit;
use crate::money::{Currency, Money};
use crate::order::{Funding, Order};

/// Percent by which an issuer's rate may differ from the one that was said.
const RATE_TOLERANCE_PERCENT: i64 = 3;

/// Orders in a currency that is not the statement's: by the amount abroad that the line names, or
/// by the rate that the reader says.
pub(super) fn other_currency(desk: &mut Desk<'_>, rates: &[Rate]) {
    let at_home: BTreeSet<Currency> = desk.charges.iter().map(|one| one.money.currency).collect();
    let abroad = open_bills(desk, |bill| at_home.iter().any(|home| *home != bill.currency));
    for charge in desk.open_charges() {
        let found = best_bill(desk, charge, &abroad, Fit::Wide, |line, bill| {
            if line.currency == bill.currency {
                return None;
            }
            if line.foreign == Some(bill) {
                return Some(LineReason::ForeignAmount);
            }
            let rate = rates.iter().find(|rate| rate.of == bill.currency)?;
            let expected = converted(bill, *rate, line.currency)?;
            let difference = (line.amount - expected).abs();
            let fits =
                difference.saturating_mul(100) <= expected.saturating_mul(RATE_TOLERANCE_PERCENT);
            (line.foreign.is_none() && fits).then_some(LineReason::Converted)
        });
        settle(desk, charge, found);
    }
}

/// Charges smaller than an order that says it was partly paid with points or gift balance.
pub(super) fn partly_points(desk: &mut Desk<'_>) {
    let mixed = open_bills(desk, |bill| bill.funding == Funding::Mixed);
    for charge in desk.open_charges() {
        let found = best_bill(desk, charge, &mixed, Fit::Wide, |line, bill| {
            let smaller = line.currency == bill.currency && line.amount < bill.amount;
            (bill.funding == Funding::Mixed && smaller).then_some(LineReason::PartlyPoints)
        });
        settle(desk, charge, found);
    }
}

/// Charges of the right amount on a day that does not fit.
pub(super) fn other_day(desk: &mut Desk<'_>) {
    let by_amount = by_amount(desk);
    for charge in desk.open_charges() {
        let Some(money) = desk.charges.get(charge).map(|one| one.money) else { continue };
        let same = by_amount.get(&money).map(Vec::as_slice).unwrap_or_default();
        let found = best_bill(desk, charge, same, Fit::Far, |line, bill| {
            (line.money() == bill.money()).then_some(LineReason::OutsideWindow)
        });
        settle(desk, charge, found);
    }
}

/// Charges somewhat smaller than an order of the same days, which points that the export does not
/// tell of would explain.
pub(super) fn smaller_than_order(desk: &mut Desk<'_>) {
    let by_day = desk.bills_by_day();
    for charge in desk.open_charges() {
        let close = desk.close_bills(&by_day, charge);
        let found = best_bill(desk, charge, &close, Fit::Close, |line, bill| {
            let smaller = line.currency == bill.currency && line.amount < bill.amount;
            (smaller && line.amount.saturating_mul(2) >= bill.amount)
                .then_some(LineReason::SmallerThanOrder)
        });
        settle(desk, charge, found);
    }
}

/// A charge that fits an own order and one of somebody else, of which only one was charged, may be
/// either.
pub(super) fn ambiguous(desk: &mut Desk<'_>) {
    let mut open: FxHashMap<Money, Vec<ParcelAt>> = FxHashMap::default();
    for at in desk.open_parcels() {
        if let (Some(bill), Some(parcel)) = (desk.bills.get(at.bill), desk.parcel(at)) {
            let money = Money { amount: parcel.amount, currency: bill.order.currency };
            open.entry(money).or_default().push(at);
        }
    }
    for charge in 0..desk.charges.len() {
        let Some(one) = desk.charges.get(charge) else { continue };
        let Some(settled) =
            one.settled.as_ref().filter(|one| one.reason.status() == LineStatus::Matched)
        else {
            continue;
        };
        let not_mine = |bill: usize| desk.bills.get(bill).is_some_and(|bill| bill.not_mine);
        let whose = settled.bills.first().is_some_and(|bill| not_mine(*bill));
        let rivals = open.get(&one.money).map(Vec::as_slice).unwrap_or_default();
        let rival = rivals.iter().take(1_000).find(|at| {
            not_mine(at.bill) != whose && desk.fit(charge, **at).is_some_and(|fit| fit <= Fit::Wide)
        });
        if let Some(rival) = rival {
            let bills = [settled.bills.clone(), vec![rival.bill]].concat();
            for bill in &bills {
                if let Some(bill) = desk.bills.get_mut(*bill) {
                    bill.doubted = true;
                }
            }
            if let Some(settled) = desk.charges.get_mut(charge).and_then(|one| one.settled.as_mut())
            {
                (settled.reason, settled.bills) = (LineReason::Ambiguous, bills);
            }
        }
    }
}

/// Bills with open parcels that `wanted` accepts.
fn open_bills(desk: &Desk<'_>, wanted: impl Fn(&Order) -> bool) -> Vec<usize> {
    let bills = desk.bills.iter().enumerate();
    let open = bills.filter(|(at, bill)| !open_of(desk, *at).is_empty() && wanted(bill.order));
    open.map(|(at, _)| at).collect()
}

/// Bills by the amounts of their open parcels, and of all of these together.
fn by_amount(desk: &Desk<'_>) -> FxHashMap<Money, Vec<usize>> {
    let mut bills: FxHashMap<Money, Vec<usize>> = FxHashMap::default();
    for (at, bill) in desk.bills.iter().enumerate() {
        let open = open_of(desk, at);
        let singles = open.iter().filter_map(|at| desk.parcel(*at)).map(|parcel| parcel.amount);
        let mut amounts: Vec<i64> = singles.collect();
        amounts.push(desk.amount(&open));
        amounts.sort_unstable();
        amounts.dedup();
        for amount in amounts.into_iter().filter(|amount| *amount > 0) {
            bills.entry(Money { amount, currency: bill.order.currency }).or_default().push(at);
        }
    }
    bills
}

/// What a line offers.
struct Offer {
    amount: i64,
    currency: Currency,
    foreign: Option<Asked>,
}

/// What an order, or one shipment of it, asks for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    amount: i64,
    currency: Currency,
    funding: Funding,
}

impl Offer {
    fn money(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

impl Asked {
    fn money(self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.money() == other.money()
    }
}

/// The best fitting parcel, or whole order, that `explains` accepts.
fn best_bill(
    desk: &mut Desk<'_>,
    charge: usize,
    bills: &[usize],
    worst: Fit,
    explains: impl Fn(&Offer, Asked) -> Option<LineReason>,
) -> Option<(Vec<ParcelAt>, LineReason)> {
    let one = desk.charges.get(charge)?;
    let money = one.money;
    let foreign = one.line.foreign.map(|money| Asked {
        amount: money.amount,
        currency: money.currency,
        funding: Funding::Card,
    });
    let offer = Offer { amount: money.amount, currency: money.currency, foreign };
    if !desk.may_go_on(bills.len()) {
        return None;
    }
    let mut best: Option<(Fit, bool, Vec<ParcelAt>, LineReason)> = None;
    for bill in bills.iter().copied() {
        let open = open_of(desk, bill);
        let Some(order) = desk.bills.get(bill).map(|bill| bill.order) else { continue };
        let singles = open.iter().filter(|_| open.len() > 1).map(|at| vec![*at]);
        for parcels in
            std::iter::once(open.clone()).chain(singles).filter(|parcels| !parcels.is_empty())
        {
            let amount = desk.amount(&parcels);
            let asked = Asked { amount, currency: order.currency, funding: order.funding };
            let fit = parcels.iter().filter_map(|at| desk.fit(charge, *at)).min();
            let (Some(fit), Some(reason)) =
                (fit.filter(|fit| *fit <= worst), explains(&offer, asked))
            else {
                continue;
            };
            let not_mine = desk.bills.get(bill).is_some_and(|bill| bill.not_mine);
            if best.as_ref().is_none_or(|(known, whose, ..)| (fit, not_mine) < (*known, *whose)) {
                best = Some((fit, not_mine, parcels, reason));
            }
        }
    }
    best.map(|(_, _, parcels, reason)| (parcels, reason))
}

fn settle(desk: &mut Desk<'_>, charge: usize, found: Option<(Vec<ParcelAt>, LineReason)>) {
    let Some((parcels, reason)) = found else { return };
    if reason.status() == LineStatus::Doubtful {
        for at in &parcels {
            if let Some(bill) = desk.bills.get_mut(at.bill) {
                bill.doubted = true;
            }
        }
    }
    desk.settle(&[charge], &parcels, reason);
}

/// The order's amount in the currency of the statement.
fn converted(bill: Asked, rate: Rate, to: Currency) -> Option<i64> {
    let power = |digits: u32| i128::from(10_i64.pow(digits));
    let millionths = i128::from(bill.amount) * i128::from(rate.millionths) * power(to.digits());
    i64::try_from(millionths / (power(bill.currency.digits()) * 1_000_000)).ok()
}
