//! Policy as data: ordered rules in CEL over score, signals, lists and event fields.
//!
//! `docs/policy.md` tells the format and every field. A policy is compiled once; judging neither
//! parses nor allocates. A rule that cannot be evaluated is reported and raises the verdict to its
//! fallback, so that a broken rule never lets anything through by accident.

mod diff;
mod document;
mod example;
mod expression;
mod facts;
mod field;
mod limits;
mod lower;
mod names;
mod place;
mod preset;
mod selector;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::decision::{Obligation, Verdict};
use crate::event::EventType;
use crate::known::Known;
use crate::observation::Observation;
use crate::risk::{Features, Scored};

pub use diff::{PolicyDiff, RuleChange};
pub use document::policy_markdown;
pub use example::{Example, Examples, Mismatch};
pub use expression::STEPS_MAX;
pub use field::{Field, fields};
pub use limits::{
    CONDITION_CHARS_MAX, ERRORS_MAX, NESTING_MAX, OPERATORS_MAX, RULES_MAX, TEXT_BYTES_MAX,
};
pub use names::{obligation as obligation_name, verdict as verdict_name};
pub use preset::PRESETS;
pub use value::Type;

use expression::{Evaluation, Expression};
use facts::Facts;
use value::Stop;

/// A compiled rule set. Cheap to share, immutable. The default one has no rule and allows.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    compiled: Arc<Compiled>,
}

#[derive(Debug, Default)]
struct Compiled {
    source: Box<str>,
    name: Box<str>,
    rules: Vec<Rule>,
    /// Places of the rules that concern each type of event, by its place in [`EventType`].
    by_type: Vec<Box<[u16]>>,
    /// What holds where no rule decides, by type of event.
    defaults: Vec<Verdict>,
}

/// One rule.
#[derive(Debug)]
struct Rule {
    name: Box<str>,
    /// The types it concerns: one bit each.
    types: u64,
    condition: Expression,
    verdict: Option<Verdict>,
    obligations: SmallVec<[Obligation; 4]>,
    binding: Binding,
    on_error: OnError,
    continues: bool,
    /// Its text in one form, by which versions are compared.
    canonical: Box<str>,
}

/// For which accounts a rule binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binding {
    Everyone,
    Nobody,
    /// Accounts (else events) whose lot under `salt` falls below `per_10_000`.
    Share {
        per_10_000: u16,
        salt: u64,
    },
}

/// What a rule that failed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnError {
    /// `challenge`; `review` for orders.
    Usual,
    /// The verdict becomes at least this, and the rules after it still speak; `allow` decides.
    As(Verdict),
    /// As if it had not matched.
    Skip,
}

/// What rules may look at.
pub struct Inputs<'a> {
    /// The event.
    pub observation: &'a Observation,
    /// What is known about it.
    pub known: &'a Known<'a>,
    /// What the signals read.
    pub features: &'a Features,
    /// Score, signals, standing.
    pub scored: &'a Scored,
}

/// What the rules say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of `Assessment` of the same names")]
pub struct Ruling {
    pub verdict: Verdict,
    pub obligations: SmallVec<[Obligation; 4]>,
    pub rule: Option<u16>,
    pub shadow: SmallVec<[(u16, Verdict); 0]>,
    pub failed_rules: SmallVec<[u16; 0]>,
}

/// What is wrong with a policy text, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicyError {
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// What is wrong, in English.
    pub message: String,
}

