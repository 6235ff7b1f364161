//! Signing in with a password, and signing out.
//!
//! What is answered never tells which half was wrong, nor whether there is such an account: the same
//! bytes, the same work, the same writes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::account;
use domain::challenge::Method;
use domain::decision::Verdict;
use domain::event::{EventType, Status};
use domain::keyed::{AccountKey, Field};
use domain::member::{Device, Member, Telling, Topic};
use domain::observation::{CredentialKind, Origin};
use domain::session::{Ended, Proof};
use domain::sign_in::{Counts, Facts, Next, after_password};
use factors::password::Password;
use serde::Serialize;
use store::Changes;

use super::cookies::{self, Flash, Name};
use super::form::Form;
use super::owner::{Opening, Owner, Tale, own_path};
use super::prove::proof_methods;
use super::visitor::query;
use super::{Page, Visitor};
use crate::happenings::{Happening, place_in_words, stranger};
use crate::http::House;
use crate::http::problem::Problem;
use crate::judge::Judged;
use crate::members::attempts::{Attempt, Kept, Purpose};
use crate::members::{Compared, Found, Lane, Login};
use crate::openid;

/// `/sign-in`
#[derive(Serialize)]
pub(super) struct SignIn {
    then: String,
    login: String,
    /// Text key of what is wrong.
    problem: Option<&'static str>,
}

impl SignIn {
    const WRONG: &'static str = "sign-in-wrong";
    pub(super) const NOTHING: &'static str = "sign-in-nothing-to-prove-with";
    pub(super) const OVER: &'static str = "sign-in-over";
    pub(super) const PASSKEY: &'static str = "sign-in-passkey-failed";
    pub(super) const PROBLEMS: [&'static str; 4] =
        [Self::WRONG, Self::NOTHING, Self::OVER, Self::PASSKEY];

    pub(super) fn again(then: &str, problem: &'static str) -> Self {
        Self { then: then.to_owned(), login: String::new(), problem: Some(problem) }
    }
}

impl Page for SignIn {
    const WARNS: bool = true;
    const TEMPLATE: &'static str = "sign_in.html";

    fn samples() -> Vec<Self> {
        let mut samples =
            vec![Self { then: "/security".to_owned(), login: String::new(), problem: None }];
        samples.extend(Self::PROBLEMS.map(|problem| Self::again("/", problem)));
        samples
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Problem> {
    let then = own_path(&query(request.uri(), "then").unwrap_or_default());
    let page = SignIn { then, login: String::new(), problem: None };
    let Some(asked) = query(request.uri(), "request") else {
        return Ok(house.page(&visitor, StatusCode::OK, &page));
    };
    let Some(waiting) = openid::waiting(&house, &asked).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &SignIn::again("/", SignIn::OVER)));
    };
    let then = openid::resume_path(&asked);
    if query(request.uri(), "step").as_deref() == Some("up")
        && let Ok(owner) = Owner::of(&house, request.headers(), visitor.clone()).await
    {
        let methods = proof_methods(&house, &owner.found, Counts::All);
        if !methods.is_empty() {
            let purpose = Purpose::ProveAgain(owner.live.id);
            let asking = Asking::all(purpose, methods, then);
            return house.ask(&owner.visitor, &owner.found, asking).await;
        }
    }
    let login = waiting.login_hint.unwrap_or_default();
    Ok(house.page(&visitor, StatusCode::OK, &SignIn { then, login, problem: None }))
}

