//! Tables of cards, banks and wallets.

use csv::StringRecord;
use jiff::tz::Offset;
use rustc_hash::FxHashMap;

use super::columns::{Places, Role, names_of};
use super::names::STATEMENT_NAMES;
use super::table::{Cells, Table, cell, line_of};
use super::{Hints, Unreadable, guess, layout};
use crate::day::{self, DateOrder, Day};
use crate::fold;
use crate::limits::{PREAMBLE_ROWS_MAX, SKIPPED_NAMED_MAX};
use crate::line::{Encoding, Layout, Line, SkipReason, Skipped, Statement};
use crate::money::{Currency, Money};

/// How the rows below the header are understood.
struct Understood<'a> {
    layout: Layout,
    header: Option<&'a StringRecord>,
    /// Rows above the first that may be a line.
    above: usize,
    places: Places,
    dates: Option<DateOrder>,
    purchases_negative: Option<bool>,
    currency: Option<Currency>,
}

/// Reads a table. Its name and encoding are the caller's to fill in.
pub(super) fn read(text: &str, hints: &Hints) -> Result<Statement, Unreadable> {
    let table = Table::read(text, Cells::OneLine)?;
    let rows: Vec<&StringRecord> = table.rows().collect();
    let understood = understand(&rows, hints)?;
    let below = rows.get(understood.above..).unwrap_or_default();
    let mut reader = Reader::settle(&understood, below, hints)?;
    let (mut lines, mut skipped) = (Vec::with_capacity(below.len()), Vec::new());
    for row in below {
        match reader.line(row) {
            Ok(Some(line)) => lines.push(line),
            Ok(None) => reader.attach_foreign(row, &mut lines),
            Err(reason) => skipped.push(Skipped { row: line_of(row), reason }),
        }
    }
    mostly_read(lines.len(), &skipped)?;
    let (skipped_rows, guessed) = (skipped.len(), reader.said(&understood, hints));
    skipped.truncate(SKIPPED_NAMED_MAX);
    Ok(Statement {
        name: String::new(),
        layout: understood.layout,
        encoding: Encoding::Utf8,
        guessed,
        covers: (None, None),
        lines,
        skipped,
        skipped_rows,
    })
}

/// Refuses a table most of whose rows failed: it is something else.
pub(super) fn mostly_read(read: usize, skipped: &[Skipped]) -> Result<(), Unreadable> {
    let Some(first) = skipped.first().filter(|_| skipped.len() > read) else { return Ok(()) };
    let what = match first.reason {
        SkipReason::Date => "date",
        SkipReason::Amount => "amount",
        SkipReason::Id => "id",
        SkipReason::Event => "event",
    };
    Err(Unreadable::MostlyUnreadable {
        bad: skipped.len(),
        rows: read + skipped.len(),
        line: first.row,
        what,
    })
}

fn understand<'a>(rows: &[&'a StringRecord], hints: &Hints) -> Result<Understood<'a>, Unreadable> {
    let head = rows.iter().take(PREAMBLE_ROWS_MAX).copied().enumerate();
    let known = head.clone().find_map(|(at, row)| Some((at, row, layout::of_header(row)?)));
    if let Some((at, header, known)) = known {
        let usual = Places::by_usual_names(header, STATEMENT_NAMES);
        return Ok(Understood {
            layout: known.layout,
            header: Some(header),
            above: at + 1,
            places: usual.overlaid(hints.columns.place(Some(header), header.len())?),
            dates: Some(known.dates),
            purchases_negative: Some(known.purchases_negative),
            currency: Some(known.currency),
        });
    }
    let named = head.clone().find_map(|(at, row)| {
        let usual = Places::by_usual_names(row, STATEMENT_NAMES);
        (usual.suffice() || hints.columns.are_named_in(row)).then_some((at + 1, Some(row), usual))
    });
    let dates = hints.columns.dates.unwrap_or(DateOrder::Ymd);
    let (above, header, usual) = match named {
        Some(named) => named,
        None if !hints.columns.name_any() && guess::is_smbc(rows) => {
            return Ok(Understood {
                layout: Layout::Smbc,
                dates: Some(DateOrder::Ymd),
                purchases_negative: Some(false),
                ..Understood::generic(0, None, guess::smbc())
            });
        }
        None => match head.clone().find(|(_, row)| guess::is_header(row)) {
            Some((at, header)) => {
                let below = rows.get(at + 1..).unwrap_or_default();
                (at + 1, Some(header), guess::by_contents(below, dates).unwrap_or_default())
            }
            None => (0, None, guess::by_contents(rows, dates).unwrap_or_default()),
        },
    };
    let count = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    let places = usual.overlaid(hints.columns.place(header, count)?);
    if places.suffice() {
        return Ok(Understood::generic(above, header, places));
    }
    let columns = header.map_or_else(|| vec![format!("{count} without names")], names_of);
    Err(Unreadable::UnknownColumns { columns })
}

