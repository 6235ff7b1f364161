//! What can go wrong, and what a browser or a caller is answered then.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The store's own database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row that cannot be read.
    #[error("a row of the database: {0}")]
    Row(#[from] serde_json::Error),
    /// There is no such thing.
    #[error("there is no such thing")]
    NotFound,
    /// The request makes no sense; the words say where.
    #[error("{0}")]
    Bad(String),
    /// Whoever asks may not.
    #[error("not from here")]
    Forbidden,
    /// Sekisho does not answer, or not as it should.
    #[error("Sekisho: {0}")]
    Sekisho(String),
    /// A page cannot be drawn.
    #[error("a page: {0}")]
    Page(#[from] minijinja::Error),
    /// Anything else.
    #[error("{0}")]
    Unfinished(String),
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::Sekisho(error.without_url().to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Bad(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Sekisho(_) => StatusCode::BAD_GATEWAY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        // Where it is our own fault the words stay here.
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = %self, "a request failed");
            return (status, "Something went wrong here.").into_response();
        }
        if status == StatusCode::BAD_GATEWAY {
            tracing::warn!(error = %self, "a request could not be finished");
            return (status, "Please try again in a moment.").into_response();
        }
        (status, self.to_string()).into_response()
    }
}
