//! What is asked of a restitution, why it is refused, and what follows.

use super::{Misfit, TaskKind};
use crate::intercept::{self, Destination, Through};
use crate::ledger;
use crate::parcel::State as ParcelState;
use crate::refund::Settled;
use crate::seller_return;
use crate::time::Micros;

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
    /// The payer has begun, and calls it so.
    Refer {
        /// Which.
        refund: String,
        /// What the payer calls it.
        reference: String,
    },
    /// Nobody listens who would pay it.
    Unheard {
        /// Which.
        refund: String,
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
    /// This seller sold in too many confirmed cases of late: a person looks (T18).
    SellerWatched(String),
    /// An agent does a task, by its place.
    TaskTaken(usize),
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
    /// A task about this waits too long.
    RemindOf(TaskKind, String),
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

impl Command {
    /// What it is called in the history, and what it is about.
    pub(super) fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Approve => ("approved", ""),
            Self::Submit { refund, .. } => ("submitted", refund),
            Self::Settle { refund, .. } => ("settled", refund),
            Self::Refer { refund, .. } => ("referred", refund),
            Self::Unheard { refund } => ("unheard", refund),
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
            Self::SellerWatched(seller) => ("seller_watched", seller),
            Self::TaskTaken(_) => ("task_taken", ""),
            Self::TaskDone(_) => ("task_done", ""),
            Self::Tick => ("time_passed", ""),
        }
    }
}
