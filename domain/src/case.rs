//! A case: from the first word that it was not the owner until it is made whole (§4.2).
//!
//! Who reports, who answers for it and what was proven come in as values; what may follow is decided
//! here. A level is computed from proofs and never set by an agent (T4). Every step is a row that
//! stays.

mod claims;
mod proof;
mod ruling;
#[cfg(test)]
mod tests;
mod window;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::Level;
use crate::keyed::AccountKey;
use crate::time::{DAY, HOUR, MINUTE, Micros};

pub use claims::{Compared, Dated, compare};
pub use proof::{Given, level};
pub use ruling::{Claim, Facts as OrderFacts, Outcome, Review, Ruling, TABLE, Table, rule};
pub use window::{Anchor, Happened, Why, Window, window};

/// A decision can be appealed for so long.
pub const APPEAL_SPAN: i64 = 30 * DAY;
/// A closed case can be opened again for so long.
pub const REOPEN_SPAN: i64 = 180 * DAY;
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

/// How soon it wants an agent; the lowest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Priority {
    /// Taken over, and something can still be stopped (R13).
    P1,
    /// Taken over, or money is gone.
    P2,
    /// Everything else.
    #[default]
    P3,
}

impl Priority {
    /// R13, R52: what can still be stopped comes first.
    pub const fn of(taken_over: bool, can_be_stopped: bool, money_is_gone: bool) -> Self {
        match (taken_over || money_is_gone, can_be_stopped) {
            (true, true) => Self::P1,
            (true, false) => Self::P2,
            (false, _) => Self::P3,
        }
    }

    /// When triage is due.
    pub const fn triage_within(self) -> i64 {
        match self {
            Self::P1 => 5 * MINUTE,
            Self::P2 => HOUR,
            Self::P3 => 4 * HOUR,
        }
    }

    /// When a decision is due.
    pub const fn decided_within(self) -> i64 {
        match self {
            Self::P1 => DAY,
            Self::P2 | Self::P3 => 7 * DAY,
        }
    }
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
    Marked,
    Ruled,
    Approved,
    Decided,
    MadeWhole,
    Watched,
    Closed,
    Withdrawn,
    Appealed,
    Reopened,
    Merged,
    Noted,
}

/// A ruling on one order, and who stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// What follows.
    pub ruling: Ruling,
    /// Who ruled.
    pub by: String,
    /// The second person, where one is needed (T5).
    pub approved_by: Option<String>,
}

impl Ruled {
    /// It can be acted on.
    pub const fn is_final(&self) -> bool {
        !self.ruling.wants_second || self.approved_by.is_some()
    }
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
    /// Why it could happen.
    pub cause: Option<Cause>,
    /// When the intruder was put out.
    pub contained_at: Option<Micros>,
    /// When it was decided.
    pub decided_at: Option<Micros>,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// When somebody has to do something.
    pub due_at: Option<Micros>,
    /// Everything that was done, oldest first.
    pub steps: Vec<Step>,
}

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
    /// The intruder is put out (X3).
    Contain,
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
    /// The owner does not agree.
    Appeal,
    /// It begins again.
    Reopen,
    /// It goes into another of the same account.
    Merge,
    /// A word for the history.
    Note,
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
    /// The second person is another than the first, and a supervisor (T5).
    #[error("needs a second person")]
    SamePerson,
    /// An order is marked as not theirs, and nobody has ruled on it; or not finally.
    #[error("an order is not ruled on")]
    Unruled,
    /// There is no such order in the case.
    #[error("there is no such order")]
    NoSuchOrder,
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
        case.with(by, Did::Opened, State::Draft, None, now)
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
        if self.steps.len() >= STEPS_MAX {
            return Err(Refused::TooMany);
        }
        let step = Stepping {
            case: self,
            by,
            reason: reason.map(str::trim).filter(|r| !r.is_empty()),
            now,
        };
        match command {
            Command::Submit { account } => step.submit(account),
            Command::Take => step.take(),
            Command::Locate { account } => step.locate(account),
            Command::AskForMore => step.ask_for_more(),
            Command::Supply => step.supply(),
            Command::Prove(given) => step.prove(given),
            Command::Begin(start) => step.begin(start),
            Command::Contain => step.contain(),
            Command::Mark(order, mark) => step.mark(order, mark),
            Command::Rule(order, ruling) => step.rule(order, ruling),
            Command::Approve(order) => step.approve(&order),
            Command::Decide => step.decide(),
            Command::MadeWhole => step.made_whole(),
            Command::Close(cause) => step.close(cause),
            Command::Withdraw => step.withdraw(),
            Command::Appeal => step.appeal(),
            Command::Reopen => step.reopen(),
            Command::Merge => step.merge(),
            Command::Note => step.note(),
        }
    }

    /// Orders the reporter says are not theirs.
    pub fn not_theirs(&self) -> impl Iterator<Item = &String> {
        self.marks.iter().filter(|(_, mark)| **mark == Mark::NotMine).map(|(order, _)| order)
    }

    /// When its timer fires and what then: nothing is lost by it, somebody is only reminded.
    pub fn is_overdue(&self, now: Micros) -> bool {
        self.state.is_open() && self.due_at.is_some_and(|due| due <= now)
    }

    fn with(mut self, by: Actor, did: Did, to: State, reason: Option<&str>, now: Micros) -> Self {
        let from = self.state;
        let reason = reason.map(str::to_owned);
        self.steps.push(Step { at: now, by, did, from, to, reason });
        self.state = to;
        self.due_at = self.due(now);
        self
    }

    /// When somebody has to do something next.
    fn due(&self, now: Micros) -> Option<Micros> {
        match self.state {
            State::Submitted => Some(now.plus(self.priority.triage_within())),
            State::NeedInfo => Some(now.plus(INFO_WAITS)),
            State::Triage | State::Verifying | State::Contained | State::Appeal => {
                Some(self.opened_at.plus(self.priority.decided_within()).max(now))
            }
            State::Monitoring => Some(now.plus(MONITORING)),
            _ => None,
        }
    }
}

