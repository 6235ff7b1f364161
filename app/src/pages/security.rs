//! ログインとセキュリティ: everything about one's own account on one page (R47).

mod change;
mod contacts;
mod devices;
mod notices;
mod passkeys;
mod prove_again;
mod stored_cards;
mod stores;
mod two_step;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::account::State as Standing;
use domain::member::{Member, Topic};
use domain::stored_card::{Checked, StoredCard, check, stored_cards};
use domain::time::{DAY, Micros};
use serde::Serialize;

use super::challenge::hidden;
use super::owner::Owner;
use super::{Page, Visitor};
use crate::http::House;
use crate::http::problem::Problem;
use crate::notices::Numbered as Notice;
use crate::text::{Language, topic_key};

pub(super) use change::{By, Written};
#[cfg(test)]
pub(super) use {
    change::Password, contacts::AddContact, notices::NotMe, passkeys::Passkeys, two_step::Codes,
    two_step::SetUp,
};

/// `/security`
#[derive(Serialize)]
pub(super) struct Security {
    /// Text key of how the account stands; none when all is well.
    standing: Option<&'static str>,
    mails: Vec<String>,
    phones: Vec<String>,
    has_password: bool,
    two_step: bool,
    authenticators: Vec<Item>,
    passkeys: Vec<Item>,
    codes_left: usize,
    sessions: Vec<SessionItem>,
    devices: Vec<devices::Item>,
    stores: Vec<stores::Item>,
    notices: Vec<NoticeItem>,
    /// The four-point check-up (R64).
    check_up: Vec<Point>,
    cards: stored_cards::Cards,
    sign_out_after_purchase: bool,
}

/// A point of the check-up.
#[derive(Serialize)]
struct Point {
    /// Text key.
    key: &'static str,
    is_well: bool,
    /// Where it is set right.
    link: &'static str,
    /// We cannot see it: the owner looks, and says so under this name.
    said_as: Option<&'static str>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    since: String,
}

#[derive(Serialize)]
struct SessionItem {
    id: String,
    device: String,
    place: String,
    used: String,
    is_this: bool,
}

#[derive(Serialize)]
struct NoticeItem {
    id: String,
    /// Text key.
    topic: String,
    at: String,
    place: String,
    device: String,
    is_new: bool,
    /// Text key of what the owner said.
    reply: Option<&'static str>,
}

pub(super) const CHECK_UP: [&str; 4] =
    ["check-two-step", "check-cards", "check-sign-out", "check-mail"];
pub(super) const STANDINGS: [&str; 3] =
    ["standing-restricted-page", "standing-watch-page", "standing-probation-page"];
pub(super) const REPLIES: [&str; 2] = ["reply-mine", "reply-not-mine"];

impl Page for Security {
    const TEMPLATE: &'static str = "security.html";

    fn samples() -> Vec<Self> {
        let item = || Item {
            id: "1".to_owned(),
            name: "スマートフォン <1>".to_owned(),
            since: "2026年6月3日".to_owned(),
        };
        let session = |is_this| SessionItem {
            id: "ses_0".to_owned(),
            device: "Chrome (Windows)".to_owned(),
            place: "JP, AS64500".to_owned(),
            used: "2026年6月3日 21時04分".to_owned(),
            is_this,
        };
        let notice = |reply| NoticeItem {
            id: "ntc_0".to_owned(),
            topic: "notice-new-sign-in".to_owned(),
            at: "2026年6月3日 21時04分".to_owned(),
            place: "JP, AS64500".to_owned(),
            device: String::new(),
            is_new: reply_is_open(reply),
            reply,
        };
        let full = Self {
            standing: Some(STANDINGS[0]),
            mails: vec!["h•••@example.jp".to_owned()],
            phones: vec!["•••• 5678".to_owned()],
            has_password: true,
            two_step: true,
            authenticators: vec![item()],
            passkeys: vec![item()],
            codes_left: 3,
            sessions: vec![session(true), session(false)],
            devices: devices::Item::samples(),
            stores: vec![stores::Item::sample()],
            notices: vec![notice(None), notice(Some(REPLIES[0])), notice(Some(REPLIES[1]))],
            check_up: check_up([true, false, true], Checked::Open),
            cards: stored_cards::Cards::sample(),
            sign_out_after_purchase: true,
        };
        let bare = Self {
            standing: None,
            mails: Vec::new(),
            phones: Vec::new(),
            has_password: false,
            two_step: false,
            authenticators: Vec::new(),
            passkeys: Vec::new(),
            codes_left: 0,
            sessions: vec![session(true)],
            devices: Vec::new(),
            stores: Vec::new(),
            notices: Vec::new(),
            check_up: check_up([false; 3], Checked::AskTheOwner),
            cards: stored_cards::Cards::default(),
            sign_out_after_purchase: false,
        };
        vec![full, bare]
    }
}

