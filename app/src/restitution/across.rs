//! What the desk reads across all cases: open tasks by when they are due, and the books.
//!
//! Both are rows beside the restitutions, written in the transaction that changed one: a task's row is
//! a pointer and goes with its task; a line of the books stays, also when its person is erased, and
//! names nobody.

use std::collections::{BTreeMap, BTreeSet};

use domain::keyed::Field;
use domain::ledger::Account;
use domain::restitution::Task;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::{Changes, Document, DocumentKind, Put, Spot};

use super::books::account_name;
use super::{Numbered, currency, read};
use crate::cases::Numbered as Case;
use crate::http::House;
use crate::http::problem::Problem;

/// Lines of the books summed up for balances, or exported, at once.
pub const LINES_MAX: usize = 100_000;
const CHUNK: u32 = 1_000;

/// Where a task stands.
#[derive(Serialize, Deserialize)]
struct Pointer {
    restitution: u128,
    place: usize,
}

/// A task of any case that is not done.
pub struct OpenTask {
    /// The restitution that it belongs to.
    pub one: Numbered,
    /// Its place there.
    pub place: usize,
    /// It.
    pub task: Task,
    /// The case.
    pub case: Case,
}

/// A page of a list, and after what the next begins.
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// After which the next page begins; none on the last.
    pub next: Option<Spot>,
}

/// One side of a posting, as it stands in the books of all cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookLine {
    /// When it was posted.
    pub at: Micros,
    /// The case.
    pub case: u128,
    /// The store's id of the order.
    pub order: String,
    /// What it is about.
    pub key: String,
    /// The posting that this one sets right.
    pub reverses: Option<String>,
    /// Where.
    pub account: Account,
    /// Minor units; debit above 0, credit below.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

/// Which lines of the books.
#[derive(Default)]
pub struct Which {
    /// Of this case alone.
    pub case: Option<Case>,
    /// Of this account alone.
    pub account: Option<Account>,
}

/// Sums of the books.
#[derive(Default)]
pub struct Balances {
    /// Debits less credits, by currency and account.
    pub of: BTreeMap<String, BTreeMap<Account, i64>>,
    /// Every line was summed up.
    pub complete: bool,
}

impl Balances {
    /// What everything comes to, by currency: 0, or the books are wrong.
    pub fn sums(&self) -> impl Iterator<Item = (&String, i64)> {
        self.of.iter().map(|(currency, accounts)| (currency, accounts.values().sum()))
    }
}

impl House {
    /// Puts the rows of a restitution's tasks, and of what was posted since it was read.
    pub(super) fn list(&self, one: &Numbered, changes: &mut Changes) {
        for (place, task) in one.kept.restitution.tasks.iter().enumerate() {
            let id = self.row_id("task", &format!("{:x}\0{place}", one.id));
            // As often as it is written anew, it is the same row: it has no versions.
            changes.removals.push((DocumentKind::Task, id, None));
            if !task.done {
                let body = serde_json::to_vec(&Pointer { restitution: one.id, place });
                changes.puts.push(Put {
                    kind: DocumentKind::Task,
                    account: Some(one.holder()),
                    rank: task.due_at().0,
                    ..row(id, body.unwrap_or_default())
                });
            }
        }
        for (number, line) in lines_of(one).into_iter().enumerate().skip(one.booked * SIDES) {
            let id = self.row_id("book", &format!("{:x}\0{number}", one.id));
            changes.puts.push(Put {
                kind: DocumentKind::BookLine,
                state: number_of(line.account),
                rank: -line.at.0,
                ..row(id, serde_json::to_vec(&line).unwrap_or_default())
            });
        }
    }

    pub(super) fn row_id(&self, kind: &str, which: &str) -> u128 {
        self.hasher.wide(Field::Other, format!("{kind}\0{which}").as_bytes())
    }

    /// Tasks of all cases, what is due first first.
    ///
    /// # Errors
    /// The database is not there.
    pub async fn open_tasks(
        &self,
        after: Option<Spot>,
        limit: u32,
    ) -> Result<Listed<OpenTask>, Problem> {
        let page = self.listed(DocumentKind::Task, &[0], (after, limit)).await?;
        let next = page.next;
        let pointers = page.items.iter().filter_map(|row| serde_json::from_slice(&row.body).ok());
        let pointers: Vec<Pointer> = pointers.collect();
        let ids: BTreeSet<u128> = pointers.iter().map(|pointer| pointer.restitution).collect();
        let ids: Vec<u128> = ids.into_iter().collect();
        let found = self.store.documents_with(DocumentKind::Restitution, &ids).await?;
        let ones: BTreeMap<u128, Numbered> =
            found.iter().filter_map(read).map(|one| (one.id, one)).collect();
        let cases: BTreeSet<u128> = ones.values().map(|one| one.kept.case).collect();
        let cases = self.cases_with(&cases.into_iter().collect::<Vec<_>>()).await?;
        let open = |pointer: Pointer| {
            let one = ones.get(&pointer.restitution)?;
            let task = one.kept.restitution.tasks.get(pointer.place).filter(|task| !task.done)?;
            let case = cases.iter().find(|case| case.id == one.kept.case)?.clone();
            Some(OpenTask { task: task.clone(), place: pointer.place, one: one.clone(), case })
        };
        Ok(Listed { items: pointers.into_iter().filter_map(open).collect(), next })
    }

