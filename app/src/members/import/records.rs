//! From the bytes of a file to the texts of its rows: one row at a time, each of a bounded length.
//!
//! CSV is cut and read as bytes, before letters are: no second byte of CP932 is a comma, a quotation
//! mark or the end of a line.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};

use clap::ValueEnum;
use csv_core::{ReadRecordResult, Reader};
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::row::{Fault, Field, Texts, Why};

/// Bytes one row may have; a password hash has a hundred.
pub const ROW_BYTES_MAX: usize = 64 * 1024;
/// Columns one row may have.
const COLUMNS_MAX: usize = 512;
/// Names of columns that are not read and yet told.
const UNREAD_MAX: usize = 32;
/// Bytes by which the format is told.
const HEAD_BYTES: u64 = 256;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// How the letters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    #[default]
    #[value(name = "utf-8")]
    Utf8,
    /// As Windows writes Japanese.
    #[value(name = "cp932", alias = "shift_jis")]
    Cp932,
}

impl Encoding {
    fn read(self, bytes: &[u8]) -> Result<String, Why> {
        match self {
            Self::Utf8 => {
                let text = std::str::from_utf8(bytes).map_err(|_| Why::Encoding("UTF-8"))?;
                Ok(text.to_owned())
            }
            Self::Cp932 => encoding_rs::SHIFT_JIS
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned)
                .ok_or(Why::Encoding("CP932")),
        }
    }
}

/// Why nothing of a file can be read.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The disk, or the unpacking, failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Nothing stands in it.
    #[error("it is empty")]
    Empty,
    /// Every second byte is zero.
    #[error("it is UTF-16; write it as UTF-8")]
    Utf16,
    /// One array rather than lines.
    #[error("it is one array of JSON; write one object a line")]
    Array,
    /// The first line of a CSV does not name what is needed.
    #[error("the first line names no column {0}")]
    NoColumn(&'static str),
    /// The first line of a CSV names a column twice.
    #[error("the first line names the column {0} twice")]
    Twice(&'static str),
    /// The first line of a CSV cannot be read.
    #[error("the first line: {0}")]
    Header(Why),
}

/// What came next.
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its texts, or what is wrong with it as a whole.
    pub texts: Result<Texts, Fault>,
}

/// Reads a file row by row.
pub struct Records {
    input: BufReader<Box<dyn Read + Send>>,
    encoding: Encoding,
    /// What each column is; `None` for a file of JSON.
    columns: Option<Vec<Option<Field>>>,
    /// The line to be read next.
    line: u64,
    row: Vec<u8>,
    reader: Reader,
    unread: BTreeSet<String>,
}

/// How far a row was cut.
struct Cut {
    line: u64,
    fault: Option<Why>,
}

