//! The store's own lists, as rules name them: made, filled, emptied.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::list::ListKind;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::{List, ListEntry};
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::time::{read, show};

const NAME_MAX: usize = 64;
const VALUE_MAX: usize = 512;
const NOTE_MAX: usize = 1_000;
/// Entries shown of one list.
const SHOWN_MAX: u32 = 10_000;

/// A list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = List)]
pub(super) struct ListView {
    /// Its name, as rules say it: letters, digits, `_`, `-`.
    #[schema(example = "trusted_offices")]
    name: String,
    /// What its values are.
    #[schema(value_type = schema::ListKind)]
    kind: ListKind,
    /// What it is for.
    #[serde(default)]
    note: String,
    /// When it was made.
    #[serde(skip_deserializing)]
    created_at: String,
}

/// The name of a kind of list.
fn name_of(kind: ListKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The kind of list of that name.
pub(super) fn kind_named(name: &str) -> Option<ListKind> {
    serde_json::from_value(name.into()).ok()
}

/// Every list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lists)]
pub(super) struct ListsView {
    /// By name.
    items: Vec<ListView>,
}

/// A value on a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ListEntry)]
pub(super) struct EntryView {
    /// The value.
    value: String,
    /// Why it is there.
    #[serde(default)]
    note: Option<String>,
    /// Until when it counts; for ever where absent.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// Values of a list in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListEntries)]
pub(super) struct EntriesView {
    /// In a stable order, up to 10,000.
    items: Vec<EntryView>,
    /// There are more than are shown.
    truncated: bool,
}

/// A value to be taken off.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Removal {
    /// The value.
    value: String,
}

/// Every list.
#[utoipa::path(
    get, path = "/v1/lists", tag = "lists", operation_id = "list_lists",
    responses((status = 200, description = "The lists", body = ListsView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn all(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Read, SMALL_MAX).await?;
    let lists = house.store.lists().await?.into_iter();
    let items = lists.filter_map(|list| {
        let kind = kind_named(&list.kind)?;
        let created_at = show(list.created_at);
        Some(ListView { name: list.name, kind, note: list.note, created_at })
    });
    Answer::json(StatusCode::OK, &ListsView { items: items.collect() })
}

/// Make a list, or change its note.
#[utoipa::path(
    post, path = "/v1/lists", tag = "lists", operation_id = "create_list",
    params(schema::IdempotencyKey), request_body = ListView,
    responses((status = 201, description = "The list", body = ListView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn create(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let mut list: ListView = body::json(&asked.body)?;
            let is_fit = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if list.name.is_empty() || list.name.len() > NAME_MAX || !list.name.chars().all(is_fit)
            {
                let detail = format!("1 to {NAME_MAX} letters, digits, `_` and `-`");
                return Err(Problem::invalid("/name", detail));
            }
            within("/note", &list.note, NOTE_MAX)?;
            let kept = house.store.lists().await?.into_iter().find(|kept| kept.name == list.name);
            if kept.as_ref().is_some_and(|kept| kept.kind != name_of(list.kind)) {
                let detail = "a list of this name holds values of another kind";
                return Err(Problem::new(super::problem::Kind::Conflict, detail));
            }
            let created_at = kept.map_or(asked.received_at, |kept| kept.created_at);
            let new = List {
                name: list.name.clone(),
                kind: name_of(list.kind),
                note: list.note.clone(),
                created_at,
            };
            house.store.put_list(&new).await?;
            list.created_at = show(created_at);
            Answer::json(StatusCode::CREATED, &list)
        })
        .await
}

/// Remove a list with its values.
#[utoipa::path(
    delete, path = "/v1/lists/{name}", tag = "lists", operation_id = "delete_list",
    params(("name" = String, Path, description = "The list")),
    responses((status = 204, description = "Removed"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn remove(
    State(house): State<Arc<House>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Admin, SMALL_MAX).await?;
    if !house.store.delete_list(&name).await? {
        return Err(Problem::not_found("list"));
    }
    house.refresh_lists().await?;
    Ok(Answer::empty())
}

/// Values of a list in force.
#[utoipa::path(
    get, path = "/v1/lists/{name}/entries", tag = "lists", operation_id = "list_entries",
    params(("name" = String, Path, description = "The list")),
    responses((status = 200, description = "The values", body = EntriesView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn entries(
    State(house): State<Arc<House>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    if !house.store.lists().await?.iter().any(|list| list.name == name) {
        return Err(Problem::not_found("list"));
    }
    let entries = house.store.list_entries(&name, asked.received_at, SHOWN_MAX + 1, None).await?;
    let truncated = entries.len() > SHOWN_MAX as usize;
    let entries = entries.into_iter().take(SHOWN_MAX as usize);
    let items = entries.map(|entry| EntryView {
        value: entry.value,
        note: entry.note,
        expires_at: entry.expires_at.map(show),
    });
    Answer::json(StatusCode::OK, &EntriesView { items: items.collect(), truncated })
}

/// Put a value on a list. Values are sealed; they never stand in a URL.
#[utoipa::path(
    post, path = "/v1/lists/{name}/entries", tag = "lists", operation_id = "put_entry",
    params(("name" = String, Path, description = "The list"), schema::IdempotencyKey),
    request_body = EntryView,
    responses((status = 201, description = "It is on the list", body = EntryView), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn put(
    State(house): State<Arc<House>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    house
        .once_for_all(&asked, async {
            let entry: EntryView = body::json(&asked.body)?;
            let lists = house.store.lists().await?;
            let list = lists.iter().find(|list| list.name == name);
            let kind = list.and_then(|list| kind_named(&list.kind));
            let kind = kind.ok_or_else(|| Problem::not_found("list"))?;
            kind.spell(&entry.value).map_err(|expected| Problem::invalid("/value", expected))?;
            within("/value", &entry.value, VALUE_MAX)?;
            within("/note", entry.note.as_deref().unwrap_or_default(), NOTE_MAX)?;
            let new = ListEntry {
                value: entry.value.clone(),
                note: entry.note.clone(),
                created_by: asked.key.id.clone(),
                created_at: asked.received_at,
                expires_at: expiry(entry.expires_at.as_deref(), asked.received_at)?,
            };
            if !house.store.put_list_entry(&name, &new).await? {
                return Err(Problem::not_found("list"));
            }
            house.refresh_lists().await?;
            Answer::json(StatusCode::CREATED, &entry)
        })
        .await
}

/// Take a value off a list.
#[utoipa::path(
    delete, path = "/v1/lists/{name}/entries", tag = "lists", operation_id = "delete_entry",
    params(("name" = String, Path, description = "The list")), request_body = Removal,
    responses((status = 204, description = "It is off the list"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn take_off(
    State(house): State<Arc<House>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let removal: Removal = body::json(&asked.body)?;
    if !house.store.delete_list_entry(&name, &removal.value).await? {
        return Err(Problem::not_found("value on this list"));
    }
    house.refresh_lists().await?;
    Ok(Answer::empty())
}

fn within(pointer: &str, text: &str, max: usize) -> Result<(), Problem> {
    if text.chars().count() > max {
        return Err(Problem::invalid(pointer, format!("at most {max} characters")));
    }
    Ok(())
}

fn expiry(text: Option<&str>, now: Micros) -> Result<Option<Micros>, Problem> {
    let Some(text) = text else { return Ok(None) };
    match read(text) {
        Some(at) if at > now => Ok(Some(at)),
        Some(_) => Err(Problem::invalid("/expires_at", "already past")),
        None => Err(Problem::invalid("/expires_at", "not a time of RFC 3339 with offset")),
    }
}
