//! `POST /v1/decisions` and what became of them.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::decision::{Mode, Verdict};
use domain::event::{self, Event, EventType, Status};
use domain::memory::Outcome;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use store::{DecisionId, Payload};
use utoipa::ToSchema;

use super::body::{self, BODY_MAX, Media, SMALL_MAX};
use super::challenges::WithDecision;
use super::content::content_of;
use super::problem::{Kind, Problem};
use super::records::{self, OutcomeView};
use super::{Answer, Asked, House, rehearsal};
use crate::challenges::Asked as Wanted;
use crate::decision::DecisionView;
use crate::judge::Submission;
use crate::keys::Scope;
use crate::openapi::schema;
use crate::time::show;
use crate::world::Stopwatch;

/// Judge an event before it is let through.
///
/// The answer is durable. The same `event_id` with the same content gets the same decision again;
/// with other content 409. `"mode": "shadow"` in the body records the verdict without its binding.
#[utoipa::path(
    post, path = "/v1/decisions", tag = "decisions", operation_id = "decide",
    params(schema::IdempotencyKey, schema::AcceptLanguage),
    request_body(content = schema::DecisionRequest, content_type = "application/json"),
    responses((status = 200, description = "The decision", body = DecisionView), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn decide(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let watch = Stopwatch::start();
    let asked = house.admit(request, Scope::Decide, BODY_MAX).await?;
    house.once(&asked, decide_asked(&house, &asked, watch)).await
}

async fn decide_asked(house: &House, asked: &Asked, watch: Stopwatch) -> Result<Answer, Problem> {
    if body::media(&asked.headers)? == Media::Ndjson {
        return Err(Problem::new(Kind::UnsupportedMediaType, "one event as application/json"));
    }
    body::utf8(&asked.body)?;
    house.pace(asked, 1)?;
    let mut event = event::parse(&asked.body, asked.received_at)?;
    let (mode, wanted) = take_beside(house, &mut event, &asked.body)?;
    if let Some(answer) = rehearsal::decide(house, asked, &event, mode, watch).await {
        return answer;
    }
    let submission = house.submission(event, &asked.body, asked.received_at, Some(mode));
    if let Some(account) = submission.observation.account {
        #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
        house.account_pace.take(account.0 as u64, 1, asked.received_at)?;
    }
    let kind = submission.observation.kind;
    let judged = house.judge.judge(submission).await?;
    house.metrics.judged(kind, &judged);
    let names = house.policy_names(judged.policy);
    let mut view =
        DecisionView::of(judged.decision, judged.mode, &judged.assessment, &names, asked.language);
    if let Some(wanted) = wanted.filter(|_| view.verdict == Verdict::Challenge) {
        view.challenge = Some(house.challenge_with(judged.decision, wanted).await?);
    }
    view.latency_us = Some(watch.elapsed_us());
    Answer::json(StatusCode::OK, &view)
}

/// `mode` and `challenge` stand beside the event's own fields. Where `challenge` is no object, it is a
/// property of the store's own.
fn take_beside(
    house: &House,
    event: &mut Event,
    body: &[u8],
) -> Result<(Mode, Option<Wanted>), Problem> {
    #[derive(Deserialize)]
    struct Beside {
        #[serde(default)]
        mode: Option<Mode>,
        #[serde(default)]
        challenge: Value,
    }
    let named = |name: &str| event.properties.contains_key(name);
    if !named("mode") && !named("challenge") {
        return Ok((Mode::Enforce, None));
    }
    let beside: Beside = body::json(body)?;
    if beside.mode.is_some() {
        event.properties.remove("mode");
    }
    let mode = beside.mode.unwrap_or_default();
    if !beside.challenge.is_object() {
        return Ok((mode, None));
    }
    event.properties.remove("challenge");
    let challenge: WithDecision = serde_json::from_value(beside.challenge)
        .map_err(|error| Problem::invalid("/challenge", error.to_string()))?;
    let account = event.account.as_ref().map(|account| account.id.clone());
    let account = account.ok_or_else(|| Problem::invalid("/account/id", "whose proof it is"))?;
    let wanted = challenge.read(house, account)?;
    Ok((mode, Some(wanted).filter(|_| mode == Mode::Enforce)))
}

impl House {
    /// What the judge gets of an event; `mode` where a decision is asked for.
    pub(crate) fn submission(
        &self,
        event: Event,
        body: &[u8],
        received_at: Micros,
        mode: Option<Mode>,
    ) -> Submission {
        let observation =
            event::observe(&event, received_at, self.surroundings.resolve(&event), &self.hasher);
        Submission {
            content: content_of(body),
            event_id: event.event_id,
            observation: Box::new(observation),
            body: body.to_vec(),
            account_name: event.account.map(|account| account.id),
            asked: mode.is_some(),
            mode: mode.unwrap_or_default(),
        }
    }
}

/// What became of a decision.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct OutcomeTold {
    /// What happened.
    #[schema(value_type = schema::Outcome)]
    outcome: Outcome,
    /// Who says so.
    source: OutcomeSource,
}

