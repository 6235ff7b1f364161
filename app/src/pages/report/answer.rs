//! What became of a report: the page that carries the answer, for whoever has number and secret.

use std::sync::Arc;

use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::account::Level;
use domain::case::{Actor, Advice, Command, Reporter, State as CaseState, level};
use serde::Serialize;
use store::Changes;

use super::super::cookies::{self, Flash, Name};
use super::super::form::Form;
use super::super::owner::Anybody;
use super::super::{Page, Visitor};
use super::COOKIE_DAYS;
use super::change::{OrderLine, Told, can_withdraw};
use super::money::{MONEY, MoneyLine};
use crate::cases::report;
use crate::cases::{ComesBack, Numbered};
use crate::http::House;
use crate::http::problem::Problem;
use crate::pack::ItemView;
use crate::time::in_japan;

/// `/report/status`, before number and secret are known.
#[derive(Serialize)]
pub(in super::super) struct Enter {
    problem: bool,
}

/// `/report/status`
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each shows a part of its own")]
pub(in super::super) struct Status {
    number: String,
    /// Text key of where it stands.
    state: &'static str,
    /// When somebody looks at the latest.
    due: Option<String>,
    /// Helpers see the state and nothing more (R30).
    is_helper: bool,
    /// Not sent yet.
    is_draft: bool,
    /// More can be proven.
    can_prove: bool,
    /// From when the account can be taken back.
    back_at: Option<String>,
    /// It can be taken back now.
    back_now: bool,
    /// Text key of how far the reporter is proven.
    level: &'static str,
    /// They are signed in to the account, and prove themselves at once (R23).
    is_signed_in: bool,
    /// It was taken back.
    is_withdrawn: bool,
    /// It can be taken back.
    can_withdraw: bool,
    /// What the reporter is reminded of.
    told: Vec<Told>,
    orders: Vec<OrderLine>,
    /// Refunds, one a part of an order.
    money: Vec<MoneyLine>,
    /// What is left to do, once it is decided (R37).
    handover: Vec<&'static str>,
    messages: Vec<Line>,
    /// Files that were given.
    files: usize,
    /// Their records can be had.
    has_packs: bool,
    /// Those that were made.
    packs: Vec<ItemView>,
    /// The words of the case (C11); none before it is sent, and for helpers.
    phrase: Option<String>,
    /// Calls can be asked for.
    can_call: bool,
    /// How calls stand, in words.
    calls: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    at: String,
    from_desk: bool,
    text: String,
}

#[cfg(test)]
pub(in super::super) const LEVELS: [&str; 3] =
    ["report-level-none", "report-level-one", "report-level-two"];
pub(in super::super) const STATES: [&str; 17] = [
    "case-draft",
    "case-submitted",
    "case-triage",
    "case-unidentified",
    "case-need-info",
    "case-verifying",
    "case-contained",
    "case-decided",
    "case-restitution",
    "case-monitoring",
    "case-closed",
    "case-appeal",
    "case-merged",
    "case-order-open",
    "case-order-refund",
    "case-order-issuer",
    "case-order-no",
];

const fn state_key(state: CaseState) -> &'static str {
    match state {
        CaseState::Draft => "case-draft",
        CaseState::Submitted => "case-submitted",
        CaseState::Triage => "case-triage",
        CaseState::Unidentified => "case-unidentified",
        CaseState::NeedInfo => "case-need-info",
        CaseState::Verifying => "case-verifying",
        CaseState::Contained => "case-contained",
        CaseState::Decided => "case-decided",
        CaseState::Restitution => "case-restitution",
        CaseState::Monitoring => "case-monitoring",
        CaseState::Closed => "case-closed",
        CaseState::Appeal => "case-appeal",
        CaseState::Merged => "case-merged",
    }
}

impl Page for Enter {
    const TEMPLATE: &'static str = "report_enter.html";

    fn samples() -> Vec<Self> {
        vec![Self { problem: false }, Self { problem: true }]
    }
}

impl Page for Status {
    const TEMPLATE: &'static str = "report_status.html";

