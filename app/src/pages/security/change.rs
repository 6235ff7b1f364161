//! Changing the password, proving oneself again, ending sessions, preferences.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::account::Allowance;
use domain::event::Status;
use domain::member::{self, Acting, Changed, Command, Refused};
use domain::session::Ended;
use factors::password::Rules;
use serde::Serialize;
use store::{Applied, Changes, DocumentKind, Put};

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::owner::{Owner, SignInFirst, Tale};
use super::super::{Page, Visitor, register};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::members::Found;
use crate::members::sessions::Live;

/// `/security/password`
#[derive(Serialize)]
pub(in super::super) struct Password {
    problem: Option<&'static str>,
    chars_min: usize,
    /// The session must prove itself first.
    prove: bool,
    prove_problem: Option<&'static str>,
    is_set: bool,
    /// A passkey of theirs would do as well.
    by_passkey: bool,
    then: &'static str,
}

pub(in super::super) const PROVE_WRONG: &str = "prove-again-wrong";

impl Page for Password {
    const TEMPLATE: &'static str = "password.html";

    fn samples() -> Vec<Self> {
        let sample = |problem, prove| Self {
            problem,
            chars_min: 8,
            prove,
            prove_problem: prove.then_some(PROVE_WRONG),
            is_set: true,
            by_passkey: true,
            then: "/security/password",
        };
        let mut samples = vec![sample(None, false), sample(None, true)];
        samples.extend(register::WEAKNESSES.map(|problem| sample(Some(problem), false)));
        samples
    }
}

impl Owner {
    /// Who acts, for the rules of [`domain::member`].
    pub(super) fn acting(&self, house: &House) -> Acting {
        Acting::of(self.live.id, &self.live.kept.session, house.world.now())
    }

    fn rules(&self) -> Rules {
        if self.found.member.two_step { Rules::WITH_SECOND_FACTOR } else { Rules::ALONE }
    }

    /// The owner of a form.
    pub(in super::super) async fn of_form(
        house: &House,
        request: Request,
    ) -> Result<Result<(Form, Self), SignInFirst>, Problem> {
        let headers = request.headers().clone();
        let (form, visitor) = Form::read(house, request).await?;
        Ok(Self::of(house, &headers, visitor).await.map(|owner| (form, owner)))
    }
}

pub(super) async fn show(State(house): State<Arc<House>>, owner: Owner) -> Response {
    house.page(&owner.visitor, StatusCode::OK, &page_of(&house, &owner, None, None))
}

pub(super) fn page_of(
    house: &House,
    owner: &Owner,
    problem: Option<&'static str>,
    prove_problem: Option<&'static str>,
) -> Password {
    Password {
        problem,
        chars_min: owner.rules().chars_min,
        prove: !owner.live.kept.session.is_fresh(house.world.now()),
        prove_problem,
        is_set: owner.found.member.password.is_some(),
        by_passkey: house.members.site.is_some() && !owner.found.member.passkeys.is_empty(),
        then: "/security/password",
    }
}

/// Asks for a proof before a page is shown.
pub(super) fn prove_first(house: &House, owner: &Owner, then: &'static str) -> Response {
    let page = Password { prove: true, then, ..page_of(house, owner, None, None) };
    house.page(&owner.visitor, StatusCode::OK, &page)
}

pub(super) async fn change(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let member = &owner.found.member;
    let context: Vec<&str> = member.mails.iter().map(|mail| mail.value.as_str()).collect();
    let typed = match house.new_password(form.text("password"), &context, owner.rules()) {
        Ok(typed) => typed,
        Err(problem) => {
            let page = page_of(&house, &owner, Some(problem), None);
            return Ok(house.page(&owner.visitor, StatusCode::OK, &page));
        }
    };
    let hash = house.members.passwords.hash(typed, &house.world).await;
    let hash = hash.map_err(|_| Problem::unavailable(1))?.map_err(|e| Problem::internal(&e))?;
    let command = Command::SetPassword(member::Password { hash, since: house.world.now() });
    house.change_member(&owner, command, Changes::default(), Flash::PasswordChanged).await
}

impl House {
    /// The account's standing lets this session change security.
    pub(super) fn may_change_security(&self, owner: &Owner) -> Result<(), Problem> {
        let session = &owner.live.kept.session;
        let strong = session.strength() >= domain::session::Strength::Multi
            && !session.is_by_new_factor(self.world.now());
        let held = match owner.found.member.standing.abilities().security_change {
            Allowance::No { .. } => true,
            Allowance::StrongStepUp => !strong,
            Allowance::Yes | Allowance::StepUp => false,
        };
        if held { Err(Problem::new(Kind::Held, "")) } else { Ok(()) }
    }

