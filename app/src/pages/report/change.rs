//! What a reporter may change: whose an order was, what they think of a ruling, and that there was
//! anything to report at all.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use domain::account::Level;
use domain::case::{Actor, Audience, Case, Command, Mark, Reminder, Reporter, State as CaseState};
use domain::time::Micros;
use serde::Serialize;
use store::Changes;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::answer::{own_level, ruling_key};
use crate::cases::{Numbered, report};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::text::Language;
use crate::time::in_japan;

/// Lost races until a reporter is asked to come again.
const RACES_MAX: usize = 4;

/// An order, as its reporter is told of it.
#[derive(Serialize)]
pub(super) struct OrderLine {
    id: String,
    /// Text key.
    ruling: &'static str,
    /// Theirs, they say.
    mine: bool,
    /// They can still say otherwise.
    can_change: bool,
    /// They can ask for another person to look.
    can_appeal: bool,
}

/// Something that the reporter is reminded of.
#[derive(Serialize)]
pub(super) struct Told {
    /// Text key.
    key: &'static str,
    by: String,
}

/// Names of what reporters are reminded of, as keys.
const fn told_key(what: Reminder) -> Option<&'static str> {
    match what {
        Reminder::AnswerAwaited | Reminder::AnswerStillAwaited => Some("report-remind-answer"),
        Reminder::CardWindow => Some("report-remind-card"),
        Reminder::CarrierWindow => Some("report-remind-carrier"),
        _ => None,
    }
}

#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let told = Reminder::ALL.into_iter().filter_map(told_key).map(str::to_owned);
    told.chain(["case-order-mine", "case-order-appeal", "case-withdrawn"].map(str::to_owned))
        .collect()
}

impl OrderLine {
    /// The orders of a case, for who is proven or not.
    pub(super) fn of(case: &Case, proven: bool, now: Micros) -> Vec<Self> {
        let line = |(id, mark): (&String, &Mark)| {
            let ruled = case.rulings.get(id).filter(|ruled| ruled.is_final());
            let appeal = case.appeals.get(id);
            let ruling = match ruled {
                _ if *mark == Mark::Mine => "case-order-mine",
                _ if proven && appeal.is_some_and(|one| one.answered_by.is_none()) => {
                    "case-order-appeal"
                }
                Some(ruled) if proven && case.decided_at.is_some() => {
                    ruling_key(&ruled.ruling.outcome)
                }
                _ => "case-order-open",
            };
            let is_open = case.state.is_before_decision() && !case.rulings.contains_key(id);
            Self {
                id: id.clone(),
                ruling,
                mine: *mark == Mark::Mine,
                can_change: proven && is_open,
                can_appeal: proven && case.can_appeal(id, now),
            }
        };
        // To who has proven nothing, an order is theirs to name and no more (T6).
        let shown = |(_, mark): &(&String, &Mark)| proven || **mark == Mark::NotMine;
        case.marks.iter().filter(shown).map(line).collect()
    }

    /// One that pages are tried with.
    pub(super) fn sample(ruling: &'static str) -> Self {
        Self {
            id: "250-1".to_owned(),
            ruling,
            mine: ruling == "case-order-mine",
            can_change: matches!(ruling, "case-order-open" | "case-order-mine"),
            can_appeal: ruling == "case-order-no",
        }
    }
}

impl Told {
    /// What who is proven is reminded of.
    pub(super) fn of(case: &Case, language: Language, now: Micros) -> Vec<Self> {
        let open = case.open_reminders(now).into_iter();
        let told = open.filter(|one| one.what.audience() != Audience::Desk);
        told.filter_map(|one| {
            Some(Self { key: told_key(one.what)?, by: in_japan(language, one.by) })
        })
        .collect()
    }

    /// What pages are tried with.
    pub(super) fn samples() -> Vec<Self> {
        let all = Reminder::ALL.into_iter().filter_map(told_key);
        all.map(|key| Self { key, by: "2026年8月2日 9時00分".to_owned() }).collect()
    }
}

/// The report can be taken back. To who has proven nothing it can, whatever became of the case: they
/// learn nothing by it (T6).
pub(super) fn can_withdraw(one: &Numbered, proven: bool) -> bool {
    let case = &one.kept.case;
    let open = case.contained_at.is_none()
        && (case.state.is_before_decision() || case.state == CaseState::Merged);
    let closed = matches!(case.state, CaseState::Draft | CaseState::Closed);
    !one.kept.withdrawn && case.reporter != Reporter::Helper && if proven { open } else { !closed }
}

/// Whose an order was, or that another person shall look at its ruling.
pub(super) async fn order(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let status = |flash| Ok(house.go(&visitor, "/report/status", flash));
    let Some((own, _)) = house.case_of(&headers).await? else { return status(None) };
    let told = house.as_told(own.clone()).await?;
    if own.kept.case.reporter == Reporter::Helper || own_level(&told) < Level::V2 {
        return status(Some(Flash::NotProven));
    }
    let id = form.text("order").to_owned();
    if !told.kept.case.marks.contains_key(&id) {
        return status(Some(Flash::NothingChanged));
    }
    let (command, flash) = match form.text("do") {
        "mine" => (Command::Mark(id, Mark::Mine), Flash::Saved),
        "not_mine" => (Command::Mark(id, Mark::NotMine), Flash::Saved),
        "appeal" => (Command::Appeal(id), Flash::Appealed),
        _ => return status(Some(Flash::NothingChanged)),
    };
    let why = report::text(form.text("why"));
    let changed = house.change_case(&own, &command, Some(&why)).await?;
    status(Some(if changed { flash } else { Flash::NothingChanged }))
}

/// It was a mistake.
pub(super) async fn withdraw(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let status = |flash| Ok(house.go(&visitor, "/report/status", flash));
    let Some((own, _)) = house.case_of(&headers).await? else { return status(None) };
    let told = house.as_told(own.clone()).await?;
    if !can_withdraw(&told, own_level(&told) >= Level::V2) {
        return status(Some(Flash::NothingChanged));
    }
    let why = report::text(form.text("why"));
    house
        .withdraw_report(&own, Some(&why).filter(|why| !why.is_empty()).map(String::as_str))
        .await?;
    status(Some(Flash::Withdrawn))
}

impl House {
    /// A step of whoever reports, in the case that is worked on; whether anything came of it.
    async fn change_case(
        &self,
        own: &Numbered,
        command: &Command,
        why: Option<&str>,
    ) -> Result<bool, Problem> {
        for _ in 0..RACES_MAX {
            let Some(case) = self.case_worked_on(own.id).await? else { return Ok(false) };
            let now = self.world.now();
            let Ok((next, actions)) = case.step(command.clone(), &Actor::Reporter, why, now) else {
                return Ok(false);
            };
            if next.kept.case == case.kept.case {
                return Ok(false);
            }
            let outbox = self.rows_of(&next, &actions);
            match self.write_case(&next, Changes { outbox, ..Changes::default() }).await {
                Err(problem) if problem.kind == Kind::Unavailable => {}
                written => {
                    self.bell.notify_one();
                    return written.map(|_| true);
                }
            }
        }
        Err(Problem::unavailable(1))
    }
}
