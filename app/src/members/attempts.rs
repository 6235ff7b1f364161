//! Attempts: what somebody has proven so far towards one act, and the challenge that is open.
//!
//! An attempt is bound to the browser that began it; its number in a URL is of no use elsewhere.

use domain::account::Risk;
use domain::challenge::{Binding, Challenge, Command, Method, Outcome, Refused};
use domain::keyed::AccountKey;
use domain::member::{Contact, Member, Password};
use domain::session::Proof;
use domain::sign_in::Counts;
use domain::time::{MINUTE, Micros};
use factors::one_time_code::{self, CodeHash};
use factors::secret::SecretText;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use store::{Document, DocumentKind, Put, StoreError};

use super::Members;

/// How long an attempt lives.
const LIFE: i64 = 30 * MINUTE;

/// What an attempt is towards.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A session.
    SignIn {
        /// From where, in words.
        place: Option<String>,
    },
    /// A session that proves itself again (R46), by its number.
    ProveAgain(u128),
    /// A new member: whose mail is being confirmed.
    Register {
        /// The address, as mail is sent to it.
        mail: String,
        /// The password chosen.
        password: Password,
        /// The address is somebody's already: the code that was sent is none.
        taken: bool,
    },
    /// A new password in place of a forgotten one.
    ResetPassword {
        /// To whom the first code goes.
        contact: Contact,
        /// There is no such account, or it may not be: the code that was sent is none.
        for_nobody: bool,
    },
    /// A case, that who reports is the owner.
    ProveToCase {
        /// Which.
        case: u128,
        /// To whom the first code goes.
        contact: Contact,
        /// The account never had that contact: the code that was sent is none.
        for_nobody: bool,
        /// Whoever reports is signed in (R23).
        #[serde(default)]
        signed_in: bool,
    },
    /// One act of a store with its own sign-in.
    Challenge {
        /// Which challenge.
        challenge: u128,
        /// To whom codes may go.
        contacts: Vec<Contact>,
    },
    /// The owner's way back, with a contact in place of those that are lost (V4).
    ComeBack {
        /// Their report.
        case: u128,
        /// What is being confirmed.
        contact: Contact,
        /// The password chosen.
        password: Password,
    },
    /// A contact that a session wants to add; it replaces another or is one more.
    AddContact {
        /// The session.
        session: u128,
        /// What is being confirmed.
        contact: Contact,
        /// What it replaces.
        replaces: Option<String>,
    },
}

/// An attempt as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Towards what.
    pub purpose: Purpose,
    /// Whose account; of nobody's, a number that stands for none.
    pub account: AccountKey,
    /// The account's id as the store gave it.
    pub account_name: String,
    /// The browser's guest.
    pub guest: u128,
    /// What was proven.
    pub proofs: Vec<Proof>,
    /// By what one more proof may be given, best first.
    pub methods: Vec<Method>,
    /// What of the member's counts.
    #[serde(default)]
    pub counts: Counts,
    /// The challenge that is open.
    pub challenge: Option<Challenge>,
    /// The code that was sent, as a hash.
    pub code: Option<CodeHash>,
    /// The decision that asked for it.
    pub decision: Option<u128>,
    /// Where to go afterwards: a path of ours.
    pub then: String,
}

/// An attempt with its place.
#[derive(Clone)]
pub struct Attempt {
    /// Its number.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    /// `None` for one that was not written yet.
    version: Option<u64>,
}

/// What an answer came to.
pub enum Answered {
    /// Right: the attempt has one more proof.
    Right,
    /// Wrong; so many tries are left.
    Wrong(u8),
    /// Wrong, and it was the last try: the account is given this signal.
    Over(Risk),
    /// Too late, or nothing was sent.
    NotNow,
}

impl Attempt {
    /// A new attempt.
    pub fn new(members: &Members, kept: Kept) -> Self {
        Self { id: members.world.uuid(), kept, version: None }
    }

    /// The member as this attempt may prove them.
    pub fn asked(&self, member: &Member, now: Micros) -> Member {
        if self.asks_for_before() { member.settled(now) } else { member.clone() }
    }

    /// An act that is doubted is proven by what the member had before.
    pub const fn asks_for_before(&self) -> bool {
        matches!(self.kept.counts, Counts::Before)
            || matches!(self.kept.purpose, Purpose::Challenge { .. })
    }

    /// What a proof of it counts for: this attempt and nothing else (R42).
    pub fn binding(&self) -> Binding {
        let act = digest(&SHA256, &self.id.to_be_bytes());
        let mut action = [0; 32];
        for (to, from) in action.iter_mut().zip(act.as_ref()) {
            *to = *from;
        }
        Binding { account: self.kept.account, session: self.kept.guest, action }
    }

