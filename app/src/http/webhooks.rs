//! Subscribers of webhooks: made, changed, their secrets rotated; and messages given up.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::time::DAY;
use serde::{Deserialize, Serialize};
use store::{DeadLetter, Endpoint};
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::page::{PageQuery, cursor_of};
use super::problem::Problem;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::time::show;
use crate::webhooks::{Kind, Target, secret};

/// How long messages carry both signatures while a secret rotates.
const ROTATION: i64 = DAY;

/// A subscriber to be made or changed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewWebhook {
    /// Where messages go; `https` unless the operator vouches for the target.
    url: String,
    /// Types wanted; all of them where empty or absent.
    #[serde(default)]
    types: Vec<String>,
}

/// What to change about a subscriber.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WebhookChange {
    /// Where messages go.
    url: Option<String>,
    /// Types wanted.
    types: Option<Vec<String>>,
}

/// A subscriber.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(super) struct WebhookView {
    /// `hook_…`
    id: String,
    /// Where messages go.
    url: String,
    /// Types wanted; empty for all.
    types: Vec<String>,
    /// Why nothing is sent to it.
    disabled: Option<String>,
    /// When it was made.
    created_at: String,
    /// Until when messages are also signed with the secret before.
    rotating_until: Option<String>,
    /// The signing secret, shown when made or rotated and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl WebhookView {
    fn of(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id,
            url: endpoint.url,
            types: endpoint.kinds,
            disabled: endpoint.disabled,
            created_at: show(endpoint.created_at),
            rotating_until: endpoint.rotating_until.map(show),
            secret: None,
        }
    }
}

/// Every subscriber.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhooks)]
pub(super) struct WebhooksView {
    /// Oldest first.
    items: Vec<WebhookView>,
}

/// A message that was given up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub(super) struct DeadLetterView {
    /// To send it again.
    id: i64,
    /// The subscriber.
    webhook: Option<String>,
    /// Its `webhook-id`.
    message: String,
    /// Its type.
    r#type: String,
    /// When it was written.
    created_at: String,
    /// How often it was tried.
    tries: i64,
    /// HTTP status of the last answer; `null` if there was none.
    last_status: Option<i64>,
}

/// Messages given up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetters)]
pub(super) struct DeadLettersView {
    /// Newest first.
    items: Vec<DeadLetterView>,
    /// Where the next page begins; `null` on the last.
    next_cursor: Option<String>,
}

impl House {
    fn checked(&self, url: &str, types: &[String]) -> Result<(), Problem> {
        Target::check(url, &self.webhooks_allowed)
            .map_err(|refused| Problem::invalid("/url", refused.to_string()))?;
        match types.iter().position(|name| Kind::named(name).is_none()) {
            Some(at) => Err(Problem::invalid(format!("/types/{at}"), "no such type")),
            None => Ok(()),
        }
    }

    async fn webhook(&self, id: &str) -> Result<Endpoint, Problem> {
        let found = self.store.endpoints().await?.into_iter().find(|endpoint| endpoint.id == id);
        found.ok_or_else(|| Problem::not_found("webhook"))
    }
}

/// Every subscriber.
#[utoipa::path(
    get, path = "/v1/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses((status = 200, description = "The subscribers", body = WebhooksView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let items = house.store.endpoints().await?.into_iter().map(WebhookView::of).collect();
    Answer::json(StatusCode::OK, &WebhooksView { items })
}

/// Make a subscriber. Its signing secret is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/v1/webhooks", tag = "webhooks", operation_id = "create_webhook",
    params(schema::IdempotencyKey), request_body = NewWebhook,
    responses((status = 201, description = "The subscriber", body = WebhookView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn create(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let new: NewWebhook = body::json(&asked.body)?;
            house.checked(&new.url, &new.types)?;
            let drawn = secret::draw(&house.world);
            let endpoint = Endpoint {
                number: 0,
                id: crate::id::show("hook", house.world.uuid()),
                url: new.url,
                kinds: new.types,
                disabled: None,
                created_at: asked.received_at,
                rotating_until: None,
            };
            house.store.create_endpoint(&endpoint, &drawn).await?;
            house.subscribers.refresh(&house.store).await?;
            let view =
                WebhookView { secret: Some(secret::reveal(&drawn)), ..WebhookView::of(endpoint) };
            Answer::json(StatusCode::CREATED, &view)
        })
        .await
}

