//! Somebody who has signed in, and how sessions begin and end.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::event::{EventType, Status};
use domain::member::{Device, Member, Telling, Topic};
use domain::observation::Origin;
use domain::session::Proof;
use domain::time::{DAY, Micros};
use store::{Applied, Changes, OutboxRow};

use super::cookies::{self, Name};
use super::visitor::{DeviceCookie, Visitor};
use crate::gateways::Letter;
use crate::happenings::{Happening, place_in_words};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;
use crate::members::sessions::Live;
use crate::notices::{About, Holder};
use crate::text::Language;

/// For how long a device that was trusted is not asked for the second step.
const TRUST_SPAN: i64 = 30 * DAY;

/// Somebody who has signed in.
pub(crate) struct Owner {
    /// Who looks.
    pub(crate) visitor: Visitor,
    /// Their session.
    pub(crate) live: Live,
    /// What they have.
    pub(crate) found: Found,
}

/// Whoever looks at a page that is for all: known where they have signed in.
pub(super) struct Anybody {
    /// Who looks.
    pub(super) visitor: Visitor,
    /// As whom, where they have signed in.
    pub(super) owner: Option<Owner>,
}

impl Anybody {
    /// Whose session the request carries, if any.
    pub(super) async fn of(
        house: &House,
        headers: &HeaderMap,
        visitor: Visitor,
    ) -> Result<Self, Problem> {
        match Owner::of(house, headers, visitor.clone()).await {
            Ok(owner) => Ok(Self { visitor: owner.visitor.clone(), owner: Some(owner) }),
            Err(SignInFirst(Ok(_))) => Ok(Self { visitor, owner: None }),
            Err(SignInFirst(Err(problem))) => Err(problem),
        }
    }
}

impl FromRequestParts<Arc<House>> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, house).await?;
        Self::of(house, &parts.headers, visitor).await
    }
}

/// Where who has not signed in is sent.
pub(crate) struct SignInFirst(Result<String, Problem>);

impl IntoResponse for SignInFirst {
    fn into_response(self) -> Response {
        match self.0 {
            Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
            Err(problem) => problem.into_response(),
        }
    }
}

impl Owner {
    /// The owner whose session the request carries.
    pub(crate) async fn of(
        house: &House,
        headers: &HeaderMap,
        mut visitor: Visitor,
    ) -> Result<Self, SignInFirst> {
        let failed = |error| SignInFirst(Err(Problem::from(error)));
        let first = |visitor: &Visitor| SignInFirst(Ok(sign_in_path(visitor.path())));
        let Some(token) = Name::Session.read(headers, house.secure()) else {
            return Err(first(&visitor));
        };
        let Some(live) = house.members.session_of(&token).await.map_err(failed)? else {
            return Err(first(&visitor));
        };
        let Some(found) = house.members.of(live.account()).await.map_err(failed)? else {
            return Err(first(&visitor));
        };
        visitor.signed_in = true;
        Ok(Self { visitor, live, found })
    }
}

impl FromRequestParts<Arc<House>> for Owner {
    type Rejection = SignInFirst;

    async fn from_request_parts(
        parts: &mut Parts,
        house: &Arc<House>,
    ) -> Result<Self, SignInFirst> {
        let visitor = match Visitor::from_request_parts(parts, house).await {
            Ok(visitor) => visitor,
            Err(problem) => return Err(SignInFirst(Err(problem))),
        };
        Self::of(house, &parts.headers, visitor).await
    }
}

/// The sign-in page that leads on to `then`.
pub(super) fn sign_in_path(then: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("then", then);
    format!("/sign-in?{}", query.finish())
}

/// A path of ours to go on to: never another site's, whatever the form says.
pub(super) fn own_path(then: &str) -> String {
    let is_own = then.starts_with('/')
        && !then.starts_with("//")
        && !then.contains('\\')
        && then.len() <= 2_000
        && then.chars().all(|sign| !sign.is_control());
    if is_own { then.to_owned() } else { "/security".to_owned() }
}

