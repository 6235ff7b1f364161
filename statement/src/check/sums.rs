//! Charges and shipments that add up to each other, within bounds.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::desk::{Desk, ParcelAt};
use super::verdict::LineReason;
use super::window::{Fit, POSTING_DAYS};
use crate::money::Currency;

/// Things of which subsets are added up.
const THINGS_MAX: usize = 12;
/// Charges that one order may have, orders that one charge may have. Four among twelve are under
/// 800 sums: few enough that a sum which fits by chance is rare.
const PARTS_MAX: usize = 4;

/// One charge that pays several shipments of one order.
pub(super) fn shipments_in_one_charge(desk: &mut Desk<'_>) {
    let charges = Charges::of(desk);
    for bill in 0..desk.bills.len() {
        let parcels = open_of(desk, bill);
        if parcels.len() < 2 {
            continue;
        }
        for charge in charges.near(desk, bill, &parcels) {
            let open = open_of(desk, bill);
            let Some(amount) = amount_of(desk, charge) else { continue };
            let amounts: Vec<i64> =
                open.iter().filter_map(|at| desk.parcel(*at)).map(|one| one.amount).collect();
            // All that is open may be more than subsets are tried of.
            let found = if desk.amount(&open) == amount {
                Some((0..open.len()).collect())
            } else {
                subset(desk, &amounts, amount, THINGS_MAX).map(|found| found.members)
            };
            if let Some(members) = found {
                let paid = pick(&open, &members);
                desk.settle(&[charge], &paid, LineReason::SeveralShipments);
            }
        }
    }
}

/// Several charges that pay one order, or one shipment of it.
pub(super) fn several_charges(desk: &mut Desk<'_>) {
    let charges = Charges::of(desk);
    for bill in 0..desk.bills.len() {
        let all = open_of(desk, bill);
        let singles = all.iter().filter(|_| all.len() > 1).map(|at| vec![*at]);
        for target in std::iter::once(all.clone()).chain(singles) {
            let open: Vec<ParcelAt> = open_of(desk, bill);
            if target.is_empty() || !target.iter().all(|at| open.contains(at)) {
                continue;
            }
            let sum = desk.amount(&target);
            let near = charges.near(desk, bill, &target);
            let amounts: Vec<i64> = near.iter().filter_map(|at| amount_of(desk, *at)).collect();
            if let Some(found) = subset(desk, &amounts, sum, PARTS_MAX) {
                let reason =
                    if found.alone { LineReason::SeveralCharges } else { LineReason::SeveralWays };
                desk.settle(&pick(&near, &found.members), &target, reason);
            }
        }
    }
}

/// One charge that pays several orders of the same days.
pub(super) fn several_orders(desk: &mut Desk<'_>) {
    let by_day = desk.bills_by_day();
    for charge in desk.open_charges() {
        let Some(money) = desk.charges.get(charge).map(|one| one.money) else { continue };
        let (mut sums, mut parcels) = (Vec::new(), Vec::new());
        let close = desk.close_bills(&by_day, charge);
        if !desk.may_go_on(close.len()) {
            return;
        }
        for bill in close {
            let open = open_of(desk, bill);
            let currency = desk.bills.get(bill).map(|bill| bill.order.currency);
            let fits = |at: &ParcelAt| desk.fit(charge, *at) == Some(Fit::Close);
            if open.is_empty() || currency != Some(money.currency) || !open.iter().all(fits) {
                continue;
            }
            let sum = desk.amount(&open);
            if sum < money.amount {
                sums.push(sum);
                parcels.push(open);
            }
            if sums.len() == THINGS_MAX {
                break;
            }
        }
        if let Some(found) = subset(desk, &sums, money.amount, PARTS_MAX) {
            let reason =
                if found.alone { LineReason::SeveralOrders } else { LineReason::SeveralWays };
            desk.settle(&[charge], &pick(&parcels, &found.members).concat(), reason);
        }
    }
}

/// Charges that were open when a step began, by currency and day.
struct Charges(FxHashMap<Currency, Vec<usize>>);

impl Charges {
    fn of(desk: &Desk<'_>) -> Self {
        let mut charges: FxHashMap<Currency, Vec<usize>> = FxHashMap::default();
        for at in desk.open_charges() {
            if let Some(one) = desk.charges.get(at) {
                charges.entry(one.money.currency).or_default().push(at);
            }
        }
        Self(charges)
    }

