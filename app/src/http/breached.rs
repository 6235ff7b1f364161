//! Breached passwords by k-anonymity: a store asks by five digits of a hash and compares the rest itself.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};

use super::body::SMALL_MAX;
use super::problem::Problem;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::surroundings::SHA1_PREFIX_CHARS;

/// Breached passwords under a prefix of their SHA-1, in the range format of Have I Been Pwned: neither
/// the password nor its hash leaves the store. A line is the other 35 digits in upper-case hex, a
/// colon, and how often it was seen. They come from the operator's own file; nothing is fetched.
#[utoipa::path(
    get, path = "/v1/breached-passwords/{prefix}", tag = "lists",
    operation_id = "breached_passwords",
    params(("prefix" = String, Path, description = "Five hex digits of the SHA-1", example = "21BD1")),
    responses(
        (status = 200, description = "What is breached under the prefix", body = String,
            content_type = "text/plain", example = "0018A45C4D1DEF81644B54AB7F969B88D65:3"),
        schema::Refusals,
    ),
    security(("key" = ["decide"]))
)]
pub(super) async fn range(
    State(house): State<Arc<House>>,
    Path(prefix): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Decide, SMALL_MAX).await?;
    let is_prefix =
        prefix.len() == SHA1_PREFIX_CHARS && prefix.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_prefix {
        return Err(Problem::invalid("/prefix", "five hex digits of a SHA-1"));
    }
    let looking = Arc::clone(&house);
    let range = house.aside(move || looking.surroundings.breached_range(&prefix)).await?;
    let range = range.ok_or_else(|| Problem::not_found("file of this prefix"))?;
    let mut text = String::new();
    for (suffix, count) in range {
        let _ = write!(text, "{suffix}:{count}\r\n");
    }
    let mut answer = Answer::new(StatusCode::OK, text.into());
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers.insert(header::CONTENT_TYPE, plain);
    Ok(answer)
}
