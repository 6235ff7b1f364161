//! Writing documents: everything in one transaction, or nothing.

use domain::keyed::AccountKey;
use domain::memory::Position;
use domain::time::Micros;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

use super::kept_as::Row;
use super::{Applied, Changes, DocumentKind, Put, place, wide};
use crate::audit::{self, Audited, New, Told};
use crate::body::Packer;
use crate::chain::Link;
use crate::commit::{name_place, outbox_place};
use crate::database::{Engine, unavailable};
use crate::record::OutboxRow;
use crate::seal::SecretKey;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// Numbers of accounts that are known before their first record: beyond every position of the log, so
/// that no record of another account ever wants the same (`accounts.created` is unique).
pub(super) const NUMBERED_HERE: i64 = 1 << 62;

impl Store {
    /// Writes everything in one transaction, or nothing.
    pub async fn apply(&self, changes: &Changes, now: Micros) -> Result<Applied, StoreError> {
        let mut transaction = self.database.write().await?;
        let mut audited = Vec::new();
        for (kind, id, seen) in &changes.removals {
            if !remove(&mut transaction, *kind, *id, *seen).await? {
                return Ok(Applied::Raced(*kind, *id));
            }
            if kind.is_audited() {
                audited.push(removed(*kind as i64, *id, None));
            }
        }
        for put in &changes.puts {
            let key = self.key_to_write(&mut transaction, put.account.as_ref()).await?;
            let key = match key {
                Some(key) => key,
                None => self.keyring.instance_key("documents", put.kind as u64)?,
            };
            let Some(digest) = write(&mut transaction, put, &key, now).await? else {
                return Ok(Applied::Raced(put.kind, put.id));
            };
            if !name(&mut transaction, put).await? {
                return Ok(Applied::NameTaken(put.kind, put.id));
            }
            if put.kind.is_audited() {
                audited.push(written(put, digest));
            }
        }
        for (account, message) in &changes.outbox {
            self.send(&mut transaction, account.as_ref(), message, now).await?;
        }
        for told in &changes.told {
            let key = match self.key_to_write(&mut transaction, told.account.as_ref()).await? {
                Some(key) => key,
                None => self.keyring.instance_key("documents", told.kind as u64)?,
            };
            with_words(&mut audited, told, key);
        }
        audit::append(&mut transaction, audited, now).await?;
        transaction.commit().await.map_err(unavailable)?;
        Ok(Applied::Done)
    }

    /// The data key of an account, made where it has none.
    async fn key_to_write(
        &self,
        connection: &mut AnyConnection,
        account: Option<&(AccountKey, String)>,
    ) -> Result<Option<SecretKey>, StoreError> {
        let Some((account, name)) = account else { return Ok(None) };
        let found = self.key_in_its_row(connection, *account).await?;
        if found.is_some() {
            return Ok(found);
        }
        // Whoever seals a record for the same new account finds this count changed, and seals again.
        let count = "UPDATE checkpoint SET erasures = erasures + 1 WHERE id = 1";
        connection.execute(count).await.map_err(unavailable)?;
        let found = self.key_in_its_row(connection, *account).await?;
        if found.is_some() {
            return Ok(found);
        }
        let key = SecretKey::random()?;
        // The count above holds back everybody else who looks for the next number.
        let insert = sqlx::query(
            "INSERT INTO accounts (account, data_key, name, created) VALUES ($1, $2, $3, \
             (SELECT CASE WHEN MAX(created) >= $4 THEN MAX(created) + 1 ELSE $4 END \
             FROM accounts)) ON CONFLICT (account) DO UPDATE SET \
             data_key = excluded.data_key, name = excluded.name",
        )
        .bind(wide(account.0))
        .bind(self.keyring.seal_data_key(*account, &key)?)
        .bind(key.seal(name_place(*account), name.as_bytes())?)
        .bind(NUMBERED_HERE);
        connection.execute(insert).await.map_err(unavailable)?;
        Ok(Some(key))
    }

