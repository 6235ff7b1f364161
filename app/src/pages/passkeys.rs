//! Signing in, and one more proof, by a passkey (R41, C4).
//!
//! A script of ours asks for the options of a ceremony, lets the browser answer, and sends the answer
//! as a form. What is wrong with an answer is never told, and never counts towards a restriction (C8).

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use domain::account;
use domain::challenge::Method;
use domain::event::{EventType, Status};
use domain::member::{Member, Telling, Topic};
use domain::observation::{CredentialKind, Origin};
use domain::sign_in::{Facts, Next, after_passkey};
use factors::passkey::{PublicKeyCredential, Refused, Site};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Changes;

use super::form::Form;
use super::owner::{Opening, Tale, own_path};
use super::prove::{Done, NOT_NOW, PASSKEY_FAILED};
use super::sign_in::{Asking, SignIn};
use super::{Visitor, prove, sign_in};
use crate::happenings::{Happening, place_in_words};
use crate::http::House;
use crate::http::problem::Problem;
use crate::judge::Judged;
use crate::members::Found;
use crate::members::attempts::{self, Answered};
use crate::members::passkeys::{Ceremony, Options, Proven, Purpose};

/// Its routes.
pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/sign-in/passkey", post(answer_sign_in).get(sign_in::show))
        .route("/sign-in/passkey/options", post(begin_sign_in))
        .route("/prove/{id}/passkey", post(answer_proof).get(prove::show_instead))
        .route("/prove/{id}/passkey/options", post(begin_proof))
}

/// What the script is given.
#[derive(Serialize)]
struct Begun {
    ceremony: String,
    options: Options,
}

async fn begin_sign_in(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, visitor) = Form::read(&house, request).await?;
    house.take_turn(&visitor)?;
    let guest = visitor.guest_number(&house.hasher);
    let ceremony = house.members.begin_discoverable(house.site()?, guest);
    house.begin(&visitor, ceremony).await
}

async fn begin_proof(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, visitor) = Form::read(&house, request).await?;
    let attempt = house.attempt_of(&visitor, &id).await?;
    let Some((attempt, Some(mut found))) = attempt else {
        return Err(Problem::not_found("attempt"));
    };
    if !attempt.kept.methods.contains(&Method::Passkey) {
        return Err(Problem::not_found("method"));
    }
    found.member = attempt.asked(&found.member, house.world.now());
    let guest = visitor.guest_number(&house.hasher);
    let ceremony = house.members.begin_proof(house.site()?, &found, (attempt.id, guest));
    house.begin(&visitor, ceremony).await
}

async fn answer_sign_in(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let then = own_path(form.text("then"));
    let refused = SignIn::again(&then, SignIn::PASSKEY);
    let Some((found, proven)) = house.signs_in(&form, &visitor).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &refused));
    };
    let seen = house.judge_passkey(&visitor, &found, proven.is_ok()).await?;
    match proven {
        Ok(proven) => house.after_passkey(&visitor, &found, (proven, &seen), then).await,
        Err(error) => {
            house.passkey_refused(&visitor, &found, error).await?;
            Ok(house.page(&visitor, StatusCode::OK, &refused))
        }
    }
}

async fn answer_proof(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((mut attempt, Some(found))) = house.attempt_of(&visitor, &id).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)));
    };
    let purpose = Purpose::Prove(attempt.id);
    let Some((answer, state)) = house.answer(&form, &visitor, purpose).await? else {
        let said = Some((PASSKEY_FAILED, None));
        return Ok(house.prove_page(&visitor, &attempt, Some(&found), said));
    };
    let proven = house.members.prove_by_passkey(house.site()?, &found, (&answer, state));
    let now = house.world.now();
    let proof = proven.as_ref().ok().map(|proven| proven.proof);
    let answered = attempt.answer_by_passkey(proof, now);
    if let Err(error) = &proven {
        house.passkey_refused(&visitor, &found, *error).await?;
    }
    match answered {
        Answered::Right => {
            let since = proven.as_ref().ok().map(|proven| proven.since);
            let member = proven.ok().map(|proven| proven.member);
            let trust = !form.text("trust").is_empty();
            let done = Done { attempt, found: Some(found), member, since, trust };
            house.finish(&visitor, &headers, done).await
        }
        Answered::Wrong(left) => {
            let changes = Changes { puts: vec![attempt.put(now)], ..Changes::default() };
            house.store.apply(&changes, now).await?;
            let said = Some((PASSKEY_FAILED, Some(left)));
            Ok(house.prove_page(&visitor, &attempt, Some(&found), said))
        }
        Answered::NotNow => {
            Ok(house.prove_page(&visitor, &attempt, Some(&found), Some((NOT_NOW, None))))
        }
        Answered::Over(risk) => {
            let found = house.members.of(found.account).await?;
            house.give_up(&visitor, &attempt, found, risk).await
        }
    }
}

/// What the browser answered, in the form's field of that name.
pub(super) fn read<T: DeserializeOwned>(form: &Form) -> Option<T> {
    serde_json::from_str(form.text("answer")).ok()
}

/// The ceremony that the form answers.
pub(super) fn ceremony_of(form: &Form) -> Option<u128> {
    crate::id::read("cer", form.text("ceremony"))
}

