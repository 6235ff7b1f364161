//! A forgotten password: a code to a contact, what else [`domain::reset`] asks for, a new password.
//!
//! Who asks learns nothing of whether there is such an account (T6): the same page, the same writes.
//! Nobody is signed in by it (OWASP, Forgot Password): the new password is typed once more.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::account::{self, Level};
use domain::challenge::Method;
use domain::decision::Verdict;
use domain::event::{EventType, Status};
use domain::member::{self, Acting, Command, Contact, ContactKind, Member};
use domain::notice::Channel;
use domain::reset::{self, Next};
use domain::sign_in::{Counts, Facts};
use factors::password::Rules;
use serde::Serialize;
use store::Changes;

use super::cookies::Flash;
use super::form::Form;
use super::prove::Done;
use super::security::{By, Written};
use super::sign_in::SignIn;
use super::{Page, Visitor, register};
use crate::gateways::Letter;
use crate::happenings::{Happening, stranger};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::attempts::{Attempt, Kept, Purpose};
use crate::members::{Found, Login};
use crate::text::{Language, text};

/// `/reset-password`
#[derive(Serialize)]
pub(super) struct Reset {
    login: String,
    problem: Option<&'static str>,
}

/// `/reset-password/{id}`
#[derive(Serialize)]
pub(super) struct NewPassword {
    id: String,
    chars_min: usize,
    problem: Option<&'static str>,
}

/// Codes to reset a password that one account is sent in an hour.
const RESETS_PER_HOUR: usize = 5;

pub(super) const BAD_LOGIN: &str = "reset-bad-login";
/// Text keys of the letter to whose account the desk alone can open.
#[cfg(test)]
pub(super) const LETTER_KEYS: [&str; 2] = ["letter-reset-held-subject", "letter-reset-held-mail"];

impl Page for Reset {
    const TEMPLATE: &'static str = "reset.html";

    fn samples() -> Vec<Self> {
        let sample = |problem| Self { login: String::new(), problem };
        vec![sample(None), sample(Some(BAD_LOGIN))]
    }
}

impl Page for NewPassword {
    const TEMPLATE: &'static str = "reset_new.html";

    fn samples() -> Vec<Self> {
        let sample = |problem| Self { id: "att_0".to_owned(), chars_min: 8, problem };
        let weak = register::WEAKNESSES.map(|problem| sample(Some(problem)));
        std::iter::once(sample(None)).chain(weak).collect()
    }
}

pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/reset-password", get(show).post(begin))
        .route("/reset-password/{id}", get(show_new).post(set))
}

async fn show(State(house): State<Arc<House>>, visitor: Visitor) -> Response {
    let page = Reset { login: String::new(), problem: None };
    house.page(&visitor, StatusCode::OK, &page)
}

