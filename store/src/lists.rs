//! The store's own lists: addresses, accounts, cards … to be let through or stopped. Values are
//! sealed, and found by keyed hash.

use domain::keyed::Field;
use domain::time::Micros;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::database::unavailable;
use crate::seal::Place;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name, as rules say it.
    pub name: String,
    /// What its values are: `ip`, `email` …
    pub kind: String,
    /// What it is for.
    pub note: String,
    /// When it was made.
    pub created_at: Micros,
}

/// A value on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// The value.
    pub value: String,
    /// Why it is there.
    pub note: Option<String>,
    /// Id of the key that put it there.
    pub created_by: String,
    /// When.
    pub created_at: Micros,
    /// Until when it counts.
    pub expires_at: Option<Micros>,
}

impl Store {
    /// Makes a list, or changes what is said about it.
    pub async fn put_list(&self, list: &List) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO lists (name, kind, note, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, note = excluded.note",
        )
        .bind(list.name.clone())
        .bind(list.kind.clone())
        .bind(list.note.clone())
        .bind(list.created_at.0);
        self.write_one(insert).await.map(drop)
    }

    /// All lists by name.
    pub async fn lists(&self) -> Result<Vec<List>, StoreError> {
        let text = "SELECT name, kind, note, created_at FROM lists ORDER BY name";
        let rows = self.database.reader.fetch_all(text).await.map_err(unavailable)?;
        rows.iter()
            .map(|row| {
                let columns = Columns { table: "lists", row };
                Ok(List {
                    name: columns.text("name")?,
                    kind: columns.text("kind")?,
                    note: columns.text("note")?,
                    created_at: Micros(columns.int("created_at")?),
                })
            })
            .collect()
    }

    /// Removes a list with its entries. Returns whether there was one.
    pub async fn delete_list(&self, name: &str) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM lists WHERE name = $1").bind(name.to_owned());
        Ok(self.write_one(delete).await? > 0)
    }

    /// Puts a value on a list, or changes its note and expiry. `false`: there is no such list.
    pub async fn put_list_entry(&self, list: &str, entry: &ListEntry) -> Result<bool, StoreError> {
        let hash = self.entry_hash(list, &entry.value)?;
        let key = self.keyring.instance_key("list entries", 0)?;
        let note = entry.note.as_ref().map(|note| key.seal(note_place(hash), note.as_bytes()));
        let insert = sqlx::query(
            "INSERT INTO list_entries (list, hash, value, note, created_by, created_at, \
             expires_at) SELECT name, $2, $3, $4, $5, $6, $7 FROM lists WHERE name = $1 \
             ON CONFLICT (list, hash) DO UPDATE SET note = excluded.note, \
             expires_at = excluded.expires_at",
        )
        .bind(list.to_owned())
        .bind(hash.to_be_bytes().to_vec())
        .bind(key.seal(value_place(hash), entry.value.as_bytes())?)
        .bind(note.transpose()?)
        .bind(entry.created_by.clone())
        .bind(entry.created_at.0)
        .bind(entry.expires_at.map(|at| at.0));
        Ok(self.write_one(insert).await? > 0)
    }

    /// Takes a value off a list. Returns whether it was on it.
    pub async fn delete_list_entry(&self, list: &str, value: &str) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM list_entries WHERE list = $1 AND hash = $2")
            .bind(list.to_owned())
            .bind(self.entry_hash(list, value)?.to_be_bytes().to_vec());
        Ok(self.write_one(delete).await? > 0)
    }

    /// Entries of a list in force at `now`, in a stable order: at most `limit` after the value
    /// `after`.
    pub async fn list_entries(
        &self,
        list: &str,
        now: Micros,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Vec<ListEntry>, StoreError> {
        let after = match after {
            Some(value) => self.entry_hash(list, value)?.to_be_bytes().to_vec(),
            None => Vec::new(),
        };
        let text = "SELECT hash, value, note, created_by, created_at, expires_at \
                    FROM list_entries WHERE list = $1 AND hash > $2 \
                    AND (expires_at IS NULL OR expires_at > $3) ORDER BY hash LIMIT $4";
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(list.to_owned())
            .bind(after)
            .bind(now.0)
            .bind(i64::from(limit));
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter().map(|row| self.read_entry(row)).collect()
    }

    fn read_entry(&self, row: &AnyRow) -> Result<ListEntry, StoreError> {
        let columns = Columns { table: "list_entries", row };
        let hash = columns.wide("hash")?;
        let key = self.keyring.instance_key("list entries", 0)?;
        let open = |place: Place, sealed: &[u8]| {
            String::from_utf8(key.open(place, sealed)?).map_err(|_| place.corrupt())
        };
        Ok(ListEntry {
            value: open(value_place(hash), &columns.bytes("value")?)?,
            note: columns
                .bytes_or_null("note")?
                .map(|sealed| open(note_place(hash), &sealed))
                .transpose()?,
            created_by: columns.text("created_by")?,
            created_at: Micros(columns.int("created_at")?),
            expires_at: columns.int_or_null("expires_at")?.map(Micros),
        })
    }

    fn entry_hash(&self, list: &str, value: &str) -> Result<u128, StoreError> {
        let named = format!("list\0{list}\0{value}");
        Ok(self.hasher()?.wide(Field::Other, named.as_bytes()))
    }
}

const fn value_place(hash: u128) -> Place {
    Place { table: "list_entries.value", account: hash, position: 0 }
}

const fn note_place(hash: u128) -> Place {
    Place { table: "list_entries.note", account: hash, position: 0 }
}
