//! What do we remember?
//!
//! The log is the truth: every event with its decision is one row, in one order, committed before
//! it is answered. Profiles and counters are folds of the log, saved now and then so that a start
//! reads only the tail. Personal data is sealed under a key of its account. One SQL text serves
//! SQLite and PostgreSQL. This room never decides, and knows no words and no HTTP.

mod record;

pub use record::{
    Batch, Cursor, DecisionId, Head, Loaded, NewRecord, OutboxRow, Payload, Stored, Wanted,
};

use domain::memory::Memory;

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

/// The database of one instance.
#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Rebuilds hot state: saved parts, then the tail of the log. Returns where the log stands.
    pub async fn recover(&self, _memory: &mut Memory) -> Result<Head, StoreError> {
        unimplemented!()
    }

    /// Everything needed to judge a batch, in a fixed number of round trips.
    pub async fn load(&self, _wanted: &Wanted) -> Result<Loaded, StoreError> {
        unimplemented!()
    }

    /// Writes a batch in one transaction; on `Ok` it is durable. Returns the new head.
    pub async fn commit(&self, _head: &Head, _batch: Batch) -> Result<Head, StoreError> {
        unimplemented!()
    }
}
