//! The books of all cases on a page: what stands where, and every side of every posting, the latest
//! first. Auditors read them like everybody of the desk; nobody changes anything here.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::ledger::Account;
use serde::{Deserialize, Serialize};

use super::super::{Page, Visitor};
use super::PAGE;
use super::whole::shown;
use crate::http::House;
use crate::http::ledger::{LedgerLine, WhichQuery};
use crate::http::page::{read_spot, show_spot};
use crate::http::problem::{Kind, Problem};
use crate::restitution::across::{Balances, Listed, Which};
use crate::restitution::books::account_name;
use crate::text::Language;

/// `/desk/ledger`
#[derive(Serialize)]
pub(in super::super) struct LedgerPage {
    me: String,
    /// Currency, account, debits less credits.
    balances: Vec<(String, String, String)>,
    /// Currency, what everything comes to, and whether that is 0.
    sums: Vec<(String, String, bool)>,
    /// Everything is in the sums.
    complete: bool,
    lines: Vec<Row>,
    /// Names of all accounts, to choose from.
    accounts: Vec<String>,
    /// What was chosen: the case's number, and the account.
    case: String,
    account: String,
    /// There is no such case.
    unknown: bool,
    /// The same choice, for the next page and the file.
    query: String,
    next: Option<String>,
    later: bool,
}

/// A line, its amount as people write it.
#[derive(Serialize)]
struct Row {
    line: LedgerLine,
    debit: Option<String>,
    credit: Option<String>,
}

impl Row {
    fn of(line: LedgerLine, language: Language) -> Self {
        let amount = shown(language, &line.currency, line.amount.abs());
        let (debit, credit) =
            if line.amount < 0 { (None, Some(amount)) } else { (Some(amount), None) };
        Self { line, debit, credit }
    }
}

/// What is asked for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    case: Option<String>,
    account: Option<String>,
    after: Option<String>,
}

impl Page for LedgerPage {
    const TEMPLATE: &'static str = "desk_ledger.html";

    fn samples() -> Vec<Self> {
        let empty = || Self::empty("mori@shop.example");
        let sum = |amount: &str, holds| ("JPY".to_owned(), amount.to_owned(), holds);
        let lines = super::samples::ledger_lines().into_iter();
        let full = Self {
            balances: vec![("JPY".to_owned(), "psp_clearing".to_owned(), "-3,000".to_owned())],
            sums: vec![sum("0", true), sum("3", false)],
            lines: lines.map(|line| Row::of(line, Language::English)).collect(),
            case: "K7QM2F9A".to_owned(),
            account: "psp_clearing".to_owned(),
            query: "case=K7QM2F9A".to_owned(),
            next: Some("cur_2.at_3".to_owned()),
            later: true,
            complete: false,
            ..empty()
        };
        vec![full, Self { unknown: true, ..empty() }, empty()]
    }
}

impl LedgerPage {
    fn empty(me: &str) -> Self {
        Self {
            me: me.to_owned(),
            balances: Vec::new(),
            sums: Vec::new(),
            complete: true,
            lines: Vec::new(),
            accounts: Account::ALL.map(account_name).into(),
            case: String::new(),
            account: String::new(),
            unknown: false,
            query: String::new(),
            next: None,
            later: false,
        }
    }

    /// The same with what was found.
    fn with(
        self,
        found: &Listed<crate::restitution::across::BookLine>,
        balances: &Balances,
        language: Language,
    ) -> Self {
        let flat = balances.of.iter().flat_map(|(currency, of)| {
            of.iter().map(move |(account, sum)| {
                (currency.clone(), account_name(*account), shown(language, currency, *sum))
            })
        });
        let sums = balances
            .sums()
            .map(|(currency, sum)| (currency.clone(), shown(language, currency, sum), sum == 0));
        let lines = found.items.iter().map(LedgerLine::of);
        Self {
            balances: flat.collect(),
            sums: if self.account.is_empty() { sums.collect() } else { Vec::new() },
            complete: balances.complete,
            lines: lines.map(|line| Row::of(line, language)).collect(),
            next: found.next.map(show_spot),
            ..self
        }
    }
}

/// The books.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let after = asked.after.as_deref().and_then(read_spot);
    let mut page = LedgerPage {
        query: query_of(&asked),
        later: after.is_some(),
        case: asked.case.clone().unwrap_or_default(),
        account: asked.account.clone().unwrap_or_default(),
        ..LedgerPage::empty(&colleague.name)
    };
    match house.which_of(asked).await? {
        Some(which) => {
            let found = house.book_lines(&which, after, PAGE).await?;
            let balances = house.book_balances(&which).await?;
            page = page.with(&found, &balances, visitor.language);
        }
        None => page.unknown = true,
    }
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// The same as a file, all lines of it.
pub(super) async fn export(
    State(house): State<Arc<House>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    if let Err(response) = house.colleague(&headers, visitor).await? {
        return Ok(response);
    }
    let which = house.which_of(asked).await?.ok_or_else(|| Problem::not_found("case"))?;
    Ok(house.ledger_csv(&which).await?.into_response())
}

fn query_of(asked: &Asked) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("case", &asked.case), ("account", &asked.account)] {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

impl House {
    /// The lines that are asked for; `None` where there is no such case or account.
    async fn which_of(&self, asked: Asked) -> Result<Option<Which>, Problem> {
        let query = WhichQuery { case: asked.case, account: asked.account, format: None };
        match self.which_lines(&query).await {
            Ok(which) => Ok(Some(which)),
            Err(problem) if matches!(problem.kind, Kind::NotFound | Kind::Invalid) => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}