/// Who tells what became of a decision.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutcomeSource {
    Customer,
    Desk,
    Chargeback,
    Rule,
}

impl OutcomeSource {
    const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Desk => "desk",
            Self::Chargeback => "chargeback",
            Self::Rule => "rule",
        }
    }
}

/// Tell what became of a decision: a proof passed or failed, the owner confirmed or denied.
#[utoipa::path(
    post, path = "/v1/decisions/{id}/outcome", tag = "decisions", operation_id = "tell_outcome",
    params(("id" = String, Path, description = "The decision"), schema::IdempotencyKey),
    request_body = OutcomeTold,
    responses((status = 200, description = "Recorded", body = OutcomeTold), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn settle(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Decide, SMALL_MAX).await?;
    house
        .once(&asked, async {
            let told: OutcomeTold = body::json(&asked.body)?;
            let decision = decision_id(&id)?;
            house.settle(decision, told.outcome, told.source.name()).await?;
            Answer::json(StatusCode::OK, &told)
        })
        .await
}

/// A decision as it was made, its event, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionRecord)]
pub(super) struct DecisionRecordView<'a> {
    /// As it was answered.
    #[serde(flatten)]
    decision: DecisionView<'a>,
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
    /// A decision was asked for, rather than a fact told.
    asked: bool,
    /// The event as it was sent; `null` once the person is erased.
    #[schema(value_type = Option<Object>)]
    event: Option<Box<RawValue>>,
    /// What became of it, oldest first.
    outcomes: Vec<OutcomeView>,
}

/// A decision as it was made, its event, and what became of it.
#[utoipa::path(
    get, path = "/v1/decisions/{id}", tag = "decisions", operation_id = "get_decision",
    params(("id" = String, Path, description = "The decision"), schema::AcceptLanguage),
    responses((status = 200, description = "The decision", body = DecisionRecordView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn look_up(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Read, SMALL_MAX).await?;
    let found = house.store.decision(decision_id(&id)?).await?;
    let found = found.ok_or_else(|| Problem::not_found("decision"))?;
    let Payload::Event {
        decision, asked: was_asked, mode, observation, assessment, policy, ..
    } = &found.entry.payload
    else {
        return Err(Problem::not_found("decision"));
    };
    let names = house.policy_names(*policy);
    let view = DecisionRecordView {
        decision: DecisionView::of(*decision, *mode, assessment, &names, asked.language),
        r#type: observation.kind,
        status: observation.status,
        occurred_at: show(observation.occurred_at),
        received_at: show(found.entry.received_at),
        asked: *was_asked,
        event: records::body(&found.entry.body),
        outcomes: found.outcomes.iter().filter_map(OutcomeView::of).collect(),
    };
    Answer::json(StatusCode::OK, &view)
}

/// The decision a path names.
pub(super) fn decision_id(shown: &str) -> Result<DecisionId, Problem> {
    crate::id::read("dec", shown).map(DecisionId).ok_or_else(|| Problem::not_found("decision"))
}
