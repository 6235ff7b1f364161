//! OFX 1 (SGML, tags that never close) and OFX 2 (XML), by one reader.

use jiff::tz::Offset;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::Unreadable;
use super::card::hashed;
use crate::day::{self, Day};
use crate::fold;
use crate::limits::{CELL_BYTES_MAX, ROWS_MAX, SKIPPED_NAMED_MAX};
use crate::line::{Encoding, Layout, Line, SkipReason, Skipped, Statement};
use crate::money::{Currency, Money};

/// Whether `text` is OFX.
pub(super) fn looks_like(text: &str) -> bool {
    let head: String =
        text.trim_start().chars().take(2048).collect::<String>().to_ascii_uppercase();
    head.starts_with("OFXHEADER") || head.contains("<OFX>") || head.contains("<?OFX")
}

/// Reads every `STMTTRN` of a file (OFX 2.2 §11.4.4.1), whichever message it stands in.
pub(super) fn read(text: &str) -> Result<Statement, Unreadable> {
    let start = text.find('<').unwrap_or_default();
    let mut reader = Reader::from_str(text.get(start..).unwrap_or_default());
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut file = File::default();
    loop {
        let event = reader.read_event().map_err(|error| Unreadable::Markup {
            at: reader.error_position() + start as u64,
            what: error.to_string(),
        })?;
        match event {
            Event::Start(tag) => {
                file.close();
                file.open(&String::from_utf8_lossy(tag.name().as_ref()).to_ascii_uppercase());
                file.line = line_at(text, start, &reader, file.line);
            }
            Event::End(tag) => {
                file.close();
                file.end(&String::from_utf8_lossy(tag.name().as_ref()).to_ascii_uppercase())?;
            }
            Event::Text(letters) => file.append(&String::from_utf8_lossy(&letters))?,
            Event::CData(letters) => file.append(&String::from_utf8_lossy(&letters))?,
            Event::GeneralRef(name) => file.refer(&String::from_utf8_lossy(&name))?,
            Event::DocType(_) => return Err(Unreadable::Doctype),
            Event::Eof => break,
            Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    file.finish()
}

/// Counting lines from the beginning for every tag would be quadratic; this counts on.
fn line_at(text: &str, start: usize, reader: &Reader<&[u8]>, known: (usize, u32)) -> (usize, u32) {
    let at = start + usize::try_from(reader.buffer_position()).unwrap_or_default();
    let between = text.as_bytes().get(known.0..at).unwrap_or_default();
    let ends = memchr::memchr_iter(b'\n', between).count();
    (at, known.1.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX)))
}

/// What is known on the way through a file.
#[derive(Default)]
struct File {
    /// Offset and number of the line read so far.
    line: (usize, u32),
    /// The tag whose value is being read, and the value.
    leaf: Option<(String, String)>,
    /// Inside `CURRENCY` or `ORIGCURRENCY`.
    aggregate: Option<String>,
    transaction: Option<Transaction>,
    account: Option<u64>,
    currency: Option<Currency>,
    starts: Option<Day>,
    ends: Option<Day>,
    served: Option<Day>,
    holds_statement: bool,
    lines: Vec<Line>,
    skipped: Vec<Skipped>,
}

/// One `STMTTRN`.
#[derive(Default)]
struct Transaction {
    row: u32,
    posted: Option<Day>,
    used: Option<Day>,
    amount: String,
    name: String,
    memo: String,
    /// `CURRENCY`: what the amount is in.
    currency: Option<Currency>,
}

impl File {
    fn open(&mut self, name: &str) {
        match name {
            "STMTTRN" => {
                self.transaction =
                    Some(Transaction { row: self.line.1 + 1, ..Transaction::default() });
            }
            "CURRENCY" | "ORIGCURRENCY" => self.aggregate = Some(name.to_owned()),
            "STMTRS" | "CCSTMTRS" | "INVSTMTRS" => {
                self.holds_statement = true;
                self.currency = None;
                self.account = None;
            }
            _ => {}
        }
        self.leaf = Some((name.to_owned(), String::new()));
    }

