//! Call-backs over the API: who is free, what can be promised, and how each call goes. Scope `desk`.

pub(super) mod steps;
pub(super) mod telephony;
pub(crate) mod views;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::callback::Wish;
use domain::time::Micros;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::cases::REASON_MAX;
use super::problem::Problem;
use super::{Answer, House};
use crate::callbacks::{FREE_MINUTES_MAX, Numbered, Wanted, refusal};
use crate::keys::Scope;
use crate::openapi::schema;

use views::{AgentView, AllView, CallbackView, OfferView};

/// A call that is wanted: at once, in a slot that is offered, or promised by an agent (R28).
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCallback)]
pub(super) struct NewCallback {
    /// The agent who acts.
    agent: String,
    /// Who is called: a fixed line or mobile of Japan (T9).
    #[schema(example = "+819012345678")]
    number: String,
    /// Beginning of an offered slot, RFC 3339; absent with `due_at` too: at once.
    #[serde(default)]
    slot: Option<String>,
    /// Until when an agent promises to call again, RFC 3339; needs a reason.
    #[serde(default)]
    due_at: Option<String>,
    /// What for.
    #[serde(default)]
    reason: Option<String>,
}

/// An agent who takes calls from now on, or no longer.
#[derive(Deserialize, ToSchema)]
pub(super) struct FreeAgent {
    /// The agent.
    agent: String,
    /// For how long, at most 480; 0: no longer.
    minutes: i64,
}

/// Say that an agent takes calls, until a time that passes by itself. Nobody is promised a call at
/// once while no agent is free (R21).
#[utoipa::path(
    post, path = "/v1/agents/free", tag = "callbacks", operation_id = "take_calls",
    params(schema::IdempotencyKey), request_body = FreeAgent,
    responses((status = 200, description = "Until when", body = AgentView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn take_calls(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once(
            &asked,
            Box::pin(async {
                let free: FreeAgent = body::json(&asked.body)?;
                asked.actor(&free.agent)?;
                if !(0..=FREE_MINUTES_MAX).contains(&free.minutes) {
                    return Err(Problem::invalid("/minutes", "0 to 480"));
                }
                let agent = house.take_calls(free.agent.trim(), free.minutes).await?;
                Answer::json(StatusCode::OK, &AgentView::of(&agent))
            }),
        )
        .await
}

/// What can be promised now: free agents, an estimate that is no promise, and slots.
#[utoipa::path(
    get, path = "/v1/callbacks/offer", tag = "callbacks", operation_id = "get_callback_offer",
    responses((status = 200, description = "The offer", body = OfferView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn offer(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let offer = house.call_offer().await?;
    Answer::json(StatusCode::OK, &OfferView::of(&offer, house.calling.is_on()))
}

/// Open call-backs: overdue follow-ups first (R28), then what rings, then by promised time; at most
/// 100.
#[utoipa::path(
    get, path = "/v1/callbacks", tag = "callbacks", operation_id = "list_callbacks",
    responses((status = 200, description = "All of them", body = AllView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn all(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let open = house.open_callbacks().await?;
    Answer::json(StatusCode::OK, &AllView { items: house.callback_views(&open).await? })
}

/// One call-back. The whole number is shown while it rings or is talked on, and masked otherwise.
#[utoipa::path(
    get, path = "/v1/callbacks/{id}", tag = "callbacks", operation_id = "get_callback",
    params(("id" = String, Path, description = "`cbk_…`")),
    responses((status = 200, description = "It", body = CallbackView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let one = house.callback_named(&id).await?;
    Answer::json(StatusCode::OK, &house.callback_view(&one).await?)
}

/// The call-backs of a case and of the reports that went into it, the latest first.
#[utoipa::path(
    get, path = "/v1/cases/{id}/callbacks", tag = "callbacks",
    operation_id = "list_case_callbacks",
    params(("id" = String, Path, description = "`cas_…`")),
    responses((status = 200, description = "All of them", body = AllView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn of_case(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    let of_case = house.callbacks_of(&case).await?;
    Answer::json(StatusCode::OK, &AllView { items: house.callback_views(&of_case).await? })
}

/// Book a call for who reported: at once, in a slot, or by a time that an agent promises.
#[utoipa::path(
    post, path = "/v1/cases/{id}/callbacks", tag = "callbacks", operation_id = "book_callback",
    params(("id" = String, Path, description = "`cas_…`"), schema::IdempotencyKey),
    request_body = NewCallback,
    responses((status = 201, description = "It", body = CallbackView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn book(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let new: NewCallback = body::json(&asked.body)?;
                let by = asked.actor(&new.agent)?;
                let case = house.case_named(&id).await?;
                let reason = reason(new.reason.as_deref())?;
                let wish = wish(new.slot.as_deref(), new.due_at.as_deref(), reason)?;
                let wanted = Wanted { number: &new.number, wish, by: &by, reason };
                let one = house.ask_for_call(&case, &wanted).await?.map_err(refusal)?;
                Answer::json(StatusCode::CREATED, &house.callback_view(&one).await?)
            }),
        )
        .await
}

/// A reason without spaces around it; `None` for nothing.
pub(super) fn reason(said: Option<&str>) -> Result<Option<&str>, Problem> {
    let said = said.map(str::trim).filter(|said| !said.is_empty());
    if said.is_some_and(|said| said.chars().count() > REASON_MAX) {
        return Err(Problem::invalid("/reason", "at most 1,000 characters"));
    }
    Ok(said)
}

fn wish(slot: Option<&str>, due: Option<&str>, reason: Option<&str>) -> Result<Wish, Problem> {
    match (slot, due) {
        (None, None) => Ok(Wish::Now),
        (Some(slot), None) => Ok(Wish::Slot { from: time(slot, "/slot")? }),
        (None, Some(due)) => {
            reason.ok_or_else(|| Problem::invalid("/reason", "a promise has a reason"))?;
            Ok(Wish::FollowUp { due: time(due, "/due_at")? })
        }
        (Some(_), Some(_)) => Err(Problem::invalid("/slot", "a slot or a due time, not both")),
    }
}

pub(super) fn time(text: &str, pointer: &'static str) -> Result<Micros, Problem> {
    let misread = || Problem::invalid(pointer, "an RFC 3339 time with an offset");
    crate::time::read(text).ok_or_else(misread)
}

impl House {
    pub(crate) async fn callback_named(&self, id: &str) -> Result<Numbered, Problem> {
        let id = crate::id::read("cbk", id).ok_or_else(|| Problem::not_found("call-back"))?;
        self.callback(id).await
    }
}
