//! Routes without a key: is it alive, is it ready, how does it stand, what does it offer.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::problem::Problem;
use super::{Answer, House};
use crate::metrics::Standing;

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation",
    responses((status = 200, description = "Alive")))]
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// Decisions are made: hot state is built, and the last commit went through.
#[utoipa::path(get, path = "/readyz", tag = "operation",
    responses((status = 200, description = "Ready"), (status = 503, description = "Not now")))]
pub(super) async fn ready(State(house): State<Arc<House>>) -> Result<StatusCode, Problem> {
    if house.judge.stats().ready() { Ok(StatusCode::OK) } else { Err(Problem::unavailable(1)) }
}

/// Counters for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(house): State<Arc<House>>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], house.metrics.show(&Standing::of(&house.judge)))
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operation",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub(super) async fn openapi() -> Answer {
    Answer::new(StatusCode::OK, crate::openapi::json().as_bytes().into())
}

/// What the server can do when there is nothing to do; only with `bench_routes`.
pub(super) async fn noop(
    State(house): State<Arc<House>>,
    request: axum::extract::Request,
) -> Result<Answer, Problem> {
    let scope = crate::keys::Scope::Decide;
    let asked = house.admit(request, scope, super::body::BODY_MAX).await?;
    house.once(&asked, async { Ok(Answer::new(StatusCode::OK, "{}".into())) }).await
}
