//! The owner takes the account back: a new password, once the cool-down is over.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::account::Level;
use domain::challenge::Method;
use domain::member::{Contact, Member, Password};
use domain::sign_in::Counts;
use factors::password::Rules;
use serde::Serialize;
use store::Changes;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::prove::Done;
use super::super::security::{By, Written};
use super::super::{Page, Visitor, register};
use crate::cases::ComesBack;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;
use crate::members::attempts::{Attempt, Kept, Purpose};

/// `/report/password`
#[derive(Serialize)]
pub(in super::super) struct ComeBack {
    chars_min: usize,
    problem: Option<&'static str>,
    /// A new contact can be given, in place of those that are lost.
    takes_contact: bool,
    /// What is wrong with it.
    contact_problem: Option<&'static str>,
}

impl Page for ComeBack {
    const TEMPLATE: &'static str = "report_password.html";

    fn samples() -> Vec<Self> {
        let weak = register::WEAKNESSES.map(|weakness| Self::with(Some(weakness), None, false));
        let lost = [None, Some(NO_CONTACT), Some(CONTACT_NEEDED)]
            .map(|problem| Self::with(None, problem, true));
        weak.into_iter().chain(lost).chain([Self::with(None, None, false)]).collect()
    }
}

impl ComeBack {
    const fn with(
        problem: Option<&'static str>,
        contact_problem: Option<&'static str>,
        takes_contact: bool,
    ) -> Self {
        Self { chars_min: Rules::ALONE.chars_min, problem, takes_contact, contact_problem }
    }
}

/// Text keys that the template is given.
#[cfg(test)]
pub(super) const KEYS: [&str; 2] = [NO_CONTACT, CONTACT_NEEDED];
const NO_CONTACT: &str = "report-back-no-contact";
const CONTACT_NEEDED: &str = "report-back-contact-needed";

pub(super) async fn show(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let case = house.case_of(&headers).await?;
    let Some((case, _)) = case else { return Ok(house.go(&visitor, "/report/status", None)) };
    Ok(match house.comes_back(&case).await? {
        ComesBack::Now { proven, .. } => {
            let page = ComeBack::with(None, None, proven >= Level::V4);
            house.page(&visitor, StatusCode::OK, &page)
        }
        ComesBack::At(_) | ComesBack::No => house.go(&visitor, "/report/status", None),
    })
}

pub(super) async fn set(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let case = house.case_of(&headers).await?;
    let Some((case, _)) = case else { return Ok(house.go(&visitor, "/report/status", None)) };
    let ComesBack::Now { found, proven } = house.comes_back(&case).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let takes_contact = proven >= Level::V4;
    let wrong = |problem, contact_problem| {
        let page = ComeBack::with(problem, contact_problem, takes_contact);
        house.page(&visitor, StatusCode::OK, &page)
    };
    let typed = match house.new_password(form.text("password"), &words(&found.member), Rules::ALONE)
    {
        Ok(typed) => typed,
        Err(problem) => return Ok(wrong(Some(problem), None)),
    };
    let new = form.filled("contact").filter(|_| takes_contact);
    let new = match new.map(|typed| house.reachable(typed)) {
        Some(None) => return Ok(wrong(None, Some(NO_CONTACT))),
        None if found.member.contacts().next().is_none() => {
            return Ok(wrong(None, Some(CONTACT_NEEDED)));
        }
        new => new.flatten(),
    };
    let hash = house.members.passwords.hash(typed, &house.world).await;
    let hash = hash.map_err(|_| Problem::unavailable(1))?.map_err(|e| Problem::internal(&e))?;
    match new {
        Some((_, contact, method)) => {
            let password = Password { hash, since: house.world.now() };
            let purpose = Purpose::ComeBack { case: case.id, contact, password };
            house.confirm_new_contact(&visitor, &found, purpose, method).await
        }
        None => {
            house.give_back(&visitor, &found, (hash, None), (case.id, Changes::default())).await
        }
    }
}

impl House {
    /// A code goes to the contact that shall stand in place of the lost ones.
    async fn confirm_new_contact(
        &self,
        visitor: &Visitor,
        found: &Found,
        purpose: Purpose,
        method: Method,
    ) -> Result<Response, Problem> {
        let now = self.world.now();
        let kept = Kept {
            purpose,
            account: found.account,
            account_name: found.member.account.clone(),
            guest: visitor.guest_number(&self.hasher),
            proofs: Vec::new(),
            methods: vec![method],
            counts: Counts::All,
            challenge: None,
            code: None,
            decision: None,
            then: "/sign-in".to_owned(),
        };
        let mut attempt = Attempt::new(&self.members, kept);
        let letters = self.open_challenge(&mut attempt, &found.member, method, visitor).await;
        let mut changes = Changes { puts: vec![attempt.put(now)], ..Changes::default() };
        changes.outbox.extend(self.rows(letters.unwrap_or_default()));
        self.store.apply(&changes, now).await?;
        self.letters.notify_one();
        let path = format!("/prove/{}", crate::id::show("att", attempt.id));
        Ok(self.go(visitor, &path, None))
    }

    /// The new contact has answered. What the reporter proved is looked at anew: it may be contested
    /// by now.
    pub(in super::super) async fn finish_coming_back(
        &self,
        visitor: &Visitor,
        headers: &HeaderMap,
        done: Done,
        changes: Changes,
    ) -> Result<Response, Problem> {
        let Purpose::ComeBack { case, contact, password } = &done.attempt.kept.purpose else {
            return Err(Problem::not_found("attempt"));
        };
        let own = self.case_of(headers).await?.filter(|(own, _)| own.id == *case);
        let Some((own, _)) = own else { return Ok(self.go(visitor, "/report/status", None)) };
        match self.comes_back(&own).await? {
            ComesBack::Now { found, proven: Level::V4 } => {
                let new = (password.hash.clone(), Some(contact.clone()));
                self.give_back(visitor, &found, new, (own.id, changes)).await
            }
            _ => Ok(self.go(visitor, "/report/status", None)),
        }
    }

    async fn give_back(
        &self,
        visitor: &Visitor,
        found: &Found,
        (hash, contact): (String, Option<Contact>),
        (case, mut changes): (u128, Changes),
    ) -> Result<Response, Problem> {
        let changed = self.come_back(found, hash, case, contact)?;
        let holder = (found.account, found.member.account.clone());
        let rows = self.owner_is_back(&holder, case).into_iter();
        changes.outbox.extend(rows.map(|row| (Some(holder.clone()), row)));
        let by = By { visitor, found, live: None };
        let flash = match self.write_change(by, changed, changes).await? {
            Written::Done => Flash::PasswordChanged,
            Written::ContactTaken => Flash::NothingChanged,
        };
        Ok(self.go(visitor, "/sign-in", Some(flash)))
    }
}

fn words(member: &Member) -> Vec<&str> {
    member.mails.iter().map(|mail| mail.value.as_str()).collect()
}
