//! Routes without a key: is it alive, is it ready, how does it stand, what does it offer.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::time::SECOND;

use super::problem::Problem;
use super::{Answer, House};
use crate::metrics::Standing;

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", operation_id = "healthz",
    responses((status = 200, description = "Alive")))]
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// Decisions are made: hot state is built, the last commit went through, the database answers.
#[utoipa::path(get, path = "/readyz", tag = "operation", operation_id = "readyz",
    responses((status = 200, description = "Ready"), (status = 503, description = "Not now")))]
pub(super) async fn ready(State(house): State<Arc<House>>) -> Result<StatusCode, Problem> {
    if !house.judge.stats().ready() {
        return Err(Problem::unavailable(1));
    }
    house.store.ping().await?;
    Ok(StatusCode::OK)
}

/// Counters for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(house): State<Arc<House>>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let mut standing = Standing::of(&house.judge);
    let now = house.world.now();
    // Without the database the rest is shown all the same.
    if let Ok(counts) = house.store.counts().await {
        standing.gauge("outbox_pending", "Messages waiting", counts.outbox_pending as f64);
        standing.gauge("outbox_dead", "Messages given up", counts.outbox_dead as f64);
        standing.gauge("log_tail", "Records that a start would replay", counts.tail as f64);
        standing.gauge("database_bytes", "Room of the database", counts.database_bytes as f64);
    }
    if let Ok(Some(due)) = house.store.next_delivery_due().await {
        let late = now.since(due).max(0) as f64 / SECOND as f64;
        standing.gauge("outbox_late_seconds", "How long the next message has been due", late);
    }
    for file in house.surroundings.status() {
        if let Some(days) = file.age_days(now) {
            standing.list_age(file.name, days);
        }
    }
    ([(header::CONTENT_TYPE, kind)], house.metrics.show(&standing))
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub(super) async fn openapi() -> Answer {
    Answer::new(StatusCode::OK, crate::openapi::json().as_bytes().into())
}

/// What a decision costs without judging and storing: the event is let in, read and made an
/// observation of; only with `bench_routes`.
pub(super) async fn read_only(
    State(house): State<Arc<House>>,
    request: axum::extract::Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, crate::keys::Scope::Decide, super::body::BODY_MAX).await?;
    super::body::utf8(&asked.body)?;
    let event = domain::event::parse(&asked.body, asked.received_at)?;
    let submission = house.submission(event, &asked.body, asked.received_at, None);
    std::hint::black_box(&submission);
    Ok(Answer::new(StatusCode::OK, "{}".into()))
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
