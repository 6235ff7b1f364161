//! The keys of the instance and of its accounts.

use std::sync::{Mutex, PoisonError};

use domain::keyed::{AccountKey, KeyedHasher};
use domain::memory::Position;
use rustc_hash::FxHashMap;
use sqlx::{AnyConnection, Executor as _, Row as _};

use crate::StoreError;
use crate::database::{Database, unavailable};
use crate::seal::{MasterKey, Place, SecretKey};
use crate::sql::{Columns, select_by_keys, wide};

/// Data keys kept open; the older half is let go when there are more.
const OPEN_KEYS_MAX: usize = 200_000;

/// Keys in use.
pub(crate) struct Keyring {
    root: SecretKey,
    lookup_secret: SecretKey,
    open: Mutex<OpenKeys>,
}

/// Data keys that were opened, in two generations: what is not used for a generation goes.
#[derive(Default)]
struct OpenKeys {
    young: FxHashMap<AccountKey, KeyState>,
    old: FxHashMap<AccountKey, KeyState>,
    /// How often an account had been erased when these keys were read.
    erasures: i64,
}

/// What the table `accounts` says of one.
#[derive(Clone)]
pub(crate) struct KeyState {
    /// Its data key; `None` when it was destroyed.
    pub(crate) key: Option<SecretKey>,
    /// Position of its first record, which stands for the account in the log.
    pub(crate) number: Position,
    /// Records up to here were sealed with a key that is destroyed; 0 for an account never erased.
    pub(crate) erased_through: Position,
}

impl Keyring {
    /// Opens the instance's keys with `master`, or makes them for a new database.
    pub(crate) async fn open(database: &Database, master: &MasterKey) -> Result<Self, StoreError> {
        let mut transaction = database.write().await?;
        let keys = match read_instance(&mut transaction, master).await? {
            Some(keys) => keys,
            None => new_instance(&mut transaction, master).await?,
        };
        transaction.commit().await.map_err(unavailable)?;
        let (root, lookup_secret) = keys;
        Ok(Self { root, lookup_secret, open: Mutex::default() })
    }

    /// The hasher of look-ups; the same for the life of the instance.
    pub(crate) fn hasher(&self) -> Result<KeyedHasher, StoreError> {
        Ok(KeyedHasher::new(*self.lookup_secret.derive("keyed hashes", 0)?.bytes()))
    }

    pub(crate) const fn root(&self) -> &SecretKey {
        &self.root
    }

    /// The key for values of no account, by purpose and epoch.
    pub(crate) fn instance_key(
        &self,
        purpose: &'static str,
        epoch: u64,
    ) -> Result<SecretKey, StoreError> {
        self.root.derive(purpose, epoch)
    }

    /// The key for what the record at `position` carries when it belongs to no account.
    pub(crate) fn key_without_account(&self, position: Position) -> Result<SecretKey, StoreError> {
        self.instance_key("records of no account", position >> 24)
    }

    /// Seals a data key.
    pub(crate) fn seal_data_key(
        &self,
        account: AccountKey,
        key: &SecretKey,
    ) -> Result<Vec<u8>, StoreError> {
        self.root.seal(data_key_place(account), key.bytes())
    }

    /// Opens a data key.
    pub(crate) fn open_data_key(
        &self,
        account: AccountKey,
        sealed: &[u8],
    ) -> Result<SecretKey, StoreError> {
        self.root.open_key(data_key_place(account), sealed)
    }

    /// Keys of `accounts`, from memory or the table. An account without a row is not in the answer.
    pub(crate) async fn keys_of(
        &self,
        connection: &mut AnyConnection,
        accounts: &[AccountKey],
    ) -> Result<FxHashMap<AccountKey, KeyState>, StoreError> {
        let mut found = FxHashMap::default();
        let mut missing = Vec::new();
        self.with_open(|open| {
            for account in accounts {
                match open.get(*account) {
                    Some(state) => drop(found.insert(*account, state)),
                    None => missing.push(wide(account.0)),
                }
            }
        });
        let head =
            "SELECT account, data_key, created, erased_through FROM accounts WHERE account IN";
        for row in select_by_keys(connection, head, &missing).await.map_err(unavailable)? {
            let columns = Columns { table: "accounts", row: &row };
            let account = AccountKey(columns.wide("account")?);
            let sealed = columns.bytes_or_null("data_key")?;
            let open = |sealed: Vec<u8>| self.open_data_key(account, &sealed);
            let erased_through = columns.int_or_null("erased_through")?.unwrap_or(0);
            let state = KeyState {
                key: sealed.map(open).transpose()?,
                number: columns.unsigned("created")?,
                erased_through: erased_through.cast_unsigned(),
            };
            found.insert(account, state);
        }
        Ok(found)
    }

