//! Exposure: do others know the secrets, and may somebody be in already? Numbers from 800.

use super::evidence;
use crate::decision::{Fact, FactName, Facts};
use crate::event::EventType;
use crate::risk::{Evidence, Features, Group, Signal};

/// Number of `account.entered_and_changed`.
pub(super) const ENTERED_AND_CHANGED: u16 = 804;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 801,
        code: "password.breached",
        group: Group::Exposure,
        doc: "The password is known from a breach, and shown from somewhere new.",
        reads: &["exposure.breached", "sign_in.own"],
        read: breached,
    },
    Signal {
        number: 802,
        code: "account.perhaps_entered",
        group: Group::Exposure,
        doc: "Somebody else probably got into this account lately. Fades with time (half in a week) \
              and falls to proof, never to harmless events.",
        reads: &["account.suspicion", "account.takeover_confirmed", "sign_in.own"],
        read: perhaps_entered,
    },
    Signal {
        number: 803,
        code: "account.takeover_confirmed",
        group: Group::Exposure,
        doc: "A takeover of this account was confirmed, and nobody has confirmed the owner since.",
        reads: &["account.takeover_confirmed", "sign_in.own"],
        read: takeover_confirmed,
    },
    Signal {
        number: ENTERED_AND_CHANGED,
        code: "account.entered_and_changed",
        group: Group::Exposure,
        doc: "A doubted sign-in, then a change of contacts or secrets, then this purchase, all \
              within three days.",
        reads: &["kind", "account.story_hours", "sign_in.own"],
        read: entered_and_changed,
    },
];

fn breached(features: &Features) -> Option<Evidence> {
    let exposed = features.exposure.breached? && !features.sign_in.own;
    exposed.then(|| Evidence { nats: 1.2, facts: Facts::new() })
}

fn perhaps_entered(features: &Features) -> Option<Evidence> {
    if features.sign_in.own || features.account.takeover_confirmed {
        return None;
    }
    evidence(3.0 * features.account.suspicion, Facts::new())
}

fn takeover_confirmed(features: &Features) -> Option<Evidence> {
    let nats = if features.sign_in.own { 1.0 } else { 4.0 };
    features.account.takeover_confirmed.then(|| Evidence { nats, facts: Facts::new() })
}

fn entered_and_changed(features: &Features) -> Option<Evidence> {
    let hours = features.account.story_hours?;
    let buys = features.kind == EventType::OrderPlaced && !features.sign_in.own;
    buys.then(|| Evidence {
        nats: 2.5,
        facts: [(FactName::Hours, Fact::Int(hours))].into_iter().collect(),
    })
}
