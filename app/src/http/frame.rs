//! What stands around every route: an id, a time limit, caught panics, one log line for a failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Level;

use super::House;
use super::problem::{Kind, Problem};
use crate::pages::Looked;
use crate::text::Language;
use crate::world::{Stopwatch, World};

/// The header that carries a request's id, both ways.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ID_MAX: usize = 64;
/// Browsers that came by TLS come by nothing else for two years.
const BY_TLS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Gives out request ids: unguessable start, then a count.
pub(super) struct RequestIds {
    start: String,
    count: AtomicU64,
}

impl RequestIds {
    /// Ids of this process.
    pub(super) fn new(world: &World) -> Self {
        let mut random = [0; 5];
        world.random(&mut random);
        Self { start: format!("req_{}", crate::id::base32(&random)), count: AtomicU64::new(0) }
    }

    fn next(&self) -> String {
        format!("{}{:06x}", self.start, self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// The caller's own id where it gave a fit one.
    fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let is_fit = |id: &&HeaderValue| {
            (1..=ID_MAX).contains(&id.len())
                && id.as_bytes().iter().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(c))
        };
        match headers.get(REQUEST_ID).filter(is_fit) {
            Some(id) => id.clone(),
            None => HeaderValue::try_from(self.next()).unwrap_or(HeaderValue::from_static("req")),
        }
    }
}

/// The language a request asks for.
pub(super) fn language(headers: &HeaderMap, fallback: Language) -> Language {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(fallback, |value| Language::accepted(value, fallback))
}

/// Runs one request within the frame.
pub(super) async fn around(
    State(house): State<Arc<House>>,
    request: Request,
    next: Next,
) -> Response {
    let watch = Stopwatch::start();
    let id = house.request_ids.of(request.headers());
    let language = language(request.headers(), house.config.language);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let looked_at = Looked::at(&request);
    let within = tokio::time::timeout(house.config.request_timeout, next.run(request));
    let mut response = match within.await {
        Ok(response) => response,
        Err(_) => axum::response::IntoResponse::into_response(timed_out()),
    };
    if response.status().is_client_error() && is_plain(&response) {
        response.extensions_mut().insert(Problem::new(Kind::BadRequest, "the path or query"));
    }
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let shown = id.to_str().unwrap_or_default();
        log(&problem, route, shown);
        house.metrics.problem(problem.kind);
        let allow = response.headers_mut().remove(header::ALLOW);
        response = match looked_at {
            Some(looked) => crate::pages::show_problem(&house, &looked, &problem, shown).await,
            None => problem.worded(language, shown),
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    house.metrics.answered(route, response.status(), watch.elapsed());
    response.headers_mut().insert(REQUEST_ID, id);
    if house.secure() {
        // Over TLS alone (RFC 6797 §7.2).
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, BY_TLS);
    }
    response
}

/// A refusal of the web framework's own, such as a path that is not UTF-8.
fn is_plain(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"text/plain"))
}

fn timed_out() -> Problem {
    let mut problem = Problem::new(
        Kind::TimedOut,
        "no answer within the time limit; it may have been stored: send it again",
    );
    problem.retry_after_seconds = Some(1);
    problem
}

/// A panic in a handler is a defect of ours, answered as one; the connection lives on.
#[expect(clippy::needless_pass_by_value, reason = "as the layer hands it")]
pub(super) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let mut problem = Problem::new(Kind::Internal, "");
    problem.cause = Some(match panic.downcast_ref::<&str>() {
        Some(text) => format!("panic: {text}"),
        None => "panic".to_owned(),
    });
    axum::response::IntoResponse::into_response(problem)
}

/// No such route.
pub(super) async fn nowhere() -> Problem {
    Problem::not_found("route")
}

/// The route does not know this method.
pub(super) async fn no_such_method() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "")
}

fn log(problem: &Problem, route: &str, request_id: &str) {
    let row = problem.kind.row();
    let status = row.status.as_u16();
    let cause = problem.cause.as_deref().unwrap_or_default();
    match row.level {
        Level::ERROR => {
            tracing::error!(route, status, request_id, cause, "request failed: {}", row.slug);
        }
        Level::WARN => {
            tracing::warn!(route, status, request_id, cause, "request not served: {}", row.slug);
        }
        Level::INFO => tracing::info!(route, status, request_id, "request refused: {}", row.slug),
        _ => tracing::debug!(route, status, request_id, "request refused: {}", row.slug),
    }
}
