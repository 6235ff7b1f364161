//! One charge for one shipment, to the yen.

use rustc_hash::FxHashMap;

use super::desk::{Desk, ParcelAt};
use super::verdict::LineReason;
use super::window::Fit;
use crate::money::Money;

/// Pairs charges and parcels of the same amount, first those whose days fit closely. Among several
/// parcels the one whose window closes first is taken, which leaves most for later charges.
pub(super) fn pair(desk: &mut Desk<'_>) {
    for worst in [Fit::Close, Fit::Wide] {
        let mut parcels = by_amount(desk);
        for charge in desk.open_charges() {
            let Some(one) = desk.charges.get(charge) else { continue };
            let Some(open) = parcels.get_mut(&one.money) else { continue };
            if !desk.may_go_on(open.len()) {
                return;
            }
            let fits = |at: &ParcelAt| desk.fit(charge, *at).is_some_and(|fit| fit <= worst);
            let best = open.iter().enumerate().filter(|(_, at)| fits(at)).min_by_key(|(_, at)| {
                let closes = desk.parcel(**at).map(|parcel| parcel.window.closes());
                (closes, desk.bills.get(at.bill).is_some_and(|bill| bill.not_mine), **at)
            });
            if let Some((place, at)) = best.map(|(place, at)| (place, *at)) {
                open.remove(place);
                desk.settle(&[charge], &[at], LineReason::Exact);
            }
        }
    }
}

fn by_amount(desk: &Desk<'_>) -> FxHashMap<Money, Vec<ParcelAt>> {
    let mut parcels: FxHashMap<Money, Vec<ParcelAt>> = FxHashMap::default();
    for at in desk.open_parcels() {
        let bill = desk.bills.get(at.bill);
        if let (Some(bill), Some(parcel)) = (bill, desk.parcel(at)) {
            let money = Money { amount: parcel.amount, currency: bill.order.currency };
            parcels.entry(money).or_default().push(at);
        }
    }
    parcels
}
