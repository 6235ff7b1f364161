//! `/mailbox`: what the development gateway was given. Whoever sees it sees codes, so it is there
//! only where the setting `development` says so.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::notice::Channel;
use serde::Serialize;

use super::{Page, Visitor};
use crate::gateways;
use crate::http::House;
use crate::http::problem::Problem;
use crate::time::in_japan;

/// `/mailbox`
#[derive(Serialize)]
pub(super) struct Mailbox {
    letters: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    at: String,
    channel: &'static str,
    to: String,
    subject: String,
    text: String,
}

impl Page for Mailbox {
    const TEMPLATE: &'static str = "mailbox.html";

    fn samples() -> Vec<Self> {
        let item = Item {
            at: "2026年6月3日 21時04分".to_owned(),
            channel: "mail",
            to: "hanako@example.jp".to_owned(),
            subject: "確認コード".to_owned(),
            text: "012345 <b>".to_owned(),
        };
        vec![Self { letters: vec![item] }, Self { letters: Vec::new() }]
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    if house.config.said.text("development") != "true" {
        return Err(Problem::not_found("route"));
    }
    let sent = gateways::Mailbox::sent(&house.store).await?;
    let letters = sent.into_iter().map(|sent| Item {
        at: in_japan(visitor.language, sent.at),
        channel: match sent.letter.channel {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
            Channel::Voice => "voice",
        },
        to: sent.letter.to,
        subject: sent.letter.subject,
        text: sent.letter.text,
    });
    Ok(house.page(&visitor, StatusCode::OK, &Mailbox { letters: letters.collect() }))
}
