//! 乗っ取りの報告: without a sign-in, in four short pages (R9, R19), saved as it goes.
//!
//! Nobody learns here whether there is an account (T6): who reports gets the same pages and the same
//! words, and what is proven is proven to contacts that were there before (R24).

mod answer;
mod call;
mod change;
mod come_back;
mod files;
mod former_password;
mod money;
mod packs;
mod prove;
mod signed_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use domain::account::Level;
use domain::case::{Actor, Case, Command, Mark, Reporter};
use domain::member::{Telling, Topic as Told};
use domain::reset::is_settled;
use serde::Serialize;
use store::Changes;

use super::cookies::{self, Flash, Name};
use super::form::Form;
use super::owner::{Anybody, Tale};
use super::{Page, Visitor};
use crate::cases::report::{self, Missing, Topic};
use crate::cases::{Numbered, Report};
use crate::happenings::stranger;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::{Found, Login};
use crate::text::Language;

pub(crate) use files::handed_out;

#[cfg(test)]
pub(super) use answer::{Enter, Status};
#[cfg(test)]
pub(super) use call::CallPage;
#[cfg(test)]
pub(super) use come_back::ComeBack;

/// Days for which the browser that reported comes back without its secret.
const COOKIE_DAYS: i64 = 30;
/// Letters that offer to lock an account, for reports of strangers, in an hour.
const LETTERS_PER_HOUR: usize = 2;
/// Times that a case which was sent is looked at again.
const SETTLE_TRIES: usize = 5;

/// `/report`
#[derive(Serialize)]
pub(super) struct Begin {
    topics: Vec<&'static str>,
    reporters: [&'static str; 3],
    login: String,
    /// The browser is signed in: nothing has to be typed (R23).
    signed_in: bool,
    problem: Option<&'static str>,
}

/// `/report/details`
#[derive(Serialize)]
pub(super) struct Details {
    number: String,
    secret: String,
    taken_over: bool,
    /// Proven by a fresh step-up: nothing personal is asked (R23).
    is_proven: bool,
    report: Shown,
    orders: String,
}

/// What was filled in before.
#[derive(Serialize, Default)]
struct Shown {
    name: String,
    address: String,
    card_last4: String,
    new_contact: String,
    what: String,
    statement: String,
    told_issuer: bool,
    gave_password: bool,
}

/// `/report/check`
#[derive(Serialize)]
pub(super) struct Check {
    /// The four slots, and whether each is filled (R15).
    slots: Vec<(&'static str, bool)>,
    /// What is missing: last parts of text keys.
    missing: Vec<&'static str>,
    /// Files that were given.
    files: usize,
}

pub(super) const SLOTS: [&str; 4] =
    ["report-slot-what", "report-slot-orders", "report-slot-login", "report-slot-name"];
pub(super) const REPORTERS: [&str; 3] = ["owner", "helper", "cardholder"];

impl Page for Begin {
    const WARNS: bool = true;
    const TEMPLATE: &'static str = "report.html";

    fn samples() -> Vec<Self> {
        let signed_in = Self { signed_in: true, ..Self::with(None) };
        vec![Self::with(None), Self::with(Some(super::reset::BAD_LOGIN)), signed_in]
    }
}

impl Begin {
    fn with(problem: Option<&'static str>) -> Self {
        Self {
            topics: Topic::ALL.into_iter().map(Topic::name).collect(),
            reporters: REPORTERS,
            login: String::new(),
            signed_in: false,
            problem,
        }
    }
}

impl Page for Details {
    const TEMPLATE: &'static str = "report_details.html";

    fn samples() -> Vec<Self> {
        let sample = |taken_over| Self {
            number: "K7QM2F9A".to_owned(),
            secret: "0123-4567-89AB-CDEF-0123-4567-89AB-CDEF".to_owned(),
            taken_over,
            is_proven: false,
            report: Shown {
                told_issuer: taken_over,
                gave_password: taken_over,
                ..Shown::default()
            },
            orders: "250-1".to_owned(),
        };
        vec![sample(true), sample(false), Self { is_proven: true, ..sample(false) }]
    }
}

impl Page for Check {
    const TEMPLATE: &'static str = "report_check.html";

