//! `POST /v1/events`: facts without a question, one or many.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use domain::event::batch::{self, Form, NoBatch};
use domain::event::{self, EventType};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{self, BODY_MAX, Media};
use super::problem::{Kind, Problem, ProblemBody};
use super::{Answer, Asked, House, rehearsal};
use crate::judge::{Judged, Submission, Unjudged};
use crate::keys::Scope;
use crate::openapi::schema;

/// Events read before others get their turn on this thread.
const STRETCH: usize = 64;

/// Tell what happened, one event or up to 10,000 of them.
///
/// One JSON object, a JSON array, or NDJSON. A batch is answered item by item in its own order
/// (207 where some were refused), and a bad item does not lose the others.
#[utoipa::path(
    post, path = "/v1/events", tag = "events", operation_id = "tell_events",
    params(schema::IdempotencyKey, schema::AcceptLanguage),
    request_body(content(
        (schema::EventsRequest = "application/json"),
        (String = "application/x-ndjson"),
    )),
    responses(
        (status = 200, description = "Recorded", body = HeardView),
        (status = 207, description = "Some were refused", body = BatchView),
        schema::Refusals
    ),
    security(("key" = ["decide"]))
)]
pub(super) async fn hear(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Decide, BODY_MAX).await?;
    house.once(&asked, hear_asked(&house, &asked)).await
}

async fn hear_asked(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let first = asked.body.iter().find(|byte| !byte.is_ascii_whitespace());
    match (body::media(&asked.headers)?, first) {
        (Media::Json, Some(b'[')) => {
            hear_many(house, asked, &items(&asked.body, Form::Array)?).await
        }
        (Media::Json, _) => hear_one(house, asked).await,
        (Media::Ndjson, _) => hear_many(house, asked, &items(&asked.body, Form::Lines)?).await,
    }
}

/// One item of a batch as it stands in the body.
struct Item<'a> {
    /// 1-based, for NDJSON.
    line: Option<usize>,
    text: &'a [u8],
}

/// The items of a batch. A broken item is answered for itself; a body in which nobody can tell
/// where the next item begins is refused whole, and nothing of it is stored.
fn items<'a>(body: &'a [u8], form: Form) -> Result<Vec<Item<'a>>, Problem> {
    let split = batch::split(body, form).map_err(|error| match error {
        NoBatch::TooManyBytes | NoBatch::TooManyEvents => {
            Problem::new(Kind::TooLarge, error.to_string())
        }
        NoBatch::NotAnArray => Problem::new(Kind::NotJson, error.to_string()),
    })?;
    let item = |item: batch::Item<'a>| {
        let line = (form == Form::Lines).then_some(item.line);
        let place = item.line;
        match item.text {
            Ok(text) => Ok(Item { line, text }),
            Err(refused) => {
                let detail = format!("{} (the item on line {place})", refused.detail);
                Err(Problem::new(Kind::NotJson, detail))
            }
        }
    };
    split.into_iter().map(item).collect()
}

/// What became of one event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventResult)]
pub(super) struct ItemView<'a> {
    /// 0-based place in the batch.
    index: usize,
    /// 1-based line of an NDJSON body.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// What a request with this event alone would have been answered with.
    status: u16,
    /// The event, where it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    /// The record of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<String>,
    /// It was heard before.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemBody<'a>>,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventsResult)]
pub(super) struct BatchView<'a> {
    /// Events recorded, repetitions included.
    accepted: usize,
    /// Events refused.
    refused: usize,
    /// In the order of the batch.
    items: Vec<ItemView<'a>>,
}

/// What became of one event, or of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventsAnswer)]
#[serde(untagged)]
enum HeardView<'a> {
    /// Of one.
    One(OneView<'a>),
    /// Of many.
    Many(BatchView<'a>),
}

/// What became of a single event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventRecorded)]
pub(super) struct OneView<'a> {
    /// The event.
    event_id: &'a str,
    /// The record of it.
    decision_id: String,
    /// It was heard before.
    repeated: bool,
}