    /// The open charges whose days fit any of the parcels: the closest ones, at most as many as
    /// subsets are made of.
    fn near(&self, desk: &mut Desk<'_>, bill: usize, parcels: &[ParcelAt]) -> Vec<usize> {
        let Some(one) = desk.bills.get(bill) else { return Vec::new() };
        let charges = self.0.get(&one.order.currency).map(Vec::as_slice).unwrap_or_default();
        let day = |at: &usize| desk.charges.get(*at).map(|one| one.days.day());
        let from = charges.partition_point(|at| day(at) < Some(one.placed));
        let last = parcels
            .iter()
            .filter_map(|at| desk.parcel(*at))
            .map(|parcel| parcel.window.closes())
            .max();
        let until = last.map(|last| crate::day::later(last, POSTING_DAYS));
        let mut near = Vec::new();
        let mut steps = 0;
        for at in charges.iter().skip(from).take_while(|at| day(at) <= until) {
            steps += 1;
            let open = desk.charges.get(*at).is_some_and(|one| one.settled.is_none());
            let fit = parcels.iter().filter_map(|parcel| desk.fit(*at, *parcel)).min();
            if open && fit.is_some_and(|fit| fit <= Fit::Wide) {
                near.push((fit, *at));
            }
            if steps > 2_000 {
                break;
            }
        }
        near.sort();
        near.truncate(THINGS_MAX);
        if desk.may_go_on(steps) {
            near.into_iter().map(|(_, at)| at).collect()
        } else {
            Vec::new()
        }
    }
}

/// A subset that adds up.
struct Found {
    members: Vec<usize>,
    /// No subset of other amounts adds up too.
    alone: bool,
}

/// The smallest subset of at least two `amounts` that adds up to `target`, and whether it is the
/// only one (identical amounts stand for each other). Amounts beyond [`THINGS_MAX`] are left out.
fn subset(desk: &mut Desk<'_>, amounts: &[i64], target: i64, parts: usize) -> Option<Found> {
    let count = amounts.len().min(THINGS_MAX);
    if count < 2 || target <= 0 || !desk.may_go_on(1 << count) {
        return None;
    }
    let mut search =
        Search { amounts: amounts.get(..count)?, parts, best: None, ways: BTreeSet::new() };
    search.grow(0, target, &mut Vec::new());
    let Search { best, ways, .. } = search;
    best.map(|members| Found { members, alone: ways.len() == 1 })
}

/// Goes through subsets by growing them.
struct Search<'a> {
    amounts: &'a [i64],
    parts: usize,
    best: Option<Vec<usize>>,
    /// The amounts of subsets that fit, sorted.
    ways: BTreeSet<Vec<i64>>,
}

impl Search<'_> {
    /// Adds members from `from` on while `rest` is left. Amounts are positive.
    fn grow(&mut self, from: usize, rest: i64, members: &mut Vec<usize>) {
        if rest == 0 && members.len() >= 2 {
            let mut way = pick(self.amounts, members);
            way.sort_unstable();
            self.ways.insert(way);
            if self.best.as_ref().is_none_or(|best| (members.len(), &*members) < (best.len(), best))
            {
                self.best = Some(members.clone());
            }
        }
        if rest <= 0 || members.len() == self.parts {
            return;
        }
        for at in from..self.amounts.len() {
            let amount = self.amounts.get(at).copied().unwrap_or_default();
            if amount <= rest {
                members.push(at);
                self.grow(at + 1, rest - amount, members);
                members.pop();
            }
        }
    }
}

fn pick<T: Clone>(things: &[T], members: &[usize]) -> Vec<T> {
    members.iter().filter_map(|at| things.get(*at)).cloned().collect()
}

fn amount_of(desk: &Desk<'_>, charge: usize) -> Option<i64> {
    desk.charges.get(charge).filter(|one| one.settled.is_none()).map(|one| one.money.amount)
}

/// The open parcels of one bill.
pub(super) fn open_of(desk: &Desk<'_>, bill: usize) -> Vec<ParcelAt> {
    let Some(one) = desk.bills.get(bill) else { return Vec::new() };
    let charged = one.order.funding != crate::order::Funding::Otherwise;
    let open = one
        .parcels
        .iter()
        .enumerate()
        .filter(|(_, parcel)| charged && !parcel.charged && parcel.amount > 0);
    open.map(|(parcel, _)| ParcelAt { bill, parcel }).collect()
}
