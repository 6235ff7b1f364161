//! What another policy would change.

use std::collections::BTreeMap;

use domain::decision::{Assessment, Verdict};
use domain::event::EventType;
use serde::Serialize;

/// Examples kept.
const EXAMPLES_MAX: usize = 20;

/// What would change.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Comparison {
    /// Events with the same verdict and obligations.
    pub same: u64,
    /// Events with another verdict, by event type, from and to.
    pub changes: Vec<Change>,
    /// Events with the same verdict and other obligations.
    pub other_obligations: u64,
    /// The first few that change.
    pub examples: Vec<Example>,
    #[serde(skip)]
    counts: BTreeMap<(EventType, Verdict, Verdict), u64>,
}

/// One kind of change.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Change {
    #[serde(rename = "type")]
    pub kind: EventType,
    pub from: Verdict,
    pub to: Verdict,
    pub events: u64,
}

/// One event that changes.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Example {
    pub event_id: String,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub score: f64,
    pub from: Verdict,
    pub to: Verdict,
}

impl Comparison {
    /// Takes in one event judged by both.
    pub fn add(&mut self, event_id: &str, kind: EventType, from: &Assessment, to: &Assessment) {
        if from.verdict == to.verdict {
            if from.obligations == to.obligations {
                self.same += 1;
            } else {
                self.other_obligations += 1;
            }
            return;
        }
        *self.counts.entry((kind, from.verdict, to.verdict)).or_default() += 1;
        if self.examples.len() < EXAMPLES_MAX {
            let event_id = event_id.to_owned();
            let (from, to, score) = (from.verdict, to.verdict, from.score);
            self.examples.push(Example { event_id, kind, score, from, to });
        }
    }

    /// Sums up.
    #[must_use]
    pub fn finish(mut self) -> Self {
        let counts = std::mem::take(&mut self.counts);
        self.changes = counts
            .into_iter()
            .map(|((kind, from, to), events)| Change { kind, from, to, events })
            .collect();
        self
    }
}
