//! `sekisho statement check`: was this charge mine?
//!
//! Reads the files it is given and nothing else: no network, no data folder, no clock.

mod files;
mod lines;
mod told;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;
use jiff::tz::Offset;
use statement::check::Rate;
use statement::read::{Columns, Hints};
use statement::seen::Seen;
use statement::{Currency, Options, check, order};

use super::{Call, Exit, Failure};
use crate::text::Language;

pub use told::KEYS;

/// What to do with statements.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Hold the lines of card statements against orders, and say which are not yours
    Check(Box<Check>),
}

/// What to hold against what.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Statements: CSV of cards, banks and wallets, OFX, QIF; `-` is standard input
    #[arg(long, value_name = "FILES", num_args = 1.., required = true)]
    statement: Vec<PathBuf>,
    /// Orders and refunds: Amazon's exports, events of the API as NDJSON, any CSV with id, date and
    /// amount
    #[arg(long, value_name = "FILES", num_args = 1.., required = true)]
    orders: Vec<PathBuf>,
    /// Ids of orders that are not yours, one a line
    #[arg(long, value_name = "FILE")]
    not_mine: Option<PathBuf>,
    /// Judge the lines of this shop: a marketplace (amazon, rakuten …) or its name on the
    /// statement; where absent, the marketplaces of the orders
    #[arg(long, value_name = "NAME")]
    merchant: Vec<String>,
    /// The day the statement was exported; where absent, the last day it tells of
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Which column is which in the statements, as in `date=利用日,merchant=2,amount=金額`;
    /// also `purchases=negative` and `dates=mdy`
    #[arg(long, value_name = "COLUMNS")]
    columns: Option<Columns>,
    /// Which column is which in the orders, as in `id=1,date=2,amount=3`
    #[arg(long, value_name = "COLUMNS")]
    order_columns: Option<Columns>,
    /// Currency of statement amounts that do not name theirs
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<Currency>,
    /// What one unit of a foreign currency costs on the statement, as in `USD=157.2`
    #[arg(long, value_name = "CODE=RATE", value_parser = rate)]
    rate: Vec<Rate>,
    /// Time zone of the statement's calendar
    #[arg(long, value_name = "OFFSET", default_value = "+09:00", value_parser = offset, allow_hyphen_values = true)]
    utc_offset: Offset,
    /// Tell only what this file does not know yet, and note it there; made where absent
    #[arg(long, value_name = "STATEFILE")]
    since_last: Option<PathBuf>,
    /// Show matched lines and those of other merchants too (`--json` always does)
    #[arg(long)]
    all: bool,
}

/// Does it; a charge that is not the reader's is a finding.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    let Task::Check(task) = &args.task;
    files::read_stdin_once(task.statement.iter().chain(&task.orders).chain(&task.not_mine))?;
    let seen = task.since_last.as_deref().map(files::state).transpose()?;
    let mut progress = files::Progress::start();
    let hints = hints(task.columns.as_ref(), task.currency);
    let read = |path: &PathBuf| files::statement(path, &hints);
    let statements = progress.over(&task.statement, read)?;
    let hints = self::hints(task.order_columns.as_ref(), None);
    let order_files = progress.over(&task.orders, |path| files::orders(path, &hints))?;
    let options = options(task)?;
    let orders = order::gather(order_files.iter().cloned());
    let report = check(&statements, &orders, &options);
    progress.end();
    let told = Told {
        statements: &statements,
        order_files: &order_files,
        report: &report,
        seen: seen.as_ref(),
        all: task.all,
        language: language(call),
    };
    if call.json {
        lines::write(&told)?;
    } else {
        told::write(&told)?;
    }
    if let (Some(path), Some(seen)) = (&task.since_last, &seen) {
        let mut seen = seen.clone();
        seen.take_in(&report);
        files::keep(path, &seen)?;
    }
    Ok(if told.findings() == 0 { Exit::Fine } else { Exit::Findings })
}

/// What is to be told, and to whom.
struct Told<'a> {
    statements: &'a [statement::Statement],
    order_files: &'a [order::OrderFile],
    report: &'a statement::Report<'a>,
    /// What was told before; all is new where there is none.
    seen: Option<&'a Seen>,
    all: bool,
    language: Language,
}

impl Told<'_> {
    /// Findings that were not told before.
    fn findings(&self) -> usize {
        let nothing = Seen::default();
        let seen = self.seen.unwrap_or(&nothing);
        let lines = self.report.lines.iter().filter(|one| one.is_new(seen)).count();
        lines + self.report.orders.iter().filter(|one| one.is_new(seen)).count()
    }
}

fn hints(columns: Option<&Columns>, currency: Option<Currency>) -> Hints {
    Hints { columns: columns.cloned().unwrap_or_default(), currency }
}

fn options(task: &Check) -> Result<Options, Failure> {
    let not_mine = task.not_mine.as_deref().map(files::ids).transpose()?;
    Ok(Options {
        merchants: task.merchant.clone(),
        not_mine: not_mine.unwrap_or_else(BTreeSet::new),
        as_of: task.as_of,
        offset: task.utc_offset,
        rates: task.rate.clone(),
    })
}

/// The language that was set, else that of the terminal.
fn language(call: &Call) -> Language {
    let set = call.config.said.is_said("language");
    let spoken = if set { None } else { Language::of_locale(crate::world::environment) };
    spoken.unwrap_or(call.config.language)
}

fn currency(code: &str) -> Result<Currency, String> {
    Currency::of(code).ok_or_else(|| "not three letters of ISO 4217".to_owned())
}

fn rate(text: &str) -> Result<Rate, String> {
    let (code, number) = text.split_once('=').ok_or("expected CODE=RATE, as in USD=157.2")?;
    let of = currency(code)?;
    // A currency of three digits, shifted by three more: millionths without a fraction.
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 6 || !digits(whole) || !digits(part) {
        return Err("expected a rate with at most six decimals".to_owned());
    }
    let millionths = format!("{whole}{part:0<6}").parse().unwrap_or_default();
    if millionths == 0 {
        return Err("a rate is more than zero".to_owned());
    }
    Ok(Rate { of, millionths })
}

fn offset(text: &str) -> Result<Offset, String> {
    let wrong = || "expected an offset as in +09:00".to_owned();
    let (sign, clock) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(clock), _) => (-1, clock),
        (_, Some(clock)) => (1, clock),
        _ if text == "Z" => return Ok(Offset::UTC),
        _ => return Err(wrong()),
    };
    let (hours, minutes) = clock.split_once(':').ok_or_else(wrong)?;
    let (hours, minutes): (i32, i32) =
        (hours.parse().map_err(|_| wrong())?, minutes.parse().map_err(|_| wrong())?);
    if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) {
        return Err(wrong());
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_offsets_are_read_and_nonsense_is_refused() {
        assert_eq!(rate("USD=157.2").map(|rate| rate.millionths), Ok(157_200_000));
        assert_eq!(rate("EUR=0.0062").map(|rate| rate.millionths), Ok(6_200));
        for bad in ["USD", "USD=", "USD=0", "US=1", "USD=-1", "USD=1.2345678", "USD=1e3"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
        assert_eq!(offset("+09:00").map(Offset::seconds), Ok(32_400));
        assert_eq!(offset("-08:00").map(Offset::seconds), Ok(-28_800));
        for bad in ["9", "+9", "+25:00", "JST"] {
            assert!(offset(bad).is_err(), "{bad}");
        }
    }
}
