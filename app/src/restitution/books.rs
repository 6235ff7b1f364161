//! The books of a case for others: every posting of every order, and what stands where.

use std::collections::BTreeMap;

use domain::ledger::{Account, Posting};
use serde::Serialize;
use utoipa::ToSchema;

use super::Numbered;
use super::telling::currency;
use crate::http::problem::Problem;

/// The books of a case. Every posting's lines sum to 0.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseLedger)]
pub struct Books {
    /// Every posting, by order, oldest first.
    pub postings: Vec<PostingView>,
    /// Debits less credits of every account, by currency and account.
    pub balances: BTreeMap<String, BTreeMap<String, i64>>,
    /// What customers are still owed, by currency.
    pub owed: BTreeMap<String, i64>,
}

/// A posting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasePosting)]
pub struct PostingView {
    /// Your id of the order.
    pub order_id: String,
    /// What it is about; the same key is posted once.
    pub key: String,
    /// The posting that this one sets right.
    pub reverses: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Both sides.
    pub lines: Vec<LineView>,
}

/// A side of a posting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasePostingLine)]
pub struct LineView {
    /// Where.
    #[schema(example = "psp_clearing")]
    pub account: String,
    /// Minor units; debit above 0, credit below.
    pub amount: i64,
}

/// An account by name.
pub fn account_name(account: Account) -> String {
    let name = serde_json::to_value(account).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Books {
    /// Of these restitutions.
    pub fn of(all: &[Numbered]) -> Self {
        let mut books =
            Self { postings: Vec::new(), balances: BTreeMap::new(), owed: BTreeMap::new() };
        for one in all {
            let restitution = &one.kept.restitution;
            let currency = currency(restitution);
            let postings = restitution.ledger.postings().iter();
            books.postings.extend(postings.map(|one| view(one, &restitution.order, &currency)));
            let balances = books.balances.entry(currency.clone()).or_default();
            for (account, balance) in restitution.ledger.balances() {
                *balances.entry(account_name(account)).or_default() += balance;
            }
            *books.owed.entry(currency).or_default() += restitution.ledger.owed();
        }
        books
    }

    /// As CSV (RFC 4180), one line of a posting each.
    ///
    /// # Errors
    /// Never in practice: it is written to memory.
    pub fn csv(&self) -> Result<Vec<u8>, Problem> {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let failed = |error: csv::Error| Problem::internal(&error);
        writer
            .write_record(["order_id", "key", "reverses", "account", "amount", "currency"])
            .map_err(failed)?;
        for posting in &self.postings {
            for line in &posting.lines {
                let amount = line.amount.to_string();
                let row = [
                    inert(&posting.order_id),
                    inert(&posting.key),
                    inert(posting.reverses.as_deref().unwrap_or_default()),
                    line.account.clone(),
                    amount,
                    posting.currency.clone(),
                ];
                writer.write_record(row).map_err(failed)?;
            }
        }
        writer.into_inner().map_err(|error| Problem::internal(&error.into_error()))
    }
}

/// A spreadsheet takes nothing of it for a formula: ids come from outside.
pub fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn view(posting: &Posting, order: &str, currency: &str) -> PostingView {
    let line = |line: &domain::ledger::Line| LineView {
        account: account_name(line.account),
        amount: line.amount,
    };
    PostingView {
        order_id: order.to_owned(),
        key: posting.key.clone(),
        reverses: posting.reverses.clone(),
        currency: currency.to_owned(),
        lines: posting.lines.iter().map(line).collect(),
    }
}