impl Policy {
    /// Compiles a policy text (TOML with CEL conditions); names every error with its place, in
    /// the order of the text.
    ///
    /// Compiling takes a thread with a large stack for as long as it lasts: the parser of crate `cel`
    /// is deeply recursive, and should it panic on some text, that text is refused and no more.
    pub fn compile(text: &str) -> Result<Self, Vec<PolicyError>> {
        let compiled = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(limits::STACK_BYTES);
            let reading = thread.spawn_scoped(scope, || text::read(text)).ok()?;
            reading.join().ok()
        });
        let compiled = compiled.unwrap_or_else(|| {
            let message = "the text could not be compiled".to_owned();
            Err(vec![PolicyError { line: 1, column: 1, message }])
        });
        compiled.map(|compiled| Self { compiled: Arc::new(compiled) })
    }

    /// The preset of that name, one of [`PRESETS`].
    pub fn preset(name: &str) -> Option<Self> {
        Self::preset_text(name).and_then(|text| Self::compile(text).ok())
    }

    /// The text of the preset of that name.
    pub fn preset_text(name: &str) -> Option<&'static str> {
        preset::text_of(name)
    }

    /// Applies the rules in order.
    ///
    /// The first rule that matches decides. One with `continue = true` adds its obligations and
    /// raises the verdict to at least its own, and the next rule is asked. So does, with its
    /// fallback, a rule that failed. Of the decision and what was raised, the strictest wins.
    pub fn rule(&self, inputs: &Inputs<'_>) -> Ruling {
        self.apply(&Facts::Judged(inputs))
    }

    fn apply(&self, facts: &Facts<'_>) -> Ruling {
        let kind = facts.kind() as usize;
        let mut ruling = Ruling::default();
        let mut raised: Option<(Verdict, u16)> = None;
        let mut decided: Option<(Verdict, u16)> = None;
        for place in self.compiled.by_type.get(kind).into_iter().flatten().copied() {
            let Some(rule) = self.compiled.rules.get(usize::from(place)) else { continue };
            let verdict = rule.verdict.unwrap_or_default();
            match (Evaluation::of(facts).condition(&rule.condition), rule.binds(facts)) {
                (Ok(false) | Err(Stop::Missing), _) => {}
                (Ok(true), false) => ruling.shadow.push((place, verdict)),
                (Ok(true), true) => {
                    ruling.obligations.extend_from_slice(&rule.obligations);
                    if !rule.continues {
                        decided = Some((verdict, place));
                        break;
                    }
                    raise(&mut raised, verdict, place);
                }
                (Err(Stop::Fault), binds) => {
                    ruling.failed_rules.push(place);
                    match rule.fallback(facts) {
                        Some(Verdict::Allow) if binds => {
                            decided = Some((Verdict::Allow, place));
                            break;
                        }
                        Some(verdict) if binds => raise(&mut raised, verdict, place),
                        Some(_) | None => {}
                    }
                }
            }
        }
        let default = self.compiled.defaults.get(kind).copied().unwrap_or_default();
        let (verdict, rule) =
            decided.map_or((default, None), |(verdict, rule)| (verdict, Some(rule)));
        (ruling.verdict, ruling.rule) = match raised {
            Some((higher, by)) if higher > verdict => (higher, Some(by)),
            Some(_) | None => (verdict, rule),
        };
        ruling.obligations.sort_unstable();
        ruling.obligations.dedup();
        ruling
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.compiled.name
    }

    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// Digest of the text: equal texts, and no others, are the same version. 64 hex digits.
    pub fn digest(&self) -> String {
        blake3::hash(self.compiled.source.as_bytes()).to_hex().to_string()
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.compiled.rules.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.compiled.rules.is_empty()
    }

    /// Name of the rule at `place`, as a [`Ruling`] counts them.
    pub fn rule_name(&self, place: u16) -> Option<&str> {
        self.compiled.rules.get(usize::from(place)).map(|rule| rule.name.as_ref())
    }
}

impl Rule {
    fn binds(&self, facts: &Facts<'_>) -> bool {
        match self.binding {
            Binding::Everyone => true,
            Binding::Nobody => false,
            Binding::Share { per_10_000, salt } => {
                mix(facts.lot() ^ salt) % 10_000 < u64::from(per_10_000)
            }
        }
    }

    fn fallback(&self, facts: &Facts<'_>) -> Option<Verdict> {
        match self.on_error {
            OnError::Usual if facts.is_order() => Some(Verdict::Review),
            OnError::Usual => Some(Verdict::Challenge),
            OnError::As(verdict) => Some(verdict),
            OnError::Skip => None,
        }
    }

    const fn concerns(&self, kind: EventType) -> bool {
        self.types & (1 << kind as u64) != 0
    }
}

fn raise(raised: &mut Option<(Verdict, u16)>, verdict: Verdict, by: u16) {
    if raised.is_none_or(|(held, _)| verdict > held) {
        *raised = Some((verdict, by));
    }
}

/// Spreads a keyed hash evenly (the finaliser of `SplitMix64`, Steele et al. 2014); part of the
/// stored meaning of `percent`, never to be changed.
const fn mix(lot: u64) -> u64 {
    let lot = (lot ^ (lot >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let lot = (lot ^ (lot >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    lot ^ (lot >> 31)
}
