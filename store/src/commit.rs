//! Writing a batch: everything in one transaction, or nothing.

use domain::keyed::AccountKey;
use domain::memory::Position;
use rustc_hash::FxHashMap;
use sqlx::{AnyConnection, Executor as _, Row as _};

use crate::body::Packer;
use crate::chain::{link, mark_of};
use crate::database::unavailable;
use crate::keyring::KeyState;
use crate::record::{Batch, DecisionId, Head, NewRecord, Payload};
use crate::row::{Row, WRITTEN};
use crate::seal::{Place, SecretKey};
use crate::sql::{Value, insert_rows};
use crate::{Store, StoreError, standings};

/// Another process erasing accounts while we commit makes us seal again; not for ever.
const TRIES_MAX: u32 = 5;

/// Rows of one batch, ready to be written.
struct Rows {
    head: Head,
    log: Vec<Vec<Value>>,
    accounts: Vec<Vec<Value>>,
    outcomes: Vec<Vec<Value>>,
    outbox: Vec<Vec<Value>>,
    /// Data keys that are in the table once this is committed.
    keys: Vec<(AccountKey, KeyState)>,
}

enum Written {
    Durably,
    /// Accounts were erased meanwhile: the keys used to seal may be gone.
    NotWithTheseKeys,
}

impl Store {
    /// Writes a batch in one transaction; on `Ok` it is durable. Returns the new head.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when the log does not stand at `head`: recover and judge again.
    /// [`StoreError::Unavailable`] when the database did not take it. Nothing is half-written, but
    /// whether the whole was written may be unknown (the connection broke during the commit):
    /// compare [`Store::head`] with what this batch would have given, or recover.
    pub async fn commit(&self, head: &Head, batch: Batch) -> Result<Head, StoreError> {
        let _alone = self.commits.lock().await;
        let mut connection = self.database.committer().await?;
        let committed = self.commit_on(&mut connection, head, &batch).await;
        connection.put_back(committed.is_ok());
        committed
    }

    async fn commit_on(
        &self,
        connection: &mut AnyConnection,
        head: &Head,
        batch: &Batch,
    ) -> Result<Head, StoreError> {
        for _ in 0..TRIES_MAX {
            let rows = self.seal_rows(connection, head, batch).await?;
            let (new_head, keys) = (rows.head, rows.keys.clone());
            match self.write_rows(connection, head, rows, batch).await? {
                Written::Durably => {
                    self.keyring.remember(keys);
                    return Ok(new_head);
                }
                Written::NotWithTheseKeys => {}
            }
        }
        Err(StoreError::Overtaken(head.position))
    }

    async fn seal_rows(
        &self,
        connection: &mut AnyConnection,
        head: &Head,
        batch: &Batch,
    ) -> Result<Rows, StoreError> {
        let mut accounts: Vec<AccountKey> =
            batch.records.iter().filter_map(|record| record.payload.account()).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let known = self.keyring.keys_of(connection, &accounts).await?;
        let mut sealer = Sealer { store: self, known, packer: Packer::new(), rows: Rows::at(head) };
        for record in &batch.records {
            sealer.take(record)?;
        }
        Ok(sealer.rows)
    }

    async fn write_rows(
        &self,
        connection: &mut AnyConnection,
        head: &Head,
        rows: Rows,
        batch: &Batch,
    ) -> Result<Written, StoreError> {
        let _turn = self.database.turn().await;
        let mut transaction = self.database.begin(connection).await?;
        let low_water = batch.low_water.unwrap_or(0);
        let Some(erasures) = move_head(&mut transaction, head, &rows.head, low_water).await? else {
            return Err(StoreError::Overtaken(head.position));
        };
        if !self.keyring.still_good_after(erasures) {
            return Ok(Written::NotWithTheseKeys);
        }
        let overtaken = |error| at_head(error, head);
        insert_all(&mut transaction, rows).await.map_err(overtaken)?;
        save_parts(&mut transaction, batch).await.map_err(overtaken)?;
        standings::note(&mut transaction, &batch.records).await.map_err(overtaken)?;
        for record in &batch.records {
            mark_activation(&mut transaction, record).await.map_err(overtaken)?;
        }
        transaction.commit().await.map_err(overtaken)?;
        Ok(Written::Durably)
    }
}

