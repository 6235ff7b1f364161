//! Accounts as people look at them: profile, timeline, changes, erasure.

use domain::keyed::AccountKey;
use domain::memory::{Position, Profile};
use domain::time::Micros;
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

use crate::database::unavailable;
use crate::entry::Entry;
use crate::load;
use crate::record::{Cursor, Payload};
use crate::row::{COLUMNS, Row};
use crate::sql::Columns;
use crate::{Store, StoreError, documents, standings};

/// One account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its key.
    pub key: AccountKey,
    /// Its id as the store gave it; `None` once erased.
    pub name: Option<String>,
    /// Its number: the position of its first record, or one beyond all positions where documents of it
    /// were there before.
    pub created: Position,
    /// When it was last erased.
    pub erased_at: Option<Micros>,
    /// Its history, as of the last record committed.
    pub profile: Profile,
    /// Records in the log.
    pub records: u64,
    /// Of these, changes of what belongs to the account (R7).
    pub changes: u64,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` when there is none.
    pub next: Option<Cursor>,
}

/// Rows of the log that belong to the account whose key is `$1`.
const OF_ACCOUNT: &str = "account = (SELECT created FROM accounts WHERE accounts.account = $1)";

impl Store {
    /// One account with its history; `None` if it was never heard of.
    pub async fn account(&self, key: AccountKey) -> Result<Option<Account>, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let query = sqlx::query(
            "SELECT name, created, erased_at, \
             (SELECT COUNT(*) FROM log WHERE log.account = accounts.created) AS records, \
             (SELECT COUNT(*) FROM log WHERE log.account = accounts.created AND kind = 1) \
             AS changes FROM accounts WHERE account = $1",
        )
        .bind(key.0.to_be_bytes().to_vec());
        let Some(row) = reader.fetch_optional(query).await.map_err(unavailable)? else {
            return Ok(None);
        };
        let columns = Columns { table: "accounts", row: &row };
        let opener = self.opener(&mut reader, vec![key]).await?;
        let name = opener.name(key, &columns)?;
        Ok(Some(Account {
            key,
            name,
            created: columns.unsigned("created")?,
            erased_at: columns.int_or_null("erased_at")?.map(Micros),
            profile: current_profile(&mut reader, key).await?,
            records: columns.unsigned("records")?,
            changes: columns.unsigned("changes")?,
        }))
    }

    /// What happened to an account, newest first, at most `limit` entries before `cursor`.
    pub async fn timeline(
        &self,
        key: AccountKey,
        limit: u32,
        cursor: Option<Cursor>,
    ) -> Result<Page, StoreError> {
        self.page("", key, limit, cursor).await
    }

    /// What was changed about an account (R7), newest first, at most `limit` entries before
    /// `cursor`.
    pub async fn changes(
        &self,
        key: AccountKey,
        limit: u32,
        cursor: Option<Cursor>,
    ) -> Result<Page, StoreError> {
        self.page("kind = 1 AND", key, limit, cursor).await
    }

    async fn page(
        &self,
        which: &'static str,
        key: AccountKey,
        limit: u32,
        cursor: Option<Cursor>,
    ) -> Result<Page, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let text = format!(
            "SELECT {COLUMNS} FROM log WHERE {which} {OF_ACCOUNT} AND position < $2 \
             ORDER BY position DESC LIMIT $3"
        );
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(key.0.to_be_bytes().to_vec())
            .bind(cursor.map_or(i64::MAX, |cursor| cursor.0.cast_signed()))
            .bind(i64::from(limit) + 1);
        let mut rows = reader.fetch_all(query).await.map_err(unavailable)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let entries = self.entries(&mut reader, &rows).await?;
        let next = entries.last().filter(|_| more).map(|entry| Cursor(entry.position));
        Ok(Page { entries, next })
    }

    /// Erases a person: destroys the account's data key and name. What was sealed for it can never
    /// be read again; the log, its chain and the replay of verdicts stay as they are. An account
    /// that comes back begins anew. Returns whether there was such an account.
    pub async fn erase_account(&self, key: AccountKey, now: Micros) -> Result<bool, StoreError> {
        let _alone = self.commits.lock().await;
        let mut transaction = self.database.write().await?;
        // First the row that every commit updates: whoever seals with the old key commits before
        // us, or finds the count changed and seals again.
        let count = "UPDATE checkpoint SET erasures = erasures + 1 WHERE id = 1 \
                     RETURNING erasures, head";
        let row = transaction.fetch_one(count).await.map_err(unavailable)?;
        let columns = Columns { table: "checkpoint", row: &row };
        let erase = sqlx::query(
            "UPDATE accounts SET data_key = NULL, name = NULL, erased_at = $1, \
             erased_through = $2 WHERE account = $3",
        )
        .bind(now.0)
        .bind(columns.int("head")?)
        .bind(key.0.to_be_bytes().to_vec());
        let found = transaction.execute(erase).await.map_err(unavailable)?.rows_affected() > 0;
        standings::forget(&mut transaction, key).await.map_err(unavailable)?;
        documents::forget(&mut transaction, key, now).await?;
        transaction.commit().await.map_err(unavailable)?;
        self.keyring.still_good_after(columns.int("erasures")?);
        Ok(found)
    }
}

/// The saved profile and what the log says since.
pub(crate) async fn current_profile(
    connection: &mut AnyConnection,
    key: AccountKey,
) -> Result<Profile, StoreError> {
    let saved = load::profiles(connection, &[key]).await?.pop();
    let mut profile = saved.map(|(_, profile)| profile).unwrap_or_default();
    let text =
        format!("SELECT {COLUMNS} FROM log WHERE {OF_ACCOUNT} AND position > $2 ORDER BY position");
    let query = sqlx::query(AssertSqlSafe(text))
        .bind(key.0.to_be_bytes().to_vec())
        .bind(profile.as_of.cast_signed());
    for row in connection.fetch_all(query).await.map_err(unavailable)? {
        let stored = Row::read(&row)?.stored()?;
        match &stored.payload {
            Payload::Event { observation, assessment, .. } => {
                profile.remember(stored.position, observation, assessment);
            }
            Payload::Outcome { observation, outcome, .. } => {
                profile.settle(stored.position, observation, *outcome);
            }
            Payload::PolicyActivated { .. } => {}
        }
    }
    Ok(profile)
}
