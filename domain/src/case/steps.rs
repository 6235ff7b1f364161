//! One step of a case: who may take it, from where, on what proof.

use super::{
    Action, Actor, BreachReport, Case, Cause, Did, Given, Mark, Outcome, REOPEN_SPAN, Refused,
    Ruled, Ruling, State, Step,
};
use crate::account::Level;
use crate::keyed::AccountKey;
use crate::time::Micros;

pub(super) type Stepped = Result<(Case, Vec<Action>), Refused>;

/// A command under way.
pub(super) struct Stepping<'a> {
    pub(super) case: &'a Case,
    pub(super) by: &'a Actor,
    pub(super) reason: Option<&'a str>,
    pub(super) now: Micros,
}

impl Stepping<'_> {
    pub(super) fn to(&self, case: Case, did: Did, state: State) -> Case {
        let (at, by, from) = (self.now, self.by.clone(), case.state);
        let reason = self.reason.map(str::to_owned);
        case.with(Step { at, by, did, from, to: state, reason })
    }

    pub(super) fn stay(&self, case: Case, did: Did) -> Case {
        let state = case.state;
        self.to(case, did, state)
    }

    #[expect(clippy::unnecessary_wraps, reason = "what every step ends with")]
    pub(super) fn unchanged(&self) -> Stepped {
        Ok((self.case.clone(), vec![]))
    }

    pub(super) fn agent(&self) -> Result<&str, Refused> {
        self.by.name().map(String::as_str).ok_or(Refused::NotAnAgent)
    }

    pub(super) fn with_reason(&self) -> Result<(), Refused> {
        if self.by.name().is_some() && self.reason.is_none() {
            Err(Refused::NoReason)
        } else {
            Ok(())
        }
    }

    pub(super) fn reaches(&self, needed: Level) -> Result<(), Refused> {
        if self.case.account.is_none() {
            return Err(Refused::NoAccount);
        }
        if self.case.level() < needed { Err(Refused::LevelTooLow { needed }) } else { Ok(()) }
    }

    const fn is_before_decision(&self) -> bool {
        self.case.state.is_before_decision()
    }

    pub(super) fn submit(&self, account: Option<(AccountKey, Micros)>) -> Stepped {
        if self.case.state != State::Draft {
            return self.unchanged();
        }
        let mut case = self.case.clone();
        if let Some((account, since)) = account {
            (case.account, case.account_since) = (Some(account), since);
        }
        Ok((self.to(case, Did::Submitted, State::Submitted), vec![Action::TellReporter]))
    }

    pub(super) fn take(&self) -> Stepped {
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

    pub(super) fn locate(&self, (account, since): (AccountKey, Micros)) -> Stepped {
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

    pub(super) fn ask_for_more(&self) -> Stepped {
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

    pub(super) fn supply(&self) -> Stepped {
        let to = match self.case.state {
            State::NeedInfo if self.case.contained_at.is_some() => State::Contained,
            State::NeedInfo if self.case.account.is_some() => State::Verifying,
            State::NeedInfo => State::Unidentified,
            State::Closed => return Err(Refused::TooLate),
            // Whoever reports may add to it whatever has become of it.
            state => state,
        };
        Ok((self.to(self.case.clone(), Did::Supplied, to), vec![]))
    }

    pub(super) fn prove(&self, given: Given) -> Stepped {
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
    pub(super) fn begin(&self, start: Micros) -> Stepped {
        if !self.is_before_decision() || self.case.contained_at.is_some() {
            return Err(Refused::NotFromHere);
        }
        if self.case.start == Some(start) {
            return self.unchanged();
        }
        let case = Case { start: Some(start), ..self.case.clone() };
        Ok((self.stay(case, Did::Noted), vec![]))
    }

    /// What changed since the start is put back, so the start stands from here on: the one that the
    /// window proposes, unless an agent said another.
    pub(super) fn contain(&self, proposed: Micros) -> Stepped {
        if self.case.contained_at.is_some() {
            return self.unchanged();
        }
        self.agent()?;
        self.reaches(Level::V2)?;
        if !self.is_before_decision() {
            return Err(Refused::NotFromHere);
        }
        let start = self.case.start.or(Some(proposed.min(self.case.opened_at)));
        let case = Case { contained_at: Some(self.now), start, ..self.case.clone() };
        let done = vec![Action::LockAccount, Action::TellReporter];
        Ok((self.to(case, Did::Contained, State::Contained), done))
    }

    /// Who proved V3 gets the account back, once the intruder is out of it.
    pub(super) fn recover(&self) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        self.reaches(Level::V3)?;
        if self.case.recovered_at.is_some() {
            return self.unchanged();
        }
        if self.case.contained_at.is_none() || !self.case.state.is_open() {
            return Err(Refused::NotFromHere);
        }
        let case = Case { recovered_at: Some(self.now), ..self.case.clone() };
        Ok((self.stay(case, Did::Recovered), vec![Action::TellReporter]))
    }

    pub(super) fn mark(&self, order: String, mark: Mark) -> Stepped {
        const ORDERS_MAX: usize = 500;
        if self.case.marks.get(&order) == Some(&mark) {
            return self.unchanged();
        }
        if self.case.state != State::Draft && !self.is_before_decision() {
            return Err(Refused::TooLate);
        }
        // Once it is ruled on, who reports says so to the desk.
        if *self.by == Actor::Reporter && self.case.rulings.contains_key(&order) {
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

    pub(super) fn rule(&self, order: String, ruling: Ruling) -> Stepped {
        let by = self.agent()?.to_owned();
        self.with_reason()?;
        if !self.case.marks.contains_key(&order) {
            return Err(Refused::NoSuchOrder);
        }
        let answered = self.case.appeals.get(&order).is_none_or(|one| one.answered_by.is_some());
        let ruled = self.case.rulings.get(&order);
        if answered && ruled.is_some_and(|ruled| ruled.ruling == ruling) {
            return self.unchanged();
        }
        // Money moves for who proved to be the owner by V3 alone (§2.3).
        if matches!(ruling.outcome, Outcome::Refund { .. }) {
            self.reaches(Level::V3)?;
        }
        if !matches!(self.case.state, State::Contained | State::Verifying | State::Appeal) {
            return Err(Refused::NotFromHere);
        }
        self.answers_appeal(&order)?;
        let mut case = self.case.clone();
        if let Some(appeal) = case.appeals.get_mut(&order) {
            appeal.answered_by = Some(by.clone());
        }
        case.rulings.insert(order, Ruled { ruling, by, approved_by: None });
        Ok((self.stay(case, Did::Ruled), vec![]))
    }

    pub(super) fn approve(&self, order: &str) -> Stepped {
        let Actor::Supervisor(second) = self.by else { return Err(Refused::SamePerson) };
        let mut case = self.case.clone();
        let Some(ruled) = case.rulings.get_mut(order) else { return Err(Refused::NoSuchOrder) };
        let first = self.case.appeals.get(order).is_some_and(|one| one.not_by.contains(second));
        if ruled.by == *second || first {
            return Err(Refused::SamePerson);
        }
        if ruled.approved_by.is_some() {
            return self.unchanged();
        }
        ruled.approved_by = Some(second.clone());
        Ok((self.stay(case, Did::Approved), vec![]))
    }

    pub(super) fn decide(&self) -> Stepped {
        let by = self.agent()?.to_owned();
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
        if self.case.state == State::Appeal {
            return self.decide_appeal();
        }
        let confirmed = self.case.is_confirmed();
        // A takeover is not confirmed while the intruder may still be inside.
        if confirmed && self.case.contained_at.is_none() {
            return Err(Refused::NotFromHere);
        }
        let mut case = self.case.clone();
        (case.decided_at, case.decided_by) = (Some(self.now), Some(by));
        let mut actions = vec![Action::TellReporter];
        if confirmed {
            case.confirmed_at = case.confirmed_at.or(Some(self.now));
            actions.extend([Action::LabelWindow, Action::BeginRestitution]);
            let decided = self.to(case, Did::Decided, State::Decided);
            return Ok((self.to(decided, Did::Decided, State::Restitution), actions));
        }
        Ok((self.to(case, Did::Decided, State::Decided), actions))
    }

    pub(super) fn made_whole(&self) -> Stepped {
        match self.case.state {
            State::Monitoring => self.unchanged(),
            State::Restitution => {
                let case = self.to(self.case.clone(), Did::MadeWhole, State::Monitoring);
                Ok((case, vec![Action::TellReporter]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }

    pub(super) fn close(&self, cause: Cause) -> Stepped {
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

    pub(super) fn withdraw(&self) -> Stepped {
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

    #[expect(clippy::unnecessary_wraps, reason = "what every step ends with")]
    fn ended(&self) -> Stepped {
        let case = Case { closed_at: Some(self.now), ..self.case.clone() };
        Ok((self.to(case, Did::Withdrawn, State::Closed), vec![Action::TellReporter]))
    }

    pub(super) fn reopen(&self) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        let in_time = self.case.closed_at.is_some_and(|at| self.now.since(at) <= REOPEN_SPAN);
        match self.case.state {
            State::Closed if in_time => {
                let case = Case { closed_at: None, decided_at: None, ..self.case.clone() };
                Ok((self.to(case, Did::Reopened, State::Triage), vec![Action::TellReporter]))
            }
            State::Closed => Err(Refused::TooLate),
            _ => Err(Refused::NotFromHere),
        }
    }

    pub(super) fn merge(&self) -> Stepped {
        match self.case.state {
            State::Merged => self.unchanged(),
            _ if self.is_before_decision() && self.case.contained_at.is_none() => {
                Ok((self.to(self.case.clone(), Did::Merged, State::Merged), vec![]))
            }
            _ => Err(Refused::NotFromHere),
        }
    }

    /// What changes nothing in the case and stays in its history.
    pub(super) fn told(&self, did: Did) -> Stepped {
        self.agent()?;
        self.with_reason()?;
        Ok((self.stay(self.case.clone(), did), vec![]))
    }

    /// Its owner has one made as well; nobody without saying which.
    pub(super) fn pack(&self) -> Stepped {
        if *self.by != Actor::Reporter {
            self.agent()?;
        }
        self.reason.ok_or(Refused::NoReason)?;
        Ok((self.stay(self.case.clone(), Did::Packed), vec![]))
    }

    pub(super) fn name_cause(&self, cause: Cause) -> Stepped {
        self.agent()?;
        if self.case.cause == Some(cause) {
            return self.unchanged();
        }
        self.with_reason()?;
        let case = Case { cause: Some(cause), ..self.case.clone() };
        Ok((self.stay(case, Did::CauseNamed), vec![]))
    }

    pub(super) fn settle_breach(&self, report: BreachReport) -> Stepped {
        self.agent()?;
        if self.case.breach_settled.contains(&report) {
            return self.unchanged();
        }
        self.with_reason()?;
        if self.case.breach_clock().is_none() {
            return Err(Refused::NotFromHere);
        }
        let mut case = self.case.clone();
        case.breach_settled.insert(report);
        Ok((self.stay(case, Did::BreachSettled), vec![]))
    }
}
