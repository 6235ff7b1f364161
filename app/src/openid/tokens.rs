//! Families of tokens: what one code became, as one document. Only hashes of tokens are kept.

use domain::keyed::{AccountKey, Field};
use domain::openid::grant::{ACCESS_LIFE, FAMILY_LIFE, ID_TOKEN_LIFE};
use domain::time::{Micros, SECOND};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Document, DocumentKind, Put};

use super::clients::{Client, hash, random};
use super::sign_in::SignedIn;
use crate::http::House;
use crate::http::problem::Problem;
use crate::id;

/// Used refresh tokens that are still recognised.
const PAST_MAX: usize = 64;
/// Access tokens of one family that open at once.
const ACCESS_MAX: usize = 8;

/// What one code became.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Family {
    pub(super) client: u128,
    pub(super) session: SignedIn,
    pub(super) scopes: Vec<String>,
    pub(super) nonce: Option<String>,
    pub(super) current: Option<u128>,
    pub(super) past: Vec<u128>,
    /// Hashes of access tokens, with the time at which each closes.
    pub(super) access: Vec<(u128, Micros)>,
    pub(super) revoked: bool,
    pub(super) started_at: Micros,
    pub(super) used_at: Micros,
}

/// A family with its place.
pub(super) struct Kept {
    pub(super) id: u128,
    pub(super) version: Option<u64>,
    pub(super) family: Family,
}

impl Kept {
    pub(super) fn read(document: &Document) -> Result<Self, Problem> {
        let family =
            serde_json::from_slice(&document.body).map_err(|error| Problem::internal(&error))?;
        Ok(Self { id: document.id, version: Some(document.version), family })
    }

    pub(super) fn put(&self, house: &House) -> Put {
        let account = &self.family.session.account;
        Put {
            kind: DocumentKind::RefreshToken,
            id: self.id,
            account: Some((account_key(house, account), account.clone())),
            seen: self.version,
            state: i64::from(self.family.revoked),
            rank: self.family.started_at.0,
            due_at: None,
            expires_at: Some(self.family.started_at.plus(FAMILY_LIFE)),
            body: serde_json::to_vec(&self.family).unwrap_or_default(),
            names: None,
        }
    }

    /// Takes everything back.
    pub(super) fn revoke(&mut self) {
        self.family.revoked = true;
        self.family.access.clear();
    }

    /// Gives a new access token, and a refresh token in place of the last one where `refresh`.
    pub(super) fn give(&mut self, house: &House, refresh: bool, now: Micros) -> Given {
        let access = format!("{}_{}", id::show("at", self.id), random(&house.world));
        let family = &mut self.family;
        family.access.retain(|(_, closes_at)| *closes_at > now);
        if family.access.len() >= ACCESS_MAX {
            family.access.remove(0);
        }
        family.access.push((hash(&house.hasher, "access", &access), now.plus(ACCESS_LIFE)));
        family.used_at = now;
        let refresh = refresh.then(|| {
            let token = format!("{}_{}", id::show("rt", self.id), random(&house.world));
            let new = hash(&house.hasher, "refresh", &token);
            if let Some(used) = self.family.current.replace(new) {
                if self.family.past.len() >= PAST_MAX {
                    self.family.past.remove(0);
                }
                self.family.past.push(used);
            }
            token
        });
        Given { access, refresh }
    }
}

/// Tokens, in the only moment in which they are known.
pub(super) struct Given {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
}

/// The key of the account with this id of the store's.
pub(super) fn account_key(house: &House, account: &str) -> AccountKey {
    AccountKey(house.hasher.wide(Field::Account, account.as_bytes()))
}

/// `sid`: what a session is called at the stores.
pub(super) fn sid(house: &House, session: u128) -> String {
    id::base32(&hash(&house.hasher, "sid", &format!("{session:032x}")).to_be_bytes())
}

/// `sub`: the store's own account id, or one for this client alone.
pub(super) fn sub(house: &House, client: &Client, account: &str) -> String {
    if !client.registration.pairwise {
        return account.to_owned();
    }
    let pair = format!("{}\0{account}", client.number);
    id::base32(&hash(&house.hasher, "pairwise", &pair).to_be_bytes())
}

/// Claims of an ID token (`OpenID` Connect Core §2).
pub(super) fn id_claims(house: &House, client: &Client, family: &Family, now: Micros) -> Value {
    let seconds = now.0.div_euclid(SECOND);
    let session = &family.session;
    let mut claims = json!({
        "iss": house.issuer(),
        "sub": sub(house, client, &session.account),
        "aud": client.id(),
        "iat": seconds,
        "exp": seconds + ID_TOKEN_LIFE / SECOND,
        "auth_time": session.auth_time.0.div_euclid(SECOND),
        "acr": session.strength.acr(),
        "amr": session.amr,
        "sid": sid(house, session.session),
    });
    if let (Some(nonce), Some(members)) = (&family.nonce, claims.as_object_mut()) {
        members.insert("nonce".to_owned(), nonce.clone().into());
    }
    claims
}

impl House {
    /// The family that a token of `kind` (`at`, `rt`) names.
    pub(super) async fn family_of(&self, kind: &str, token: &str) -> Result<Option<Kept>, Problem> {
        let Some((named, _)) = token.rsplit_once('_') else { return Ok(None) };
        let Some(number) = id::read(kind, named) else { return Ok(None) };
        let found = self.store.document(DocumentKind::RefreshToken, number).await?;
        found.as_ref().map(Kept::read).transpose()
    }

    /// Whether the session behind a family lives.
    pub(super) async fn session_lives(&self, session: &SignedIn) -> Result<bool, Problem> {
        match self.openid.sign_in() {
            Some(source) => source.lives(&session.account, session.session).await,
            None => Ok(false),
        }
    }

    /// The family that an access token opens now, with its client and when the token closes.
    pub(super) async fn opened_by(
        &self,
        token: &str,
        now: Micros,
    ) -> Result<Option<(Kept, Client, Micros)>, Problem> {
        let Some(kept) = self.family_of("at", token).await? else { return Ok(None) };
        let shown = hash(&self.hasher, "access", token);
        let held = kept.family.access.iter().find(|(hash, _)| *hash == shown);
        let Some(closes_at) = held.map(|(_, at)| *at).filter(|at| *at > now) else {
            return Ok(None);
        };
        if kept.family.revoked || !self.session_lives(&kept.family.session).await? {
            return Ok(None);
        }
        let client = self.clients().find(&id::show("client", kept.family.client)).await?;
        Ok(client.map(|client| (kept, client, closes_at)))
    }
}
