//! One more proof: a code from an app, by text message, call or mail, or a recovery code; passkeys are
//! in [`super::passkeys`].

mod checked;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::account;
use domain::challenge::Method;
use domain::decision::Verdict;
use domain::member::{Member, Telling, Topic};
use domain::memory::Outcome;
use domain::sign_in::{Counts, Facts, methods};
use domain::time::Micros;
use factors::phone::Phone;
use serde::Serialize;
use store::{Applied, Changes, DecisionId};

use super::challenge::{hidden, receiver};
use super::cookies::Flash;
use super::form::Form;
use super::owner::{Opening, Tale};
use super::sign_in::{Asking, SignIn};
use super::{Page, Visitor};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;
use crate::members::attempts::{self, Answered, Attempt, Purpose};

/// `/prove/{id}`
#[derive(Serialize)]
pub(super) struct Prove {
    id: String,
    /// Name of the method that is asked for.
    method: &'static str,
    /// The other ways.
    others: Vec<&'static str>,
    /// To which contact a code went, mostly hidden.
    to: Option<String>,
    /// Text key of what is wrong.
    problem: Option<&'static str>,
    tries_left: Option<u8>,
    may_trust: bool,
}

impl Page for Prove {
    const TEMPLATE: &'static str = "prove.html";

    fn samples() -> Vec<Self> {
        let sample = |method| Self {
            id: "att_0".to_owned(),
            method: name_of(method),
            others: vec![name_of(Method::Totp), name_of(Method::RecoveryCode)],
            to: method.is_sent().then(|| "h•••@example.jp".to_owned()),
            problem: None,
            tries_left: None,
            may_trust: method == Method::Totp,
        };
        let mut samples: Vec<Self> = METHODS.map(sample).into_iter().collect();
        samples.extend(PROBLEMS.map(|problem| Self {
            problem: Some(problem),
            tries_left: Some(2),
            others: Vec::new(),
            ..sample(Method::Sms)
        }));
        samples
    }
}

const WRONG: &str = "prove-wrong";
pub(super) const NOT_NOW: &str = "prove-not-now";
pub(super) const NOT_SENT: &str = "prove-not-sent";
pub(super) const PASSKEY_FAILED: &str = "prove-passkey-failed";
pub(super) const PROBLEMS: [&str; 4] = [WRONG, NOT_NOW, NOT_SENT, PASSKEY_FAILED];
pub(super) const METHODS: [Method; 6] =
    [Method::Passkey, Method::Totp, Method::Sms, Method::Voice, Method::Mail, Method::RecoveryCode];

/// The last part of a method's text keys, and its value in forms.
pub(super) const fn name_of(method: Method) -> &'static str {
    match method {
        Method::Passkey => "passkey",
        Method::Totp => "totp",
        Method::Sms => "sms",
        Method::Voice => "voice",
        Method::Mail => "mail",
        Method::RecoveryCode => "recovery-code",
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let Some((attempt, found)) = house.attempt_of(&visitor, &id).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)));
    };
    Ok(house.prove_page(&visitor, &attempt, found.as_ref(), None))
}

/// The address of that form, opened by itself.
pub(super) async fn show_instead(Path(id): Path<String>, visitor: Visitor) -> Response {
    let path = format!("/prove/{id}?lang={}", visitor.language.tag());
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// Another way, or the same again.
pub(super) async fn send(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((mut attempt, found)) = house.attempt_of(&visitor, &id).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)));
    };
    let wanted = form.text("method");
    let method = attempt.kept.methods.iter().copied().find(|method| name_of(*method) == wanted);
    let Some(method) = method else { return Err(Problem::not_found("method")) };
    let nobody = Member::default();
    let member = found.as_ref().map_or(&nobody, |found| &found.member);
    let mut changes = Changes::default();
    let now = house.world.now();
    let member = attempt.asked(member, now);
    let opened = house.open_challenge(&mut attempt, &member, method, &visitor).await;
    let problem = opened.as_ref().err().copied();
    changes.outbox.extend(house.rows(opened.unwrap_or_default()));
    changes.puts.push(attempt.put(now));
    house.store.apply(&changes, now).await?;
    house.letters.notify_one();
    Ok(match problem {
        None => house.go(&visitor, &format!("/prove/{id}"), None),
        Some(problem) => {
            house.prove_page(&visitor, &attempt, found.as_ref(), Some((problem, None)))
        }
    })
}

