//! The latest events, so that a repetition is recognised before its first answer is durable.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::keyed::EventKey;
use domain::observation::Observation;
use rustc_hash::FxHashMap;
use store::DecisionId;

use super::Judged;

/// Events remembered. Must exceed what two batches hold: a batch in flight is not yet on disk.
const RECENT_MAX: usize = 8192;

/// An event judged a moment ago, or read back from the log.
#[derive(Clone)]
pub(super) struct Heard {
    pub(super) content: u64,
    pub(super) observation: Arc<Observation>,
    pub(super) judged: Judged,
}

/// A bounded, first-in-first-out memory of what was heard.
#[derive(Default)]
pub(super) struct Recent {
    events: FxHashMap<EventKey, Heard>,
    decisions: FxHashMap<DecisionId, EventKey>,
    order: VecDeque<EventKey>,
}

impl Recent {
    pub(super) fn event(&self, event: EventKey) -> Option<&Heard> {
        self.events.get(&event)
    }

    pub(super) fn decision(&self, decision: DecisionId) -> Option<&Heard> {
        self.decisions.get(&decision).and_then(|event| self.events.get(event))
    }

    pub(super) fn add(&mut self, event: EventKey, heard: Heard) {
        self.decisions.insert(heard.judged.decision, event);
        if self.events.insert(event, heard).is_none() {
            self.order.push_back(event);
        }
        while self.order.len() > RECENT_MAX {
            let oldest = self.order.pop_front().and_then(|event| self.events.remove(&event));
            if let Some(heard) = oldest {
                self.decisions.remove(&heard.judged.decision);
            }
        }
    }
}
