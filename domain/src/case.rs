//! A case: from the first word that it was not the owner until it is made whole (§4.2).
//!
//! Who reports, who answers for it and what was proven come in as values; what may follow is decided
//! here. A level is computed from proofs and never set by an agent (T4). Every step is a row that
//! stays.

mod appeal;
mod claims;
mod command;
mod due;
mod handover;
mod keeping;
mod measures;
mod priority;
mod proof;
mod ruling;
mod steps;
#[cfg(test)]
mod tests;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::Level;
use crate::keyed::AccountKey;
use crate::time::{DAY, HOUR, Micros};

pub use appeal::Appeal;
pub use claims::{Compared, Dated, compare};
pub use command::{Action, Command, Refused};
pub use due::{Audience, Outlook, Reminded, Reminder};
pub use handover::{Advice, BreachClock, BreachReport};
pub use keeping::Hold;
pub use measures::{Span, Spans};
pub use priority::Priority;
pub use proof::{Given, level};
pub use ruling::{Claim, Facts as OrderFacts, Outcome, Review, Ruled, Ruling, TABLE, Table, rule};
use steps::Stepping;
pub use window::{Anchor, Happened, Why, Window, window};

/// A decision can be appealed for so long.
pub const APPEAL_SPAN: i64 = 30 * DAY;
/// A closed case can be opened again for so long.
pub const REOPEN_SPAN: i64 = 180 * DAY;
/// How long before a recovery is final: a contact from before may object meanwhile (T2, X3).
pub const COOL_DOWN: i64 = 2 * HOUR;
/// How long a restored account is watched.
pub const MONITORING: i64 = 30 * DAY;
/// An answer that is asked for is missed after so long, and the case is parked, not closed.
pub const INFO_WAITS: i64 = 14 * DAY;
/// Steps kept of one case.
pub const STEPS_MAX: usize = 2_000;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    #[default]
    Draft,
    /// Sent; nobody has looked yet.
    Submitted,
    /// An agent looks.
    Triage,
    /// No account was found for it (R20).
    Unidentified,
    /// Something is asked for (R14).
    NeedInfo,
    /// Who reports is being verified.
    Verifying,
    /// The account is locked, the intruder out.
    Contained,
    /// Decided, order by order.
    Decided,
    /// Money and goods are being put right.
    Restitution,
    /// The account is back, and watched.
    Monitoring,
    /// Over.
    Closed,
    /// The owner does not agree.
    Appeal,
    /// It went into another case of the same account (T7).
    Merged,
}

impl State {
    /// Somebody has yet to do something.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Merged | Self::Draft)
    }

    /// It was sent, and nothing is decided yet.
    pub const fn is_before_decision(self) -> bool {
        matches!(
            self,
            Self::Submitted
                | Self::Triage
                | Self::Unidentified
                | Self::NeedInfo
                | Self::Verifying
                | Self::Contained
        )
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever reports.
    Reporter,
    /// A timer, or the judge.
    System,
    /// An agent, by name.
    Agent(String),
    /// A supervisor, by name.
    Supervisor(String),
}

impl Actor {
    const fn name(&self) -> Option<&String> {
        match self {
            Self::Agent(name) | Self::Supervisor(name) => Some(name),
            Self::Reporter | Self::System => None,
        }
    }
}

/// In what relation the reporter stands to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reporter {
    /// It is theirs.
    #[default]
    Owner,
    /// Files for somebody else; is shown the state and nothing more (R30).
    Helper,
    /// Their card was used in an account that is not theirs (X5).
    Cardholder,
    /// Our own judgement opened it.
    System,
}

/// Why it could happen (R8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Cause {
    Phishing,
    ReusedPassword,
    Malware,
    SimSwap,
    HelpDesk,
    Insider,
    Unknown,
}

/// What the reporter says of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Mark {
    Mine,
    NotMine,
}

/// A row of a case's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Micros,
    /// Who.
    pub by: Actor,
    /// What was done.
    pub did: Did,
    /// Where it stood before.
    pub from: State,
    /// Where it stands since.
    pub to: State,
    /// Why, where an agent gave a reason.
    pub reason: Option<String>,
}

