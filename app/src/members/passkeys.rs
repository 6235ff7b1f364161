//! Passkeys of members: the site they are for, and ceremonies that wait for the browser.
//!
//! A ceremony is kept on the server, bound to the guest who began it and to what it is for. It is
//! taken away when it is read: whatever came of it, its challenge is never answered twice.

use domain::keyed::{AccountKey, Field};
use domain::member::{self, Member};
use domain::session::Proof;
use domain::time::{MINUTE, Micros};
use factors::passkey::{
    Authentication, CreationChallengeResponse, Passkey, PublicKeyCredential, Refused,
    RegisterPublicKeyCredential, Registration, RequestChallengeResponse, Site,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, DocumentKind, Put, StoreError};
use uuid::Uuid;

use super::{Found, Members};

/// How long a browser has to answer.
const LIFE: i64 = 5 * MINUTE;

/// What a ceremony is for. It counts for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A session of whoever answers.
    SignIn,
    /// One more proof for this attempt.
    Prove(u128),
    /// One more passkey of this session's account.
    Add(u128),
}

/// What the library wants back.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    Register(Registration),
    Authenticate(Authentication),
}

/// A ceremony as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    purpose: Purpose,
    guest: u128,
    step: Step,
}

/// What the browser is given.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Options {
    /// For `navigator.credentials.create`.
    Create(Box<CreationChallengeResponse>),
    /// For `navigator.credentials.get`.
    Get(Box<RequestChallengeResponse>),
}

/// A passkey answered right.
pub struct Proven {
    /// The member with its passkey brought up to date.
    pub member: Member,
    /// What that counts for.
    pub proof: Proof,
    /// Since when the member has it.
    pub since: Micros,
}

/// The site of passkeys: the host that customers see. `None` for an address or without TLS, where no
/// browser would make any.
pub fn site_of(public_url: &str, store_name: &str) -> Option<Site> {
    let url = url::Url::parse(public_url).ok()?;
    let host = url.domain()?;
    let is_secure = url.scheme() == "https" || host == "localhost";
    is_secure.then(|| Site::new(host, &url, store_name).ok()).flatten()
}

impl Members {
    /// Whose passkey this is.
    pub async fn by_passkey(&self, id: u128) -> Result<Option<Found>, StoreError> {
        let document = self.store.document_named(DocumentKind::Member, id).await?;
        Ok(document.as_ref().and_then(|document| self.read(document)))
    }

    /// The number under which a passkey is kept and found.
    pub fn passkey_id(&self, credential_id: &[u8]) -> u128 {
        self.hasher.wide(Field::Secret, &[b"passkey\0", credential_id].concat())
    }

    /// What the device keeps of an account: it says nothing about the person.
    pub fn passkey_handle(&self, account: AccountKey) -> Uuid {
        let bound = format!("passkey handle\0{:032x}", account.0);
        Uuid::from_u128(self.hasher.wide(Field::Account, bound.as_bytes()))
    }

