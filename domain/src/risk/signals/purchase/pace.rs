//! How fast, how much and when.

use smallvec::smallvec;

use super::{bare, experience, ratio, say, tenths};
use crate::decision::{Fact, FactName};
use crate::risk::{Evidence, Features};

/// The account has ordered as much in two days before: what the burst then still says.
const AS_BUSY_BEFORE: f64 = 0.6;
/// How much each further order of the account's busiest two days weakens every burst: its orders
/// come in clumps.
const CLUMPS: f64 = 0.6;
/// What one surprise in nats weighs, after the fit.
const BURST: f64 = 0.95;

pub(super) fn burst(features: &Features) -> Option<Evidence> {
    let pace = features.purchase.pace?;
    let clumps = f64::from(pace.busiest.saturating_sub(2));
    let known = if pace.orders <= pace.busiest { AS_BUSY_BEFORE } else { 1.0 };
    let habit = known / (1.0 + CLUMPS * clumps);
    let nats = BURST * pace.surprise * experience(features.purchase.history) * habit;
    say(
        nats,
        smallvec![
            (FactName::Count, Fact::Int(i64::from(pace.orders))),
            (FactName::Hours, Fact::Int(48)),
            (FactName::Usual, Fact::Float(tenths(pace.expected))),
        ],
    )
}

pub(super) fn usual_pace(features: &Features) -> Option<Evidence> {
    let first = features.purchase.pace?.sittings == 1;
    bare(if first && features.purchase.history > 0 { -0.5 } else { 0.0 })
}

pub(super) fn large_spend(features: &Features) -> Option<Evidence> {
    let spend = features.purchase.spend?;
    let nats = (0.6 * (spend.deviations - 2.0)).clamp(0.0, 2.5);
    say(
        nats * experience(features.purchase.history),
        smallvec![
            (FactName::Amount, Fact::Int(spend.amount)),
            (FactName::Currency, Fact::Currency(spend.currency)),
            (FactName::Usual, Fact::Float(tenths(spend.usual))),
        ],
    )
}

pub(super) fn after_suspect_order(features: &Features) -> Option<Evidence> {
    let worst = features.purchase.suspect_before?;
    bare((0.3 * (worst + 1.5)).clamp(0.0, 1.0))
}

pub(super) fn owner_proved(features: &Features) -> Option<Evidence> {
    features.purchase.proved.then_some(())?;
    bare(-1.5)
}

pub(super) fn unusual_hour(features: &Features) -> Option<Evidence> {
    let hour = features.purchase.hour?;
    say(hour.clamp(0.0, 2.5), ratio(hour))
}

pub(super) fn usual_hour(features: &Features) -> Option<Evidence> {
    bare(features.purchase.hour?.clamp(-1.0, 0.0))
}