    fn samples() -> Vec<Self> {
        let missing = Missing::ALL.into_iter().map(Missing::name).collect();
        let none = SLOTS.map(|slot| (slot, false)).to_vec();
        let all = SLOTS.map(|slot| (slot, true)).to_vec();
        vec![
            Self { slots: none, missing, files: 0 },
            Self { slots: all, missing: Vec::new(), files: 2 },
        ]
    }
}

/// Text keys that these pages hand to their templates.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let mut keys: Vec<String> = SLOTS.map(str::to_owned).to_vec();
    keys.extend(Topic::ALL.map(|topic| format!("report-topic-{}", topic.name())));
    keys.extend(REPORTERS.map(|who| format!("report-by-{who}")));
    keys.extend(Missing::ALL.map(|what| format!("report-missing-{}", what.name())));
    keys.extend(answer::STATES.map(str::to_owned));
    keys.extend(answer::LEVELS.map(str::to_owned));
    keys.extend(money::MONEY.map(str::to_owned));
    keys.extend(domain::case::Advice::ALL.map(|advice| format!("handover-{}", advice.name())));
    keys.extend(call::keys());
    keys.extend(change::keys());
    keys.extend(come_back::KEYS.map(str::to_owned));
    keys
}

pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/report", get(show).post(begin))
        .route("/report/details", get(show_details).post(save))
        .route("/report/check", get(check))
        .route("/report/send", post(send))
        .route("/report/evidence", post(files::add))
        .route("/report/status", get(answer::show).post(answer::enter))
        .merge(call::router())
        .route("/report/say", post(answer::say))
        .route("/report/packs", post(packs::make))
        .route("/report/packs/{file}", get(packs::hand_out))
        .route("/report/prove", post(prove::begin))
        .route("/report/signed-in", post(signed_in::begin))
        .route("/report/prove/signed-in", post(signed_in::prove))
        .route("/report/order", post(change::order))
        .route("/report/withdraw", post(change::withdraw))
        .route("/report/password", get(come_back::show).post(come_back::set))
        .method_not_allowed_fallback(answer::back_to_status)
}

async fn show(State(house): State<Arc<House>>, anybody: Anybody) -> Response {
    let page = Begin { signed_in: anybody.owner.is_some(), ..Begin::with(None) };
    house.page(&anybody.visitor, StatusCode::OK, &page)
}

/// The first page: what it is about. The account's old contacts are offered to lock it at once.
async fn begin(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let now = house.world.now();
    house.take_turn(&visitor)?;
    let typed = report::line(form.text("login"));
    let Some(login) = Login::read(&typed) else {
        let page = Begin { login: typed, ..Begin::with(Some(super::reset::BAD_LOGIN)) };
        return Ok(house.page(&visitor, StatusCode::OK, &page));
    };
    let reporter = match form.text("reporter") {
        "helper" => Reporter::Helper,
        "cardholder" => Reporter::Cardholder,
        _ => Reporter::Owner,
    };
    let taken_over = form.text("taken_over") == "yes";
    let topic = Topic::named(form.text("topic")).unwrap_or_default();
    let told = Report { topic, login: typed.clone(), ..Report::default() };
    let english = visitor.language == Language::English;
    let opened = house.open_case(Case::open(reporter, taken_over, now), told, english);
    let found = house.members.by_any_login(&login).await?;
    let account = found
        .as_ref()
        .map_or_else(|| house.account_key(&stranger(&house.hasher, &typed)), |found| found.account);
    let within = house.members.may("report", account, LETTERS_PER_HOUR).await?;
    let mut changes = Changes::default();
    if let Some(found) = found.filter(|_| within) {
        house.offer_to_lock(&mut changes, &found);
    }
    let case = house.write_case(&opened.case, changes).await?;
    house.letters.notify_one();
    let mut response = house.go(&visitor, "/report/details", None);
    let value = format!("{}.{}", case.kept.number, opened.secret);
    cookies::set(&mut response, &Name::Case.with(value, COOKIE_DAYS, house.secure()));
    Ok(response)
}