    /// Remembers keys that are in the table.
    pub(crate) fn remember(&self, keys: impl IntoIterator<Item = (AccountKey, KeyState)>) {
        self.with_open(|open| {
            for (account, key) in keys {
                open.put(account, key);
            }
        });
    }

    /// Takes note of how many accounts have been erased. If that is news, the open keys may have
    /// been destroyed by another process: they are forgotten, and the answer is `false`.
    pub(crate) fn still_good_after(&self, erasures: i64) -> bool {
        self.with_open(|open| {
            let good = open.erasures == erasures;
            if !good {
                *open = OpenKeys { erasures, ..OpenKeys::default() };
            }
            good
        })
    }

    fn with_open<T>(&self, look: impl FnOnce(&mut OpenKeys) -> T) -> T {
        look(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl OpenKeys {
    fn get(&mut self, account: AccountKey) -> Option<KeyState> {
        if let Some(key) = self.young.get(&account) {
            return Some(key.clone());
        }
        let key = self.old.remove(&account)?;
        self.put(account, key.clone());
        Some(key)
    }

    fn put(&mut self, account: AccountKey, key: KeyState) {
        if self.young.len() >= OPEN_KEYS_MAX / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(account, key);
    }
}

const fn data_key_place(account: AccountKey) -> Place {
    Place { table: "accounts.data_key", account: account.0, position: 0 }
}

const ROOT_PLACE: Place = Place { table: "master_keys.root_key", account: 0, position: 0 };
const LOOKUP_PLACE: Place = Place { table: "instance.lookup_secret", account: 0, position: 0 };

type InstanceKeys = (SecretKey, SecretKey);

async fn read_instance(
    connection: &mut AnyConnection,
    master: &MasterKey,
) -> Result<Option<InstanceKeys>, StoreError> {
    let instance = "SELECT lookup_secret FROM instance WHERE id = 1";
    let Some(row) = connection.fetch_optional(instance).await.map_err(unavailable)? else {
        return Ok(None);
    };
    let lookup_secret = Columns { table: "instance", row: &row }.bytes("lookup_secret")?;
    let by_id = sqlx::query("SELECT root_key FROM master_keys WHERE key_id = $1").bind(master.id());
    let Some(row) = connection.fetch_optional(by_id).await.map_err(unavailable)? else {
        return Err(StoreError::Setup(
            "this master key is not one that this database was set up with".to_owned(),
        ));
    };
    let sealed = Columns { table: "master_keys", row: &row }.bytes("root_key")?;
    let root = master.secret().open_key(ROOT_PLACE, &sealed)?;
    let lookup_secret = root.open_key(LOOKUP_PLACE, &lookup_secret)?;
    Ok(Some((root, lookup_secret)))
}

async fn new_instance(
    connection: &mut AnyConnection,
    master: &MasterKey,
) -> Result<InstanceKeys, StoreError> {
    let (root, lookup_secret) = (SecretKey::random()?, SecretKey::random()?);
    let sealed = root.seal(LOOKUP_PLACE, lookup_secret.bytes())?;
    let insert = sqlx::query(
        "INSERT INTO instance (id, lookup_secret) VALUES (1, $1) ON CONFLICT (id) DO NOTHING",
    )
    .bind(sealed);
    if connection.execute(insert).await.map_err(unavailable)?.rows_affected() == 0 {
        // Another node was first and has committed meanwhile.
        return read_instance(connection, master).await?.ok_or_else(|| ROOT_PLACE.corrupt());
    }
    add_master_key(connection, &root, master).await?;
    Ok((root, lookup_secret))
}

/// From now on the instance also opens with `master`. Seals one key, whatever the size of the
/// database, because data keys hang on the root key.
pub(crate) async fn add_master_key(
    connection: &mut AnyConnection,
    root: &SecretKey,
    master: &MasterKey,
) -> Result<(), StoreError> {
    let insert = sqlx::query(
        "INSERT INTO master_keys (key_id, root_key) VALUES ($1, $2) ON CONFLICT (key_id) DO NOTHING",
    )
    .bind(master.id())
    .bind(master.secret().seal(ROOT_PLACE, root.bytes())?);
    connection.execute(insert).await.map_err(unavailable)?;
    Ok(())
}

/// From now on the instance no longer opens with `master`; the last key stays.
pub(crate) async fn retire_master_key(
    connection: &mut AnyConnection,
    master: &MasterKey,
) -> Result<bool, StoreError> {
    let all = connection
        .fetch_one("SELECT COUNT(*) AS keys FROM master_keys")
        .await
        .map_err(unavailable)?;
    if all.try_get::<i64, _>("keys").map_err(unavailable)? < 2 {
        return Ok(false);
    }
    let delete = sqlx::query("DELETE FROM master_keys WHERE key_id = $1").bind(master.id());
    Ok(connection.execute(delete).await.map_err(unavailable)?.rows_affected() > 0)
}
