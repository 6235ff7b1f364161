//! What the store says of an order, whether it fits together, and the refunds that follow from it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::New;
use crate::event::PaymentKind;
use crate::ledger::{AMOUNT_MAX, Bearer};
use crate::parcel::{self, State};
use crate::refund::{self, Component, Refund};

/// Lines, parcels or payments of one order.
const PARTS_MAX: usize = 500;
/// Characters of an id.
const ID_MAX: usize = 200;

/// A payment of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// As the payer calls it: whoever pays a refund has to know it.
    pub id: String,
    /// Of which kind.
    pub kind: PaymentKind,
    /// Minor units.
    pub captured: i64,
    /// What went back already, by other ways than ours.
    #[serde(default)]
    pub refunded: i64,
    /// A dispute runs at the issuer, as far as the store knows.
    #[serde(default)]
    pub disputed: bool,
}

/// A part of a line's price, and by which payment it was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Which part.
    pub component: Component,
    /// Minor units.
    pub amount: i64,
    /// By which payment.
    pub payment: String,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The store's id.
    pub id: String,
    /// In which parcel it is.
    pub parcel: String,
    /// Its price, part by part.
    pub shares: Vec<Share>,
}

/// An order, as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The store's id.
    pub order: String,
    /// ISO 4217.
    pub currency: [u8; 3],
    /// How it was paid.
    pub payments: Vec<Payment>,
    /// What was bought.
    pub lines: Vec<Line>,
    /// How it is sent; each gift code is a parcel of its own.
    pub parcels: Vec<parcel::Facts>,
}

/// Facts that do not fit together, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// JSON pointer into the facts.
    pub pointer: String,
    /// What is wrong.
    pub detail: &'static str,
}

fn misfit<T>(pointer: String, detail: &'static str) -> Result<T, Misfit> {
    Err(Misfit { pointer, detail })
}

impl Facts {
    /// Whether it fits together: every part is named, and no payment gives back more than it took.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn check(&self) -> Result<(), Misfit> {
        ids("/parcels", self.parcels.iter().map(|one| one.id.as_str()))?;
        ids("/payments", self.payments.iter().map(|one| one.id.as_str()))?;
        ids("/lines", self.lines.iter().map(|one| one.id.as_str()))?;
        for (place, payment) in self.payments.iter().enumerate() {
            let amounts = 0..=AMOUNT_MAX;
            if !amounts.contains(&payment.captured) || !amounts.contains(&payment.refunded) {
                return misfit(format!("/payments/{place}"), "not an amount");
            }
        }
        let mut left: BTreeMap<&str, (PaymentKind, i64)> = self
            .payments
            .iter()
            .map(|one| (one.id.as_str(), (one.kind, one.captured - one.refunded)))
            .collect();
        for (place, line) in self.lines.iter().enumerate() {
            self.check_line(place, line, &mut left)?;
        }
        Ok(())
    }

    fn check_line(
        &self,
        place: usize,
        line: &Line,
        left: &mut BTreeMap<&str, (PaymentKind, i64)>,
    ) -> Result<(), Misfit> {
        let Some(parcel) = self.parcels.iter().find(|parcel| parcel.id == line.parcel) else {
            return misfit(format!("/lines/{place}/parcel"), "no such parcel");
        };
        let mut seen = BTreeSet::new();
        for (number, share) in line.shares.iter().enumerate() {
            let at = |field: &str| format!("/lines/{place}/shares/{number}/{field}");
            if !seen.insert(share.component) {
                return misfit(at("component"), "named twice in this line");
            }
            if !(1..=AMOUNT_MAX).contains(&share.amount) {
                return misfit(at("amount"), "not an amount above 0");
            }
            let Some((kind, left)) = left.get_mut(share.payment.as_str()) else {
                return misfit(at("payment"), "no such payment");
            };
            if !belongs(share.component, *kind) {
                return misfit(at("payment"), "points and balances go back to their own kind");
            }
            if parcel.state != State::NotAuthorised {
                *left -= share.amount;
            }
            if *left < 0 {
                return misfit(at("amount"), "more than this payment captured and still has");
            }
        }
        Ok(())
    }
}

/// Points go back as points, a balance as a balance, money as money.
fn belongs(component: Component, kind: PaymentKind) -> bool {
    match component {
        Component::Points => kind == PaymentKind::Points,
        Component::GiftBalance => kind == PaymentKind::GiftBalance,
        _ => !matches!(kind, PaymentKind::Points | PaymentKind::GiftBalance),
    }
}

fn ids<'a>(at: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Misfit> {
    let mut seen = BTreeSet::new();
    for (place, id) in ids.enumerate() {
        let short = !id.is_empty() && id.chars().count() <= ID_MAX;
        if !short || id.contains(':') || !seen.insert(id) {
            let detail = "an id of its own, at most 200 characters, without a colon";
            return misfit(format!("{at}/{place}/id"), detail);
        }
        if place >= PARTS_MAX {
            return misfit(at.to_owned(), "too many");
        }
    }
    if seen.is_empty() { misfit(at.to_owned(), "none at all") } else { Ok(()) }
}

/// One refund for every part that was captured, until the cap is reached. The guarantee pays for
/// nothing digital (C12).
pub(super) fn refunds(new: &New) -> Vec<Refund> {
    let (facts, mut left) = (&new.facts, new.right.cap);
    let mut refunds = Vec::new();
    for line in &facts.lines {
        let state = facts.parcels.iter().find(|one| one.id == line.parcel).map(|one| one.state);
        let bare = state == Some(State::Digital) && new.right.borne_by == Bearer::GuaranteeFund;
        if bare || state == Some(State::NotAuthorised) {
            continue;
        }
        for share in &line.shares {
            let amount = share.amount.min(left);
            if amount <= 0 {
                continue;
            }
            left -= amount;
            let component = share.component;
            refunds.push(Refund {
                key: format!("{}:{}:{}:{}", new.case, facts.order, line.id, component.name()),
                line: line.id.clone(),
                component,
                parcel: line.parcel.clone(),
                payment: share.payment.clone(),
                amount,
                state: refund::State::Proposed,
                tries: 0,
                reference: None,
            });
        }
    }
    refunds
}
