//! Versions of the policy: proposed, approved by another key, put into force.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::policy::{Policy, PolicyError};
use serde::{Deserialize, Serialize};
use store::{Approval, NewPolicy, PolicyVersion};
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::page::{PageQuery, cursor_of};
use super::problem::{Kind, Misfit, Problem};
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::time::show;

const NOTE_MAX: usize = 1_000;

/// A policy to be proposed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewVersion {
    /// TOML with CEL conditions.
    text: String,
    /// Why.
    #[serde(default)]
    note: String,
}

/// A version of the policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PolicyVersion)]
pub(super) struct VersionView {
    /// `pol_…`
    id: String,
    /// Why it was proposed.
    note: String,
    /// The key that proposed it.
    proposed_by: String,
    /// When.
    proposed_at: String,
    /// The key that approved it, another one.
    approved_by: Option<String>,
    /// When.
    approved_at: Option<String>,
    /// When it was last put into force.
    activated_at: Option<String>,
    /// It judges now.
    in_force: bool,
    /// The text; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Versions, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PolicyVersions)]
pub(super) struct VersionsView {
    /// The versions, without their texts.
    items: Vec<VersionView>,
    /// Where the next page begins; `null` on the last.
    next_cursor: Option<String>,
}

impl VersionView {
    fn of(version: PolicyVersion, in_force: Option<i64>) -> Self {
        Self {
            in_force: in_force == Some(version.number),
            id: version.proposed.id,
            note: version.proposed.note,
            proposed_by: version.proposed.created_by,
            proposed_at: show(version.proposed.created_at),
            approved_by: version.approved_by,
            approved_at: version.approved_at.map(show),
            activated_at: version.activated_at.map(show),
            text: Some(version.proposed.text),
        }
    }
}

/// Versions of the policy, newest first.
#[utoipa::path(
    get, path = "/v1/policies", tag = "policies", operation_id = "list_policies", params(PageQuery),
    responses((status = 200, description = "A page", body = VersionsView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Read, SMALL_MAX).await?;
    let query = PageQuery::of(&asked.uri)?;
    let before = query.number()?.and_then(|number| i64::try_from(number).ok());
    let in_force = house.store.active_policy().await?.map(|version| version.number);
    let versions = house.store.policies(query.limit(), before).await?;
    let full = versions.len() == query.limit() as usize;
    let last = versions.last().and_then(|version| u64::try_from(version.number).ok());
    let next_cursor = last.filter(|_| full).map(cursor_of);
    let views = versions.into_iter().map(|version| VersionView::of(version, in_force));
    let items = views.map(|view| VersionView { text: None, ..view }).collect();
    Answer::json(StatusCode::OK, &VersionsView { items, next_cursor })
}

/// One version with its text.
#[utoipa::path(
    get, path = "/v1/policies/{id}", tag = "policies", operation_id = "get_policy",
    params(("id" = String, Path, description = "The version")),
    responses((status = 200, description = "The version", body = VersionView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn one(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Read, SMALL_MAX).await?;
    answer(&house, &id, StatusCode::OK).await
}

async fn answer(house: &House, id: &str, status: StatusCode) -> Result<Answer, Problem> {
    let version = version(house, id).await?;
    let in_force = house.store.active_policy().await?.map(|version| version.number);
    Answer::json(status, &VersionView::of(version, in_force))
}

async fn version(house: &House, id: &str) -> Result<PolicyVersion, Problem> {
    house.store.policy_by_id(id).await?.ok_or_else(|| Problem::not_found("policy version"))
}

/// Propose a version. Its text is checked, line by line, and never changes afterwards.
#[utoipa::path(
    post, path = "/v1/policies", tag = "policies", operation_id = "propose_policy",
    params(schema::IdempotencyKey), request_body = NewVersion,
    responses((status = 201, description = "The version", body = VersionView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn propose(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let new: NewVersion = body::json(&asked.body)?;
            if new.note.chars().count() > NOTE_MAX {
                return Err(Problem::invalid("/note", format!("at most {NOTE_MAX} characters")));
            }
            Policy::compile(&new.text).map_err(|errors| unsound(&errors))?;
            let id = crate::id::show("pol", house.world.uuid());
            let proposed = NewPolicy {
                id: id.clone(),
                digest: digest(&new.text),
                text: new.text,
                note: new.note,
                created_by: asked.key.id.clone(),
                created_at: asked.received_at,
            };
            house.store.propose_policy(&proposed).await?;
            tracing::info!(policy = id, key = asked.key.id, "a policy was proposed");
            answer(&house, &id, StatusCode::CREATED).await
        })
        .await
}

/// SHA-256 of a policy's text.
pub(super) fn digest(text: &str) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

fn unsound(errors: &[PolicyError]) -> Problem {
    let misfit = |error: &PolicyError| Misfit {
        pointer: "/text".to_owned(),
        detail: error.message.clone(),
        line: Some(error.line),
        column: Some(error.column),
    };
    let mut problem = Problem::new(Kind::Invalid, "the policy cannot be understood");
    problem.errors = errors.iter().map(misfit).collect();
    problem
}

/// Approve a version, with another key than the one that proposed it.
#[utoipa::path(
    post, path = "/v1/policies/{id}/approve", tag = "policies", operation_id = "approve_policy",
    params(("id" = String, Path, description = "The version"), schema::IdempotencyKey),
    responses((status = 200, description = "Approved", body = VersionView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn approve(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let number = version(&house, &id).await?.number;
            let approval =
                house.store.approve_policy(number, &asked.key.id, asked.received_at).await?;
            match approval {
                Approval::Approved | Approval::AlreadyApproved => {
                    tracing::info!(policy = id, key = asked.key.id, "a policy was approved");
                    answer(&house, &id, StatusCode::OK).await
                }
                Approval::SameKey => {
                    let detail = "whoever proposed a version may not approve it";
                    Err(Problem::new(Kind::SamePerson, detail))
                }
                Approval::NotFound => Err(Problem::not_found("policy version")),
            }
        })
        .await
}

/// Put an approved version into force, from the next decision on.
#[utoipa::path(
    post, path = "/v1/policies/{id}/activate", tag = "policies", operation_id = "activate_policy",
    params(("id" = String, Path, description = "The version"), schema::IdempotencyKey),
    responses((status = 200, description = "In force", body = VersionView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn activate(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let version = version(&house, &id).await?;
            if version.approved_by.is_none() {
                return Err(Problem::new(Kind::Conflict, "this version is not approved yet"));
            }
            let text = &version.proposed.text;
            let policy = Arc::new(Policy::compile(text).map_err(|errors| unsound(&errors))?);
            house.name_policy(version.number, &version.proposed.id, &policy);
            house.judge.activate_policy(version.number, policy, asked.received_at).await?;
            tracing::info!(policy = id, key = asked.key.id, "a policy was put into force");
            answer(&house, &id, StatusCode::OK).await
        })
        .await
}
