//! Cases over the API: the queue, one case with everything an agent looks at, and the steps that an
//! agent takes. Scope `desk`; a key that also has `admin` speaks for supervisors.

pub(crate) mod claims;
pub(crate) mod due;
pub(crate) mod packs;
pub(super) mod steps;
pub(crate) mod then_now;
pub(crate) mod views;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::case::{Actor, Case, Command, Mark, Reporter};
use domain::event::account_key;
use serde::Deserialize;
use store::Changes;
use utoipa::{IntoParams, ToSchema};

use super::body::{self, SMALL_MAX};
use super::page::{PageQuery, show_spot};
use super::problem::Problem;
use super::{Answer, Asked, House};
use crate::audit::conduct::{self, Conduct};
use crate::cases::figures::{DAYS, DAYS_MAX, Figures};
use crate::cases::{Numbered, Report, report};
use crate::keys::Scope;
use crate::openapi::schema;

pub(crate) use views::CaseView;
use views::{QueueView, SummaryView};

/// Longest reason or name.
pub(super) const REASON_MAX: usize = 1_000;

/// Its routes.
pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/v1/cases", get(queue).post(open))
        .route("/v1/case-figures", get(figures))
        .route("/v1/desk-conduct", get(conduct))
        .route("/v1/cases/{id}", get(show))
        .route("/v1/cases/{id}/evidence/{file}", get(evidence))
        .route("/v1/cases/{id}/steps", post(steps::step))
        .route("/v1/cases/{id}/packs", get(packs::all).post(packs::make))
        .route("/v1/cases/{id}/packs/{pack}", get(packs::show))
        .route("/v1/cases/{id}/packs/{pack}/print", get(packs::printed))
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// Only those in this state, such as `submitted`; all that are open where absent.
    state: Option<String>,
}

/// A case that the store or its desk opens.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCase)]
pub(super) struct NewCase {
    /// Your id of the account.
    account_id: String,
    /// It is in other hands.
    #[serde(default)]
    taken_over: bool,
    /// Orders that are not the owner's.
    #[serde(default)]
    orders: Vec<String>,
    /// What is known.
    #[serde(default)]
    what: String,
    /// Which agent opens it.
    agent: String,
}

/// The queue: open cases, the most urgent first.
#[utoipa::path(
    get, path = "/v1/cases", tag = "cases", operation_id = "list_cases",
    params(QueueQuery, PageQuery),
    responses((status = 200, description = "The queue", body = QueueView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn queue(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let said = Query::<QueueQuery>::try_from_uri(&asked.uri).ok();
    let only = match said.and_then(|Query(query)| query.state) {
        Some(name) => Some(serde_json::from_value(name.into()).map_err(|_| {
            Problem::invalid("/state", "a state such as `submitted`, `triage` or `contained`")
        })?),
        None => None,
    };
    let now = asked.received_at;
    let page = PageQuery::of(&asked.uri)?;
    let found = house.case_queue(only, page.spot()?, page.limit()).await?;
    let items = found.cases.iter().map(|case| SummaryView::of(case, now)).collect();
    let next_cursor = found.next.map(show_spot);
    Answer::json(StatusCode::OK, &QueueView { items, next_cursor })
}

/// Of how many days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FiguresQuery {
    /// 1 to 400.
    days: Option<i64>,
}

/// The desk's figures: how soon cases are seen, contained, decided and refunded, and what they cost;
/// of 90 days where none are named.
#[utoipa::path(
    get, path = "/v1/case-figures", tag = "cases", operation_id = "get_case_figures",
    params(FiguresQuery),
    responses((status = 200, description = "The figures", body = Figures), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn figures(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let days = days(&asked, DAYS)?;
    Answer::json(StatusCode::OK, &house.case_figures(days).await?)
}

/// How many days back, where nobody says otherwise `usual`.
fn days(asked: &Asked, usual: i64) -> Result<i64, Problem> {
    let wrong = || Problem::invalid("/days", format!("1 to {DAYS_MAX}"));
    let said = Query::<FiguresQuery>::try_from_uri(&asked.uri).map_err(|_| wrong())?;
    let days = Some(said.0.days.unwrap_or(usual)).filter(|days| (1..=DAYS_MAX).contains(days));
    days.ok_or_else(wrong)
}

/// What colleagues looked at and did, from the audit trail (T5); 30 days where none are named.
#[utoipa::path(
    get, path = "/v1/desk-conduct", tag = "cases", operation_id = "get_desk_conduct",
    params(FiguresQuery),
    responses((status = 200, description = "By colleague", body = Conduct), schema::Refusals),
    security(("key" = ["admin"]))
)]
pub(super) async fn conduct(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Admin, SMALL_MAX).await?;
    let days = days(&asked, conduct::DAYS)?;
    Answer::json(StatusCode::OK, &house.conduct(days).await?)
}

