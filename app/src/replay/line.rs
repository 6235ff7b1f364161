//! One decision as one line of JSON: what `replay --out` and `export --decisions` write.

use std::io::{self, Write};

use domain::decision::{Assessment, Fact, FactName, Reason};
use domain::policy::Policy;
use domain::risk::SIGNALS;
use serde::ser::{Serialize, SerializeMap as _, SerializeStruct as _, Serializer};

use crate::text::fact_name;

/// Codes of the signals by number, for look-up without a search.
pub struct Codes(Vec<&'static str>);

impl Default for Codes {
    fn default() -> Self {
        let mut codes = Vec::new();
        for signal in SIGNALS.iter().copied().flatten() {
            let number = usize::from(signal.number);
            codes.resize(codes.len().max(number + 1), "");
            if let Some(code) = codes.get_mut(number) {
                *code = signal.code;
            }
        }
        Self(codes)
    }
}

impl Codes {
    /// The code of a reason's signal.
    pub fn of(&self, reason: &Reason) -> &'static str {
        self.named(reason.signal)
    }

    /// The code of the signal stored as `number`.
    pub fn named(&self, number: u16) -> &'static str {
        self.0.get(usize::from(number)).copied().unwrap_or_default()
    }
}

/// A decision to be written.
pub struct Line<'a> {
    /// The id the store gave the event.
    pub event_id: &'a str,
    /// What was judged.
    pub assessment: &'a Assessment,
    /// Names the rule that decided.
    pub policy: &'a Policy,
    /// Names the signals.
    pub codes: &'a Codes,
}

impl Line<'_> {
    /// Writes it with its end of line.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut out, self)?;
        out.write_all(b"\n")
    }
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let judged = self.assessment;
        let mut line = serializer.serialize_struct("Line", 10)?;
        line.serialize_field("event_id", self.event_id)?;
        line.serialize_field("verdict", &judged.verdict)?;
        line.serialize_field("score", &judged.score)?;
        line.serialize_field("reasons", &Reasons(&judged.reasons, self.codes))?;
        line.serialize_field("unknown", &judged.unknown)?;
        line.serialize_field("obligations", &judged.obligations)?;
        line.serialize_field("standing", &judged.standing)?;
        if let Some(pattern) = &judged.pattern {
            line.serialize_field("pattern", pattern)?;
        }
        if let Some(familiarity) = &judged.familiarity {
            line.serialize_field("familiarity", familiarity)?;
        }
        if let Some(rule) = judged.rule {
            line.serialize_field("rule", &rule)?;
        }
        line.end()
    }
}

struct Reasons<'a>(&'a [Reason], &'a Codes);

impl Serialize for Reasons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|reason| OneReason(reason, self.1)))
    }
}

struct OneReason<'a>(&'a Reason, &'a Codes);

impl Serialize for OneReason<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reason = serializer.serialize_struct("Reason", 3)?;
        reason.serialize_field("code", self.1.of(self.0))?;
        reason.serialize_field("evidence", &hundredths(f64::from(self.0.nats)))?;
        reason.serialize_field("facts", &Facts(&self.0.facts))?;
        reason.end()
    }
}

struct Facts<'a>(&'a [(FactName, Fact)]);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut facts = serializer.serialize_map(Some(self.0.len()))?;
        for (name, fact) in self.0 {
            let name = fact_name(*name);
            match fact {
                Fact::Int(number) => facts.serialize_entry(name, number)?,
                Fact::Float(number) => {
                    facts.serialize_entry(name, &hundredths(f64::from(*number)))?;
                }
                Fact::Country(country) => facts.serialize_entry(name, letters(&country.0))?,
                Fact::Currency(currency) => facts.serialize_entry(name, letters(currency))?,
                Fact::Field(field) => facts.serialize_entry(name, field)?,
                Fact::Pattern(pattern) => facts.serialize_entry(name, pattern)?,
            }
        }
        facts.end()
    }
}

fn letters(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or_default()
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