impl Records {
    /// Tells the format by the first bytes, and reads the first line of a CSV.
    ///
    /// # Errors
    /// [`Unusable`]
    pub fn open(mut input: Box<dyn Read + Send>, encoding: Encoding) -> Result<Self, Unusable> {
        let mut head = Vec::new();
        input.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(Unusable::Utf16);
        }
        if head.starts_with(BOM) {
            head.drain(..BOM.len());
        }
        let first = head.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
        let input: Box<dyn Read + Send> = Box::new(io::Cursor::new(head).chain(input));
        let mut records = Self {
            input: BufReader::with_capacity(ROW_BYTES_MAX, input),
            encoding,
            columns: None,
            line: 1,
            row: Vec::new(),
            reader: Reader::new(),
            unread: BTreeSet::new(),
        };
        match first {
            None => Err(Unusable::Empty),
            Some(b'[') => Err(Unusable::Array),
            Some(b'{') => Ok(records),
            Some(_) => {
                records.read_header()?;
                Ok(records)
            }
        }
    }

    /// Names of columns, or of members in JSON, that were met and not read.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        self.unread.iter().map(String::as_str)
    }

    /// The next row that is not blank; `None` at the end.
    ///
    /// # Errors
    /// When the disk, or the unpacking, fails.
    pub fn read(&mut self) -> io::Result<Option<Record>> {
        loop {
            let Some(Cut { line, fault }) = self.cut()? else { return Ok(None) };
            let texts = match fault {
                Some(why) => Err(Fault::whole(why)),
                None if self.row.trim_ascii().is_empty() => continue,
                None if self.columns.is_some() => self.read_csv(),
                None => self.read_json(),
            };
            return Ok(Some(Record { line, texts }));
        }
    }

    fn read_header(&mut self) -> Result<(), Unusable> {
        self.columns = Some(Vec::new());
        while self.row.trim_ascii().is_empty() {
            let Some(Cut { fault, .. }) = self.cut()? else { return Err(Unusable::Empty) };
            if let Some(why) = fault {
                return Err(Unusable::Header(why));
            }
        }
        let names = self.cells().map_err(Unusable::Header)?;
        let mut columns: Vec<Option<Field>> = Vec::new();
        for name in names {
            let name = self.encoding.read(&name).map_err(Unusable::Header)?;
            let name = name.trim();
            let field = Field::named(name);
            if let Some(field) = field.filter(|_| columns.contains(&field)) {
                return Err(Unusable::Twice(field.name()));
            }
            if field.is_none() {
                self.note_unread(name);
            }
            columns.push(field);
        }
        if !columns.contains(&Some(Field::AccountId)) {
            return Err(Unusable::NoColumn(Field::AccountId.name()));
        }
        self.columns = Some(columns);
        Ok(())
    }

    /// A hash under another name would be left out, and nobody could sign in: what is not read is
    /// told.
    fn note_unread(&mut self, name: &str) {
        if self.unread.len() < UNREAD_MAX {
            let shown = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
            self.unread.insert(shown);
        }
    }

    fn read_csv(&mut self) -> Result<Texts, Fault> {
        let cells = self.cells().map_err(Fault::whole)?;
        let columns = self.columns.as_deref().unwrap_or_default();
        if cells.len() != columns.len() {
            let (found, expected) = (cells.len(), columns.len());
            return Err(Fault::whole(Why::Columns { found, expected }));
        }
        let mut texts = Texts::default();
        for (field, cell) in columns.iter().zip(cells) {
            if let Some(field) = *field {
                let text = self.encoding.read(&cell).map_err(|why| Fault::of(field, why))?;
                texts.put(field, text);
            }
        }
        Ok(texts)
    }

    fn read_json(&mut self) -> Result<Texts, Fault> {
        let text = self.encoding.read(&self.row).map_err(Fault::whole)?;
        let object: Map<String, Value> = serde_json::from_str(&text).map_err(|error| {
            // The parser's own words may repeat what stands there.
            let column = error.column();
            Fault::whole(Why::NotJson(match error.classify() {
                Category::Data => "another kind of value".to_owned(),
                Category::Eof => format!("it is cut off (column {column})"),
                Category::Syntax | Category::Io => format!("syntax (column {column})"),
            }))
        })?;
        let mut texts = Texts::default();
        for (name, value) in object {
            let Some(field) = Field::named(&name) else {
                self.note_unread(&name);
                continue;
            };
            match value {
                Value::Null => {}
                Value::String(text) => texts.put(field, text),
                Value::Bool(yes) => texts.put(field, yes.to_string()),
                Value::Number(number) if !number.is_f64() => texts.put(field, number.to_string()),
                Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    return Err(Fault::of(field, Why::NotAText));
                }
            }
        }
        Ok(texts)
    }

    /// The cells of the row that was cut.
    fn cells(&mut self) -> Result<Vec<Vec<u8>>, Why> {
        let mut text = vec![0; self.row.len() + 1];
        let mut ends = [0; COLUMNS_MAX];
        self.row.push(b'\n');
        self.reader.reset();
        let (result, read, _, count) = self.reader.read_record(&self.row, &mut text, &mut ends);
        match result {
            ReadRecordResult::Record => {}
            ReadRecordResult::OutputEndsFull => {
                return Err(Why::Columns { found: COLUMNS_MAX, expected: COLUMNS_MAX });
            }
            ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::End => {
                return Err(Why::OpenQuote);
            }
        }
        if self.row.get(read..).is_some_and(|rest| !rest.trim_ascii().is_empty()) {
            return Err(Why::CarriageReturn);
        }
        let ends = ends.get(..count).unwrap_or_default();
        let mut begin = 0;
        let cells = ends.iter().map(|end| {
            let cell = text.get(begin..*end).unwrap_or_default().to_vec();
            begin = *end;
            cell
        });
        Ok(cells.collect())
    }

    /// Takes the bytes of the next row. A row that grows too long is given up at the next end of a
    /// line, so that one forgotten quotation mark does not swallow the file.
    fn cut(&mut self) -> io::Result<Option<Cut>> {
        self.row.clear();
        let line = self.line;
        let (mut quote, mut taken, mut too_long) = (Quote::Before, false, false);
        loop {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                let fault = fault_of(too_long, self.columns.is_some() && quote == Quote::Inside);
                return Ok(taken.then_some(Cut { line, fault }));
            }
            let mut used = 0;
            let mut ended = false;
            for byte in bytes {
                used += 1;
                if *byte == b'\n' {
                    self.line += 1;
                    ended = too_long || self.columns.is_none() || quote != Quote::Inside;
                    if ended {
                        break;
                    }
                }
                quote = quote.after(*byte);
                if self.row.len() < ROW_BYTES_MAX {
                    self.row.push(*byte);
                } else {
                    too_long = true;
                }
            }
            self.input.consume(used);
            taken = true;
            if ended {
                return Ok(Some(Cut { line, fault: fault_of(too_long, false) }));
            }
        }
    }
}

const fn fault_of(too_long: bool, is_open: bool) -> Option<Why> {
    match (too_long, is_open) {
        (true, _) => Some(Why::TooManyBytes(ROW_BYTES_MAX)),
        (false, true) => Some(Why::OpenQuote),
        (false, false) => None,
    }
}

/// Where in a cell of a CSV we are (RFC 4180 §2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    /// At its beginning.
    Before,
    /// Between quotation marks: a comma or an end of line is part of the cell.
    Inside,
    /// Without them, or after them.
    Outside,
    /// Behind a mark that ends the cell, or is the first of two.
    Perhaps,
}

impl Quote {
    const fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Inside, b'"') => Self::Perhaps,
            (Self::Before | Self::Perhaps, b'"') | (Self::Inside, _) => Self::Inside,
            (_, b',') => Self::Before,
            _ => Self::Outside,
        }
    }
}
