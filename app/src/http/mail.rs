//! Mail: is this one genuine?

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use mail::Options;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::body::{self, BODY_MAX};
use super::house::Asked;
use super::problem::{Kind, Problem};
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;

/// Longest `authserv-id` in bytes: a host name (RFC 1035).
const RECEIVER_MAX: usize = 253;

/// A mail to be checked.
#[derive(Deserialize, ToSchema)]
#[schema(as = MailToCheck)]
pub(super) struct MailView {
    /// The whole mail as it was received, headers first.
    #[schema(example = "From: \"Shop\" <info@shop.example>\r\nSubject: Hello\r\n\r\n…")]
    raw: String,
    /// Believe the `Authentication-Results` (RFC 8601) of this receiver, by its authserv-id: the
    /// provider of whoever received the mail, and nobody else (C3).
    #[serde(default)]
    #[schema(example = "mx.shop.example")]
    trusted_receiver: Option<String>,
}

/// The same for a mail sent as it is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceiverQuery {
    /// Of a mail sent as `message/rfc822`: the receiver whose `Authentication-Results` is believed.
    trusted_receiver: Option<String>,
}

/// Is this mail genuine? Nothing of it is stored, and nothing it leads to is fetched. Send it as
/// `message/rfc822`, byte for byte, or in JSON. The first 4 MiB are looked at; `not_checked` says so
/// where there is more.
#[utoipa::path(
    post, path = "/v1/mail/check", tag = "mail", operation_id = "check_mail",
    params(ReceiverQuery, schema::IdempotencyKey),
    request_body(content(
        (MailView = "application/json"),
        (String = "message/rfc822"),
    )),
    responses(
        (status = 200, description = "What is said of it", body = schema::MailReport),
        schema::Refusals
    ),
    security(("key" = ["read"]))
)]
pub(super) async fn check(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Read, BODY_MAX).await?;
    house.pace(&asked, 1)?;
    house
        .once(&asked, async {
            let (raw, options) = mail_of(&asked)?;
            let checked = house.check_mail(raw, options).await?;
            Answer::json(StatusCode::OK, &checked.report)
        })
        .await
}

/// The mail that a request carries, and whom to believe about it.
fn mail_of(asked: &Asked) -> Result<(Bytes, Options), Problem> {
    let (raw, receiver, pointer) = if is_raw(&asked.headers) {
        let Query(query) = Query::<ReceiverQuery>::try_from_uri(&asked.uri)
            .map_err(|_| Problem::new(Kind::BadRequest, "the query"))?;
        (asked.body.clone(), query.trusted_receiver, "")
    } else {
        if body::media(&asked.headers).ok() != Some(body::Media::Json) {
            let detail = "send message/rfc822, or application/json with `raw`";
            return Err(Problem::new(Kind::UnsupportedMediaType, detail));
        }
        let mail: MailView = body::json(&asked.body)?;
        (mail.raw.into(), mail.trusted_receiver, "/raw")
    };
    if raw.trim_ascii().is_empty() {
        return Err(Problem::invalid(pointer, "there is no mail in it"));
    }
    let receiver = receiver.filter(|receiver| !receiver.is_empty());
    if receiver.as_ref().is_some_and(|receiver| receiver.len() > RECEIVER_MAX) {
        let detail = format!("at most {RECEIVER_MAX} bytes");
        return Err(Problem::invalid("/trusted_receiver", detail));
    }
    Ok((raw, Options { trusted_receiver: receiver }))
}

fn is_raw(headers: &HeaderMap) -> bool {
    let claim = headers.get(header::CONTENT_TYPE).and_then(|claim| claim.to_str().ok());
    let essence = claim.and_then(|claim| claim.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("message/rfc822")
}
