//! What the store remembers, in an SQLite file of its own. The only place with SQL.
//!
//! Every thing is a row with its JSON. What is told to Sekisho stands in the same transaction as the
//! change it tells of, so that neither is ever there without the other.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
};

use crate::failure::Failure;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS thing (
    kind TEXT NOT NULL, id TEXT NOT NULL, member TEXT NOT NULL, at INTEGER NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX IF NOT EXISTS thing_member ON thing (kind, member, at);
CREATE TABLE IF NOT EXISTS telling (
    number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, body TEXT NOT NULL
) STRICT;";

/// Things of one kind that are read at once.
const ALL_MAX: i64 = 1_000;

/// Something that is kept.
pub(crate) trait Thing: Serialize + DeserializeOwned + Send + Sync {
    /// Its kind.
    const KIND: &'static str;
    /// Its id among its kind.
    fn id(&self) -> &str;
    /// Whose it is; empty for nobody's.
    #[expect(clippy::unnecessary_literal_bound, reason = "others have one of their own")]
    fn member(&self) -> &str {
        ""
    }
    /// When it began, in microseconds UTC: its place in lists.
    fn at(&self) -> i64 {
        0
    }
}

/// A call of Sekisho's API that waits to be made.
pub(crate) struct Telling {
    pub(crate) number: i64,
    pub(crate) path: String,
    pub(crate) body: String,
}

/// What is written together.
#[derive(Default)]
pub(crate) struct Writing {
    things: Vec<(&'static str, String, String, i64, String)>,
    tellings: Vec<(String, String)>,
}

impl Writing {
    pub(crate) fn put<T: Thing>(&mut self, thing: &T) -> Result<(), Failure> {
        let body = serde_json::to_string(thing)?;
        let (id, member) = (thing.id().to_owned(), thing.member().to_owned());
        self.things.push((T::KIND, id, member, thing.at(), body));
        Ok(())
    }

    /// A fact for Sekisho.
    pub(crate) fn tell(&mut self, event: &Value) {
        self.call("/v1/events", event);
    }

    /// A call of Sekisho's API.
    pub(crate) fn call(&mut self, path: &str, body: &Value) {
        self.tellings.push((path.to_owned(), body.to_string()));
    }

    /// What became of a parcel that a restitution waits for.
    pub(crate) fn step(&mut self, restitution: &str, parcel: &str, mut step: Value) {
        if let Some(step) = step.as_object_mut() {
            step.insert("agent".to_owned(), "store".into());
            step.insert("shipment_id".to_owned(), parcel.into());
        }
        self.call(&format!("/v1/restitutions/{restitution}/steps"), &step);
    }

    async fn write(&self, to: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        for (kind, id, member, at, body) in &self.things {
            sqlx::query(
                "INSERT INTO thing (kind, id, member, at, body) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (kind, id) DO UPDATE SET member = $3, at = $4, body = $5",
            )
            .bind(kind)
            .bind(id)
            .bind(member)
            .bind(at)
            .bind(body)
            .execute(&mut *to)
            .await?;
        }
        for (path, body) in &self.tellings {
            let row = sqlx::query("INSERT INTO telling (path, body) VALUES ($1, $2)");
            row.bind(path).bind(body).execute(&mut *to).await?;
        }
        Ok(())
    }
}

/// The database. One connection: whoever changes something has it alone.
pub(crate) struct Book(SqlitePool);

impl Book {
    pub(crate) async fn open(folder: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::Unfinished(error.to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("store.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self(pool))
    }

    /// Writes all of it, or nothing.
    pub(crate) async fn write(&self, writing: Writing) -> Result<(), Failure> {
        let mut all = self.0.begin().await?;
        writing.write(&mut all).await?;
        Ok(all.commit().await?)
    }

    pub(crate) async fn put<T: Thing>(&self, thing: &T) -> Result<(), Failure> {
        let mut writing = Writing::default();
        writing.put(thing)?;
        self.write(writing).await
    }

    pub(crate) async fn find<T: Thing>(&self, id: &str) -> Result<Option<T>, Failure> {
        find(&mut *self.0.acquire().await?, id).await
    }

    /// The thing, or 404.
    pub(crate) async fn one<T: Thing>(&self, id: &str) -> Result<T, Failure> {
        self.find(id).await?.ok_or(Failure::NotFound)
    }

    /// A member's, oldest first.
    pub(crate) async fn of<T: Thing>(&self, member: &str) -> Result<Vec<T>, Failure> {
        let rows = sqlx::query(
            "SELECT body FROM thing WHERE kind = $1 AND member = $2 ORDER BY at, id LIMIT $3",
        );
        let rows = rows.bind(T::KIND).bind(member).bind(ALL_MAX).fetch_all(&self.0).await?;
        rows.iter().map(|row| Ok(serde_json::from_str(row.try_get(0)?)?)).collect()
    }

    /// Everybody's, the latest first.
    pub(crate) async fn all<T: Thing>(&self) -> Result<Vec<T>, Failure> {
        let rows = sqlx::query(
            "SELECT body FROM thing WHERE kind = $1 ORDER BY at DESC, id DESC LIMIT $2",
        );
        let rows = rows.bind(T::KIND).bind(ALL_MAX).fetch_all(&self.0).await?;
        rows.iter().map(|row| Ok(serde_json::from_str(row.try_get(0)?)?)).collect()
    }

    /// Changes a thing with nobody in between; what `change` writes besides goes with it. `None`
    /// where there is no such thing.
    pub(crate) async fn change<T: Thing, R>(
        &self,
        id: &str,
        change: impl FnOnce(&mut T, &mut Writing) -> Result<R, Failure>,
    ) -> Result<Option<R>, Failure> {
        let mut all = self.0.begin().await?;
        let Some(mut thing) = find::<T>(&mut all, id).await? else { return Ok(None) };
        let mut writing = Writing::default();
        let result = change(&mut thing, &mut writing)?;
        writing.put(&thing)?;
        writing.write(&mut all).await?;
        all.commit().await?;
        Ok(Some(result))
    }

    /// Writes a thing if there is none of its id yet; says whether it did.
    pub(crate) async fn first<T: Thing>(&self, thing: &T) -> Result<bool, Failure> {
        let done = sqlx::query(
            "INSERT INTO thing (kind, id, member, at, body) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (kind, id) DO NOTHING",
        )
        .bind(T::KIND)
        .bind(thing.id())
        .bind(thing.member())
        .bind(thing.at())
        .bind(serde_json::to_string(thing)?)
        .execute(&self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    pub(crate) async fn remove<T: Thing>(&self, id: &str) -> Result<(), Failure> {
        let row = sqlx::query("DELETE FROM thing WHERE kind = $1 AND id = $2");
        row.bind(T::KIND).bind(id).execute(&self.0).await?;
        Ok(())
    }

    /// What is to be told next.
    pub(crate) async fn next_telling(&self) -> Result<Option<Telling>, Failure> {
        let row = sqlx::query("SELECT number, path, body FROM telling ORDER BY number LIMIT 1");
        let row = row.fetch_optional(&self.0).await?;
        row.map(|row| {
            let (number, path, body) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(Telling { number, path, body })
        })
        .transpose()
    }

    /// It was told, or will never be taken.
    pub(crate) async fn told(&self, number: i64) -> Result<(), Failure> {
        let row = sqlx::query("DELETE FROM telling WHERE number = $1");
        row.bind(number).execute(&self.0).await?;
        Ok(())
    }
}

async fn find<T: Thing>(from: &mut SqliteConnection, id: &str) -> Result<Option<T>, Failure> {
    let row = sqlx::query("SELECT body FROM thing WHERE kind = $1 AND id = $2");
    let row = row.bind(T::KIND).bind(id).fetch_optional(from).await?;
    row.map(|row| Ok(serde_json::from_str(row.try_get(0)?)?)).transpose()
}