/// Text keys that these pages hand to their templates.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    let lone = [
        change::PROVE_WRONG,
        contacts::BAD_CONTACT,
        passkeys::NOT_ADDED,
        two_step::WRONG,
        "check-said-cards",
        "check-said-mail",
    ];
    let cards = stored_cards::KINDS;
    CHECK_UP
        .into_iter()
        .chain(STANDINGS)
        .chain(REPLIES)
        .chain(notices::DONE)
        .chain(passkeys::BACKUPS)
        .chain(cards)
        .chain(lone)
}

/// The four points, in the order of [`CHECK_UP`]: two-step, cards, signing out, mail.
fn check_up([two_step, sign_out, mail]: [bool; 3], cards: Checked) -> Vec<Point> {
    let by_owner = (cards == Checked::AskTheOwner).then_some("cards");
    let points = [
        (two_step, "/security/two-step", None),
        (cards == Checked::Well, "#cards", by_owner),
        (sign_out, "#after", None),
        (mail, "/official-senders", Some("mail")),
    ];
    let points = CHECK_UP.into_iter().zip(points);
    points.map(|(key, (is_well, link, said_as))| Point { key, is_well, link, said_as }).collect()
}

fn points(member: &Member, cards: Option<&[StoredCard]>, now: Micros) -> Vec<Point> {
    let likes = &member.preferences;
    let well = [member.two_step, likes.sign_out_after_purchase, likes.has_looked_at_mail(now)];
    check_up(well, check(cards, likes.has_looked_at_cards(now), now))
}

const fn reply_is_open(reply: Option<&str>) -> bool {
    reply.is_none()
}

/// Its routes.
pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/security", get(show))
        .route("/security/password", get(change::show).post(change::change))
        .route("/security/prove", post(prove_again::prove))
        .route("/security/lift", post(prove_again::lift))
        .route("/security/contacts", get(contacts::show).post(contacts::add))
        .route("/security/contacts/remove", post(contacts::remove))
        .route("/security/two-step", get(two_step::show).post(two_step::confirm))
        .route("/security/two-step/codes", post(two_step::codes))
        .route("/security/two-step/on", post(two_step::on))
        .route("/security/two-step/off", post(two_step::off))
        .route("/security/authenticators/remove", post(two_step::remove))
        .route("/security/sessions/end", post(change::end_session))
        .route("/security/devices/forget", post(devices::forget))
        .route("/security/stores/end", post(stores::end))
        .route("/security/preferences", post(change::preferences))
        .route("/security/check-up", post(change::check_up))
        .route("/security/notices/{id}", post(notices::reply))
        .merge(passkeys::router())
        .route("/not-me", get(notices::show).post(notices::enter))
        .method_not_allowed_fallback(back_to_security)
}

