//! A problem, told as a page to whoever looks at pages.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use serde::Serialize;

use super::visitor::{Peer, Visitor};
use super::{Page, shield};
use crate::http::House;
use crate::http::problem::Problem;

/// What went wrong.
#[derive(Serialize)]
pub(super) struct Refusal {
    status: u16,
    /// Text key of the heading.
    title: String,
    /// Text key of what to do.
    advice: String,
    request_id: String,
}

impl Page for Refusal {
    const TEMPLATE: &'static str = "problem.html";

    fn samples() -> Vec<Self> {
        let sample = |(status, advice): (u16, &str)| Self {
            status,
            title: format!("refusal-{advice}"),
            advice: format!("refusal-{advice}-advice"),
            request_id: "req_0000".to_owned(),
        };
        SAYINGS.iter().copied().map(sample).collect()
    }
}

/// What is said for which status; every other is ours.
pub(super) const SAYINGS: [(u16, &str); 13] = [
    (400, "not-understood"),
    (404, "not-found"),
    (405, "not-found"),
    (408, "too-slow"),
    (409, "conflict"),
    (415, "not-understood"),
    (422, "not-understood"),
    (403, "foreign-form"),
    (413, "too-large"),
    (423, "held"),
    (429, "too-many"),
    (503, "unavailable"),
    (500, "broken"),
];

/// A request by which a person looks at a page: a browser asks for HTML, and not from the API.
pub(crate) struct Looked {
    headers: HeaderMap,
    uri: Uri,
    peer: Option<Peer>,
}

impl Looked {
    /// What is needed of `request` in case something goes wrong; `None` where nobody looks.
    pub(crate) fn at(request: &Request) -> Option<Self> {
        if request.uri().path().starts_with("/v1/") {
            return None;
        }
        let wanted = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        wanted.is_some_and(|wanted| wanted.contains("text/html")).then(|| Self {
            headers: request.headers().clone(),
            uri: request.uri().clone(),
            peer: request.extensions().get().copied(),
        })
    }
}

/// The page for `problem`.
pub(crate) async fn show(
    house: &House,
    looked: &Looked,
    problem: &Problem,
    request_id: &str,
) -> Response {
    let status = problem.kind.row().status;
    let said = SAYINGS.iter().find(|(code, _)| *code == status.as_u16());
    let advice = said.map_or("broken", |(_, advice)| advice);
    let page = Refusal {
        status: status.as_u16(),
        title: format!("refusal-{advice}"),
        advice: format!("refusal-{advice}-advice"),
        request_id: request_id.to_owned(),
    };
    let visitor = Visitor::of(house, &looked.headers, &looked.uri, looked.peer);
    let mut response = shield::shield(house.page(&visitor, status, &page)).await;
    if let Some(seconds) = problem.retry_after_seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
