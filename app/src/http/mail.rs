//! Mail: is this one genuine?

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use mail::{Options, Report};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, BODY_MAX};
use super::house::Asked;
use super::problem::{Kind, Problem};
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::sent_mail::{Receiver, Sent};

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
    /// Mail address of who asks: of a mail that went to somebody else, `sent` says so.
    #[serde(default)]
    #[schema(example = "hanako@example.jp")]
    receiver: Option<String>,
}

/// What is said of a mail.
#[derive(Serialize)]
struct ReportView<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Sent>,
}

/// A mail, and how to look at it.
struct Look {
    raw: Bytes,
    options: Options,
    asking: Option<Receiver>,
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
            let Look { raw, options, asking } = mail_of(&asked)?;
            let checked = house.check_mail(raw.clone(), options).await?;
            let sent = house
                .did_we_send(&raw, &checked, asking.as_ref().map(std::slice::from_ref))
                .await?;
            Answer::json(StatusCode::OK, &ReportView { report: &checked.report, sent })
        })
        .await
}

/// The mail that a request carries, and whom to believe about it.
fn mail_of(asked: &Asked) -> Result<Look, Problem> {
    let (raw, trusted, receiver, pointer) = if is_raw(&asked.headers) {
        let Query(query) = Query::<ReceiverQuery>::try_from_uri(&asked.uri)
            .map_err(|_| Problem::new(Kind::BadRequest, "the query"))?;
        (asked.body.clone(), query.trusted_receiver, None, "")
    } else {
        if body::media(&asked.headers).ok() != Some(body::Media::Json) {
            let detail = "send message/rfc822, or application/json with `raw`";
            return Err(Problem::new(Kind::UnsupportedMediaType, detail));
        }
        let mail: MailView = body::json(&asked.body)?;
        (mail.raw.into(), mail.trusted_receiver, mail.receiver, "/raw")
    };
    if raw.trim_ascii().is_empty() {
        return Err(Problem::invalid(pointer, "there is no mail in it"));
    }
    let trusted_receiver = trusted.filter(|receiver| !receiver.is_empty());
    if trusted_receiver.as_ref().is_some_and(|receiver| receiver.len() > RECEIVER_MAX) {
        let detail = format!("at most {RECEIVER_MAX} bytes");
        return Err(Problem::invalid("/trusted_receiver", detail));
    }
    let not_one = || Problem::invalid("/receiver", "not a mail address");
    let asking = receiver.map(|to| Receiver::at(&to).ok_or_else(not_one)).transpose()?;
    let options = Options { trusted_receiver, ..Options::default() };
    Ok(Look { raw, options, asking })
}

fn is_raw(headers: &HeaderMap) -> bool {
    let claim = headers.get(header::CONTENT_TYPE).and_then(|claim| claim.to_str().ok());
    let essence = claim.and_then(|claim| claim.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("message/rfc822")
}
