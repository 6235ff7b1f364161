//! QIF: one field a line, known by its first letter, `^` between transactions.

use jiff::tz::Offset;

use super::card::mostly_read;
use super::{Hints, Unreadable};
use crate::day::{self, DateOrder};
use crate::fold;
use crate::limits::{CELL_BYTES_MAX, ROWS_MAX, SKIPPED_NAMED_MAX};
use crate::line::{Encoding, Layout, Line, SkipReason, Skipped, Statement};
use crate::money::{Currency, Money};

/// Whether `text` is QIF.
pub(super) fn looks_like(text: &str) -> bool {
    let head = text.trim_start().get(..8).unwrap_or_default().to_ascii_lowercase();
    ["!type:", "!account", "!option:"].iter().any(|start| head.starts_with(start))
}

/// One transaction, as far as it was read.
#[derive(Default)]
struct Entry<'a> {
    row: u32,
    date: &'a str,
    amount: &'a str,
    payee: &'a str,
    memo: &'a str,
}

/// Reads a file. Dates are American where their own numbers do not say otherwise: the format was
/// made there, and has no other default.
pub(super) fn read(text: &str, hints: &Hints) -> Result<Statement, Unreadable> {
    let entries = entries(text)?;
    let dates = hints.columns.dates.unwrap_or_else(|| {
        let texts: Vec<&str> = entries.iter().map(|one| one.date).collect();
        match day::order_of(texts.iter().copied()) {
            Ok(DateOrder::Ymd)
                if !texts.iter().any(|text| text.trim().get(..4).is_some_and(is_year)) =>
            {
                DateOrder::Mdy
            }
            settled => settled.unwrap_or(DateOrder::Mdy),
        }
    });
    let currency = hints.currency.unwrap_or_else(|| {
        let cents = entries.iter().any(|one| one.amount.contains('.'));
        if cents { Currency::USD } else { Currency::JPY }
    });
    let (mut lines, mut skipped) = (Vec::with_capacity(entries.len()), Vec::new());
    for one in &entries {
        match line(one, dates, currency, hints.columns.purchases_negative.unwrap_or(true)) {
            Ok(line) => lines.push(line),
            Err(reason) => skipped.push(Skipped { row: one.row, reason }),
        }
    }
    mostly_read(lines.len(), &skipped)?;
    let skipped_rows = skipped.len();
    skipped.truncate(SKIPPED_NAMED_MAX);
    Ok(Statement {
        name: String::new(),
        layout: Layout::Qif,
        encoding: Encoding::Utf8,
        guessed: None,
        covers: (None, None),
        lines,
        skipped,
        skipped_rows,
    })
}

fn is_year(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits (`S`, `E`, `$`) and lists of categories and accounts are passed over.
fn entries(text: &str) -> Result<Vec<Entry<'_>>, Unreadable> {
    let mut entries = Vec::new();
    let mut one = Entry::default();
    let mut of_transactions = true;
    for (row, line) in (1_u32..).zip(text.lines()) {
        if line.len() > CELL_BYTES_MAX {
            return Err(Unreadable::Limit { line: row, what: "a value longer than 16 KiB" });
        }
        let line = line.trim();
        let Some(first) = line.chars().next() else { continue };
        let value = line.get(first.len_utf8()..).unwrap_or_default().trim();
        match first {
            '!' => {
                let section = value.to_ascii_lowercase();
                of_transactions =
                    ["type:bank", "type:cash", "type:ccard", "type:oth a", "type:oth l"]
                        .iter()
                        .any(|kind| section.starts_with(kind));
                one = Entry::default();
            }
            '^' => {
                if entries.len() == ROWS_MAX {
                    return Err(Unreadable::TooManyRows);
                }
                let done = std::mem::take(&mut one);
                if of_transactions && done.row > 0 {
                    entries.push(done);
                }
            }
            'D' => (one.date, one.row) = (value, if one.row == 0 { row } else { one.row }),
            'T' | 'U' => (one.amount, one.row) = (value, if one.row == 0 { row } else { one.row }),
            'P' => one.payee = value,
            'M' => one.memo = value,
            _ => {}
        }
    }
    if of_transactions && one.row > 0 {
        entries.push(one);
    }
    Ok(entries)
}

fn line(
    one: &Entry<'_>,
    dates: DateOrder,
    currency: Currency,
    purchases_negative: bool,
) -> Result<Line, SkipReason> {
    let used = day::read(&one.date.replace(' ', ""), dates).ok_or(SkipReason::Date)?;
    let amount = Money::read(one.amount, currency).ok_or(SkipReason::Amount)?;
    let name = if one.payee.is_empty() { one.memo } else { one.payee };
    Ok(Line {
        row: one.row,
        used: Some(used.day(Offset::UTC)),
        posted: None,
        merchant: fold::shown(name),
        folded: fold::fold(&format!("{} {}", one.payee, one.memo)),
        amount: Money {
            amount: if purchases_negative { -amount.amount } else { amount.amount },
            ..amount
        },
        foreign: None,
        account: None,
    })
}
