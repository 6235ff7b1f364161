//! What an operator asks and what a job does now and then: counts, room, pruning, keys.

use domain::time::Micros;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Executor as _};

use crate::database::{Engine, unavailable};
use crate::seal::MasterKey;
use crate::sql::Columns;
use crate::{Store, StoreError};
use crate::{documents, keyring};

/// Numbers for `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Records in the log.
    pub records: u64,
    /// Records that a start would replay.
    pub tail: u64,
    /// Messages waiting for a subscriber.
    pub outbox_pending: u64,
    /// Messages given up.
    pub outbox_dead: u64,
    /// Room the database takes, without its write-ahead log.
    pub database_bytes: u64,
}

impl Store {
    /// Numbers for `/metrics`; reads small indexes only.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let size = match self.database.engine {
            Engine::Sqlite => {
                "(SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)"
            }
            Engine::Postgres => "pg_database_size(current_database())",
        };
        let text = format!(
            "SELECT head, head - low_water AS tail, \
             (SELECT COUNT(*) FROM outbox WHERE state = 0) AS pending, \
             (SELECT COUNT(*) FROM outbox WHERE state = 2) AS dead, {size} AS bytes \
             FROM checkpoint WHERE id = 1"
        );
        let query = sqlx::query(AssertSqlSafe(text));
        let row = self.database.reader.fetch_one(query).await.map_err(unavailable)?;
        let columns = Columns { table: "checkpoint", row: &row };
        Ok(Counts {
            records: columns.unsigned("head")?,
            tail: columns.unsigned("tail")?,
            outbox_pending: columns.unsigned("pending")?,
            outbox_dead: columns.unsigned("dead")?,
            database_bytes: columns.unsigned("bytes")?,
        })
    }

    /// Removes what is no longer needed: messages delivered before `delivered_before`, answers,
    /// list entries and documents that have expired at `now`. Removes at most a few thousand rows, so that no
    /// commit waits long; returns how many, to be called again while it is not 0.
    pub async fn prune(&self, now: Micros, delivered_before: Micros) -> Result<u64, StoreError> {
        let delivered = sqlx::query(
            "DELETE FROM outbox WHERE id IN \
             (SELECT id FROM outbox WHERE state = 1 AND due_at < $1 LIMIT 1000)",
        )
        .bind(delivered_before.0);
        let answers = sqlx::query(
            "DELETE FROM idempotency WHERE (api_key, hash) IN \
             (SELECT api_key, hash FROM idempotency WHERE expires_at <= $1 LIMIT 1000)",
        )
        .bind(now.0);
        let entries = sqlx::query(
            "DELETE FROM list_entries WHERE (list, hash) IN \
             (SELECT list, hash FROM list_entries WHERE expires_at <= $1 LIMIT 1000)",
        )
        .bind(now.0);
        let mut removed = 0;
        for delete in [delivered, answers, entries] {
            removed += self.write_one(delete).await?;
        }
        let mut transaction = self.database.write().await?;
        removed += documents::prune(&mut transaction, now).await?;
        transaction.commit().await.map_err(unavailable)?;
        Ok(removed)
    }

    /// From now on the instance also opens with `new`. Then give `new` to every node, restart them
    /// one by one, and retire the old key. Nothing stops, and no hash or body changes.
    pub async fn add_master_key(&self, new: &MasterKey) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        keyring::add_master_key(&mut transaction, self.keyring.root(), new).await?;
        transaction.commit().await.map_err(unavailable)
    }

    /// From now on the instance no longer opens with `old`. `false`: it is not a key of this
    /// instance, or its last.
    pub async fn retire_master_key(&self, old: &MasterKey) -> Result<bool, StoreError> {
        let mut transaction = self.database.write().await?;
        let retired = keyring::retire_master_key(&mut transaction, old).await?;
        transaction.commit().await.map_err(unavailable)?;
        Ok(retired)
    }

    /// One statement in a transaction of its own; returns the rows it affected.
    pub(crate) async fn write_one(
        &self,
        query: Query<'_, Any, AnyArguments>,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.database.write().await?;
        let affected = transaction.execute(query).await.map_err(unavailable)?.rows_affected();
        transaction.commit().await.map_err(unavailable)?;
        Ok(affected)
    }
}
