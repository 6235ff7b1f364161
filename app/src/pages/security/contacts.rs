//! Mail addresses and phone numbers: added once they have answered a code.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::challenge::Method;
use domain::member::{Command, Contact, ContactKind};
use domain::notice::Channel;
use serde::Serialize;
use store::Changes;

use super::super::challenge::hidden;
use super::super::cookies::Flash;
use super::super::owner::Owner;
use super::super::prove::Done;
use super::super::sign_in::Asking;
use super::super::{Page, Visitor};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Login;
use crate::members::attempts::Purpose;

/// `/security/contacts`
#[derive(Serialize)]
pub(in super::super) struct AddContact {
    mails: Vec<(usize, String)>,
    phones: Vec<(usize, String)>,
    problem: Option<&'static str>,
    by_phone: bool,
}

pub(in super::super) const BAD_CONTACT: &str = "contact-unreadable";

impl Page for AddContact {
    const TEMPLATE: &'static str = "contacts.html";

    fn samples() -> Vec<Self> {
        let (mails, phones) =
            (vec![(0, "h•••@example.jp".to_owned())], vec![(0, "•••• 5678".to_owned())]);
        let bare = Self { mails: Vec::new(), phones: Vec::new(), problem: None, by_phone: false };
        vec![Self { mails, phones, problem: Some(BAD_CONTACT), by_phone: true }, bare]
    }
}

fn page_of(house: &House, owner: &Owner, problem: Option<&'static str>) -> AddContact {
    let hide = |contacts: &[Contact]| {
        contacts.iter().map(|contact| hidden(&contact.value)).enumerate().collect()
    };
    let member = &owner.found.member;
    let by_phone = house.notices.offered.contains(&Channel::Sms);
    AddContact { mails: hide(&member.mails), phones: hide(&member.phones), problem, by_phone }
}

pub(super) async fn show(State(house): State<Arc<House>>, owner: Owner) -> Response {
    house.page(&owner.visitor, StatusCode::OK, &page_of(&house, &owner, None))
}

pub(super) async fn add(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let since = house.world.now();
    let (contact, method) = match Login::read(form.text("contact")) {
        Some(Login::Mail(value, _)) => {
            (Contact { kind: ContactKind::Mail, value, since }, Method::Mail)
        }
        Some(Login::Phone(value)) => {
            (Contact { kind: ContactKind::Phone, value, since }, Method::Sms)
        }
        None => {
            let page = page_of(&house, &owner, Some(BAD_CONTACT));
            return Ok(house.page(&owner.visitor, StatusCode::OK, &page));
        }
    };
    let member = &owner.found.member;
    let own = if contact.kind == ContactKind::Mail { &member.mails } else { &member.phones };
    let place = form.text("replaces").parse::<usize>().ok();
    let replaces = place.and_then(|place| own.get(place)).map(|old| old.value.clone());
    let purpose = Purpose::AddContact { session: owner.live.id, contact, replaces };
    let then = "/security".to_owned();
    let asking = Asking::all(purpose, vec![method], then);
    house.ask(&owner.visitor, &owner.found, asking).await
}

pub(super) async fn remove(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let member = &owner.found.member;
    let (kind, own) = match form.text("kind") {
        "mail" => (ContactKind::Mail, &member.mails),
        _ => (ContactKind::Phone, &member.phones),
    };
    let place = form.text("place").parse::<usize>().ok();
    let Some(contact) = place.and_then(|place| own.get(place)) else {
        return Err(Problem::not_found("contact"));
    };
    let command = Command::RemoveContact(kind, contact.value.clone());
    house.change_member(&owner, command, Changes::default(), Flash::ContactRemoved).await
}

impl House {
    /// The contact has answered its code: it is added, or waits where the session is weak.
    pub(in super::super) async fn finish_contact(
        &self,
        visitor: &Visitor,
        headers: &axum::http::HeaderMap,
        done: Done,
        changes: Changes,
    ) -> Result<Response, Problem> {
        let Purpose::AddContact { session, contact, replaces } = &done.attempt.kept.purpose else {
            return Err(Problem::not_found("attempt"));
        };
        let owner = match Owner::of(self, headers, visitor.clone()).await {
            Ok(owner) if owner.live.id == *session => owner,
            Ok(_) => return Err(Problem::not_found("session")),
            Err(first) => return Ok(first.into_response()),
        };
        let contact = Contact { since: self.world.now(), ..contact.clone() };
        let command = Command::AddContact { contact, replaces: replaces.clone() };
        self.change_member(&owner, command, changes, Flash::ContactAdded).await
    }
}
