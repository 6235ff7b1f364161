//! Refusals in the words of RFC 6749 §5.2 and RFC 6750 §3.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::StoreError;

use crate::http::problem::Problem;

/// Why a client's request was not done.
pub(super) enum Refusal {
    /// Says so itself.
    Told(StatusCode, &'static str, &'static str),
    /// A problem like everywhere else.
    Problem(Box<Problem>),
}

impl Refusal {
    pub(super) const fn invalid_request(why: &'static str) -> Self {
        Self::Told(StatusCode::BAD_REQUEST, "invalid_request", why)
    }

    /// The same words for every reason: who guesses learns nothing.
    pub(super) const fn invalid_grant() -> Self {
        Self::Told(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "unknown, used, expired, or given to another client or with another verifier",
        )
    }

    pub(super) const fn invalid_client() -> Self {
        Self::Told(StatusCode::UNAUTHORIZED, "invalid_client", "unknown client or wrong secret")
    }

    pub(super) const fn invalid_token() -> Self {
        Self::Told(StatusCode::UNAUTHORIZED, "invalid_token", "unknown, expired or revoked")
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Told(status, error, why) => {
                let body = json!({ "error": error, "error_description": why });
                let mut response = unkept(status, &body);
                if status == StatusCode::UNAUTHORIZED {
                    let scheme = if error == "invalid_token" {
                        "Bearer error=\"invalid_token\""
                    } else {
                        "Basic realm=\"sekisho\""
                    };
                    let scheme = HeaderValue::from_static(scheme);
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
                }
                response
            }
        }
    }
}

/// JSON that nobody keeps (RFC 6749 §5.1).
pub(super) fn unkept(status: StatusCode, body: &serde_json::Value) -> Response {
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}