async fn begin(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    house.take_turn(&visitor)?;
    let typed = form.text("login");
    let Some((login, contact, method)) = house.reachable(typed) else {
        let page = Reset { login: typed.to_owned(), problem: Some(BAD_LOGIN) };
        return Ok(house.page(&visitor, StatusCode::OK, &page));
    };
    let found = house.members.by_login(&login).await?;
    let nobody = Member { account: stranger(&house.hasher, typed), ..Member::default() };
    let member = found.as_ref().map_or(&nobody, |found| &found.member);
    let happening = Happening {
        registered_at: found.as_ref().map(|found| found.member.since),
        ..House::happening(EventType::ResetRequested, Status::Attempted, member, &visitor)
    };
    let (judged, _) = house.happened(&happening).await?;
    let account = house.account_key(&member.account);
    let known = found.as_ref().is_some_and(|found| house.knows(&visitor, found));
    let denied = judged.assessment.verdict == Verdict::Deny && !known;
    let within = house.members.may("reset", account, RESETS_PER_HOUR).await?;
    let own = member.contacts().find(|own| house.is_login(own, &login)).cloned();
    let begins = own.as_ref().is_some_and(|own| reset::may_begin(member, own));
    let purpose = Purpose::ResetPassword {
        contact: own.clone().unwrap_or(contact),
        for_nobody: !begins || denied || !within,
    };
    let mut attempt = Attempt::new(
        &house.members,
        Kept {
            purpose,
            account,
            account_name: member.account.clone(),
            guest: visitor.guest_number(&house.hasher),
            proofs: Vec::new(),
            methods: vec![method],
            counts: Counts::All,
            challenge: None,
            code: None,
            decision: None,
            then: "/security".to_owned(),
        },
    );
    let mut letters =
        house.open_challenge(&mut attempt, member, method, &visitor).await.unwrap_or_default();
    letters
        .extend(own.filter(|_| !begins && within).and_then(|own| house.held_letter(member, &own)));
    let now = house.world.now();
    let mut changes = Changes { puts: vec![attempt.put(now)], ..Changes::default() };
    changes.outbox.extend(house.rows(letters));
    house.store.apply(&changes, now).await?;
    house.letters.notify_one();
    Ok(house.go(&visitor, &format!("/prove/{}", crate::id::show("att", attempt.id)), None))
}

async fn show_new(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    Ok(match house.ready(&visitor, &id).await? {
        Some((.., found, _)) => house.new_password_page(&visitor, &id, &found.member, None),
        None => house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)),
    })
}

async fn set(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((attempt, found, (proof, level))) = house.ready(&visitor, &id).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)));
    };
    let context: Vec<&str> = found.member.mails.iter().map(|mail| mail.value.as_str()).collect();
    let typed = match house.new_password(form.text("password"), &context, rules(&found.member)) {
        Ok(typed) => typed,
        Err(problem) => {
            return Ok(house.new_password_page(&visitor, &id, &found.member, Some(problem)));
        }
    };
    let hash = house.members.passwords.hash(typed, &house.world).await;
    let hash = hash.map_err(|_| Problem::unavailable(1))?.map_err(|e| Problem::internal(&e))?;
    let now = house.world.now();
    let command = Command::SetPassword(member::Password { hash, since: now });
    let acting = Acting { session: attempt.id, proof, proven_at: now, by_new_factor: false };
    let Ok(mut changed) = found.member.change(command, &acting, now) else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)));
    };
    // Two different proofs lift what was restricted (R44, §2.3 V3).
    let lift = account::Command::StepUp { level };
    if level >= Level::V3
        && let Ok((standing, _)) = changed.member.standing.next(lift, now)
    {
        changed.member.standing = standing;
    }
    let changes = Changes { removals: vec![attempt.removal()], ..Changes::default() };
    let by = By { visitor: &visitor, found: &found, live: None };
    Ok(match house.write_change(by, changed, changes).await? {
        Written::Done => house.go(&visitor, "/sign-in", Some(Flash::PasswordChanged)),
        Written::ContactTaken => house.go(&visitor, "/sign-in", Some(Flash::NothingChanged)),
    })
}

const fn rules(member: &Member) -> Rules {
    if member.two_step { Rules::WITH_SECOND_FACTOR } else { Rules::ALONE }
}

impl House {
    /// What was typed as somebody to send a code to, where there is a gateway for it.
    pub(super) fn reachable(&self, typed: &str) -> Option<(Login, Contact, Method)> {
        let login = Login::read(typed)?;
        let (kind, value, method, channel) = match &login {
            Login::Mail(mail, _) => (ContactKind::Mail, mail, Method::Mail, Channel::Mail),
            Login::Phone(number) => (ContactKind::Phone, number, Method::Sms, Channel::Sms),
        };
        let contact = Contact { kind, value: value.clone(), since: self.world.now() };
        self.notices.offered.contains(&channel).then_some((login, contact, method))
    }

    pub(super) fn is_login(&self, contact: &Contact, login: &Login) -> bool {
        Login::read(&contact.value).is_some_and(|own| own.is(login, &self.hasher))
    }

