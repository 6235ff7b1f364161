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
        let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
        for record in reader.records() {
            // The text is UTF-8 and any number of cells is accepted, so there is nothing to fail.
            let Ok(mut record) = record else { break };
            lines.correct(&mut record);
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

/// Counts lines. The parser's own count is one behind after a carriage return.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn correct(&mut self, record: &mut StringRecord) {
        let Some(mut position) = record.position().cloned() else { return };
        let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.text.get(from..).unwrap_or_default();
        let begins = from + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.get(self.at..begins).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at = begins.max(self.at);
        position.set_line(self.line);
        record.set_position(Some(position));
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
