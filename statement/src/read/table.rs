//! From letters to rows of cells.

use csv::StringRecord;

use super::Unreadable;
use crate::limits::{CELL_BYTES_MAX, CELLS_MAX, ROWS_MAX};

/// A table taken apart; every limit held.
#[derive(Debug)]
pub(super) struct Table {
    rows: Vec<StringRecord>,
}

/// Whether a cell may hold an end of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    /// Statements: an end of line inside a cell is a quote that somebody forgot to close, and the
    /// lines it swallows would be lost in silence.
    OneLine,
    /// Exports of orders: gift messages and addresses have several lines.
    ManyLines,
}

impl Table {
    /// Takes `text` apart at the separator that is most frequent at its beginning.
    pub(super) fn read(text: &str, cells: Cells) -> Result<Self, Unreadable> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator(text))
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            // The text is UTF-8 and any number of cells is accepted, so there is nothing to fail.
            let Ok(record) = record else { break };
            check(&record, cells)?;
            if rows.len() == ROWS_MAX {
                return Err(Unreadable::TooManyRows);
            }
            rows.push(record);
        }
        if let Some(last) = rows.last()
            && last.iter().next_back().is_some_and(|cell| cell.contains('\n'))
            && text.matches('"').count() % 2 == 1
        {
            return Err(Unreadable::OpenQuote { line: line_of(last) });
        }
        Ok(Self { rows })
    }

    /// Every row with anything in it.
    pub(super) fn rows(&self) -> impl Iterator<Item = &StringRecord> {
        self.rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
    }
}

/// 1-based line on which a row begins.
pub(super) fn line_of(row: &StringRecord) -> u32 {
    row.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX))
}

/// The cell at `column`, without blanks around it; empty where there is none.
pub(super) fn cell(row: &StringRecord, column: Option<usize>) -> &str {
    column.and_then(|column| row.get(column)).unwrap_or_default().trim()
}

fn check(row: &StringRecord, cells: Cells) -> Result<(), Unreadable> {
    let line = line_of(row);
    if row.len() > CELLS_MAX {
        return Err(Unreadable::Limit { line, what: "more than 256 columns" });
    }
    if cells == Cells::OneLine && row.iter().any(|cell| cell.trim_end().contains('\n')) {
        return Err(Unreadable::OpenQuote { line });
    }
    if row.iter().any(|cell| cell.len() > CELL_BYTES_MAX) {
        return Err(Unreadable::Limit { line, what: "a cell longer than 16 KiB" });
    }
    Ok(())
}

fn separator(text: &str) -> u8 {
    let head = text.as_bytes().get(..text.len().min(8 << 10)).unwrap_or_default();
    let count = |separator: u8| memchr::memchr_iter(separator, head).count();
    let (comma, tab, semicolon) = (count(b','), count(b'\t'), count(b';'));
    match () {
        () if tab > comma && tab > semicolon => b'\t',
        () if semicolon > comma => b';',
        () => b',',
    }
}