pub(super) async fn sign_in(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let then = own_path(form.text("then"));
    let login = Login::read(form.text("login"));
    let found = match &login {
        Some(login) => house.members.by_login(login).await?,
        None => None,
    };
    let known = found.as_ref().is_some_and(|found| house.knows(&visitor, found));
    let lane = if known { Lane::Known } else { Lane::Stranger };
    let Compared { right, needs_rehash } = match Password::read(form.text("password").to_owned()) {
        Some(password) => {
            let kept = found.as_ref().and_then(|found| found.member.password.clone());
            let kept = kept.map(|kept| kept.hash);
            let compared = house.members.passwords.compare(lane, password, kept).await;
            compared.map_err(|_| Problem::unavailable(1))?
        }
        None => Compared::WRONG,
    };
    let trial = Trial { typed: form.text("login"), secret: form.text("password"), right };
    let seen = house.judge_sign_in(&visitor, found.as_ref(), known, &trial).await?;
    if let (true, Some(found)) = (needs_rehash, &found) {
        house.members.rehash(found, form.text("password")).await?;
    }
    match found.filter(|_| right) {
        Some(found) => house.after_password(visitor, found, &seen, then).await,
        None => Ok(house.page(&visitor, StatusCode::OK, &SignIn::again(&then, SignIn::WRONG))),
    }
}

/// What was tried.
struct Trial<'a> {
    typed: &'a str,
    secret: &'a str,
    right: bool,
}

impl House {
    /// The account knows this device: its cookie's mark says so, and its owner has not forgotten it.
    pub(super) fn knows(&self, visitor: &Visitor, found: &Found) -> bool {
        self.known_device(visitor, found).is_some()
    }

    /// The device, where the account knows it.
    pub(super) fn known_device<'a>(
        &self,
        visitor: &Visitor,
        found: &'a Found,
    ) -> Option<&'a Device> {
        let cookie = visitor.device.as_ref()?;
        let mark = self.members.device_mark(&cookie.id, found.account);
        let device = found.member.device(self.members.device_hash(&cookie.id));
        device.filter(|_| cookie.marks.contains(&mark))
    }

    /// Judges a try, whoever it was for, and takes down that it was made (R43).
    async fn judge_sign_in(
        &self,
        visitor: &Visitor,
        found: Option<&Found>,
        known: bool,
        trial: &Trial<'_>,
    ) -> Result<(Judged, Origin), Problem> {
        let nobody = Member { account: stranger(&self.hasher, trial.typed), ..Member::default() };
        let member = found.map_or(&nobody, |found| &found.member);
        let status = if trial.right { Status::Succeeded } else { Status::Failed };
        let secret = self.hasher.short(Field::Secret, trial.secret.as_bytes());
        let visit = visitor.visit_of(known);
        let happening = Happening {
            credential: Some((CredentialKind::Password, Some(format!("{secret:016x}")))),
            visit: &visit,
            registered_at: found.map(|found| found.member.since),
            ..Self::happening(EventType::Login, status, member, visitor)
        };
        let seen = self.happened(&happening).await?;
        let unusual = !known && (!trial.right || seen.0.assessment.verdict != Verdict::Allow);
        self.note_attempt(found, self.account_key(&member.account), unusual).await?;
        Ok(seen)
    }

    /// Three unusual attempts within a quarter of an hour restrict the account: new devices and
    /// risky acts, never the owner's own device (R43, C8). Written for nobody's account as well.
    async fn note_attempt(
        &self,
        found: Option<&Found>,
        account: AccountKey,
        unusual: bool,
    ) -> Result<(), Problem> {
        let now = self.world.now();
        let many = self.members.note_attempt(account, unusual).await?;
        let Some(found) = found.filter(|_| many) else { return Ok(()) };
        let Ok((standing, actions)) = found.member.standing.next(account::Command::Attempts, now)
        else {
            return Ok(());
        };
        let member = Member { standing, ..found.member.clone() };
        let mut changes =
            Changes { puts: vec![self.members.change(found, &member)], ..Changes::default() };
        if actions.contains(&account::Action::NotifyOwner) {
            let to = member.contacts_to_tell(now);
            let telling = Telling { topic: Topic::Restricted, undo_to: Vec::new(), to };
            self.tell(&mut changes, found, Tale::plain(telling));
        }
        // Whoever was first has restricted it.
        self.store.apply(&changes, now).await?;
        Ok(())
    }

    async fn after_password(
        &self,
        visitor: Visitor,
        found: Found,
        (judged, origin): &(Judged, Origin),
        then: String,
    ) -> Result<Response, Problem> {
        // It may have been restricted a moment ago.
        let found = self.members.of(found.account).await?.unwrap_or(found);
        let now = self.world.now();
        let device = self.known_device(&visitor, &found);
        let facts = Facts {
            member: &found.member,
            verdict: judged.assessment.verdict,
            device,
            offered: &self.notices.offered,
            takes_passkeys: self.members.site.is_some(),
            now,
        };
        match after_password(&facts) {
            Next::Open => {
                let opening = Opening {
                    then,
                    trust: false,
                    origin: Some(origin),
                    changes: Changes::default(),
                    member: found.member.clone(),
                    new_until: None,
                };
                self.let_in(&visitor, &found, &[Proof::Password], opening).await
            }
            Next::Prove(methods, counts) => {
                let purpose = Purpose::SignIn { place: place_in_words(origin) };
                let (decision, proofs) = (Some(judged.decision.0), vec![Proof::Password]);
                let asking = Asking { purpose, proofs, methods, counts, decision, then };
                self.ask(&visitor, &found, asking).await
            }
            Next::NothingToProveWith => {
                Ok(self.page(&visitor, StatusCode::OK, &SignIn::again(&then, SignIn::NOTHING)))
            }
            Next::Refuse => {
                Ok(self.page(&visitor, StatusCode::OK, &SignIn::again(&then, SignIn::WRONG)))
            }
        }
    }

    /// Begins an attempt at one more proof, by the best of the methods, and leads there.
    pub(super) async fn ask(
        &self,
        visitor: &Visitor,
        found: &Found,
        asking: Asking,
    ) -> Result<Response, Problem> {
        let mut attempt = Attempt::new(
            &self.members,
            Kept {
                purpose: asking.purpose,
                account: found.account,
                account_name: found.member.account.clone(),
                guest: visitor.guest_number(&self.hasher),
                proofs: asking.proofs,
                methods: asking.methods,
                counts: asking.counts,
                challenge: None,
                code: None,
                decision: asking.decision,
                then: asking.then,
            },
        );
        let first = attempt.kept.methods.first().copied();
        let mut changes = Changes::default();
        if let Some(method) = first {
            let member = attempt.asked(&found.member, self.world.now());
            let letters = self.open_challenge(&mut attempt, &member, method, visitor).await;
            changes.outbox.extend(self.rows(letters.unwrap_or_default()));
        }
        changes.puts.push(attempt.put(self.world.now()));
        self.store.apply(&changes, self.world.now()).await?;
        self.letters.notify_one();
        Ok(self.go(visitor, &format!("/prove/{}", crate::id::show("att", attempt.id)), None))
    }
}

