//! The keys that sign: made here, sealed in the store, changed before they are old.
//!
//! `ring` signs and checks; `rsa` only makes RSA keys, which `ring` cannot.

use std::convert::Infallible;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use domain::openid::key::{Plan, plan};
use domain::time::{MINUTE, Micros};
use ring::digest::{SHA256, digest};
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Changes, Document, DocumentKind, Put};
use tokio::sync::Mutex;

use crate::http::House;
use crate::http::problem::Problem;
use crate::world::{World, ring_chance};

/// How long what was read of the keys holds.
const STALE: i64 = MINUTE;
/// Bits of an RSA modulus (SP 800-57: 112 bits of strength).
const RSA_BITS: usize = 2048;
const KEYS_MAX: u32 = 64;

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default, utoipa::ToSchema)]
pub enum Algorithm {
    /// What every client must know (`OpenID` Connect Core §15.1).
    #[default]
    RS256,
    /// Shorter and faster.
    ES256,
}

impl Algorithm {
    const ALL: [Self; 2] = [Self::RS256, Self::ES256];

    const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Body {
    algorithm: Algorithm,
    pkcs8: String,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

struct SigningKey {
    document: u128,
    algorithm: Algorithm,
    from: Micros,
    pair: Pair,
    kid: String,
    jwk: Value,
}

/// The keys of an instance, as they were last read.
#[derive(Default)]
pub struct SigningKeys(Mutex<Option<(Micros, Arc<Held>)>>);

/// Keys that are published, and which of them sign.
pub(super) struct Held {
    keys: Vec<SigningKey>,
    signs: [Option<usize>; 2],
}

impl SigningKeys {
    /// The keys now; makes those that are due, and removes those that nobody needs.
    pub(super) async fn of(&self, house: &House) -> Result<Arc<Held>, Problem> {
        let mut kept = self.0.lock().await;
        let now = house.world.now();
        if let Some((read_at, held)) = kept.as_ref()
            && (0..STALE).contains(&now.since(*read_at))
        {
            return Ok(Arc::clone(held));
        }
        let held = Arc::new(read(house, now).await?);
        *kept = Some((now, Arc::clone(&held)));
        Ok(held)
    }
}

async fn read(house: &House, now: Micros) -> Result<Held, Problem> {
    loop {
        let documents =
            house.store.documents_in(DocumentKind::SigningKey, 0, None, KEYS_MAX).await?;
        let mut all = Vec::with_capacity(documents.len());
        for document in &documents {
            all.push(SigningKey::open(document).ok_or_else(unreadable)?);
        }
        let mut held = Held { keys: Vec::new(), signs: [None; 2] };
        let (mut changes, mut made) = (Changes::default(), false);
        for algorithm in Algorithm::ALL {
            let (own, others) = all.into_iter().partition(|key| key.algorithm == algorithm);
            all = others;
            let own: Vec<SigningKey> = own;
            let from: Vec<Micros> = own.iter().map(|key| key.from).collect();
            let Plan { signs, published, make } = plan(&from, now);
            if let Some(from) = make {
                let last = own.iter().map(|key| key.document).max();
                let id = last.map_or((algorithm as u128) << 64, |last| last + 1);
                changes.puts.push(new_key(house, algorithm, id, from).await?);
                made = true;
            }
            for (at, key) in own.into_iter().enumerate() {
                if !published.contains(&at) {
                    changes.removals.push((DocumentKind::SigningKey, key.document, None));
                    continue;
                }
                if signs == Some(at)
                    && let Some(place) = held.signs.get_mut(algorithm as usize)
                {
                    *place = Some(held.keys.len());
                }
                held.keys.push(key);
            }
        }
        if made || !changes.removals.is_empty() {
            // Lost to another node or not: what stands there now is read.
            house.store.apply(&changes, now).await?;
        }
        if !made {
            return Ok(held);
        }
    }
}

async fn new_key(
    house: &House,
    algorithm: Algorithm,
    id: u128,
    from: Micros,
) -> Result<Put, Problem> {
    let world = house.world.clone();
    let made = tokio::task::spawn_blocking(move || make(algorithm, &world)).await;
    let pkcs8 = made.ok().flatten().ok_or_else(unreadable)?;
    let body = Body { algorithm, pkcs8: BASE64URL.encode(pkcs8) };
    Ok(Put {
        kind: DocumentKind::SigningKey,
        id,
        account: None,
        seen: None,
        state: 0,
        rank: from.0,
        due_at: None,
        expires_at: None,
        body: serde_json::to_vec(&body).map_err(|error| Problem::internal(&error))?,
        names: None,
    })
}

fn make(algorithm: Algorithm, world: &World) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::RS256 => {
            let key = rsa::RsaPrivateKey::new(&mut Chance(world), RSA_BITS).ok()?;
            Some(key.to_pkcs8_der().ok()?.as_bytes().to_vec())
        }
        Algorithm::ES256 => {
            let made =
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &ring_chance());
            Some(made.ok()?.as_ref().to_vec())
        }
    }
}

