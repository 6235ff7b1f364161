//! The development clock over the API: what it shows, and putting it forward.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::body::{self, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::clock::Clock;
use crate::keys::Scope;
use crate::time::{read, show};

/// Where it is put.
#[derive(Deserialize)]
struct Forward {
    /// RFC 3339 with offset.
    at: String,
}

/// What it shows, to anybody.
pub(super) async fn look(State(house): State<Arc<House>>) -> Result<Answer, Problem> {
    Answer::json(StatusCode::OK, &json!({ "at": show(clock(&house)?.now()) }))
}

/// Puts it forward.
pub(super) async fn forward(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let Forward { at } = body::json(&asked.body)?;
    let at = read(&at).ok_or_else(|| Problem::invalid("/at", "an RFC 3339 time with an offset"))?;
    let now = clock(&house)?.forward_to(at).map_err(|error| Problem::internal(&error))?;
    Answer::json(StatusCode::OK, &json!({ "at": show(now) }))
}

fn clock(house: &House) -> Result<&Clock, Problem> {
    house.clock.as_ref().ok_or_else(|| Problem::not_found("clock"))
}
