//! The desk: the queue, and one case with what an agent looks at and does.
//!
//! Who is not of the desk finds nothing here. An agent opens a case by taking it, which stays in its
//! history (T5); supervisors and auditors look at all.

mod calls;
pub(super) mod campaigns;
pub(super) mod conduct;
pub(super) mod figures;
#[cfg(test)]
pub(super) mod keys;
pub(super) mod ledger;
pub(super) mod packs;
pub(super) mod samples;
pub(super) mod tasks;
pub(super) mod whole;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use domain::case::Cause;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::cookies::Flash;
use super::form::Form;
use super::owner::Owner;
use super::{Page, Visitor};
use crate::audit::Seen;
use crate::cases::Numbered;
use crate::cases::doing::{Doing, Masked};
use crate::desk::{Colleague, Role, Shut};
use crate::http::House;
use crate::http::cases::claims::ClaimsView;
use crate::http::cases::views::{CaseView, SummaryView};
use crate::http::page::{read_spot, show_spot};
use crate::http::problem::{Kind, Problem};
use crate::pack::ItemView;

/// Rows of a list on one page.
const PAGE: u32 = 50;

/// `/desk`
#[derive(Serialize)]
pub(super) struct Queue {
    me: String,
    /// They see how colleagues work.
    oversees: bool,
    items: Vec<SummaryView>,
    /// Where the next page begins.
    next: Option<String>,
    /// It is not the first page.
    later: bool,
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
    packs: Vec<ItemView>,
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

impl Page for Queue {
    const TEMPLATE: &'static str = "desk.html";

    fn samples() -> Vec<Self> {
        let me = || "sato@shop.example".to_owned();
        let items = vec![samples::summary("P1"), samples::summary("P3")];
        let all = calls::Calls::samples();
        let page = |items, next: Option<&str>, calls| Self {
            me: me(),
            oversees: next.is_some(),
            items,
            later: next.is_some(),
            next: next.map(str::to_owned),
            calls,
        };
        let filled = all.map(|calls| page(items.clone(), Some("cur_2.at_3"), calls));
        filled.into_iter().chain([page(Vec::new(), None, calls::Calls::default())]).collect()
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
            packs: vec![samples::pack()],
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
        .route("/desk/campaigns", get(campaigns::show).post(campaigns::act))
        .route("/desk/campaigns.csv", get(campaigns::csv))
        .route("/desk/campaigns.json", get(campaigns::stix))
        .route("/desk/conduct", get(conduct::show))
        .route("/desk/tasks", get(tasks::show).post(tasks::act))
        .route("/desk/ledger", get(ledger::show))
        .route("/desk/ledger.csv", get(ledger::export))
        .route("/desk/cases/{id}/whole", get(whole::show).post(whole::act))
        .route("/desk/cases/{id}/evidence/{file}", get(hand_out))
        .route("/desk/cases/{id}/packs", axum::routing::post(packs::make))
        .route("/desk/cases/{id}/packs/{file}", get(packs::hand_out))
        .merge(calls::router())
}

/// From where a list is read on.
#[derive(Default, Deserialize)]
struct After {
    after: Option<String>,
}

async fn queue(
    State(house): State<Arc<House>>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let now = house.world.now();
    let after = after.as_deref().and_then(read_spot);
    let queue = house.case_queue(None, after, PAGE).await?;
    let items = queue.cases.iter().map(|case| SummaryView::of(case, now)).collect();
    let calls = house.calls_at_the_desk(&colleague).await?;
    let oversees = colleague.role != Role::Agent;
    let (next, later) = (queue.next.map(show_spot), after.is_some());
    let page = Queue { me: colleague.name, oversees, items, next, later, calls };
    Ok(house.page(&visitor, StatusCode::OK, &page))
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
    if sees(&case, &colleague) {
        house.tell_trail(&case, &colleague, Seen::Looked, "case").await?;
    }
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
    if is_own(&case, &colleague) || (!takes && !sees(&case, &colleague)) {
        return Err(house.refused(&case, &colleague, form.text("do")).await);
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
        return Err(house.refused(&case, &colleague, "file").await);
    }
    let file = crate::id::read("evd", &file).unwrap_or_default();
    let found = house.evidence(&case, file).await?;
    let (item, bytes) = found.ok_or_else(|| Problem::not_found("file"))?;
    let name = format!("file {}", crate::id::show("evd", file));
    house.tell_trail(&case, &colleague, Seen::Looked, &name).await?;
    Ok(super::report::handed_out(&item, bytes))
}

/// What the form asks for, as the API would say it.
fn doing(form: &Form) -> Result<Doing, Problem> {
    let mut said = Map::from_iter([("do".to_owned(), Value::from(form.text("do")))]);
    // A field for a time has none of its offset: it is the store's, Japan's.
    said.extend(
        form.filled("at").map(|at| ("at".to_owned(), Value::from(format!("{at}:00+09:00")))),
    );
    for name in ["account_id", "order_id", "cause", "field", "report", "report"] {
        said.extend(form.filled(name).map(|value| (name.to_owned(), Value::from(value))));
    }
    for name in ["mine", "confirmed"] {
        said.extend(form.filled(name).map(|value| (name.to_owned(), Value::from(value == "yes"))));
    }
    serde_json::from_value(said.into()).map_err(|_| Problem::not_found("step"))
}

/// An agent sees the cases they have taken; supervisors and auditors see all. Nobody sees one about
/// their own account (T5).
fn sees(case: &Numbered, colleague: &Colleague) -> bool {
    let theirs = case.kept.case.agent.as_ref() == Some(&colleague.name);
    (theirs || colleague.role != Role::Agent) && !is_own(case, colleague)
}

/// It is about the colleague's own account.
fn is_own(case: &Numbered, colleague: &Colleague) -> bool {
    case.kept.case.account == Some(colleague.account)
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

    /// That a case is not theirs, once the audit trail knows that they tried (T5).
    pub(super) async fn refused(&self, case: &Numbered, who: &Colleague, what: &str) -> Problem {
        let told = self.tell_trail(case, who, Seen::Refused, what).await;
        told.err().unwrap_or_else(|| Problem::new(Kind::Forbidden, ""))
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
            packs: case.kept.packs.iter().map(ItemView::from).collect(),
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
