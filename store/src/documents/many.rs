//! Many documents at once, as an import asks for them and writes them: a few statements a batch,
//! however many rows it has.

use domain::keyed::AccountKey;
use domain::time::Micros;
use rustc_hash::FxHashMap;
use sqlx::{AnyConnection, Executor as _};

use super::apply::NUMBERED_HERE;
use super::{COLUMNS, Document, DocumentKind, Put, place};
use crate::commit::name_place;
use crate::database::unavailable;
use crate::seal::SecretKey;
use crate::sql::{Columns, Value, insert_rows, select_by_keys, wide};
use crate::{Store, StoreError};

impl Store {
    /// Those documents of these ids that there are, in no order.
    pub async fn documents_with(
        &self,
        kind: DocumentKind,
        ids: &[u128],
    ) -> Result<Vec<Document>, StoreError> {
        let keys: Vec<Value> = ids.iter().copied().map(wide).collect();
        let head =
            format!("SELECT {COLUMNS} FROM documents WHERE kind = {} AND id IN", kind as i64);
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let rows = select_by_keys(&mut reader, &head, &keys).await.map_err(unavailable)?;
        self.open_documents(&mut reader, kind, &rows).await
    }

    /// To which document each of these names leads; a name that nobody has is not in the answer.
    pub async fn documents_behind(
        &self,
        kind: DocumentKind,
        names: &[u128],
    ) -> Result<FxHashMap<u128, u128>, StoreError> {
        let keys: Vec<Value> = names.iter().copied().map(wide).collect();
        let head =
            format!("SELECT name, id FROM document_names WHERE kind = {} AND name IN", kind as i64);
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let rows = select_by_keys(&mut reader, &head, &keys).await.map_err(unavailable)?;
        let columns = rows.iter().map(|row| Columns { table: "document_names", row });
        columns.map(|columns| Ok((columns.wide("name")?, columns.wide("id")?))).collect()
    }

    /// Writes documents that are not there yet, each of an account, in one transaction. `false`:
    /// nothing was written, because meanwhile one of their ids or names became another's.
    pub async fn insert_documents(&self, puts: &[Put], now: Micros) -> Result<bool, StoreError> {
        let mut transaction = self.database.write().await?;
        let keys = self.keys_to_write(&mut transaction, puts).await?;
        let (mut documents, mut names) = (Vec::new(), Vec::new());
        for put in puts {
            let account = put.account.as_ref().map(|(account, _)| *account);
            let key = account.and_then(|account| keys.get(&account));
            let corrupt = || StoreError::Corrupt { table: "accounts", id: format!("{:x}", put.id) };
            let key = key.ok_or_else(corrupt)?;
            documents.push(row_of(put, key, now)?);
            let new = put.names.iter().flatten();
            names.extend(new.map(|name| vec![kind_of(put), wide(*name), wide(put.id)]));
        }
        let head = "INSERT INTO documents (kind, id, version, account, state, rank, due_at, \
                    expires_at, created_at, updated_at, body)";
        let written = match insert_rows(&mut transaction, (head, ""), documents).await {
            Ok(()) => {
                let head = "INSERT INTO document_names (kind, name, id)";
                insert_rows(&mut transaction, (head, ""), names).await
            }
            failed => failed,
        };
        if let Err(error) = written {
            let refused = error.as_database_error();
            let is_there = refused.is_some_and(sqlx::error::DatabaseError::is_unique_violation);
            return if is_there { Ok(false) } else { Err(unavailable(error)) };
        }
        transaction.commit().await.map_err(unavailable)?;
        Ok(true)
    }

    /// The data keys of the accounts of `puts`, made where they have none; see `key_to_write`.
    async fn keys_to_write(
        &self,
        connection: &mut AnyConnection,
        puts: &[Put],
    ) -> Result<FxHashMap<AccountKey, SecretKey>, StoreError> {
        let count = "UPDATE checkpoint SET erasures = erasures + 1 WHERE id = 1";
        connection.execute(count).await.map_err(unavailable)?;
        let accounts = puts.iter().filter_map(|put| put.account.as_ref());
        let asked: Vec<Value> = accounts.clone().map(|(account, _)| wide(account.0)).collect();
        let mut keys = FxHashMap::default();
        let head = "SELECT account, data_key FROM accounts WHERE account IN";
        for row in select_by_keys(connection, head, &asked).await.map_err(unavailable)? {
            let columns = Columns { table: "accounts", row: &row };
            let account = AccountKey(columns.wide("account")?);
            if let Some(sealed) = columns.bytes_or_null("data_key")? {
                keys.insert(account, self.keyring.open_data_key(account, &sealed)?);
            }
        }
        let last = "SELECT COALESCE(MAX(created), 0) AS created FROM accounts";
        let last = connection.fetch_one(last).await.map_err(unavailable)?;
        let last = Columns { table: "accounts", row: &last }.int("created")?;
        let mut number = NUMBERED_HERE.max(last.saturating_add(1));
        let mut new = Vec::new();
        for (account, name) in accounts {
            if keys.contains_key(account) {
                continue;
            }
            let key = SecretKey::random()?;
            new.push(vec![
                wide(account.0),
                self.keyring.seal_data_key(*account, &key)?.into(),
                key.seal(name_place(*account), name.as_bytes())?.into(),
                number.into(),
            ]);
            number = number.saturating_add(1);
            keys.insert(*account, key);
        }
        let insert = (
            "INSERT INTO accounts (account, data_key, name, created)",
            "ON CONFLICT (account) DO UPDATE SET data_key = excluded.data_key, \
             name = excluded.name",
        );
        insert_rows(connection, insert, new).await.map_err(unavailable)?;
        Ok(keys)
    }
}

const fn kind_of(put: &Put) -> Value {
    Value::Int(put.kind as i64)
}

fn row_of(put: &Put, key: &SecretKey, now: Micros) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        kind_of(put),
        wide(put.id),
        1.into(),
        put.account.as_ref().map_or(Value::NoBytes, |(account, _)| wide(account.0)),
        put.state.into(),
        put.rank.into(),
        put.due_at.map(|at| at.0).into(),
        put.expires_at.map(|at| at.0).into(),
        now.0.into(),
        now.0.into(),
        key.seal(place(put.kind, put.id, 1), &put.body)?.into(),
    ])
}
