//! Making a case's orders whole, over the API: plans, refunds, parcels, and the books. Scope `desk`; a
//! key that also has `admin` speaks for supervisors.

pub(crate) mod steps;
pub(crate) mod views;

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use domain::parcel;
use domain::restitution::{Facts, Line, Payment};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::body::{self, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::{restitution as shapes, schema};
use crate::restitution::Numbered;
use crate::restitution::books::Books;

use views::{AllView, RestitutionView};

/// An order as your system knows it. Amounts are in minor units of its currency; the shares of all
/// lines may not come to more than their payments captured and still have.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRestitution)]
pub(super) struct NewRestitution {
    /// The agent who acts.
    agent: String,
    /// Your id of the order; the case has a final ruling on it.
    order_id: String,
    /// ISO 4217.
    #[schema(example = "JPY")]
    currency: String,
    /// How it was paid.
    #[schema(value_type = Vec<shapes::OrderPayment>)]
    payments: Vec<Payment>,
    /// What was bought.
    #[schema(value_type = Vec<shapes::OrderLine>)]
    lines: Vec<Line>,
    /// How it is sent; each gift code is a parcel of its own.
    #[schema(value_type = Vec<shapes::OrderParcel>)]
    parcels: Vec<parcel::Facts>,
}

impl NewRestitution {
    fn facts(self) -> Result<(String, Facts), Problem> {
        let code = self.currency.as_bytes().try_into().ok();
        let code = code.filter(|code: &[u8; 3]| code.iter().all(u8::is_ascii_uppercase));
        let currency = code.ok_or_else(|| {
            Problem::invalid("/currency", "three capital letters of ISO 4217, such as JPY")
        })?;
        if self.order_id.is_empty() || self.order_id.contains(':') {
            return Err(Problem::invalid("/order_id", "an id without a colon"));
        }
        let Self { agent, order_id: order, payments, lines, parcels, .. } = self;
        Ok((agent, Facts { order, currency, payments, lines, parcels }))
    }
}

/// Plan an order that was ruled on (R29): every parcel gets its first act at once, every captured
/// part of its price a proposed refund.
#[utoipa::path(
    post, path = "/v1/cases/{id}/restitutions", tag = "restitutions",
    operation_id = "open_restitution",
    params(("id" = String, Path, description = "`cas_…`"), schema::IdempotencyKey),
    request_body = NewRestitution,
    responses((status = 201, description = "The plan", body = RestitutionView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn open(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let (agent, facts) = body::json::<NewRestitution>(&asked.body)?.facts()?;
                let by = asked.actor(&agent)?;
                let case = house.case_named(&id).await?;
                let opened = house.open_restitution(&case, facts, &by).await?;
                let view = RestitutionView::of(&house, &opened, asked.language);
                Answer::json(StatusCode::CREATED, &view)
            }),
        )
        .await
}

/// What is done for a case, order by order: what is urgent first, then the oldest.
#[utoipa::path(
    get, path = "/v1/cases/{id}/restitutions", tag = "restitutions",
    operation_id = "list_restitutions",
    params(("id" = String, Path, description = "`cas_…`")),
    responses((status = 200, description = "All of them", body = AllView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let case = house.case_named(&id).await?;
    let all = house.restitutions(&case).await?;
    let items = all.iter().map(|one| RestitutionView::of(&house, one, asked.language)).collect();
    Answer::json(StatusCode::OK, &AllView { items })
}

/// What is done for one order.
#[utoipa::path(
    get, path = "/v1/restitutions/{id}", tag = "restitutions", operation_id = "get_restitution",
    params(("id" = String, Path, description = "`rst_…`")),
    responses((status = 200, description = "It", body = RestitutionView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let one = house.restitution_named(&id).await?;
    Answer::json(StatusCode::OK, &RestitutionView::of(&house, &one, asked.language))
}

/// In which format.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerQuery {
    /// `json`, also where absent, or `csv`: one side of a posting a line.
    format: Option<String>,
}

/// The books of a case: every posting, append only, and what stands where.
#[utoipa::path(
    get, path = "/v1/cases/{id}/ledger", tag = "restitutions", operation_id = "get_case_ledger",
    params(("id" = String, Path, description = "`cas_…`"), LedgerQuery),
    responses(
        (status = 200, description = "The books", content(
            (Books = "application/json"), (String = "text/csv")
        )),
        schema::Refusals
    ),
    security(("key" = ["desk"]))
)]
pub(super) async fn ledger(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let format = Query::<LedgerQuery>::try_from_uri(&asked.uri).ok();
    let case = house.case_named(&id).await?;
    let books = Books::of(&house.restitutions(&case).await?);
    match format.and_then(|Query(query)| query.format).as_deref() {
        None | Some("json") => Answer::json(StatusCode::OK, &books),
        Some("csv") => {
            let mut answer = Answer::new(StatusCode::OK, books.csv()?.into());
            let (kind, name) = ("text/csv; charset=utf-8", "attachment; filename=\"ledger.csv\"");
            answer.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            answer.headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
            Ok(answer)
        }
        Some(_) => Err(Problem::invalid("/format", "json or csv")),
    }
}

impl House {
    async fn restitution_named(&self, id: &str) -> Result<Numbered, Problem> {
        let id = crate::id::read("rst", id).ok_or_else(|| Problem::not_found("restitution"))?;
        self.restitution(id).await
    }
}
