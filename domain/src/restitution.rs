//! Making one confirmed order whole: its parcels, its refunds and its books (§4.4, §4.5).
//!
//! The store's facts come in as values. Parcels and refunds run beside each other: no refund waits
//! for goods, a carrier or a seller (R38), and nothing is ever asked of the victim (R35).

mod facts;
mod goods;
mod money;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::case::Actor;
use crate::event::PaymentKind;
use crate::intercept::{self, Destination, Through};
use crate::ledger::{self, Bearer, Ledger};
use crate::parcel::{Parcel, Stage, State as ParcelState};
use crate::refund::{Refund, Settled};
use crate::seller_return;
use crate::time::{DAY, Micros};

pub use facts::{Facts, Line, Misfit, Payment, Share};

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

/// Something a person has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What; also the key of the words for the phone.
    pub kind: TaskKind,
    /// Which parcel, or which refund's key.
    pub about: String,
    /// Since when.
    pub since: Micros,
    /// It is done.
    pub done: bool,
}

/// What a person has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum TaskKind {
    CancelNotDone,
    CodeNotRevoked,
    CallCarrier,
    CallSeller,
    ChaseCarrier,
    TraceParcel,
    SellerSilent,
    CheckReceipt,
    ClaimFromCarrier,
    PayerSilent,
    RefundByHand,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::CancelNotDone,
        Self::CodeNotRevoked,
        Self::CallCarrier,
        Self::CallSeller,
        Self::ChaseCarrier,
        Self::TraceParcel,
        Self::SellerSilent,
        Self::CheckReceipt,
        Self::ClaimFromCarrier,
        Self::PayerSilent,
        Self::RefundByHand,
    ];

    /// Its name, as it stands in text keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CancelNotDone => "cancel-not-done",
            Self::CodeNotRevoked => "code-not-revoked",
            Self::CallCarrier => "call-carrier",
            Self::CallSeller => "call-seller",
            Self::ChaseCarrier => "chase-carrier",
            Self::TraceParcel => "trace-parcel",
            Self::SellerSilent => "seller-silent",
            Self::CheckReceipt => "check-receipt",
            Self::ClaimFromCarrier => "claim-from-carrier",
            Self::PayerSilent => "payer-silent",
            Self::RefundByHand => "refund-by-hand",
        }
    }
}

/// What is asked of a restitution. Parcels go by the store's id, refunds by their key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The refunds are agreed to.
    Approve,
    /// A refund is about to be paid; whether a dispute runs was read just before (C13).
    Submit {
        /// Which.
        refund: String,
        /// At the issuer.
        disputed: bool,
    },
    /// How a try to pay ended.
    Settle {
        /// Which.
        refund: String,
        /// How.
        settled: Settled,
        /// What the payer calls it.
        reference: Option<String>,
    },
    /// A refund came back.
    Reverse {
        /// Which.
        refund: String,
    },
    /// A parcel was seen there.
    Seen(String, ParcelState),
    /// The order was cancelled before the parcel left (X1).
    Cancelled(String),
    /// The intercept is asked for, again or anew; elsewhere than home is refused (T17).
    Intercept(String, Destination),
    /// What became of an intercept.
    Carrier(String, intercept::Command),
    /// What the seller says.
    Seller(String, seller_return::Command),
    /// The goods are there; the seller bears so much, where they came back without being asked for.
    Received(String, i64),
    /// The code was revoked (`true`), or had been redeemed.
    Code(String, bool),
    /// The carrier paid so much for what it lost; 0: nothing.
    CarrierPaid(String, i64),
    /// The carrier billed so much for a return (R35).
    FeeBilled(String, i64),
    /// What is claimed for a parcel is given up, by a supervisor.
    WriteOff(String),
    /// A task is done, by its place.
    TaskDone(usize),
    /// Time has passed.
    Tick,
}

/// What to do when it is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Hold the parcel and cancel its part of the order.
    Cancel(String),
    /// Revoke the code.
    Revoke(String),
    /// Stop the parcel, through whom.
    Intercept(String, Through),
    /// Ask the seller to take it back, until when.
    AskSeller(String, Micros),
    /// Read the dispute state, then submit this refund.
    Pay(String),
    /// Pay this refund: it is submitted.
    Refund(String),
}

