//! Sessions on the server: a cookie holds a token, the database its hash. Whoever ends a session
//! ends it everywhere, because every page asks the database.

use domain::keyed::AccountKey;
use domain::session::{Ended, Limits, Proof, Session};
use domain::time::{MINUTE, Micros};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, Document, DocumentKind, Put, StoreError};

use super::{Found, Members};

/// Sessions of one account that are listed and ended at a time.
const MANY: u32 = 200;
/// Use is written down this often at most: each time is a write.
const TOUCH_EVERY: i64 = MINUTE;
const LIVE: i64 = 0;
const OVER: i64 = 1;

/// A session as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// What it is worth, and how long it lives.
    pub session: Session,
    /// The account's id as the store gave it.
    pub account: String,
    /// From where it began, in words.
    pub place: Option<String>,
    /// On what, in words.
    pub device: Option<String>,
    /// The device's hash.
    pub device_hash: Option<u64>,
}

/// A session that lives.
#[derive(Clone)]
pub struct Live {
    /// Its number.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    version: u64,
}

impl Live {
    /// Whose it is.
    pub const fn account(&self) -> AccountKey {
        self.kept.session.account
    }
}

impl Members {
    /// A new session: the token for the cookie, its number, and what is to be written.
    pub fn begin_session(
        &self,
        found: &Found,
        proofs: &[Proof],
        new_until: Option<Micros>,
        (place, device, device_hash): (Option<String>, Option<String>, Option<u64>),
    ) -> (String, Put) {
        let now = self.world.now();
        let (token, id) = self.new_token();
        let session = Session { new_until, ..Session::start(found.account, proofs, now) };
        let account = found.member.account.clone();
        let kept = Kept { session, account, place, device, device_hash };
        let put = put_session(id, None, &kept, limits(found));
        (token, put)
    }

    /// The session of a cookie, while it lives. Its use is written down now and then.
    pub async fn session_of(&self, token: &str) -> Result<Option<Live>, StoreError> {
        if token.len() != 32 {
            return Ok(None);
        }
        let id = self.token_id(token);
        let Some(document) = self.store.document(DocumentKind::Session, id).await? else {
            return Ok(None);
        };
        let now = self.world.now();
        let Some(mut live) = read(&document).filter(|_| document.state == LIVE) else {
            return Ok(None);
        };
        let over = document.expires_at.is_some_and(|end| end <= now);
        if over || live.kept.session.ended_at(Limits::BROWSING, now).is_some() {
            return Ok(None);
        }
        if now.since(live.kept.session.used_at) >= TOUCH_EVERY {
            live.kept.session.touch(now);
            let put = put_again(&live);
            let changes = Changes { puts: vec![put], ..Changes::default() };
            if self.store.apply(&changes, now).await? == Applied::Done {
                live.version += 1;
            }
        }
        Ok(Some(live))
    }

    /// An account's sessions that live, the one used last first.
    pub async fn sessions_of(&self, account: AccountKey) -> Result<Vec<Live>, StoreError> {
        let now = self.world.now();
        let all = self.store.documents_of(account, DocumentKind::Session, MANY).await?;
        let living = all.iter().filter(|document| document.state == LIVE).filter_map(read);
        let lives = |live: &Live| live.kept.session.ended_at(Limits::BROWSING, now).is_none();
        Ok(living.filter(lives).collect())
    }

    /// The device at which a session was begun, also of one that is over.
    pub async fn device_of_session(&self, id: u128) -> Result<Option<u64>, StoreError> {
        let document = self.store.document(DocumentKind::Session, id).await?;
        Ok(document.as_ref().and_then(read).and_then(|live| live.kept.device_hash))
    }

    /// The session with one more proof, by what counts as new until `new_until`, under a new token
    /// (ASVS 7.2.4).
    pub fn prove_session(
        &self,
        live: &Live,
        proof: Proof,
        new_until: Option<Micros>,
    ) -> (String, Changes) {
        let now = self.world.now();
        let (token, id) = self.new_token();
        let mut kept = live.kept.clone();
        kept.session.prove(proof, new_until, now);
        let put = put_session(id, None, &kept, Limits::BROWSING);
        let removals = vec![(DocumentKind::Session, live.id, Some(live.version))];
        (token, Changes { puts: vec![put], removals, ..Changes::default() })
    }

    /// Ends sessions: what is to be written.
    pub fn end_sessions(&self, sessions: &[Live], why: Ended) -> Vec<Put> {
        let ended = |live: &Live| {
            let mut live = live.clone();
            live.kept.session.end(why);
            Put { state: OVER, ..put_again(&live) }
        };
        sessions.iter().map(ended).collect()
    }
}

fn put_session(id: u128, seen: Option<u64>, kept: &Kept, limits: Limits) -> Put {
    let session = &kept.session;
    let idle = session.used_at.plus(limits.idle);
    Put {
        kind: DocumentKind::Session,
        id,
        account: Some((session.account, kept.account.clone())),
        seen,
        state: LIVE,
        rank: session.used_at.0,
        due_at: None,
        expires_at: Some(Micros(idle.0.min(session.started_at.plus(limits.overall).0))),
        body: serde_json::to_vec(kept).unwrap_or_default(),
        names: None,
    }
}

fn put_again(live: &Live) -> Put {
    put_session(live.id, Some(live.version), &live.kept, Limits::BROWSING)
}

/// Sellers, staff and whoever had an incident get the short ones.
const fn limits(found: &Found) -> Limits {
    if found.member.two_step_required { Limits::STRICT } else { Limits::BROWSING }
}

fn read(document: &Document) -> Option<Live> {
    let kept = serde_json::from_slice(&document.body).ok()?;
    Some(Live { id: document.id, kept, version: document.version })
}
