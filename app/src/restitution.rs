//! Restitutions as they are kept: one for every confirmed order of a case, sealed with its account.
//!
//! An order has one restitution, whatever cases there are (T14): its name is unique. What the store
//! has to do leaves by webhook in the transaction that decided it.

pub mod across;
pub mod books;
mod sellers;
mod telling;
mod work;

use std::sync::Arc;

use domain::case::{Actor, Outcome};
use domain::keyed::{AccountKey, Field};
use domain::ledger::Bearer;
use domain::parcel::Parcel;
use domain::restitution::{Command, Facts, New, Refused, Restitution, Right};
use domain::time::{HOUR, MINUTE, Micros};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, Document, DocumentKind, Put};

use crate::audit::Act;
use crate::carriers::Carriers;
use crate::cases::Numbered as Case;
use crate::config::{BadSetting, Config};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::payments::{self, Refunds};

pub use telling::currency;

/// Restitutions of one account.
const OF_ACCOUNT_MAX: u32 = 500;
/// A command is judged again so often when somebody else was faster.
const TRIES: u32 = 60;

/// What making whole needs from outside.
#[derive(Clone)]
pub struct MakingWhole {
    /// Who pays directly; none where the store's own system pays.
    pub provider: Option<Arc<dyn Refunds>>,
    /// Who is asked by a program to stop a parcel.
    pub carriers: Carriers,
    /// Above this, in minor units, an order wants a second person.
    pub second_person_above: i64,
}

impl MakingWhole {
    /// What the settings say.
    ///
    /// # Errors
    /// The setting that makes no sense.
    pub fn of(config: &Config) -> Result<Self, BadSetting> {
        let limit = "refund-second-person-above";
        let second_person_above = config.said.text(limit).parse().ok().filter(|sum| *sum >= 0);
        Ok(Self {
            provider: payments::provider(config)?,
            carriers: Carriers::of(config),
            second_person_above: second_person_above
                .ok_or_else(|| config.said.bad(limit, "an amount in minor units"))?,
        })
    }
}

/// A restitution as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// How far it has come.
    pub restitution: Restitution,
    /// The case.
    pub case: u128,
    /// The account's id as the store gave it.
    pub account_name: String,
    /// When it was opened.
    pub opened_at: Micros,
}

/// A restitution with its place in the store.
#[derive(Clone)]
pub struct Numbered {
    /// Its id.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    account: AccountKey,
    version: Option<u64>,
    /// Steps that the audit trail has been told.
    told: usize,
    /// So many of its postings stand in the books of all cases.
    booked: usize,
}

impl Numbered {
    /// Who holds the account.
    fn holder(&self) -> (AccountKey, String) {
        (self.account, self.kept.account_name.clone())
    }

    fn put(&self, house: &House, due_at: Option<Micros>) -> Put {
        const URGENT_FIRST: i64 = 1 << 56;
        let one = &self.kept.restitution;
        let refunds = one.refunds.iter().map(|refund| house.refund_id(&refund.key));
        let order =
            house.hasher.wide(Field::Other, format!("restitution\0{}", one.order).as_bytes());
        Put {
            kind: DocumentKind::Restitution,
            id: self.id,
            account: Some(self.holder()),
            seen: self.version,
            state: i64::from(one.is_over()),
            rank: if one.is_urgent() { 0 } else { URGENT_FIRST } + self.kept.opened_at.0,
            due_at,
            expires_at: None,
            body: serde_json::to_vec(&self.kept).unwrap_or_default(),
            names: Some(refunds.chain([order]).collect()),
        }
    }
}

fn read(document: &Document) -> Option<Numbered> {
    let kept: Kept = serde_json::from_slice(&document.body).ok()?;
    let (id, version, told) = (document.id, Some(document.version), kept.restitution.steps.len());
    let booked = kept.restitution.ledger.postings().len();
    Some(Numbered { id, kept, account: document.account?, version, told, booked })
}