/// Chance as `rsa` takes it.
struct Chance<'a>(&'a World);

impl TryRng for Chance<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.random(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.random(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.random(out);
        Ok(())
    }
}

impl TryCryptoRng for Chance<'_> {}

impl SigningKey {
    fn open(document: &Document) -> Option<Self> {
        let body: Body = serde_json::from_slice(&document.body).ok()?;
        let pkcs8 = BASE64URL.decode(body.pkcs8).ok()?;
        let (pair, mut jwk) = match body.algorithm {
            Algorithm::RS256 => {
                let pair = RsaKeyPair::from_pkcs8(&pkcs8).ok()?;
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                let jwk = json!({ "e": BASE64URL.encode(public.e), "kty": "RSA",
                                  "n": BASE64URL.encode(public.n) });
                (Pair::Rsa(Box::new(pair)), jwk)
            }
            Algorithm::ES256 => {
                let pair = EcdsaKeyPair::from_pkcs8(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    &pkcs8,
                    &ring_chance(),
                );
                let pair = pair.ok()?;
                let (_, point) = pair.public_key().as_ref().split_first()?;
                let (x, y) = point.split_at_checked(32)?;
                let jwk = json!({ "crv": "P-256", "kty": "EC", "x": BASE64URL.encode(x),
                                  "y": BASE64URL.encode(y) });
                (Pair::Ec(Box::new(pair)), jwk)
            }
        };
        // RFC 7638: the members stand in the order of their names.
        let kid = BASE64URL.encode(digest(&SHA256, jwk.to_string().as_bytes()));
        let members = jwk.as_object_mut()?;
        members.insert("kid".to_owned(), kid.clone().into());
        members.insert("alg".to_owned(), body.algorithm.name().into());
        members.insert("use".to_owned(), "sig".into());
        let algorithm = body.algorithm;
        Some(Self { document: document.id, algorithm, from: Micros(document.rank), pair, kid, jwk })
    }

    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &ring_chance(), message, &mut signature).ok()?;
                Some(signature)
            }
            Pair::Ec(pair) => Some(pair.sign(&ring_chance(), message).ok()?.as_ref().to_vec()),
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.pair {
            Pair::Rsa(pair) => {
                let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public());
                key.verify(message, signature)
            }
            Pair::Ec(pair) => {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key());
                key.verify(message, signature)
            }
        };
        verified.is_ok()
    }
}

impl Held {
    /// The key set (RFC 7517 §5).
    pub(super) fn set(&self) -> Value {
        json!({ "keys": self.keys.iter().map(|key| &key.jwk).collect::<Vec<_>>() })
    }

    /// A signed token (RFC 7515 §7.1) of the type `typ`.
    pub(super) fn sign(
        &self,
        algorithm: Algorithm,
        typ: &str,
        claims: &Value,
    ) -> Result<String, Problem> {
        let place = self.signs.get(algorithm as usize).copied().flatten();
        let key = place.and_then(|at| self.keys.get(at)).ok_or_else(unreadable)?;
        let header = json!({ "alg": algorithm.name(), "typ": typ, "kid": key.kid });
        let part = |value: &Value| BASE64URL.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = key.sign(message.as_bytes()).ok_or_else(unreadable)?;
        Ok(format!("{message}.{}", BASE64URL.encode(signature)))
    }

    /// The claims of a token that we signed, whether or not it has expired. The algorithm is the
    /// key's own: what the token's header says of it is not read.
    pub(super) fn verified(&self, token: &str) -> Option<Value> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header: Value = serde_json::from_slice(&BASE64URL.decode(header).ok()?).ok()?;
        let kid = header.get("kid")?.as_str()?;
        let key = self.keys.iter().find(|key| key.kid == kid)?;
        let signature = BASE64URL.decode(signature).ok()?;
        if !key.verify(message.as_bytes(), &signature) {
            return None;
        }
        serde_json::from_slice(&BASE64URL.decode(claims).ok()?).ok()
    }
}

fn unreadable() -> Problem {
    let mut problem = Problem::new(crate::http::problem::Kind::Internal, "");
    problem.cause = Some("a signing key cannot be made, read or used".to_owned());
    problem
}