pub(super) async fn answer(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let Some((mut attempt, found)) = house.attempt_of(&visitor, &id).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/security", SignIn::OVER)));
    };
    let now = house.world.now();
    let checked = house.check(&attempt, found.as_ref(), form.text("answer"), now);
    match attempt.answer(checked.is_right, now) {
        Answered::Right => {
            let (member, since) = (checked.using_up, checked.since);
            let trust = !form.text("trust").is_empty();
            let done = Done { attempt, found, member, since, trust };
            house.finish(&visitor, &headers, done).await
        }
        Answered::Wrong(left) => {
            let changes = Changes { puts: vec![attempt.put(now)], ..Changes::default() };
            house.store.apply(&changes, now).await?;
            Ok(house.prove_page(&visitor, &attempt, found.as_ref(), Some((WRONG, Some(left)))))
        }
        Answered::NotNow => {
            Ok(house.prove_page(&visitor, &attempt, found.as_ref(), Some((NOT_NOW, None))))
        }
        Answered::Over(risk) => house.give_up(&visitor, &attempt, found, risk).await,
    }
}

/// An attempt that has proven enough.
pub(super) struct Done {
    pub(super) attempt: Attempt,
    pub(super) found: Option<Found>,
    /// The member with what the proof used up, where it did.
    pub(super) member: Option<Member>,
    /// Since when the member has what proved it.
    pub(super) since: Option<Micros>,
    pub(super) trust: bool,
}

impl Done {
    /// Until when what proved it counts as new (T16).
    pub(super) fn new_until(&self, now: Micros) -> Option<Micros> {
        self.found.as_ref()?.member.new_until(self.since?, now)
    }
}

impl House {
    /// The attempt of this visitor, with the member it is about.
    pub(super) async fn attempt_of(
        &self,
        visitor: &Visitor,
        id: &str,
    ) -> Result<Option<(Attempt, Option<Found>)>, Problem> {
        let guest = visitor.guest_number(&self.hasher);
        let Some(number) = crate::id::read("att", id) else { return Ok(None) };
        let Some(attempt) = self.members.attempt(number, guest).await? else { return Ok(None) };
        let found = self.members.of(attempt.kept.account).await?;
        Ok(Some((attempt, found)))
    }

