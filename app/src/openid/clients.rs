//! The stores' clients: registered by an operator, known by id, secrets kept as hashes only.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::keyed::{Field, KeyedHasher};
use domain::openid::redirect;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, Document, DocumentKind, Put, Store, StoreError};

use super::keys::Algorithm;
use super::params::Params;
use super::refusal::Refusal;
use crate::http::House;
use crate::id;
use crate::world::World;

/// Most clients of an instance.
pub const CLIENTS_MAX: u32 = 500;
const URIS_MAX: usize = 50;
const NAME_MAX: usize = 200;

/// What a client can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// A server that keeps a secret.
    #[default]
    Confidential,
    /// A page in a browser: no secret.
    Public,
    /// An app on a device: no secret, answers to loopback ports or a scheme of its own (RFC 8252).
    Native,
}

/// What an operator says of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// For operators and customers: 1 to 200 characters.
    pub name: String,
    /// What it can keep.
    #[serde(default)]
    pub kind: ClientKind,
    /// Where answers may go, each in full.
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it hears that a session has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// How its ID tokens are signed.
    #[serde(default)]
    pub id_token_signed_response_alg: Algorithm,
    /// It may ask for `offline_access`.
    #[serde(default)]
    pub refresh: bool,
    /// It gets a `sub` of its own for each account.
    #[serde(default)]
    pub pairwise: bool,
}

/// A field of a registration that does not fit: its JSON pointer, and why.
pub type Misfit = (String, String);

impl Registration {
    /// Finds the first field that does not fit.
    pub fn check(&self) -> Result<(), Misfit> {
        let misfit = |pointer: &str, why: &str| Err((pointer.to_owned(), why.to_owned()));
        if !(1..=NAME_MAX).contains(&self.name.chars().count()) {
            return misfit("/name", "1 to 200 characters");
        }
        if !(1..=URIS_MAX).contains(&self.redirect_uris.len()) {
            return misfit("/redirect_uris", "1 to 50");
        }
        if self.post_logout_redirect_uris.len() > URIS_MAX {
            return misfit("/post_logout_redirect_uris", "at most 50");
        }
        let native = self.is_native();
        let all = [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ];
        for (name, uris) in all {
            for (at, uri) in uris.iter().enumerate() {
                redirect::fit(uri, native)
                    .map_err(|unfit| (format!("/{name}/{at}"), unfit.to_string()))?;
            }
        }
        let back = self.backchannel_logout_uri.as_deref().map(|uri| redirect::fit(uri, false));
        match back {
            Some(Err(unfit)) => misfit("/backchannel_logout_uri", &unfit.to_string()),
            _ => Ok(()),
        }
    }

    pub(super) fn is_native(&self) -> bool {
        self.kind == ClientKind::Native
    }

    pub(super) fn allows(&self, uri: &str) -> bool {
        redirect::allows(&self.redirect_uris, uri, self.is_native())
    }
}

#[derive(Serialize, Deserialize)]
struct Body {
    registration: Registration,
    /// Keyed hash of the secret.
    secret: Option<u128>,
}

/// A client as it is kept.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its number; `client_…` outside.
    pub number: u128,
    /// What an operator says of it.
    pub registration: Registration,
    /// When it was made.
    pub created_at: Micros,
    secret: Option<u128>,
    version: u64,
}

impl Client {
    /// `client_id`.
    pub fn id(&self) -> String {
        id::show("client", self.number)
    }

    fn read(document: &Document) -> Result<Self, StoreError> {
        let Body { registration, secret } = serde_json::from_slice(&document.body)
            .map_err(|_| StoreError::Corrupt { table: "documents", id: document.id.to_string() })?;
        let Document { id: number, created_at, version, .. } = *document;
        Ok(Self { number, registration, created_at, secret, version })
    }

    fn put(&self, is_new: bool) -> Put {
        let body = Body { registration: self.registration.clone(), secret: self.secret };
        Put {
            kind: DocumentKind::Client,
            id: self.number,
            account: None,
            seen: (!is_new).then_some(self.version),
            state: 0,
            rank: self.created_at.0,
            due_at: None,
            expires_at: None,
            body: serde_json::to_vec(&body).unwrap_or_default(),
            names: None,
        }
    }
}

/// The clients of an instance.
pub struct Clients<'a> {
    /// Where they are kept.
    pub store: &'a Store,
    /// Hashes their secrets.
    pub hasher: &'a KeyedHasher,
    /// Time and chance.
    pub world: &'a World,
}

