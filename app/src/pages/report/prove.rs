//! Proving to a case who one is: by a code to a contact from before, an app, or a recovery code.
//!
//! The reporter types the contact; a code leaves only where the account had it. Who only guesses
//! sees the same pages, and no answer of theirs is ever right.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use domain::case::{Given, Reporter};
use domain::challenge::Method;
use domain::member::{Contact, ContactKind, Member};
use domain::session::Proof;
use domain::sign_in::Counts;
use store::Changes;

use super::super::Visitor;
use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::prove::Done;
use crate::happenings::stranger;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::attempts::{Attempt, Kept, Purpose};

/// Codes for one account's cases in an hour.
const CODES_PER_HOUR: usize = 5;

pub(super) async fn begin(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((case, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let typed = form.text("contact");
    let Some((login, contact, method)) = house.reachable(typed) else {
        return Ok(house.go(&visitor, "/report/status", Some(Flash::NoContact)));
    };
    // A helper cannot receive codes (R30).
    let account = case.kept.case.account.filter(|_| case.kept.case.reporter != Reporter::Helper);
    let found = match account {
        Some(account) => house.members.of(account).await?,
        None => None,
    };
    let nobody = Member { account: stranger(&house.hasher, typed), ..Member::default() };
    let member = found.as_ref().map_or(&nobody, |found| &found.member);
    let now = house.world.now();
    let told = member.contacts_to_tell(now);
    let own = told.iter().find(|own| house.is_login(own, &login)).cloned();
    let key = house.account_key(&member.account);
    let within = house.members.may("case-code", key, CODES_PER_HOUR).await?;
    let purpose = Purpose::ProveToCase {
        case: case.id,
        contact: own.clone().unwrap_or(contact),
        for_nobody: own.is_none() || !within,
        signed_in: false,
    };
    let methods = vec![method, Method::Totp, Method::RecoveryCode];
    let mut attempt = Attempt::new(
        &house.members,
        Kept {
            purpose,
            account: key,
            account_name: member.account.clone(),
            guest: visitor.guest_number(&house.hasher),
            proofs: Vec::new(),
            methods,
            counts: Counts::All,
            challenge: None,
            code: None,
            decision: None,
            then: "/report/status".to_owned(),
        },
    );
    let letters = house.open_challenge(&mut attempt, member, method, &visitor).await;
    let mut changes = Changes { puts: vec![attempt.put(now)], ..Changes::default() };
    changes.outbox.extend(house.rows(letters.unwrap_or_default()));
    house.store.apply(&changes, now).await?;
    house.letters.notify_one();
    Ok(house.go(&visitor, &format!("/prove/{}", crate::id::show("att", attempt.id)), None))
}

impl House {
    /// The proof counts for the case, and for nothing else: nobody is signed in by it.
    pub(in super::super) async fn finish_proving_to_case(
        &self,
        visitor: &Visitor,
        done: Done,
        mut changes: Changes,
    ) -> Result<Response, Problem> {
        let Purpose::ProveToCase { case, contact, signed_in, .. } = &done.attempt.kept.purpose
        else {
            return Err(Problem::not_found("attempt"));
        };
        let Some(found) = &done.found else { return Err(Problem::not_found("attempt")) };
        let given = done.attempt.kept.proofs.last().and_then(|proof| {
            given(*proof, contact, done.member.as_ref().unwrap_or(&found.member))
        });
        let mut given = vec![given.ok_or_else(|| Problem::not_found("attempt"))?];
        // A device that the account knows, with a session that lives on it (R23).
        let device = self.known_device(visitor, found).filter(|_| *signed_in);
        given.extend(device.map(|device| Given::Device { since: device.since }));
        if let Some(member) = &done.member {
            changes.puts.push(self.members.change(found, member));
        }
        self.prove_case(*case, given, changes).await?;
        Ok(self.go(visitor, &done.attempt.kept.then, Some(Flash::Proven)))
    }
}

/// What a proof says of whoever reports, with since when the account has what proves it.
fn given(proof: Proof, contact: &Contact, member: &Member) -> Option<Given> {
    Some(match proof {
        Proof::Mail => Given::Contact { kind: ContactKind::Mail, since: contact.since },
        Proof::Sms | Proof::Voice => {
            Given::Contact { kind: ContactKind::Phone, since: contact.since }
        }
        // Which app it was is not kept: the newest of them decides.
        Proof::Totp => {
            Given::App { since: member.authenticators.iter().map(|app| app.since).max()? }
        }
        Proof::RecoveryCode => Given::RecoveryCode { since: member.codes_since() },
        Proof::Passkey { .. } => {
            Given::Passkey { since: member.passkeys.iter().max_by_key(|key| key.last_used)?.since }
        }
        Proof::Password => return None,
    })
}
