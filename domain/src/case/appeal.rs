//! When the owner does not agree with what was ruled on an order: another person looks, once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::steps::{Stepped, Stepping};
use super::{APPEAL_SPAN, Action, Actor, Case, Did, Outcome, Refused, State};
use crate::account::Level;
use crate::time::Micros;

/// Longest word of why.
const WHY_MAX: usize = 1_000;

/// The owner does not agree with the ruling on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Since when.
    pub at: Micros,
    /// Why, in their words.
    pub why: String,
    /// Who stood for the ruling: none of them answers.
    pub not_by: BTreeSet<String>,
    /// Who has ruled on it anew.
    pub answered_by: Option<String>,
}

impl Case {
    /// This order's ruling can be appealed now: nothing comes of it for the owner, it was not appealed
    /// before, and it was decided less than 30 days ago.
    pub fn can_appeal(&self, order: &str, now: Micros) -> bool {
        let decided = matches!(
            self.state,
            State::Decided | State::Closed | State::Restitution | State::Monitoring | State::Appeal
        );
        let in_time = self.decided_at.is_some_and(|at| now.since(at) <= APPEAL_SPAN);
        decided && in_time && self.is_refused(order) && !self.appeals.contains_key(order)
    }

    fn is_refused(&self, order: &str) -> bool {
        let outcome = self.rulings.get(order).map(|ruled| ruled.ruling.outcome);
        matches!(outcome, Some(Outcome::NotConfirmed | Outcome::Review { .. }))
    }

    /// This person may rule on that appeal: a supervisor who did not stand for the first ruling.
    pub fn may_answer(&self, order: &str, by: &Actor) -> bool {
        match (self.appeals.get(order), by) {
            (Some(appeal), Actor::Supervisor(name)) => !appeal.not_by.contains(name),
            _ => false,
        }
    }

    /// Every appeal has its answer.
    pub(super) fn appeals_are_answered(&self) -> bool {
        self.appeals.values().all(|appeal| appeal.answered_by.is_some())
    }
}

impl Stepping<'_> {
    pub(super) fn appeal(&self, order: String) -> Stepped {
        if self.case.appeals.get(&order).is_some_and(|appeal| appeal.answered_by.is_none()) {
            return self.unchanged();
        }
        if !matches!(
            self.case.state,
            State::Decided | State::Closed | State::Restitution | State::Monitoring | State::Appeal
        ) {
            return Err(Refused::NotFromHere);
        }
        if self.case.decided_at.is_none_or(|at| self.now.since(at) > APPEAL_SPAN) {
            return Err(Refused::TooLate);
        }
        if self.case.appeals.contains_key(&order) {
            return Err(Refused::AppealedBefore);
        }
        // Who is told of the ruling may disagree with it.
        self.reaches(Level::V2)?;
        let ruled = self.case.rulings.get(&order).ok_or(Refused::NoSuchOrder)?;
        if !self.case.is_refused(&order) {
            return Err(Refused::NotFromHere);
        }
        let why = self.reason.ok_or(Refused::NoReason)?.chars().take(WHY_MAX).collect();
        let first = std::iter::once(&ruled.by).chain(&ruled.approved_by);
        let not_by = first.chain(&self.case.decided_by).cloned().collect();
        let mut case = Case { agent: None, ..self.case.clone() };
        case.appeals.insert(order, Appeal { at: self.now, why, not_by, answered_by: None });
        if self.case.state != State::Appeal {
            case.appealed_from = Some(self.case.state);
        }
        Ok((self.to(case, Did::Appealed, State::Appeal), vec![Action::TellReporter]))
    }

    /// In an appeal, what was appealed is ruled on, and by another supervisor than before.
    pub(super) fn answers_appeal(&self, order: &str) -> Result<(), Refused> {
        if self.case.state != State::Appeal {
            return Ok(());
        }
        match self.case.appeals.get(order) {
            None => Err(Refused::NotFromHere),
            Some(_) if !self.case.may_answer(order, self.by) => Err(Refused::SamePerson),
            Some(_) => Ok(()),
        }
    }

    /// The appeal is decided: the case goes on where an order is confirmed by it, and otherwise stands
    /// where it stood.
    pub(super) fn decide_appeal(&self) -> Stepped {
        let Actor::Supervisor(by) = self.by else { return Err(Refused::SamePerson) };
        let open = || self.case.appeals.values().filter(|one| one.at >= self.appealed_at());
        if open().any(|appeal| appeal.not_by.contains(by)) {
            return Err(Refused::SamePerson);
        }
        if !self.case.appeals_are_answered() {
            return Err(Refused::Unruled);
        }
        let newly = self.case.appeals.iter().any(|(order, appeal)| {
            appeal.at >= self.appealed_at() && self.case.is_confirmed_of(order)
        });
        let from = self.case.appealed_from.unwrap_or(State::Decided);
        let mut case = Case { appealed_from: None, ..self.case.clone() };
        if !newly {
            return Ok((self.to(case, Did::Decided, from), vec![Action::TellReporter]));
        }
        if self.case.contained_at.is_none() {
            return Err(Refused::NotFromHere);
        }
        case.confirmed_at = case.confirmed_at.or(Some(self.now));
        case.closed_at = None;
        let actions = vec![Action::TellReporter, Action::LabelWindow, Action::BeginRestitution];
        Ok((self.to(case, Did::Decided, State::Restitution), actions))
    }

    /// When the case went into this appeal.
    fn appealed_at(&self) -> Micros {
        let steps = self.case.steps.iter().rev();
        let mut into = steps.filter(|step| step.to == State::Appeal && step.from != step.to);
        into.next().map_or(Micros(0), |step| step.at)
    }
}
