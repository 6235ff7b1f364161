//! 折り返しの電話: who reports asks to be called, at once or in a slot (R21, R22), and sees the words by
//! which they know that it is us (C11).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use domain::callback::{Callback, Command, Refused, State as Standing, Unfit, Wish};
use domain::case::{Actor, Reporter, State as CaseState};
use domain::time::{MINUTE, Micros};
use serde::Serialize;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::{Page, Visitor, hidden};
use crate::callbacks::{Numbered as Call, Offer, Wanted};
use crate::cases::{Numbered, report};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::members::Login;
use crate::text::{Language, text};
use crate::time::in_japan;

/// `/report/call`
#[derive(Serialize)]
pub(in super::super) struct CallPage {
    phrase: String,
    /// The call-back that is open.
    open: Option<OpenCall>,
    /// The number, as it was typed.
    number: String,
    /// An agent is free now.
    free: bool,
    /// Minutes until one is, where anybody is at the desk.
    minutes: Option<i64>,
    slots: Vec<Slot>,
    /// Text key of why it was not promised.
    problem: Option<&'static str>,
}

/// The call-back that is open.
#[derive(Serialize)]
struct OpenCall {
    /// Where it stands, in words.
    state: String,
    /// Masked.
    number: String,
    can_be_cancelled: bool,
}

/// A slot that is offered.
#[derive(Serialize)]
struct Slot {
    /// Microseconds.
    from: i64,
    at: String,
}

const REFUSED: [&str; 9] = [
    "call-refused-foreign",
    "call-refused-premium",
    "call-refused-freephone",
    "call-refused-no-line",
    "call-refused-too-many",
    "call-refused-open",
    "call-refused-nobody",
    "call-refused-slot",
    "call-refused-now",
];

const fn refused_key(refused: Refused) -> &'static str {
    match refused {
        Refused::Number(Unfit::Foreign) => REFUSED[0],
        Refused::Number(Unfit::Premium) => REFUSED[1],
        Refused::Number(Unfit::Freephone) => REFUSED[2],
        Refused::Number(Unfit::NoLine) => REFUSED[3],
        Refused::TooMany => REFUSED[4],
        Refused::OpenAlready => REFUSED[5],
        Refused::NobodyFree => REFUSED[6],
        Refused::NoSuchSlot => REFUSED[7],
        Refused::BadDue | Refused::NotNow => REFUSED[8],
    }
}

#[cfg(test)]
const STATES: [&str; 13] = [
    "call-state-waiting",
    "call-state-promised",
    "call-state-late",
    "call-state-queued",
    "call-state-dialling",
    "call-state-talking",
    "call-state-retrying",
    "call-state-resolved",
    "call-state-followed-up",
    "call-state-unanswered",
    "call-state-nobody-there",
    "call-state-cancelled",
    "call-state-declined",
];

/// Text keys of this page.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = String> {
    REFUSED.into_iter().chain(STATES).map(str::to_owned)
}

impl Page for CallPage {
    const TEMPLATE: &'static str = "report_call.html";

    fn samples() -> Vec<Self> {
        let slot = |from| Slot { from, at: "2026年6月5日 14時00分".to_owned() };
        let sample = |free, minutes, slots: Vec<Slot>, problem| Self {
            phrase: "あさひ くじら みかん やなぎ".to_owned(),
            open: None,
            number: "<090>".to_owned(),
            free,
            minutes,
            slots,
            problem,
        };
        let open = |can_be_cancelled| OpenCall {
            state: "2026年6月5日 14時00分から30分の間にお電話します。".to_owned(),
            number: "•••• 5678".to_owned(),
            can_be_cancelled,
        };
        let nothing = || sample(false, None, Vec::new(), None);
        vec![
            sample(true, Some(10), vec![slot(1), slot(2)], None),
            sample(false, Some(20), vec![slot(1)], Some(REFUSED[1])),
            nothing(),
            Self { open: Some(open(true)), ..nothing() },
            Self { open: Some(open(false)), ..nothing() },
        ]
    }
}

/// How a call-back stands, as its owner is told.
pub(super) fn told(callback: &Callback, language: Language, now: Micros) -> String {
    let say = |key| text().say(language, key);
    let tell = |key, at| text().tell(language, key, &[("at", &in_japan(language, at))]);
    match (callback.state, callback.wish) {
        (Standing::Waiting | Standing::Queued, Wish::FollowUp { due }) => {
            tell(if due <= now { "call-state-late" } else { "call-state-promised" }, due)
        }
        (Standing::Waiting | Standing::Queued, Wish::Slot { from }) if callback.dials == 0 => {
            tell("call-state-waiting", from)
        }
        (Standing::Waiting | Standing::Queued, _) => say("call-state-queued"),
        (Standing::Dialling, _) => say("call-state-dialling"),
        (Standing::Consented | Standing::Connected, _) => say("call-state-talking"),
        (Standing::Retrying, _) => tell("call-state-retrying", callback.due_at.unwrap_or(now)),
        (Standing::Resolved, _) => say("call-state-resolved"),
        (Standing::FollowedUp { due }, _) => tell("call-state-followed-up", due),
        (Standing::Unanswered, _) => say("call-state-unanswered"),
        (Standing::NobodyThere, _) => say("call-state-nobody-there"),
        (Standing::Cancelled, _) => say("call-state-cancelled"),
        (Standing::Declined, _) => say("call-state-declined"),
    }
}

