//! The report for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use statement::check::{
    JudgedLine, JudgedOrder, LineReason, LineStatus, OrderReason, OrderStatus, RefundStatus, Sums,
};
use statement::{Line, Money, Statement};

use super::super::{Failure, say};
use super::Told;
use crate::statement_check::{line_key, money, order_key, sum};
use crate::text::{Language, text};

/// Findings of one kind that are listed; the rest is counted (`--json` lists all).
const LISTED_MAX: usize = 200;

/// The keys of texts used here that no reason makes.
pub const KEYS: &[&str] = &[
    "statement-read",
    "statement-orders-read",
    "statement-guessed",
    "statement-orders-guessed",
    "statement-skipped",
    "statement-as-of",
    "statement-unmatched",
    "statement-refunded",
    "statement-doubtful",
    "statement-pending",
    "statement-matched",
    "statement-other",
    "statement-repeated",
    "statement-orders-charged",
    "statement-orders-pending",
    "statement-orders-missing",
    "statement-orders-not-expected",
    "statement-refunds-pending",
    "statement-refunds-missing",
    "statement-more",
    "statement-nothing",
    "statement-nothing-new",
    "statement-advice",
    "statement-yen",
    "statement-money",
];

pub(super) fn line_text(language: Language, reason: LineReason) -> String {
    text().say(language, &line_key(reason))
}

pub(super) fn order_text(language: Language, reason: OrderReason) -> String {
    text().say(language, &order_key(reason))
}

/// Writes it to standard output.
pub(super) fn write(told: &Told<'_>) -> Result<(), Failure> {
    let mut page = Page { told, out: String::new() };
    page.files();
    page.findings();
    page.orders();
    page.rest();
    page.close();
    say(page.out.trim_end())
}

struct Page<'a> {
    told: &'a Told<'a>,
    out: String,
}