impl<'a> Understood<'a> {
    fn generic(above: usize, header: Option<&'a StringRecord>, places: Places) -> Self {
        Self {
            layout: Layout::Generic,
            header,
            above,
            places,
            dates: None,
            purchases_negative: None,
            currency: None,
        }
    }
}

/// Reads single rows.
struct Reader {
    places: Places,
    dates: DateOrder,
    purchases_negative: bool,
    currency: Currency,
    /// Names as shown and as compared, by how they are written: a statement repeats them.
    names: FxHashMap<String, (String, String)>,
}

/// Names remembered while a file is read.
const NAMES_MAX: usize = 10_000;

impl Reader {
    /// Settles by the rows what no layout declares: the order of dates, the sign of charges (the
    /// more frequent one) and the currency (decimals are no yen).
    fn settle(
        understood: &Understood<'_>,
        rows: &[&StringRecord],
        hints: &Hints,
    ) -> Result<Self, Unreadable> {
        let places = understood.places.clone();
        let date = places.of(Role::Date).or(places.of(Role::Posted));
        let texts = rows.iter().map(|row| cell(row, date));
        let dates = match hints.columns.dates.or(understood.dates) {
            Some(dates) => dates,
            None => {
                day::order_of(texts).map_err(|example| Unreadable::AmbiguousDates { example })?
            }
        };
        let amount = places.of(Role::Amount).or(places.of(Role::Out));
        let amounts = || rows.iter().map(|row| cell(row, amount));
        let currency = hints.currency.or(understood.currency).unwrap_or_else(|| {
            let cents = |text: &str| {
                text.len() > 3 && text.get(text.len() - 3..).is_some_and(|end| end.starts_with('.'))
            };
            if amounts().any(cents) { Currency::USD } else { Currency::JPY }
        });
        let purchases_negative = hints.columns.purchases_negative.or(understood.purchases_negative);
        let purchases_negative = purchases_negative.unwrap_or_else(|| {
            // Whatever the currency: one with decimals accepts every sign of them.
            let read = amounts().filter_map(|text| Money::read(text, Currency::USD));
            let signs = read.fold(0_i64, |sum, money| sum + money.amount.signum());
            places.of(Role::Amount).is_some() && signs < 0
        });
        Ok(Self { places, dates, purchases_negative, currency, names: FxHashMap::default() })
    }

    /// What was guessed, in the words of `--columns`; nothing where all was declared or said.
    fn said(&self, understood: &Understood<'_>, hints: &Hints) -> Option<String> {
        if understood.layout != Layout::Generic {
            return None;
        }
        let mut said = self.places.said(understood.header);
        if self.places.of(Role::Amount).is_some() {
            said.push_str(if self.purchases_negative {
                ",purchases=negative"
            } else {
                ",purchases=positive"
            });
        }
        said.push_str(match self.dates {
            DateOrder::Ymd => ",dates=ymd",
            DateOrder::Mdy => ",dates=mdy",
            DateOrder::Dmy => ",dates=dmy",
        });
        let confirmed = said.parse().is_ok_and(|columns| hints.columns == columns);
        (!confirmed).then_some(said)
    }

    /// The line in a row; none in a title, a sum or an empty row.
    fn line(&mut self, row: &StringRecord) -> Result<Option<Line>, SkipReason> {
        let text = |role| cell(row, self.places.of(role));
        let day = |role| self.day(text(role));
        let (used, posted) = (day(Role::Date), day(Role::Posted));
        let merchant = text(Role::Merchant);
        let amount = self.amount(row);
        if used.is_none() && posted.is_none() {
            let named = !merchant.is_empty() && !merchant.contains('計');
            let dated = !text(Role::Date).is_empty();
            return if named && dated && amount.is_some() {
                Err(SkipReason::Date)
            } else {
                Ok(None)
            };
        }
        let amount = amount.ok_or(SkipReason::Amount)?;
        let account = Some(text(Role::Account)).filter(|text| !text.is_empty()).map(hashed);
        let foreign = self.foreign(row);
        let (merchant, folded) = self.named(merchant);
        let row = line_of(row);
        Ok(Some(Line { row, used, posted, merchant, folded, amount, foreign, account }))
    }

