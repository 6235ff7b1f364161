//! The desk: the queue, and one case with what an agent looks at and does.
//!
//! Who is not of the desk finds nothing here. An agent opens a case by taking it, which stays in its
//! history (T5); supervisors and auditors look at all.

mod calls;
pub(super) mod figures;
mod samples;
pub(super) mod whole;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use domain::case::Cause;
#[cfg(test)]
use domain::case::Reminder;
use serde::Serialize;
use serde_json::{Map, Value};

use super::cookies::Flash;
use super::form::Form;
use super::owner::Owner;
use super::{Page, Visitor};
use crate::cases::Numbered;
use crate::cases::doing::{Doing, Masked};
use crate::desk::{Colleague, Role, Shut};
use crate::http::House;
use crate::http::cases::claims::ClaimsView;
#[cfg(test)]
use crate::http::cases::then_now::PARTS;
use crate::http::cases::views::{CaseView, SummaryView};
use crate::http::problem::{Kind, Problem};

/// `/desk`
#[derive(Serialize)]
pub(super) struct Queue {
    me: String,
    items: Vec<SummaryView>,
    calls: calls::Calls,
}

/// `/desk/cases/{id}`
#[derive(Serialize)]
pub(super) struct CasePage {
    me: String,
    /// What is shown; nothing before the case is taken.
    view: Option<CaseView>,
    summary: SummaryView,
    /// Claims: name, result, until when it was true.
    claims: Vec<(&'static str, &'static str, Option<String>)>,
    may_act: bool,
    supervises: bool,
    /// Why a step was refused.
    problem: Option<String>,
    causes: [&'static str; 7],
    calls: calls::OfCase,
}

/// Names of causes.
const CAUSES: [(&str, Cause); 7] = [
    ("phishing", Cause::Phishing),
    ("reused_password", Cause::ReusedPassword),
    ("malware", Cause::Malware),
    ("sim_swap", Cause::SimSwap),
    ("help_desk", Cause::HelpDesk),
    ("insider", Cause::Insider),
    ("unknown", Cause::Unknown),
];

/// Words that templates complete keys with.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let of = |prefix: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("{prefix}-{name}")).collect()
    };
    let mut keys = of("desk-state", &STATES);
    keys.extend(of("desk-did", &DID));
    keys.extend(of("desk-claim", &CLAIMS));
    keys.extend(of("desk-result", &["match", "no_match", "not_available"]));
    keys.extend(of("desk-item", &ITEMS));
    keys.extend(of("desk-failed", &["not_a_member", "no_endpoint"]));
    keys.extend(of("desk-why", &["first_sign_in", "first_act", "as_told"]));
    keys.extend(of("desk-cause", &CAUSES.map(|(name, _)| name)));
    keys.extend(of("desk-mark", &["mine", "not_mine"]));
    keys.extend(of("desk-reminder", &Reminder::ALL.map(Reminder::name)));
    keys.extend(of("breach", &["preliminary", "final"]));
    keys.extend(calls::keys());
    keys.extend(of("desk-by", &["reporter", "system"]));
    keys.extend(of("desk-ruling", &["refund", "settled_by_issuer", "review", "not_confirmed"]));
    keys.extend(of("desk-profile", &PARTS));
    keys.extend(whole::keys());
    keys.extend(figures::keys());
    keys
}

#[cfg(test)]
const STATES: [&str; 13] = [
    "draft",
    "submitted",
    "triage",
    "unidentified",
    "need_info",
    "verifying",
    "contained",
    "decided",
    "restitution",
    "monitoring",
    "closed",
    "appeal",
    "merged",
];
#[cfg(test)]
const DID: [&str; 23] = [
    "opened",
    "submitted",
    "taken",
    "located",
    "asked_for_more",
    "supplied",
    "proved",
    "contained",
    "recovered",
    "marked",
    "ruled",
    "approved",
    "decided",
    "made_whole",
    "closed",
    "withdrawn",
    "appealed",
    "reopened",
    "merged",
    "noted",
    "cause_named",
    "breach_settled",
    "reminded",
];
#[cfg(test)]
const CLAIMS: [&str; 7] =
    ["login", "former-password", "name", "address", "birth-date", "card-last4", "orders"];
#[cfg(test)]
const ITEMS: [&str; 11] = [
    "account_locked",
    "sessions_ended",
    "password_off",
    "changes_reversed",
    "devices_forgotten",
    "pending_changes_stopped",
    "owners_told",
    "store_told_to_end_sessions",
    "store_told_to_hold_cards_and_payouts",
    "orders_held",
    "gift_codes_revoked",
];

impl Page for Queue {
    const TEMPLATE: &'static str = "desk.html";

    fn samples() -> Vec<Self> {
        let me = || "sato@shop.example".to_owned();
        let items = vec![samples::summary("P1"), samples::summary("P3")];
        let all = calls::Calls::samples();
        let filled = all.map(|calls| Self { me: me(), items: items.clone(), calls });
        let empty = Self { me: me(), items: Vec::new(), calls: calls::Calls::default() };
        filled.into_iter().chain([empty]).collect()
    }
}

impl Page for CasePage {
    const TEMPLATE: &'static str = "desk_case.html";

    fn samples() -> Vec<Self> {
        let sample = |view: Option<CaseView>, may_act| Self {
            me: "sato@shop.example".to_owned(),
            claims: view.as_ref().map(claims_of).unwrap_or_default(),
            view,
            summary: samples::summary("P1"),
            may_act,
            supervises: may_act,
            problem: may_act.then(|| "<V2>".to_owned()),
            causes: CAUSES.map(|(name, _)| name),
            calls: calls::OfCase::sample(may_act),
        };
        vec![
            sample(None, true),
            sample(Some(samples::case()), true),
            sample(Some(CaseView { unmasked: None, ..samples::case() }), false),
        ]
    }
}

pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/desk", get(queue))
        .route("/desk/cases/{id}", get(show).post(act))
        .route("/desk/figures", get(figures::show))
        .route("/desk/cases/{id}/whole", get(whole::show).post(whole::act))
        .route("/desk/cases/{id}/evidence/{file}", get(hand_out))
        .merge(calls::router())
}

async fn queue(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let now = house.world.now();
    let queue = house.case_queue(None).await?;
    let items = queue.iter().map(|case| SummaryView::of(case, now)).collect();
    let calls = house.calls_at_the_desk(&colleague).await?;
    Ok(house.page(&visitor, StatusCode::OK, &Queue { me: colleague.name, items, calls }))
}

async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let case = house.case_named(&id).await?;
    let page = house.case_page(&case, &colleague).await?;
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

async fn act(
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
    let Some(by) = colleague.actor() else { return Err(Problem::new(Kind::Forbidden, "")) };
    let doing = doing(&form)?;
    let takes = matches!(doing, Doing::Take);
    if !takes && !sees(&case, &colleague) {
        return Err(Problem::new(Kind::Forbidden, ""));
    }
    let unmasks = if let Doing::Unmask { field } = &doing { Some(*field) } else { None };
    let reason = form.filled("reason").map(str::to_owned);
    match house.take_step(case.clone(), doing, &by, reason.as_deref()).await {
        Ok(next) => match unmasks {
            Some(field) => house.unmasked(&visitor, &next, &colleague, field).await,
            None => Ok(house.go(&visitor, &format!("/desk/cases/{id}"), Some(Flash::Saved))),
        },
        Err(problem) if problem.kind.row().status.is_client_error() => {
            let mut page = house.case_page(&case, &colleague).await?;
            page.problem = Some(problem.detail);
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

/// A file of a case, to who sees the case.
async fn hand_out(
    State(house): State<Arc<House>>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (_, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let case = house.case_named(&id).await?;
    if !sees(&case, &colleague) {
        return Err(Problem::new(Kind::Forbidden, ""));
    }
    let file = crate::id::read("evd", &file).unwrap_or_default();
    let found = house.evidence(&case, file).await?;
    let (item, bytes) = found.ok_or_else(|| Problem::not_found("file"))?;
    Ok(super::report::handed_out(&item, bytes))
}

/// What the form asks for, as the API would say it.
fn doing(form: &Form) -> Result<Doing, Problem> {
    let mut said = Map::from_iter([("do".to_owned(), Value::from(form.text("do")))]);
    // A field for a time has none of its offset: it is the store's, Japan's.
    said.extend(
        form.filled("at").map(|at| ("at".to_owned(), Value::from(format!("{at}:00+09:00")))),
    );
    for name in ["account_id", "order_id", "cause", "field", "report"] {
        said.extend(form.filled(name).map(|value| (name.to_owned(), Value::from(value))));
    }
    for name in ["mine", "confirmed"] {
        said.extend(form.filled(name).map(|value| (name.to_owned(), Value::from(value == "yes"))));
    }
    serde_json::from_value(said.into()).map_err(|_| Problem::not_found("step"))
}

/// An agent sees the cases they have taken; supervisors and auditors see all.
fn sees(case: &Numbered, colleague: &Colleague) -> bool {
    colleague.role != Role::Agent || case.kept.case.agent.as_ref() == Some(&colleague.name)
}

fn claims_of(view: &CaseView) -> Vec<(&'static str, &'static str, Option<String>)> {
    let claims = view.claims.iter().flat_map(ClaimsView::each);
    claims.map(|(name, one)| (name, one.result, one.until.clone())).collect()
}

impl House {
    /// Who looks, if they are of the desk; otherwise what they are answered.
    pub(super) async fn colleague(
        &self,
        headers: &HeaderMap,
        visitor: Visitor,
    ) -> Result<Result<(Visitor, Colleague), Response>, Problem> {
        let owner = match Owner::of(self, headers, visitor).await {
            Ok(owner) => owner,
            Err(first) => return Ok(Err(first.into_response())),
        };
        match self.staff.colleague(&owner.found.member, &owner.live.kept.session) {
            Ok(colleague) => Ok(Ok((owner.visitor, colleague))),
            Err(Shut::NotStaff) => Err(Problem::not_found("page")),
            Err(Shut::SecondFactor) => {
                let flash = Some(Flash::TwoStepRequired);
                Ok(Err(self.go(&owner.visitor, "/security", flash)))
            }
        }
    }

    async fn case_page(&self, case: &Numbered, colleague: &Colleague) -> Result<CasePage, Problem> {
        let now = self.world.now();
        let sees_it = sees(case, colleague);
        let view = if sees_it { Some(self.case_view(case, now).await?) } else { None };
        Ok(CasePage {
            me: colleague.name.clone(),
            claims: view.as_ref().map(claims_of).unwrap_or_default(),
            view,
            summary: SummaryView::of(case, now),
            may_act: colleague.role != Role::Auditor,
            supervises: colleague.role == Role::Supervisor,
            problem: None,
            causes: CAUSES.map(|(name, _)| name),
            calls: self.calls_of_case(case, sees_it).await?,
        })
    }

    async fn unmasked(
        &self,
        visitor: &Visitor,
        case: &Numbered,
        colleague: &Colleague,
        field: Masked,
    ) -> Result<Response, Problem> {
        let mut page = self.case_page(case, colleague).await?;
        if let Some(view) = &mut page.view {
            view.unmasked = Some(field.of(&case.kept.report).to_owned());
        }
        Ok(self.page(visitor, StatusCode::OK, &page))
    }
}
