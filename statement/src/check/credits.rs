//! Money that came back.

use rustc_hash::FxHashMap;

use super::REFUND_DAYS;
use super::desk::{Desk, Settled};
use super::verdict::LineReason;
use crate::day::{Day, days_between};
use crate::money::Money;

/// Days after a charge within which its refund is looked for.
const LOOK_BACK_DAYS: i32 = 180;

/// Explains every credit: a refund that the shop has told of, the return of an order's money, or
/// the return of a charge that was not the reader's.
pub(super) fn explain(desk: &mut Desk<'_>) {
    let credits: Vec<usize> = (0..desk.charges.len())
        .filter(|at| desk.charges.get(*at).is_some_and(|one| one.money.amount < 0))
        .collect();
    let mut taken = Taken::of(desk);
    for credit in credits {
        let settled = told(desk, credit, &mut taken)
            .or_else(|| of_charge(desk, credit, &mut taken))
            .or_else(|| of_order(desk, credit, &mut taken));
        let settled =
            settled.unwrap_or(Settled { reason: LineReason::RefundUnexplained, bills: Vec::new() });
        if let Some(one) = desk.charges.get_mut(credit) {
            one.settled = Some(settled);
        }
    }
    desk_refunds(desk, taken);
}

/// What a credit can be explained by, by amount; and what has been used for one.
struct Taken {
    open_refunds: FxHashMap<Money, Vec<(usize, usize)>>,
    open_charges: FxHashMap<Money, Vec<usize>>,
    open_parcels: FxHashMap<Money, Vec<usize>>,
    refunds: Vec<(usize, usize)>,
    charges: Vec<usize>,
}

impl Taken {
    fn of(desk: &Desk<'_>) -> Self {
        let mut taken = Self {
            open_refunds: FxHashMap::default(),
            open_charges: FxHashMap::default(),
            open_parcels: FxHashMap::default(),
            refunds: Vec::new(),
            charges: Vec::new(),
        };
        for (at, bill) in desk.bills.iter().enumerate() {
            let money = |amount| Money { amount, currency: bill.order.currency };
            for (place, refund) in bill.order.refunds.iter().enumerate() {
                taken.open_refunds.entry(money(refund.amount)).or_default().push((at, place));
            }
            for parcel in bill.parcels.iter().filter(|parcel| parcel.charged) {
                taken.open_parcels.entry(money(parcel.amount)).or_default().push(at);
            }
        }
        for (at, charge) in desk.charges.iter().enumerate().filter(|(_, one)| one.money.amount > 0)
        {
            taken.open_charges.entry(charge.money).or_default().push(at);
        }
        taken
    }
}

fn desk_refunds(desk: &mut Desk<'_>, taken: Taken) {
    for (bill, refund) in taken.refunds {
        if let Some(bill) = desk.bills.get_mut(bill) {
            bill.refunds_seen.push(refund);
        }
    }
    for charge in taken.charges {
        if let Some(charge) = desk.charges.get_mut(charge) {
            charge.refunded = true;
        }
    }
}

/// A refund that the shop has told of, of about this day.
fn told(desk: &mut Desk<'_>, credit: usize, taken: &mut Taken) -> Option<Settled> {
    let one = desk.charges.get(credit)?;
    let day = one.days.day();
    let open = taken.open_refunds.get_mut(&given_back(one.money))?;
    let timely = |(bill, refund): &(usize, usize)| {
        let told = desk.bills.get(*bill).and_then(|bill| bill.order.refunds.get(*refund)?.at);
        told.is_none_or(|told| {
            (-3..=2 * REFUND_DAYS).contains(&days_between(told.day(desk.offset), day))
        })
    };
    let place = open.iter().position(timely)?;
    let found = open.remove(place);
    taken.refunds.push(found);
    Some(Settled { reason: LineReason::Refund, bills: vec![found.0] })
}

/// A charge of the same amount before it; one that was not the reader's first, then the latest.
fn of_charge(desk: &mut Desk<'_>, credit: usize, taken: &mut Taken) -> Option<Settled> {
    let one = desk.charges.get(credit)?;
    let day = one.days.day();
    let open = taken.open_charges.get_mut(&given_back(one.money))?;
    let own = |at: usize| {
        let settled = desk.charges.get(at).and_then(|other| other.settled.as_ref());
        settled.is_some_and(|settled| !desk.is_not_yours(settled))
    };
    let earlier = |at: usize| desk.charges.get(at).filter(|other| before(other.days.day(), day));
    let found = open.iter().enumerate().filter_map(|(place, at)| {
        Some(((own(*at), std::cmp::Reverse(earlier(*at)?.days.day()), *at), place))
    });
    let ((own, _, at), place) = found.min()?;
    open.remove(place);
    taken.charges.push(at);
    let settled = desk.charges.get(at).and_then(|other| other.settled.as_ref());
    let bills = settled.map(|settled| settled.bills.clone()).unwrap_or_default();
    let reason = if own { LineReason::RefundOfOrder } else { LineReason::RefundOfUnmatched };
    Some(Settled { reason, bills })
}

/// A part of an order that was charged: one shipment sent back.
fn of_order(desk: &Desk<'_>, credit: usize, taken: &mut Taken) -> Option<Settled> {
    let one = desk.charges.get(credit)?;
    let open = taken.open_parcels.get_mut(&given_back(one.money))?;
    let placed = |bill: &usize| {
        desk.bills.get(*bill).is_some_and(|bill| before(bill.placed, one.days.day()))
    };
    let place = open.iter().rposition(placed)?;
    Some(Settled { reason: LineReason::RefundOfOrder, bills: vec![open.remove(place)] })
}

fn given_back(credit: Money) -> Money {
    Money { amount: -credit.amount, ..credit }
}

fn before(charge: Day, credit: Day) -> bool {
    (0..=LOOK_BACK_DAYS).contains(&days_between(charge, credit))
}
