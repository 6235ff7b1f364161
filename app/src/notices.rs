//! Telling the owner: notices in the message centre, and the letters that carry them.
//!
//! A letter to a contact from before the change carries a code. Entered on the page 「心当たりがない」
//! it undoes the change, or locks the account where there is nothing to undo (X8): a code, never a
//! link to a sign-in page. Only the code's keyed hash is kept.

mod letter;

use domain::keyed::{AccountKey, Field, KeyedHasher};
use domain::member::{Telling, UNDO_SPAN};
use domain::notice::{Channel, Notice, Reply, Sending};
use domain::time::DAY;
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, Document, DocumentKind, OutboxRow, Put, Store, StoreError};

use crate::gateways::Letter;
use crate::text::Language;
use crate::world::World;

#[cfg(test)]
pub(crate) use letter::KEYS;

/// How long a notice stays in the message centre.
const KEPT: i64 = 400 * DAY;
/// Notices shown, and escalated, at a time.
const MANY: u32 = 100;
/// Bytes of chance in a code: 80 bits, sixteen letters.
const CODE_BYTES: usize = 10;

/// An account: its key, and its id as the store gave it.
pub type Holder = (AccountKey, String);

/// Everything that telling needs.
#[derive(Clone)]
pub struct Notices {
    /// Where notices are kept.
    pub store: Store,
    /// Channels with a gateway.
    pub offered: Vec<Channel>,
    /// Time and chance.
    pub world: World,
    /// Hashes codes.
    pub hasher: KeyedHasher,
    /// What customers call the store.
    pub store_name: String,
}

/// What is to be told.
pub struct About {
    /// Whose it is.
    pub holder: Holder,
    /// Of what, and whom.
    pub telling: Telling,
    /// Silence is not taken for an answer.
    pub urgent: bool,
    /// In which language.
    pub language: Language,
    /// From where it was done, in words.
    pub place: Option<String>,
    /// On what it was done, in words.
    pub device: Option<String>,
    /// The change that a code undoes.
    pub change: Option<u128>,
}

/// A notice as it is kept and shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// What is told, and how far it has come.
    pub notice: Notice,
    /// In which language letters are.
    pub language: Language,
    /// From where it was done, in words.
    pub place: Option<String>,
    /// On what it was done, in words.
    pub device: Option<String>,
    /// The change that a code undoes.
    pub change: Option<u128>,
    /// Keyed hashes of the codes given out.
    pub codes: Vec<u128>,
    /// The account's id as the store gave it.
    pub account: String,
}

/// A notice with its place in the store.
#[derive(Clone)]
pub struct Numbered {
    /// Its id.
    pub id: u128,
    /// Whose it is.
    pub account: AccountKey,
    /// What it says.
    pub kept: Kept,
    version: u64,
}

/// What is to be written, in the transaction of what is told.
#[derive(Default)]
pub struct Written {
    /// The notice.
    pub puts: Vec<Put>,
    /// Its letters.
    pub outbox: Vec<(Option<Holder>, OutboxRow)>,
}

impl Notices {
    /// A notice and its first letters.
    pub fn write(&self, about: About) -> Written {
        let now = self.world.now();
        let About { holder, telling, urgent, language, place, device, change } = about;
        let (notice, sendings) = Notice::open(telling, urgent, &self.offered, now);
        let (account, codes) = (holder.1.clone(), Vec::new());
        let mut kept = Kept { notice, language, place, device, change, codes, account };
        let letters = self.letters(&mut kept, &sendings);
        let id = self.world.uuid();
        let put = self.put(id, holder.0, None, &kept);
        Written { puts: vec![put], outbox: self.addressed(&holder, &letters) }
    }

    /// The message centre of an account, newest first.
    pub async fn of(&self, account: AccountKey) -> Result<Vec<Numbered>, StoreError> {
        let documents = self.store.documents_of(account, DocumentKind::Notice, MANY).await?;
        Ok(documents.iter().filter_map(read).collect())
    }

    /// The notice of an account with this id.
    pub async fn one(&self, account: AccountKey, id: u128) -> Result<Option<Numbered>, StoreError> {
        let document = self.store.document(DocumentKind::Notice, id).await?;
        let own = document.as_ref().filter(|document| document.account == Some(account));
        Ok(own.and_then(read))
    }

