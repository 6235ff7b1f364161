//! Examples: facts or an event, and what a policy must say of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::facts::{Facts, Given, signal_by_code};
use super::field::{field_at, fields, place_of};
use super::lower::did_you_mean;
use super::names::{self, EVENT_TYPES, OBLIGATIONS};
use super::value::{Type, Value};
use super::{Policy, PolicyError, Ruling};
use crate::decision::Verdict;
use crate::keyed::KeyedHasher;
use crate::memory::Memory;
use crate::time::Micros;

/// Examples of one file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// In the order of the file.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
}

/// One example: either single facts, or a whole event judged on empty memory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows, in a sentence.
    #[serde(default)]
    pub name: String,
    /// Type of the event.
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
    /// Fields by name; one left out is missing, or quiet where it can never be missing.
    #[serde(default)]
    facts: BTreeMap<String, Json>,
    /// Evidence in nats by code of the signal.
    #[serde(default)]
    signals: BTreeMap<String, f64>,
    #[serde(default)]
    properties: BTreeMap<String, Json>,
    /// A whole event, as the API takes it.
    event: Option<Json>,
    expect: Expectation,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    verdict: Verdict,
    /// The rule that decides; the empty text for the policy's default.
    rule: Option<String>,
    /// Exactly these, in any order.
    obligations: Option<Vec<String>>,
    /// Exactly these rules would have matched if they were not in shadow.
    shadow: Option<Vec<String>>,
    /// Exactly these rules fail.
    #[serde(default)]
    failed_rules: Vec<String>,
}

/// How what a policy says differs from what an example expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// One sentence each.
    pub differences: Vec<String>,
}

impl Examples {
    /// Reads examples from TOML.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let (line, column) = super::place::Lines::of(text).place(at);
            PolicyError { line, column, message: error.message().to_owned() }
        })
    }

    /// Reads examples from NDJSON, one a line.
    pub fn from_ndjson(text: &str) -> Result<Self, PolicyError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let examples = lines.map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| PolicyError {
                line: u32::try_from(number + 1).unwrap_or(u32::MAX),
                column: u32::try_from(error.column().max(1)).unwrap_or(1),
                message: error.to_string(),
            })
        });
        Ok(Self { examples: examples.collect::<Result<_, _>>()? })
    }
}

impl Policy {
    /// Whether the policy says what `example` expects.
    pub fn try_example(&self, example: &Example) -> Result<(), Mismatch> {
        let ruling = match &example.event {
            Some(event) => self.judge_alone(event),
            None => example.given().map(|given| self.apply(&Facts::Given(&given))),
        };
        let differences = match ruling {
            Ok(ruling) => self.differences(&ruling, &example.expect),
            Err(problem) => vec![problem],
        };
        if differences.is_empty() { Ok(()) } else { Err(Mismatch { differences }) }
    }

    fn judge_alone(&self, event: &Json) -> Result<Ruling, String> {
        // The end of the year 9999: an example has no clock that could call it future.
        let event =
            crate::event::parse(event.to_string().as_bytes(), Micros(253_402_300_799_000_000))
                .map_err(|refused| format!("the event is refused: {refused}"))?;
        let hasher = KeyedHasher::new([0; 32]);
        let place = crate::event::Place::default();
        let observation = crate::event::observe(&event, event.occurred_at, place, &hasher);
        let memory = Memory::default();
        let judged = crate::risk::assess(&observation, &memory.known(&observation), self);
        Ok(Ruling {
            verdict: judged.verdict,
            obligations: judged.obligations,
            rule: judged.rule,
            shadow: judged.shadow,
            failed_rules: judged.failed_rules,
        })
    }

