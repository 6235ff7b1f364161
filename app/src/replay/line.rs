//! One decision as one line of JSON: what `replay --out` and `export --decisions` write.

use std::io::{self, Write};

use domain::decision::{Assessment, Reason};
use domain::policy::Policy;
use domain::risk::SIGNALS;
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::decision::{FactsView, thousandths};

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
            line.serialize_field("rule", self.policy.rule_name(rule).unwrap_or_default())?;
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
        reason.serialize_field("evidence", &thousandths(self.0.nats))?;
        reason.serialize_field("facts", &FactsView(&self.0.facts))?;
        reason.end()
    }
}