    pub(super) fn prove_page(
        &self,
        visitor: &Visitor,
        attempt: &Attempt,
        found: Option<&Found>,
        problem: Option<(&'static str, Option<u8>)>,
    ) -> Response {
        let asked = attempt.kept.challenge.as_ref().map(|challenge| challenge.method);
        let asked = asked.or_else(|| attempt.kept.methods.first().copied());
        let asked = asked.unwrap_or(Method::RecoveryCode);
        let now = self.world.now();
        let member = found.map(|found| attempt.asked(&found.member, now));
        let others = attempt.kept.methods.iter().filter(|method| **method != asked);
        let others = others.map(|method| name_of(*method));
        let page = Prove {
            id: crate::id::show("att", attempt.id),
            method: name_of(asked),
            others: others.collect(),
            to: receiver(attempt, member.as_ref(), asked).map(|to| hidden(&to.value)),
            problem: problem.map(|(problem, _)| problem),
            tries_left: problem.and_then(|(_, tries_left)| tries_left),
            may_trust: matches!(attempt.kept.purpose, Purpose::SignIn { .. }),
        };
        self.page(visitor, StatusCode::OK, &page)
    }

    /// Does what the attempt was for.
    pub(super) async fn finish(
        &self,
        visitor: &Visitor,
        headers: &axum::http::HeaderMap,
        done: Done,
    ) -> Result<Response, Problem> {
        let removals = vec![done.attempt.removal()];
        let changes = Changes { removals, ..Changes::default() };
        let then = done.attempt.kept.then.clone();
        if let (Some(found), Some(Method::Sms | Method::Voice)) =
            (&done.found, done.attempt.kept.challenge.as_ref().map(|open| open.method))
            && let Some(Ok(number)) = found.member.phones.first().map(|to| Phone::parse(&to.value))
        {
            self.members.text_was_answered(&number).await?;
        }
        let done = self.contact_has_answered(done).await?;
        match (&done.attempt.kept.purpose, &done.found) {
            (Purpose::SignIn { .. }, Some(found)) => {
                if done.attempt.kept.counts == Counts::AllThenBefore {
                    return self.ask_an_old_contact(visitor, done, changes).await;
                }
                let member = done.member.clone().unwrap_or_else(|| found.member.clone());
                let (proofs, trust) = (done.attempt.kept.proofs.clone(), done.trust);
                let new_until = done.new_until(self.world.now());
                let opening = Opening { then, trust, origin: None, changes, member, new_until };
                let response = self.let_in(visitor, found, &proofs, opening).await?;
                self.settle_challenge(done.attempt.kept.decision, Outcome::ChallengePassed).await;
                Ok(response)
            }
            (Purpose::ProveAgain(_), Some(_)) => {
                self.finish_proving(visitor, headers, done, changes).await
            }
            (Purpose::Challenge { .. }, _) => self.finish_challenge(visitor, done, changes).await,
            (Purpose::AddContact { .. }, Some(_)) => {
                self.finish_contact(visitor, headers, done, changes).await
            }
            (Purpose::ComeBack { .. }, _) => {
                self.finish_coming_back(visitor, headers, done, changes).await
            }
            (Purpose::ProveToCase { .. }, _) => {
                self.finish_proving_to_case(visitor, done, changes).await
            }
            (Purpose::ResetPassword { .. }, _) => {
                self.go_on_resetting(visitor, done, changes).await
            }
            (Purpose::Register { .. }, _) => self.finish_registration(visitor, done, changes).await,
            _ => Err(Problem::not_found("attempt")),
        }
    }

    /// What was proven is as new as the doubt: a contact from before has the last word.
    async fn ask_an_old_contact(
        &self,
        visitor: &Visitor,
        done: Done,
        mut changes: Changes,
    ) -> Result<Response, Problem> {
        let Some(found) = done.found else { return Err(Problem::not_found("attempt")) };
        changes.puts.extend(done.member.map(|member| self.members.change(&found, &member)));
        if self.store.apply(&changes, self.world.now()).await? != Applied::Done {
            return Err(Problem::unavailable(1));
        }
        let attempts::Kept { purpose, proofs, decision, then, .. } = done.attempt.kept;
        let (methods, counts) = (vec![Method::Mail], Counts::Before);
        let asking = Asking { purpose, proofs, methods, counts, decision, then };
        self.ask(visitor, &found, asking).await
    }

    /// Tells the judge what became of a challenge. It is recorded or not: the sign-in stands.
    pub(super) async fn settle_challenge(&self, decision: Option<u128>, outcome: Outcome) {
        let Some(decision) = decision else { return };
        if let Err(problem) = self.settle(DecisionId(decision), outcome, "customer").await {
            tracing::warn!(kind = ?problem.kind, "the outcome of a challenge is not recorded");
        }
    }

    /// The last try was wrong: the account is watched, and its owner told that somebody knew the
    /// password and not the rest (R39).
    pub(super) async fn give_up(
        &self,
        visitor: &Visitor,
        attempt: &Attempt,
        found: Option<Found>,
        risk: account::Risk,
    ) -> Result<Response, Problem> {
        let now = self.world.now();
        let mut changes = Changes { removals: vec![attempt.removal()], ..Changes::default() };
        // Whoever failed at the first code of a reset has shown nothing yet: no word of it (C8).
        let place = match &attempt.kept.purpose {
            Purpose::SignIn { place } => Some(place.clone()),
            Purpose::ResetPassword { .. } if !attempt.kept.proofs.is_empty() => Some(None),
            _ => None,
        };
        if let (Some(found), Some(place)) = (&found, place) {
            let signal = account::Command::Signal { risk, is_authenticated: false };
            if let Ok((standing, _)) = found.member.standing.next(signal, now) {
                let member = Member { standing, ..found.member.clone() };
                changes.puts.push(self.members.change(found, &member));
            }
            let to = found.member.contacts_to_tell(now);
            let telling = Telling { topic: Topic::SecondStepFailed, undo_to: to.clone(), to };
            let device = visitor.visit.device_in_words();
            self.tell(&mut changes, found, Tale { telling, place, device, change: None });
        }
        if matches!(attempt.kept.purpose, Purpose::Challenge { .. }) {
            self.give_up_challenge(attempt, found.as_ref(), risk, &mut changes).await?;
        }
        self.store.apply(&changes, now).await?;
        self.letters.notify_one();
        self.settle_challenge(attempt.kept.decision, Outcome::ChallengeFailed).await;
        if matches!(attempt.kept.purpose, Purpose::ProveToCase { .. }) {
            return Ok(self.go(visitor, &attempt.kept.then, Some(Flash::NotProven)));
        }
        let page = SignIn::again(&attempt.kept.then, SignIn::OVER);
        Ok(self.page(visitor, StatusCode::OK, &page))
    }
}

/// By what a session may prove itself again, best first.
pub(super) fn proof_methods(house: &House, found: &Found, counts: Counts) -> Vec<Method> {
    let now = house.world.now();
    let before = found.member.settled(now);
    let facts = Facts {
        member: if counts == Counts::Before { &before } else { &found.member },
        verdict: Verdict::Challenge,
        device: None,
        offered: &house.notices.offered,
        takes_passkeys: house.members.site.is_some(),
        now,
    };
    methods(&facts, false)
}