    /// Begins a sign-in of whoever answers.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn begin_discoverable(&self, site: &Site, guest: u128) -> Result<Ceremony, Refused> {
        let (options, state) = site.start_discoverable()?;
        let options = Options::Get(Box::new(options));
        Ok(self.ceremony(Purpose::SignIn, guest, Step::Authenticate(state), options))
    }

    /// Begins one more proof of `found`.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn begin_proof(
        &self,
        site: &Site,
        found: &Found,
        (attempt, guest): (u128, u128),
    ) -> Result<Ceremony, Refused> {
        let (options, state) = site.start_authentication(&kept(&found.member))?;
        let options = Options::Get(Box::new(options));
        Ok(self.ceremony(Purpose::Prove(attempt), guest, Step::Authenticate(state), options))
    }

    /// Begins one more passkey of `found`.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn begin_adding(
        &self,
        site: &Site,
        found: &Found,
        (session, guest): (u128, u128),
    ) -> Result<Ceremony, Refused> {
        let member = &found.member;
        // Shown by the device beside the passkey, and kept there alone.
        let login = member.contacts().next().map_or(&member.account, |contact| &contact.value);
        let shown = if member.name.is_empty() { login } else { &member.name };
        let handle = self.passkey_handle(found.account);
        let names = (login.as_str(), shown.as_str());
        let (options, state) = site.start_registration(handle, names, &kept(member))?;
        let options = Options::Create(Box::new(options));
        Ok(self.ceremony(Purpose::Add(session), guest, Step::Register(state), options))
    }

    fn ceremony(&self, purpose: Purpose, guest: u128, step: Step, options: Options) -> Ceremony {
        let id = self.world.uuid();
        let kept = Kept { purpose, guest, step };
        let put = Put {
            kind: DocumentKind::Ceremony,
            id,
            account: None,
            seen: None,
            state: 0,
            rank: 0,
            due_at: None,
            expires_at: Some(self.world.now().plus(LIFE)),
            body: serde_json::to_vec(&kept).unwrap_or_default(),
            names: None,
        };
        Ceremony { id, options, put }
    }

    /// The authentication that this guest has begun for this purpose; it is gone now.
    pub async fn authentication(
        &self,
        id: u128,
        guest: u128,
        purpose: Purpose,
    ) -> Result<Option<Authentication>, StoreError> {
        Ok(match self.take(id, guest, purpose).await? {
            Some(Step::Authenticate(state)) => Some(state),
            Some(Step::Register(_)) | None => None,
        })
    }

    /// The registration that this guest has begun for this purpose; it is gone now.
    pub async fn registration(
        &self,
        id: u128,
        guest: u128,
        purpose: Purpose,
    ) -> Result<Option<Registration>, StoreError> {
        Ok(match self.take(id, guest, purpose).await? {
            Some(Step::Register(state)) => Some(state),
            Some(Step::Authenticate(_)) | None => None,
        })
    }

    async fn take(
        &self,
        id: u128,
        guest: u128,
        purpose: Purpose,
    ) -> Result<Option<Step>, StoreError> {
        let Some(document) = self.store.document(DocumentKind::Ceremony, id).await? else {
            return Ok(None);
        };
        let now = self.world.now();
        let kept = serde_json::from_slice::<Kept>(&document.body).ok();
        let in_time = document.expires_at.is_some_and(|end| now < end);
        let own = |kept: &Kept| kept.guest == guest && kept.purpose == purpose && in_time;
        let Some(kept) = kept.filter(own) else { return Ok(None) };
        let removals = vec![(DocumentKind::Ceremony, id, Some(document.version))];
        let changes = Changes { removals, ..Changes::default() };
        // Of two answers at once, one is looked at.
        let first = self.store.apply(&changes, now).await? == Applied::Done;
        Ok(first.then_some(kept.step))
    }

    /// Whether `answer` proves `found`.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn prove_by_passkey(
        &self,
        site: &Site,
        found: &Found,
        (answer, state): (&PublicKeyCredential, Authentication),
    ) -> Result<Proven, Refused> {
        let mut keys = kept(&found.member);
        let accepted = site.finish_authentication(answer, state, &mut keys)?;
        let key = keys.get(accepted.index).ok_or(Refused::Unknown)?;
        let id = self.passkey_id(key.credential_id());
        let mut member = found.member.clone();
        let used = member.passkeys.iter_mut().find(|passkey| passkey.id == id);
        let used = used.ok_or(Refused::Unknown)?;
        used.last_used = Some(self.world.now());
        let since = used.since;
        used.credential = written(key);
        Ok(Proven { member, proof: Proof::Passkey { is_synced: accepted.is_synced }, since })
    }

    /// The passkey that `answer` makes, called `name`.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn new_passkey(
        &self,
        site: &Site,
        (answer, state): (&RegisterPublicKeyCredential, &Registration),
        name: String,
    ) -> Result<member::Passkey, Refused> {
        let key = site.finish_registration(answer, state)?;
        let id = self.passkey_id(key.credential_id());
        let (credential, since) = (written(&key), self.world.now());
        Ok(member::Passkey { id, name, credential, since, last_used: None })
    }
}

/// A ceremony that begins.
pub struct Ceremony {
    /// Its number.
    pub id: u128,
    /// What the browser is given.
    pub options: Options,
    /// What is to be written.
    pub put: Put,
}

/// A passkey as `factors` knows it; `None` for one that cannot be read.
pub fn read(passkey: &member::Passkey) -> Option<Passkey> {
    serde_json::from_str(&passkey.credential).ok()
}

fn written(key: &Passkey) -> String {
    serde_json::to_string(key).unwrap_or_default()
}

fn kept(member: &Member) -> Vec<Passkey> {
    member.passkeys.iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_a_name_behind_tls() {
        for url in ["https://id.shop.example/", "http://localhost:8470"] {
            assert!(site_of(url, "Shop").is_some(), "{url}");
        }
        for url in ["", "http://shop.example", "https://192.0.2.1", "https://[::1]:8470"] {
            assert!(site_of(url, "Shop").is_none(), "{url}");
        }
    }
}
