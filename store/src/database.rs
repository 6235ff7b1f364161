//! Connections: one pool that writes, one that reads, and what each engine must be told first.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor, Transaction};
use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard};

use crate::StoreError;

/// How sure a commit on SQLite must be before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// Every commit reaches the disk (`fsync`): survives a power cut. The default.
    #[default]
    Full,
    /// Survives the death of the process, not of the machine. For demos and measurements.
    Normal,
}

/// Where the database is and how it is used.
#[derive(Debug, Clone)]
pub struct DatabaseOptions {
    /// `sqlite:///path/to/sekisho.db` or `postgres://user@host/database`.
    pub url: String,
    /// SQLite only.
    pub synchronous: Synchronous,
    /// Connections that read beside the one that writes.
    pub readers: u32,
    /// How long to wait for a connection or for another process's lock.
    pub wait_max: Duration,
    /// SQLite only: the file may not grow beyond so many pages of 4 KiB. `None`: no limit.
    pub pages_max: Option<u32>,
}

impl DatabaseOptions {
    /// The defaults for `url`: durable, four readers, five seconds of patience.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            synchronous: Synchronous::default(),
            readers: 4,
            wait_max: Duration::from_secs(5),
            pages_max: None,
        }
    }
}

/// The engine behind the one SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) engine: Engine,
    writer: AnyPool,
    pub(crate) reader: AnyPool,
    committer: Place,
    looker: Place,
    /// SQLite: held by whoever writes. A second writer would only wait for the first, and not in
    /// turn.
    turn: Arc<Mutex<()>>,
}

/// Where a connection stays between two batches: taking one from its pool and giving it back costs
/// two round trips, and on SQLite as many hand-overs between threads.
type Place = Arc<Mutex<Option<PoolConnection<Any>>>>;

/// A connection taken from its place. Dropped without [`Kept::put_back`], it returns to its pool.
pub(crate) struct Kept<'a> {
    place: MutexGuard<'a, Option<PoolConnection<Any>>>,
    connection: PoolConnection<Any>,
}

impl Kept<'_> {
    /// Back to its place if all went well; otherwise it is closed, since it may be in any state.
    pub(crate) fn put_back(mut self, all_went_well: bool) {
        if all_went_well {
            *self.place = Some(self.connection);
        } else {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for Kept<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for Kept<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

/// A transaction that writes; rolled back when dropped.
pub(crate) struct Writing {
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Writing {
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}

impl Deref for Writing {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

impl Database {
    /// Connects. SQLite files are created when missing.
    pub(crate) async fn connect(options: &DatabaseOptions) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = engine_of(&options.url)?;
        let url = url_of(engine, &options.url);
        // On SQLite one commits batches and one does the rest, in turn; on PostgreSQL jobs claim
        // rows while the judge commits.
        let writers = if engine == Engine::Sqlite { 2 } else { 4 };
        let writer = pool(options, writers, writer_settings(engine, options))
            .connect(&url)
            .await
            .map_err(unavailable)?;
        let reader = pool(options, options.readers.max(1), reader_settings(engine, options))
            .connect(&url)
            .await
            .map_err(unavailable)?;
        let (committer, looker, turn) = Default::default();
        Ok(Self { engine, writer, reader, committer, looker, turn })
    }

    /// A transaction that will write.
    pub(crate) async fn write(&self) -> Result<Writing, StoreError> {
        let turn = self.turn().await;
        let transaction = match self.engine {
            // Takes the lock at once: a lock that is upgraded later can fail half-way.
            Engine::Sqlite => match self.writer.begin_with(IMMEDIATE).await {
                Err(error) if is_left_over(&error) => {
                    tracing::warn!(%error, "opening the writing connection again");
                    self.writer.acquire().await.map_err(unavailable)?.close().await.ok();
                    self.writer.begin_with(IMMEDIATE).await
                }
                begun => begun,
            },
            Engine::Postgres => self.writer.begin().await,
        };
        Ok(Writing { transaction: transaction.map_err(unavailable)?, _turn: turn })
    }

    /// The right to write, where only one can.
    pub(crate) async fn turn(&self) -> Option<OwnedMutexGuard<()>> {
        match self.engine {
            Engine::Sqlite => Some(Arc::clone(&self.turn).lock_owned().await),
            Engine::Postgres => None,
        }
    }

    /// Begins to write on the committer's connection, whose [`Database::turn`] it is.
    pub(crate) async fn begin<'a>(
        &self,
        connection: &'a mut AnyConnection,
    ) -> Result<Transaction<'a, Any>, StoreError> {
        match self.engine {
            Engine::Sqlite => connection.begin_with(IMMEDIATE).await,
            Engine::Postgres => connection.begin().await,
        }
        .map_err(unavailable)
    }

    /// The connection that commits batches.
    pub(crate) async fn committer(&self) -> Result<Kept<'_>, StoreError> {
        self.kept(&self.committer, &self.writer).await
    }

    /// The connection that looks up what a batch wants to know.
    pub(crate) async fn looker(&self) -> Result<Kept<'_>, StoreError> {
        self.kept(&self.looker, &self.reader).await
    }

    async fn kept<'a>(&self, place: &'a Place, pool: &AnyPool) -> Result<Kept<'a>, StoreError> {
        let mut place = place.lock().await;
        if let Some(mut connection) = place.take() {
            // A file does not go away; a server may have been restarted.
            if self.engine == Engine::Sqlite || connection.ping().await.is_ok() {
                return Ok(Kept { place, connection });
            }
            connection.close_on_drop();
        }
        let connection = pool.acquire().await.map_err(unavailable)?;
        Ok(Kept { place, connection })
    }

    /// Waits for what is under way and closes both pools.
    pub(crate) async fn close(&self) {
        for place in [&self.committer, &self.looker] {
            drop(place.lock().await.take());
        }
        self.reader.close().await;
        self.writer.close().await;
    }
}

