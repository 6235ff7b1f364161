//! Challenges that a store asks for: one proof of one act, on a page of ours (§4.3, R42).
//!
//! What the customer reads is what they prove: the act's words are bound by their digest. The browser
//! that has proven carries a code back to the store; only with it, and once, does the store get the
//! result. So a link that is passed on to the owner proves nothing for whoever began the act.

use domain::account::Allowance;
use domain::challenge::{self, Binding, Challenge, Command, GRANT, LIFE, Method, Refused, State};
use domain::decision::Verdict;
use domain::keyed::{AccountKey, Field};
use domain::member::{Contact, ContactKind, Member};
use domain::openid::redirect;
use domain::session::{Proof, Session};
use domain::sign_in::{Facts, methods};
use domain::time::{DAY, Micros, SECOND};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Applied, Changes, Document, DocumentKind, Put};

use crate::config::{BadSetting, Said};
use crate::http::House;
use crate::http::problem::{Kind, Problem};

/// Characters of an act's words.
pub const ACTION_CHARS_MAX: usize = 200;

/// A challenge as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Whose proof, by the id that the store gave.
    pub account: String,
    /// What is done, in the store's words.
    pub action: String,
    /// Where the browser goes afterwards.
    pub return_url: String,
    /// To whom codes may go: the member's own contacts, or what the store knows of one that is none.
    pub contacts: Vec<Contact>,
    /// By what it may be proven, best first.
    pub methods: Vec<Method>,
    /// The decision that asked for it.
    pub decision: Option<u128>,
    /// How it stands.
    pub challenge: Challenge,
    /// The browser that took it up, and its attempt.
    pub taken: Option<(u128, u128)>,
    /// What was proven.
    pub proofs: Vec<Proof>,
    /// Keyed hash of the code that the browser carries back.
    pub code: Option<u128>,
}

/// A challenge with its place.
#[derive(Clone)]
pub struct Hosted {
    /// Its number.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    version: Option<u64>,
}

/// What a store asks for.
pub struct Asked {
    /// Whose proof, by the id that the store gave.
    pub account: String,
    /// What is done, in the store's words.
    pub action: String,
    /// Where the browser goes afterwards.
    pub return_url: String,
    /// Contacts that the store knows, for an account that is no member here.
    pub contacts: Vec<Contact>,
    /// The decision that asked for it.
    pub decision: Option<u128>,
    /// Its number, where asking again must find the same one.
    pub id: Option<u128>,
}

impl Hosted {
    /// Its place on our pages.
    pub fn path(&self) -> String {
        format!("/challenge/{}", self.name())
    }

    /// Its id as stores know it.
    pub fn name(&self) -> String {
        crate::id::show("chl", self.id)
    }

    /// Until when it can be answered, or its proof spent.
    pub fn expires_at(&self) -> Micros {
        match self.kept.challenge.state {
            State::Verified { at, .. } => at.plus(GRANT),
            _ => self.kept.challenge.issued_at.plus(LIFE),
        }
    }

    /// What is to be written of it. It is kept for a day, so that a store can still ask.
    pub fn put(&self, account: AccountKey) -> Put {
        Put {
            kind: DocumentKind::HostedChallenge,
            id: self.id,
            account: Some((account, self.kept.account.clone())),
            seen: self.version,
            state: 0,
            rank: self.kept.challenge.issued_at.0,
            due_at: None,
            expires_at: Some(self.kept.challenge.issued_at.plus(DAY)),
            body: serde_json::to_vec(&self.kept).unwrap_or_default(),
            names: None,
        }
    }

    fn read(document: &Document) -> Option<Self> {
        let kept = serde_json::from_slice(&document.body).ok()?;
        Some(Self { id: document.id, kept, version: Some(document.version) })
    }

    /// The proof was given by `proven`, the attempt's own challenge: the code to carry back.
    pub fn verified(&mut self, house: &House, proven: &Challenge, proofs: &[Proof]) -> String {
        self.ended_as(proven);
        proofs.clone_into(&mut self.kept.proofs);
        let (code, _) = house.members.new_token();
        self.kept.code = Some(code_hash(house, &code));
        code
    }

    /// It stands as the attempt's own challenge does, for its own act.
    pub fn ended_as(&mut self, attempts: &Challenge) {
        let binding = self.kept.challenge.binding;
        self.kept.challenge = Challenge { binding, ..attempts.clone() };
    }
}

/// Where browsers may go with a code: the setting `challenge-return-urls`, each in full.
///
/// # Errors
/// One that cannot be one.
pub fn return_urls(said: &Said) -> Result<Vec<String>, BadSetting> {
    let name = "challenge-return-urls";
    let all = said.text(name).split(',').map(str::trim).filter(|url| !url.is_empty());
    all.map(|url| match redirect::fit(url, false) {
        Ok(()) => Ok(url.to_owned()),
        Err(unfit) => Err(said.bad(name, &format!("{url}: {unfit}"))),
    })
    .collect()
}

/// What the act's words come to: what is proven is what was read.
pub fn action_digest(action: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(digest(&SHA256, action.as_bytes()).as_ref()) {
        *to = *from;
    }
    bytes
}

fn code_hash(house: &House, code: &str) -> u128 {
    house.hasher.wide(Field::Secret, format!("challenge\0{code}").as_bytes())
}