async fn hear_one(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    body::utf8(&asked.body)?;
    house.pace(asked, 1)?;
    let read = read(house, asked, &asked.body)?;
    rehearsal::hold(asked, read.account()).await?;
    let id = read.submission.event_id.clone();
    let judged = if rehearsal::is_reserved(asked, read.account()) {
        None
    } else {
        Some(house.judge.judge(read.submission).await?)
    };
    if let Some(judged) = &judged {
        house.metrics.judged(read.kind, judged);
    }
    let decision_id = judged.as_ref().map_or(house.world.uuid(), |judged| judged.decision.0);
    let repeated = judged.is_some_and(|judged| judged.repeated);
    let decision_id = crate::id::show("dec", decision_id);
    let view = HeardView::One(OneView { event_id: &id, decision_id, repeated });
    Answer::json(StatusCode::OK, &view)
}

/// An event that could be read.
struct Read {
    kind: EventType,
    submission: Submission,
}

impl Read {
    fn account(&self) -> Option<&str> {
        self.submission.account_name.as_deref()
    }
}

fn read(house: &House, asked: &Asked, text: &[u8]) -> Result<Read, Problem> {
    body::utf8(text)?;
    let event = event::parse(text, asked.received_at)?;
    let kind = event.kind;
    Ok(Read { kind, submission: house.submission(event, text, asked.received_at, None) })
}

/// What is known of an item before it is answered.
struct Fate {
    event_id: Option<String>,
    kind: Option<EventType>,
    answer: Option<Result<Judged, Problem>>,
}

async fn hear_many(house: &House, asked: &Asked, items: &[Item<'_>]) -> Result<Answer, Problem> {
    house.pace(asked, items.len())?;
    let mut fates = Vec::with_capacity(items.len());
    let mut submissions = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        if at % STRETCH == STRETCH - 1 {
            tokio::task::yield_now().await;
        }
        match read(house, asked, item.text) {
            Ok(read) => {
                let event_id = Some(read.submission.event_id.clone());
                fates.push(Fate { event_id, kind: Some(read.kind), answer: None });
                submissions.push(read.submission);
            }
            Err(problem) => {
                fates.push(Fate { event_id: None, kind: None, answer: Some(Err(problem)) });
            }
        }
    }
    let mut judged = house.judge.judge_all(submissions).await.into_iter();
    for fate in fates.iter_mut().filter(|fate| fate.answer.is_none()) {
        let answer = judged.next().unwrap_or(Err(Unjudged::Unavailable { retry_after_seconds: 1 }));
        if let (Ok(judged), Some(kind)) = (&answer, fate.kind) {
            house.metrics.judged(kind, judged);
        }
        fate.answer = Some(answer.map_err(Problem::from));
    }
    answer_many(asked, items, &fates)
}

fn answer_many(asked: &Asked, items: &[Item<'_>], fates: &[Fate]) -> Result<Answer, Problem> {
    let refused = fates.iter().filter(|fate| !matches!(fate.answer, Some(Ok(_)))).count();
    let away = |fate: &Fate| match &fate.answer {
        Some(Err(problem)) if problem.kind == Kind::Unavailable => problem.retry_after_seconds,
        _ => None,
    };
    if let Some(seconds) = fates.first().and_then(away)
        && fates.iter().all(|fate| away(fate).is_some())
    {
        return Err(Problem::unavailable(seconds));
    }
    let views = items.iter().zip(fates).enumerate();
    let items = views.map(|(index, (item, fate))| view(index, item, fate, asked)).collect();
    let status = if refused == 0 { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    let view = BatchView { accepted: fates.len() - refused, refused, items };
    Answer::json(status, &HeardView::Many(view))
}

fn view<'a>(index: usize, item: &Item<'_>, fate: &'a Fate, asked: &Asked) -> ItemView<'a> {
    let mut view = ItemView {
        index,
        line: item.line,
        status: StatusCode::OK.as_u16(),
        event_id: fate.event_id.as_deref(),
        decision_id: None,
        repeated: None,
        problem: None,
    };
    match &fate.answer {
        Some(Ok(judged)) => {
            view.decision_id = Some(crate::id::show("dec", judged.decision.0));
            view.repeated = Some(judged.repeated);
        }
        Some(Err(problem)) => {
            view.status = problem.status().as_u16();
            view.problem = Some(problem.body(asked.language, ""));
        }
        None => {}
    }
    view
}
