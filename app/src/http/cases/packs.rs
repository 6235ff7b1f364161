//! Evidence packs over the API.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::body::{self, SMALL_MAX};
use super::super::problem::Problem;
use super::super::{Answer, House};
use super::REASON_MAX;
use crate::cases::Numbered;
use crate::keys::Scope;
use crate::openapi::schema;
use crate::pack::{For, ItemView, Pack, print};
use crate::text::Language;

/// A pack to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPack)]
pub(in super::super) struct NewPack {
    /// For whom it is.
    r#for: For,
    /// The agent who makes it; for the police a supervisor (a key with scope `admin`).
    agent: String,
    /// Why.
    reason: String,
}

/// Packs of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = Packs)]
pub(in super::super) struct PacksView {
    /// Oldest first.
    items: Vec<ItemView>,
}

/// Packs that were made of a case.
#[utoipa::path(
    get, path = "/v1/cases/{id}/packs", tag = "cases", operation_id = "list_case_packs",
    params(("id" = String, Path, description = "`cas_…`")),
    responses((status = 200, description = "The packs", body = PacksView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn all(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    let items = case.kept.packs.iter().map(ItemView::from).collect();
    Answer::json(StatusCode::OK, &PacksView { items })
}

/// Make an evidence pack: what the case found, for its owner, an issuer or the police. It stays in the
/// case's history and in the audit trail.
#[utoipa::path(
    post, path = "/v1/cases/{id}/packs", tag = "cases", operation_id = "make_case_pack",
    params(("id" = String, Path, description = "`cas_…`"), schema::IdempotencyKey),
    request_body = NewPack,
    responses((status = 201, description = "The pack", body = ItemView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn make(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let new: NewPack = body::json(&asked.body)?;
                let by = asked.actor(&new.agent)?;
                if new.reason.chars().count() > REASON_MAX {
                    return Err(Problem::invalid("/reason", "at most 1,000 characters"));
                }
                let case = house.case_named(&id).await?;
                let (_, item) = house.make_pack(&case, new.r#for, &by, Some(&new.reason)).await?;
                Answer::json(StatusCode::CREATED, &ItemView::from(&item))
            }),
        )
        .await
}

/// A pack with its proof: `{content, proof}`.
#[utoipa::path(
    get, path = "/v1/cases/{id}/packs/{pack}", tag = "cases", operation_id = "get_case_pack",
    params(
        ("id" = String, Path, description = "`cas_…`"),
        ("pack" = String, Path, description = "`pck_…`")
    ),
    responses((status = 200, description = "The pack", body = Pack), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn show(
    State(house): State<Arc<House>>,
    Path((id, pack)): Path<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    Answer::json(StatusCode::OK, &house.pack_named(&case, &pack).await?)
}

/// A pack to print, in the language of `Accept-Language`.
#[utoipa::path(
    get, path = "/v1/cases/{id}/packs/{pack}/print", tag = "cases",
    operation_id = "print_case_pack",
    params(
        ("id" = String, Path, description = "`cas_…`"),
        ("pack" = String, Path, description = "`pck_…`")
    ),
    responses(
        (status = 200, description = "A PDF", content_type = "application/pdf"),
        schema::Refusals
    ),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn printed(
    State(house): State<Arc<House>>,
    Path((id, pack)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    let pack = house.pack_named(&case, &pack).await?;
    Ok(handed_out(&pack, Form::Print, asked.language))
}

/// In which form a pack is handed out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON.
    Data,
    /// PDF.
    Print,
}

/// A pack as a download.
pub(crate) fn handed_out(pack: &Pack, form: Form, language: Language) -> Response {
    let (bytes, kind, extension) = match form {
        Form::Data => (serde_json::to_vec(pack).unwrap_or_default(), "application/json", "json"),
        Form::Print => (print::pdf(pack, language), "application/pdf", "pdf"),
    };
    let id = pack.content.pointer("/id").and_then(serde_json::Value::as_str).unwrap_or("pack");
    let disposition = format!("attachment; filename=\"{id}.{extension}\"");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

impl House {
    /// A pack of a case.
    ///
    /// # Errors
    /// The case has none of this id.
    pub(crate) async fn pack_named(&self, case: &Numbered, id: &str) -> Result<Pack, Problem> {
        let missing = || Problem::not_found("pack");
        let id = crate::id::read("pck", id).ok_or_else(missing)?;
        self.pack(case, id).await?.ok_or_else(missing)
    }
}