impl Clients<'_> {
    /// All, oldest first.
    pub async fn all(&self) -> Result<Vec<Client>, StoreError> {
        let found = self.store.documents_in(DocumentKind::Client, 0, None, CLIENTS_MAX).await?;
        found.iter().map(Client::read).collect()
    }

    /// The client of this id.
    pub async fn find(&self, client_id: &str) -> Result<Option<Client>, StoreError> {
        let Some(number) = id::read("client", client_id) else { return Ok(None) };
        // An id reads in more than one spelling; only the one we gave is a client's.
        if id::show("client", number) != client_id {
            return Ok(None);
        }
        let found = self.store.document(DocumentKind::Client, number).await?;
        found.as_ref().map(Client::read).transpose()
    }

    /// Makes one; its secret, if it can keep one, is told here and never again. Check first.
    pub async fn create(
        &self,
        registration: Registration,
    ) -> Result<(Client, Option<String>), StoreError> {
        let (number, created_at) = (self.world.uuid(), self.world.now());
        let mut client = Client { number, registration, created_at, secret: None, version: 0 };
        let secret = self.new_secret(&mut client);
        self.write(client.put(true)).await?;
        Ok((client, secret))
    }

    /// Gives a client another registration; `false` when somebody else was faster.
    pub async fn change(&self, client: &Client) -> Result<bool, StoreError> {
        self.write(client.put(false)).await
    }

    /// Gives a client a new secret; the old one is dead at once. `None` for one that has none.
    pub async fn rotate_secret(&self, client: &Client) -> Result<Option<String>, StoreError> {
        let mut client = client.clone();
        let secret = self.new_secret(&mut client);
        Ok(if self.write(client.put(false)).await? { secret } else { None })
    }

    /// Removes a client; its codes and tokens are dead with it.
    pub async fn remove(&self, client: &Client) -> Result<(), StoreError> {
        let removals = vec![(DocumentKind::Client, client.number, None)];
        let changes = Changes { removals, ..Changes::default() };
        self.store.apply(&changes, self.world.now()).await.map(drop)
    }

    fn new_secret(&self, client: &mut Client) -> Option<String> {
        if client.registration.kind != ClientKind::Confidential {
            client.secret = None;
            return None;
        }
        let secret = format!("cs_{}", random(self.world));
        client.secret = Some(hash(self.hasher, "client secret", &secret));
        Some(secret)
    }

    async fn write(&self, put: Put) -> Result<bool, StoreError> {
        let changes = Changes { puts: vec![put], ..Changes::default() };
        Ok(self.store.apply(&changes, self.world.now()).await? == Applied::Done)
    }
}

impl House {
    /// The clients of this instance.
    pub(crate) fn clients(&self) -> Clients<'_> {
        Clients { store: &self.store, hasher: &self.hasher, world: &self.world }
    }

    /// The client that calls: `client_secret_basic`, `client_secret_post`, or `none`.
    pub(super) async fn calling_client(
        &self,
        headers: &HeaderMap,
        params: &Params,
    ) -> Result<Client, Refusal> {
        let basic = basic(headers)?;
        let (id, secret) = match (&basic, params.get("client_id")) {
            // Two ways at once (RFC 6749 §2.3).
            (Some(_), _) if params.get("client_secret").is_some() => {
                return Err(Refusal::invalid_request("the client shows itself in two ways"));
            }
            (Some((id, _)), Some(other)) if id != other => return Err(Refusal::invalid_client()),
            (Some((id, secret)), _) => (id.as_str(), Some(secret.as_str())),
            (None, Some(id)) => (id, params.get("client_secret")),
            (None, None) => return Err(Refusal::invalid_client()),
        };
        let client = self.clients().find(id).await?.ok_or_else(Refusal::invalid_client)?;
        // What is compared is a keyed hash: how far two of them agree says nothing about a secret.
        let shown = secret.map(|secret| hash(&self.hasher, "client secret", secret));
        if shown == client.secret { Ok(client) } else { Err(Refusal::invalid_client()) }
    }
}

/// Id and secret of an `Authorization: Basic`, each form-encoded (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let read = || {
        let (scheme, text) = value.to_str().ok()?.split_once(' ')?;
        let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
        let (id, secret) = text.split_once(':')?;
        scheme.eq_ignore_ascii_case("basic").then(|| Some((decoded(id)?, decoded(secret)?)))?
    };
    read().map(Some).ok_or_else(Refusal::invalid_client)
}

fn decoded(text: &str) -> Option<String> {
    let pair = format!("v={text}");
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    let (_, value) = pairs.next()?;
    pairs.next().is_none().then(|| value.into_owned())
}

/// 256 bits of chance.
pub(super) fn random(world: &World) -> String {
    let mut bytes = [0; 32];
    world.random(&mut bytes);
    id::base32(&bytes)
}

/// A keyed hash of a secret; the same text hashes differently for each `purpose`.
pub(super) fn hash(hasher: &KeyedHasher, purpose: &str, secret: &str) -> u128 {
    hasher.wide(Field::Other, format!("openid\0{purpose}\0{secret}").as_bytes())
}
