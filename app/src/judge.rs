//! The one-way flow: load, decide, commit, then answer.
//!
//! Requests queue for one judge, which takes as many as are waiting, loads what is known about
//! them in one go, judges them in order, commits them in one transaction and only then answers.
//! Concurrency is won by the size of the batch, never by answering early.

use domain::decision::{Assessment, Mode};
use domain::event::Event;
use domain::memory::Outcome;
use domain::observation::Observation;
use domain::time::Micros;
use store::DecisionId;

/// An event to be judged.
pub struct Submission {
    /// What judgement sees.
    pub observation: Box<Observation>,
    /// The event's JSON as it will be kept, sealed.
    pub body: Vec<u8>,
    /// The account's id as the store gave it.
    pub account_name: Option<String>,
    /// Hash of the content, to tell a repetition from a contradiction.
    pub content: u64,
    /// A decision is asked for.
    pub asked: bool,
    /// Whether it binds.
    pub mode: Mode,
}

/// The answer to a [`Submission`], durable when it is given.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Id of the decision.
    pub decision: DecisionId,
    /// The judgement.
    pub assessment: Box<Assessment>,
    /// Whether it binds.
    pub mode: Mode,
    /// Number of the policy version that judged.
    pub policy: i64,
    /// The same event was heard before; this is the answer it got then.
    pub repeated: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unjudged {
    /// The same `event_id` came before with other content (409).
    #[error("the same event_id was heard before with other content")]
    Contradiction,
    /// No decision of that id (404).
    #[error("no such decision")]
    NoSuchDecision,
    /// The queue is full, the database is away or the server is stopping (503 + Retry-After).
    #[error("not ready; try again in {retry_after_seconds} s")]
    Unavailable {
        /// When to try again.
        retry_after_seconds: u32,
    },
}

/// A handle on the judge; cheap to clone.
#[derive(Clone)]
pub struct Judge {}

impl Judge {
    /// Judges one event. Cancelling the wait does not undo what is already queued.
    pub async fn judge(&self, _submission: Submission) -> Result<Judged, Unjudged> {
        Err(Unjudged::Unavailable { retry_after_seconds: 1 })
    }

    /// Judges many, answered item by item, in their order.
    pub async fn judge_all(&self, _: Vec<Submission>) -> Vec<Result<Judged, Unjudged>> {
        Vec::new()
    }

    /// Records what became of a decision.
    pub async fn settle(
        &self,
        _decision: DecisionId,
        _outcome: Outcome,
        _source: Box<str>,
        _received_at: Micros,
    ) -> Result<(), Unjudged> {
        Err(Unjudged::NoSuchDecision)
    }

    /// From now on policy version `policy` judges; answered once it is in the log.
    pub async fn activate_policy(
        &self,
        _policy: i64,
        _compiled: domain::policy::Policy,
        _received_at: Micros,
    ) -> Result<(), Unjudged> {
        Err(Unjudged::Unavailable { retry_after_seconds: 1 })
    }
}

/// The content hash of an event: equal for equal meaning, whatever the order of its fields.
pub fn content_of(_: &Event) -> u64 {
    0
}
