//! Change: what was changed lately, and by whom? Numbers from 500.

use smallvec::smallvec;

use super::evidence;
use crate::decision::{Fact, FactName};
use crate::event::EventType;
use crate::risk::change::HALF_LIFE;
use crate::risk::{Evidence, Features, Group, Past, Signal};
use crate::time::{DAY, HOUR};

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 500,
        code: "change.contact_changed",
        group: Group::Change,
        doc: "The mail address or phone number was changed of late, and nobody has proved by whom.",
        reads: &["change.contact"],
        read: |features| aged(features.change.contact?, 0.5),
    },
    Signal {
        number: 501,
        code: "change.password_changed",
        group: Group::Change,
        doc: "The password was changed of late, in a session unlike the owner's.",
        reads: &["change.password"],
        read: |features| aged(features.change.password?, 0.1),
    },
    Signal {
        number: 502,
        code: "change.second_factor_removed",
        group: Group::Change,
        doc: "A second factor or passkey was removed of late, and nobody has proved by whom.",
        reads: &["change.factor_removed"],
        read: |features| aged(features.change.factor_removed?, 0.8),
    },
    Signal {
        number: 503,
        code: "change.bank_account_changed",
        group: Group::Change,
        doc: "The bank account payouts go to was changed of late (X9).",
        reads: &["change.bank"],
        read: |features| aged(features.change.bank?, 0.8),
    },
    Signal {
        number: 504,
        code: "change.several_at_once",
        group: Group::Change,
        doc: "Several kinds of change within an hour, on an account past its first day; after that \
              hour only as far as they were unlike the owner, half in three days.",
        reads: &["change.burst"],
        read: several_at_once,
    },
    Signal {
        number: 505,
        code: "change.reverted",
        group: Group::Change,
        doc: "A value comes back within a week: an intruder hides traces, or the owner undoes them.",
        reads: &["change.reverts_after"],
        read: reverted,
    },
    Signal {
        number: 506,
        code: "change.reset_after_contact",
        group: Group::Change,
        doc: "The password is reset or changed within 72 h of a change of contact.",
        reads: &["kind", "change.contact"],
        read: reset_after_contact,
    },
    Signal {
        number: 507,
        code: "change.before_purchase",
        group: Group::Change,
        doc: "An order within 24 h of a change of contact, password or second factor.",
        reads: &["kind", "change.contact", "change.password", "change.factor_removed"],
        read: before_purchase,
    },
    Signal {
        number: 508,
        code: "change.removes_protection",
        group: Group::Change,
        doc: "This event itself removes a second factor or passkey.",
        reads: &["change.now"],
        read: removes_protection,
    },
    Signal {
        number: 509,
        code: "change.redirects_payout",
        group: Group::Change,
        doc: "This event itself changes where payouts go, or draws one within 72 h of that (X9).",
        reads: &["kind", "change.bank"],
        read: redirects_payout,
    },
];

/// `base` for the change alone and more for a context unlike the owner's, halved every three days.
fn aged(past: Past, base: f64) -> Option<Evidence> {
    let fresh = (-(past.age as f64) / HALF_LIFE).exp2();
    let nats = (base + 2.5 * (past.score - 0.1).max(0.0)) * fresh;
    (nats >= 0.05)
        .then(|| Evidence { nats, facts: smallvec![(FactName::Hours, Fact::Int(past.age / HOUR))] })
}

fn plain(nats: f64) -> Evidence {
    Evidence { nats, facts: smallvec![] }
}

fn within(past: Option<Past>, span: i64) -> bool {
    past.is_some_and(|past| past.age <= span)
}

fn several_at_once(features: &Features) -> Option<Evidence> {
    let burst = features.change.burst?;
    let facts = smallvec![(FactName::Count, Fact::Int(i64::from(burst.kinds)))];
    evidence(0.8 * burst.weight(), facts)
}

fn reverted(features: &Features) -> Option<Evidence> {
    let after = features.change.reverts_after?;
    let facts = smallvec![(FactName::Hours, Fact::Int(after / HOUR))];
    Some(Evidence { nats: 0.8, facts })
}

fn reset_after_contact(features: &Features) -> Option<Evidence> {
    let reset = matches!(features.kind, EventType::ResetRequested | EventType::PasswordChanged);
    (reset && within(features.change.contact, 72 * HOUR)).then(|| plain(1.8))
}

fn before_purchase(features: &Features) -> Option<Evidence> {
    let change = &features.change;
    let changed = [change.contact, change.password, change.factor_removed];
    let order = features.kind == EventType::OrderPlaced;
    (order && changed.into_iter().any(|past| within(past, DAY))).then(|| plain(0.6))
}

fn removes_protection(features: &Features) -> Option<Evidence> {
    let removes = matches!(
        features.change.now,
        Some(EventType::TotpRemoved | EventType::TwoStepDisabled | EventType::PasskeyRemoved)
    );
    removes.then(|| plain(1.0))
}

fn redirects_payout(features: &Features) -> Option<Evidence> {
    let drawn =
        features.kind == EventType::PayoutRequested && within(features.change.bank, 72 * HOUR);
    (drawn || features.kind == EventType::PayoutAccountChanged).then(|| plain(1.0))
}
