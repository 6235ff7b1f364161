//! What a new version of a policy changes.

use serde::{Deserialize, Serialize};

use super::{Policy, names};

/// What is different in a new version, by names of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDiff {
    /// Rules only the new version has.
    pub added: Vec<String>,
    /// Rules only the old version has.
    pub removed: Vec<String>,
    /// Rules that both have and that say something else.
    pub changed: Vec<String>,
    /// Rules whose order among the rules of both has changed.
    pub moved: Vec<RuleChange>,
    /// Types of events whose default verdict has changed: type, old verdict, new verdict.
    pub defaults: Vec<(String, String, String)>,
}

/// A rule that stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// Name of the rule.
    pub rule: String,
    /// Its place in the old version, from 1.
    pub from: usize,
    /// Its place in the new version, from 1.
    pub to: usize,
}

impl PolicyDiff {
    /// What `new` changes of `old`. Comments, notes and lay-out do not count.
    pub fn between(old: &Policy, new: &Policy) -> Self {
        let (before, after) = (&old.compiled.rules, &new.compiled.rules);
        let place = |policy: &Policy, name: &str| {
            policy.compiled.rules.iter().position(|rule| rule.name.as_ref() == name)
        };
        let mut diff = Self::default();
        for rule in before {
            if place(new, &rule.name).is_none() {
                diff.removed.push(rule.name.to_string());
            }
        }
        let mut kept = Vec::new();
        for (to, rule) in after.iter().enumerate() {
            match place(old, &rule.name).and_then(|from| before.get(from).map(|old| (from, old))) {
                None => diff.added.push(rule.name.to_string()),
                Some((from, held)) => {
                    if held.canonical != rule.canonical {
                        diff.changed.push(rule.name.to_string());
                    }
                    kept.push((from, to, rule.name.to_string()));
                }
            }
        }
        diff.moved = moved(kept);
        diff.defaults = defaults(old, new);
        diff
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Those of `kept` (old place, new place, name; by new place) outside a longest run that keeps its
/// order: the fewest rules that must be moved.
fn moved(kept: Vec<(usize, usize, String)>) -> Vec<RuleChange> {
    // Length of the longest rising run that ends at each, and its predecessor.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(kept.len());
    for (index, (from, _, _)) in kept.iter().enumerate() {
        let best = kept
            .iter()
            .zip(&runs)
            .enumerate()
            .filter(|(_, ((earlier, _, _), _))| earlier < from)
            .map(|(before, (_, (length, _)))| (*length, before))
            .max();
        runs.insert(index, best.map_or((1, None), |(length, before)| (length + 1, Some(before))));
    }
    let mut stays = vec![false; kept.len()];
    let longest = runs.iter().enumerate().max_by_key(|(_, (length, _))| *length);
    let mut next = longest.map(|(index, _)| index);
    while let Some(index) = next {
        if let Some(stay) = stays.get_mut(index) {
            *stay = true;
        }
        next = runs.get(index).and_then(|(_, before)| *before);
    }
    let moved = kept.into_iter().zip(stays).filter(|(_, stays)| !stays);
    moved.map(|((from, to, rule), _)| RuleChange { rule, from: from + 1, to: to + 1 }).collect()
}

fn defaults(old: &Policy, new: &Policy) -> Vec<(String, String, String)> {
    let verdicts = |policy: &Policy, place: usize| {
        names::verdict(policy.compiled.defaults.get(place).copied().unwrap_or_default()).to_owned()
    };
    let types = names::EVENT_TYPES.iter().enumerate();
    types
        .map(|(place, (_, name))| ((*name).to_owned(), verdicts(old, place), verdicts(new, place)))
        .filter(|(_, before, after)| before != after)
        .collect()
}