    /// The notice whose letter carried `code`, as a person has typed it; while it can still be used.
    pub async fn of_code(&self, code: &str) -> Result<Option<Numbered>, StoreError> {
        let Some(hash) = self.hash_of(code) else { return Ok(None) };
        let document = self.store.document_named(DocumentKind::Notice, hash).await?;
        let found = document.as_ref().and_then(read);
        Ok(found.filter(|found| self.world.now().since(found.kept.notice.at) <= UNDO_SPAN))
    }

    /// Takes down that the owner has read a notice, or what they say of it. `None`: somebody else
    /// wrote it meanwhile.
    pub fn answered(&self, mut numbered: Numbered, reply: Option<Reply>) -> Put {
        let (now, notice) = (self.world.now(), &mut numbered.kept.notice);
        match reply {
            Some(reply) => notice.answer(reply, now),
            None => notice.read(now),
        }
        self.put(numbered.id, numbered.account, Some(numbered.version), &numbered.kept)
    }

    /// Uses the next channel for every urgent notice that nobody has read (R3). Gives how many
    /// letters that were.
    pub async fn escalate(&self) -> Result<usize, StoreError> {
        let now = self.world.now();
        let mut count = 0;
        for document in self.store.documents_due(DocumentKind::Notice, now, MANY).await? {
            let Some(Numbered { id, account, mut kept, version }) = read(&document) else {
                continue;
            };
            let sendings = kept.notice.escalate(&self.offered, now);
            let letters = self.letters(&mut kept, &sendings);
            let holder = (account, kept.account.clone());
            let puts = vec![self.put(id, account, Some(version), &kept)];
            let outbox = self.addressed(&holder, &letters);
            let changes = Changes { puts, outbox, ..Changes::default() };
            // Whoever was first has sent it.
            if self.store.apply(&changes, now).await? == Applied::Done {
                count += letters.len();
            }
        }
        Ok(count)
    }

    fn letters(&self, kept: &mut Kept, sendings: &[Sending]) -> Vec<Letter> {
        if sendings.is_empty() {
            return Vec::new();
        }
        let spoken = |sending: &Sending| sending.channel == Channel::Voice;
        let wants_code = |sending: &Sending| sending.with_undo && !spoken(sending);
        let code = sendings.iter().any(wants_code).then(|| self.new_code(kept));
        let letter = |sending: &Sending| {
            let code = code.as_deref().filter(|_| wants_code(sending));
            letter::compose(kept, sending, code, &self.store_name)
        };
        sendings.iter().map(letter).collect()
    }

    fn new_code(&self, kept: &mut Kept) -> String {
        let mut bytes = [0; CODE_BYTES];
        self.world.random(&mut bytes);
        let code = crate::id::base32(&bytes).to_uppercase();
        kept.codes.extend(self.hash_of(&code));
        let groups: Vec<&str> =
            [0, 4, 8, 12].iter().filter_map(|at| code.get(*at..at + 4)).collect();
        groups.join("-")
    }

    /// Codes are long and random: a keyed hash without stretching is enough.
    fn hash_of(&self, code: &str) -> Option<u128> {
        let typed = letter::as_typed(code)?;
        Some(self.hasher.wide(Field::Secret, format!("notice\0{typed}").as_bytes()))
    }

    fn addressed(&self, holder: &Holder, letters: &[Letter]) -> Vec<(Option<Holder>, OutboxRow)> {
        letters.iter().map(|letter| (Some(holder.clone()), letter.row(&self.world))).collect()
    }

    fn put(&self, id: u128, account: AccountKey, seen: Option<u64>, kept: &Kept) -> Put {
        let notice = &kept.notice;
        Put {
            kind: DocumentKind::Notice,
            id,
            account: Some((account, kept.account.clone())),
            seen,
            state: i64::from(notice.read_at.is_some()),
            rank: notice.at.0,
            due_at: notice.due(&self.offered),
            expires_at: Some(notice.at.plus(KEPT)),
            body: serde_json::to_vec(kept).unwrap_or_default(),
            names: Some(kept.codes.clone()),
        }
    }
}

fn read(document: &Document) -> Option<Numbered> {
    let kept = serde_json::from_slice(&document.body).ok()?;
    Some(Numbered { id: document.id, account: document.account?, kept, version: document.version })
}
