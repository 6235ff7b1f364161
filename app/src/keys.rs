//! The keys that stores call with: only a hash is kept, and a revoked one is dead within seconds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::time::Micros;
use serde::{Deserialize, Serialize};

use crate::id::base32;
use crate::world::World;

/// What a key may do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Send events and ask for decisions.
    Decide,
    /// Read decisions, accounts, lists and policies.
    Read,
    /// What the support desk does.
    Desk,
    /// Keys, policies, lists, webhooks, erasure.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Decide, Self::Read, Self::Desk, Self::Admin];

    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Read => "read",
            Self::Desk => "desk",
            Self::Admin => "admin",
        }
    }

    /// The scope of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Public part, shown as `key_…`.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may do, sorted.
    pub scopes: Vec<Scope>,
    /// A test key: `sk_test_…`.
    pub test: bool,
    /// Hash of the secret part.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Micros,
    /// When it was revoked.
    pub revoked_at: Option<Micros>,
}

/// A new key, to be shown once. No `Debug`: its secret never reaches a log.
pub struct Minted {
    /// What is kept.
    pub key: Key,
    /// What its owner gets: `sk_live_<id>_<secret>`.
    pub token: String,
}

/// Makes a new key.
pub fn mint(world: &World, name: &str, mut scopes: Vec<Scope>, test: bool) -> Minted {
    scopes.sort_unstable();
    scopes.dedup();
    let (mut id, mut secret) = ([0; 10], [0; 32]);
    world.random(&mut id);
    world.random(&mut secret);
    let (id, secret) = (base32(&id), base32(&secret));
    let token = format!("sk_{}_{id}_{secret}", kind(test));
    let hash = *blake3::hash(secret.as_bytes()).as_bytes();
    let name = name.to_owned();
    let key = Key { id, name, scopes, test, hash, created_at: world.now(), revoked_at: None };
    Minted { key, token }
}

const fn kind(test: bool) -> &'static str {
    if test { "test" } else { "live" }
}

impl Key {
    /// Whether it may do what `scope` covers.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Which token bucket is its own.
    pub fn bucket(&self) -> u64 {
        self.hash.iter().take(8).fold(0, |bucket, byte| bucket << 8 | u64::from(*byte))
    }

    /// Whether `secret` is this key's, compared in constant time (`blake3::Hash` does).
    fn opens_with(&self, secret: &str) -> bool {
        blake3::hash(secret.as_bytes()) == blake3::Hash::from_bytes(self.hash)
    }
}

/// The keys in force, by id.
#[derive(Default)]
pub struct KeyRing(RwLock<Arc<HashMap<String, Arc<Key>>>>);

impl KeyRing {
    /// From now on exactly these are in force, save the revoked.
    pub fn replace(&self, keys: impl IntoIterator<Item = Key>) {
        let keys = keys.into_iter().filter(|key| key.revoked_at.is_none());
        let keys = keys.map(|key| (key.id.clone(), Arc::new(key))).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// The key that `token` is; `None` for a wrong, unknown or revoked one.
    pub fn find(&self, token: &str) -> Option<Arc<Key>> {
        let (id, secret, test) = parts(token)?;
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.get(id)?;
        (key.opens_with(secret) && key.test == test).then(|| Arc::clone(key))
    }

    /// Whether a key of `token`'s id is in force, whatever its secret.
    pub fn knows(&self, token: &str) -> bool {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        parts(token).is_some_and(|(id, _, _)| keys.contains_key(id))
    }
}

/// Id, secret, and whether it is a test key.
fn parts(token: &str) -> Option<(&str, &str, bool)> {
    let (kind, rest) = token.strip_prefix("sk_")?.split_once('_')?;
    let test = match kind {
        "live" => false,
        "test" => true,
        _ => return None,
    };
    let (id, secret) = rest.split_once('_')?;
    Some((id, secret, test))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn ring_with(test: bool) -> (KeyRing, Minted) {
        let minted = mint(&World::real(), "shop", vec![Scope::Read, Scope::Decide], test);
        let ring = KeyRing::default();
        ring.replace([minted.key.clone()]);
        (ring, minted)
    }

    #[test]
    fn a_key_opens_with_its_own_secret_only() {
        let (ring, minted) = ring_with(false);
        let found = ring.find(&minted.token).unwrap();
        assert!(found.may(Scope::Decide) && !found.may(Scope::Admin));
        let mut wrong = minted.token.clone();
        wrong.pop();
        assert!(ring.find(&wrong).is_none());
        assert!(ring.find(&minted.token.replace("sk_live_", "sk_test_")).is_none());
        for rubbish in ["", "sk_", "sk_live_", "sk_live_a_b", "Bearer", "sk_other_a_b"] {
            assert!(ring.find(rubbish).is_none(), "{rubbish}");
        }
    }

    #[test]
    fn a_revoked_key_opens_nothing() {
        let (ring, minted) = ring_with(true);
        assert!(minted.token.starts_with("sk_test_") && ring.find(&minted.token).is_some());
        ring.replace([Key { revoked_at: Some(Micros(1)), ..minted.key }]);
        assert!(ring.find(&minted.token).is_none());
    }

    #[test]
    fn what_is_kept_of_a_key_does_not_open_it() {
        let (_, minted) = ring_with(false);
        let kept = format!("{:?}", minted.key);
        let secret = minted.token.rsplit('_').next().unwrap();
        assert!(!kept.contains(secret));
    }
}
