//! Clients of the `OpenID` provider over the API.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::problem::{Kind, Problem};
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::openid::clients::{Client, Registration};
use crate::time::show;

/// A client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub(super) struct ClientView {
    /// `client_…`.
    client_id: String,
    created_at: String,
    #[serde(flatten)]
    registration: Registration,
    /// Only when it is made or rotated, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

impl ClientView {
    fn of(client: &Client, client_secret: Option<String>) -> Self {
        Self {
            client_id: client.id(),
            created_at: show(client.created_at),
            registration: client.registration.clone(),
            client_secret,
        }
    }
}

/// All clients.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clients)]
pub(super) struct ClientsView {
    items: Vec<ClientView>,
}

/// Clients of the `OpenID` provider, oldest first.
#[utoipa::path(
    get, path = "/v1/clients", tag = "clients", operation_id = "list_clients",
    responses((status = 200, description = "The clients", body = ClientsView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let all = house.clients().all().await?;
    let items = all.iter().map(|client| ClientView::of(client, None)).collect();
    Answer::json(StatusCode::OK, &ClientsView { items })
}

/// Registers a client; its secret is shown once.
#[utoipa::path(
    post, path = "/v1/clients", tag = "clients", operation_id = "create_client",
    params(schema::IdempotencyKey), request_body = Registration,
    responses((status = 201, description = "The client", body = ClientView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn create(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once(&asked, async {
            let registration = read(&asked.body)?;
            let (client, secret) = house.clients().create(registration).await?;
            tracing::info!(made = client.id(), key = asked.key.id, "a client was registered");
            Answer::json(StatusCode::CREATED, &ClientView::of(&client, secret))
        })
        .await
}

/// Gives a client another registration; what it can keep (`kind`) stays.
#[utoipa::path(
    patch, path = "/v1/clients/{id}", tag = "clients", operation_id = "change_client",
    params(("id" = String, Path, description = "The client's id")), request_body = Registration,
    responses((status = 200, description = "The client", body = ClientView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn change(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let mut client = find(&house, &id).await?;
    let registration = read(&asked.body)?;
    if registration.kind != client.registration.kind {
        return Err(Problem::invalid("/kind", "cannot be changed: register another client"));
    }
    client.registration = registration;
    if !house.clients().change(&client).await? {
        return Err(Problem::new(Kind::Conflict, "somebody else changed it; read it again"));
    }
    tracing::info!(client = id, key = asked.key.id, "a client was changed");
    Answer::json(StatusCode::OK, &ClientView::of(&client, None))
}

/// Gives a client a new secret; the old one is dead at once.
#[utoipa::path(
    post, path = "/v1/clients/{id}/rotate-secret", tag = "clients",
    operation_id = "rotate_client_secret",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, description = "The client", body = ClientView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn rotate(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let client = find(&house, &id).await?;
    let Some(secret) = house.clients().rotate_secret(&client).await? else {
        return Err(Problem::new(Kind::Conflict, "it has no secret, or was changed just now"));
    };
    tracing::info!(client = id, key = asked.key.id, "a client's secret was rotated");
    Answer::json(StatusCode::OK, &ClientView::of(&client, Some(secret)))
}

/// Removes a client; its codes and tokens are dead with it.
#[utoipa::path(
    delete, path = "/v1/clients/{id}", tag = "clients", operation_id = "remove_client",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 204, description = "Removed"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn remove(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let client = find(&house, &id).await?;
    house.clients().remove(&client).await?;
    tracing::info!(client = id, key = asked.key.id, "a client was removed");
    Ok(Answer::empty())
}

fn read(body: &[u8]) -> Result<Registration, Problem> {
    let registration: Registration = body::json(body)?;
    registration.check().map_err(|(pointer, why)| Problem::invalid(&pointer, why))?;
    Ok(registration)
}

async fn find(house: &House, id: &str) -> Result<Client, Problem> {
    house.clients().find(id).await?.ok_or_else(|| Problem::not_found("client"))
}
