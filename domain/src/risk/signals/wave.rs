//! Guesses at the whole shop, from sources that rotate. Numbers 209 and 210.
//!
//! A wave speaks only of who comes from where the account never was: the owner's known device or
//! place, and a newcomer of whom nothing is known, are not its affair.

use super::{count_facts, evidence};
use crate::decision::{AttackPattern, FactName};
use crate::event::{EventType, Status};
use crate::risk::{Evidence, Familiar, Features, Group, Signal};

pub(super) const SHOP: Signal = Signal {
    number: 209,
    code: "shop.stuffing_wave",
    group: Group::Velocity,
    doc: "All over the shop, sign-ins from places strange to their accounts fail far more than \
          usual, at many accounts from many addresses, and this one is from a strange place.",
    reads: &["wave.swell", "sign_in.own", "sign_in.device", "sign_in.place", "sign_in.new_asn"],
    read: shop_wave,
};

pub(super) const SOFTWARE: Signal = Signal {
    number: 210,
    code: "software.failing",
    group: Group::Velocity,
    doc: "This very user agent or TLS fingerprint fails at many accounts, far more than it \
          succeeds, and this one is from a strange place.",
    reads: &["wave.software", "sign_in.own", "sign_in.device", "sign_in.place"],
    read: software_failing,
};

/// Whether the account was never here, as far as it has a history.
fn is_strange(features: &Features) -> bool {
    let strange = |familiar: Familiar| !familiar.is_own();
    let sign_in = &features.sign_in;
    let either = [sign_in.device, sign_in.place].into_iter().flatten().any(strange);
    features.kind == EventType::Login && !sign_in.own && either
}

/// Whether only the address is new, in a network operator that the account knows.
fn is_near_home(features: &Features) -> bool {
    features.sign_in.new_asn == Some(false)
}

fn shop_wave(features: &Features) -> Option<Evidence> {
    let excess = features.wave.swell.excess();
    if excess <= 1.0 || !is_strange(features) {
        return None;
    }
    let share = if is_near_home(features) { 0.4 } else { 1.0 };
    let nats = share * (1.0 + 1.5 * excess.ln()).min(3.5);
    evidence(nats, count_facts(FactName::Accounts, f64::from(features.wave.swell.accounts)))
}

fn software_failing(features: &Features) -> Option<Evidence> {
    let software = features.wave.software?;
    let excess = software.excess();
    if excess <= 1.0 || !is_strange(features) {
        return None;
    }
    let nats = (2.0 * excess.ln()).min(2.5);
    evidence(nats, count_facts(FactName::Accounts, f64::from(software.failed_accounts_1h)))
}

/// Stuffing, where a wave runs: failures from strange places, or at accounts of which nothing is
/// known, and successes from where the account never was.
pub(super) fn pattern(features: &Features) -> Option<AttackPattern> {
    if features.wave.swell.excess() <= 1.0 || features.sign_in.own {
        return None;
    }
    let failed = features.status == Status::Failed;
    let nobodys = features.sign_in.device.is_none() && features.sign_in.place.is_none();
    let strange = is_strange(features);
    let part = if failed { strange || nobodys } else { strange && !is_near_home(features) };
    part.then_some(AttackPattern::Stuffing)
}