    /// Does what the owner asks for: the change, its notice, its record, the end of other sessions;
    /// in one transaction, and then the event.
    pub(in super::super) async fn change_member(
        &self,
        owner: &Owner,
        command: Command,
        changes: Changes,
        flash: Flash,
    ) -> Result<Response, Problem> {
        let now = self.world.now();
        let found = &owner.found;
        self.may_change_security(owner)?;
        match found.member.change(command, &owner.acting(self), now) {
            Ok(changed) => {
                let by = By { visitor: &owner.visitor, found, live: Some(&owner.live) };
                let flash = match self.write_change(by, changed, changes).await? {
                    Written::Done => flash,
                    Written::ContactTaken => Flash::ContactTaken,
                };
                Ok(self.go(&owner.visitor, "/security", Some(flash)))
            }
            Err(Refused::ProveAgain | Refused::SecondStepMissing) => {
                Ok(prove_first(self, owner, "/security"))
            }
            Err(refused) => Ok(self.go(&owner.visitor, "/security", Some(Flash::refused(refused)))),
        }
    }

    /// Writes a change with its notice and its record, and ends sessions where it is of a
    /// credential: all but the one that asked.
    pub(in super::super) async fn write_change(
        &self,
        By { visitor, found, live }: By<'_>,
        changed: Changed,
        mut changes: Changes,
    ) -> Result<Written, Problem> {
        let now = self.world.now();
        let id = self.world.uuid();
        let kind = changed.change.kind;
        changes.puts.extend(self.members.former_contacts(found, &changed.member).await?);
        changes.puts.push(self.members.change(found, &changed.member));
        changes.puts.push(Put {
            kind: DocumentKind::Change,
            id,
            account: Some((found.account, found.member.account.clone())),
            seen: None,
            state: 0,
            rank: now.0,
            due_at: match changed.change.state {
                member::ChangeState::Waits { until } => Some(until),
                _ => None,
            },
            expires_at: None,
            body: serde_json::to_vec(&changed.change).unwrap_or_default(),
            names: None,
        });
        let mut others = Vec::new();
        if changed.ends_other_sessions {
            others = self.members.sessions_of(found.account).await?;
            others.retain(|other| live.is_none_or(|asking| asking.id != other.id));
            changes.puts.extend(self.members.end_sessions(&others, Ended::CredentialChanged));
        }
        let place = live.and_then(|live| live.kept.place.clone());
        let device = visitor.visit.device_in_words();
        let tale = Tale { telling: changed.telling, place, device, change: Some(id) };
        self.tell(&mut changes, found, tale);
        match self.store.apply(&changes, now).await? {
            Applied::Done => {}
            Applied::NameTaken(..) => return Ok(Written::ContactTaken),
            Applied::Raced(..) => return Err(Problem::unavailable(1)),
        }
        self.letters.notify_one();
        self.sessions_ended(&others).await?;
        let happening = Self::happening(kind, Status::Succeeded, &found.member, visitor);
        let session = live.map(|live| live.id);
        self.happened(&crate::happenings::Happening { session, ..happening }).await?;
        Ok(Written::Done)
    }
}

/// By whom a change is made: in a session, or by proofs alone.
pub(in super::super) struct By<'a> {
    pub(in super::super) visitor: &'a Visitor,
    pub(in super::super) found: &'a Found,
    pub(in super::super) live: Option<&'a Live>,
}

/// What became of a change.
pub(in super::super) enum Written {
    /// It stands.
    Done,
    /// Somebody else has that contact.
    ContactTaken,
}

/// Ends one session, or all others.
pub(super) async fn end_session(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let all = house.members.sessions_of(owner.found.account).await?;
    let wanted = crate::id::read("ses", form.text("session"));
    let goes = |id: u128| wanted.map_or(id != owner.live.id, |wanted| wanted == id);
    let ended: Vec<_> = all.into_iter().filter(|live| goes(live.id)).collect();
    let puts = house.members.end_sessions(&ended, Ended::EndedElsewhere);
    house.store.apply(&Changes { puts, ..Changes::default() }, house.world.now()).await?;
    house.sessions_ended(&ended).await?;
    Ok(house.go(&owner.visitor, "/security", Some(Flash::SessionsEnded)))
}

/// The owner has looked at a point of the check-up that only they can see.
pub(super) async fn check_up(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let now = house.world.now();
    let mut member = owner.found.member.clone();
    match form.text("point") {
        "cards" => member.preferences.looked_at_cards = Some(now),
        "mail" => member.preferences.looked_at_mail = Some(now),
        _ => return Err(Problem::not_found("point")),
    }
    let puts = vec![house.members.change(&owner.found, &member)];
    house.store.apply(&Changes { puts, ..Changes::default() }, now).await?;
    Ok(house.go(&owner.visitor, "/security", Some(Flash::Saved)))
}

pub(super) async fn preferences(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let mut member = owner.found.member.clone();
    member.preferences.sign_out_after_purchase = !form.text("sign_out_after_purchase").is_empty();
    let puts = vec![house.members.change(&owner.found, &member)];
    house.store.apply(&Changes { puts, ..Changes::default() }, house.world.now()).await?;
    Ok(house.go(&owner.visitor, "/security", Some(Flash::Saved)))
}
