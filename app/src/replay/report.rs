//! What a replay came to: JSON for programs, a table for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::decision::{Assessment, AttackPattern, Standing, Verdict};
use domain::event::EventType;
use serde::Serialize;

use super::compare::Comparison;
use super::line::Codes;
use super::recall::Recalls;

/// Bad lines named in a report; the rest is only counted.
pub const BAD_NAMED_MAX: usize = 1_000;
/// Reasons named in a report.
const REASONS_MAX: usize = 20;

/// What a replay came to.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Events judged.
    pub events: u64,
    /// Accounts seen.
    pub accounts: u64,
    /// From the first byte read to the last line written.
    pub seconds: f64,
    /// Events judged a second, reading and writing included.
    pub events_per_second: f64,
    /// Events by type and verdict.
    pub verdicts: BTreeMap<EventType, BTreeMap<Verdict, u64>>,
    /// Share of events that were not allowed without more.
    pub challenge_rate: f64,
    /// The same by type.
    pub challenge_rates: BTreeMap<EventType, f64>,
    /// Events by standing of their account.
    pub standings: BTreeMap<Standing, u64>,
    /// Events by pattern of attack.
    pub patterns: BTreeMap<AttackPattern, u64>,
    /// The commonest reasons and in how many events they spoke.
    pub top_reasons: Vec<TopReason>,
    /// Times a rule failed and its fallback spoke.
    pub failed_rules: u64,
    /// Events heard before with the same text, not judged again.
    pub repeated: u64,
    /// Lines that are no event.
    pub bad_lines: u64,
    /// The first of them.
    pub bad: Vec<BadLine>,
    /// Sources that ended in an error.
    pub broken: Vec<BadLine>,
    /// How many intruders are found, by the labels given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<Recalls>,
    /// RBA data: by `Is Account Takeover`, successful sign-ins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rba_takeovers: Option<Recalls>,
    /// RBA data: by `Is Attack IP`, successful sign-ins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rba_attack_addresses: Option<Recalls>,
    /// What the other policy would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    #[serde(skip)]
    reasons: Vec<u64>,
}

/// A reason and how often it spoke.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the words say it")]
pub struct TopReason {
    pub code: &'static str,
    pub events: u64,
}

/// A line that is no event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// Name of the source.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u64,
    /// Why, without the value itself.
    pub reason: String,
}

impl Report {
    /// Counts one judged event.
    pub fn add(&mut self, kind: EventType, judged: &Assessment) {
        self.events += 1;
        *self.verdicts.entry(kind).or_default().entry(judged.verdict).or_default() += 1;
        *self.standings.entry(judged.standing).or_default() += 1;
        if let Some(pattern) = judged.pattern {
            *self.patterns.entry(pattern).or_default() += 1;
        }
        self.failed_rules += judged.failed_rules.len() as u64;
        for reason in &judged.reasons {
            let number = usize::from(reason.signal);
            if self.reasons.len() <= number {
                self.reasons.resize(number + 1, 0);
            }
            if let Some(count) = self.reasons.get_mut(number) {
                *count += 1;
            }
        }
    }

    /// Counts and, up to a bound, names one bad line.
    pub fn add_bad(&mut self, bad: BadLine) {
        self.bad_lines += 1;
        if self.bad.len() < BAD_NAMED_MAX {
            self.bad.push(bad);
        }
    }

    /// Sums up.
    pub fn finish(&mut self, seconds: f64, codes: &Codes) {
        self.seconds = (seconds * 1000.0).round() / 1000.0;
        self.events_per_second = (self.events as f64 / seconds.max(1e-9)).round();
        let stopped = |by_verdict: &BTreeMap<Verdict, u64>| -> (u64, u64) {
            let all = by_verdict.values().sum();
            (all, all - by_verdict.get(&Verdict::Allow).copied().unwrap_or_default())
        };
        let rate = |(all, stopped): (u64, u64)| rounded(stopped as f64 / all.max(1) as f64);
        let mut sum = (0, 0);
        for (kind, by_verdict) in &self.verdicts {
            let counted = stopped(by_verdict);
            self.challenge_rates.insert(*kind, rate(counted));
            sum = (sum.0 + counted.0, sum.1 + counted.1);
        }
        self.challenge_rate = rate(sum);
        let mut reasons: Vec<TopReason> = (0_u16..)
            .zip(&self.reasons)
            .filter(|(_, events)| **events > 0)
            .map(|(number, events)| TopReason { code: codes.named(number), events: *events })
            .collect();
        reasons.sort_by(|a, b| b.events.cmp(&a.events).then(a.code.cmp(b.code)));
        reasons.truncate(REASONS_MAX);
        self.top_reasons = reasons;
    }

    /// A table for a terminal; its words are the names in the JSON.
    pub fn table(&self) -> String {
        let mut table = String::new();
        let mut row = |name: &str, value: String| {
            let _ = writeln!(table, "{name:<34} {value}");
        };
        row("events", self.events.to_string());
        row("accounts", self.accounts.to_string());
        row("seconds", self.seconds.to_string());
        row("events_per_second", self.events_per_second.to_string());
        row("repeated", self.repeated.to_string());
        row("bad_lines", self.bad_lines.to_string());
        row("challenge_rate", percent(self.challenge_rate));
        for (kind, by_verdict) in &self.verdicts {
            let counts: Vec<String> =
                by_verdict.iter().map(|(verdict, n)| format!("{} {n}", name(verdict))).collect();
            row(&format!("  {}", name(kind)), counts.join(", "));
        }
        for (standing, events) in &self.standings {
            row(&format!("standing {}", name(standing)), events.to_string());
        }
        for (pattern, events) in &self.patterns {
            row(&format!("pattern {}", name(pattern)), events.to_string());
        }
        for reason in &self.top_reasons {
            row(&format!("reason {}", reason.code), reason.events.to_string());
        }
        let recalls = [
            ("recall", &self.recall),
            ("rba_takeovers", &self.rba_takeovers),
            ("rba_attack_addresses", &self.rba_attack_addresses),
        ];
        for (title, recalls) in recalls.into_iter().filter_map(|(t, r)| Some((t, r.as_ref()?))) {
            recalls.rows(title, &mut row);
        }
        if let Some(comparison) = &self.comparison {
            comparison.rows(&mut row);
        }
        table
    }
}

impl Recalls {
    fn rows(&self, title: &str, row: &mut impl FnMut(&str, String)) {
        let Self { intruders, honest, cold_start, missing, .. } = self;
        row(
            title,
            format!(
                "intruders {intruders}, honest {honest}, cold_start {cold_start}, missing {missing}"
            ),
        );
        if let Some(area) = self.roc_auc {
            row("  roc_auc", format!("{area:.4}"));
        }
        for recall in &self.recalls {
            row(
                &format!("  at {}", percent(recall.share)),
                format!(
                    "{} [{} - {}]",
                    percent(recall.recall),
                    percent(recall.low),
                    percent(recall.high)
                ),
            );
        }
    }
}

impl Comparison {
    fn rows(&self, row: &mut impl FnMut(&str, String)) {
        row("comparison same", self.same.to_string());
        row("comparison other_obligations", self.other_obligations.to_string());
        for change in &self.changes {
            let what =
                format!("  {} {} → {}", name(&change.kind), name(&change.from), name(&change.to));
            row(&what, change.events.to_string());
        }
        for example in &self.examples {
            row(&format!("  e.g. {}", example.event_id), example.score.to_string());
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

/// The name a value has in JSON.
fn name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
