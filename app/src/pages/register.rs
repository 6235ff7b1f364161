//! Becoming a member: a mail address that answers a code, and a password.
//!
//! The same page and the same work follow for an address that is somebody's already: its owner gets
//! a mail that says so, and no code is ever right.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::challenge::Method;
use domain::event::{EventType, Status};
use domain::member::{Contact, ContactKind, Member, Password as KeptPassword, Preferences};
use domain::notice::Channel;
use domain::session::Proof;
use domain::sign_in::Counts;
use factors::password::{Password, Rules, Weakness};
use serde::Serialize;
use store::{Applied, Changes};

use super::form::Form;
use super::owner::{Opening, own_path};
use super::prove::Done;
use super::sign_in::SignIn;
use super::{Page, Visitor};
use crate::gateways::Letter;
use crate::happenings::Happening;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::attempts::{Attempt, Kept, Purpose};
use crate::members::{Found, Login};
use crate::text::{Language, text};

/// `/register`
#[derive(Serialize)]
pub(super) struct Register {
    mail: String,
    mail_problem: Option<&'static str>,
    password_problem: Option<&'static str>,
    chars_min: usize,
}

impl Register {
    fn empty() -> Self {
        let chars_min = Rules::ALONE.chars_min;
        Self { mail: String::new(), mail_problem: None, password_problem: None, chars_min }
    }
}

impl Page for Register {
    const TEMPLATE: &'static str = "register.html";

    fn samples() -> Vec<Self> {
        let mut samples = vec![Self::empty()];
        samples.extend(WEAKNESSES.map(|problem| Self {
            mail: "hanako@example.jp".to_owned(),
            mail_problem: Some(BAD_MAIL),
            password_problem: Some(problem),
            ..Self::empty()
        }));
        samples
    }
}

pub(super) const BAD_MAIL: &str = "register-bad-mail";
/// Text keys of the letter to whose address it is already.
#[cfg(test)]
pub(super) const LETTER_KEYS: [&str; 2] = ["letter-taken-subject", "letter-taken-mail"];

/// Text keys of why a password is not taken.
pub(super) const WEAKNESSES: [&str; 4] =
    ["password-too-short", "password-too-long", "password-context-word", "password-breached"];

/// Why a password is not taken; the text key.
pub(super) const fn weakness_key(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::TooShort { .. } => "password-too-short",
        Weakness::TooLong { .. } => "password-too-long",
        Weakness::ContextWord => "password-context-word",
        Weakness::Breached => "password-breached",
    }
}

pub(super) async fn show(State(house): State<Arc<House>>, visitor: Visitor) -> Response {
    house.page(&visitor, StatusCode::OK, &Register::empty())
}

pub(super) async fn register(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let login = Login::read(form.text("mail"));
    let mail = match &login {
        Some(Login::Mail(mail, _)) => Some(mail.clone()),
        _ => None,
    };
    let password = house.new_password(form.text("password"), &[form.text("mail")], Rules::ALONE);
    let password_problem = password.as_ref().err().copied();
    let (Some(mail), Some(login), Ok(password)) = (&mail, &login, password) else {
        let page = Register {
            mail: form.text("mail").to_owned(),
            mail_problem: mail.is_none().then_some(BAD_MAIL),
            password_problem,
            ..Register::empty()
        };
        return Ok(house.page(&visitor, StatusCode::OK, &page));
    };
    let hash = house.members.passwords.hash(password, &house.world).await;
    let hash = hash.map_err(|_| Problem::unavailable(1))?.map_err(|e| Problem::internal(&e))?;
    let owner = house.members.by_login(login).await?;
    let now = house.world.now();
    let mut attempt = Attempt::new(
        &house.members,
        Kept {
            purpose: Purpose::Register {
                mail: mail.clone(),
                password: KeptPassword { hash, since: now },
                taken: owner.is_some(),
            },
            account: house.account_key(&crate::id::show("acc", house.world.uuid())),
            account_name: String::new(),
            guest: visitor.guest_number(&house.hasher),
            proofs: vec![Proof::Password],
            methods: vec![Method::Mail],
            counts: Counts::All,
            challenge: None,
            code: None,
            decision: None,
            then: own_path(form.text("then")),
        },
    );
    let mut changes = Changes::default();
    let nobody = Member::default();
    let opened = house.open_challenge(&mut attempt, &nobody, Method::Mail, &visitor).await;
    if let Ok(mut letters) = opened {
        if owner.is_some() {
            letters.push(house.taken_letter(mail, visitor.language));
        }
        changes.outbox.extend(house.rows(letters));
    }
    changes.puts.push(attempt.put(now));
    house.store.apply(&changes, now).await?;
    house.letters.notify_one();
    Ok(house.go(&visitor, &format!("/prove/{}", crate::id::show("att", attempt.id)), None))
}

