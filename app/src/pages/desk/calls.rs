//! Calls at the desk: who takes them, which are due, and how one ended.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use domain::callback::{Command, Wish};
use domain::time::Micros;
use serde::Serialize;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::sees;
use crate::callbacks::{Wanted, refusal};
use crate::cases::Numbered as Case;
use crate::desk::Colleague;
use crate::http::House;
use crate::http::callbacks::views::CallbackView;
use crate::http::problem::{Kind, Problem};
use crate::time::show;

/// For how long an agent takes calls, in minutes.
const MINUTES: [i64; 4] = [30, 60, 120, 240];

/// The part of the queue that is about calls.
#[derive(Serialize, Default)]
pub(super) struct Calls {
    /// Calls are made at all.
    on: bool,
    /// Who looks takes calls, or may.
    may_act: bool,
    /// Until when they do.
    free_until: Option<String>,
    minutes: [i64; 4],
    /// Overdue follow-ups first (R28).
    items: Vec<CallbackView>,
}

/// Call-backs of one case, with what the agent says (C11).
#[derive(Serialize, Default)]
pub(super) struct OfCase {
    items: Vec<CallbackView>,
    /// The store's own telephone calls: an agent says what became of it.
    by_hand: bool,
    /// A call can be promised: none is open.
    promises: bool,
    store: String,
}

impl OfCase {
    /// As a page is tried with.
    pub(super) fn sample(filled: bool) -> Self {
        let items = if filled { super::samples::calls() } else { Vec::new() };
        Self { items, by_hand: filled, promises: filled, store: "<関所>".to_owned() }
    }
}

impl Calls {
    /// Each look it can have.
    pub(super) fn samples() -> [Self; 2] {
        let items = super::samples::calls();
        let free_until = Some("2026-06-03T12:04:05Z".to_owned());
        [
            Self { on: true, may_act: true, free_until, minutes: MINUTES, items },
            Self { on: false, may_act: true, minutes: MINUTES, ..Self::default() },
        ]
    }
}

/// Words that templates complete keys with.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = String> {
    use crate::callbacks::Known;
    let states = [
        "waiting",
        "queued",
        "dialling",
        "consented",
        "connected",
        "retrying",
        "resolved",
        "followed_up",
        "unanswered",
        "nobody_there",
        "cancelled",
        "declined",
    ];
    let states = states.into_iter().map(|name| format!("desk-call-{name}"));
    let wishes = ["now", "slot", "follow_up"].map(|name| format!("desk-call-wish-{name}"));
    let known = [Known::FromBefore, Known::ComeSince, Known::Unknown];
    let known = known.map(|one| format!("desk-call-number-{}", one.name()));
    states.chain(wishes).chain(known)
}

pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/desk/free", post(take_calls))
        .route("/desk/calls/{id}", post(step))
        .route("/desk/cases/{id}/calls", post(promise))
}

/// "I am free for calls", or no longer.
async fn take_calls(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    if colleague.actor().is_none() {
        return Err(Problem::new(Kind::Forbidden, ""));
    }
    let minutes = form.text("minutes").parse().ok().filter(|minutes| MINUTES.contains(minutes));
    let minutes = match form.text("free") {
        "yes" => minutes.ok_or_else(|| Problem::invalid("/minutes", "one of those offered"))?,
        _ => 0,
    };
    house.take_calls(&colleague.name, minutes).await?;
    Ok(house.go(&visitor, "/desk", Some(Flash::Saved)))
}

/// How a call went, by whoever sees its case.
async fn step(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let call = house.callback_named(&id).await?;
    let case = house.case_worked_on(call.kept.case).await?;
    let case = case.ok_or_else(|| Problem::not_found("case"))?;
    let by = colleague.actor().filter(|_| sees(&case, &colleague));
    let by = by.ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
    let reason = form.filled("reason");
    let done = match command(&form) {
        Ok(command) => house.step_callback(call.id, &command, &by, reason).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => {
            let path = format!("/desk/cases/{}", crate::id::show("cas", case.id));
            Ok(house.go(&visitor, &path, Some(Flash::Saved)))
        }
        Err(problem) if problem.kind.row().status.is_client_error() => {
            let mut page = house.case_page(&case, &colleague).await?;
            page.problem = Some(problem.detail);
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

/// A call that an agent promises for a case that cannot be decided yet (R28).
async fn promise(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let case = house.case_named(&id).await?;
    let by = colleague.actor().filter(|_| sees(&case, &colleague));
    let by = by.ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
    let promised = match due(&form) {
        Ok(due) => {
            let (number, reason) = (form.text("number"), form.filled("reason"));
            let wanted = Wanted { number, wish: Wish::FollowUp { due }, by: &by, reason };
            house.ask_for_call(&case, &wanted).await.and_then(|one| one.map_err(refusal))
        }
        Err(problem) => Err(problem),
    };
    match promised {
        Ok(_) => Ok(house.go(&visitor, &format!("/desk/cases/{id}"), Some(Flash::Saved))),
        Err(problem) if problem.kind.row().status.is_client_error() => {
            let mut page = house.case_page(&case, &colleague).await?;
            page.problem = Some(problem.detail);
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

/// Until when a call is promised, with a reason. A field for a time has none of its offset: it is the
/// store's, Japan's.
fn due(form: &Form) -> Result<Micros, Problem> {
    let due = form.filled("due").and_then(|at| crate::time::read(&format!("{at}:00+09:00")));
    let due = due.ok_or_else(|| Problem::invalid("/due_at", "a day and a time"))?;
    form.filled("reason").ok_or_else(|| Problem::invalid("/reason", "a promise has a reason"))?;
    Ok(due)
}

fn command(form: &Form) -> Result<Command, Problem> {
    let dial = form.text("ring").parse().unwrap_or_default();
    match form.text("do") {
        "consent" => Ok(Command::Consent { dial }),
        "no_answer" => Ok(Command::NoAnswer { dial }),
        "decline" => Ok(Command::Decline { dial }),
        "resolve" => Ok(Command::Resolve),
        "follow_up" => Ok(Command::FollowUp { due: due(form)? }),
        _ => Err(Problem::not_found("step")),
    }
}

impl House {
    /// The calls of a case; nothing for who does not see it.
    pub(super) async fn calls_of_case(&self, case: &Case, seen: bool) -> Result<OfCase, Problem> {
        if !seen {
            return Ok(OfCase::default());
        }
        let all = self.callbacks_of(case).await?;
        let is_open = all.iter().any(|one| one.kept.callback.state.is_open());
        Ok(OfCase {
            items: self.callback_views(&all).await?,
            by_hand: self.calling.twilio.is_none(),
            promises: self.calling.is_on() && !is_open,
            store: self.config.said.text("store-name").to_owned(),
        })
    }

    pub(super) async fn calls_at_the_desk(&self, colleague: &Colleague) -> Result<Calls, Problem> {
        let open = self.open_callbacks().await?;
        let until = self.takes_calls_until(&colleague.name).await?;
        Ok(Calls {
            on: self.calling.is_on(),
            may_act: colleague.actor().is_some(),
            free_until: until.map(show),
            minutes: MINUTES,
            items: self.callback_views(&open).await?,
        })
    }
}