impl House {
    /// A challenge for what a store asks; `None` where there is nothing to prove it with.
    pub async fn challenge_for(&self, asked: Asked) -> Result<Option<Hosted>, Problem> {
        let (account, now) = (self.account_key(&asked.account), self.world.now());
        if let Some(id) = asked.id
            && let Some(kept) = self.store.document(DocumentKind::HostedChallenge, id).await?
        {
            return Ok(Hosted::read(&kept));
        }
        let own = self.members.of(account).await?.map(|found| found.member.settled(now));
        let member = own.unwrap_or_else(|| outsider(&asked));
        let facts = Facts {
            member: &member,
            verdict: Verdict::Challenge,
            device: None,
            offered: &self.notices.offered,
            takes_passkeys: self.members.site.is_some(),
            now,
        };
        // Nobody proves anything for a locked account; a restricted one wants a strong proof.
        let is_strong = match member.standing.abilities().sign_in_new_device {
            Allowance::No { .. } => return Ok(None),
            Allowance::StrongStepUp => true,
            Allowance::Yes | Allowance::StepUp => false,
        };
        let methods = methods(&facts, is_strong);
        let Some(first) = methods.first().copied() else { return Ok(None) };
        let id = asked.id.unwrap_or_else(|| self.world.uuid());
        let action = action_digest(&asked.action);
        let kept = Kept {
            challenge: Challenge::open(Binding { account, session: id, action }, first, now),
            contacts: member.contacts().cloned().collect(),
            account: asked.account,
            action: asked.action,
            return_url: asked.return_url,
            methods,
            decision: asked.decision,
            taken: None,
            proofs: Vec::new(),
            code: None,
        };
        let hosted = Hosted { id, kept, version: None };
        self.write_challenge(&hosted, Changes::default()).await?;
        Ok(Some(hosted))
    }

    /// The number of the challenge that a decision carries: the same whenever it is asked for again.
    pub fn challenge_of(&self, decision: u128) -> u128 {
        self.hasher.wide(Field::Other, format!("challenge of decision\0{decision:032x}").as_bytes())
    }

    /// The challenge of this id.
    pub async fn challenge_named(&self, name: &str) -> Result<Hosted, Problem> {
        let missing = || Problem::not_found("challenge");
        let id = crate::id::read("chl", name).ok_or_else(missing)?;
        let document = self.store.document(DocumentKind::HostedChallenge, id).await?;
        document.as_ref().and_then(Hosted::read).ok_or_else(missing)
    }

    /// Writes it with `changes`.
    ///
    /// # Errors
    /// Somebody else wrote meanwhile.
    pub async fn write_challenge(
        &self,
        hosted: &Hosted,
        mut changes: Changes,
    ) -> Result<(), Problem> {
        changes.puts.push(hosted.put(hosted.kept.challenge.binding.account));
        match self.store.apply(&changes, self.world.now()).await? {
            Applied::Done => Ok(()),
            Applied::Raced(..) | Applied::NameTaken(..) => {
                Err(Problem::new(Kind::Conflict, "it was changed just now"))
            }
        }
    }

    /// Spends the proof on `action`, once, and signs what was proven.
    ///
    /// # Errors
    /// Another code or act, not proven, too late, or spent.
    pub async fn spend_challenge(
        &self,
        mut hosted: Hosted,
        code: &str,
        action: &str,
    ) -> Result<String, Problem> {
        let now = self.world.now();
        // What is compared is a keyed hash: how far two of them agree says nothing about a code.
        let is_code = hosted.kept.code == Some(code_hash(self, code));
        let own = hosted.kept.challenge.binding;
        let binding = Binding { action: action_digest(action), ..own };
        let spent = match hosted.kept.challenge.next(Command::Spend { binding }, now) {
            Ok((spent, _)) if is_code => Ok(spent),
            Err(refused) => Err(refused),
            Ok(_) => Err(Refused::NotThisAct),
        };
        hosted.kept.challenge = spent.map_err(|refused| {
            let why = match refused {
                Refused::NotThisAct => "not for this action, or not with this code",
                Refused::Spent => "the proof is spent: ask for another",
                Refused::Over { .. } => "it is too late: ask for another",
                _ => "nothing is proven yet",
            };
            Problem::new(Kind::Conflict, why)
        })?;
        let claims = self.challenge_claims(&hosted, now);
        let result = self.signed("challenge-result+jwt", &claims).await?;
        self.write_challenge(&hosted, Changes::default()).await?;
        Ok(result)
    }

    fn challenge_claims(&self, hosted: &Hosted, now: Micros) -> Value {
        let account = hosted.kept.challenge.binding.account;
        let session = Session::start(account, &hosted.kept.proofs, now);
        let seconds = |at: Micros| at.0.div_euclid(SECOND);
        let proven_at = match hosted.kept.challenge.state {
            challenge::State::Verified { at, .. } => at,
            _ => now,
        };
        json!({
            "iss": self.issuer(),
            "sub": hosted.kept.account,
            "aud": hosted.kept.return_url,
            "jti": hosted.name(),
            "iat": seconds(now),
            "exp": seconds(proven_at.plus(GRANT)),
            "auth_time": seconds(proven_at),
            "acr": session.strength().acr(),
            "amr": session.amr(),
            "action": hosted.kept.action,
        })
    }
}

/// Somebody whose account is the store's alone: what it knows is all there is.
fn outsider(asked: &Asked) -> Member {
    let of = |kind| asked.contacts.iter().filter(move |contact| contact.kind == kind).cloned();
    Member {
        account: asked.account.clone(),
        mails: of(ContactKind::Mail).collect(),
        phones: of(ContactKind::Phone).collect(),
        ..Member::default()
    }
}
