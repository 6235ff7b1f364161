//! Velocity and breadth: who tries how much, from where? Numbers from 200.
//!
//! Nothing here speaks against the owner's known device or place for what others did elsewhere
//! (C8): there, only failures from the very same address or device count.

use super::{count_facts, evidence};
use crate::decision::{AttackPattern, Fact, FactName, Facts};
use crate::event::{EventType, Status};
use crate::risk::source::SourceTries;
use crate::risk::{Evidence, Features, Group, Signal};

/// Number of `sign_in.after_storm`.
pub(super) const AFTER_STORM: u16 = 205;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 201,
        code: "account.failing",
        group: Group::Velocity,
        doc: "Sign-ins to this account fail again and again; from the owner's own device or place \
              only its own failures count.",
        reads: &["account.failures", "account.failures_here", "sign_in.own"],
        read: account_failing,
    },
    Signal {
        number: 202,
        code: "source.failing",
        group: Group::Velocity,
        doc: "Sign-ins from this address, device, network or AS fail far more often than they succeed.",
        reads: &["source.address", "source.device", "source.network", "source.asn", "sign_in.own"],
        read: source_failing,
    },
    Signal {
        number: 203,
        code: "source.many_accounts",
        group: Group::Velocity,
        doc: "Sign-ins to many accounts failed from this address, device or network within an hour.",
        reads: &["source.address", "source.device", "source.network", "sign_in.own"],
        read: source_many_accounts,
    },
    Signal {
        number: 204,
        code: "secret.many_accounts",
        group: Group::Velocity,
        doc: "The same password failed at many accounts within a day.",
        reads: &["source.accounts_of_secret", "sign_in.own"],
        read: secret_many_accounts,
    },
    Signal {
        number: AFTER_STORM,
        code: "sign_in.after_storm",
        group: Group::Velocity,
        doc: "A sign-in went through after many failures at this account or from this source.",
        reads: &["status", "account.failures", "account.failures_here", "source.address"],
        read: after_storm,
    },
    Signal {
        number: 206,
        code: "source.fan_out",
        group: Group::Velocity,
        doc: "More than 30 accounts were tried from one address or device within a minute (X7).",
        reads: &["source.address", "source.device"],
        read: fan_out,
    },
    Signal {
        number: 207,
        code: "account.many_secrets",
        group: Group::Velocity,
        doc: "Many different passwords were tried at this account within an hour.",
        reads: &["account.secrets", "sign_in.own"],
        read: many_secrets,
    },
    Signal {
        number: 208,
        code: "source.confirmed_bad",
        group: Group::Velocity,
        doc: "A takeover was confirmed from this address or device before.",
        reads: &["source.confirmed_bad", "sign_in.own"],
        read: confirmed_bad,
    },
    super::wave::SHOP,
    super::wave::SOFTWARE,
];

/// Failures that a person makes: beyond them each doubling says as much again …
const SLIPS: f64 = 2.5;
/// … by this slope over the natural logarithm.
const SLOPE: f64 = 2.5;
/// Failures that make a storm.
const STORM: f64 = 5.0;

/// Failures at the account that speak about this event.
fn failures_that_count(features: &Features) -> f64 {
    let [_, hour, _] = features.account.failures;
    let here = f64::from(features.account.failures_here);
    if features.sign_in.own { here.min(hour) } else { hour }
}

fn account_failing(features: &Features) -> Option<Evidence> {
    if features.kind != EventType::Login {
        return None;
    }
    let failures = failures_that_count(features);
    evidence(
        (SLOPE * (failures / SLIPS).ln()).clamp(0.0, 3.0),
        count_facts(FactName::Count, failures),
    )
}

/// How much a source's failures say against what succeeds there: a busy office mistypes too.
fn failing(tries: &SourceTries, slips: f64) -> f64 {
    SLOPE * (tries.failures_1h / (slips + 2.0 * tries.successes)).ln()
}