impl House {
    /// A new password, if the rules take it; or the text key of why not.
    pub(super) fn new_password(
        &self,
        typed: &str,
        context: &[&str],
        rules: Rules,
    ) -> Result<Password, &'static str> {
        let password = Password::read(typed.to_owned()).ok_or("password-too-short")?;
        let locals = context.iter().filter_map(|word| word.split('@').next());
        let mut words: Vec<&str> = locals.collect();
        words.push(self.config.said.text("store-name"));
        let is_breached = |word: &str| self.is_breached(word);
        rules.check(&password, &words, &is_breached).map_err(weakness_key)?;
        Ok(password)
    }

    /// Whether a password stands in the local file of breached ones (R41); false without the file.
    fn is_breached(&self, password: &str) -> bool {
        use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        let hash = data_encoding::HEXUPPER.encode(hash.as_ref());
        self.surroundings.is_breached(&hash) == Some(true)
    }

    fn taken_letter(&self, mail: &str, language: Language) -> Letter {
        let values = [("store", self.config.said.text("store-name"))];
        Letter {
            channel: Channel::Mail,
            to: mail.to_owned(),
            subject: text().tell(language, "letter-taken-subject", &values),
            text: text().tell(language, "letter-taken-mail", &values),
            language,
            not_after: None,
        }
    }

    /// The address has answered: here is the member.
    pub(super) async fn finish_registration(
        &self,
        visitor: &Visitor,
        done: Done,
        mut changes: Changes,
    ) -> Result<Response, Problem> {
        let Purpose::Register { mail, password, .. } = &done.attempt.kept.purpose else {
            return Err(Problem::not_found("attempt"));
        };
        let now = self.world.now();
        let account = crate::id::show("acc", self.world.uuid());
        let key = self.account_key(&account);
        let member = Member {
            account: account.clone(),
            since: now,
            mails: vec![Contact { kind: ContactKind::Mail, value: mail.clone(), since: now }],
            password: Some(password.clone()),
            preferences: Preferences {
                english: visitor.language == Language::English,
                ..Preferences::default()
            },
            ..Member::default()
        };
        changes.puts.push(self.members.create(key, &member));
        match self.store.apply(&changes, now).await? {
            Applied::Done => {}
            // Two tabs: the other one was first.
            Applied::Raced(..) | Applied::NameTaken(..) => {
                let page = SignIn::again(&done.attempt.kept.then, SignIn::OVER);
                return Ok(self.page(visitor, StatusCode::OK, &page));
            }
        }
        let happening = Happening {
            registered_at: Some(now),
            ..Self::happening(EventType::Registration, Status::Succeeded, &member, visitor)
        };
        let (_, origin) = self.happened(&happening).await?;
        let found = self.members.of(key).await?.ok_or_else(|| Problem::not_found("member"))?;
        let opening = Opening {
            then: done.attempt.kept.then.clone(),
            trust: false,
            origin: Some(&origin),
            changes: Changes::default(),
            member: found.member.clone(),
            new_until: None,
        };
        let proofs = [Proof::Password, Proof::Mail];
        let found: &Found = &found;
        self.let_in(visitor, found, &proofs, opening).await
    }
}