    fn samples() -> Vec<Self> {
        let line = |from_desk| Line {
            at: "2026年6月5日 9時00分".to_owned(),
            from_desk,
            text: "<b>250-1</b>\n二行目".to_owned(),
        };
        STATES[..13]
            .iter()
            .map(|state| Self {
                number: "K7QM2F9A".to_owned(),
                state,
                due: (*state != "case-closed").then(|| "2026年6月5日 9時05分".to_owned()),
                is_helper: *state == "case-triage",
                is_draft: *state == "case-draft",
                can_prove: *state == "case-submitted",
                back_at: (*state == "case-contained").then(|| "2026年6月5日 11時".to_owned()),
                back_now: *state == "case-restitution",
                level: level_key(Level::V2),
                is_signed_in: *state == "case-verifying",
                is_withdrawn: *state == "case-closed",
                can_withdraw: *state == "case-submitted",
                told: if *state == "case-restitution" { Told::samples() } else { Vec::new() },
                orders: STATES[13..]
                    .iter()
                    .chain(&["case-order-mine", "case-order-appeal"])
                    .map(|ruling| OrderLine::sample(ruling))
                    .collect(),
                money: MONEY.map(MoneyLine::sample).into(),
                handover: Advice::ALL.map(Advice::name).into(),
                messages: vec![line(true), line(false)],
                files: 1,
                has_packs: *state != "case-submitted",
                packs: vec![super::super::desk::samples::pack()],
                phrase: (*state == "case-triage").then(|| "あさひ くじら みかん やなぎ".to_owned()),
                can_call: *state != "case-closed",
                calls: vec!["2026年6月5日 14時00分までにもう一度お電話します。".to_owned()],
            })
            .collect()
    }
}

/// The address of a form that was opened by itself.
pub(super) async fn back_to_status(visitor: Visitor) -> Response {
    let path = format!("/report/status?lang={}", visitor.language.tag());
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

pub(super) async fn show(
    Shared(house): Shared<Arc<House>>,
    headers: HeaderMap,
    Anybody { visitor, owner }: Anybody,
) -> Result<Response, Problem> {
    Ok(match house.case_of(&headers).await? {
        Some((case, _)) => {
            let told = house.as_told(case.clone()).await?;
            let mut page = status_of(&house, &told, &visitor);
            if own_level(&told) >= Level::V2 && !page.is_helper {
                (page.money, page.handover) = house.money_of(&told, visitor.language).await?;
            }
            if let Some(case) = house.own_case(&case).await? {
                page.has_packs = true;
                page.packs = super::packs::theirs(&case);
            }
            match house.comes_back(&case).await? {
                ComesBack::Now { .. } => page.back_now = true,
                ComesBack::At(at) => page.back_at = Some(in_japan(visitor.language, at)),
                ComesBack::No => {}
            }
            let is_shown = !page.is_helper && !page.is_draft;
            page.phrase = is_shown.then(|| house.phrase(&case));
            page.can_call = !page.is_withdrawn && super::call::can_call(&house, &case);
            if let (true, Some(owner)) = (page.can_prove, &owner) {
                page.is_signed_in = house.case_of_owner(&headers, owner).await?.is_some();
            }
            if is_shown {
                page.calls = house.calls_told(&case, visitor.language).await?;
            }
            house.page(&visitor, StatusCode::OK, &page)
        }
        None => house.page(&visitor, StatusCode::OK, &Enter { problem: false }),
    })
}

/// Number and secret, typed.
pub(super) async fn enter(
    Shared(house): Shared<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    house.code_pace.take(0, 1, house.world.now())?;
    let (number, secret) = (form.text("number"), form.text("secret"));
    let Some(case) = house.case_by_secret(number, secret).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &Enter { problem: true }));
    };
    let secret: String = secret.chars().filter(char::is_ascii_alphanumeric).collect();
    let value = format!("{}.{}", case.kept.number, secret.to_lowercase());
    let mut response = house.go(&visitor, "/report/status", None);
    cookies::set(&mut response, &Name::Case.with(value, COOKIE_DAYS, house.secure()));
    Ok(response)
}

