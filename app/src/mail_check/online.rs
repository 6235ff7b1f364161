//! Whether a mail's own signatures hold, asked of the name service: DKIM (RFC 6376, RFC 8463) and
//! DMARC (RFC 9989). Off unless the operator or the caller asks for it: a question about a name tells
//! whoever serves the name that somebody looks at the mail.
//!
//! Only what speaks for a mail comes of it: a signature that does not hold may have been broken on
//! the way, its key may be gone. SPF is about a connection that is long over; of that a saved mail
//! has only headers that anybody can write (docs/decisions/0162).

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use mail::Results;
use mail_auth::common::crypto::Algorithm;
use mail_auth::dkim::Signature;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::hickory_resolver::config::ResolverOpts;
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use mail_auth::{
    AuthenticatedMessage, DkimResult, DmarcResult, MessageAuthenticator, Parameters, ResolverCache,
    SpfOutput, Txt,
};

use crate::sent_mail::with_crlf;

/// Signatures of one mail that are looked at. With more of them nothing is: each may want the whole
/// body hashed again.
const SIGNATURES_MAX: usize = 16;
/// Longest wait for one answer, and for all about one mail.
const ANSWER: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(6);

/// Asks the name service about mails. `K` knows answers beforehand.
pub struct Online<K = KnowsNothing> {
    names: MessageAuthenticator,
    known: K,
}

/// The resolver keeps answers itself.
pub struct KnowsNothing;

impl ResolverCache<Box<str>, Txt> for KnowsNothing {
    fn get<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// There is no resolver to ask.
#[derive(Debug, thiserror::Error)]
#[error("the resolver of this machine cannot be used: {0}")]
pub struct NoResolver(String);

impl Online {
    /// With the resolver that this machine uses.
    pub fn of_system() -> Result<Self, NoResolver> {
        let failed = |error: &dyn std::error::Error| NoResolver(error.to_string());
        let (config, mut options): (_, ResolverOpts) =
            read_system_conf().map_err(|error| failed(&error))?;
        options.timeout = ANSWER;
        options.attempts = 1;
        let names = MessageAuthenticator::new(config, options).map_err(|error| failed(&error))?;
        Ok(Self { names, known: KnowsNothing })
    }

    /// The results for a mail, found beside the threads that answer.
    pub async fn ask(self: &Arc<Self>, raw: Bytes) -> Option<Results> {
        let (online, runtime) = (Arc::clone(self), tokio::runtime::Handle::current());
        let work = move || runtime.block_on(online.results(&raw));
        tokio::task::spawn_blocking(work).await.ok().flatten()
    }
}

impl<K: ResolverCache<Box<str>, Txt>> Online<K> {
    /// What the name service says of the signatures of `raw` that are of the sender's organisation;
    /// `None` where it could not be asked, or nothing is there to ask about.
    pub async fn results(&self, raw: &[u8]) -> Option<Results> {
        let raw = with_crlf(raw);
        if signatures(&raw) == 0 || signatures(&raw) > SIGNATURES_MAX {
            return None;
        }
        let mut mail = AuthenticatedMessage::parse(&raw)?;
        let sender = sender(&mail)?;
        // A domain that signs for somebody else says nothing of the sender, and is not asked.
        mail.dkim_headers.retain(|one| is_whole(&one.header) && aligned(&one.header, &sender));
        if mail.dkim_headers.is_empty() {
            return None;
        }
        tokio::time::timeout(PATIENCE, self.verify(&mail, sender)).await.ok().flatten()
    }

    async fn verify(&self, mail: &AuthenticatedMessage<'_>, sender: String) -> Option<Results> {
        let asked = Parameters::new(mail).with_txt_cache(&self.known);
        let signed = self.names.verify_dkim(asked).await;
        let passed = signed.iter().filter(|one| *one.result() == DkimResult::Pass);
        let dkim: Vec<String> = passed
            .filter_map(|one| one.signature().map(|signature| signature.d.to_ascii_lowercase()))
            .collect();
        if dkim.is_empty() {
            return None;
        }
        let spf = SpfOutput::default();
        let asked = DmarcParameters::new(mail, &signed, &sender, &spf);
        let asked = Parameters::new(asked).with_txt_cache(&self.known);
        let said = self.names.verify_dmarc(asked).await;
        match said.dkim_result() {
            DmarcResult::Pass => {
                Some(Results { dmarc: Some(true), from: Some(sender), dkim, spf: None })
            }
            // No policy: the signature speaks for itself.
            DmarcResult::None => Some(Results { dmarc: None, from: Some(sender), dkim, spf: None }),
            // The domain wants a stricter alignment, or could not be asked.
            DmarcResult::Fail(_) | DmarcResult::TempError(_) | DmarcResult::PermError(_) => None,
        }
    }
}

/// The domain of the only sender of a mail with one subject: a second one may be what a reader sees
/// while the first is what was signed (RFC 6376 §8.15).
fn sender(mail: &AuthenticatedMessage<'_>) -> Option<String> {
    let count = |wanted: &str| {
        let is_it = |name: &[u8]| name.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes());
        mail.headers.iter().filter(|(name, _)| is_it(name)).count()
    };
    if count("from") != 1 || count("subject") > 1 || mail.from.len() != 1 {
        return None;
    }
    let (_, domain) = mail.from.first()?.rsplit_once('@')?;
    Some(domain.to_ascii_lowercase())
}

/// It signs what a reader sees, all of it, and not with SHA-1 (RFC 8301).
fn is_whole(signature: &Signature) -> bool {
    let signs = |wanted: &str| signature.h.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    signs("from") && signs("subject") && signature.l == 0 && signature.a != Algorithm::RsaSha1
}

/// In relaxed alignment: of one organisation.
fn aligned(signature: &Signature, sender: &str) -> bool {
    let organisation = |domain: &str| mail::organisation(domain).to_owned();
    organisation(&signature.d.to_ascii_lowercase()) == organisation(sender)
}

/// How many signatures there are, of any kind.
fn signatures(raw: &[u8]) -> usize {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(raw.len());
    let head = raw.get(..end).unwrap_or_default();
    let kinds: [&[u8]; 4] =
        [b"dkim-signature", b"dkim2-signature", b"arc-message-signature", b"arc-seal"];
    let is_one = |line: &&[u8]| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        kinds.iter().any(|kind| name.trim_ascii().eq_ignore_ascii_case(kind))
    };
    head.split(|byte| *byte == b'\n').filter(is_one).count()
}

#[cfg(test)]
mod tests;
