//! Steps of a call-back, by agents and by the store's own telephone.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::callback::Command;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::body::{self, SMALL_MAX};
use super::super::problem::Problem;
use super::super::{Answer, House};
use super::views::CallbackView;
use super::{reason, time};
use crate::keys::Scope;
use crate::openapi::schema;

/// A step.
#[derive(Deserialize, ToSchema)]
#[schema(as = CallbackStep)]
pub(in super::super) struct StepBody {
    /// The agent who acts.
    agent: String,
    /// Why; a follow-up needs it, and it goes into the history of the case.
    #[serde(default)]
    reason: Option<String>,
    /// What is done.
    #[serde(flatten)]
    doing: Doing,
}

/// What is done. `ring` is the number that `callback.due` carried: a word about an earlier ring
/// changes nothing.
#[derive(Deserialize, ToSchema)]
#[schema(as = CallbackDoing)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Doing {
    /// Busy, no answer, or no consent.
    NoAnswer { ring: u8 },
    /// Who answered pressed 1, or said yes: they want the call.
    Consent { ring: u8 },
    /// Who answered wants no such call.
    Decline { ring: u8 },
    /// The agent is on the line.
    Connect { ring: u8 },
    /// They talked, and it is settled.
    Resolve,
    /// They talked, and are called again by then (R28).
    FollowUp {
        /// RFC 3339.
        due_at: String,
    },
    /// The reporter calls it off, told on the phone.
    Cancel,
}

/// Take a step of a call-back. The same step again changes nothing.
#[utoipa::path(
    post, path = "/v1/callbacks/{id}/steps", tag = "callbacks", operation_id = "step_callback",
    params(("id" = String, Path, description = "`cbk_…`"), schema::IdempotencyKey),
    request_body = StepBody,
    responses((status = 200, description = "It after the step", body = CallbackView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn step(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let body: StepBody = body::json(&asked.body)?;
                let by = asked.actor(&body.agent)?;
                let reason = reason(body.reason.as_deref())?;
                let command = match body.doing {
                    Doing::NoAnswer { ring } => Command::NoAnswer { dial: ring },
                    Doing::Consent { ring } => Command::Consent { dial: ring },
                    Doing::Decline { ring } => Command::Decline { dial: ring },
                    Doing::Connect { ring } => Command::Connect { dial: ring },
                    Doing::Resolve => Command::Resolve,
                    Doing::Cancel => Command::Cancel,
                    Doing::FollowUp { due_at } => {
                        reason
                            .ok_or_else(|| Problem::invalid("/reason", "a promise has a reason"))?;
                        Command::FollowUp { due: time(&due_at, "/due_at")? }
                    }
                };
                let one = house.callback_named(&id).await?;
                let one = house.step_callback(one.id, &command, &by, reason).await?;
                Answer::json(StatusCode::OK, &house.callback_view(&one).await?)
            }),
        )
        .await
}
