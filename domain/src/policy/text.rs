//! From a policy text to compiled rules, or to everything that is wrong with it.

mod reader;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use self::reader::Reader;
use super::limits::{RULES_MAX, TEXT_BYTES_MAX};
use super::names::{EVENT_TYPES, OBLIGATIONS, VERDICTS};
use super::{Binding, Compiled, OnError, PolicyError, Rule, selector};
use crate::decision::{Obligation, Verdict};

const TOP_KEYS: [&str; 4] = ["name", "description", "default", "rule"];
const RULE_KEYS: [&str; 9] =
    ["name", "note", "types", "when", "verdict", "obligations", "mode", "on_error", "continue"];

/// Compiles `text`.
pub(super) fn read(text: &str) -> Result<Compiled, Vec<PolicyError>> {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("{} bytes; a policy has at most {TEXT_BYTES_MAX}", text.len());
        return Err(vec![PolicyError { line: 1, column: 1, message }]);
    }
    let mut reader = Reader::of(text);
    let table = reader.table();
    let mut compiled = Compiled { source: text.into(), ..Compiled::default() };
    if !reader.failed() {
        reader.only(table.get_ref(), &TOP_KEYS);
        compiled.name = reader.slug(&table, "name", "policy").unwrap_or_default().into();
        if let Some(description) = reader::get(&table, "description") {
            reader.text(description, "description");
        }
        compiled.defaults = defaults(&mut reader, &table);
        compiled.rules = rules(&mut reader, &table);
        compiled.by_type = gate(&compiled.rules);
    }
    reader.finish(compiled)
}

fn gate(rules: &[Rule]) -> Vec<Box<[u16]>> {
    let concerned = |kind| {
        let rules = rules.iter().enumerate().filter(move |(_, rule)| rule.concerns(kind));
        rules.filter_map(|(place, _)| u16::try_from(place).ok()).collect()
    };
    EVENT_TYPES.iter().map(|(kind, _)| concerned(*kind)).collect()
}

/// What holds where no rule decides: one verdict, or one for each selector, the narrowest first.
fn defaults(reader: &mut Reader<'_>, table: &Spanned<DeTable<'_>>) -> Vec<Verdict> {
    let mut verdicts = vec![(0_u8, Verdict::Allow); EVENT_TYPES.len()];
    match reader::get(table, "default").map(|value| (value, value.get_ref())) {
        Some((_, DeValue::Table(defaults))) => {
            if !defaults.iter().any(|(key, _)| key.get_ref() == "*") {
                reader.error(table.span().start, "`default` needs a verdict for \"*\"");
            }
            for (key, value) in defaults {
                let types = reader.types(key.get_ref(), key.span().start);
                let verdict = reader.verdict(value);
                let rank = selector::narrowness(key.get_ref());
                for (place, held) in verdicts.iter_mut().enumerate() {
                    if types & (1 << place) != 0 && rank >= held.0 {
                        *held = (rank, verdict.unwrap_or_default());
                    }
                }
            }
        }
        Some((value, _)) => {
            let verdict = reader.verdict(value).unwrap_or_default();
            verdicts.fill((0, verdict));
        }
        None => reader.error(0, "`default` is missing: what holds where no rule decides"),
    }
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}

fn rules(reader: &mut Reader<'_>, table: &Spanned<DeTable<'_>>) -> Vec<Rule> {
    let Some(value) = reader::get(table, "rule") else { return Vec::new() };
    let Some(array) = value.get_ref().as_array() else {
        reader.error(value.span().start, "`rule` is a list: write [[rule]]");
        return Vec::new();
    };
    if let Some(first_over) = array.get(RULES_MAX) {
        let message = format!("a policy has at most {RULES_MAX} rules");
        reader.error(first_over.span().start, message);
    }
    let mut rules: Vec<Rule> = Vec::new();
    for value in array.iter().take(RULES_MAX) {
        let Some(rule) = value.get_ref().as_table() else {
            reader.error(value.span().start, "a rule is a table: write [[rule]]");
            continue;
        };
        let start = value.span().start;
        let rule = self::rule(reader, rule, start);
        if !rule.name.is_empty() && rules.iter().any(|other| other.name == rule.name) {
            let at = reader::find(value, "name").map_or(start, |name| name.span().start);
            reader.error(at, format!("there is a rule `{}` already", rule.name));
        }
        rules.push(rule);
    }
    rules
}