    fn differences(&self, ruling: &Ruling, expect: &Expectation) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: &str, got: &str| {
            if expected != got {
                differences.push(format!("{what}: expected {expected:?}, got {got:?}"));
            }
        };
        let name = |place: u16| self.rule_name(place).unwrap_or("?");
        compare("verdict", names::verdict(expect.verdict), names::verdict(ruling.verdict));
        if let Some(rule) = &expect.rule {
            compare("rule", rule, ruling.rule.map_or("", name));
        }
        if let Some(expected) = &expect.obligations {
            let got = ruling.obligations.iter().map(|each| names::obligation(*each));
            compare("obligations", &in_order(expected), &in_order(got));
        }
        if let Some(expected) = &expect.shadow {
            let got = ruling.shadow.iter().map(|(place, _)| name(*place));
            compare("shadow", &in_order(expected), &in_order(got));
        }
        let failed = ruling.failed_rules.iter().map(|place| name(*place));
        compare("failed_rules", &in_order(&expect.failed_rules), &in_order(failed));
        for obligation in expect.obligations.iter().flatten() {
            if !OBLIGATIONS.iter().any(|(_, known)| known == obligation) {
                differences
                    .push(format!("the example expects an unknown obligation {obligation:?}"));
            }
        }
        differences
    }
}

fn in_order<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
    names.sort();
    names.join(", ")
}

impl Example {
    fn given(&self) -> Result<Given, String> {
        let kind = self.kind.as_deref().ok_or("the example has neither `type` nor `event`")?;
        let kind = EVENT_TYPES.iter().find(|(_, name)| *name == kind).map(|(kind, _)| *kind);
        let kind = kind.ok_or_else(|| "the example is of an unknown type of event".to_owned())?;
        let mut given = Given {
            kind,
            fields: BTreeMap::new(),
            signals: BTreeMap::new(),
            properties: BTreeMap::new(),
        };
        let status = self.status.as_deref().unwrap_or("attempted");
        for (place, field) in fields().enumerate().filter(|(_, field)| field.missing.is_empty()) {
            let quiet = quiet(field.name, &(field.kind)(), names::event_type(kind), status);
            given.fields.insert(place, quiet);
        }
        for (name, json) in &self.facts {
            let place = place_of(name).ok_or_else(|| {
                let hint = did_you_mean(name, fields().map(|field| field.name));
                format!("no field `{name}`{hint}")
            })?;
            let kind = field_at(place).map_or(Type::Any, |field| (field.kind)());
            let value = value_of(json, &kind).ok_or_else(|| format!("`{name}` is {kind}"))?;
            given.fields.insert(place, value);
        }
        for (code, nats) in &self.signals {
            let signal = signal_by_code(code).ok_or_else(|| format!("no signal `{code}`"))?;
            given.signals.insert(signal.number, *nats);
        }
        for (name, json) in &self.properties {
            let value =
                value_of(json, &Type::Any).ok_or_else(|| format!("`{name}` is no label"))?;
            given.properties.insert(name.clone(), value);
        }
        Ok(given)
    }
}

/// What a field that can never be missing says where an example is silent.
fn quiet(name: &str, kind: &Type, event: &str, status: &str) -> Value<'static> {
    match (name, kind) {
        ("event.type", _) => Value::Text(event.to_owned().into()),
        ("event.status", _) => Value::Text(status.to_owned().into()),
        ("event.failed", _) => Value::Bool(status == "failed"),
        ("standing", _) => Value::text("quiet"),
        ("pattern", _) => Value::text("none"),
        ("account.given" | "account.known", _) => Value::Bool(true),
        (_, Type::Bool) => Value::Bool(false),
        (_, Type::Int) => Value::Int(0),
        (_, Type::Double) => Value::Double(0.0),
        (_, Type::List(_)) => Value::List(Vec::new()),
        (_, Type::Text | Type::Any) => Value::text(""),
    }
}

fn value_of(json: &Json, kind: &Type) -> Option<Value<'static>> {
    match (json, kind) {
        (Json::Bool(bool), Type::Bool | Type::Any) => Some(Value::Bool(*bool)),
        (Json::Number(number), Type::Double) => number.as_f64().map(Value::Double),
        (Json::Number(number), Type::Int) => number.as_i64().map(Value::Int),
        (Json::Number(number), Type::Any) => {
            number.as_i64().map(Value::Int).or_else(|| number.as_f64().map(Value::Double))
        }
        (Json::String(text), Type::Text | Type::Any) => Some(Value::Text(text.clone().into())),
        (Json::Array(array), Type::List(element)) => {
            let values = array.iter().map(|json| value_of(json, element));
            values.collect::<Option<Vec<_>>>().map(Value::List)
        }
        _ => None,
    }
}