/// Why it is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The facts do not fit together.
    #[error("{}: {}", .0.pointer, .0.detail)]
    Facts(Misfit),
    /// There is no such parcel, refund or task.
    #[error("there is no such parcel, refund or task in this order")]
    Unknown,
    /// This cannot follow.
    #[error("it is not in a state in which this can follow")]
    NotNow,
    /// T17.
    #[error("a parcel goes back to its sender and nowhere else")]
    NotToSender,
    /// Only an agent or a supervisor may.
    #[error("an agent has to do this")]
    NeedsAgent,
    /// Only a supervisor may.
    #[error("a supervisor has to do this")]
    NeedsSupervisor,
    /// More than was captured by this payment, less what went back already.
    #[error("more than was captured")]
    AboveCaptured,
    /// A refund of this parcel is still under way.
    #[error("a refund of this parcel is still under way")]
    RefundOpen,
    /// The books refuse it.
    #[error("the books refuse it: {0}")]
    Books(#[from] ledger::Refused),
    /// Too much was done.
    #[error("too many steps")]
    TooMany,
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
            Command::Reverse { refund } => next.reverse(refund, now)?,
            Command::FeeBilled(parcel, amount) => next.bill(parcel, *amount)?,
            Command::WriteOff(parcel) => next.write_off(parcel, by)?,
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
        let (did, about) = command.told();
        let about = about.to_owned();
        next.steps.push(Step { at: now, by: by.clone(), did: did.to_owned(), about });
        Ok((next, actions))
    }

    /// Every parcel is at its end, and nothing is owed or under way.
    pub fn is_over(&self) -> bool {
        let resolved = |parcel: &Parcel| matches!(parcel.stage, Stage::Resolved(_));
        self.parcels.iter().all(resolved) && self.refunds.iter().all(Refund::is_over)
    }

    /// When it wants to be looked at next.
    pub fn due_at(&self, now: Micros) -> Option<Micros> {
        let parcels = self.parcels.iter().filter_map(Parcel::next_due);
        parcels.chain(self.refunds.iter().filter_map(|one| one.due_at(PAYER_SILENT, now))).min()
    }

    /// Money is gone at once, or the loot can be spent at once: these go first (R52).
    pub fn is_urgent(&self) -> bool {
        self.payments.iter().any(|payment| payment.kind == PaymentKind::DebitCard)
            || self.parcels.iter().any(|parcel| parcel.facts.state == ParcelState::Digital)
    }

    fn raise(&mut self, kind: TaskKind, about: &str, now: Micros) {
        let open = |task: &Task| task.kind == kind && task.about == about && !task.done;
        if !self.tasks.iter().any(open) {
            self.tasks.push(Task { kind, about: about.to_owned(), since: now, done: false });
        }
    }
}

impl Command {
    /// What it is called in the history, and what it is about.
    fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Approve => ("approved", ""),
            Self::Submit { refund, .. } => ("submitted", refund),
            Self::Settle { refund, .. } => ("settled", refund),
            Self::Reverse { refund } => ("reversed", refund),
            Self::Seen(parcel, _) => ("seen", parcel),
            Self::Cancelled(parcel) => ("cancelled", parcel),
            Self::Intercept(parcel, _) => ("intercept_asked", parcel),
            Self::Carrier(parcel, _) => ("carrier_answered", parcel),
            Self::Seller(parcel, _) => ("seller_answered", parcel),
            Self::Received(parcel, _) => ("received", parcel),
            Self::Code(parcel, _) => ("code_answered", parcel),
            Self::CarrierPaid(parcel, _) => ("carrier_paid", parcel),
            Self::FeeBilled(parcel, _) => ("fee_billed", parcel),
            Self::WriteOff(parcel) => ("written_off", parcel),
            Self::TaskDone(_) => ("task_done", ""),
            Self::Tick => ("time_passed", ""),
        }
    }
}