fn rule(reader: &mut Reader<'_>, table: &DeTable<'_>, start: usize) -> Rule {
    reader.only(table, &RULE_KEYS);
    let get = |key: &str| table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, v)| v);
    let name = if let Some(value) = get("name") {
        reader.slug_value(value, "rule").unwrap_or_default()
    } else {
        reader.error(start, "the rule has no `name`");
        String::new()
    };
    if let Some(note) = get("note") {
        reader.text(note, "note");
    }
    let types = get("types").map_or(u64::MAX, |value| selectors(reader, value));
    let condition = if let Some(value) = get("when") {
        reader.condition(value)
    } else {
        reader.error(start, "the rule has no `when`; write \"true\" if it always holds");
        None
    };
    let continues = get("continue").is_some_and(|value| reader.truth(value, "continue"));
    let verdict = get("verdict").and_then(|value| reader.verdict(value));
    if verdict.is_none() && !continues && get("verdict").is_none() {
        reader
            .error(start, "the rule has no `verdict`; only one with `continue = true` may lack it");
    }
    let obligations = get("obligations").map_or_else(Vec::new, |value| obligations(reader, value));
    let binding = get("mode").map_or(Binding::Everyone, |value| binding(reader, value, &name));
    let on_error = get("on_error").map_or(OnError::Usual, |value| on_error(reader, value));
    let when = get("when").and_then(|value| value.get_ref().as_str()).unwrap_or_default();
    let salt_free = get("mode").map_or_else(String::new, |value| format!("{:?}", value.get_ref()));
    let canonical = format!(
        "{types:x}|{when}|{verdict:?}|{obligations:?}|{salt_free}|{on_error:?}|{continues}"
    );
    Rule {
        name: name.into(),
        types,
        condition: condition.unwrap_or_else(super::expression::never),
        verdict,
        obligations: obligations.into(),
        binding,
        on_error,
        continues,
        canonical: canonical.into(),
    }
}

fn selectors(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> u64 {
    if let DeValue::String(selector) = value.get_ref() {
        return reader.types(selector, value.span().start);
    }
    let listed = reader.texts(value, "types");
    if listed.is_empty() {
        reader.error(value.span().start, "`types` names at least one type of event");
    }
    listed.iter().fold(0, |types, (selector, at)| types | reader.types(selector, *at))
}

fn obligations(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Vec<Obligation> {
    let mut obligations = Vec::new();
    for (name, at) in reader.texts(value, "obligations") {
        let known = OBLIGATIONS.iter().find(|(_, known)| *known == name);
        match known {
            Some((obligation, _)) => obligations.push(*obligation),
            None => reader.unknown(at, "obligation", &name, OBLIGATIONS.iter().map(|(_, n)| *n)),
        }
    }
    obligations.sort_unstable();
    obligations.dedup();
    obligations
}

fn binding(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>, name: &str) -> Binding {
    match value.get_ref() {
        DeValue::String(mode) if mode == "enforce" => Binding::Everyone,
        DeValue::String(mode) if mode == "shadow" => Binding::Nobody,
        DeValue::Table(table) => {
            reader.only(table, &["percent"]);
            let percent = reader::find(value, "percent").and_then(percent);
            let Some(per_10_000) = percent else {
                reader.error(value.span().start, "`percent` is a number from 0 to 100");
                return Binding::Nobody;
            };
            let salt = blake3::hash(name.as_bytes());
            let salt =
                salt.as_bytes().first_chunk::<8>().map_or(0, |head| u64::from_le_bytes(*head));
            Binding::Share { per_10_000, salt }
        }
        _ => {
            let message = "`mode` is \"enforce\", \"shadow\" or { percent = n }";
            reader.error(value.span().start, message);
            Binding::Nobody
        }
    }
}

/// Hundredths of a percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ percent ≤ 100")]
fn percent(value: &Spanned<DeValue<'_>>) -> Option<u16> {
    let number: f64 = match value.get_ref() {
        DeValue::Integer(integer) => integer.as_str().parse().ok()?,
        DeValue::Float(float) => float.as_str().parse().ok()?,
        _ => return None,
    };
    (0.0..=100.0).contains(&number).then(|| (number * 100.0).round() as u16)
}

fn on_error(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> OnError {
    let Some(name) = reader.text(value, "on_error") else { return OnError::Usual };
    if name == "skip" {
        return OnError::Skip;
    }
    if let Some((verdict, _)) = VERDICTS.iter().find(|(_, known)| *known == name) {
        return OnError::As(*verdict);
    }
    let known = VERDICTS.iter().map(|(_, name)| *name).chain(["skip"]);
    reader.unknown(value.span().start, "fallback", &name, known);
    OnError::Usual
}
