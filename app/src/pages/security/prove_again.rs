//! A session proves itself again (R46), and by that lifts a restriction (R44).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::account::{self, Level};
use domain::challenge::Method;
use domain::member::{Member, Telling, Topic};
use domain::session::Proof;
use domain::sign_in::Counts;
use domain::time::Micros;
use factors::password::Password;
use store::{Applied, Changes};

use super::super::Visitor;
use super::super::cookies::{self, Flash, Name};
use super::super::owner::{Owner, Tale, own_path};
use super::super::prove::{Done, proof_methods};
use super::super::sign_in::Asking;
use super::change::{PROVE_WRONG, page_of};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Lane;
use crate::members::attempts::Purpose;
use crate::members::sessions::Kept;

/// Proves a session again (R46): by the password, and by one more factor where the session is worth
/// more than a password.
pub(super) async fn prove(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let then = own_path(form.text("then"));
    let Some(kept) = owner.found.member.password.as_ref().map(|password| password.hash.clone())
    else {
        return house.prove_further(&owner, owner.live.id, then, (Counts::All, |_| true)).await;
    };
    let right = match Password::read(form.text("password").to_owned()) {
        Some(typed) => {
            let compared = house.members.passwords.compare(Lane::Known, typed, Some(kept)).await;
            compared.map_err(|_| Problem::unavailable(1))?.right
        }
        None => false,
    };
    if !right {
        let page = page_of(&house, &owner, None, Some(PROVE_WRONG));
        return Ok(house.page(&owner.visitor, StatusCode::OK, &page));
    }
    let (token, changes) = house.members.prove_session(&owner.live, Proof::Password, None);
    let now = house.world.now();
    house.store.apply(&changes, now).await?;
    let Some(live) = house.members.session_of(&token).await? else {
        return Err(Problem::unavailable(1));
    };
    let enough = live.kept.session.is_fresh(now) && !owner.found.member.two_step;
    let mut response = if enough {
        house.go(&owner.visitor, &then, Some(Flash::Proven))
    } else {
        house.prove_further(&owner, live.id, then, (Counts::All, |_| true)).await?
    };
    cookies::set(&mut response, &Name::Session.with(token, 0, house.secure()));
    Ok(response)
}

/// Proves what lifts a restriction (R44): by what was there before, and by more than mail.
pub(super) async fn lift(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    match Owner::of_form(&house, request).await? {
        Ok((_, owner)) => {
            let then = "/security".to_owned();
            let will_do = |method| method != Method::Mail;
            house.prove_further(&owner, owner.live.id, then, (Counts::Before, will_do)).await
        }
        Err(first) => Ok(first.into_response()),
    }
}

impl House {
    /// Asks for one more factor, of those that count and will do.
    pub(super) async fn prove_further(
        &self,
        owner: &Owner,
        session: u128,
        then: String,
        (counts, will_do): (Counts, impl Fn(Method) -> bool),
    ) -> Result<Response, Problem> {
        let mut methods = proof_methods(self, &owner.found, counts);
        methods.retain(|method| will_do(*method));
        if methods.is_empty() {
            return Ok(self.go(&owner.visitor, "/security", Some(Flash::NothingToProveWith)));
        }
        let purpose = Purpose::ProveAgain(session);
        let asking = Asking { counts, ..Asking::all(purpose, methods, then) };
        self.ask(&owner.visitor, &owner.found, asking).await
    }

    /// The session under a new token, with its proof and what that lifts.
    pub(in super::super) async fn finish_proving(
        &self,
        visitor: &Visitor,
        headers: &HeaderMap,
        done: Done,
        mut changes: Changes,
    ) -> Result<Response, Problem> {
        let Purpose::ProveAgain(session) = done.attempt.kept.purpose else {
            return Err(Problem::not_found("session"));
        };
        let token = Name::Session.read(headers, self.secure()).unwrap_or_default();
        let live = self.members.session_of(&token).await?.filter(|live| live.id == session);
        let (Some(live), Some(proof)) = (live, done.attempt.kept.proofs.last().copied()) else {
            return Err(Problem::not_found("session"));
        };
        let (token, proven) =
            self.members.prove_session(&live, proof, done.new_until(self.world.now()));
        changes.puts.extend(proven.puts);
        changes.removals.extend(proven.removals);
        let now = self.world.now();
        let mut flash = Flash::Proven;
        if let Some(found) = &done.found {
            let mut member = done.member.clone();
            if done.new_until(now).is_none()
                && let Some(standing) = lifted(&found.member, &live.kept, proof, now)
            {
                let to = found.member.contacts_to_tell(now);
                let telling = Telling { topic: Topic::Released, undo_to: Vec::new(), to };
                self.tell(&mut changes, found, Tale::plain(telling));
                let member = member.get_or_insert_with(|| found.member.clone());
                member.standing = standing;
                flash = Flash::Released;
            }
            changes.puts.extend(member.map(|member| self.members.change(found, &member)));
        }
        if self.store.apply(&changes, now).await? != Applied::Done {
            return Err(Problem::unavailable(1));
        }
        self.letters.notify_one();
        let mut response = self.go(visitor, &done.attempt.kept.then, Some(flash));
        cookies::set(&mut response, &Name::Session.with(token, 0, self.secure()));
        Ok(response)
    }
}

/// What a proof within a session lifts (R44): a passkey, or another factor on a device that was the
/// member's before the trouble began (V3, §2.3). Mail is no such factor.
fn lifted(member: &Member, live: &Kept, proof: Proof, now: Micros) -> Option<account::Account> {
    let standing = member.standing;
    if standing.state != account::State::Restricted {
        return None;
    }
    let device = live.device_hash.and_then(|hash| member.device(hash));
    let known = device.is_some_and(|device| device.since < standing.since);
    let level = match proof {
        Proof::Passkey { .. } => Level::V3,
        Proof::Totp | Proof::Sms | Proof::Voice | Proof::RecoveryCode if known => Level::V3,
        _ => Level::V2,
    };
    let stepped = standing.next(account::Command::StepUp { level }, now);
    stepped.ok().map(|(standing, _)| standing)
}
