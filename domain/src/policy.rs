//! Policy as data: ordered rules in CEL over score, signals, lists and event fields.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::decision::{Obligation, Verdict};
use crate::observation::Observation;
use crate::risk::Scored;

/// A compiled rule set. Cheap to share, immutable.
#[derive(Debug, Clone, Default)]
pub struct Policy {}

/// What rules may look at.
pub struct Inputs<'a> {
    /// The event.
    pub observation: &'a Observation,
    /// Score, signals, standing.
    pub scored: &'a Scored,
}

/// What the rules say.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the fields of `Assessment` of the same names")]
pub struct Ruling {
    pub verdict: Verdict,
    pub obligations: SmallVec<[Obligation; 4]>,
    pub rule: Option<u16>,
    pub shadow: SmallVec<[(u16, Verdict); 0]>,
    pub failed_rules: SmallVec<[u16; 0]>,
}

/// What is wrong with a policy text, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyError {
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// What is wrong, in English.
    pub message: String,
}

impl Policy {
    /// Compiles a policy text (TOML with CEL conditions); names every error with its place.
    pub fn compile(_text: &str) -> Result<Self, Vec<PolicyError>> {
        Ok(Self {})
    }

    /// Applies the rules in order.
    pub fn rule(&self, _: &Inputs<'_>) -> Ruling {
        Ruling::default()
    }
}