/// Change a subscriber, and put it back into service.
#[utoipa::path(
    patch, path = "/v1/webhooks/{id}", tag = "webhooks", operation_id = "change_webhook",
    params(("id" = String, Path, description = "The subscriber")), request_body = WebhookChange,
    responses((status = 200, description = "The subscriber", body = WebhookView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn change(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let change: WebhookChange = body::json(&asked.body)?;
    let endpoint = house.webhook(&id).await?;
    let url = change.url.unwrap_or(endpoint.url);
    let types = change.types.unwrap_or(endpoint.kinds);
    house.checked(&url, &types)?;
    house.store.update_endpoint(&id, &url, &types).await?;
    house.subscribers.refresh(&house.store).await?;
    Answer::json(StatusCode::OK, &WebhookView::of(house.webhook(&id).await?))
}

/// Remove a subscriber with everything that waits for it.
#[utoipa::path(
    delete, path = "/v1/webhooks/{id}", tag = "webhooks", operation_id = "delete_webhook",
    params(("id" = String, Path, description = "The subscriber")),
    responses((status = 204, description = "Removed"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn remove(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Admin, SMALL_MAX).await?;
    if !house.store.delete_endpoint(&id).await? {
        return Err(Problem::not_found("webhook"));
    }
    house.subscribers.refresh(&house.store).await?;
    Ok(Answer::empty())
}

/// Draw a new signing secret. For a day messages carry both signatures.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/rotate", tag = "webhooks", operation_id = "rotate_webhook_secret",
    params(("id" = String, Path, description = "The subscriber"), schema::IdempotencyKey),
    responses((status = 200, description = "With its new secret", body = WebhookView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn rotate(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let drawn = secret::draw(&house.world);
            let until = asked.received_at.plus(ROTATION);
            if !house.store.rotate_endpoint_secret(&id, &drawn, until).await? {
                return Err(Problem::not_found("webhook"));
            }
            let view = WebhookView::of(house.webhook(&id).await?);
            let view = WebhookView { secret: Some(secret::reveal(&drawn)), ..view };
            Answer::json(StatusCode::OK, &view)
        })
        .await
}

/// Messages given up after three days of tries.
#[utoipa::path(
    get, path = "/v1/webhooks/dead-letters", tag = "webhooks", operation_id = "list_dead_letters", params(PageQuery),
    responses((status = 200, description = "A page", body = DeadLettersView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn dead_letters(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let query = PageQuery::of(&asked.uri)?;
    let before = query.number()?.and_then(|number| i64::try_from(number).ok());
    let letters = house.store.dead_letters(query.limit(), before).await?;
    let endpoints = house.store.endpoints().await?;
    let full = letters.len() == query.limit() as usize;
    let last = letters.last().and_then(|letter| u64::try_from(letter.id).ok());
    let next_cursor = last.filter(|_| full).map(cursor_of);
    let items = letters.into_iter().map(|letter| view(letter, &endpoints)).collect();
    Answer::json(StatusCode::OK, &DeadLettersView { items, next_cursor })
}

fn view(letter: DeadLetter, endpoints: &[Endpoint]) -> DeadLetterView {
    let webhook = endpoints.iter().find(|endpoint| endpoint.number == letter.endpoint);
    DeadLetterView {
        id: letter.id,
        webhook: webhook.map(|endpoint| endpoint.id.clone()),
        message: letter.message,
        r#type: letter.kind,
        created_at: show(letter.created_at),
        tries: letter.tries,
        last_status: letter.last_status,
    }
}

/// Send a message again that was given up.
#[utoipa::path(
    post, path = "/v1/webhooks/dead-letters/{id}/resend", tag = "webhooks", operation_id = "resend_dead_letter",
    params(("id" = String, Path, description = "The dead letter"), schema::IdempotencyKey),
    responses((status = 202, description = "It is on its way"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn resend(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let id: i64 = id.parse().map_err(|_| Problem::not_found("dead letter"))?;
    house
        .once_for_all(&asked, async {
            if !house.store.resend_dead_letter(id, asked.received_at).await? {
                return Err(Problem::not_found("dead letter"));
            }
            house.bell.notify_one();
            Answer::json(StatusCode::ACCEPTED, &serde_json::json!({ "id": id }))
        })
        .await
}