async fn show_details(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let Some((case, secret)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let (kept, told) = (&case.kept, &case.kept.report);
    let orders: Vec<&str> = kept.case.not_theirs().map(String::as_str).collect();
    let page = Details {
        number: kept.number.clone(),
        secret: in_groups(&secret),
        taken_over: kept.case.taken_over,
        is_proven: answer::own_level(&case) >= Level::V3,
        orders: orders.join("\n"),
        report: Shown {
            name: told.name.clone(),
            address: told.address.clone(),
            card_last4: told.card_last4.clone(),
            new_contact: told.new_contact.clone(),
            what: told.what.clone(),
            statement: told.statement.clone(),
            told_issuer: told.told_issuer,
            gave_password: told.former_password.is_some(),
        },
    };
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// What is filled in is kept at once, whether or not it is ever sent.
async fn save(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((case, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let now = house.world.now();
    let (mut next, _) = case.step(Command::Supply, &Actor::Reporter, None, now)?;
    let compared = house.compare_former_password(&case, form.text("former_password")).await?;
    let told = &mut next.kept.report;
    told.name = report::line(form.text("name"));
    told.address = report::line(form.text("address"));
    told.card_last4 = report::last4(form.text("card_last4"));
    told.new_contact = report::line(form.text("new_contact"));
    told.what = report::text(form.text("what"));
    told.statement = report::text(form.text("statement"));
    told.told_issuer = !form.text("told_issuer").is_empty();
    told.former_password = compared.or(told.former_password);
    for order in report::orders(form.text("orders")) {
        let mark = Command::Mark(order, Mark::NotMine);
        // What has gone into another case, or was decided, is said on the page of its answer.
        if let Ok((marked, _)) = next.step(mark, &Actor::Reporter, None, now) {
            next = marked;
        }
    }
    house.write_case(&next, Changes::default()).await?;
    Ok(house.go(&visitor, "/report/check", None))
}

async fn check(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let Some((case, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let kept = &case.kept;
    let missing = kept.report.missing(kept.case.taken_over, kept.case.marks.len());
    let filled = |slot| match slot {
        0 => !missing.contains(&Missing::What),
        1 => !missing.contains(&Missing::Orders),
        2 => !missing.contains(&Missing::Login),
        _ => !missing.contains(&Missing::Name),
    };
    // The former login is asked for where the account is in other hands alone (R15).
    let asked = |slot: &usize| *slot != 2 || kept.case.taken_over;
    let slots = (0..SLOTS.len()).filter(asked);
    let slots = slots.filter_map(|slot| Some((*SLOTS.get(slot)?, filled(slot)))).collect();
    let missing = missing.into_iter().map(Missing::name).collect();
    Ok(house.page(&visitor, StatusCode::OK, &Check { slots, missing, files: kept.evidence.len() }))
}

async fn send(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (_, visitor) = Form::read(&house, request).await?;
    let Some((case, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let login = Login::read(&case.kept.report.login);
    let found = match &login {
        Some(login) => house.members.by_any_login(login).await?,
        None => None,
    };
    let account = found.as_ref().map(|found| (found.account, found.member.since));
    let submit = Command::Submit { account };
    let (mut next, actions) = case.step(submit, &Actor::Reporter, None, house.world.now())?;
    if !actions.is_empty() {
        next.kept.account_name = found.map(|found| found.member.account);
        let sent = house.write_case(&next, Changes::default()).await?;
        // How long the rest takes depends on the account's history: nobody waits for it (T6).
        tokio::spawn(settle(Arc::clone(&house), sent));
    }
    Ok(house.go(&visitor, "/report/status", Some(Flash::ReportSent)))
}

/// A case that was sent takes its place; again where the reporter or an agent wrote meanwhile. One at
/// a time: those of a flood would race each other for the case they all go into, and read the
/// account's history on every processor.
async fn settle(house: Arc<House>, mut sent: Numbered) {
    let _turn = house.placing.lock().await;
    for _ in 0..SETTLE_TRIES {
        if house.submit_case(sent.clone(), Changes::default()).await.is_ok() {
            return;
        }
        match house.case(sent.id).await {
            Ok(Some(again)) => sent = again,
            Ok(None) => return,
            Err(error) => tracing::warn!(%error, "a case waits in the queue as it was sent"),
        }
    }
}

impl House {
    /// Offers the account's old contacts to lock it: by a code, never a link (R24, §2.3).
    fn offer_to_lock(&self, changes: &mut Changes, found: &Found) {
        let now = self.world.now();
        let settled = |contact: &&domain::member::Contact| is_settled(&found.member, contact, now);
        let to = found.member.contacts_to_tell(now);
        let to: Vec<_> = to.iter().filter(settled).cloned().collect();
        let telling = Telling { topic: Told::RecoveryBegun, undo_to: to.clone(), to };
        self.tell(changes, found, Tale::plain(telling));
    }
}

/// A secret as it is written down: in groups of four.
fn in_groups(secret: &str) -> String {
    let signs: Vec<char> = secret.to_uppercase().chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}
