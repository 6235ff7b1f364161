//! Which column is which in a table without names: by what is in them.

use csv::StringRecord;

use super::columns::{Places, Role};
use super::table::cell;
use crate::day::{self, DateOrder};
use crate::money::{Currency, Money};

/// Rows looked at.
const SAMPLE: usize = 200;

/// Whether the rows are those of SMBC's card (Vpass), which have no header: day, shop, amount,
/// way of payment, number of payments, payment; above them the holder (`様`), below them a sum.
pub(super) fn is_smbc(rows: &[&StringRecord]) -> bool {
    let is_line = |row: &StringRecord| {
        (6..=8).contains(&row.len())
            && is_day(cell(row, Some(0)), DateOrder::Ymd)
            && is_amount(cell(row, Some(2)))
            && (is_amount(cell(row, Some(5))) || cell(row, Some(5)).is_empty())
    };
    let lines = rows.iter().take(SAMPLE).filter(|row| is_line(row)).count();
    let holder = rows.first().is_some_and(|row| {
        row.len() == 3 && cell(row, Some(0)).ends_with('様') && cell(row, Some(1)).contains('*')
    });
    let others = rows.len().min(SAMPLE) - lines;
    lines > 0 && (holder || others * 4 <= lines)
}

/// SMBC's columns.
pub(super) fn smbc() -> Places {
    let mut places = Places::default();
    for (column, role) in [Role::Date, Role::Merchant, Role::Amount].into_iter().enumerate() {
        places.set(role, column);
    }
    places.set(Role::Memo, 6);
    places
}

/// The columns, where exactly one column is of dates and exactly one of amounts; the merchant is
/// the one with the most letters. `None` where that is not so: two amounts could be anything.
pub(super) fn by_contents(rows: &[&StringRecord], dates: DateOrder) -> Option<Places> {
    let rows: Vec<&StringRecord> = rows.iter().take(SAMPLE).copied().collect();
    let columns = rows.iter().map(|row| row.len()).max()?;
    let share = |column: usize, fits: &dyn Fn(&str) -> bool| {
        let filled: Vec<&str> = rows
            .iter()
            .map(|row| cell(row, Some(column)))
            .filter(|text| !text.is_empty())
            .collect();
        let fitting = filled.iter().filter(|text| fits(text)).count();
        // Most of the rows, and nearly all that say anything.
        filled.len() * 2 > rows.len() && fitting * 10 >= filled.len() * 9
    };
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = (0..columns).filter(|column| share(*column, fits));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    let date = only(&|text| is_day(text, dates))?;
    let amount = only(&|text| is_amount(text) && !is_day(text, dates))?;
    let letters = |column: &usize| -> usize {
        let texts = rows.iter().map(|row| cell(row, Some(*column)));
        texts.map(|text| text.chars().filter(|letter| letter.is_alphabetic()).count()).sum()
    };
    let others = (0..columns).filter(|column| *column != date && *column != amount);
    let merchant = others.max_by_key(letters).filter(|column| letters(column) > 0)?;
    let mut places = Places::default();
    places.set(Role::Date, date);
    places.set(Role::Merchant, merchant);
    places.set(Role::Amount, amount);
    Some(places)
}

/// Whether a row could be a header: names, and neither days nor amounts.
pub(super) fn is_header(row: &StringRecord) -> bool {
    row.len() >= 2
        && row.iter().filter(|text| !text.trim().is_empty()).count() >= 2
        && !row.iter().any(|text| is_day(text.trim(), DateOrder::Ymd) || is_amount(text))
}

fn is_day(text: &str, dates: DateOrder) -> bool {
    day::read(text, dates).is_some()
}

fn is_amount(text: &str) -> bool {
    Money::read(text, Currency::USD).is_some()
}
