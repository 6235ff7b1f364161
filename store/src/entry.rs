//! Records with their bodies opened: what people and exports read.

use domain::keyed::AccountKey;
use domain::memory::Position;
use domain::time::Micros;
use rustc_hash::FxHashMap;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor as _};

use crate::body;
use crate::commit::{body_place, name_place};
use crate::database::unavailable;
use crate::keyring::KeyState;
use crate::record::Payload;
use crate::row::{COLUMNS, Row};
use crate::seal::Place;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// One record of the log with its body.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Place in the log.
    pub position: Position,
    /// When it was received.
    pub received_at: Micros,
    /// What it says.
    pub payload: Payload,
    /// The event's own JSON.
    pub body: Body,
}

/// The body of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// It has none.
    None,
    /// As it was received.
    Open(Vec<u8>),
    /// The person was erased: nobody can read it any more.
    Erased,
}

impl Store {
    /// The whole log after `position`, in order, a chunk at a time: constant memory.
    pub const fn log_after(&self, position: Position) -> LogReader<'_> {
        LogReader { store: self, position }
    }

    pub(crate) async fn entries(
        &self,
        connection: &mut AnyConnection,
        rows: &[AnyRow],
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = rows.iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
        let accounts: Vec<_> = rows.iter().filter_map(|row| row.account.map(AccountKey)).collect();
        let opener = self.opener(connection, accounts).await?;
        rows.iter().map(|row| opener.entry(row)).collect()
    }

    /// Keys to open what belongs to `accounts`. Looks first whether anybody was erased meanwhile,
    /// also by another process.
    pub(crate) async fn opener(
        &self,
        connection: &mut AnyConnection,
        mut accounts: Vec<AccountKey>,
    ) -> Result<Opener<'_>, StoreError> {
        accounts.sort_unstable();
        accounts.dedup();
        let row = connection
            .fetch_one("SELECT erasures FROM checkpoint WHERE id = 1")
            .await
            .map_err(unavailable)?;
        let erasures = Columns { table: "checkpoint", row: &row }.int("erasures")?;
        self.keyring.still_good_after(erasures);
        let keys = self.keyring.keys_of(connection, &accounts).await?;
        Ok(Opener { store: self, keys })
    }
}

/// Reads the log chunk by chunk.
pub struct LogReader<'a> {
    store: &'a Store,
    position: Position,
}

impl LogReader<'_> {
    const CHUNK: i64 = 1_000;

    /// The next records, at most a thousand; empty at the end.
    pub async fn next(&mut self) -> Result<Vec<Entry>, StoreError> {
        let mut reader = self.store.database.reader.acquire().await.map_err(unavailable)?;
        let text =
            format!("SELECT {COLUMNS} FROM log WHERE position > $1 ORDER BY position LIMIT $2");
        let query = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(self.position.cast_signed())
            .bind(Self::CHUNK);
        let rows = reader.fetch_all(query).await.map_err(unavailable)?;
        let entries = self.store.entries(&mut reader, &rows).await?;
        if let Some(last) = entries.last() {
            self.position = last.position;
        }
        Ok(entries)
    }
}

/// Keys of some accounts, to open what belongs to them.
pub(crate) struct Opener<'a> {
    store: &'a Store,
    keys: FxHashMap<AccountKey, KeyState>,
}

impl Opener<'_> {
    pub(crate) fn entry(&self, row: &Row) -> Result<Entry, StoreError> {
        let stored = row.stored()?;
        let account = row.account.map(AccountKey);
        let body = match &row.body {
            None => Body::None,
            Some(sealed) => {
                let place = body_place(account, row.position);
                match self.open(account, place, row.position, sealed)? {
                    None => Body::Erased,
                    Some(packed) => Body::Open(body::unpack(&packed).ok_or_else(|| row.corrupt())?),
                }
            }
        };
        Ok(Entry {
            position: stored.position,
            received_at: stored.received_at,
            payload: stored.payload,
            body,
        })
    }

    /// Opens what was sealed with a record; `None` when its account has been erased since.
    pub(crate) fn open(
        &self,
        account: Option<AccountKey>,
        place: Place,
        position: Position,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(account) = account else {
            return self.store.keyring.key_without_account(position)?.open(place, sealed).map(Some);
        };
        match self.keys.get(&account) {
            Some(state) if position <= state.erased_through => Ok(None),
            Some(KeyState { key: Some(key), .. }) => key.open(place, sealed).map(Some),
            Some(KeyState { key: None, .. }) => Ok(None),
            None => Err(place.corrupt()),
        }
    }

    /// Opens what is sealed under the account's key of today; `None` once erased.
    pub(crate) fn open_now(
        &self,
        account: AccountKey,
        place: Place,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let key = self.keys.get(&account).and_then(|state| state.key.as_ref());
        key.map(|key| key.open(place, sealed)).transpose()
    }

    /// What the store calls `account`, from its row of `accounts`; `None` once erased.
    pub(crate) fn name(
        &self,
        account: AccountKey,
        columns: &Columns<'_>,
    ) -> Result<Option<String>, StoreError> {
        let key = self.keys.get(&account).and_then(|state| state.key.as_ref());
        let (Some(sealed), Some(key)) = (columns.bytes_or_null("name")?, key) else {
            return Ok(None);
        };
        let name = key.open(name_place(account), &sealed)?;
        String::from_utf8(name).map(Some).map_err(|_| columns.corrupt())
    }
}
