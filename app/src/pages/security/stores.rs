//! Stores that the owner is signed in at through us, and taking that back.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::super::cookies::Flash;
use super::super::owner::Owner;
use super::when;
use crate::http::House;
use crate::http::problem::Problem;
use crate::openid;

/// A store as it is listed.
#[derive(Serialize)]
pub(super) struct Item {
    client: String,
    name: String,
    since: String,
}

impl Item {
    pub(super) fn sample() -> Self {
        Self {
            client: "client_0".to_owned(),
            name: "みなと市場 <1>".to_owned(),
            since: "2026年6月3日 21時04分".to_owned(),
        }
    }

    /// The stores of who looks.
    pub(super) async fn all(house: &House, owner: &Owner) -> Result<Vec<Self>, Problem> {
        let all = openid::connected(house, &owner.found.member.account).await?;
        let item = |one: openid::Connected| Self {
            client: one.client,
            name: one.name,
            since: when(owner.visitor.language, one.since),
        };
        Ok(all.into_iter().map(item).collect())
    }
}

/// Signs the owner out at one store.
pub(super) async fn end(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    openid::disconnect(&house, &owner.found.member.account, form.text("client")).await?;
    Ok(house.go(&owner.visitor, "/security", Some(Flash::SessionsEnded)))
}
