//! What the tests stand on: a database of their own on each engine, and events to put into it.

pub(crate) mod events;
mod postgres;

use store::{DatabaseOptions, MasterKey, Store};

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
            options: DatabaseOptions::new(url),
            master: MasterKey::random().unwrap(),
            _folder: Some(folder),
        }
    }

    async fn postgres() -> Option<Self> {
        let url = postgres::new_database().await?;
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

/// Runs one test body on SQLite, then on PostgreSQL.
pub(crate) async fn on_both_engines(body: impl AsyncFn(TestDatabase)) {
    body(TestDatabase::sqlite()).await;
    if let Some(database) = TestDatabase::postgres().await {
        body(database).await;
    }
}