impl Page<'_> {
    fn say(&mut self, key: &str, arguments: &[(&str, &str)]) {
        let text = text().tell(self.told.language, key, arguments);
        let _ = writeln!(self.out, "{text}");
    }

    fn files(&mut self) {
        for one in self.told.statements {
            let lines = one.lines.len().to_string();
            self.say(
                "statement-read",
                &[
                    ("file", &one.name),
                    ("count", &lines),
                    ("layout", &name_of(&one.layout)),
                    ("encoding", &name_of(&one.encoding)),
                ],
            );
            if let Some(guessed) = &one.guessed {
                self.say("statement-guessed", &[("columns", guessed)]);
            }
            self.skipped(one.skipped_rows, one.skipped.first().map_or(0, |first| first.row));
        }
        for one in self.told.order_files {
            let count = (one.orders.len() + one.refunds.len()).to_string();
            self.say(
                "statement-orders-read",
                &[
                    ("file", &one.name),
                    ("count", &count),
                    ("layout", &name_of(&one.layout)),
                    ("encoding", &name_of(&one.encoding)),
                ],
            );
            if let Some(guessed) = &one.guessed {
                self.say("statement-orders-guessed", &[("columns", guessed)]);
            }
            self.skipped(one.skipped_rows, one.skipped.first().map_or(0, |first| first.row));
        }
        if let Some(as_of) = self.told.report.as_of {
            self.say("statement-as-of", &[("date", &as_of.to_string())]);
        }
        self.out.push('\n');
    }

    fn skipped(&mut self, rows: usize, first: u32) {
        if rows > 0 {
            self.say(
                "statement-skipped",
                &[("count", &rows.to_string()), ("row", &first.to_string())],
            );
        }
    }

    fn findings(&mut self) {
        let totals = &self.told.report.totals;
        self.section("statement-unmatched", &totals.not_yours, LineStatus::Unmatched);
        if totals.not_yours_refunded.count > 0 && self.told.seen.is_none() {
            let sum = self.sum(&totals.not_yours_refunded);
            self.say(
                "statement-refunded",
                &[("count", &totals.not_yours_refunded.count.to_string()), ("sum", &sum)],
            );
        }
        self.section("statement-doubtful", &totals.doubtful, LineStatus::Doubtful);
        if self.told.seen.is_none() {
            self.section("statement-pending", &totals.pending, LineStatus::Pending);
        }
    }

    /// A heading with the sum, and the lines below it. After an earlier run, of the new ones alone.
    fn section(&mut self, key: &str, sums: &Sums, status: LineStatus) {
        let told = self.told;
        let lines = told.report.lines.iter().filter(|one| one.status == status);
        let lines: Vec<&JudgedLine<'_>> =
            lines.filter(|one| told.seen.is_none_or(|seen| one.is_new(seen))).collect();
        if lines.is_empty() {
            return;
        }
        let mut new = Sums::default();
        for one in &lines {
            new.add(one.line.amount);
        }
        let shown = if told.seen.is_some() { &new } else { sums };
        let sum = self.sum(shown);
        self.say(key, &[("count", &shown.count.to_string()), ("sum", &sum)]);
        for one in lines.iter().take(LISTED_MAX) {
            let why = line_text(told.language, one.reason);
            self.line(one.statement, one.line, &explained(&why, one));
        }
        self.more(lines.len());
    }

    fn line(&mut self, statement: &Statement, line: &Line, why: &str) {
        let day = line.day().map(|day| day.to_string()).unwrap_or_default();
        let amount = self.money(line.amount);
        let (name, row) = (&statement.name, line.row);
        let _ =
            writeln!(self.out, "  {day}  {amount:>10}  {}  ({name}:{row})  {why}", line.merchant);
    }

    fn more(&mut self, count: usize) {
        if count > LISTED_MAX {
            self.say("statement-more", &[("count", &(count - LISTED_MAX).to_string())]);
        }
    }

    fn orders(&mut self) {
        let told = self.told;
        let orders = |wanted: &dyn Fn(&JudgedOrder<'_>) -> bool| {
            let new = |one: &&JudgedOrder<'_>| told.seen.is_none_or(|seen| one.is_new(seen));
            told.report.orders.iter().filter(|one| wanted(one)).filter(new).collect::<Vec<_>>()
        };
        let missing = orders(&|one| one.status == OrderStatus::Missing && !one.not_mine);
        self.order_section("statement-orders-missing", &missing);
        let pending = orders(&|one| one.status == OrderStatus::Pending && !one.not_mine);
        self.order_section("statement-orders-pending", &pending);
        let refunds = orders(&|one| one.refund == Some(RefundStatus::Missing));
        self.order_section("statement-refunds-missing", &refunds);
        let refunds = orders(&|one| one.refund == Some(RefundStatus::Pending));
        self.order_section("statement-refunds-pending", &refunds);
    }

    fn order_section(&mut self, key: &str, orders: &[&JudgedOrder<'_>]) {
        if orders.is_empty() {
            return;
        }
        self.say(key, &[("count", &orders.len().to_string())]);
        for one in orders.iter().take(LISTED_MAX) {
            let amount =
                self.money(Money { amount: one.order.total(), currency: one.order.currency });
            let why = order_text(self.told.language, one.reason);
            let id = statement::fold::shown(&one.order.id);
            let _ = writeln!(self.out, "  {}  {amount:>10}  {id}  {why}", one.placed);
        }
        self.more(orders.len());
    }

    /// What needs no look.
    fn rest(&mut self) {
        let told = self.told;
        let totals = &told.report.totals;
        if told.seen.is_some() {
            return;
        }
        let sum = self.sum(&totals.matched);
        self.say(
            "statement-matched",
            &[("count", &totals.matched.count.to_string()), ("sum", &sum)],
        );
        if told.all {
            for one in told.report.lines.iter().filter(|one| one.status == LineStatus::Matched) {
                let why = line_text(told.language, one.reason);
                self.line(one.statement, one.line, &explained(&why, one));
            }
        }
        let sum = self.sum(&totals.other_merchants);
        self.say(
            "statement-other",
            &[("count", &totals.other_merchants.count.to_string()), ("sum", &sum)],
        );
        if told.all {
            for (statement, line) in &told.report.other_lines {
                self.line(statement, line, "");
            }
        }
        let counts = [
            ("statement-orders-charged", totals.orders_charged),
            ("statement-orders-not-expected", totals.orders_not_expected),
            ("statement-repeated", totals.repeated_lines),
        ];
        for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            self.say(key, &[("count", &count.to_string())]);
        }
    }

    fn close(&mut self) {
        self.out.push('\n');
        match (self.told.findings(), self.told.seen.is_some()) {
            (0, true) => self.say("statement-nothing-new", &[]),
            (0, false) => self.say("statement-nothing", &[]),
            _ if self.told.report.totals.not_yours.count > 0 => self.say("statement-advice", &[]),
            _ => {}
        }
    }

    fn sum(&self, sums: &Sums) -> String {
        sum(self.told.language, sums)
    }

    fn money(&self, amount: Money) -> String {
        money(self.told.language, amount)
    }
}

/// The reason with the orders it speaks of.
fn explained(why: &str, one: &JudgedLine<'_>) -> String {
    let ids: BTreeSet<String> =
        one.orders.iter().map(|order| statement::fold::shown(&order.id)).collect();
    if ids.is_empty() {
        return why.to_owned();
    }
    format!("{why} [{}]", ids.into_iter().collect::<Vec<_>>().join(", "))
}

/// The name a value has in JSON.
fn name_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
