//! The keys that stores call with: only a hash is kept, and a revoked one is dead within seconds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use store::{ApiKey, Store, StoreError};
use tokio::sync::Mutex;

use crate::id;
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

/// A new key, to be shown once. No `Debug`: its secret never reaches a log.
pub struct Minted {
    /// What is kept.
    pub key: ApiKey,
    /// What its owner gets: `sk_live_…`.
    pub token: String,
}

/// Makes a new key; it is in force once the store has it.
pub fn mint(world: &World, name: &str, scopes: &[Scope], test: bool) -> Minted {
    let mut secret = [0; 32];
    world.random(&mut secret);
    let kind = if test { "test" } else { "live" };
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    let key = ApiKey {
        id: id::show("key", world.uuid()),
        name: name.to_owned(),
        scopes: scopes.into_iter().map(|scope| scope.name().to_owned()).collect(),
        test,
        created_at: world.now(),
        revoked_at: None,
        last_used_at: None,
    };
    Minted { key, token: format!("sk_{kind}_{}", id::base32(&secret)) }
}

/// A key in force.
#[derive(Debug)]
pub struct Key {
    /// `key_…`
    pub id: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// A test key.
    pub test: bool,
    /// Which token bucket is its own.
    pub bucket: u64,
    hash: blake3::Hash,
    used: AtomicBool,
}

impl Key {
    fn of(key: &ApiKey, hash: blake3::Hash) -> Self {
        Self {
            id: key.id.clone(),
            scopes: key.scopes.iter().filter_map(|name| Scope::named(name)).collect(),
            test: key.test,
            bucket: prefix(&hash),
            hash,
            used: AtomicBool::new(false),
        }
    }

    /// Whether it may do what `scope` covers.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// The keys in force that have been used here; others are asked for when they come.
#[derive(Default)]
pub struct KeyRing {
    held: RwLock<HashMap<u64, Arc<Key>>>,
    /// One asks the database at a time: wrong keys cannot crowd out those who read.
    asking: Mutex<()>,
}

impl KeyRing {
    /// The key that `token` is; `None` for a wrong, unknown or revoked one.
    ///
    /// # Errors
    /// The database cannot be asked about a key not seen before.
    pub async fn find(&self, token: &str, store: &Store) -> Result<Option<Arc<Key>>, StoreError> {
        if !token.starts_with("sk_live_") && !token.starts_with("sk_test_") {
            return Ok(None);
        }
        let hash = blake3::hash(token.as_bytes());
        if let Some(key) = self.held(&hash) {
            return Ok(Some(key));
        }
        let _alone = self.asking.lock().await;
        let kept = store.api_key_of(token).await?.filter(|key| key.revoked_at.is_none());
        Ok(kept.map(|kept| {
            let key = Arc::new(Key::of(&kept, hash));
            let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
            held.insert(prefix(&hash), Arc::clone(&key));
            key
        }))
    }

    /// Found by a part of the hash, then compared in constant time, as `blake3::Hash` does.
    fn held(&self, hash: &blake3::Hash) -> Option<Arc<Key>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let key = held.get(&prefix(hash)).filter(|key| key.hash == *hash)?;
        key.used.store(true, Ordering::Relaxed);
        Some(Arc::clone(key))
    }

    /// Lets go of every key that `in_force` does not name.
    pub fn keep(&self, in_force: &[ApiKey]) {
        let lives = |id: &str| in_force.iter().any(|key| key.id == id && key.revoked_at.is_none());
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, key| lives(&key.id));
    }

    /// Ids of the keys used since this was last asked.
    pub fn take_used(&self) -> Vec<String> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let used = held.values().filter(|key| key.used.swap(false, Ordering::Relaxed));
        used.map(|key| key.id.clone()).collect()
    }
}

fn prefix(hash: &blake3::Hash) -> u64 {
    hash.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use domain::time::Micros;
    use store::{DatabaseOptions, MasterKey};

    use super::*;

    async fn store_with(minted: &Minted) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("keys.db").display());
        let options = DatabaseOptions::new(url);
        let store = Store::open(&options, &MasterKey::random().unwrap()).await.unwrap();
        store.create_api_key(&minted.key, &minted.token).await.unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn a_key_opens_what_its_scopes_say_and_a_wrong_one_nothing() {
        let minted = mint(&World::real(), "shop", &[Scope::Read, Scope::Decide], false);
        let (_folder, store) = store_with(&minted).await;
        let ring = KeyRing::default();
        for _ in 0..2 {
            let key = ring.find(&minted.token, &store).await.unwrap().unwrap();
            assert!(key.may(Scope::Decide) && key.may(Scope::Read) && !key.may(Scope::Admin));
        }
        let mut wrong = minted.token.clone();
        wrong.pop();
        for wrong in [wrong.as_str(), "", "sk_live_", "sk_test_a", "rubbish"] {
            assert!(ring.find(wrong, &store).await.unwrap().is_none(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_revoked_key_opens_nothing_once_the_ring_has_heard() {
        let minted = mint(&World::real(), "shop", &[Scope::Read], true);
        assert!(minted.token.starts_with("sk_test_"));
        let (_folder, store) = store_with(&minted).await;
        let ring = KeyRing::default();
        assert!(ring.find(&minted.token, &store).await.unwrap().is_some());
        assert!(store.revoke_api_key(&minted.key.id, Micros(1)).await.unwrap());
        ring.keep(&store.api_keys().await.unwrap());
        assert!(ring.find(&minted.token, &store).await.unwrap().is_none());
    }
}
