//! The report for programs: one JSON object a line, the sums last.

use std::io::{BufWriter, Write};

use serde_json::{Value, json};
use statement::check::{JudgedLine, JudgedOrder, RefundStatus};
use statement::line::Skipped;
use statement::seen::Seen;
use statement::{Line, Money, Statement};

use super::super::Failure;
use super::Told;
use super::told::{line_text, order_text};

/// Writes it to standard output. After an earlier run only what is new, and the sums of all.
pub(super) fn write(told: &Told<'_>) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = objects(told, |object| writeln!(out, "{object}")).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::unfinished("standard output", &error))
        }
        _ => Ok(()),
    }
}

fn objects<E>(told: &Told<'_>, mut write: impl FnMut(Value) -> Result<(), E>) -> Result<(), E> {
    for one in told.statements {
        write(
            json!({ "kind": "statement", "file": one.name, "layout": one.layout, "encoding": one.encoding,
            "lines": one.lines.len(), "skipped": one.skipped_rows, "guessed": one.guessed }),
        )?;
        skipped(&one.name, &one.skipped).try_for_each(&mut write)?;
    }
    for one in told.order_files {
        write(
            json!({ "kind": "orders", "file": one.name, "layout": one.layout, "encoding": one.encoding,
            "orders": one.orders.len(), "refunds": one.refunds.len(), "skipped": one.skipped_rows,
            "guessed": one.guessed }),
        )?;
        skipped(&one.name, &one.skipped).try_for_each(&mut write)?;
    }
    let wanted = |is_new: &dyn Fn(&Seen) -> bool| told.seen.is_none_or(is_new);
    for one in told.report.lines.iter().filter(|one| wanted(&|seen| one.is_new(seen))) {
        write(line(told, one))?;
    }
    for one in told.report.orders.iter().filter(|one| wanted(&|seen| one.is_new(seen))) {
        write(order(told, one))?;
    }
    if told.seen.is_none() {
        for (statement, one) in &told.report.other_lines {
            write(fields(json!({ "kind": "other_merchant" }), statement, one))?;
        }
    }
    write(totals(told))
}

fn skipped(file: &str, rows: &[Skipped]) -> impl Iterator<Item = Value> {
    rows.iter().map(
        move |one| json!({ "kind": "skipped", "file": file, "row": one.row, "reason": one.reason }),
    )
}

fn line(told: &Told<'_>, one: &JudgedLine<'_>) -> Value {
    let ids: Vec<&str> = one.orders.iter().map(|order| order.id.as_str()).collect();
    let head = json!({ "kind": "line", "status": one.status.code(), "reason": one.reason.code(),
        "text": line_text(told.language, one.reason), "orders": ids, "refunded": one.refunded,
        "fingerprint": one.fingerprint.to_string() });
    fields(head, one.statement, one.line)
}

fn fields(mut object: Value, statement: &Statement, line: &Line) -> Value {
    let rest = json!({ "date": line.used.map(|day| day.to_string()), "posted": line.posted.map(|day| day.to_string()),
        "merchant": line.merchant, "amount": line.amount, "foreign": line.foreign, "file": statement.name,
        "row": line.row });
    if let (Value::Object(object), Value::Object(rest)) = (&mut object, rest) {
        object.extend(rest);
    }
    object
}

fn order(told: &Told<'_>, one: &JudgedOrder<'_>) -> Value {
    let amount = Money { amount: one.order.total(), currency: one.order.currency };
    json!({ "kind": "order", "status": one.status.code(), "reason": one.reason.code(),
        "text": order_text(told.language, one.reason), "id": one.order.id, "date": one.placed.to_string(),
        "amount": amount, "not_mine": one.not_mine, "refund": one.refund.map(RefundStatus::code),
        "fingerprint": one.fingerprint.to_string() })
}

fn totals(told: &Told<'_>) -> Value {
    let mut totals = json!(told.report.totals);
    if let Value::Object(totals) = &mut totals {
        totals.insert("kind".to_owned(), json!("totals"));
        totals.insert("as_of".to_owned(), json!(told.report.as_of.map(|day| day.to_string())));
        totals.insert("new_findings".to_owned(), json!(told.findings()));
    }
    totals
}
