//! `/statement-check`: which charges on my card are not mine? For everybody; who has signed in may
//! hold a statement against the orders that the store itself knows of (R4–R6).
//!
//! Files are read in memory and kept nowhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use statement::check::{JudgedLine, JudgedOrder, LineStatus, OrderStatus, Sums};
use statement::order::{OrderFile, gather};
use statement::read::{self, Columns, Hints, Unreadable};
use statement::{Money, Options, Order, Report, Statement, check, fold};

use super::Page;
use super::form::{File, Form};
use super::owner::{Anybody, Owner};
use crate::http::House;
use crate::http::problem::Problem;
use crate::statement_check::{self, line_key, money, order_key, sum, unreadable_key};
use crate::text::Language;

/// Bytes of all files together: a year of a busy card has a tenth of it.
const FILES_MAX: usize = 2 << 20;
/// Lines shown of one kind, and own orders offered to be marked.
const SHOWN_MAX: usize = 200;
const OWN_SHOWN_MAX: usize = 20;
/// Fields of own orders that are marked as somebody else's begin so.
const NOT_MINE: &str = "not-mine:";

/// `/statement-check`
#[derive(Serialize, Default)]
pub(super) struct StatementCheck {
    problem: Option<Wrong>,
    result: Option<Told>,
    /// Orders that the store knows of, where who asks has signed in.
    own: Option<Vec<OwnOrder>>,
    merchant: String,
    columns: String,
}

/// Why nothing was checked.
#[derive(Serialize)]
struct Wrong {
    /// Text key.
    key: &'static str,
    /// Which file; empty for none.
    file: String,
    /// Columns that were seen.
    columns: String,
}

#[derive(Serialize)]
struct OwnOrder {
    id: String,
    day: String,
    amount: String,
    not_mine: bool,
}

/// What came of it. Amounts are in words.
#[derive(Serialize, Default)]
struct Told {
    as_of: String,
    files: Vec<ReadFile>,
    unmatched: Group,
    doubtful: Group,
    pending: Group,
    matched: Group,
    /// Own orders whose charge is missing.
    missing: Vec<OrderRow>,
    other: Group,
    /// No line is of a shop that was asked about.
    nobody: bool,
}

#[derive(Serialize)]
struct ReadFile {
    name: String,
    count: usize,
    skipped: usize,
    /// Which columns were taken for what, where that was a guess.
    guessed: String,
}

#[derive(Serialize, Default)]
struct Group {
    count: usize,
    sum: String,
    lines: Vec<Row>,
    more: usize,
}

#[derive(Serialize)]
struct Row {
    day: String,
    merchant: String,
    amount: String,
    /// Text key.
    why: String,
    orders: String,
    refunded: bool,
}

#[derive(Serialize)]
struct OrderRow {
    day: String,
    id: String,
    amount: String,
    /// Text key.
    why: String,
}

const NO_STATEMENT: &str = "statement-check-no-statement";
const NO_ORDERS: &str = "statement-check-no-orders";
const BAD_COLUMNS: &str = "statement-check-bad-columns";

/// Text keys that this page hands to its template.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    statement_check::UNREADABLE.into_iter().chain([NO_STATEMENT, NO_ORDERS, BAD_COLUMNS])
}

impl Page for StatementCheck {
    const TEMPLATE: &'static str = "statement_check.html";