    /// Opens the challenge by `method`, and draws the code to be sent where one is sent. The wrong
    /// answers given so far stay counted.
    ///
    /// # Errors
    /// [`Refused`]: too soon, or too many.
    pub fn send(
        &mut self,
        members: &Members,
        method: Method,
    ) -> Result<Option<SecretText>, Refused> {
        let now = members.world.now();
        let open = match self.kept.challenge.take() {
            Some(open) if open.method == method => open,
            Some(other) => Challenge {
                failed: other.failed,
                sends: other.sends.saturating_sub(1),
                ..Challenge::open(self.binding(), method, now)
            },
            None => Challenge::open(self.binding(), method, now),
        };
        if !method.is_sent() {
            self.kept.challenge = Some(open);
            return Ok(None);
        }
        let stepped = open.next(Command::Send, now);
        self.kept.challenge = Some(open);
        let (next, _) = stepped?;
        self.kept.challenge = Some(next);
        let chance: factors::Chance<'_> = &|out| members.world.random(out);
        let (code, hash) = one_time_code::draw(&members.code_key, &self.binding(), chance);
        self.kept.code = Some(hash);
        Ok(Some(code))
    }

    /// Whether `typed` is the code that was sent.
    pub fn is_code(&self, members: &Members, typed: &str) -> bool {
        self.kept.code.as_ref().is_some_and(|kept| {
            one_time_code::is_right(&members.code_key, kept, &self.binding(), typed)
        })
    }

    /// Takes an answer; whether it is right was found out before.
    pub fn answer(&mut self, is_right: bool, now: Micros) -> Answered {
        let Some(challenge) = &self.kept.challenge else { return Answered::NotNow };
        let command = Command::Answer { binding: self.binding(), is_right };
        let Ok((next, outcome)) = challenge.next(command, now) else { return Answered::NotNow };
        let method = next.method;
        self.kept.challenge = Some(next);
        match outcome {
            Outcome::Granted { .. } => {
                self.kept.proofs.push(proof_by(method));
                self.kept.code = None;
                Answered::Right
            }
            Outcome::Wrong { tries_left } => Answered::Wrong(tries_left),
            Outcome::Exhausted => Answered::Over(Risk::High),
            Outcome::Done | Outcome::SendCode => Answered::NotNow,
        }
    }

    /// Takes a passkey's answer: what it proves, `None` where it was refused.
    pub fn answer_by_passkey(&mut self, proof: Option<Proof>, now: Micros) -> Answered {
        if self.kept.challenge.as_ref().is_none_or(|open| open.method != Method::Passkey) {
            return Answered::NotNow;
        }
        let answered = self.answer(proof.is_some(), now);
        if let (Answered::Right, Some(proof), Some(last)) =
            (&answered, proof, self.kept.proofs.last_mut())
        {
            *last = proof;
        }
        answered
    }

    /// What is to be written of it.
    pub fn put(&self, now: Micros) -> Put {
        Put {
            kind: DocumentKind::Challenge,
            id: self.id,
            account: None,
            seen: self.version,
            state: 0,
            rank: 0,
            due_at: None,
            expires_at: Some(now.plus(LIFE)),
            body: serde_json::to_vec(&self.kept).unwrap_or_default(),
            names: None,
        }
    }

    /// It is done with: what is to be removed. Of two who finish it at once, one does.
    pub const fn removal(&self) -> (DocumentKind, u128, Option<u64>) {
        (DocumentKind::Challenge, self.id, self.version)
    }
}

/// What a method proves. A passkey says itself whether it is synced: see
/// [`Attempt::answer_by_passkey`].
const fn proof_by(method: Method) -> Proof {
    match method {
        Method::Passkey => Proof::Passkey { is_synced: true },
        Method::Totp => Proof::Totp,
        Method::Sms => Proof::Sms,
        Method::Voice => Proof::Voice,
        Method::Mail => Proof::Mail,
        Method::RecoveryCode => Proof::RecoveryCode,
    }
}

impl Members {
    /// The attempt of this number, begun by this guest.
    pub async fn attempt(&self, id: u128, guest: u128) -> Result<Option<Attempt>, StoreError> {
        let document = self.store.document(DocumentKind::Challenge, id).await?;
        let now = self.world.now();
        let in_time = |document: &Document| document.expires_at.is_none_or(|end| now < end);
        let read = |document: Document| {
            let kept: Kept = serde_json::from_slice(&document.body).ok()?;
            Some(Attempt { id, kept, version: Some(document.version) })
        };
        let attempt = document.filter(in_time).and_then(read);
        Ok(attempt.filter(|attempt| attempt.kept.guest == guest))
    }
}
