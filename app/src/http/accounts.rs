//! Accounts: what is known, what happened, what was changed, and forgetting a person.

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, Uri};
use domain::decision::Standing;
use domain::event::account_key;
use serde::{Deserialize, Serialize};
use store::{Entry, Page, Payload, StandingAccount};
use utoipa::{IntoParams, ToSchema};

use super::body::SMALL_MAX;
use super::page::{PageQuery, cursor_of};
use super::problem::{Kind, Problem};
use super::records::RecordView;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::time::show;

/// Records looked through for the last event: outcomes may follow it.
const LATEST: u32 = 20;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountView)]
pub(super) struct AccountView {
    /// Your id of the account; `null` once the person is erased.
    id: Option<String>,
    /// How it stood after its last event.
    #[schema(value_type = schema::Standing)]
    standing: Standing,
    /// When it first acted, as far as we heard.
    first_seen_at: Option<String>,
    /// When it last acted.
    last_seen_at: Option<String>,
    /// Records of it.
    records: u64,
    /// Changes of what belongs to it, of these.
    changes: u64,
    /// When the person was erased.
    erased_at: Option<String>,
}

/// An account that does not stand quietly.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingAccount)]
pub(super) struct StandingView {
    /// Your id of the account.
    id: Option<String>,
    /// How it stands now.
    #[schema(value_type = schema::Standing)]
    standing: Standing,
    /// When we heard what made it stand so.
    since: String,
    /// The latest decision that found it so.
    last_decision_id: String,
    /// Score of that decision: the probability that it was not the owner.
    score: f64,
}

/// A page of one queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingPage)]
pub(super) struct StandingsView {
    /// The accounts, the latest case first.
    items: Vec<StandingView>,
    /// Where the next page begins; `null` on the last. A page may be short and not the last.
    next_cursor: Option<String>,
}

/// Which of the two queues.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// `taken_over` or `attacked_held`; there is no queue of both.
    #[param(value_type = schema::Queue, required = true)]
    standing: Option<String>,
}

impl QueueQuery {
    fn of(uri: &Uri) -> Result<Standing, Problem> {
        let said = Query::<Self>::try_from_uri(uri).ok().and_then(|Query(query)| query.standing);
        match said.as_deref() {
            Some("taken_over") => Ok(Standing::TakenOver),
            Some("attacked_held") => Ok(Standing::AttackedHeld),
            _ => Err(Problem::new(Kind::Invalid, "standing: taken_over or attacked_held")),
        }
    }
}

/// Accounts that stand so now: those taken over, or those attacked that held, never both in one.
#[utoipa::path(
    get, path = "/v1/accounts", tag = "accounts", operation_id = "list_accounts_by_standing",
    params(QueueQuery, PageQuery),
    responses((status = 200, description = "A page", body = StandingsView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn by_standing(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Read, SMALL_MAX).await?;
    let standing = QueueQuery::of(&asked.uri)?;
    let query = PageQuery::of(&asked.uri)?;
    let (limit, cursor) = (query.limit(), query.cursor()?);
    let page = house.store.standings(standing, asked.received_at, limit, cursor).await?;
    let view = |account: StandingAccount| StandingView {
        id: account.name,
        standing,
        since: show(account.since),
        last_decision_id: crate::id::show("dec", account.decision.0),
        score: account.score,
    };
    let next_cursor = page.next.map(|cursor| cursor_of(cursor.0));
    let items = page.accounts.into_iter().map(view).collect();
    Answer::json(StatusCode::OK, &StandingsView { items, next_cursor })
}

/// A page of records, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelinePage)]
pub(super) struct PageView {
    /// The records.
    items: Vec<RecordView>,
    /// Where the next page begins; `null` on the last.
    next_cursor: Option<String>,
}

impl PageView {
    fn of(page: &Page) -> Self {
        Self {
            items: page.entries.iter().map(RecordView::of).collect(),
            next_cursor: page.next.map(|cursor| cursor_of(cursor.0)),
        }
    }
}

/// What is known of an account.
#[utoipa::path(
    get, path = "/v1/accounts/{id}", tag = "accounts", operation_id = "get_account",
    params(("id" = String, Path, description = "Your id of the account")),
    responses((status = 200, description = "The account", body = AccountView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn show_account(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Read, SMALL_MAX).await?;
    let key = account_key(&id, &house.hasher);
    let account = house.store.account(key).await?.ok_or_else(|| Problem::not_found("account"))?;
    let latest = house.store.timeline(key, LATEST, None).await?;
    let view = AccountView {
        id: account.name,
        standing: latest.entries.iter().find_map(standing).unwrap_or_default(),
        first_seen_at: account.profile.first_seen().map(show),
        last_seen_at: account.profile.last_seen().map(show),
        records: account.records,
        changes: account.changes,
        erased_at: account.erased_at.map(show),
    };
    Answer::json(StatusCode::OK, &view)
}

fn standing(entry: &Entry) -> Option<Standing> {
    match &entry.payload {
        Payload::Event { assessment, .. } => Some(assessment.standing),
        Payload::Outcome { .. } | Payload::PolicyActivated { .. } => None,
    }
}

/// What happened to an account, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{id}/timeline", tag = "accounts", operation_id = "get_timeline",
    params(("id" = String, Path, description = "Your id of the account"), PageQuery),
    responses((status = 200, description = "A page", body = PageView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn timeline(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Read, SMALL_MAX).await?;
    let query = PageQuery::of(&asked.uri)?;
    let key = account_key(&id, &house.hasher);
    let page = house.store.timeline(key, query.limit(), query.cursor()?).await?;
    Answer::json(StatusCode::OK, &PageView::of(&page))
}

/// What was changed about an account (R7), newest first, old and new values in the events.
#[utoipa::path(
    get, path = "/v1/accounts/{id}/changes", tag = "accounts", operation_id = "get_changes",
    params(("id" = String, Path, description = "Your id of the account"), PageQuery),
    responses((status = 200, description = "A page", body = PageView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn changes(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Read, SMALL_MAX).await?;
    let query = PageQuery::of(&asked.uri)?;
    let key = account_key(&id, &house.hasher);
    let page = house.store.changes(key, query.limit(), query.cursor()?).await?;
    Answer::json(StatusCode::OK, &PageView::of(&page))
}

/// Erase a person: what was sealed for the account can never be read again. Verdicts, counters and
/// the log's chain stay.
#[utoipa::path(
    delete, path = "/v1/accounts/{id}", tag = "accounts", operation_id = "erase_account",
    params(("id" = String, Path, description = "Your id of the account")),
    responses((status = 204, description = "Erased"), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn erase(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let key = account_key(&id, &house.hasher);
    if let Some(number) = house.held_case_of(key).await? {
        let why = format!("case {number} is under a legal hold: it is lifted first");
        return Err(Problem::new(Kind::Conflict, why));
    }
    if !house.store.erase_account(key, asked.received_at).await? {
        return Err(Problem::not_found("account"));
    }
    tracing::info!(key = asked.key.id, "an account was erased");
    Ok(Answer::empty())
}
