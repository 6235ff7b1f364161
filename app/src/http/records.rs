//! Records of the log as people look at them.

use domain::decision::{Mode, Standing, Verdict};
use domain::event::{EventType, Status};
use domain::memory::Outcome;
use domain::risk::signal_by_number;
use serde::Serialize;
use serde_json::value::RawValue;
use store::{Body, Entry, Payload, Stored};
use utoipa::ToSchema;

use crate::openapi::schema;
use crate::time::show;

/// One line of an account's history.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineItem)]
#[serde(tag = "record", rename_all = "snake_case")]
pub(super) enum RecordView {
    /// Something happened, and was judged.
    Event(EventView),
    /// What became of a decision.
    Outcome(OutcomeView),
    /// Another policy version judges from here on.
    PolicyActivated {
        /// When.
        received_at: String,
    },
}

/// An event of the log with the short form of its judgement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventRecord)]
pub(super) struct EventView {
    /// The decision on it.
    decision_id: String,
    /// What happened.
    #[schema(value_type = String)]
    r#type: EventType,
    /// How far it got.
    #[schema(value_type = schema::Status)]
    status: Status,
    /// When it happened.
    occurred_at: String,
    /// When we heard of it.
    received_at: String,
    /// A decision was asked for.
    asked: bool,
    /// Whether the verdict binds.
    #[schema(value_type = schema::Mode)]
    mode: Mode,
    /// What to do.
    #[schema(value_type = schema::Verdict)]
    verdict: Verdict,
    /// Probability that this was not the owner.
    score: f64,
    /// Codes of the reasons, strongest first.
    reasons: Vec<&'static str>,
    /// How the account stood after it.
    #[schema(value_type = schema::Standing)]
    standing: Standing,
    /// The event as it was sent; `null` once the person is erased.
    #[schema(value_type = Option<Object>)]
    event: Option<Box<RawValue>>,
    /// The person was erased.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
}

/// What became of a decision, as told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutcomeRecord)]
pub(super) struct OutcomeView {
    /// The decision.
    decision_id: String,
    /// What happened.
    #[schema(value_type = schema::Outcome)]
    outcome: Outcome,
    /// Who says so.
    source: String,
    /// When we heard of it.
    received_at: String,
}

impl RecordView {
    pub(super) fn of(entry: &Entry) -> Self {
        match &entry.payload {
            Payload::Event { decision, asked, mode, observation, assessment, .. } => {
                Self::Event(EventView {
                    decision_id: crate::id::show("dec", decision.0),
                    r#type: observation.kind,
                    status: observation.status,
                    occurred_at: show(observation.occurred_at),
                    received_at: show(entry.received_at),
                    asked: *asked,
                    mode: *mode,
                    verdict: assessment.verdict,
                    score: assessment.score,
                    reasons: assessment.reasons.iter().filter_map(|r| code(r.signal)).collect(),
                    standing: assessment.standing,
                    event: body(&entry.body),
                    erased: entry.body == Body::Erased,
                })
            }
            Payload::Outcome { decision, outcome, source, .. } => Self::Outcome(OutcomeView {
                decision_id: crate::id::show("dec", decision.0),
                outcome: *outcome,
                source: source.to_string(),
                received_at: show(entry.received_at),
            }),
            Payload::PolicyActivated { .. } => {
                Self::PolicyActivated { received_at: show(entry.received_at) }
            }
        }
    }
}

impl OutcomeView {
    pub(super) fn of(stored: &Stored) -> Option<Self> {
        let Payload::Outcome { decision, outcome, source, .. } = &stored.payload else {
            return None;
        };
        Some(Self {
            decision_id: crate::id::show("dec", decision.0),
            outcome: *outcome,
            source: source.to_string(),
            received_at: show(stored.received_at),
        })
    }
}

fn code(signal: u16) -> Option<&'static str> {
    signal_by_number(signal).map(|signal| signal.code)
}

/// The event's own JSON.
pub(super) fn body(body: &Body) -> Option<Box<RawValue>> {
    match body {
        Body::Open(json) => serde_json::from_slice(json).ok(),
        Body::None | Body::Erased => None,
    }
}
