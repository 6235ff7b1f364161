//! What do we remember?
//!
//! The log is the truth: every event with its decision is one row, in one order, committed before
//! it is answered. Profiles and counters are folds of the log, saved now and then so that a start
//! reads only the tail. Personal data is sealed under a key of its account. One SQL text serves
//! SQLite and PostgreSQL. This room never decides, and knows no words and no HTTP.

mod accounts;
mod audit;
mod body;
mod chain;
mod checkpoint;
mod commit;
mod database;
mod decisions;
mod documents;
mod endpoints;
mod entry;
mod idempotency;
mod keyring;
mod keys;
mod lists;
mod load;
mod migrate;
mod outbox;
mod pack;
mod policies;
mod record;
mod recover;
mod row;
mod seal;
mod sql;
mod standings;
mod upkeep;

pub use accounts::{Account, Page};
pub use audit::{AuditCheck, AuditRow, Audited, Told};
pub use chain::ChainCheck;
pub use checkpoint::{Checkpoint, CheckpointLimits};
pub use database::{DatabaseOptions, Engine, Synchronous};
pub use decisions::Decision;
pub use documents::{Applied, Changes, Document, DocumentKind, Put, Spot};
pub use endpoints::{Endpoint, Secret};
pub use entry::{Body, Entry, LogReader};
pub use idempotency::Remembered;
pub use keys::ApiKey;
pub use lists::{List, ListEntry};
pub use outbox::{DeadLetter, Delivery, Settlement};
pub use policies::{Approval, NewPolicy, PolicyVersion};
pub use record::{
    Batch, Cursor, DecisionId, Head, Loaded, NewRecord, OutboxRow, Payload, Said, Stored, Wanted,
};
pub use seal::MasterKey;
pub use standings::{StandingAccount, Standings};
pub use upkeep::Counts;

use std::sync::Arc;

use domain::keyed::KeyedHasher;
use sqlx::Executor as _;
use tokio::sync::Mutex;

use crate::database::{Database, unavailable};
use crate::keyring::Keyring;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not take or give anything at the moment; try again.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another writer has written to the log since we last looked: recover and judge again.
    #[error("another writer holds the log at position {0}")]
    Overtaken(u64),
    /// A row contradicts what must hold.
    #[error("corrupt row in {table}: {id}")]
    Corrupt {
        /// Table of the row.
        table: &'static str,
        /// Its id, never personal data.
        id: String,
    },
    /// The database, or the master key, is not the one this instance was set up with.
    #[error("{0}")]
    Setup(String),
}

/// The database of one instance. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Database,
    keyring: Arc<Keyring>,
    /// Held by whoever commits a batch or erases an account.
    commits: Arc<Mutex<()>>,
}

impl Store {
    /// Connects, brings the schema up to date and opens the instance's keys with `master`. A new
    /// database is set up.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the database is newer than this program or `master` is not its
    /// key; [`StoreError::Unavailable`] when it cannot be reached.
    pub async fn open(options: &DatabaseOptions, master: &MasterKey) -> Result<Self, StoreError> {
        let database = Database::connect(options).await?;
        migrate::migrate(&database, migrate::MIGRATIONS).await?;
        let keyring = Arc::new(Keyring::open(&database, master).await?);
        audit::begin(&database).await?;
        Ok(Self { database, keyring, commits: Arc::default() })
    }

    /// The hasher of look-ups; the same for the life of the instance.
    pub fn hasher(&self) -> Result<KeyedHasher, StoreError> {
        self.keyring.hasher()
    }

    /// The engine behind this store.
    pub const fn engine(&self) -> Engine {
        self.database.engine
    }

    /// Whether the database answers, for `/readyz`.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.database.reader.execute("SELECT 1").await.map(drop).map_err(unavailable)
    }

    /// Waits for what is under way and lets go of the database.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
