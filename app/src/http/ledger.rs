//! The books of all cases over the API, page by page or as CSV. Scope `desk`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::SMALL_MAX;
use super::page::{PageQuery, show_spot};
use super::problem::{Kind, Problem};
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::restitution::across::{Balances, BookLine, Which, account_named};
use crate::restitution::books::{account_name, inert};
use crate::time::show;

/// Which lines.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichQuery {
    /// Of this case alone: `cas_…`, or its number as people say it.
    #[serde(default)]
    pub(crate) case: Option<String>,
    /// Of this account alone, such as `intruder_receivable`.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// `json`, also where absent, or `csv`: all lines, not a page.
    #[serde(default)]
    pub(crate) format: Option<String>,
}

/// A page of the books.
#[derive(Serialize, ToSchema)]
#[schema(as = Ledger)]
pub(super) struct LedgerView {
    /// The latest first.
    lines: Vec<LedgerLine>,
    /// Debits less credits over all lines asked for, by currency and account.
    balances: BTreeMap<String, BTreeMap<String, i64>>,
    /// What these come to by currency: 0 where no account was asked for.
    sums: BTreeMap<String, i64>,
    /// Every line is in the sums; otherwise only the latest 100,000 are.
    complete: bool,
    /// For the next page; `null` on the last.
    next_cursor: Option<String>,
}

/// One side of a posting.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct LedgerLine {
    /// When it was posted.
    pub(crate) at: String,
    /// `cas_…`
    pub(crate) case_id: String,
    /// Your id of the order.
    pub(crate) order_id: String,
    /// What it is about; both sides of a posting have the same.
    pub(crate) key: String,
    /// The posting that this one sets right.
    pub(crate) reverses: Option<String>,
    /// Where.
    #[schema(example = "psp_clearing")]
    pub(crate) account: String,
    /// Minor units; debit above 0, credit below.
    pub(crate) amount: i64,
    /// ISO 4217.
    pub(crate) currency: String,
}

impl LedgerLine {
    pub(crate) fn of(line: &BookLine) -> Self {
        Self {
            at: show(line.at),
            case_id: crate::id::show("cas", line.case),
            order_id: line.order.clone(),
            key: line.key.clone(),
            reverses: line.reverses.clone(),
            account: account_name(line.account),
            amount: line.amount,
            currency: line.currency.clone(),
        }
    }
}

/// The books of all cases: every side of every posting, append only, and what stands where.
#[utoipa::path(
    get, path = "/v1/ledger", tag = "restitutions", operation_id = "get_ledger",
    params(WhichQuery, PageQuery),
    responses(
        (status = 200, description = "The books", content(
            (LedgerView = "application/json"), (String = "text/csv")
        )),
        schema::Refusals
    ),
    security(("key" = ["desk"]))
)]
pub(super) async fn show_all(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let query = Query::<WhichQuery>::try_from_uri(&asked.uri);
    let Query(query) = query.map_err(|error| Problem::new(Kind::BadRequest, error.body_text()))?;
    let which = house.which_lines(&query).await?;
    match query.format.as_deref() {
        None | Some("json") => {
            let page = PageQuery::of(&asked.uri)?;
            let found = house.book_lines(&which, page.spot()?, page.limit()).await?;
            let balances = house.book_balances(&which).await?;
            Answer::json(
                StatusCode::OK,
                &LedgerView {
                    lines: found.items.iter().map(LedgerLine::of).collect(),
                    balances: named(&balances),
                    sums: balances.sums().map(|(currency, sum)| (currency.clone(), sum)).collect(),
                    complete: balances.complete,
                    next_cursor: found.next.map(show_spot),
                },
            )
        }
        Some("csv") => house.ledger_csv(&which).await,
        Some(_) => Err(Problem::invalid("/format", "json or csv")),
    }
}

fn named(balances: &Balances) -> BTreeMap<String, BTreeMap<String, i64>> {
    let accounts = |of: &BTreeMap<_, i64>| {
        of.iter().map(|(account, sum)| (account_name(*account), *sum)).collect()
    };
    balances.of.iter().map(|(currency, of)| (currency.clone(), accounts(of))).collect()
}

impl House {
    /// The lines that are asked for.
    ///
    /// # Errors
    /// There is no such case or account.
    pub(crate) async fn which_lines(&self, query: &WhichQuery) -> Result<Which, Problem> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let account = said(&query.account).map(|name| {
            account_named(&name).ok_or_else(|| {
                Problem::invalid("/account", "an account such as `intruder_receivable`")
            })
        });
        let case = match said(&query.case) {
            Some(case) => Some(self.case_said(&case).await?),
            None => None,
        };
        Ok(Which { case, account: account.transpose()? })
    }

    /// All lines as CSV (RFC 4180).
    pub(crate) async fn ledger_csv(&self, which: &Which) -> Result<Answer, Problem> {
        let (lines, complete) = self.all_book_lines(which).await?;
        if !complete {
            let detail = "more than 100,000 lines: ask by case or account";
            return Err(Problem::new(Kind::Conflict, detail));
        }
        let mut answer = Answer::new(StatusCode::OK, csv(&lines)?.into());
        let (kind, name) = ("text/csv; charset=utf-8", "attachment; filename=\"ledger.csv\"");
        answer.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        answer.headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
        Ok(answer)
    }
}

fn csv(lines: &[BookLine]) -> Result<Vec<u8>, Problem> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let failed = |error: csv::Error| Problem::internal(&error);
    let head = ["at", "case_id", "order_id", "key", "reverses", "account", "amount", "currency"];
    writer.write_record(head).map_err(failed)?;
    for line in lines.iter().map(LedgerLine::of) {
        let row = [
            line.at,
            line.case_id,
            inert(&line.order_id),
            inert(&line.key),
            inert(line.reverses.as_deref().unwrap_or_default()),
            line.account,
            line.amount.to_string(),
            line.currency,
        ];
        writer.write_record(row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Problem::internal(&error.into_error()))
}