impl House {
    /// The site of passkeys.
    ///
    /// # Errors
    /// There are none here.
    pub(super) fn site(&self) -> Result<&Site, Problem> {
        self.members.site.as_ref().ok_or_else(|| Problem::not_found("passkeys"))
    }

    /// Keeps a ceremony, and gives its options to the browser.
    pub(super) async fn begin(
        &self,
        visitor: &Visitor,
        ceremony: Result<Ceremony, Refused>,
    ) -> Result<Response, Problem> {
        let Ceremony { id, options, put } = ceremony.map_err(|refused| {
            tracing::info!(%refused, "a passkey's ceremony was not begun");
            Problem::not_found("passkeys")
        })?;
        let changes = Changes { puts: vec![put], ..Changes::default() };
        self.store.apply(&changes, self.world.now()).await?;
        let begun = Begun { ceremony: crate::id::show("cer", id), options };
        Ok(visitor.keep_cookies(Json(begun).into_response(), self.secure()))
    }

    /// The answer of a form with its ceremony, which is over now.
    async fn answer(
        &self,
        form: &Form,
        visitor: &Visitor,
        purpose: Purpose,
    ) -> Result<Option<(PublicKeyCredential, factors::passkey::Authentication)>, Problem> {
        let Some(id) = ceremony_of(form) else { return Ok(None) };
        let guest = visitor.guest_number(&self.hasher);
        let state = self.members.authentication(id, guest, purpose).await?;
        Ok(read(form).zip(state))
    }

    /// Who answers a sign-in, and whether they prove it; `None` for nobody we know.
    async fn signs_in(
        &self,
        form: &Form,
        visitor: &Visitor,
    ) -> Result<Option<(Found, Result<Proven, Refused>)>, Problem> {
        let site = self.site()?;
        let Some((answer, state)) = self.answer(form, visitor, Purpose::SignIn).await? else {
            return Ok(None);
        };
        let Ok(claimed) = site.claimed(&answer) else { return Ok(None) };
        let id = self.members.passkey_id(&claimed.credential_id);
        let found = self.members.by_passkey(id).await?;
        let is_theirs =
            |found: &Found| self.members.passkey_handle(found.account) == claimed.handle;
        let Some(found) = found.filter(is_theirs) else { return Ok(None) };
        let proven = self.members.prove_by_passkey(site, &found, (&answer, state));
        Ok(Some((found, proven)))
    }

    async fn judge_passkey(
        &self,
        visitor: &Visitor,
        found: &Found,
        is_right: bool,
    ) -> Result<(Judged, Origin), Problem> {
        let status = if is_right { Status::Succeeded } else { Status::Failed };
        let visit = visitor.visit_of(self.knows(visitor, found));
        let happening = Happening {
            credential: Some((CredentialKind::Passkey, None)),
            visit: &visit,
            ..Self::happening(EventType::Login, status, &found.member, visitor)
        };
        self.happened(&happening).await
    }

    async fn after_passkey(
        &self,
        visitor: &Visitor,
        found: &Found,
        (proven, (judged, origin)): (Proven, &(Judged, Origin)),
        then: String,
    ) -> Result<Response, Problem> {
        let facts = Facts {
            member: &found.member,
            verdict: judged.assessment.verdict,
            device: self.known_device(visitor, found),
            offered: &self.notices.offered,
            takes_passkeys: true,
            now: self.world.now(),
        };
        let Proven { member, proof, since } = proven;
        match after_passkey(&facts, since) {
            Next::Open => {}
            Next::Prove(methods, counts) => {
                let purpose = attempts::Purpose::SignIn { place: place_in_words(origin) };
                let (decision, proofs) = (Some(judged.decision.0), vec![proof]);
                let asking = Asking { purpose, proofs, methods, counts, decision, then };
                return self.ask(visitor, found, asking).await;
            }
            Next::NothingToProveWith | Next::Refuse => {
                let page = SignIn::again(&then, SignIn::PASSKEY);
                return Ok(self.page(visitor, StatusCode::OK, &page));
            }
        }
        let (trust, origin, changes) = (false, Some(origin), Changes::default());
        let new_until = found.member.new_until(since, self.world.now());
        let opening = Opening { then, trust, origin, changes, member, new_until };
        self.let_in(visitor, found, &[proof], opening).await
    }

    /// Takes down why a passkey was refused. Two copies of a key are a high signal, and the owner is
    /// told: only who has the secret itself can make a counter fall behind.
    async fn passkey_refused(
        &self,
        visitor: &Visitor,
        found: &Found,
        refused: Refused,
    ) -> Result<(), Problem> {
        tracing::info!(%refused, "a passkey was refused");
        if refused != Refused::Cloned {
            return Ok(());
        }
        let now = self.world.now();
        let mut changes = Changes::default();
        let signal =
            account::Command::Signal { risk: account::Risk::High, is_authenticated: false };
        if let Ok((standing, _)) = found.member.standing.next(signal, now) {
            let member = Member { standing, ..found.member.clone() };
            changes.puts.push(self.members.change(found, &member));
        }
        let to = found.member.contacts_to_tell(now);
        let telling = Telling { topic: Topic::PasskeyCloned, undo_to: to.clone(), to };
        let device = visitor.visit.device_in_words();
        self.tell(&mut changes, found, Tale { telling, place: None, device, change: None });
        // Whoever was first has told it.
        self.store.apply(&changes, now).await?;
        self.letters.notify_one();
        Ok(())
    }
}
