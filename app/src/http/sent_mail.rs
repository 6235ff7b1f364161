//! Mail that the store sent by itself, for the ledger by which people learn whether a mail is its own.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::sent_mail::{BodyHash, Ledger, Receiver, SentMail};
use crate::time::read;

/// Mails told at once, receivers of one, and bytes of a Message-ID (a header line of RFC 5322) and
/// of a kind.
const MAILS_MAX: usize = 1_000;
const RECEIVERS_MAX: usize = 100;
const MESSAGE_ID_MAX: usize = 998;
const KIND_MAX: usize = 64;

/// Mails that were sent.
#[derive(Deserialize, ToSchema)]
#[schema(as = SentMails)]
pub(super) struct SentMailsView {
    /// Up to 1,000.
    mails: Vec<SentMailView>,
}

/// A mail that was sent. Neither addresses nor words of it are kept.
#[derive(Deserialize, ToSchema)]
#[schema(as = SentMail)]
pub(super) struct SentMailView {
    /// Its Message-ID.
    #[schema(example = "<20261127.1@mail.shop.example>")]
    message_id: String,
    /// Mail addresses of its receivers, or of each SHA-256 of the address in small letters, in hex.
    to: Vec<String>,
    /// What it was about: `order`, `shipment`, `newsletter` …
    kind: String,
    /// When it was sent.
    #[schema(format = DateTime)]
    sent_at: String,
    /// The body hash of its DKIM signature (`bh=` with `c=…/relaxed`): SHA-256 of the body in relaxed
    /// canonical form, in base64. Without it nobody is told that a mail is yours, only that there
    /// was one of this Message-ID.
    #[serde(default)]
    body_hash: Option<String>,
}

/// What became of them.
#[derive(Serialize, ToSchema)]
#[schema(as = SentMailsRecorded)]
pub(super) struct RecordedView {
    /// How many were not known yet.
    recorded: usize,
}

/// Tell of mails that you sent yourself, so that customers who ask about one learn that it is yours.
/// The same Message-ID again changes nothing.
#[utoipa::path(
    post, path = "/v1/mail/sent", tag = "mail", operation_id = "record_sent_mail",
    params(schema::IdempotencyKey), request_body = SentMailsView,
    responses((status = 200, description = "Recorded", body = RecordedView), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn record(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Decide, SMALL_MAX).await?;
    house
        .once(&asked, async {
            let SentMailsView { mails } = body::json(&asked.body)?;
            if mails.len() > MAILS_MAX {
                return Err(Problem::invalid("/mails", format!("at most {MAILS_MAX}")));
            }
            house.pace(&asked, mails.len())?;
            let mails = mails.iter().enumerate().map(|(at, mail)| mail.read(at));
            let mails = mails.collect::<Result<Vec<SentMail>, Problem>>()?;
            let ledger = Ledger { store: house.store.clone(), hasher: house.hasher.clone() };
            let recorded = ledger.write(&mails, asked.received_at).await?;
            let recorded = recorded.ok_or_else(|| Problem::unavailable(1))?;
            Answer::json(StatusCode::OK, &RecordedView { recorded })
        })
        .await
}

impl SentMailView {
    fn read(&self, at: usize) -> Result<SentMail, Problem> {
        let wrong =
            |field: &str, why: String| Problem::invalid(format!("/mails/{at}/{field}"), why);
        let id = self.message_id.trim();
        if id.is_empty() || id.len() > MESSAGE_ID_MAX {
            return Err(wrong("message_id", format!("1 to {MESSAGE_ID_MAX} bytes")));
        }
        if self.to.is_empty() || self.to.len() > RECEIVERS_MAX {
            return Err(wrong("to", format!("1 to {RECEIVERS_MAX} receivers")));
        }
        if self.kind.is_empty() || self.kind.len() > KIND_MAX {
            return Err(wrong("kind", format!("1 to {KIND_MAX} bytes")));
        }
        let receivers = self.to.iter().enumerate().map(|(place, to)| {
            let neither = "neither a mail address nor SHA-256 in hex".to_owned();
            receiver(to).ok_or_else(|| wrong(&format!("to/{place}"), neither))
        });
        let to = receivers.collect::<Result<_, Problem>>()?;
        let not_a_time = || wrong("sent_at", "not a time of RFC 3339 with offset".to_owned());
        let body = self.body_hash.as_deref().map(|text| {
            let not_a_hash = || wrong("body_hash", "not SHA-256 in base64".to_owned());
            BodyHash::read(text).ok_or_else(not_a_hash)
        });
        Ok(SentMail {
            message_id: id.to_owned(),
            to,
            kind: self.kind.clone(),
            at: read(&self.sent_at).ok_or_else(not_a_time)?,
            body: body.transpose()?,
        })
    }
}

fn receiver(text: &str) -> Option<Receiver> {
    if text.len() == 64
        && let Ok(hash) = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes())
    {
        return hash.try_into().ok().map(Receiver);
    }
    Receiver::at(text)
}
