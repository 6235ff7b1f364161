//! Parameters of a request: each once (RFC 6749 §3.1), under a limit.

use std::collections::BTreeMap;

use axum::extract::Request;
use axum::http::{HeaderMap, Method};

use super::refusal::Refusal;
use crate::http::body;
use crate::http::problem::Problem;

/// Longest body of a form in bytes.
const FORM_MAX: usize = 64 << 10;

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: BTreeMap<String, String>,
    /// A parameter that was sent twice.
    pub(super) twice: Option<String>,
}

impl Params {
    /// Of a query.
    pub(super) fn of(text: &str) -> Self {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            // Without a value it counts as omitted (RFC 6749 §3.1).
            if value.is_empty() {
                continue;
            }
            if params.values.insert(name.to_string(), value.into_owned()).is_some() {
                params.twice = Some(name.into_owned());
            }
        }
        params
    }

    /// Of a request: the form of a POST, else the query.
    pub(super) async fn read(request: Request) -> Result<(HeaderMap, Self), Problem> {
        let (parts, body) = request.into_parts();
        if parts.method != Method::POST {
            return Ok((parts.headers, Self::of(parts.uri.query().unwrap_or_default())));
        }
        let body = body::read(&parts.headers, body, FORM_MAX).await?;
        Ok((parts.headers, Self::of(body::utf8(&body)?)))
    }

    /// Of a POST to an endpoint for clients: a parameter sent twice is refused.
    pub(super) async fn strict(request: Request) -> Result<(HeaderMap, Self), Refusal> {
        let (headers, params) = Self::read(request).await?;
        match params.twice {
            Some(_) => Err(Refusal::invalid_request("a parameter was sent twice")),
            None => Ok((headers, params)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(super) fn need(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::invalid_request("a parameter is missing"))
    }
}
