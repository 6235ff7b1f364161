//! Making one confirmed order whole: its parcels, its refunds and its books (§4.4, §4.5).
//!
//! The store's facts come in as values. Parcels and refunds run beside each other: no refund waits
//! for goods, a carrier or a seller (R38), and nothing is ever asked of the victim (R35).

mod command;
mod facts;
mod goods;
mod money;
mod task;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::case::Actor;
use crate::event::PaymentKind;
use crate::ledger::{Bearer, Ledger};
use crate::parcel::{Parcel, State as ParcelState};
use crate::refund::Refund;
use crate::time::{DAY, Micros};

pub use command::{Action, Command, Refused};
pub use facts::{Facts, Line, Misfit, Payment, Share};
pub use task::{Task, TaskKind};

/// A payer that was told and is silent is asked about after so long.
pub const PAYER_SILENT: i64 = 3 * DAY;
/// Rows kept of one restitution.
pub const STEPS_MAX: usize = 5_000;

/// By what right money goes back, as it was ruled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// Who bears it (C14).
    pub borne_by: Bearer,
    /// So much at most, in minor units: what was ruled, and the guarantee's cap (R31).
    pub cap: i64,
}

/// What a restitution begins with.
#[derive(Debug, Clone)]
pub struct New {
    /// The case, as it stands in keys.
    pub case: String,
    /// The store's facts.
    pub facts: Facts,
    /// By what right.
    pub right: Right,
    /// Above this, in minor units for the whole order, a second person agrees (T5).
    pub second_person_above: i64,
    /// Carriers that can be asked by a program.
    pub carriers: Vec<String>,
}

/// Who agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// By name.
    pub by: String,
    /// As a supervisor.
    pub supervises: bool,
    /// When.
    pub at: Micros,
}

/// A row of the history: only what changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Micros,
    /// Who.
    pub by: Actor,
    /// What.
    pub did: String,
    /// Which parcel or refund.
    pub about: String,
}

/// The restitution of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restitution {
    /// The case, as it stands in keys.
    pub case: String,
    /// The store's id of the order.
    pub order: String,
    /// By what right.
    pub right: Right,
    /// Above this a second person agrees.
    pub second_person_above: i64,
    /// How it was paid.
    pub payments: Vec<Payment>,
    /// Its parcels.
    pub parcels: Vec<Parcel>,
    /// Its refunds.
    pub refunds: Vec<Refund>,
    /// Who agreed.
    pub approvals: Vec<Approval>,
    /// What persons have to do.
    pub tasks: Vec<Task>,
    /// Its books.
    pub ledger: Ledger,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
}

impl Restitution {
    /// Plans an order, and begins the first act of every parcel.
    ///
    /// # Errors
    /// [`Refused::Facts`] where the facts do not fit together.
    pub fn open(new: New, by: &Actor, now: Micros) -> Result<(Self, Vec<Action>), Refused> {
        new.facts.check().map_err(Refused::Facts)?;
        let refunds = facts::refunds(&new);
        let reachable = |name: &Option<String>| {
            name.as_ref().is_some_and(|name| new.carriers.iter().any(|one| one == name))
        };
        let parcels = new.facts.parcels.into_iter();
        let parcels = parcels.map(|facts| (reachable(&facts.carrier), facts));
        let mut opened = Self {
            case: new.case,
            order: new.facts.order,
            right: new.right,
            second_person_above: new.second_person_above,
            payments: new.facts.payments,
            parcels: parcels.map(|(reachable, facts)| Parcel::new(facts, reachable)).collect(),
            refunds,
            approvals: Vec::new(),
            tasks: Vec::new(),
            ledger: Ledger::new(new.facts.currency),
            steps: Vec::new(),
        };
        let mut actions = Vec::new();
        for place in 0..opened.parcels.len() {
            opened.begin(place, now, &mut actions)?;
        }
        opened.ledger.date(0, now);
        let (did, about) = ("opened".to_owned(), opened.order.clone());
        opened.steps.push(Step { at: now, by: by.clone(), did, about });
        Ok((opened, actions))
    }

    /// The restitution after `command`, and what to do when it is durable. The same command again
    /// changes nothing.
    ///
    /// # Errors
    /// [`Refused`]; it is as it was.
    pub fn next(
        &self,
        command: &Command,
        by: &Actor,
        now: Micros,
    ) -> Result<(Self, Vec<Action>), Refused> {
        if self.steps.len() >= STEPS_MAX {
            return Err(Refused::TooMany);
        }
        let mut next = self.clone();
        let mut actions = Vec::new();
        match command {
            Command::Approve => next.approve(by, now, &mut actions)?,
            Command::Submit { refund, disputed } => {
                next.submit(refund, *disputed, now, &mut actions)?;
            }
            Command::Settle { refund, settled, reference } => {
                next.settle(refund, *settled, reference.as_deref(), now)?;
            }
            Command::Refer { refund, reference } => next.refer(refund, reference)?,
            Command::Unheard { refund } => next.raise(TaskKind::NobodyPays, refund, now),
            Command::Reverse { refund } => next.reverse(refund, now)?,
            Command::FeeBilled(parcel, amount) => next.bill(parcel, *amount)?,
            Command::WriteOff(parcel) => next.write_off(parcel, by)?,
            Command::SellerWatched(seller) => next.raise(TaskKind::ReviewSeller, seller, now),
            Command::TaskTaken(place) => next.take_task(*place, by)?,
            Command::TaskDone(place) => {
                next.tasks.get_mut(*place).ok_or(Refused::Unknown)?.done = true;
            }
            Command::Tick => next.tick(now, &mut actions)?,
            goods => next.goods(goods, now, &mut actions)?,
        }
        next.claim_what_is_lost()?;
        if next == *self {
            return Ok((next, actions));
        }
        next.ledger.date(self.ledger.postings().len(), now);
        let (did, about) = command.told();
        let about = about.to_owned();
        next.steps.push(Step { at: now, by: by.clone(), did: did.to_owned(), about });
        Ok((next, actions))
    }

    /// Every parcel is at its end, and nothing is owed or under way.
    pub fn is_over(&self) -> bool {
        !self.parcels.iter().any(Parcel::is_open) && self.refunds.iter().all(Refund::is_over)
    }

    /// When it wants to be looked at next.
    pub fn due_at(&self, now: Micros) -> Option<Micros> {
        let parcels = self.parcels.iter().filter_map(Parcel::next_due);
        let refunds =
            self.refunds.iter().filter(|one| !self.was_raised(TaskKind::PayerSilent, &one.key));
        let tasks = self.tasks.iter().filter_map(Task::reminds_at);
        let refunds = refunds.filter_map(|one| one.due_at(PAYER_SILENT, now));
        parcels.chain(refunds).chain(tasks).min()
    }

    /// Money is gone at once, or the loot can be spent at once: these go first (R52).
    pub fn is_urgent(&self) -> bool {
        self.payments.iter().any(|payment| payment.kind == PaymentKind::DebitCard)
            || self.parcels.iter().any(|parcel| parcel.facts.state == ParcelState::Digital)
    }
}
