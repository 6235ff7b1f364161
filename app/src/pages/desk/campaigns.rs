//! Mails that pose as the store, as customers reported them (R63).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::{Page, Visitor};
use crate::campaigns::{Doing, State as Stands};
use crate::desk::{Colleague, Role};
use crate::http::House;
use crate::http::campaigns::CampaignView;
use crate::http::problem::{Kind, Problem};
use crate::mail_check::reason_key;

/// Campaigns on the page, the last reported.
const SHOWN: u32 = 100;

/// `/desk/campaigns`
#[derive(Serialize)]
pub(in super::super) struct CampaignsPage {
    me: String,
    items: Vec<CampaignView>,
    /// Text keys of reasons, by their code.
    words: BTreeMap<&'static str, String>,
    may_act: bool,
    problem: Option<String>,
}

/// Words that the template completes keys with.
#[cfg(test)]
pub(in super::super) fn keys() -> Vec<String> {
    let states = ["new", "confirmed", "warned", "not_ours", "over"];
    let steps = ["confirm", "warn", "calm", "not_ours", "over"];
    let states = states.map(|name| format!("campaign-state-{name}"));
    states.into_iter().chain(steps.map(|name| format!("campaign-{name}"))).collect()
}

/// What the desk does, by the name of the button.
fn doing(name: &str) -> Option<Doing> {
    Some(match name {
        "confirm" => Doing::Confirm,
        "warn" => Doing::Warn,
        "calm" => Doing::Calm,
        "not_ours" => Doing::NotOurs,
        "over" => Doing::Over,
        _ => return None,
    })
}

fn words() -> BTreeMap<&'static str, String> {
    mail::SIGNALS.iter().map(|signal| (signal.code, reason_key(signal.code))).collect()
}

impl Page for CampaignsPage {
    const TEMPLATE: &'static str = "desk_campaigns.html";

    fn samples() -> Vec<Self> {
        let item = |state| CampaignView {
            id: format!("cpn_{}", state as u8),
            state,
            verdict: mail::Verdict::Forged,
            reasons: vec!["who.brand_foreign_domain".to_owned()],
            subject: "【重要】<b>お支払い".to_owned(),
            senders: vec!["evil.example".to_owned()],
            hosts: vec!["pay.example".to_owned()],
            reports: 31,
            clicked: 4,
            gave_password: 2,
            gave_card: 1,
            first_reported_at: super::samples::AT.to_owned(),
            last_reported_at: super::samples::AT.to_owned(),
            steps: vec![crate::campaigns::Step {
                at: 0,
                by: "sato@shop.example".to_owned(),
                did: Doing::Warn,
                reason: "<thirty a day>".to_owned(),
            }],
        };
        let page = |items, may_act: bool| Self {
            me: "sato@shop.example".to_owned(),
            items,
            words: words(),
            may_act,
            problem: may_act.then(|| "<1 to 1,000 characters>".to_owned()),
        };
        vec![
            page(Stands::ALL.map(item).into(), true),
            page(vec![item(Stands::New)], false),
            page(Vec::new(), false),
        ]
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let page = house.campaigns_page(&colleague, None).await?;
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// Something is done with one.
pub(super) async fn act(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let by = colleague.actor().ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
    let doing = doing(form.text("do")).ok_or_else(|| Problem::not_found("step"))?;
    let reason = form.text("reason");
    match house.step_campaign(form.text("campaign"), doing, &by, reason).await {
        Ok(_) => Ok(house.go(&visitor, "/desk/campaigns", Some(Flash::Saved))),
        Err(problem) if matches!(problem.kind, Kind::Conflict | Kind::Invalid) => {
            let page = house.campaigns_page(&colleague, Some(problem)).await?;
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

/// What is confirmed, for whoever takes mails and pages down.
pub(super) async fn csv(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    hand_out(&house, &headers, visitor, "csv").await
}

/// The same as a STIX bundle.
pub(super) async fn stix(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    hand_out(&house, &headers, visitor, "stix").await
}

async fn hand_out(
    house: &House,
    headers: &HeaderMap,
    visitor: Visitor,
    format: &str,
) -> Result<Response, Problem> {
    match house.colleague(headers, visitor).await? {
        Ok(_) => Ok(house.indicators(Some(format)).await?.into_response()),
        Err(response) => Ok(response),
    }
}

impl House {
    async fn campaigns_page(
        &self,
        colleague: &Colleague,
        problem: Option<Problem>,
    ) -> Result<CampaignsPage, Problem> {
        let all = self.campaigns(&Stands::ALL, SHOWN).await?;
        let told = problem.map(|problem| {
            let errors = problem.errors.iter().map(|error| error.detail.clone());
            errors.chain([problem.detail.clone()]).find(|text| !text.is_empty())
        });
        Ok(CampaignsPage {
            me: colleague.name.clone(),
            items: all.iter().map(CampaignView::of).collect(),
            words: words(),
            may_act: colleague.role != Role::Auditor,
            problem: told.flatten(),
        })
    }
}
