//! Connections: one pool that writes, one that reads, and what each engine must be told first.

use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Executor, Transaction};

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
}

impl Database {
    /// Connects. SQLite files are created when missing.
    pub(crate) async fn connect(options: &DatabaseOptions) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = engine_of(&options.url)?;
        let url = url_of(engine, &options.url);
        // A second writer on one SQLite file would only wait for the first, and could deadlock
        // with it; on PostgreSQL jobs claim rows while the judge commits.
        let writers = if engine == Engine::Sqlite { 1 } else { 4 };
        let writer = pool(options, writers, writer_settings(engine, options))
            .connect(&url)
            .await
            .map_err(unavailable)?;
        let reader = pool(options, options.readers.max(1), reader_settings(engine, options))
            .connect(&url)
            .await
            .map_err(unavailable)?;
        Ok(Self { engine, writer, reader })
    }

    /// A transaction that will write.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Any>, StoreError> {
        match self.engine {
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
        }
        .map_err(unavailable)
    }

    /// Waits for what is under way and closes both pools.
    pub(crate) async fn close(&self) {
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
/// key dirties small; a WAL of up to 64 MiB lets pages that are written again and again reach the
/// file once; no mmap, since a failing disk would then be a signal (SIGBUS) instead of an error.
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
                 PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = 16384; \
                 PRAGMA journal_size_limit = 134217728; PRAGMA cache_size = -65536; \
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