/// A row at our position is another writer's.
fn at_head(error: sqlx::Error, head: &Head) -> StoreError {
    let refused = error.as_database_error();
    if refused.is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        StoreError::Overtaken(head.position)
    } else {
        unavailable(error)
    }
}

/// Moves the head, if it still stands where we think. Returns how many accounts have been erased
/// so far. On PostgreSQL the row lock makes a second writer wait here, and then find it moved.
async fn move_head(
    connection: &mut AnyConnection,
    head: &Head,
    to: &Head,
    low_water: Position,
) -> Result<Option<i64>, StoreError> {
    let update = sqlx::query(
        "UPDATE checkpoint SET head = $1, chain = $2, \
         low_water = CASE WHEN low_water < $3 THEN $3 ELSE low_water END \
         WHERE id = 1 AND head = $4 RETURNING erasures",
    )
    .bind(to.position.cast_signed())
    .bind(to.chain.to_vec())
    .bind(low_water.cast_signed())
    .bind(head.position.cast_signed());
    let row = connection.fetch_optional(update).await.map_err(unavailable)?;
    row.map(|row| row.try_get("erasures").map_err(unavailable)).transpose()
}

async fn insert_all(connection: &mut AnyConnection, rows: Rows) -> Result<(), sqlx::Error> {
    let log = format!("INSERT INTO log ({WRITTEN})");
    insert_rows(connection, (&log, ""), rows.log).await?;
    // An account whose key was destroyed and that comes back gets a new key and name.
    let accounts = (
        "INSERT INTO accounts (account, data_key, name, created)",
        "ON CONFLICT (account) DO UPDATE SET data_key = excluded.data_key, name = excluded.name",
    );
    insert_rows(connection, accounts, rows.accounts).await?;
    let outcomes = ("INSERT INTO outcomes (decision, position)", "");
    insert_rows(connection, outcomes, rows.outcomes).await?;
    let outbox = (
        "INSERT INTO outbox (endpoint, message, kind, position, account, body, created_at, \
         due_at, tries, state)",
        "",
    );
    insert_rows(connection, outbox, rows.outbox).await
}

async fn save_parts(connection: &mut AnyConnection, batch: &Batch) -> Result<(), sqlx::Error> {
    let profiles = (
        "INSERT INTO profiles (account, packed)",
        "ON CONFLICT (account) DO UPDATE SET packed = excluded.packed",
    );
    let rows = batch.profiles.iter().map(|(account, packed)| {
        vec![account.0.to_be_bytes().to_vec().into(), packed.clone().into()]
    });
    insert_rows(connection, profiles, rows.collect()).await?;
    let shards = (
        "INSERT INTO shards (number, packed)",
        "ON CONFLICT (number) DO UPDATE SET packed = excluded.packed",
    );
    let rows = batch.shards.iter().map(|(number, packed)| {
        vec![i64::try_from(*number).unwrap_or(i64::MAX).into(), packed.clone().into()]
    });
    insert_rows(connection, shards, rows.collect()).await
}

async fn mark_activation(
    connection: &mut AnyConnection,
    record: &NewRecord,
) -> Result<(), sqlx::Error> {
    let Payload::PolicyActivated { policy } = record.payload else { return Ok(()) };
    let update = sqlx::query(
        "UPDATE policies SET activated_at = $1, activated_position = $2 WHERE number = $3",
    )
    .bind(record.received_at.0)
    .bind(record.position.cast_signed())
    .bind(policy);
    connection.execute(update).await.map(drop)
}

impl Rows {
    const fn at(head: &Head) -> Self {
        Self {
            head: *head,
            log: Vec::new(),
            accounts: Vec::new(),
            outcomes: Vec::new(),
            outbox: Vec::new(),
            keys: Vec::new(),
        }
    }
}

