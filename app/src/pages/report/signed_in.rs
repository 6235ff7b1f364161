//! The fast lane (R23): who is still signed in proves themselves by a fresh step-up, and is asked
//! nothing personal.
//!
//! The session alone proves nothing: it may be stolen. What it is worth is what the account had long
//! before the start (§2.3), so a passkey that an intruder added yesterday brings them nowhere.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use domain::case::{Actor, Case, Command, Reporter};
use domain::challenge::Method;
use domain::member::{Contact, ContactKind};
use domain::reset::is_settled;
use domain::sign_in::Counts;
use store::Changes;

use super::super::cookies::{self, Flash, Name};
use super::super::owner::Owner;
use super::super::prove::proof_methods;
use super::super::sign_in::Asking;
use super::{COOKIE_DAYS, LETTERS_PER_HOUR};
use crate::cases::report::Topic;
use crate::cases::{Numbered, Report};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::attempts::Purpose;
use crate::text::Language;

/// A report about the account that the browser is signed in to; the step-up comes first.
pub(super) async fn begin(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    house.take_turn(&owner.visitor)?;
    let now = house.world.now();
    let (member, account) = (&owner.found.member, owner.found.account);
    let login = member.contacts().next().map(|contact| contact.value.clone()).unwrap_or_default();
    let topic = Topic::named(form.text("topic")).unwrap_or_default();
    let told = Report { topic, login, ..Report::default() };
    let taken_over = form.text("taken_over") == "yes";
    let case = Case::open(Reporter::Owner, taken_over, now);
    let opened = house.open_case(case, told, owner.visitor.language == Language::English);
    let submit = Command::Submit { account: Some((account, member.since)) };
    let (mut case, _) = opened.case.step(submit, &Actor::Reporter, None, now)?;
    case.kept.account_name = Some(member.account.clone());
    // The session may be an intruder's: contacts from before can lock the account at once.
    let mut changes = Changes::default();
    if house.members.may("report", account, LETTERS_PER_HOUR).await? {
        house.offer_to_lock(&mut changes, &owner.found);
    }
    let case = house.submit_case(case, changes).await?;
    house.letters.notify_one();
    let mut response = house.prove_signed_in(&owner, &case, "/report/details").await?;
    let value = format!("{}.{}", case.kept.number, opened.secret);
    cookies::set(&mut response, &Name::Case.with(value, COOKIE_DAYS, house.secure()));
    Ok(response)
}

/// The same for a report that there is.
pub(super) async fn prove(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (_, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    match house.case_of_owner(&headers, &owner).await? {
        Some(case) => house.prove_signed_in(&owner, &case, "/report/status").await,
        None => Ok(house.go(&owner.visitor, "/report/status", Some(Flash::NothingChanged))),
    }
}

impl House {
    /// The report of this browser, where it is about the account that it is signed in to.
    pub(super) async fn case_of_owner(
        &self,
        headers: &HeaderMap,
        owner: &Owner,
    ) -> Result<Option<Numbered>, Problem> {
        let case = self.case_of(headers).await?.map(|(case, _)| case);
        Ok(case.filter(|case| {
            let it = &case.kept.case;
            it.account == Some(owner.found.account) && it.reporter == Reporter::Owner
        }))
    }

    async fn prove_signed_in(
        &self,
        owner: &Owner,
        case: &Numbered,
        then: &str,
    ) -> Result<Response, Problem> {
        let member = &owner.found.member;
        let now = self.world.now();
        let to = member.contacts_to_tell(now);
        let mut mails = to.iter().filter(|contact| contact.kind == ContactKind::Mail);
        let settled = mails.find(|contact| is_settled(member, contact, now)).cloned();
        let mut methods = proof_methods(self, &owner.found, Counts::All);
        // Codes go to mail from before alone; by what is stronger the better.
        methods.retain(|method| match method {
            Method::Passkey | Method::Totp | Method::RecoveryCode => true,
            Method::Mail => settled.is_some(),
            Method::Sms | Method::Voice => false,
        });
        if methods.is_empty() {
            return Ok(self.go(&owner.visitor, then, Some(Flash::NothingToProveWith)));
        }
        let nobody = Contact { kind: ContactKind::Mail, value: String::new(), since: now };
        let purpose = Purpose::ProveToCase {
            case: case.id,
            for_nobody: settled.is_none(),
            contact: settled.unwrap_or(nobody),
            signed_in: true,
        };
        let asking = Asking::all(purpose, methods, then.to_owned());
        self.ask(&owner.visitor, &owner.found, asking).await
    }
}
