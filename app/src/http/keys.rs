//! Keys over the API: listed without the key, made, revoked.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ApiKey;
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::keys::{Scope, mint};
use crate::openapi::schema;
use crate::time::show;

const NAME_MAX: usize = 200;

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewKey {
    /// What to call it.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// For integration tests.
    #[serde(default)]
    test: bool,
}

/// A key, without the key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub(super) struct KeyView {
    /// `key_…`
    id: String,
    /// What it is called.
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<Scope>)]
    scopes: Vec<String>,
    /// For integration tests.
    test: bool,
    /// When it was made.
    created_at: String,
    /// When it was last used, to the minute.
    last_used_at: Option<String>,
    /// When it was revoked.
    revoked_at: Option<String>,
    /// The key itself, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyView {
    fn of(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes,
            test: key.test,
            created_at: show(key.created_at),
            last_used_at: key.last_used_at.map(show),
            revoked_at: key.revoked_at.map(show),
            key: None,
        }
    }
}

/// Every key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Keys)]
pub(super) struct KeysView {
    /// Oldest first.
    items: Vec<KeyView>,
}

/// Every key there is or was, without the keys themselves.
#[utoipa::path(
    get, path = "/v1/keys", tag = "keys", operation_id = "list_keys",
    responses((status = 200, description = "The keys", body = KeysView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let items = house.store.api_keys().await?.into_iter().map(KeyView::of).collect();
    Answer::json(StatusCode::OK, &KeysView { items })
}

/// Make a key. The key itself is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/v1/keys", tag = "keys", operation_id = "create_key",
    params(schema::IdempotencyKey), request_body = NewKey,
    responses((status = 201, description = "The key", body = KeyView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn create(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let new: NewKey = body::json(&asked.body)?;
            if !(1..=NAME_MAX).contains(&new.name.chars().count()) {
                let detail = format!("1 to {NAME_MAX} characters");
                return Err(Problem::invalid("/name", detail));
            }
            if new.scopes.is_empty() {
                return Err(Problem::invalid("/scopes", "at least one"));
            }
            let minted = mint(&house.world, &new.name, &new.scopes, new.test);
            house.store.create_api_key(&minted.key, &minted.token).await?;
            tracing::info!(made = minted.key.id, key = asked.key.id, "a key was made");
            let view = KeyView { key: Some(minted.token), ..KeyView::of(minted.key) };
            Answer::json(StatusCode::CREATED, &view)
        })
        .await
}

/// Revoke a key: at once on this node, within seconds on others.
#[utoipa::path(
    delete, path = "/v1/keys/{id}", tag = "keys", operation_id = "revoke_key",
    params(("id" = String, Path, description = "The key's id")),
    responses((status = 204, description = "Revoked"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn revoke(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    if !house.store.revoke_api_key(&id, asked.received_at).await? {
        return Err(Problem::not_found("key in force"));
    }
    house.refresh_keys().await;
    tracing::info!(revoked = id, key = asked.key.id, "a key was revoked");
    Ok(Answer::empty())
}