/// The address of a form that was opened by itself, as the link to the other language does.
async fn back_to_security(visitor: Visitor) -> Response {
    let path = format!("/security?lang={}", visitor.language.tag());
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// A device is the owner's beyond doubt when it was known so long before.
const SETTLED: i64 = 30 * DAY;

impl House {
    /// Whoever looks sits at a device that the account has known for long: a takeover is reported
    /// behind the intruder's back (T15), and contacts from before are told all the same.
    fn is_familiar(&self, owner: &Owner) -> bool {
        let hash = owner.visitor.device.as_ref().map(|cookie| self.members.device_hash(&cookie.id));
        let device = hash.and_then(|hash| owner.found.member.device(hash));
        device.is_some_and(|device| device.since.plus(SETTLED) <= self.world.now())
    }
}

async fn show(State(house): State<Arc<House>>, owner: Owner) -> Result<Response, Problem> {
    let language = owner.visitor.language;
    let member = &owner.found.member;
    let sessions = house.members.sessions_of(owner.found.account).await?;
    let sessions = sessions.into_iter().map(|live| SessionItem {
        id: crate::id::show("ses", live.id),
        device: live.kept.device.unwrap_or_default(),
        place: live.kept.place.unwrap_or_default(),
        used: when(language, live.kept.session.used_at),
        is_this: live.id == owner.live.id,
    });
    let notices = house.notices.of(owner.found.account).await?;
    let familiar = house.is_familiar(&owner);
    let told = |one: &Notice| familiar || one.kept.notice.topic != Topic::RecoveryBegun;
    let notices = notices.into_iter().filter(told).take(20).map(|one| NoticeItem {
        id: crate::id::show("ntc", one.id),
        topic: topic_key(one.kept.notice.topic),
        at: when(language, one.kept.notice.at),
        place: one.kept.place.unwrap_or_default(),
        device: one.kept.device.unwrap_or_default(),
        is_new: one.kept.notice.read_at.is_none(),
        reply: one.kept.notice.reply.map(|reply| match reply {
            domain::notice::Reply::Mine => REPLIES[0],
            domain::notice::Reply::NotMine => REPLIES[1],
        }),
    });
    let date = |at| when(language, at);
    let history = house.history(owner.found.account).await?;
    let stored = stored_cards(stored_cards::told(&history));
    let page = Security {
        standing: match member.standing.state {
            Standing::Restricted => Some(STANDINGS[0]),
            Standing::Watch => Some(STANDINGS[1]),
            Standing::Probation => Some(STANDINGS[2]),
            _ => None,
        },
        mails: member.mails.iter().map(|mail| hidden(&mail.value)).collect(),
        phones: member.phones.iter().map(|phone| hidden(&phone.value)).collect(),
        has_password: member.password.is_some(),
        two_step: member.two_step,
        authenticators: member
            .authenticators
            .iter()
            .map(|app| Item {
                id: crate::id::show("app", app.id),
                name: app.name.clone(),
                since: date(app.since),
            })
            .collect(),
        passkeys: member
            .passkeys
            .iter()
            .map(|key| Item {
                id: crate::id::show("key", key.id),
                name: key.name.clone(),
                since: date(key.since),
            })
            .collect(),
        codes_left: member.recovery_codes_left(),
        sessions: sessions.collect(),
        devices: devices::Item::all(&house, &owner),
        stores: stores::Item::all(&house, &owner).await?,
        notices: notices.collect(),
        check_up: points(member, stored.as_deref(), house.world.now()),
        cards: stored_cards::Cards::of(&house, language, stored.as_deref()),
        sign_out_after_purchase: member.preferences.sign_out_after_purchase,
    };
    Ok(house.page(&owner.visitor, StatusCode::OK, &page))
}

/// A time as people read it, in Japan's time.
fn when(language: Language, at: Micros) -> String {
    crate::time::in_japan(language, at)
}

/// The seed of an authenticator app, as it is kept.
pub(super) fn seed_of(kept: &str) -> Option<[u8; factors::totp::SEED_BYTES]> {
    BASE64.decode(kept).ok()?.try_into().ok()
}

/// How a seed is kept: within the member's sealed document.
pub(super) fn seed_kept(seed: &factors::totp::Seed) -> String {
    BASE64.encode(seed.expose())
}
