//! Small words for tests.

use jiff::civil::{Date, date};
use statement::check::{JudgedLine, LineReason, Options, OrderReason, Report};
use statement::day::Moment;
use statement::line::{Encoding, Layout};
use statement::{Currency, Line, Money, Order, Statement};

pub(crate) fn june(day: i8) -> Date {
    date(2026, 6, day)
}

pub(crate) fn yen(amount: i64) -> Money {
    Money { amount, currency: Currency::JPY }
}

/// A charge of Amazon.
pub(crate) fn line(day: i8, amount: i64) -> Line {
    Line::new(june(day), "アマゾン　シーオージェーピー", yen(amount))
}

pub(crate) fn order(id: &str, day: i8, amount: i64) -> Order {
    Order {
        site: Some("Amazon.co.jp".to_owned()),
        ..Order::new(id, Moment::On(june(day)), amount, Currency::JPY)
    }
}

pub(crate) fn statement(lines: Vec<Line>) -> Statement {
    Statement {
        name: "test.csv".to_owned(),
        layout: Layout::AmexJapan,
        encoding: Encoding::Utf8,
        guessed: None,
        covers: (None, None),
        lines: (1..).zip(lines).map(|(row, line)| Line { row, ..line }).collect(),
        skipped: Vec::new(),
        skipped_rows: 0,
    }
}

pub(crate) fn as_of(day: i8) -> Options {
    Options { as_of: Some(june(day)), ..Options::default() }
}

/// Amounts and reasons of lines.
pub(crate) fn reasons(report: &Report<'_>) -> Vec<(i64, LineReason)> {
    report.lines.iter().map(|one| (one.line.amount.amount, one.reason)).collect()
}

/// Ids and reasons of orders.
pub(crate) fn orders<'a>(report: &Report<'a>) -> Vec<(&'a str, OrderReason)> {
    report.orders.iter().map(|one| (one.order.id.as_str(), one.reason)).collect()
}

/// Ids of the orders of a line.
pub(crate) fn ids<'a>(line: &JudgedLine<'a>) -> Vec<&'a str> {
    line.orders.iter().map(|order| order.id.as_str()).collect()
}