    fn append(&mut self, letters: &str) -> Result<(), Unreadable> {
        let Some((_, value)) = &mut self.leaf else { return Ok(()) };
        value.push_str(letters);
        if value.len() > CELL_BYTES_MAX {
            return Err(Unreadable::Limit {
                line: self.line.1 + 1,
                what: "a value longer than 16 KiB",
            });
        }
        Ok(())
    }

    /// `&amp;` and its like; anything else stands for itself.
    fn refer(&mut self, name: &str) -> Result<(), Unreadable> {
        let letter = match name {
            "amp" => "&".to_owned(),
            "lt" => "<".to_owned(),
            "gt" => ">".to_owned(),
            "apos" => "'".to_owned(),
            "quot" => "\"".to_owned(),
            "nbsp" => " ".to_owned(),
            _ => numbered(name).map_or_else(|| format!("&{name};"), String::from),
        };
        self.append(&letter)
    }

    /// Takes in the value that has been read, if the tag had one.
    fn close(&mut self) {
        let Some((name, value)) = self.leaf.take() else { return };
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let day = || day::read_ofx(value).map(|at| at.day(Offset::UTC));
        if let Some(one) = &mut self.transaction {
            let currency = || Currency::of(value);
            match (name.as_str(), self.aggregate.as_deref()) {
                ("DTPOSTED", _) => one.posted = day(),
                ("DTUSER", _) => one.used = day(),
                ("TRNAMT", _) => value.clone_into(&mut one.amount),
                ("NAME", _) => value.clone_into(&mut one.name),
                ("MEMO", _) => value.clone_into(&mut one.memo),
                // `ORIGCURRENCY` names what the bank has already converted.
                ("CURSYM", Some("CURRENCY")) => one.currency = currency(),
                _ => {}
            }
            return;
        }
        match name.as_str() {
            "CURDEF" => self.currency = Currency::of(value),
            "ACCTID" => self.account = Some(hashed(value)),
            "DTSTART" => self.starts = earliest(self.starts, day()),
            "DTEND" => self.ends = self.ends.max(day()),
            "DTSERVER" => self.served = day(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "CURRENCY" | "ORIGCURRENCY" => self.aggregate = None,
            "STMTTRN" => {
                self.aggregate = None;
                if self.lines.len() + self.skipped.len() == ROWS_MAX {
                    return Err(Unreadable::TooManyRows);
                }
                let one = self.transaction.take().unwrap_or_default();
                match self.line_of(&one) {
                    Ok(line) => self.lines.push(line),
                    Err(reason) => self.skipped.push(Skipped { row: one.row, reason }),
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Purchases are negative (OFX 2.2 §3.2.9.2).
    fn line_of(&self, one: &Transaction) -> Result<Line, SkipReason> {
        if one.posted.is_none() && one.used.is_none() {
            return Err(SkipReason::Date);
        }
        let currency = one.currency.or(self.currency).unwrap_or(Currency::USD);
        let amount = Money::read(&one.amount, currency).ok_or(SkipReason::Amount)?;
        let name = if one.name.is_empty() { &one.memo } else { &one.name };
        Ok(Line {
            row: one.row,
            used: one.used,
            posted: one.posted,
            merchant: fold::shown(name),
            folded: fold::fold(&format!("{} {}", one.name, one.memo)),
            amount: Money { amount: -amount.amount, ..amount },
            foreign: None,
            account: self.account,
        })
    }

    fn finish(mut self) -> Result<Statement, Unreadable> {
        self.close();
        if !self.holds_statement {
            return Err(Unreadable::NoStatement);
        }
        super::card::mostly_read(self.lines.len(), &self.skipped)?;
        let skipped_rows = self.skipped.len();
        self.skipped.truncate(SKIPPED_NAMED_MAX);
        // Banks end the list in the future; nothing is covered beyond the day of the answer.
        let ends = match (self.ends, self.served) {
            (Some(ends), Some(served)) => Some(ends.min(served)),
            (ends, served) => ends.or(served),
        };
        Ok(Statement {
            name: String::new(),
            layout: Layout::Ofx,
            encoding: Encoding::Utf8,
            guessed: None,
            covers: (self.starts, ends),
            lines: self.lines,
            skipped: self.skipped,
            skipped_rows,
        })
    }
}

fn earliest(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn numbered(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|letter| !letter.is_control())
}
