//! From the bytes of a file to a [`Statement`] or to orders.
//!
//! What a file is follows from its contents, never from its name. What cannot be recognised is
//! refused with what was seen; what had to be guessed is said ([`Statement::guessed`]).

mod amazon;
mod card;
mod columns;
mod events;
mod guess;
mod layout;
mod names;
mod ofx;
mod qif;
mod shop;
mod table;
mod text;

use crate::limits::{FILE_BYTES_MAX, ROWS_MAX};
use crate::line::Statement;
use crate::money::Currency;
use crate::order::OrderFile;

pub use columns::{BadColumns, Columns};

/// What the caller says of a file.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Where what stands, over anything recognised or guessed.
    pub columns: Columns,
    /// Currency of amounts that do not name theirs.
    pub currency: Option<Currency>,
}

/// Why a file cannot be read. Messages hold column names, and never what stands in the rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing but blanks.
    #[error("the file is empty")]
    Empty,
    /// More than [`FILE_BYTES_MAX`].
    #[error("the file is larger than {} MiB", FILE_BYTES_MAX >> 20)]
    TooLarge,
    /// More than [`ROWS_MAX`].
    #[error("the file has more than {ROWS_MAX} rows")]
    TooManyRows,
    /// A row with too many cells or a cell with too many bytes.
    #[error("line {line}: {what}")]
    Limit {
        /// 1-based line.
        line: u32,
        /// What there is too much of.
        what: &'static str,
    },
    /// A PDF, a spreadsheet, a picture.
    #[error("this is {what}, not text; export the statement as CSV, OFX or QIF")]
    NotText {
        /// What it looks like.
        what: &'static str,
    },
    /// No encoding fits.
    #[error(
        "the letters are neither UTF-8, UTF-16, CP932 (Shift_JIS) nor EUC-JP (first failure at byte {at})"
    )]
    Encoding {
        /// Offset of the first byte that is no UTF-8.
        at: usize,
    },
    /// A quote that opens and never closes where it should.
    #[error("line {line}: a quotation mark opens here and is not closed on the same line")]
    OpenQuote {
        /// 1-based line.
        line: u32,
    },
    /// A table, but none of those known.
    #[error("unknown layout. Columns seen: {}. Say which is which, as in --columns date=1,merchant=2,amount=3", columns.join(" | "))]
    UnknownColumns {
        /// Their names, or how many there are where none has a name.
        columns: Vec<String>,
    },
    /// `--columns` names one that is not there.
    #[error("no column \u{201c}{column}\u{201d}. Columns seen: {}", columns.join(" | "))]
    NoSuchColumn {
        /// What was asked for.
        column: String,
        /// What there is.
        columns: Vec<String>,
    },
    /// Days that could be American or European.
    #[error(
        "the dates (like {example}) can be read in two ways: say --columns dates=mdy or dates=dmy"
    )]
    AmbiguousDates {
        /// One of them.
        example: String,
    },
    /// XML with a document type definition.
    #[error("the file defines XML entities; no bank's OFX file does, and they are not expanded")]
    Doctype,
    /// OFX that cannot be taken apart.
    #[error("byte {at}: not OFX: {what}")]
    Markup {
        /// Offset.
        at: u64,
        /// What is wrong.
        what: String,
    },
    /// Well formed, but it holds no list of transactions.
    #[error("an OFX file without a statement in it")]
    NoStatement,
    /// Most rows could not be read.
    #[error(
        "{bad} of {rows} rows could not be read (the first: line {line}, its {what}); this is not the layout it looks like"
    )]
    MostlyUnreadable {
        /// Rows that failed.
        bad: usize,
        /// Rows in all.
        rows: usize,
        /// First line that failed.
        line: u32,
        /// Which part of it.
        what: &'static str,
    },
}

/// Reads a statement; `name` is how the report calls the file.
pub fn statement(bytes: &[u8], name: &str, hints: &Hints) -> Result<Statement, Unreadable> {
    let (text, encoding) = text::decode(bytes)?;
    let text = text.as_ref();
    let mut statement = if ofx::looks_like(text) {
        ofx::read(text)?
    } else if qif::looks_like(text) {
        qif::read(text, hints)?
    } else {
        card::read(text, hints)?
    };
    name.clone_into(&mut statement.name);
    statement.encoding = encoding;
    Ok(statement)
}

/// Reads orders or refunds; `name` is how the report calls the file.
pub fn orders(bytes: &[u8], name: &str, hints: &Hints) -> Result<OrderFile, Unreadable> {
    let (text, encoding) = text::decode(bytes)?;
    let text = text.as_ref();
    let mut file =
        if events::looks_like(text) { events::read(text)? } else { shop::read(text, hints)? };
    name.clone_into(&mut file.name);
    file.encoding = encoding;
    Ok(file)
}
