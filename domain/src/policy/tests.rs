//! Tests of policies as a whole.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod differential;
mod errors;
mod presets;
mod rules;

use std::collections::BTreeMap;

use super::facts::{Facts, Given};
use super::field::place_of;
use super::value::Value;
use super::{Policy, Ruling};
use crate::event::EventType;

/// A policy of these rules, each the lines of its table.
fn policy(rules: &[&str]) -> Policy {
    let rules: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(place, lines)| format!("[[rule]]\nname = \"r{place}\"\n{lines}\n"))
        .collect();
    let text = format!("name = \"p\"\ndefault = \"allow\"\n{}", rules.join(""));
    Policy::compile(&text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
}

/// Facts of a sign-in with these fields.
fn given(kind: EventType, fields: &[(&str, Value<'static>)]) -> Given {
    let fields = fields.iter().map(|(name, value)| (place_of(name).expect(name), value.clone()));
    Given { kind, fields: fields.collect(), signals: BTreeMap::new(), properties: BTreeMap::new() }
}

fn rule(policy: &Policy, given: &Given) -> Ruling {
    policy.apply(&Facts::Given(given))
}
