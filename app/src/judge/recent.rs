//! The latest events, so that a repetition is recognised before its first answer is durable.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::keyed::EventKey;
use domain::observation::Observation;
use rustc_hash::FxHashMap;
use store::{DecisionId, Payload, Said, Stored};

use super::{Judged, Unjudged};

/// Events remembered. Must exceed what two batches hold: a batch in flight is not yet on disk.
const RECENT_MAX: usize = 8192;

/// An event judged a moment ago, or read back from the log.
#[derive(Clone)]
pub(super) struct Heard {
    pub(super) content: u64,
    pub(super) observation: Arc<Observation>,
    pub(super) judged: Judged,
    pub(super) settled: Settled,
}

/// What was told last of a decision.
#[derive(Clone)]
pub(super) enum Settled {
    /// Nobody has looked.
    Unknown,
    /// This, or nothing yet.
    As(Option<Said>),
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

    /// Whether this decision is known, and what was told last of it.
    pub(super) fn knows_outcome(&self, decision: DecisionId) -> bool {
        let heard = self.decisions.get(&decision).and_then(|event| self.events.get(event));
        heard.is_some_and(|heard| matches!(heard.settled, Settled::As(_)))
    }

    /// Notes what is told of a decision, and says what it was about; nothing if that was told last by
    /// the same source: a retry counts nothing twice, also where it carries no `Idempotency-Key` or
    /// comes after a restart.
    ///
    /// # Errors
    /// There is no such decision.
    pub(super) fn settle(
        &mut self,
        decision: DecisionId,
        said: &Said,
    ) -> Result<Option<Arc<Observation>>, Unjudged> {
        let event = self.decisions.get(&decision).and_then(|event| self.events.get_mut(event));
        let heard = event.ok_or(Unjudged::NoSuchDecision)?;
        if matches!(&heard.settled, Settled::As(Some(before)) if before == said) {
            return Ok(None);
        }
        heard.settled = Settled::As(Some(said.clone()));
        Ok(Some(Arc::clone(&heard.observation)))
    }

    /// Makes a record of the log known, so that a repetition of it is answered as it was.
    pub(super) fn hear(&mut self, stored: Stored, settled: Settled) {
        let Payload::Event { decision, mode, content, observation, assessment, policy, .. } =
            stored.payload
        else {
            return;
        };
        let event = observation.event;
        if self.events.get(&event).is_some_and(|heard| matches!(heard.settled, Settled::As(_))) {
            return; // What was told since it was read is not on disk yet.
        }
        let judged = Judged { decision, assessment, mode, policy, repeated: true };
        self.add(event, Heard { content, observation, judged, settled });
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