/// A word to the desk.
pub(super) async fn say(
    Shared(house): Shared<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((case, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let text = report::text(form.text("text"));
    if case.kept.case.reporter == Reporter::Helper || text.trim().is_empty() {
        return Ok(house.go(&visitor, "/report/status", None));
    }
    let now = house.world.now();
    let (mut next, _) = case.step(Command::Supply, &Actor::Reporter, None, now)?;
    next.say(None, &text, now);
    house.write_case(&next, Changes::default()).await?;
    Ok(house.go(&visitor, "/report/status", Some(Flash::Saved)))
}

impl House {
    /// The case whose number and secret the browser carries.
    pub(in super::super) async fn case_of(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<(Numbered, String)>, Problem> {
        let Some(cookie) = Name::Case.read(headers, self.secure()) else { return Ok(None) };
        let Some((number, secret)) = cookie.split_once('.') else { return Ok(None) };
        let case = self.case_by_secret(number, secret).await?;
        Ok(case.map(|case| (case, secret.to_owned())))
    }

    /// A report as its reporter is told of it: one that went into another case stands as that does,
    /// for who has proven themselves.
    pub(super) async fn as_told(&self, mut own: Numbered) -> Result<Numbered, Problem> {
        if let Some(main) = own.kept.into.filter(|_| !own.kept.withdrawn)
            && let Some(main) = self.case(main).await?
        {
            let (reporter, given) = (own.kept.case.reporter, own.kept.own.clone());
            let proven = level(
                &given,
                main.kept.case.start.unwrap_or(main.kept.case.opened_at),
                main.kept.case.account_since,
            );
            if proven >= Level::V2 {
                own.kept.case = domain::case::Case { reporter, ..main.kept.case };
            }
        }
        Ok(own)
    }
}

/// How far the reporter has proven themselves.
pub(super) fn own_level(one: &Numbered) -> Level {
    let case = &one.kept.case;
    level(&one.kept.own, case.start.unwrap_or(case.opened_at), case.account_since)
}

/// What a reporter is shown. Until they have proven V2 themselves it is the same for every address,
/// whether or not there is such an account, an open case or an order to stop (T6), and whoever else
/// proved something: the reporter may be the intruder (T15).
fn status_of(house: &House, one: &Numbered, visitor: &Visitor) -> Status {
    let case = &one.kept.case;
    let language = visitor.language;
    let is_helper = case.reporter == Reporter::Helper;
    let own = own_level(one);
    let proven = own >= Level::V2;
    let message = |message: &crate::cases::Message| Line {
        at: in_japan(language, message.at),
        from_desk: message.agent.is_some(),
        text: message.text.clone(),
    };
    let now = house.world.now();
    let due = case.due_at.filter(|due| proven && *due > now);
    let shown = !is_helper;
    Status {
        number: one.kept.number.clone(),
        state: match case.state {
            _ if one.kept.withdrawn => "case-withdrawn",
            state if proven => state_key(state),
            state => plain_state_key(state),
        },
        due: due.map(|due| in_japan(language, due)),
        is_helper,
        is_draft: case.state == CaseState::Draft,
        can_prove: shown
            && !one.kept.withdrawn
            && case.state != CaseState::Closed
            && own < Level::V3,
        is_signed_in: false,
        is_withdrawn: one.kept.withdrawn,
        can_withdraw: can_withdraw(one, proven),
        told: if shown && proven { Told::of(case, language, now) } else { Vec::new() },
        files: one.kept.evidence.len(),
        has_packs: false,
        packs: Vec::new(),
        phrase: None,
        can_call: false,
        calls: Vec::new(),
        back_at: None,
        back_now: false,
        money: Vec::new(),
        handover: Vec::new(),
        level: level_key(own),
        orders: if shown { OrderLine::of(case, proven, now) } else { Vec::new() },
        messages: if shown { one.kept.messages.iter().map(message).collect() } else { Vec::new() },
    }
}

/// A state as it is said to who has proven nothing.
const fn plain_state_key(state: CaseState) -> &'static str {
    match state {
        CaseState::Draft => "case-draft",
        CaseState::Submitted | CaseState::Merged => "case-submitted",
        CaseState::NeedInfo => "case-need-info",
        CaseState::Closed => "case-closed",
        _ => "case-triage",
    }
}

/// How far somebody has proven themselves, in words.
const fn level_key(level: Level) -> &'static str {
    match level {
        Level::V0 | Level::V1 => "report-level-none",
        Level::V2 => "report-level-one",
        Level::V3 | Level::V4 => "report-level-two",
    }
}

pub(super) const fn ruling_key(outcome: &domain::case::Outcome) -> &'static str {
    use domain::case::Outcome::{NotConfirmed, Refund, Review, SettledByIssuer};
    match outcome {
        Refund { .. } => "case-order-refund",
        SettledByIssuer => "case-order-issuer",
        NotConfirmed => "case-order-no",
        Review { .. } => "case-order-open",
    }
}
