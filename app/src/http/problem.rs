//! Everything that can go wrong for a caller, in one table (RFC 9457).
//!
//! A handler returns a [`Problem`]; the frame around all routes words it in the caller's language,
//! gives it the request's id and logs it once. Bodies never carry internals.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::event::Refused;
use serde::Serialize;
use store::StoreError;
use tracing::Level;

use crate::judge::Unjudged;
use crate::text::{Language, text};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The body is not JSON.
    NotJson,
    /// The body is not UTF-8.
    NotUtf8,
    /// A header or the query makes no sense.
    BadRequest,
    /// No key, or not one of ours.
    Unauthorised,
    /// The key lacks the scope.
    Forbidden,
    /// Whoever proposed a policy may not approve it.
    SamePerson,
    /// Nothing of that name.
    NotFound,
    /// The route does not know this method.
    MethodNotAllowed,
    /// The body did not arrive in time.
    SlowBody,
    /// The same `event_id` with other content.
    Contradiction,
    /// The thing is not in a state in which this can be done.
    Conflict,
    /// A request with the same `Idempotency-Key` is still being answered.
    InProgress,
    /// More than a request may carry.
    TooLarge,
    /// Neither JSON nor NDJSON.
    UnsupportedMediaType,
    /// JSON of the wrong shape.
    Invalid,
    /// The same `Idempotency-Key` with another request.
    KeyReused,
    /// A form that did not come from our own page.
    ForeignForm,
    /// The account's state holds this back.
    Held,
    /// Faster than agreed.
    TooManyRequests,
    /// A defect of ours.
    Internal,
    /// Not now: queue full, database away, stopping.
    Unavailable,
    /// Took longer than a request may.
    TimedOut,
}

/// One row of the table.
pub struct Row {
    /// What went wrong.
    pub kind: Kind,
    /// HTTP status.
    pub status: StatusCode,
    /// Last part of `type`; the text key is `problem-` and this.
    pub slug: &'static str,
    /// How loudly it is logged.
    pub level: Level,
}

const fn row(kind: Kind, status: StatusCode, slug: &'static str, level: Level) -> Row {
    Row { kind, status, slug, level }
}

/// Every kind of problem there is, in the order of [`Kind`].
pub static TABLE: [Row; 22] = [
    row(Kind::NotJson, StatusCode::BAD_REQUEST, "not-json", Level::DEBUG),
    row(Kind::NotUtf8, StatusCode::BAD_REQUEST, "not-utf8", Level::DEBUG),
    row(Kind::BadRequest, StatusCode::BAD_REQUEST, "bad-request", Level::DEBUG),
    row(Kind::Unauthorised, StatusCode::UNAUTHORIZED, "unauthorised", Level::INFO),
    row(Kind::Forbidden, StatusCode::FORBIDDEN, "forbidden", Level::INFO),
    row(Kind::SamePerson, StatusCode::FORBIDDEN, "same-person", Level::INFO),
    row(Kind::NotFound, StatusCode::NOT_FOUND, "not-found", Level::DEBUG),
    row(Kind::MethodNotAllowed, StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", Level::DEBUG),
    row(Kind::SlowBody, StatusCode::REQUEST_TIMEOUT, "slow-body", Level::INFO),
    row(Kind::Contradiction, StatusCode::CONFLICT, "contradiction", Level::INFO),
    row(Kind::Conflict, StatusCode::CONFLICT, "conflict", Level::DEBUG),
    row(Kind::InProgress, StatusCode::CONFLICT, "in-progress", Level::DEBUG),
    row(Kind::TooLarge, StatusCode::PAYLOAD_TOO_LARGE, "too-large", Level::INFO),
    row(
        Kind::UnsupportedMediaType,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        Level::DEBUG,
    ),
    row(Kind::Invalid, StatusCode::UNPROCESSABLE_ENTITY, "invalid", Level::DEBUG),
    row(Kind::KeyReused, StatusCode::UNPROCESSABLE_ENTITY, "key-reused", Level::INFO),
    row(Kind::ForeignForm, StatusCode::FORBIDDEN, "foreign-form", Level::INFO),
    row(Kind::Held, StatusCode::LOCKED, "held", Level::INFO),
    row(Kind::TooManyRequests, StatusCode::TOO_MANY_REQUESTS, "too-many-requests", Level::INFO),
    row(Kind::Internal, StatusCode::INTERNAL_SERVER_ERROR, "internal", Level::ERROR),
    row(Kind::Unavailable, StatusCode::SERVICE_UNAVAILABLE, "unavailable", Level::WARN),
    row(Kind::TimedOut, StatusCode::SERVICE_UNAVAILABLE, "timed-out", Level::WARN),
];

impl Kind {
    /// Its row of the table.
    pub fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.kind == self).unwrap_or(&TABLE[19])
    }
}