    /// To an address whose account is opened by the desk alone: so somebody who waits for a code
    /// knows why none comes.
    fn held_letter(&self, member: &Member, to: &Contact) -> Option<Letter> {
        let language = Language::of(member);
        let values = [("store", self.config.said.text("store-name"))];
        let tell = |key| text().tell(language, key, &values);
        (to.kind == ContactKind::Mail).then(|| Letter {
            channel: Channel::Mail,
            to: to.value.clone(),
            subject: tell("letter-reset-held-subject"),
            text: tell("letter-reset-held-mail"),
            language,
            not_after: None,
        })
    }

    /// One more proof was given: asks for what is missing, or leads to the new password.
    pub(super) async fn go_on_resetting(
        &self,
        visitor: &Visitor,
        done: Done,
        mut changes: Changes,
    ) -> Result<Response, Problem> {
        let Done { mut attempt, found, member, .. } = done;
        let Some(found) = found else { return Err(Problem::not_found("attempt")) };
        let id = crate::id::show("att", attempt.id);
        // The attempt goes on; it is not over as others are at their last proof.
        changes.removals.clear();
        if let Some(member) = &member {
            changes.puts.push(self.members.change(&found, member));
        }
        attempt.kept.challenge = None;
        attempt.kept.methods.clear();
        let path = match self.after_proofs(&attempt, &found) {
            Next::Set(..) => format!("/reset-password/{id}"),
            Next::NothingToProveWith => {
                let page = SignIn::again("/security", SignIn::NOTHING);
                return Ok(self.page(visitor, StatusCode::OK, &page));
            }
            Next::Prove(methods) => {
                let first = methods.iter().copied().find(|method| *method != Method::Passkey);
                attempt.kept.methods = methods;
                if let Some(method) = first {
                    let letters =
                        self.open_challenge(&mut attempt, &found.member, method, visitor).await;
                    changes.outbox.extend(self.rows(letters.unwrap_or_default()));
                }
                format!("/prove/{id}")
            }
        };
        let now = self.world.now();
        changes.puts.push(attempt.put(now));
        self.store.apply(&changes, now).await?;
        self.letters.notify_one();
        Ok(self.go(visitor, &path, None))
    }

    /// The attempt that has proven enough for a new password, and on what strength.
    async fn ready(
        &self,
        visitor: &Visitor,
        id: &str,
    ) -> Result<Option<(Attempt, Found, (member::Proof, Level))>, Problem> {
        let Some((attempt, Some(found))) = self.attempt_of(visitor, id).await? else {
            return Ok(None);
        };
        Ok(match self.after_proofs(&attempt, &found) {
            Next::Set(proof, level) => Some((attempt, found, (proof, level))),
            Next::Prove(_) | Next::NothingToProveWith => None,
        })
    }

    fn after_proofs(&self, attempt: &Attempt, found: &Found) -> Next {
        let proven = attempt.kept.proofs.len();
        let Purpose::ResetPassword { contact, for_nobody: false } = &attempt.kept.purpose else {
            return Next::NothingToProveWith;
        };
        // It may have been locked meanwhile.
        if proven == 0 || !reset::may_begin(&found.member, contact) {
            return Next::NothingToProveWith;
        }
        let facts = Facts {
            member: &found.member,
            verdict: Verdict::Challenge,
            device: None,
            offered: &self.notices.offered,
            takes_passkeys: self.members.site.is_some(),
            now: self.world.now(),
        };
        reset::next(&facts, contact.kind, proven)
    }

    fn new_password_page(
        &self,
        visitor: &Visitor,
        id: &str,
        member: &Member,
        problem: Option<&'static str>,
    ) -> Response {
        let chars_min = rules(member).chars_min;
        let page = NewPassword { id: id.to_owned(), chars_min, problem };
        self.page(visitor, StatusCode::OK, &page)
    }
}
