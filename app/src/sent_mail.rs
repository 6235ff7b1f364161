//! The sent-mail ledger (C2): of every mail that we send, or that the store says it sent, what it takes
//! to answer "did you send this?". No address, no code and no word of a mail is kept: keyed hashes of
//! Message-ID and receivers, the hash of the body as DKIM takes it, the kind and the time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::keyed::{Field, KeyedHasher};
use domain::time::{DAY, Micros};
use factors::mail_address::MailAddress;
use mail_auth::common::headers::{Writable as _, Writer};
use mail_auth::dkim::Canonicalization;
use ring::digest::{Context, SHA256, digest};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, DocumentKind, Put, Store, StoreError};

use crate::http::House;
use crate::http::problem::Problem;
use crate::mail_check::{Checked, OWN_BRAND};

/// How long a mail can be asked about.
const KEPT: i64 = 400 * DAY;
/// How often a batch is tried against others that write the same mails.
const TRIES: usize = 3;

/// A mail that was sent.
pub struct SentMail {
    /// Its Message-ID, with or without angle brackets.
    pub message_id: String,
    /// Whom it went to.
    pub to: Vec<Receiver>,
    /// What it was about, as the store names it: `order`, `shipment`, `newsletter` …
    pub kind: String,
    /// When.
    pub at: Micros,
    /// Its body; unknown where there is none.
    pub body: Option<BodyHash>,
}

/// A receiver: SHA-256 of the mail address in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiver(pub [u8; 32]);

impl Receiver {
    /// The receiver at an address; `None` where it is none.
    pub fn at(address: &str) -> Option<Self> {
        let address = MailAddress::parse(address).ok()?;
        Some(Self(sha256(address.to_key().as_bytes())))
    }

    fn name(self, hasher: &KeyedHasher) -> String {
        format!("{:032x}", hasher.wide(Field::Email, &self.0))
    }
}

/// The body hash of DKIM, `bh=` (RFC 6376 §3.7): SHA-256 of the body in relaxed canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyHash(pub [u8; 32]);

impl BodyHash {
    /// Reads it as it stands in a signature: base64.
    pub fn read(text: &str) -> Option<Self> {
        BASE64.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Of the body of a whole mail, however its lines end.
    pub fn of_mail(raw: &[u8]) -> Self {
        let raw = with_crlf(raw);
        let end =
            raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
        Self::of_body(raw.get(end..).unwrap_or_default())
    }

    fn of_body(body: &[u8]) -> Self {
        let mut writer = Digest(Context::new(&SHA256));
        Canonicalization::Relaxed.canonical_body(body, u64::MAX).write(&mut writer);
        Self(bytes(writer.0.finish().as_ref()))
    }
}

struct Digest(Context);

impl Writer for Digest {
    fn write(&mut self, part: &[u8]) {
        self.0.update(part);
    }
}

fn sha256(text: &[u8]) -> [u8; 32] {
    bytes(digest(&SHA256, text).as_ref())
}

fn bytes(digest: &[u8]) -> [u8; 32] {
    digest.try_into().unwrap_or([0; 32])
}

/// Every line end as CRLF: mails copied from a screen or kept on Unix have lost theirs.
pub(crate) fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut mail = Vec::with_capacity(raw.len() + raw.len() / 32);
    let mut before = 0;
    for &byte in raw {
        if byte == b'\n' && before != b'\r' {
            mail.push(b'\r');
        }
        mail.push(byte);
        before = byte;
    }
    mail
}

/// What the ledger says of a mail that somebody asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// Sent, with this content.
    Ours,
    /// Sent, and to somebody else than who asks.
    ToAnother,
    /// There is one of this Message-ID, and its content was another.
    OtherContent,
    /// There is one of this Message-ID; its content is not known.
    ContentUnknown,
    /// There is none, in a ledger that the store keeps of all its mails.
    NotFound,
}

/// As a mail is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    to: Vec<String>,
    kind: String,
    at: Micros,
    /// Base64.
    body: Option<String>,
}

/// The ledger.
#[derive(Clone)]
pub struct Ledger {
    /// Where it is kept.
    pub store: Store,
    /// Hashes Message-IDs and receivers.
    pub hasher: KeyedHasher,
}

impl Ledger {
    /// Writes mails down; one that is there already stays as it is. Gives how many are new; `None`
    /// where others wrote the same mails all the while, and nothing was written.
    pub async fn write(
        &self,
        mails: &[SentMail],
        now: Micros,
    ) -> Result<Option<usize>, StoreError> {
        let mut puts: Vec<Put> = Vec::new();
        for mail in mails {
            let put = self.put(mail, now);
            if puts.iter().all(|known| known.id != put.id) {
                puts.push(put);
            }
        }
        for _ in 0..TRIES {
            let mut new = Vec::new();
            for put in &puts {
                if self.store.document(put.kind, put.id).await?.is_none() {
                    new.push(put.clone());
                }
            }
            let count = new.len();
            let changes = Changes { puts: new, ..Changes::default() };
            if count == 0 || self.store.apply(&changes, now).await? == Applied::Done {
                return Ok(Some(count));
            }
        }
        Ok(None)
    }