    /// Lines of the books, the latest first.
    ///
    /// # Errors
    /// The database is not there.
    pub async fn book_lines(
        &self,
        which: &Which,
        after: Option<Spot>,
        limit: u32,
    ) -> Result<Listed<BookLine>, Problem> {
        if let Some(case) = &which.case {
            return Ok(page_of(self.lines_of_case(case, which.account).await?, after, limit));
        }
        let accounts: Vec<i64> = match which.account {
            Some(account) => vec![number_of(account)],
            None => Account::ALL.map(number_of).into(),
        };
        let page = self.listed(DocumentKind::BookLine, &accounts, (after, limit)).await?;
        let lines = page.items.iter().filter_map(|row| serde_json::from_slice(&row.body).ok());
        Ok(Listed { items: lines.collect(), next: page.next })
    }

    /// What stands where, over all lines of `which`.
    ///
    /// # Errors
    /// The database is not there.
    pub async fn book_balances(&self, which: &Which) -> Result<Balances, Problem> {
        let (lines, complete) = self.all_book_lines(which).await?;
        let mut balances = Balances { complete, ..Balances::default() };
        for line in lines {
            let accounts = balances.of.entry(line.currency).or_default();
            *accounts.entry(line.account).or_default() += line.amount;
        }
        Ok(balances)
    }

    /// All lines of `which`, the latest first, and whether these are all.
    ///
    /// # Errors
    /// The database is not there.
    pub async fn all_book_lines(&self, which: &Which) -> Result<(Vec<BookLine>, bool), Problem> {
        let (mut lines, mut after) = (Vec::new(), None);
        while lines.len() < LINES_MAX {
            let page = self.book_lines(which, after, CHUNK).await?;
            lines.extend(page.items);
            let Some(next) = page.next else { return Ok((lines, true)) };
            after = Some(next);
        }
        Ok((lines, false))
    }

    async fn lines_of_case(
        &self,
        case: &Case,
        account: Option<Account>,
    ) -> Result<Vec<BookLine>, Problem> {
        let all = self.restitutions(case).await?;
        let mut lines: Vec<BookLine> = all.iter().flat_map(lines_of).collect();
        lines.retain(|line| account.is_none_or(|only| line.account == only));
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        Ok(lines)
    }

    async fn listed(
        &self,
        kind: DocumentKind,
        states: &[i64],
        (after, limit): (Option<Spot>, u32),
    ) -> Result<Listed<Document>, Problem> {
        let mut items = self.store.documents_queued(kind, states, after, limit + 1).await?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let spot = |last: &Document| Spot { rank: last.rank, id: last.id };
        let next = items.last().filter(|_| more).map(spot);
        Ok(Listed { items, next })
    }
}

/// A posting has two sides.
const SIDES: usize = 2;

fn lines_of(one: &Numbered) -> Vec<BookLine> {
    let restitution = &one.kept.restitution;
    let postings = restitution.ledger.postings().iter();
    let lines = postings.flat_map(|posting| {
        posting.lines.iter().map(|line| BookLine {
            at: posting.at,
            case: one.kept.case,
            order: restitution.order.clone(),
            key: posting.key.clone(),
            reverses: posting.reverses.clone(),
            account: line.account,
            amount: line.amount,
            currency: currency(restitution),
        })
    });
    lines.collect()
}

/// A page of lines that are all at hand: the cursor is how many came before.
fn page_of(lines: Vec<BookLine>, after: Option<Spot>, limit: u32) -> Listed<BookLine> {
    let before = usize::try_from(after.map_or(0, |spot| spot.id)).unwrap_or(usize::MAX);
    let until = before.saturating_add(limit as usize);
    let next = (until < lines.len()).then_some(Spot { rank: 0, id: until as u128 });
    Listed { items: lines.into_iter().skip(before).take(limit as usize).collect(), next }
}

pub(super) fn row(id: u128, body: Vec<u8>) -> Put {
    Put {
        kind: DocumentKind::Task,
        id,
        account: None,
        seen: None,
        state: 0,
        rank: 0,
        due_at: None,
        expires_at: None,
        body,
        names: None,
    }
}

/// What the database calls an account of the books.
fn number_of(account: Account) -> i64 {
    let place = Account::ALL.iter().position(|one| *one == account);
    place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1)
}

/// The account of the books called `name`.
pub fn account_named(name: &str) -> Option<Account> {
    Account::ALL.into_iter().find(|account| account_name(*account) == name)
}
