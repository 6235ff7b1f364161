//! From features to a score with reasons.

use smallvec::SmallVec;

use super::{Features, Group, SIGNALS};
use crate::decision::{AttackPattern, Familiarity, MissingFact, Reason, Standing};
use crate::event::EventType;

/// What judgement found, before the policy speaks.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the fields of `Assessment` of the same names")]
pub struct Scored {
    pub score: f64,
    pub reasons: SmallVec<[Reason; 4]>,
    pub unknown: SmallVec<[MissingFact; 4]>,
    pub standing: Standing,
    pub pattern: Option<AttackPattern>,
    pub familiarity: Option<Familiarity>,
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
    Scored {
        score: probability(log_odds),
        reasons,
        unknown,
        standing: features.account.standing,
        pattern: None,
        familiarity: None,
    }
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
        Group::Familiarity => (-4.0, 4.5),
        Group::Velocity => (-1.0, 6.0),
        Group::Infrastructure => (-0.5, 3.5),
        Group::Travel => (0.0, 2.0),
        Group::Change => (-1.0, 4.0),
        Group::Purchase => (-2.0, 6.0),
        Group::Links => (-1.0, 5.0),
        Group::Exposure => (0.0, 3.0),
    }
}

/// Log-odds that an event of this kind is an intruder's, before anything is known about it.
const fn prior(_: EventType) -> f64 {
    -5.3
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