    fn samples() -> Vec<Self> {
        let row = |refunded| Row {
            day: "2026-06-04".to_owned(),
            merchant: "AMAZON.CO.JP <1>".to_owned(),
            amount: "4,800円".to_owned(),
            why: line_key(statement::check::LineReason::NoOrder),
            orders: if refunded { "250-1 <2>".to_owned() } else { String::new() },
            refunded,
        };
        let group = |more| Group {
            count: 2 + more,
            sum: "9,600円".to_owned(),
            lines: vec![row(false), row(true)],
            more,
        };
        let told = Told {
            as_of: "2026-06-05".to_owned(),
            files: vec![ReadFile {
                name: "amex <3>.csv".to_owned(),
                count: 9,
                skipped: 1,
                guessed: "date=1,merchant=2,amount=3".to_owned(),
            }],
            unmatched: group(1),
            doubtful: group(0),
            pending: group(0),
            matched: group(0),
            missing: vec![OrderRow {
                day: "2026-06-03".to_owned(),
                id: "250-1 <4>".to_owned(),
                amount: "4,800円".to_owned(),
                why: order_key(statement::check::OrderReason::NoLine),
            }],
            other: group(0),
            nobody: false,
        };
        let own = |not_mine| OwnOrder {
            id: "o-1 <5>".to_owned(),
            day: "2026-06-03".to_owned(),
            amount: "4,800円".to_owned(),
            not_mine,
        };
        let problem = |key, file: &str| Self {
            problem: Some(Wrong { key, file: file.to_owned(), columns: "a | <6>".to_owned() }),
            ..Self::default()
        };
        let mut samples = vec![
            Self { result: Some(told), own: Some(vec![own(true)]), ..Self::default() },
            Self {
                result: Some(Told { nobody: true, ..Told::default() }),
                own: Some(Vec::new()),
                ..Self::default()
            },
            Self::default(),
            problem(NO_STATEMENT, ""),
        ];
        samples.extend(statement_check::UNREADABLE.map(|key| problem(key, "amex <7>.csv")));
        samples
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    anybody: Anybody,
) -> Result<Response, Problem> {
    let Anybody { visitor, owner } = anybody;
    let known = house.orders_known_of(owner.as_ref()).await?;
    let own = known.map(|file| offered(visitor.language, &file, &BTreeSet::new()));
    let page = StatementCheck { own, ..StatementCheck::default() };
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

pub(super) async fn check_statement(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read_with_files(&house, request, FILES_MAX).await?;
    let Anybody { visitor, owner } = Anybody::of(&house, &headers, visitor).await?;
    let not_mine: BTreeSet<String> = form.names_after(NOT_MINE).map(str::to_owned).collect();
    let known = house.orders_known_of(owner.as_ref()).await?;
    let language = visitor.language;
    let mut page = StatementCheck {
        own: known.as_ref().map(|file| offered(language, file, &not_mine)),
        merchant: form.text("merchant").to_owned(),
        columns: form.text("columns").to_owned(),
        ..StatementCheck::default()
    };
    house.pace_of_checks(&visitor)?;
    let known = known.filter(|_| form.filled("own").is_some());
    let store_name = house.config.said.text("store-name").to_owned();
    let done = house.aside(move || told(language, &form, known, not_mine, &store_name)).await?;
    match done {
        Ok(result) => page.result = Some(result),
        Err(wrong) => page.problem = Some(wrong),
    }
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

impl House {
    /// Orders that the store has told us of, of somebody who has signed in; empty where there are
    /// none, `None` for a stranger.
    async fn orders_known_of(&self, owner: Option<&Owner>) -> Result<Option<OrderFile>, Problem> {
        let Some(owner) = owner else { return Ok(None) };
        let name = self.config.said.text("store-name");
        let known = statement_check::orders_of(&self.store, owner.found.account, name).await?;
        Ok(Some(known.unwrap_or_else(|| statement_check::no_orders(name))))
    }
}

/// The latest orders, to be marked where they are somebody else's.
fn offered(language: Language, file: &OrderFile, not_mine: &BTreeSet<String>) -> Vec<OwnOrder> {
    let mut orders: Vec<&Order> = file.orders.iter().collect();
    orders.sort_by_key(|order| std::cmp::Reverse(order.placed));
    let offered = orders.into_iter().take(OWN_SHOWN_MAX).map(|order| OwnOrder {
        id: order.id.clone(),
        day: order.placed.day(Options::default().offset).to_string(),
        amount: money(language, Money { amount: order.total(), currency: order.currency }),
        not_mine: not_mine.contains(&order.id),
    });
    offered.collect()
}

/// Reads the files and holds them against each other.
fn told(
    language: Language,
    form: &Form,
    known: Option<OrderFile>,
    not_mine: BTreeSet<String>,
    store_name: &str,
) -> Result<Told, Wrong> {
    let columns: Columns = match form.filled("columns") {
        Some(text) => text.parse().map_err(|_| Wrong::plain(BAD_COLUMNS))?,
        None => Columns::default(),
    };
    let hints = Hints { columns, currency: None };
    let mut statements = Vec::new();
    for file in form.files("statement") {
        let read = read::statement(&file.bytes, &fold::shown(&file.name), &hints);
        statements.push(read.map_err(|error| Wrong::of(file, &error))?);
    }
    if statements.is_empty() {
        return Err(Wrong::plain(NO_STATEMENT));
    }
    let merchant = form.filled("merchant").map(str::to_owned);
    let merchants = merchant.or_else(|| known.is_some().then(|| store_name.to_owned()));
    let mut order_files: Vec<OrderFile> = known.into_iter().collect();
    for file in form.files("orders") {
        let read = read::orders(&file.bytes, &fold::shown(&file.name), &Hints::default());
        order_files.push(read.map_err(|error| Wrong::of(file, &error))?);
    }
    if order_files.is_empty() {
        return Err(Wrong::plain(NO_ORDERS));
    }
    let files = files(&statements, &order_files);
    let orders = gather(order_files);
    let merchants = merchants.into_iter().collect();
    let options = Options { merchants, not_mine, ..Options::default() };
    let report = check(&statements, &orders, &options);
    Ok(Told { files, ..Told::of(language, &report) })
}

fn files(statements: &[Statement], orders: &[OrderFile]) -> Vec<ReadFile> {
    let statements = statements.iter().map(|one| ReadFile {
        name: one.name.clone(),
        count: one.lines.len(),
        skipped: one.skipped_rows,
        guessed: one.guessed.clone().unwrap_or_default(),
    });
    let orders = orders.iter().map(|one| ReadFile {
        name: one.name.clone(),
        count: one.orders.len() + one.refunds.len(),
        skipped: one.skipped_rows,
        guessed: one.guessed.clone().unwrap_or_default(),
    });
    statements.chain(orders).collect()
}

impl Wrong {
    fn plain(key: &'static str) -> Self {
        Self { key, file: String::new(), columns: String::new() }
    }

    fn of(file: &File, error: &Unreadable) -> Self {
        let columns = match error {
            Unreadable::UnknownColumns { columns } | Unreadable::NoSuchColumn { columns, .. } => {
                fold::shown(&columns.join(" | "))
            }
            _ => String::new(),
        };
        Self { key: unreadable_key(error), file: fold::shown(&file.name), columns }
    }
}

impl Told {
    fn of(language: Language, report: &Report<'_>) -> Self {
        let totals = &report.totals;
        let group = |sums: &Sums, status| {
            let lines = report.lines.iter().filter(|one| one.status == status);
            Group::of(language, sums, lines.map(|one| Row::of(language, one)))
        };
        let missing = report.orders.iter().filter(|one| one.is_finding());
        let missing = missing.filter(|one| one.status == OrderStatus::Missing).take(SHOWN_MAX);
        Self {
            as_of: report.as_of.map(|day| day.to_string()).unwrap_or_default(),
            files: Vec::new(),
            unmatched: group(&totals.not_yours, LineStatus::Unmatched),
            doubtful: group(&totals.doubtful, LineStatus::Doubtful),
            pending: group(&totals.pending, LineStatus::Pending),
            matched: group(&totals.matched, LineStatus::Matched),
            missing: missing.map(|one| OrderRow::of(language, one)).collect(),
            other: Group::of(language, &totals.other_merchants, std::iter::empty()),
            nobody: report.lines.is_empty(),
        }
    }
}

impl Group {
    fn of(language: Language, sums: &Sums, lines: impl Iterator<Item = Row>) -> Self {
        Self {
            count: sums.count,
            sum: sum(language, sums),
            lines: lines.take(SHOWN_MAX).collect(),
            more: sums.count.saturating_sub(SHOWN_MAX),
        }
    }
}

impl Row {
    fn of(language: Language, one: &JudgedLine<'_>) -> Self {
        let orders: BTreeSet<String> =
            one.orders.iter().map(|order| fold::shown(&order.id)).collect();
        Self {
            day: one.line.day().map(|day| day.to_string()).unwrap_or_default(),
            merchant: one.line.merchant.clone(),
            amount: money(language, one.line.amount),
            why: line_key(one.reason),
            orders: orders.into_iter().collect::<Vec<_>>().join(", "),
            refunded: one.refunded,
        }
    }
}

impl OrderRow {
    fn of(language: Language, one: &JudgedOrder<'_>) -> Self {
        let amount = Money { amount: one.order.total(), currency: one.order.currency };
        Self {
            day: one.placed.to_string(),
            id: fold::shown(&one.order.id),
            amount: money(language, amount),
            why: order_key(one.reason),
        }
    }
}