/// Seals records one after the other, each linked to the one before.
struct Sealer<'a> {
    store: &'a Store,
    known: FxHashMap<AccountKey, KeyState>,
    packer: Packer,
    rows: Rows,
}

impl Sealer<'_> {
    fn take(&mut self, record: &NewRecord) -> Result<(), StoreError> {
        if record.position != self.rows.head.position + 1 {
            return Err(StoreError::Overtaken(self.rows.head.position));
        }
        let account = record.payload.account();
        if let Payload::Event { decision, .. } = &record.payload
            && *decision != DecisionId::of(record.position, record.received_at)
        {
            return Err(StoreError::Corrupt { table: "log", id: record.position.to_string() });
        }
        let (key, number) = self.key_for(record, account)?;
        let body = if record.body.is_empty() {
            None
        } else {
            Some(key.seal(body_place(account, record.position), &self.packer.pack(&record.body))?)
        };
        let mut row = Row::new(record, number, body);
        let chain = link(&self.rows.head.chain, &row);
        row.mark = mark_of(&chain);
        self.rows.head = Head { position: row.position, chain };
        self.rows.log.push(row.values());
        if let Payload::Outcome { decision, .. } = &record.payload {
            let (of, at) = (decision.position().cast_signed(), record.position.cast_signed());
            self.rows.outcomes.push(vec![of.into(), at.into()]);
        }
        self.take_outbox(record, account, &key)
    }

    /// The key under which what belongs to `account` is sealed, made when the account is new, and
    /// the account's number.
    fn key_for(
        &mut self,
        record: &NewRecord,
        account: Option<AccountKey>,
    ) -> Result<(SecretKey, Option<Position>), StoreError> {
        let keyring = &self.store.keyring;
        let Some(account) = account else {
            return Ok((keyring.key_without_account(record.position)?, None));
        };
        let mut state = KeyState { key: None, number: record.position, erased_through: 0 };
        if let Some(known) = self.known.get(&account) {
            if let Some(key) = &known.key {
                self.rows.keys.push((account, known.clone()));
                return Ok((key.clone(), Some(known.number)));
            }
            state.number = known.number;
            state.erased_through = known.erased_through;
        }
        let key = SecretKey::random()?;
        let name = match record.account_name.as_deref() {
            Some(name) => Some(key.seal(name_place(account), name.as_bytes())?),
            None => None,
        };
        self.rows.accounts.push(vec![
            account.0.to_be_bytes().to_vec().into(),
            keyring.seal_data_key(account, &key)?.into(),
            name.into(),
            state.number.cast_signed().into(),
        ]);
        state.key = Some(key.clone());
        self.rows.keys.push((account, state.clone()));
        let number = state.number;
        self.known.insert(account, state);
        Ok((key, Some(number)))
    }

    fn take_outbox(
        &mut self,
        record: &NewRecord,
        account: Option<AccountKey>,
        key: &SecretKey,
    ) -> Result<(), StoreError> {
        for message in &record.outbox {
            let place = outbox_place(account, record.position);
            self.rows.outbox.push(vec![
                message.endpoint.into(),
                message.message.clone().into(),
                message.kind.to_owned().into(),
                record.position.cast_signed().into(),
                account.map(|account| account.0.to_be_bytes().to_vec()).into(),
                key.seal(place, &self.packer.pack(&message.body))?.into(),
                record.received_at.0.into(),
                record.received_at.0.into(),
                0.into(),
                0.into(),
            ]);
        }
        Ok(())
    }
}

pub(crate) fn body_place(account: Option<AccountKey>, position: Position) -> Place {
    Place { table: "log.body", account: account.map_or(0, |account| account.0), position }
}

pub(crate) fn outbox_place(account: Option<AccountKey>, position: Position) -> Place {
    Place { table: "outbox.body", account: account.map_or(0, |account| account.0), position }
}

pub(crate) const fn name_place(account: AccountKey) -> Place {
    Place { table: "accounts.name", account: account.0, position: 0 }
}
