//! Steps that an agent takes in a case.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::body::{self, SMALL_MAX};
use super::super::problem::Problem;
use super::super::{Answer, House};
use super::{CaseView, REASON_MAX};
use crate::cases::doing::Doing;
use crate::keys::Scope;
use crate::openapi::schema;

/// A step.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseStep)]
pub(in super::super) struct StepBody {
    /// The agent who acts.
    agent: String,
    /// Why; most steps need it.
    #[serde(default)]
    reason: Option<String>,
    /// What is done.
    #[serde(flatten)]
    doing: Doing,
}

/// Take a step in a case. The same step again changes nothing.
#[utoipa::path(
    post, path = "/v1/cases/{id}/steps", tag = "cases", operation_id = "step_case",
    params(("id" = String, Path, description = "`cas_…`"), schema::IdempotencyKey),
    request_body = StepBody,
    responses((status = 200, description = "The case after it", body = CaseView), schema::Refusals),
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
                let reason = body.reason.as_deref();
                if reason.is_some_and(|reason| reason.chars().count() > REASON_MAX) {
                    return Err(Problem::invalid("/reason", "at most 1,000 characters"));
                }
                let case = house.case_named(&id).await?;
                let unmasks =
                    if let Doing::Unmask { field } = &body.doing { Some(*field) } else { None };
                let case = house.take_step(case, body.doing, &by, reason).await?;
                {
                    let mut view = house.case_view(&case, asked.received_at).await?;
                    view.unmasked = unmasks.map(|field| field.of(&case.kept.report).to_owned());
                    Answer::json(StatusCode::OK, &view)
                }
            }),
        )
        .await
}
