//! Judgement of one event: features → signals → score → policy → assessment.

mod score;
mod signal;

pub use signal::{Evidence, Features, Group, SIGNALS, Signal, signal_by_number};

use crate::decision::Assessment;
use crate::known::Known;
use crate::observation::Observation;
use crate::policy::{Inputs, Policy};

/// Judges one event. Pure and total: the same arguments give the same assessment, always.
pub fn assess(observation: &Observation, known: &Known<'_>, policy: &Policy) -> Assessment {
    let features = Features::read(observation, known);
    let scored = score::score(&features);
    let ruling = policy.rule(&Inputs { observation, scored: &scored });
    Assessment {
        verdict: ruling.verdict,
        obligations: ruling.obligations,
        rule: ruling.rule,
        shadow: ruling.shadow,
        failed_rules: ruling.failed_rules,
        score: scored.score,
        reasons: scored.reasons,
        unknown: scored.unknown,
        standing: scored.standing,
        pattern: scored.pattern,
        familiarity: scored.familiarity,
    }
}

pub use score::Scored;