fn source_failing(features: &Features) -> Option<Evidence> {
    let source = &features.source;
    // Whoever fails at the owner's own place is likelier the owner than elsewhere.
    let share = if features.sign_in.own { 0.6 } else { 1.0 };
    let near = [source.address.as_ref(), source.device.as_ref()].into_iter().flatten();
    let near = near.map(|tries| (share * failing(tries, SLIPS).min(3.0), tries));
    // Neighbours of the owner's own device are not the owner.
    let far = [(source.network.as_ref(), 8.0, 2.0), (source.asn.as_ref(), 40.0, 1.5)];
    let far =
        far.into_iter().filter(|_| !features.sign_in.own).filter_map(|(tries, slips, most)| {
            tries.map(|tries| (failing(tries, slips).min(most), tries))
        });
    let (nats, tries) = near.chain(far).max_by(|a, b| a.0.total_cmp(&b.0))?;
    evidence(nats.max(0.0), count_facts(FactName::Count, tries.failures_1h))
}

fn source_many_accounts(features: &Features) -> Option<Evidence> {
    let source = &features.source;
    let breadth = |tries: &SourceTries, usual: f64| {
        let accounts = f64::from(tries.failed_accounts_1h);
        (1.5 * (accounts / (usual + tries.successes)).ln()).clamp(0.0, 3.0)
    };
    let near = [source.address.as_ref(), source.device.as_ref()];
    let near = near.into_iter().flatten().map(|tries| (breadth(tries, 2.0), tries));
    let far = source.network.as_ref().filter(|_| !features.sign_in.own);
    let far = far.map(|tries| (breadth(tries, 8.0), tries));
    let (nats, tries) = near.chain(far).max_by(|a, b| a.0.total_cmp(&b.0))?;
    let accounts = Fact::Int(i64::from(tries.failed_accounts_1h));
    let pattern = tries.pattern().map(|pattern| (FactName::Pattern, Fact::Pattern(pattern)));
    let accounts = [(FactName::Accounts, accounts)].into_iter();
    evidence(nats, accounts.chain(pattern).collect())
}

fn secret_many_accounts(features: &Features) -> Option<Evidence> {
    let accounts = f64::from(features.source.accounts_of_secret?);
    if features.sign_in.own {
        return None;
    }
    let nats = (1.5 * (accounts / 3.0).ln()).clamp(0.0, 3.0);
    evidence(nats, count_facts(FactName::Accounts, accounts))
}

fn after_storm(features: &Features) -> Option<Evidence> {
    if features.kind != EventType::Login || features.status == Status::Failed {
        return None;
    }
    let account = failures_that_count(features);
    let source = features
        .source
        .address
        .map_or(0.0, |tries| if failing(&tries, SLIPS) > 0.0 { tries.failures_1h } else { 0.0 });
    let failures = account.max(source);
    (failures >= STORM)
        .then(|| Evidence { nats: 2.0, facts: count_facts(FactName::Count, failures) })
}

fn fan_out(features: &Features) -> Option<Evidence> {
    let near = [features.source.address.as_ref(), features.source.device.as_ref()];
    let accounts = near.into_iter().flatten().map(|tries| tries.accounts_1m).max()?;
    (accounts > 30).then(|| Evidence {
        nats: 4.0,
        facts: count_facts(FactName::Accounts, f64::from(accounts)),
    })
}

fn many_secrets(features: &Features) -> Option<Evidence> {
    let secrets = f64::from(features.account.secrets?);
    if features.sign_in.own || features.kind != EventType::Login {
        return None;
    }
    let nats = (1.5 * (secrets / 4.0).ln()).clamp(0.0, 2.0);
    evidence(nats, count_facts(FactName::Secrets, secrets))
}

fn confirmed_bad(features: &Features) -> Option<Evidence> {
    let nats = if features.sign_in.own { 0.5 } else { 2.5 };
    features.source.confirmed_bad.then(|| Evidence { nats, facts: Facts::new() })
}

/// The kind of guessing an event is part of: told by its source, and by the secret and the account
/// where the source is spread out.
pub(in crate::risk) fn pattern(features: &Features) -> Option<AttackPattern> {
    if features.kind != EventType::Login {
        return None;
    }
    let source = &features.source;
    let sprayed = !features.sign_in.own && source.accounts_of_secret.is_some_and(|it| it >= 5);
    if sprayed {
        return Some(AttackPattern::Spraying);
    }
    let mut near = [source.address, source.device].into_iter().flatten();
    let told = near.find_map(|tries| tries.pattern());
    let guessed = failures_that_count(features) >= 8.0;
    told.or_else(|| guessed.then_some(AttackPattern::BruteForce))
        .or_else(|| super::wave::pattern(features))
}
