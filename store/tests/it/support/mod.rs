//! What the tests stand on: a database of their own on each engine, and events to put into it.

pub(crate) mod events;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use store::{DatabaseOptions, MasterKey, Store, Synchronous};

/// An empty database of one test, gone when dropped.
pub(crate) struct TestDatabase {
    pub(crate) options: DatabaseOptions,
    pub(crate) master: MasterKey,
    _folder: Option<tempfile::TempDir>,
}

impl TestDatabase {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/sekisho.db", folder.path().display());
        Self {
            // No test cuts the power, and many machines are slow to reach the disk.
            options: DatabaseOptions {
                synchronous: Synchronous::Normal,
                ..DatabaseOptions::new(url)
            },
            master: MasterKey::random().unwrap(),
            _folder: Some(folder),
        }
    }

    /// `None`, loudly, where PostgreSQL may be skipped and is absent.
    pub(crate) fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let url = server()?.create_database(&format!("test_{number}")).unwrap();
        Some(Self {
            options: DatabaseOptions::new(url),
            master: MasterKey::random().unwrap(),
            _folder: None,
        })
    }

    /// Opens the store, as a start of the server would.
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.options, &self.master).await.unwrap()
    }

    /// A plain connection, for looking at what is stored and for tampering with it.
    pub(crate) async fn raw(&self) -> sqlx::AnyConnection {
        sqlx::any::install_default_drivers();
        <sqlx::AnyConnection as sqlx::Connection>::connect(&self.options.url).await.unwrap()
    }
}

/// Runs a test body on SQLite, for what PostgreSQL's own server answers for.
pub(crate) async fn on_sqlite(body: impl AsyncFn(TestDatabase)) {
    body(TestDatabase::sqlite()).await;
}

/// A PostgreSQL that one test may stop and start; `None` where it may be skipped and is absent.
pub(crate) fn own_postgres() -> Option<testbed::PrivatePostgres> {
    server()?;
    Some(testbed::PrivatePostgres::start_volatile().unwrap())
}

/// The PostgreSQL that all tests of this process share; it goes with the process.
fn server() -> Option<&'static testbed::PrivatePostgres> {
    static SERVER: OnceLock<Option<testbed::PrivatePostgres>> = OnceLock::new();
    let started = SERVER.get_or_init(|| match testbed::PrivatePostgres::start_volatile() {
        Ok(server) => Some(server),
        Err(reason) => {
            assert!(
                std::env::vars().any(|said| said == ("SEKISHO_SKIP_POSTGRES".into(), "1".into())),
                "{reason}; SEKISHO_SKIP_POSTGRES=1 skips these tests on PostgreSQL"
            );
            eprintln!("SKIPPED ON POSTGRESQL (SEKISHO_SKIP_POSTGRES=1): {reason}");
            None
        }
    });
    started.as_ref()
}

/// Runs one test body on SQLite, then on PostgreSQL.
pub(crate) async fn on_both_engines(body: impl AsyncFn(TestDatabase)) {
    body(TestDatabase::sqlite()).await;
    if let Some(database) = TestDatabase::postgres() {
        body(database).await;
    }
}