    /// A name as shown and as compared.
    fn named(&mut self, merchant: &str) -> (String, String) {
        if let Some(known) = self.names.get(merchant) {
            return known.clone();
        }
        let named = (fold::shown(merchant), fold::fold(merchant));
        if self.names.len() < NAMES_MAX {
            self.names.insert(merchant.to_owned(), named.clone());
        }
        named
    }

    /// The calendar of a statement is that of its issuer, and times in it carry no zone.
    fn day(&self, text: &str) -> Option<Day> {
        (!text.is_empty())
            .then(|| day::read(text, self.dates))
            .flatten()
            .map(|at| at.day(Offset::UTC))
    }

    fn amount(&self, row: &StringRecord) -> Option<Money> {
        let read = |role| Money::read(cell(row, self.places.of(role)), self.currency_of(row));
        if let Some(mut amount) = read(Role::Amount) {
            let reversed = cell(row, self.places.of(Role::Reversed));
            let turned = self.purchases_negative || (!reversed.is_empty() && amount.amount > 0);
            amount.amount = if turned { -amount.amount } else { amount.amount };
            return match read(Role::In).filter(|back| back.amount != 0) {
                Some(back) if amount.amount == 0 => {
                    Some(Money { amount: -back.amount.abs(), ..back })
                }
                Some(back) => Some(Money { amount: amount.amount - back.amount.abs(), ..amount }),
                None => Some(amount),
            };
        }
        let out = read(Role::Out).map(|out| Money { amount: out.amount.abs(), ..out });
        let back = read(Role::In).map(|back| Money { amount: -back.amount.abs(), ..back });
        out.filter(|out| out.amount != 0).or(back).or(out)
    }

    /// The column of currencies speaks of the foreign amount where there is one, else of the amount.
    fn currency_of(&self, row: &StringRecord) -> Currency {
        let column =
            self.places.of(Role::Currency).filter(|_| self.places.of(Role::Foreign).is_none());
        Currency::named(cell(row, column)).unwrap_or(self.currency)
    }

    fn foreign(&self, row: &StringRecord) -> Option<Money> {
        let text = cell(row, self.places.of(Role::Foreign));
        let declared = Currency::named(cell(row, self.places.of(Role::Currency)));
        let money = match (text.is_empty(), declared) {
            (true, _) => foreign_in(cell(row, self.places.of(Role::Memo))),
            (false, Some(currency)) => Money::read(text, currency),
            (false, None) => foreign_in(text),
        };
        money.filter(|money| money.currency != self.currency && money.amount != 0)
    }

    /// Rakuten tells the foreign amount in a row of its own below the line.
    fn attach_foreign(&self, row: &StringRecord, lines: &mut [Line]) {
        let text = cell(row, self.places.of(Role::Merchant));
        if let Some(line) = lines.last_mut()
            && line.foreign.is_none()
            && fold::fold(text).starts_with(&fold::fold("現地利用額"))
        {
            line.foreign = foreign_in(text);
        }
    }
}

/// The first amount in `text` that a currency's code or name stands beside: `12.99 USD`,
/// `12.99　米ドル`, `USD 12.99 157.2`.
fn foreign_in(text: &str) -> Option<Money> {
    let shown = fold::shown(text);
    let words: Vec<&str> = shown.split(' ').collect();
    let beside = words.windows(2).find_map(|pair| {
        let [first, second] = pair else { return None };
        let behind = Currency::named(second).map(|currency| (first, currency));
        let (number, currency) = behind.or_else(|| Some((second, Currency::named(first)?)))?;
        let digits = number.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        Money::read(digits, currency)
    });
    let foreign = |money: &Money| money.currency != Currency::JPY;
    beside
        .or_else(|| words.iter().find_map(|word| Money::read(word, Currency::JPY).filter(foreign)))
}

/// The card, only ever compared.
pub(super) fn hashed(account: &str) -> u64 {
    let hash = blake3::hash(fold::fold(account).as_bytes());
    hash.as_bytes().first_chunk().map_or(0, |head| u64::from_le_bytes(*head))
}