/// What a step was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Did {
    Opened,
    Submitted,
    Taken,
    Located,
    AskedForMore,
    Supplied,
    Proved,
    Contained,
    Recovered,
    Marked,
    Ruled,
    Approved,
    Decided,
    MadeWhole,
    Closed,
    Withdrawn,
    Appealed,
    Reopened,
    Merged,
    Noted,
    Unmasked,
    Packed,
    CauseNamed,
    BreachSettled,
    Reminded,
    Held,
    HoldLifted,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Where it stands.
    pub state: State,
    /// Who reports.
    pub reporter: Reporter,
    /// The account is in other hands, as the reporter says (R10).
    pub taken_over: bool,
    /// How soon.
    pub priority: Priority,
    /// The account it is about, once it is known.
    pub account: Option<AccountKey>,
    /// Since when there is the account: contacts from the beginning count (§2.3).
    pub account_since: Micros,
    /// When it was opened.
    pub opened_at: Micros,
    /// When it is believed to have begun.
    pub start: Option<Micros>,
    /// Who works on it.
    pub agent: Option<String>,
    /// What was proven.
    pub given: Vec<Given>,
    /// What the reporter says of orders, by the store's id.
    pub marks: BTreeMap<String, Mark>,
    /// What was ruled on orders.
    pub rulings: BTreeMap<String, Ruled>,
    /// Orders whose ruling the owner does not agree with; each once.
    pub appeals: BTreeMap<String, Appeal>,
    /// Where it stood when the appeal came.
    pub appealed_from: Option<State>,
    /// Who said that it was decided.
    pub decided_by: Option<String>,
    /// When a takeover was first confirmed: the law's clocks run from here.
    pub confirmed_at: Option<Micros>,
    /// Reports to the commission that are made, or that the store's counsel says are not needed.
    pub breach_settled: BTreeSet<BreachReport>,
    /// Reminders whose time has come.
    pub reminded: Vec<Reminded>,
    /// Nothing of it may go.
    pub hold: Option<Hold>,
    /// When the last hold was lifted.
    pub hold_lifted_at: Option<Micros>,
    /// Why it could happen.
    pub cause: Option<Cause>,
    /// When the intruder was put out.
    pub contained_at: Option<Micros>,
    /// When the owner began to come back.
    pub recovered_at: Option<Micros>,
    /// When it was decided.
    pub decided_at: Option<Micros>,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// When somebody has to do something.
    pub due_at: Option<Micros>,
    /// Everything that was done, oldest first.
    pub steps: Vec<Step>,
}

impl Case {
    /// A report that is being written, or a case that judgement opens.
    pub fn open(reporter: Reporter, taken_over: bool, now: Micros) -> Self {
        let case = Self {
            reporter,
            taken_over,
            opened_at: now,
            priority: Priority::of(taken_over, false, false),
            ..Self::default()
        };
        let by = if reporter == Reporter::System { Actor::System } else { Actor::Reporter };
        let (did, state) = (Did::Opened, State::Draft);
        case.with(Step { at: now, by, did, from: state, to: state, reason: None })
    }

    /// What was proven of the reporter (§2.3).
    pub fn level(&self) -> Level {
        if self.account.is_none() {
            return Level::V0;
        }
        level(&self.given, self.start.unwrap_or(self.opened_at), self.account_since)
    }

    /// The case after `command`, and what to do when it is durable. The same command again changes
    /// nothing.
    ///
    /// # Errors
    /// [`Refused`]: who asked may not, or not now. The case is as it was.
    pub fn next(
        &self,
        command: Command,
        by: &Actor,
        reason: Option<&str>,
        now: Micros,
    ) -> Result<(Self, Vec<Action>), Refused> {
        // Timers fire a bounded number of times; one that could not would fire for ever.
        if self.steps.len() >= STEPS_MAX && !matches!(command, Command::Tick(_)) {
            return Err(Refused::TooMany);
        }
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let step = Stepping { case: self, by, reason, now };
        match command {
            Command::Submit { account } => step.submit(account),
            Command::Take => step.take(),
            Command::Locate { account } => step.locate(account),
            Command::AskForMore => step.ask_for_more(),
            Command::Supply => step.supply(),
            Command::Prove(given) => step.prove(given),
            Command::Begin(start) => step.begin(start),
            Command::Contain(start) => step.contain(start),
            Command::Recover => step.recover(),
            Command::Mark(order, mark) => step.mark(order, mark),
            Command::Rule(order, ruling) => step.rule(order, ruling),
            Command::Approve(order) => step.approve(&order),
            Command::Decide => step.decide(),
            Command::MadeWhole => step.made_whole(),
            Command::Close(cause) => step.close(cause),
            Command::Withdraw => step.withdraw(),
            Command::Appeal(order) => step.appeal(order),
            Command::Reopen => step.reopen(),
            Command::Merge => step.merge(),
            Command::Note => step.told(Did::Noted),
            Command::Unmask => step.told(Did::Unmasked),
            Command::Pack => step.pack(),
            Command::NameCause(cause) => step.name_cause(cause),
            Command::SettleBreach(report) => step.settle_breach(report),
            Command::Hold => step.hold(),
            Command::LiftHold => step.lift_hold(),
            Command::Tick(outlook) => step.tick(&outlook),
        }
    }

    /// Orders the reporter says are not theirs.
    pub fn not_theirs(&self) -> impl Iterator<Item = &String> {
        self.marks.iter().filter(|(_, mark)| **mark == Mark::NotMine).map(|(order, _)| order)
    }

    /// Somebody should have done something by now: nothing is lost by it, they are reminded.
    pub fn is_overdue(&self, now: Micros) -> bool {
        self.state.is_open() && self.due_at.is_some_and(|due| due <= now)
    }

    fn with(mut self, step: Step) -> Self {
        self.state = step.to;
        self.steps.push(step);
        self.due_at = self.due();
        self
    }
}
