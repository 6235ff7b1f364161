//! What is asked of a case, why it is refused, and what follows.

use serde::{Deserialize, Serialize};

use super::{BreachReport, Cause, Given, Mark, Outlook, Reminder, Ruling};
use crate::account::Level;
use crate::keyed::AccountKey;
use crate::time::Micros;

/// What is asked of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The report is sent; whether an account was found for it.
    Submit {
        /// The account, and since when there is it.
        account: Option<(AccountKey, Micros)>,
    },
    /// An agent takes it.
    Take,
    /// The account was found.
    Locate {
        /// Which, and since when there is it.
        account: (AccountKey, Micros),
    },
    /// Something more is needed (R14).
    AskForMore,
    /// The reporter gave more.
    Supply,
    /// Something was proven.
    Prove(Given),
    /// When it began.
    Begin(Micros),
    /// The intruder is put out (X3); it began at the time given, where no agent has said another.
    Contain(Micros),
    /// The owner begins to come back (§4.1).
    Recover,
    /// The reporter's word on an order.
    Mark(String, Mark),
    /// A ruling on an order.
    Rule(String, Ruling),
    /// The second person agrees to the ruling on an order (T5).
    Approve(String),
    /// All orders are ruled on.
    Decide,
    /// Money and goods are put right.
    MadeWhole,
    /// The case is over, and why it could happen is known (R8).
    Close(Cause),
    /// It was a mistake.
    Withdraw,
    /// The owner does not agree with the ruling on an order; the reason is theirs.
    Appeal(String),
    /// It begins again.
    Reopen,
    /// It goes into another of the same account.
    Merge,
    /// A word for the history.
    Note,
    /// A field of the report was looked at unmasked; which, and why, are the reason (T5).
    Unmask,
    /// An evidence pack was made; which, and its digest, are the reason.
    Pack,
    /// Why it could happen is known (R8); the case goes on.
    NameCause(Cause),
    /// A report to the commission is made, or not needed; the reason says which.
    SettleBreach(BreachReport),
    /// Nothing of it may go (X12); the reason says who asks.
    Hold,
    /// It may again.
    LiftHold,
    /// Time has passed.
    Tick(Outlook),
}

/// Why it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// Not from where the case stands.
    #[error("not from this state")]
    NotFromHere,
    /// Less was proven than is needed (T2, T4).
    #[error("needs level {needed:?}")]
    LevelTooLow {
        /// The least that does.
        needed: Level,
    },
    /// There is no account yet (R20).
    #[error("no account was found yet")]
    NoAccount,
    /// An agent acts with a reason or not at all.
    #[error("needs a reason")]
    NoReason,
    /// Only an agent may.
    #[error("only an agent may")]
    NotAnAgent,
    /// Only a supervisor may.
    #[error("only a supervisor may")]
    NotASupervisor,
    /// The second person is another than the first, and a supervisor (T5).
    #[error("needs a second person")]
    SamePerson,
    /// An order is marked as not theirs, and nobody has ruled on it; or not finally.
    #[error("an order is not ruled on")]
    Unruled,
    /// There is no such order in the case.
    #[error("there is no such order")]
    NoSuchOrder,
    /// Each ruling is appealed once.
    #[error("this ruling was appealed before")]
    AppealedBefore,
    /// The time for it is over.
    #[error("too late")]
    TooLate,
    /// There are as many as may be.
    #[error("too many")]
    TooMany,
}

/// What must be done once the step is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after what is done")]
pub enum Action {
    LockAccount,
    BeginRestitution,
    LabelWindow,
    TellReporter,
    Remind(Reminder),
}