/// A report of which calls can be asked for: it was sent, and by who is concerned (R30).
pub(super) fn can_call(house: &House, case: &Numbered) -> bool {
    let (state, reporter) = (case.kept.case.state, case.kept.case.reporter);
    let is_open = !matches!(state, CaseState::Draft | CaseState::Closed);
    house.calling.is_on() && is_open && reporter != Reporter::Helper
}

pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/report/call", get(show).post(ask))
        .route("/report/call/cancel", post(cancel))
}

async fn show(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let case = house.case_of(&headers).await?.map(|(case, _)| case);
    let Some(case) = case.filter(|case| can_call(&house, case)) else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let reached = Login::read(&case.kept.report.new_contact);
    let number = match reached {
        Some(Login::Phone(number)) => number,
        Some(Login::Mail(..)) | None => String::new(),
    };
    let page = house.call_page(&case, number, visitor.language).await?;
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

async fn ask(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    house.take_turn(&visitor)?;
    let case = house.case_of(&headers).await?.map(|(case, _)| case);
    let Some(case) = case.filter(|case| can_call(&house, case)) else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let number = report::line(form.text("number"));
    // What is no slot of ours is none that is offered.
    let wish = match form.text("when") {
        "now" => Wish::Now,
        slot => Wish::Slot { from: Micros(slot.parse().unwrap_or_default()) },
    };
    let wanted = Wanted { number: &number, wish, by: &Actor::Reporter, reason: None };
    match house.ask_for_call(&case, &wanted).await? {
        Ok(_) => Ok(house.go(&visitor, "/report/call", Some(Flash::CallAsked))),
        Err(refused) => {
            let mut page = house.call_page(&case, number, visitor.language).await?;
            page.problem = Some(refused_key(refused));
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
    }
}

async fn cancel(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (_, visitor) = Form::read(&house, request).await?;
    let Some((case, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let Some(open) = house.open_callback(case.id).await? else {
        return Ok(house.go(&visitor, "/report/call", None));
    };
    match house.step_callback(open.id, &Command::Cancel, &Actor::Reporter, None).await {
        Ok(_) => Ok(house.go(&visitor, "/report/call", Some(Flash::CallCancelled))),
        Err(problem) if problem.kind == Kind::Conflict => {
            let mut page = house.call_page(&case, String::new(), visitor.language).await?;
            page.problem = Some(refused_key(Refused::NotNow));
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

impl House {
    async fn call_page(
        &self,
        case: &Numbered,
        number: String,
        language: Language,
    ) -> Result<CallPage, Problem> {
        let open = self.open_callback(case.id).await?;
        let Offer { free, estimate, slots } = self.call_offer().await?;
        let now = self.world.now();
        let slot = |from: Micros| Slot { from: from.0, at: in_japan(language, from) };
        Ok(CallPage {
            phrase: self.phrase(case),
            open: open.map(|call| OpenCall::of(&call, language, now)),
            number,
            free: free > 0,
            minutes: estimate.map(|span| span / MINUTE),
            slots: slots.into_iter().map(slot).collect(),
            problem: None,
        })
    }

    /// How the calls of a report stand, the latest first; every open one, and the last that is over.
    pub(super) async fn calls_told(
        &self,
        case: &Numbered,
        language: Language,
    ) -> Result<Vec<String>, Problem> {
        let now = self.world.now();
        let calls = self.callbacks_of_report(case).await?;
        let own = calls.iter();
        let open = |call: &&Call| call.kept.callback.state.is_open();
        let mut shown: Vec<&Call> = own.clone().filter(open).collect();
        if shown.is_empty() {
            shown.extend(own.take(1));
        }
        Ok(shown.iter().map(|call| told(&call.kept.callback, language, now)).collect())
    }
}

impl OpenCall {
    fn of(call: &Call, language: Language, now: Micros) -> Self {
        let state = call.kept.callback.state;
        Self {
            state: told(&call.kept.callback, language, now),
            number: hidden(&call.kept.number),
            can_be_cancelled: !matches!(state, Standing::Consented | Standing::Connected),
        }
    }
}