/// Why a command was refused, as callers are told.
pub fn refusal(refused: &Refused) -> Problem {
    match refused {
        Refused::Facts(misfit) => Problem::invalid(misfit.pointer.clone(), misfit.detail),
        Refused::Unknown => Problem::not_found("parcel, refund or task of this restitution"),
        Refused::NotToSender => Problem::invalid("/action", refused.to_string()),
        Refused::NeedsSupervisor | Refused::NeedsAgent => {
            Problem::new(Kind::Forbidden, refused.to_string())
        }
        other => Problem::new(Kind::Conflict, other.to_string()),
    }
}

impl House {
    /// The id under which a refund is told to others.
    pub fn refund_id(&self, key: &str) -> u128 {
        self.hasher.wide(Field::Other, format!("refund\0{key}").as_bytes())
    }

    /// The restitution of this id.
    ///
    /// # Errors
    /// There is none.
    pub async fn restitution(&self, id: u128) -> Result<Numbered, Problem> {
        let found = self.store.document(DocumentKind::Restitution, id).await?;
        found.as_ref().and_then(read).ok_or_else(|| Problem::not_found("restitution"))
    }

    /// The restitution that has this refund, and the refund's key.
    ///
    /// # Errors
    /// There is none.
    pub async fn restitution_of_refund(&self, id: u128) -> Result<(Numbered, String), Problem> {
        let missing = || Problem::not_found("refund");
        let found = self.store.document_named(DocumentKind::Restitution, id).await?;
        let one = found.as_ref().and_then(read).ok_or_else(missing)?;
        let refund = one.kept.restitution.refunds.iter();
        let key = refund.map(|refund| &refund.key).find(|key| self.refund_id(key) == id).cloned();
        Ok((one, key.ok_or_else(missing)?))
    }

    /// The restitutions of a case, the urgent first, then the oldest (R52).
    pub async fn restitutions(&self, case: &Case) -> Result<Vec<Numbered>, Problem> {
        let Some(account) = case.kept.case.account else { return Ok(Vec::new()) };
        let kind = DocumentKind::Restitution;
        let mut all = self.store.documents_of(account, kind, OF_ACCOUNT_MAX).await?;
        all.sort_by_key(|document| document.rank);
        let all = all.iter().filter_map(read);
        Ok(all.filter(|one| one.kept.case == case.id).collect())
    }

    /// Opens the restitution of an order that was ruled on (R29): the plan of every parcel, its
    /// first act, and a proposed refund for everything that was captured.
    ///
    /// # Errors
    /// The order has no final ruling for a refund, the facts do not fit together, or the order has
    /// a restitution already.
    pub async fn open_restitution(
        &self,
        case: &Case,
        facts: Facts,
        by: &Actor,
    ) -> Result<Numbered, Problem> {
        let holder = case.kept.case.account.zip(case.kept.account_name.clone());
        let (account, account_name) =
            holder.ok_or_else(|| Problem::not_found("account of the case"))?;
        let now = self.world.now();
        let new = New {
            case: crate::id::show("cas", case.id),
            right: right(case, &facts.order)?,
            facts,
            second_person_above: self.making_whole.second_person_above,
            carriers: self.making_whole.carriers.0.clone(),
        };
        let (restitution, actions) =
            Restitution::open(new, by, now).map_err(|refused| refusal(&refused))?;
        let kept = Kept { restitution, case: case.id, account_name, opened_at: now };
        let (id, version) = (self.world.uuid(), None);
        let opened = Numbered { id, kept, account, version, told: 0, booked: 0 };
        for _ in 0..TRIES {
            let mut opened = opened.clone();
            let beside = self.watch_sellers(&mut opened, now).await?;
            match self.write_restitution(opened, &actions, beside).await? {
                Ok(written) => return Ok(written),
                Err(Applied::NameTaken(..)) => {
                    let detail = "this order has a restitution already";
                    return Err(Problem::new(Kind::Conflict, detail));
                }
                Err(_) => {}
            }
        }
        Err(Problem::unavailable(1))
    }