const IMMEDIATE: &str = "BEGIN IMMEDIATE";

/// The connection does not know whether it is within a transaction: SQLite rolls back by itself
/// when the disk is full, and the driver still counts the transaction. Anything but another's lock
/// (`SQLITE_BUSY`) or a wait for the connection itself.
fn is_left_over(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    !matches!(error, sqlx::Error::PoolTimedOut) && code.as_deref() != Some("5")
}

fn engine_of(url: &str) -> Result<Engine, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Engine::Sqlite),
        Some("postgres" | "postgresql") => Ok(Engine::Postgres),
        _ => Err(StoreError::Setup(
            "the database URL must begin with sqlite: or postgres:".to_owned(),
        )),
    }
}

fn url_of(engine: Engine, url: &str) -> String {
    match engine {
        Engine::Sqlite if !url.contains("mode=") => {
            format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' })
        }
        Engine::Sqlite | Engine::Postgres => url.to_owned(),
    }
}

fn pool(options: &DatabaseOptions, connections: u32, settings: String) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(!options.url.starts_with("sqlite:"))
        .acquire_timeout(options.wait_max)
        .max_lifetime(None)
        .idle_timeout(None)
        .after_connect(move |connection: &mut AnyConnection, _| {
            let settings = settings.clone();
            Box::pin(async move {
                connection.execute(sqlx::raw_sql(AssertSqlSafe(settings))).await?;
                Ok(())
            })
        })
}

/// Why these: WAL lets readers read while the one writer writes; pages of 4 KiB keep what a random
/// key dirties small; a checkpoint every 2,000 pages, since the commit that runs it makes its callers
/// wait (40 ms at 16,000 pages); no mmap, since a failing disk would then be a signal (SIGBUS) instead of an error.
fn writer_settings(engine: Engine, options: &DatabaseOptions) -> String {
    match engine {
        Engine::Sqlite => {
            let synchronous = match options.synchronous {
                Synchronous::Full => "FULL",
                Synchronous::Normal => "NORMAL",
            };
            let limit = options
                .pages_max
                .map_or_else(String::new, |pages| format!("PRAGMA max_page_count = {pages};"));
            format!(
                "PRAGMA busy_timeout = {}; PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; \
                 PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = 2000; \
                 PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; \
                 PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; \
                 {limit}",
                options.wait_max.as_millis()
            )
        }
        Engine::Postgres => postgres_settings(options),
    }
}

fn reader_settings(engine: Engine, options: &DatabaseOptions) -> String {
    match engine {
        Engine::Sqlite => format!(
            "PRAGMA busy_timeout = {}; PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; \
             PRAGMA query_only = ON;",
            options.wait_max.as_millis()
        ),
        Engine::Postgres => postgres_settings(options),
    }
}

/// Durable whatever the server's default is, and never waiting for ever on a lock.
fn postgres_settings(options: &DatabaseOptions) -> String {
    let wait_ms = options.wait_max.as_millis();
    format!(
        "SET synchronous_commit TO on; SET lock_timeout TO {wait_ms}; \
         SET statement_timeout TO {}; SET idle_in_transaction_session_timeout TO 60000; \
         SET client_min_messages TO warning",
        wait_ms.saturating_mul(12)
    )
}

/// The database did not take or give it: worth trying again.
pub(crate) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