/// One case: the report, what is compared and found, and every step. Looking at it is a step of its
/// own only where something is unmasked.
#[utoipa::path(
    get, path = "/v1/cases/{id}", tag = "cases", operation_id = "get_case",
    params(("id" = String, Path, description = "`cas_…`")),
    responses((status = 200, description = "The case", body = CaseView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    Answer::json(StatusCode::OK, &house.case_view(&case, asked.received_at).await?)
}

/// A file of a case, as a download: pictures made anew, cards' numbers masked in text (R16).
#[utoipa::path(
    get, path = "/v1/cases/{id}/evidence/{file}", tag = "cases", operation_id = "get_case_evidence",
    params(
        ("id" = String, Path, description = "`cas_…`"),
        ("file" = String, Path, description = "`evd_…`")
    ),
    responses((status = 200, description = "The file"), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn evidence(
    State(house): State<Arc<House>>,
    Path((id, file)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    let missing = || Problem::not_found("file");
    let file = crate::id::read("evd", &file).ok_or_else(missing)?;
    let (item, bytes) = house.evidence(&case, file).await?.ok_or_else(missing)?;
    Ok(crate::pages::report::handed_out(&item, bytes))
}

/// Open a case for an account, as the desk does on the phone.
#[utoipa::path(
    post, path = "/v1/cases", tag = "cases", operation_id = "open_case",
    params(schema::IdempotencyKey), request_body = NewCase,
    responses((status = 201, description = "The case", body = CaseView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn open(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let new: NewCase = body::json(&asked.body)?;
                let by = asked.actor(&new.agent)?;
                let key = account_key(&new.account_id, &house.hasher);
                let since = house.since(key).await?.ok_or_else(|| Problem::not_found("account"))?;
                let now = asked.received_at;
                let what = report::text(&new.what);
                let told = Report { what, ..Report::default() };
                let case = Case::open(Reporter::Owner, new.taken_over, now);
                let mut opened = house.open_case(case, told, false).case;
                opened.kept.secret = None;
                opened.kept.account_name = Some(new.account_id);
                for order in report::orders(&new.orders.join("\n")) {
                    opened = opened.step(Command::Mark(order, Mark::NotMine), &by, None, now)?.0;
                }
                let submit = Command::Submit { account: Some((key, since)) };
                let opened = opened.step(submit, &by, None, now)?.0;
                let opened = house.submit_case(opened, Changes::default()).await?;
                Answer::json(StatusCode::CREATED, &house.case_view(&opened, now).await?)
            }),
        )
        .await
}

impl Asked {
    /// Who acts: the agent that the caller names. A key with `admin` speaks for supervisors.
    pub(super) fn actor(&self, agent: &str) -> Result<Actor, Problem> {
        let agent = agent.trim();
        if agent.is_empty() || agent.chars().count() > REASON_MAX {
            return Err(Problem::invalid("/agent", "the name of the agent who acts"));
        }
        let agent = agent.to_owned();
        let supervises = self.key.may(Scope::Admin);
        Ok(if supervises { Actor::Supervisor(agent) } else { Actor::Agent(agent) })
    }
}

impl House {
    /// The case of this id, or of this number as people say it.
    pub(crate) async fn case_said(&self, case: &str) -> Result<Numbered, Problem> {
        if crate::id::read("cas", case).is_some() {
            return self.case_named(case).await;
        }
        self.case_numbered(case).await?.ok_or_else(|| Problem::not_found("case"))
    }

    pub(crate) async fn case_named(&self, id: &str) -> Result<Numbered, Problem> {
        let missing = || Problem::not_found("case");
        let id = crate::id::read("cas", id).ok_or_else(missing)?;
        self.case(id).await?.ok_or_else(missing)
    }
}
