//! What a statement says, whatever its file looked like.

use serde::Serialize;

use crate::day::Day;
use crate::fold;
use crate::money::Money;

/// One file of a card, bank or wallet.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The name the caller gave the file.
    pub name: String,
    /// What it was recognised as.
    pub layout: Layout,
    /// How its letters were written.
    pub encoding: Encoding,
    /// How its columns were understood where nothing declared them, in the words of
    /// [`crate::read::Columns`]: say the same to confirm it.
    pub guessed: Option<String>,
    /// The days it covers, where the file says so.
    pub covers: (Option<Day>, Option<Day>),
    /// In the order of the file.
    pub lines: Vec<Line>,
    /// Rows that look like lines and could not be read; the first hundred.
    pub skipped: Vec<Skipped>,
    /// How many there were in all.
    pub skipped_rows: usize,
}

/// One charge, refund or payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 1-based line of the file on which it begins.
    pub row: u32,
    /// The day the card was used.
    pub used: Option<Day>,
    /// The day the issuer booked it.
    pub posted: Option<Day>,
    /// As it is shown: see [`fold::shown`].
    pub merchant: String,
    /// As it is compared: see [`fold::fold`].
    pub folded: String,
    /// Positive is a charge, negative a refund or payment.
    pub amount: Money,
    /// The amount in the currency of the shop.
    pub foreign: Option<Money>,
    /// The card or account, hashed; tells apart the same line of two cards.
    pub account: Option<u64>,
}

impl Line {
    /// A line without a card, foreign amount or row.
    pub fn new(used: Day, merchant: &str, amount: Money) -> Self {
        Self {
            row: 0,
            used: Some(used),
            posted: None,
            merchant: fold::shown(merchant),
            folded: fold::fold(merchant),
            amount,
            foreign: None,
            account: None,
        }
    }

    /// The day it is known by: of use, else of booking.
    pub fn day(&self) -> Option<Day> {
        self.used.or(self.posted)
    }
}

/// A row that looks like a line and could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// 1-based line of the file.
    pub row: u32,
    /// What is wrong with it.
    pub reason: SkipReason,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Its date is none.
    Date,
    /// Its amount is none, or missing.
    Amount,
    /// An order without an id.
    Id,
    /// An event of the log that is none.
    Event,
}

/// What a file was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it; see read/layout.rs for the columns")]
pub enum Layout {
    AmexJapan,
    RakutenEnavi,
    Smbc,
    Vpass,
    Jcb,
    PaypayCard,
    Paypay,
    View,
    Aeon,
    Saison,
    Epos,
    Chase,
    /// Columns by their usual names, by what is in them, or as the caller said.
    Generic,
    Ofx,
    Qif,
    AmazonOrders,
    AmazonOrders2026,
    AmazonItems,
    AmazonOrdersShipped,
    AmazonDigital,
    AmazonRefunds,
    GenericOrders,
    Events,
}

/// How letters were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16,
    Cp932,
    EucJp,
    Windows1252,
}