impl House {
    /// The account of a member as an event of theirs names it.
    pub(super) fn happening<'a>(
        kind: EventType,
        status: Status,
        member: &'a Member,
        visitor: &'a Visitor,
    ) -> Happening<'a> {
        Happening {
            kind,
            status,
            account: &member.account,
            email: member.mails.first().map(|mail| mail.value.as_str()),
            phone: member.phones.first().map(|phone| phone.value.as_str()),
            registered_at: Some(member.since),
            session: None,
            visit: &visitor.visit,
            credential: None,
            change: None,
        }
    }

    /// Opens a session for who has proven enough: writes it with `changes`, tells the owner of a
    /// device that is new, and sends the visitor on.
    pub(super) async fn let_in(
        &self,
        visitor: &Visitor,
        found: &Found,
        proofs: &[Proof],
        opening: Opening<'_>,
    ) -> Result<Response, Problem> {
        let now = self.world.now();
        let Opening { then, trust, origin, mut changes, member, new_until } = opening;
        let cookie = visitor.device.clone().unwrap_or_else(|| DeviceCookie::new(&self.world));
        let hash = self.members.device_hash(&cookie.id);
        let (place, name) = (origin.and_then(place_in_words), visitor.visit.device_in_words());
        let is_new = found.member.device(hash).is_none();
        let device = Device {
            hash,
            name: name.clone().unwrap_or_default(),
            since: now,
            last_seen: now,
            trusted_until: trust.then(|| now.plus(TRUST_SPAN)),
        };
        let first_ever = found.member.devices.is_empty();
        let member = member.seen_on(device).without_what_is_over(now);
        let words = (place.clone(), name.clone(), Some(hash));
        let (token, session) = self.members.begin_session(found, proofs, new_until, words);
        changes.puts.push(self.members.change(found, &member));
        changes.puts.push(session);
        if is_new && !first_ever {
            let to = member.contacts_to_tell(now);
            let telling = Telling { topic: Topic::NewSignIn, undo_to: to.clone(), to };
            self.tell(&mut changes, found, Tale { telling, place, device: name, change: None });
        }
        match self.store.apply(&changes, now).await? {
            Applied::Done => {}
            // Two tabs, or two devices: whoever was second tries again.
            Applied::Raced(..) | Applied::NameTaken(..) => return Err(Problem::unavailable(1)),
        }
        self.letters.notify_one();
        let mut response = self.go(&visitor.renewed(&self.world), &then, None);
        let secure = self.secure();
        cookies::set(&mut response, &Name::Session.with(token, 0, secure));
        let mark = self.members.device_mark(&cookie.id, found.account);
        let cookie = cookie.marked(mark);
        cookies::set(&mut response, &cookie.cookie(secure));
        Ok(response)
    }

    /// Letters to strangers, as rows of the outbox.
    pub(super) fn rows(
        &self,
        letters: Vec<Letter>,
    ) -> impl Iterator<Item = (Option<Holder>, OutboxRow)> {
        letters.into_iter().map(|letter| (None, letter.row(&self.world)))
    }

    /// Adds a notice of a change that took effect by itself, with the code that undoes it.
    pub(crate) fn tell_of(
        &self,
        changes: &mut Changes,
        found: &Found,
        telling: Telling,
        change: u128,
    ) {
        self.tell(changes, found, Tale { change: Some(change), ..Tale::plain(telling) });
    }

    /// Adds a notice, with its letters, to what is to be written.
    pub(super) fn tell(&self, changes: &mut Changes, found: &Found, tale: Tale) {
        let Tale { telling, place, device, change } = tale;
        let holder = (found.account, found.member.account.clone());
        let language = Language::of(&found.member);
        let urgent = matches!(
            telling.topic,
            Topic::NewSignIn | Topic::SecondStepFailed | Topic::PasskeyCloned
        );
        let about = About { holder, telling, urgent, language, place, device, change };
        let written = self.notices.write(about);
        changes.puts.extend(written.puts);
        changes.outbox.extend(written.outbox);
    }
}

/// What is told.
pub(super) struct Tale {
    /// Of what, and whom.
    pub(super) telling: Telling,
    /// From where it was done, in words.
    pub(super) place: Option<String>,
    /// On what it was done, in words.
    pub(super) device: Option<String>,
    /// The change that a code undoes.
    pub(super) change: Option<u128>,
}

impl Tale {
    /// Of what was done by nobody in particular.
    pub(super) const fn plain(telling: Telling) -> Self {
        Self { telling, place: None, device: None, change: None }
    }
}

/// How a session is opened.
pub(super) struct Opening<'a> {
    /// Where to go.
    pub then: String,
    /// The device is not to be asked for the second step for a while.
    pub trust: bool,
    /// From where it comes.
    pub origin: Option<&'a Origin>,
    /// What else is written.
    pub changes: Changes,
    /// The member as it becomes.
    pub member: Member,
    /// It hangs on a factor that counts as new until then (T16).
    pub new_until: Option<Micros>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_on_to_another_site() {
        for path in ["/security", "/authorize?client_id=a&x=//y"] {
            assert_eq!(own_path(path), path);
        }
        for path in ["//evil.example", "https://evil.example", "", "/\\evil.example", "/a\r\nb"] {
            assert_eq!(own_path(path), "/security", "{path:?}");
        }
        assert_eq!(sign_in_path("/a?b=c&d"), "/sign-in?then=%2Fa%3Fb%3Dc%26d");
    }
}