type Stepped = Result<(Case, Vec<Action>), Refused>;

/// A command under way.
struct Stepping<'a> {
    case: &'a Case,
    by: &'a Actor,
    reason: Option<&'a str>,
    now: Micros,
}

impl Stepping<'_> {
    fn to(&self, case: Case, did: Did, state: State) -> Case {
        case.with(self.by.clone(), did, state, self.reason, self.now)
    }

    fn stay(&self, case: Case, did: Did) -> Case {
        let state = case.state;
        self.to(case, did, state)
    }

    fn unchanged(&self) -> Stepped {
        Ok((self.case.clone(), vec![]))
    }

    fn agent(&self) -> Result<&str, Refused> {
        self.by.name().map(String::as_str).ok_or(Refused::NotAnAgent)
    }

    fn with_reason(&self) -> Result<(), Refused> {
        if self.by.name().is_some() && self.reason.is_none() {
            Err(Refused::NoReason)
        } else {
            Ok(())
        }
    }

    fn reaches(&self, needed: Level) -> Result<(), Refused> {
        if self.case.account.is_none() {
            return Err(Refused::NoAccount);
        }
        if self.case.level() < needed { Err(Refused::LevelTooLow { needed }) } else { Ok(()) }
    }

    fn is_before_decision(&self) -> bool {
        matches!(
            self.case.state,
            State::Submitted
                | State::Triage
                | State::Unidentified
                | State::NeedInfo
                | State::Verifying
                | State::Contained
        )
    }

    fn submit(&self, account: Option<(AccountKey, Micros)>) -> Stepped {
        if self.case.state != State::Draft {
            return self.unchanged();
        }
        let mut case = self.case.clone();
        if let Some((account, since)) = account {
            (case.account, case.account_since) = (Some(account), since);
        }
        Ok((self.to(case, Did::Submitted, State::Submitted), vec![Action::TellReporter]))
    }

    fn take(&self) -> Stepped {
        let agent = self.agent()?.to_owned();
        let to = match self.case.state {
            State::Submitted if self.case.account.is_some() => State::Triage,
            State::Submitted => State::Unidentified,
            state if state.is_open() => state,
            _ => return Err(Refused::NotFromHere),
        };
        if self.case.agent.as_ref() == Some(&agent) && to == self.case.state {
            return self.unchanged();
        }
        let case = Case { agent: Some(agent), ..self.case.clone() };
        Ok((self.to(case, Did::Taken, to), vec![]))
    }

    fn locate(&self, (account, since): (AccountKey, Micros)) -> Stepped {
        self.agent()?;
        if self.case.account == Some(account) {
            return self.unchanged();
        }
        // Proofs were given for the account that it was about; another begins at nothing.
        let fits =
            matches!(self.case.state, State::Submitted | State::Triage | State::Unidentified);
        if !fits || !self.case.given.is_empty() {
            return Err(Refused::NotFromHere);
        }
        let case = Case { account: Some(account), account_since: since, ..self.case.clone() };
        Ok((self.to(case, Did::Located, State::Triage), vec![]))
    }

    fn ask_for_more(&self) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        match self.case.state {
            State::NeedInfo => self.unchanged(),
            _ if self.is_before_decision() => {
                let case = self.to(self.case.clone(), Did::AskedForMore, State::NeedInfo);
                Ok((case, vec![Action::TellReporter]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }

    fn supply(&self) -> Stepped {
        let to = match self.case.state {
            State::NeedInfo if self.case.contained_at.is_some() => State::Contained,
            State::NeedInfo if self.case.account.is_some() => State::Verifying,
            State::NeedInfo => State::Unidentified,
            state if state == State::Draft || self.is_before_decision() => state,
            _ => return Err(Refused::NotFromHere),
        };
        Ok((self.to(self.case.clone(), Did::Supplied, to), vec![]))
    }

    fn prove(&self, given: Given) -> Stepped {
        if self.case.account.is_none() {
            return Err(Refused::NoAccount);
        }
        if self.case.given.contains(&given) {
            return self.unchanged();
        }
        if !self.is_before_decision() && self.case.state != State::Appeal {
            return Err(Refused::NotFromHere);
        }
        let to = match self.case.state {
            State::Submitted | State::Triage | State::NeedInfo => State::Verifying,
            state => state,
        };
        let mut case = self.case.clone();
        case.given.push(given);
        Ok((self.to(case, Did::Proved, to), vec![]))
    }

    /// The start may be moved until it is decided; what was proven is weighed against it anew.
    fn begin(&self, start: Micros) -> Stepped {
        if !self.is_before_decision() || self.case.contained_at.is_some() {
            return Err(Refused::NotFromHere);
        }
        if self.case.start == Some(start) {
            return self.unchanged();
        }
        let case = Case { start: Some(start), ..self.case.clone() };
        Ok((self.stay(case, Did::Noted), vec![]))
    }

    fn contain(&self) -> Stepped {
        if self.case.contained_at.is_some() {
            return self.unchanged();
        }
        self.agent()?;
        self.reaches(Level::V2)?;
        if !self.is_before_decision() {
            return Err(Refused::NotFromHere);
        }
        let start = self.case.start.or(Some(self.case.opened_at));
        let case = Case { contained_at: Some(self.now), start, ..self.case.clone() };
        let done = vec![Action::LockAccount, Action::TellReporter];
        Ok((self.to(case, Did::Contained, State::Contained), done))
    }

    fn mark(&self, order: String, mark: Mark) -> Stepped {
        const ORDERS_MAX: usize = 500;
        if self.case.marks.get(&order) == Some(&mark) {
            return self.unchanged();
        }
        if self.case.state != State::Draft && !self.is_before_decision() {
            return Err(Refused::TooLate);
        }
        if self.case.marks.len() >= ORDERS_MAX {
            return Err(Refused::TooMany);
        }
        let mut case = self.case.clone();
        case.rulings.remove(&order);
        case.marks.insert(order, mark);
        Ok((self.stay(case, Did::Marked), vec![]))
    }

    fn rule(&self, order: String, ruling: Ruling) -> Stepped {
        let by = self.agent()?.to_owned();
        self.with_reason()?;
        if !self.case.marks.contains_key(&order) {
            return Err(Refused::NoSuchOrder);
        }
        let ruled = self.case.rulings.get(&order);
        if ruled.is_some_and(|ruled| ruled.ruling == ruling) {
            return self.unchanged();
        }
        // Money moves for who proved to be the owner by V3 alone (§2.3).
        if matches!(ruling.outcome, Outcome::Refund { .. }) {
            self.reaches(Level::V3)?;
        }
        if !matches!(self.case.state, State::Contained | State::Verifying | State::Appeal) {
            return Err(Refused::NotFromHere);
        }
        let mut case = self.case.clone();
        case.rulings.insert(order, Ruled { ruling, by, approved_by: None });
        Ok((self.stay(case, Did::Ruled), vec![]))
    }

    fn approve(&self, order: &str) -> Stepped {
        let Actor::Supervisor(second) = self.by else { return Err(Refused::SamePerson) };
        let mut case = self.case.clone();
        let Some(ruled) = case.rulings.get_mut(order) else { return Err(Refused::NoSuchOrder) };
        if ruled.by == *second {
            return Err(Refused::SamePerson);
        }
        if ruled.approved_by.is_some() {
            return self.unchanged();
        }
        ruled.approved_by = Some(second.clone());
        Ok((self.stay(case, Did::Approved), vec![]))
    }

    fn decide(&self) -> Stepped {
        self.agent()?;
        if self.case.decided_at.is_some() && self.case.state != State::Appeal {
            return self.unchanged();
        }
        self.with_reason()?;
        if !matches!(self.case.state, State::Contained | State::Verifying | State::Appeal) {
            return Err(Refused::NotFromHere);
        }
        let is_ruled = |order: &String| self.case.rulings.get(order).is_some_and(Ruled::is_final);
        if !self.case.not_theirs().all(is_ruled) {
            return Err(Refused::Unruled);
        }
        let confirmed = self.is_confirmed();
        // A takeover is not confirmed while the intruder may still be inside.
        if confirmed && self.case.contained_at.is_none() {
            return Err(Refused::NotFromHere);
        }
        let case = Case { decided_at: Some(self.now), ..self.case.clone() };
        let mut actions = vec![Action::TellReporter];
        if confirmed {
            actions.extend([Action::LabelWindow, Action::BeginRestitution]);
            let decided = self.to(case, Did::Decided, State::Decided);
            return Ok((self.to(decided, Did::Decided, State::Restitution), actions));
        }
        Ok((self.to(case, Did::Decided, State::Decided), actions))
    }

    /// At least one order was not the owner's.
    fn is_confirmed(&self) -> bool {
        let refunds = |ruled: &Ruled| {
            matches!(ruled.ruling.outcome, Outcome::Refund { .. } | Outcome::SettledByIssuer)
        };
        self.case.rulings.values().any(refunds)
    }

    fn made_whole(&self) -> Stepped {
        match self.case.state {
            State::Monitoring => self.unchanged(),
            State::Restitution => {
                let case = self.to(self.case.clone(), Did::MadeWhole, State::Monitoring);
                Ok((case, vec![Action::TellReporter]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }

    fn close(&self, cause: Cause) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        match self.case.state {
            State::Closed => self.unchanged(),
            State::Monitoring | State::Decided | State::Unidentified | State::NeedInfo => {
                let case =
                    Case { cause: Some(cause), closed_at: Some(self.now), ..self.case.clone() };
                Ok((self.to(case, Did::Closed, State::Closed), vec![Action::TellReporter]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }

    fn withdraw(&self) -> Stepped {
        let contained = self.case.contained_at.is_some();
        match self.case.state {
            State::Closed => self.unchanged(),
            // Whoever took the account over would gladly withdraw what its owner reported.
            _ if contained => Err(Refused::NotFromHere),
            State::Draft => self.ended(),
            _ if self.is_before_decision() => self.ended(),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn ended(&self) -> Stepped {
        let case = Case { closed_at: Some(self.now), ..self.case.clone() };
        Ok((self.to(case, Did::Withdrawn, State::Closed), vec![Action::TellReporter]))
    }

    fn appeal(&self) -> Stepped {
        let in_time = self.case.decided_at.is_some_and(|at| self.now.since(at) <= APPEAL_SPAN);
        match self.case.state {
            State::Appeal => self.unchanged(),
            State::Decided | State::Closed | State::Restitution | State::Monitoring if in_time => {
                let case = Case { agent: None, ..self.case.clone() };
                Ok((self.to(case, Did::Appealed, State::Appeal), vec![Action::TellReporter]))
            }
            State::Decided | State::Closed => Err(Refused::TooLate),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn reopen(&self) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        let in_time = self.case.closed_at.is_some_and(|at| self.now.since(at) <= REOPEN_SPAN);
        match self.case.state {
            State::Closed if in_time => {
                let case = Case { closed_at: None, ..self.case.clone() };
                Ok((self.to(case, Did::Reopened, State::Triage), vec![Action::TellReporter]))
            }
            State::Closed => Err(Refused::TooLate),
            _ => Err(Refused::NotFromHere),
        }
    }

    fn merge(&self) -> Stepped {
        match self.case.state {
            State::Merged => self.unchanged(),
            _ if self.is_before_decision() && self.case.contained_at.is_none() => {
                Ok((self.to(self.case.clone(), Did::Merged, State::Merged), vec![]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }

    fn note(&self) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        Ok((self.stay(self.case.clone(), Did::Noted), vec![]))
    }
}