    /// Read from its row and not from memory: the row stays as it is until this transaction ends.
    async fn key_in_its_row(
        &self,
        connection: &mut AnyConnection,
        account: AccountKey,
    ) -> Result<Option<SecretKey>, StoreError> {
        let share = match self.database.engine {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR SHARE",
        };
        let text = format!("SELECT account, data_key FROM accounts WHERE account = $1 {share}");
        let query = sqlx::query(AssertSqlSafe(text)).bind(wide(account.0));
        let Some(row) = connection.fetch_optional(query).await.map_err(unavailable)? else {
            return Ok(None);
        };
        let sealed = Columns { table: "accounts", row: &row }.bytes_or_null("data_key")?;
        sealed.map(|sealed| self.keyring.open_data_key(account, &sealed)).transpose()
    }

    async fn send(
        &self,
        connection: &mut AnyConnection,
        account: Option<&(AccountKey, String)>,
        message: &OutboxRow,
        now: Micros,
    ) -> Result<(), StoreError> {
        let next = connection
            .fetch_one("SELECT head + 1 AS head FROM checkpoint WHERE id = 1")
            .await
            .map_err(unavailable)?;
        let position: Position = Columns { table: "checkpoint", row: &next }.unsigned("head")?;
        let key = match self.key_to_write(connection, account).await? {
            Some(key) => key,
            None => self.keyring.key_without_account(position)?,
        };
        let account = account.map(|(account, _)| *account);
        let place = outbox_place(account, position);
        let insert = sqlx::query(
            "INSERT INTO outbox (endpoint, message, kind, position, account, body, created_at, \
             due_at, tries, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)",
        )
        .bind(message.endpoint)
        .bind(message.message.clone())
        .bind(message.kind.to_owned())
        .bind(position.cast_signed())
        .bind(account.map(|account| wide(account.0)))
        .bind(key.seal(place, &Packer::new().pack(&message.body))?)
        .bind(now.0)
        .bind(now.0);
        connection.execute(insert).await.map(drop).map_err(unavailable)
    }
}

/// The row of the trail for a document that was written.
fn written(put: &Put, digest: Link) -> New {
    New {
        what: Audited::Written,
        kind: put.kind as i64,
        id: put.id,
        version: version_of(put),
        account: put.account.as_ref().map(|(account, _)| *account),
        digest: Some(digest),
        told: None,
    }
}

/// The row of the trail for a document that was removed.
const fn removed(kind: i64, id: u128, account: Option<AccountKey>) -> New {
    New { what: Audited::Removed, kind, id, version: 0, account, digest: None, told: None }
}

/// Puts words to the row of what they are about; where there is none, or it has words, to one of
/// their own.
fn with_words(rows: &mut Vec<New>, told: &Told, key: SecretKey) {
    let kind = told.kind as i64;
    let account = told.account.as_ref().map(|(account, _)| *account);
    let words = Some((key, told.words.clone()));
    let same = |row: &&mut New| {
        row.told.is_none() && (row.kind, row.id, row.account) == (kind, told.id, account)
    };
    match rows.iter_mut().find(same) {
        Some(row) => row.told = words,
        None => rows.push(New {
            what: Audited::Done,
            kind,
            id: told.id,
            version: 0,
            account,
            digest: None,
            told: words,
        }),
    }
}

/// The version that a write leaves.
fn version_of(put: &Put) -> u64 {
    put.seen.map_or(1, |seen| seen + 1)
}

/// Writes one document and returns the digest of its row; `None` if its version is another.
async fn write(
    connection: &mut AnyConnection,
    put: &Put,
    key: &SecretKey,
    now: Micros,
) -> Result<Option<Link>, StoreError> {
    let account = put.account.as_ref().map(|(account, _)| *account);
    let version = version_of(put);
    let body = key.seal(place(put.kind, put.id, version), &put.body)?;
    let digest = Row::of(put, version, &body).digest();
    let text = if put.seen.is_some() {
        "UPDATE documents SET version = $3, account = $4, state = $5, rank = $6, due_at = $7, \
         expires_at = $8, updated_at = $9, body = $10 WHERE kind = $1 AND id = $2 AND version = $11"
    } else {
        "INSERT INTO documents (kind, id, version, account, state, rank, due_at, expires_at, \
         created_at, updated_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) \
         ON CONFLICT (kind, id) DO NOTHING"
    };
    let mut query = sqlx::query(text)
        .bind(put.kind as i64)
        .bind(wide(put.id))
        .bind(version.cast_signed())
        .bind(account.map(|account| wide(account.0)))
        .bind(put.state)
        .bind(put.rank)
        .bind(put.due_at.map(|at| at.0))
        .bind(put.expires_at.map(|at| at.0))
        .bind(now.0)
        .bind(body);
    if let Some(seen) = put.seen {
        query = query.bind(seen.cast_signed());
    }
    let affected = connection.execute(query).await.map_err(unavailable)?.rows_affected();
    Ok((affected > 0).then_some(digest))
}