    /// Carries a command out, judged anew whenever somebody else was faster.
    ///
    /// # Errors
    /// A problem that says why not; nothing was changed then.
    pub async fn restitute(
        &self,
        id: u128,
        command: &Command,
        by: &Actor,
    ) -> Result<Numbered, Problem> {
        for _ in 0..TRIES {
            let now = self.world.now();
            let before = self.restitution(id).await?;
            let judged = before.kept.restitution.next(command, by, now);
            let (restitution, actions) = judged.map_err(|refused| refusal(&refused))?;
            if restitution == before.kept.restitution {
                return Ok(before);
            }
            let kept = Kept { restitution, ..before.kept.clone() };
            let next = Numbered { kept, ..before };
            let written = self.write_restitution(next, &actions, Changes::default()).await?;
            if let Ok(written) = written {
                return Ok(written);
            }
        }
        Err(Problem::unavailable(1))
    }

    /// Writes a restitution with what leaves by it, `beside` in the same transaction; the inner error
    /// is a lost race.
    async fn write_restitution(
        &self,
        mut one: Numbered,
        actions: &[domain::restitution::Action],
        beside: Changes,
    ) -> Result<Result<Numbered, Applied>, Problem> {
        let now = self.world.now();
        let outbox = self.ask_the_store(&mut one, actions)?;
        let due_at = self.next_look(&one.kept.restitution, now);
        let steps = &one.kept.restitution.steps;
        let acts: Vec<Act> = steps.iter().skip(one.told).map(Act::from).collect();
        let mut changes = beside;
        changes.told.extend(Act::told(
            &acts,
            (DocumentKind::Restitution, one.id),
            Some(one.holder()),
        ));
        changes.puts.push(one.put(self, due_at));
        changes.outbox.extend(outbox);
        self.list(&one, &mut changes);
        Ok(match self.store.apply(&changes, now).await? {
            Applied::Done => {
                self.bell.notify_one();
                let version = Some(one.version.map_or(1, |seen| seen + 1));
                let told = one.kept.restitution.steps.len();
                let booked = one.kept.restitution.ledger.postings().len();
                Ok(Numbered { version, told, booked, ..one })
            }
            lost => Err(lost),
        })
    }

    /// When it is looked at next. Where parcels are, and what a provider has begun, is asked about
    /// every hour; what a provider may not have heard of, within a minute.
    fn next_look(&self, one: &Restitution, now: Micros) -> Option<Micros> {
        let under_way = one.refunds.iter().filter(|refund| self.is_under_way(refund));
        let waits = under_way.map(|one| if one.reference.is_some() { HOUR } else { MINUTE });
        let moving = one.parcels.iter().any(Parcel::is_open).then_some(HOUR);
        waits.chain(moving).map(|wait| now.plus(wait)).chain(one.due_at(now)).min()
    }
}

/// By what right, as it was ruled: the table's outcome, and no more than that.
fn right(case: &Case, order: &str) -> Result<Right, Problem> {
    let ruled = case.kept.case.rulings.get(order).filter(|ruled| ruled.is_final());
    match ruled.map(|ruled| ruled.ruling.outcome) {
        Some(Outcome::Refund { amount, borne_by }) => Ok(Right { borne_by, cap: amount }),
        Some(Outcome::SettledByIssuer) => Ok(Right { borne_by: Bearer::Store, cap: i64::MAX }),
        _ => Err(Problem::new(Kind::Conflict, "the order has no final ruling that confirms it")),
    }
}

/// Words that views of restitutions ask for by name.
#[cfg(test)]
pub fn text_keys() -> impl Iterator<Item = String> {
    use domain::refund::Path;
    use domain::restitution::TaskKind;
    let paths = Path::ALL.map(|path| format!("refund-path-{}", path.name()));
    paths.into_iter().chain(TaskKind::ALL.map(|kind| format!("script-{}", kind.name())))
}
