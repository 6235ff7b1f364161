//! From features to a score with reasons.

use smallvec::SmallVec;

use super::Features;
use crate::decision::{AttackPattern, Familiarity, MissingFact, Reason, Standing};

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

/// Scores the features.
pub fn score(_: &Features) -> Scored {
    Scored::default()
}
