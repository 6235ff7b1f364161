//! What is left to do when a case is decided: for the customer as a note (R37), for the store as the
//! clocks of the law (個人情報保護法 §26). Advice and dates; nothing is filed by itself.

use serde::{Deserialize, Serialize};

use super::{Case, Outcome};
use crate::event::PaymentKind;
use crate::parcel::Parcel;
use crate::restitution::Restitution;
use crate::time::{DAY, Micros};

/// Days for the preliminary report to the commission: three to five, so five at the latest.
const PRELIMINARY: i64 = 5 * DAY;
/// Days for the final report where somebody acted with a wrongful purpose.
const FINAL: i64 = 60 * DAY;

/// A line of the handover note, in the order in which it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Refunds are under way; when they show depends on the way.
    RefundsComing,
    /// An issuer pays instead of us.
    IssuerPays,
    /// Goods that came to the customer's door are taken back from there.
    GoodsTakenBack,
    /// What the police take: 被害届.
    Police,
    /// A credit card's issuer wants to hear within about 60 days of the statement.
    CreditCard,
    /// A debit card's bank: the money is gone at once.
    DebitCard,
    /// A pay-later provider may bill meanwhile.
    PayLater,
    /// A mobile carrier: 90 days, papers within 30.
    CarrierBilling,
    /// The account is watched, and two-step stays on.
    Watched,
    /// The decision can be appealed within 30 days.
    Appeal,
}

impl Advice {
    /// Every line.
    pub const ALL: [Self; 10] = [
        Self::RefundsComing,
        Self::IssuerPays,
        Self::GoodsTakenBack,
        Self::Police,
        Self::CreditCard,
        Self::DebitCard,
        Self::PayLater,
        Self::CarrierBilling,
        Self::Watched,
        Self::Appeal,
    ];

    /// Its name, as it stands in text keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RefundsComing => "refunds-coming",
            Self::IssuerPays => "issuer-pays",
            Self::GoodsTakenBack => "goods-taken-back",
            Self::Police => "police",
            Self::CreditCard => "credit-card",
            Self::DebitCard => "debit-card",
            Self::PayLater => "pay-later",
            Self::CarrierBilling => "carrier-billing",
            Self::Watched => "watched",
            Self::Appeal => "appeal",
        }
    }
}

/// A report to the commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachReport {
    /// 速報.
    Preliminary,
    /// 確報.
    Final,
}

impl BreachReport {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Preliminary, Self::Final];
}

/// Until when a store that has to report a breach does so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreachClock {
    /// 速報.
    pub preliminary_by: Micros,
    /// 確報.
    pub final_by: Micros,
}

impl Case {
    /// The handover note; nothing before it is decided.
    pub fn handover(&self, made: &[&Restitution], now: Micros) -> Vec<Advice> {
        if self.decided_at.is_none() {
            return Vec::new();
        }
        let of = |outcome: fn(&Outcome) -> bool| {
            self.rulings.values().any(|ruled| outcome(&ruled.ruling.outcome))
        };
        let refunds = of(|outcome| matches!(outcome, Outcome::Refund { .. }));
        let issuer = of(|outcome| matches!(outcome, Outcome::SettledByIssuer));
        let refused = of(|outcome| matches!(outcome, Outcome::NotConfirmed));
        let kinds = made.iter().flat_map(|one| &one.payments).map(|payment| payment.kind);
        let arrived = |parcel: &Parcel| parcel.seller_return.is_some();
        let goods = made.iter().flat_map(|one| &one.parcels).any(arrived);
        let confirmed = refunds || issuer;
        let mut note: Vec<Advice> = [
            (refunds, Advice::RefundsComing),
            (issuer, Advice::IssuerPays),
            (goods, Advice::GoodsTakenBack),
            (confirmed, Advice::Police),
            (confirmed && self.contained_at.is_some(), Advice::Watched),
            (
                refused && self.rulings.keys().any(|order| self.can_appeal(order, now)),
                Advice::Appeal,
            ),
        ]
        .into_iter()
        .filter_map(|(holds, advice)| holds.then_some(advice))
        .collect();
        note.extend(kinds.filter_map(issuer_of));
        note.sort_unstable();
        note.dedup();
        note
    }

    /// The clocks of a confirmed takeover. Whether it has to be reported is for the store's counsel:
    /// one person is enough where somebody acted with a wrongful purpose.
    pub fn breach_clock(&self) -> Option<BreachClock> {
        // Cases from before `confirmed_at` was kept were confirmed when they were decided.
        let known = self.confirmed_at.or(self.decided_at).filter(|_| self.is_confirmed())?;
        let (preliminary_by, final_by) = (known.plus(PRELIMINARY), known.plus(FINAL));
        Some(BreachClock { preliminary_by, final_by })
    }
}

const fn issuer_of(kind: PaymentKind) -> Option<Advice> {
    match kind {
        PaymentKind::CreditCard => Some(Advice::CreditCard),
        PaymentKind::DebitCard => Some(Advice::DebitCard),
        PaymentKind::PayLater => Some(Advice::PayLater),
        PaymentKind::CarrierBilling => Some(Advice::CarrierBilling),
        _ => None,
    }
}