/// Gives a document its names; `false` if one belongs to another.
async fn name(connection: &mut AnyConnection, put: &Put) -> Result<bool, StoreError> {
    let Some(names) = &put.names else { return Ok(true) };
    unname(connection, put.kind, put.id).await?;
    for name in names {
        let insert = sqlx::query(
            "INSERT INTO document_names (kind, name, id) VALUES ($1, $2, $3) \
             ON CONFLICT (kind, name) DO NOTHING",
        )
        .bind(put.kind as i64)
        .bind(wide(*name))
        .bind(wide(put.id));
        if connection.execute(insert).await.map_err(unavailable)?.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes a document; `false` if it is not there in the version that was seen.
async fn remove(
    connection: &mut AnyConnection,
    kind: DocumentKind,
    id: u128,
    seen: Option<u64>,
) -> Result<bool, StoreError> {
    unname(connection, kind, id).await?;
    let delete = sqlx::query(
        "DELETE FROM documents WHERE kind = $1 AND id = $2 AND ($3 = 0 OR version = $3)",
    )
    .bind(kind as i64)
    .bind(wide(id))
    .bind(seen.unwrap_or(0).cast_signed());
    let gone = connection.execute(delete).await.map_err(unavailable)?.rows_affected();
    Ok(gone > 0 || seen.is_none())
}

async fn unname(
    connection: &mut AnyConnection,
    kind: DocumentKind,
    id: u128,
) -> Result<(), StoreError> {
    let delete = sqlx::query("DELETE FROM document_names WHERE kind = $1 AND id = $2")
        .bind(kind as i64)
        .bind(wide(id));
    connection.execute(delete).await.map(drop).map_err(unavailable)
}

/// Removes everything of an account that is erased.
pub(crate) async fn forget(
    connection: &mut AnyConnection,
    account: AccountKey,
    now: Micros,
) -> Result<(), StoreError> {
    let names = sqlx::query(
        "DELETE FROM document_names WHERE (kind, id) IN \
         (SELECT kind, id FROM documents WHERE account = $1)",
    )
    .bind(wide(account.0));
    connection.execute(names).await.map_err(unavailable)?;
    let documents =
        sqlx::query("DELETE FROM documents WHERE account = $1 RETURNING kind, id, account")
            .bind(wide(account.0));
    let gone = connection.fetch_all(documents).await.map_err(unavailable)?;
    audit::append(connection, removals(&gone)?, now).await
}

/// Rows of the trail for those of the removed documents that it tells of.
fn removals(gone: &[AnyRow]) -> Result<Vec<New>, StoreError> {
    let mut audited = Vec::new();
    for row in gone {
        let columns = Columns { table: "documents", row };
        let kind = columns.int("kind")?;
        if DocumentKind::AUDITED.iter().any(|one| *one as i64 == kind) {
            let account = columns.wide_or_null("account")?.map(AccountKey);
            audited.push(removed(kind, columns.wide("id")?, account));
        }
    }
    Ok(audited)
}

/// Removes a thousand documents that have expired, with their names. Returns how many.
pub(crate) async fn prune(connection: &mut AnyConnection, now: Micros) -> Result<u64, StoreError> {
    let expired = "SELECT kind, id FROM documents WHERE expires_at <= $1 \
                   ORDER BY expires_at, kind, id LIMIT 1000";
    let names = format!("DELETE FROM document_names WHERE (kind, id) IN ({expired})");
    let names = sqlx::query(AssertSqlSafe(names)).bind(now.0);
    connection.execute(names).await.map_err(unavailable)?;
    let documents = format!(
        "DELETE FROM documents WHERE (kind, id) IN ({expired}) RETURNING kind, id, account"
    );
    let documents = sqlx::query(AssertSqlSafe(documents)).bind(now.0);
    let gone = connection.fetch_all(documents).await.map_err(unavailable)?;
    audit::append(connection, removals(&gone)?, now).await?;
    Ok(gone.len() as u64)
}