    /// What is known of the mail with this Message-ID. `asking` are the addresses of who asks, where
    /// that is known.
    pub async fn find(
        &self,
        message_id: &str,
        raw: &[u8],
        asking: Option<&[Receiver]>,
    ) -> Result<Option<Sent>, StoreError> {
        let id = self.id(message_id);
        let Some(document) = self.store.document(DocumentKind::SentMail, id).await? else {
            return Ok(None);
        };
        let Ok(kept) = serde_json::from_slice::<Kept>(&document.body) else { return Ok(None) };
        let went_to = |receiver: &Receiver| kept.to.contains(&receiver.name(&self.hasher));
        let is_theirs = asking.is_none_or(|asking| asking.iter().any(went_to));
        Ok(Some(match kept.body.as_deref().and_then(BodyHash::read) {
            Some(body) if body != BodyHash::of_mail(raw) => Sent::OtherContent,
            _ if !is_theirs => Sent::ToAnother,
            Some(_) => Sent::Ours,
            None => Sent::ContentUnknown,
        }))
    }

    fn put(&self, mail: &SentMail, now: Micros) -> Put {
        let to = mail.to.iter().map(|receiver| receiver.name(&self.hasher)).collect();
        let body = mail.body.map(|body| BASE64.encode(body.0));
        let kept = Kept { to, kind: mail.kind.clone(), at: mail.at, body };
        Put {
            kind: DocumentKind::SentMail,
            id: self.id(&mail.message_id),
            account: None,
            seen: None,
            state: 0,
            rank: 0,
            due_at: None,
            expires_at: Some(now.plus(KEPT)),
            // Strings and numbers only: it cannot fail.
            body: serde_json::to_vec(&kept).unwrap_or_default(),
            names: None,
        }
    }

    fn id(&self, message_id: &str) -> u128 {
        let id = message_id.trim().trim_start_matches('<').trim_end_matches('>').trim();
        self.hasher.wide(Field::Other, format!("message-id\0{id}").as_bytes())
    }
}

impl House {
    /// Whether the store sent the mail that was checked; `None` where the ledger has nothing to say.
    /// It says nothing of whether the mail is genuine where the content is another (C1).
    pub(crate) async fn did_we_send(
        &self,
        raw: &[u8],
        checked: &Checked,
        asking: Option<&[Receiver]>,
    ) -> Result<Option<Sent>, Problem> {
        let ledger = Ledger { store: self.store.clone(), hasher: self.hasher.clone() };
        let found = match checked.mail.message_id() {
            Some(id) => ledger.find(id, raw, asking).await?,
            None => None,
        };
        let is_complete = self.config.said.text("sent-mail-ledger") == "complete";
        let missing = is_complete && self.poses_as_us(checked);
        Ok(found.or_else(|| missing.then_some(Sent::NotFound)))
    }

    /// The mail says that it comes from the store.
    fn poses_as_us(&self, checked: &Checked) -> bool {
        let mut domains = self.config.said.text("official-domains").split(',').map(str::trim);
        let facts = checked.report.reasons.iter().flat_map(|reason| &reason.facts);
        domains.any(|domain| domain.eq_ignore_ascii_case(checked.mail.sender_domain()))
            || facts.into_iter().any(|fact| fact.name == "brand" && fact.value == OWN_BRAND)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn c2_a_body_is_hashed_as_dkim_does_however_its_lines_end() {
        // RFC 8463, appendix A.
        let body = "Hi.\n\nWe lost the game.  Are you hungry yet?\n\nJoe.\n";
        let mail = format!("Subject: Is dinner ready?\n\n{body}");
        let expected = BodyHash::read("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=").unwrap();
        for raw in [mail.clone(), mail.replace('\n', "\r\n"), format!("{mail}\n\n")] {
            assert_eq!(BodyHash::of_mail(raw.as_bytes()), expected);
        }
        let other = mail.replace("hungry", "angry");
        assert_ne!(BodyHash::of_mail(other.as_bytes()), expected);
        let _ = BodyHash::of_mail(b"");
    }

    #[test]
    fn a_receiver_is_the_same_in_capitals() {
        assert_eq!(Receiver::at("Hanako@Example.jp"), Receiver::at("hanako@example.jp"));
        assert_eq!(Receiver::at("hanako@example.jp").unwrap().0, sha256(b"hanako@example.jp"));
        assert_eq!(Receiver::at("nobody"), None);
    }
}
