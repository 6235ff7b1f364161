//! From features to a score with reasons.

use smallvec::SmallVec;

use super::signals::{GROUNDS_OF_TAKEOVER, pattern};
use super::{Features, Group, SIGNALS};
use crate::decision::{AttackPattern, Familiarity, MissingFact, Reason, Standing};
use crate::event::{EventType, Status};

/// What judgement found, before the policy speaks.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "named as in `Assessment`")]
pub struct Scored {
    pub score: f64,
    pub reasons: SmallVec<[Reason; 4]>,
    pub unknown: SmallVec<[MissingFact; 16]>,
    pub standing: Standing,
    pub pattern: Option<AttackPattern>,
    pub familiarity: Option<Familiarity>,
    /// New devices may not sign in for now, and this is one (R43): a rule can turn it into
    /// `restrict:new_device_sign_in`. Known devices and places pass (C8).
    pub restricted: bool,
}

/// Scores the features: prior log-odds of the kind of event, and the evidence of each group,
/// capped, so that correlated signals do not count twice.
pub(super) fn score(features: &Features) -> Scored {
    let mut log_odds = prior(features.kind);
    let mut reasons = SmallVec::new();
    for signals in SIGNALS {
        let start = reasons.len();
        let mut sum = 0.0;
        let mut group = None;
        for signal in *signals {
            if let Some(evidence) = (signal.read)(features) {
                group = Some(signal.group);
                sum += evidence.nats;
                reasons.push(Reason {
                    signal: signal.number,
                    nats: narrow(evidence.nats),
                    facts: evidence.facts,
                });
            }
        }
        if let Some(group) = group {
            log_odds += cap(group, sum, reasons.get_mut(start..).unwrap_or_default());
        }
    }
    reasons.sort_by(|a, b| {
        b.nats.abs().total_cmp(&a.nats.abs()).then_with(|| a.signal.cmp(&b.signal))
    });
    let mut unknown = features.missing.clone();
    unknown.sort_unstable();
    unknown.dedup();
    let score = probability(log_odds);
    Scored {
        score,
        standing: standing(features, score, &reasons),
        reasons,
        unknown,
        pattern: pattern(features),
        familiarity: features.sign_in.familiarity,
        restricted: features.account.restricted && !features.sign_in.own,
    }
}

/// How the account stands after this event. A ground for takeover counts only where the event
/// itself looks like somebody else's: the owner may sign in after a storm, too.
fn standing(features: &Features, score: f64, reasons: &[Reason]) -> Standing {
    let ground = reasons.iter().any(|reason| GROUNDS_OF_TAKEOVER.contains(&reason.signal));
    let entered = ground && !features.sign_in.own && features.status != Status::Failed;
    if entered && score >= 0.5 { Standing::TakenOver } else { features.account.standing }
}

/// Caps a group's sum and scales its reasons so that they still add up to it.
fn cap(group: Group, sum: f64, reasons: &mut [Reason]) -> f64 {
    let (least, most) = caps(group);
    let capped = sum.clamp(least, most);
    if (capped - sum).abs() > 0.0 {
        let scale = narrow(capped / sum);
        for reason in reasons {
            reason.nats *= scale;
        }
    }
    capped
}

/// The most that a group may say for the owner and for an intruder, in nats.
const fn caps(group: Group) -> (f64, f64) {
    match group {
        Group::Familiarity => (-5.0, 7.0),
        Group::Velocity => (0.0, 10.0),
        Group::Infrastructure => (0.0, 3.0),
        Group::Travel => (0.0, 2.0),
        Group::Change => (-1.0, 4.0),
        Group::Purchase => (-3.0, 8.0),
        Group::Links => (-1.0, 5.0),
        Group::Exposure => (0.0, 5.0),
    }
}

/// Log-odds that an event of this kind is an intruder's, before anything is known about it.
const fn prior(kind: EventType) -> f64 {
    if matches!(kind, EventType::Login) { -3.5 } else { -5.3 }
}

/// Probability from log-odds, six decimals: equal on every machine that rounds alike.
fn probability(log_odds: f64) -> f64 {
    let probability = 1.0 / (1.0 + (-log_odds).exp());
    (probability * 1e6).round() / 1e6
}

#[expect(clippy::cast_possible_truncation, reason = "a reason's size needs no more")]
const fn narrow(nats: f64) -> f32 {
    nats as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::Facts;

    const GROUPS: [Group; 8] = [
        Group::Familiarity,
        Group::Velocity,
        Group::Infrastructure,
        Group::Travel,
        Group::Change,
        Group::Purchase,
        Group::Links,
        Group::Exposure,
    ];

    fn reasons(nats: &[f64]) -> Vec<Reason> {
        let reason = |&nats| Reason { signal: 0, nats: narrow(nats), facts: Facts::new() };
        nats.iter().map(reason).collect()
    }

    proptest! {
        #[test]
        fn a_score_never_falls_with_more_evidence_against(
            group in prop::sample::select(&GROUPS[..]),
            nats in prop::collection::vec(-5.0_f64..5.0, 1..6),
            more in 0.0_f64..5.0,
            rest in -9.0_f64..9.0,
        ) {
            let sum: f64 = nats.iter().sum();
            let less = probability(rest + cap(group, sum, &mut []));
            prop_assert!(probability(rest + cap(group, sum + more, &mut [])) >= less);
            prop_assert!((0.0..=1.0).contains(&less));
        }

        #[test]
        fn capped_reasons_still_add_up(
            group in prop::sample::select(&GROUPS[..]),
            nats in prop::collection::vec(-5.0_f64..5.0, 1..6),
        ) {
            let sum: f64 = nats.iter().sum();
            let mut reasons = reasons(&nats);
            let capped = cap(group, sum, &mut reasons);
            let total: f64 = reasons.iter().map(|reason| f64::from(reason.nats)).sum();
            prop_assert!((total - capped).abs() < 1e-3, "{} and {}", total, capped);
        }
    }
}