/// A value that did not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Misfit {
    /// JSON pointer (RFC 6901) into the body; empty for all of it.
    pub pointer: String,
    /// What is wrong, in English, without the value itself.
    pub detail: String,
    /// 1-based, in a policy text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// 1-based, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// Why a request was not done. Nothing of it is stored.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What went wrong.
    pub kind: Kind,
    /// What exactly, in English, without personal data or secrets.
    pub detail: String,
    /// What did not fit, and where.
    pub errors: Vec<Misfit>,
    /// When to try again.
    pub retry_after_seconds: Option<u32>,
    /// Where the body stops being UTF-8.
    pub byte_offset: Option<usize>,
    /// What stands in `Allow`.
    pub cause: Option<String>,
}

/// A problem as JSON.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Stable URI of the kind of problem.
    pub r#type: String,
    /// The kind in words, in the caller's language.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What exactly, in English.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub detail: &'a str,
    /// What did not fit, and where.
    #[serde(skip_serializing_if = "<[Misfit]>::is_empty")]
    pub errors: &'a [Misfit],
    /// Where the body stops being UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_offset: Option<usize>,
    /// Name this when asking for help.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub request_id: &'a str,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_seconds: None,
            byte_offset: None,
            cause: None,
        }
    }

    /// JSON of the wrong shape at `pointer`.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let misfit =
            Misfit { pointer: pointer.into(), detail: detail.into(), line: None, column: None };
        let detail = match misfit.pointer.as_str() {
            "" => misfit.detail.clone(),
            pointer => format!("{pointer}: {}", misfit.detail),
        };
        Self::new(Kind::Invalid, detail).with(misfit)
    }

    /// The same, of a value that stands at `pointer` of the body.
    #[must_use]
    pub fn under(mut self, pointer: &str) -> Self {
        for misfit in &mut self.errors {
            misfit.pointer = format!("{pointer}{}", misfit.pointer);
        }
        if let [misfit] = self.errors.as_slice() {
            self.detail = format!("{}: {}", misfit.pointer, misfit.detail);
        }
        self
    }

    /// Not now; try again.
    pub fn unavailable(retry_after_seconds: u32) -> Self {
        let mut problem = Self::new(Kind::Unavailable, "nothing was stored; send it again");
        problem.retry_after_seconds = Some(retry_after_seconds);
        problem
    }

    /// No `what` of that name.
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("there is no such {what}"))
    }

    /// A defect of ours. What is behind it goes to the log, not to the caller.
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        let mut problem = Self::new(Kind::Internal, "");
        let mut text = cause.to_string();
        let mut behind = cause.source();
        while let Some(error) = behind {
            text = format!("{text}: {error}");
            behind = error.source();
        }
        problem.cause = Some(text);
        problem
    }

    /// The same with one more misfit.
    #[must_use]
    pub fn with(mut self, misfit: Misfit) -> Self {
        self.errors.push(misfit);
        self
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.kind.row().status
    }

    /// As JSON in `language`.
    pub fn body<'a>(&'a self, language: Language, request_id: &'a str) -> ProblemBody<'a> {
        let row = self.kind.row();
        ProblemBody {
            r#type: format!("https://sekisho.dev/problems/{}", row.slug),
            title: text().say(language, &format!("problem-{}", row.slug)),
            status: row.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
            byte_offset: self.byte_offset,
            request_id,
        }
    }

    /// The whole answer, worded for this caller.
    pub fn worded(&self, language: Language, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.body(language, request_id)).unwrap_or_default();
        let json = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status(), [(header::CONTENT_TYPE, json)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::Unauthorised {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The problem travels to the frame as an extension and is worded there.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        if refused.syntax {
            return Self::new(Kind::NotJson, refused.detail);
        }
        Self::invalid(refused.pointer, refused.detail)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Overtaken(_) => {
                let mut problem = Self::unavailable(1);
                problem.cause = Self::internal(&error).cause;
                problem
            }
            StoreError::Corrupt { .. } | StoreError::Setup(_) => Self::internal(&error),
        }
    }
}

impl From<Unjudged> for Problem {
    fn from(unjudged: Unjudged) -> Self {
        match unjudged {
            Unjudged::Contradiction => Self::new(
                Kind::Contradiction,
                "an event with this event_id was heard before with other content",
            ),
            Unjudged::NoSuchDecision => Self::not_found("decision"),
            Unjudged::Unavailable { retry_after_seconds } => Self::unavailable(retry_after_seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row_in_its_place() {
        assert!(TABLE.iter().map(|row| row.kind).is_sorted());
        for row in &TABLE {
            assert_eq!(row.kind.row().slug, row.slug);
        }
    }
}