/// What is asked for.
pub(super) struct Asking {
    pub(super) purpose: Purpose,
    /// What was proven before.
    pub(super) proofs: Vec<Proof>,
    pub(super) methods: Vec<Method>,
    pub(super) counts: Counts,
    pub(super) decision: Option<u128>,
    pub(super) then: String,
}

impl Asking {
    /// A proof by whatever the member has.
    pub(super) fn all(purpose: Purpose, methods: Vec<Method>, then: String) -> Self {
        let (proofs, counts) = (Vec::new(), Counts::All);
        Self { purpose, proofs, methods, counts, decision: None, then }
    }
}

/// Ends the session, wherever it is open.
pub(super) async fn sign_out(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (_, visitor) = Form::read(&house, request).await?;
    if let Ok(owner) = Owner::of(&house, &headers, visitor.clone()).await {
        let now = house.world.now();
        let ended = std::slice::from_ref(&owner.live);
        let puts = house.members.end_sessions(ended, Ended::SignedOut);
        house.store.apply(&Changes { puts, ..Changes::default() }, now).await?;
        house.sessions_ended(ended).await?;
        let happening = Happening {
            session: Some(owner.live.id),
            ..House::happening(
                EventType::SessionEnded,
                Status::Succeeded,
                &owner.found.member,
                &visitor,
            )
        };
        house.happened(&happening).await?;
    }
    let mut response = house.go(&visitor, "/", Some(Flash::SignedOut));
    cookies::set(&mut response, &Name::Session.removed(house.secure()));
    Ok(response)
}
