//! API keys. Only a hash of a key is stored: keys are random, so a fast hash is enough.

use domain::time::Micros;
use ring::digest::{SHA256, digest};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::database::unavailable;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// An API key, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, to name it without showing it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `decide`, `read`, `desk`, `admin`.
    pub scopes: Vec<String>,
    /// For test mode (`sk_test_…`).
    pub test: bool,
    /// When it was made.
    pub created_at: Micros,
    /// When it was revoked.
    pub revoked_at: Option<Micros>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Micros>,
}

const COLUMNS: &str = "id, name, scopes, test, created_at, revoked_at, last_used_at";

impl Store {
    /// Stores a new key. `secret` is the whole text that callers will send; only its hash is kept.
    pub async fn create_api_key(&self, key: &ApiKey, secret: &str) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO api_keys (id, name, secret_hash, scopes, test, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(key.id.clone())
        .bind(key.name.clone())
        .bind(hash_of(secret))
        .bind(key.scopes.join(","))
        .bind(i64::from(key.test))
        .bind(key.created_at.0);
        self.write_one(insert).await.map(drop)
    }

    /// The key whose text is `secret`, revoked or not; `None` for a wrong one.
    pub async fn api_key_of(&self, secret: &str) -> Result<Option<ApiKey>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM api_keys WHERE secret_hash = $1");
        let query = sqlx::query(AssertSqlSafe(text)).bind(hash_of(secret));
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        row.map(|row| read(&row)).transpose()
    }

    /// All keys, oldest first.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM api_keys ORDER BY created_at, id");
        let query = sqlx::query(AssertSqlSafe(text));
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter().map(read).collect()
    }

    /// Revokes a key. Returns whether it was in force.
    pub async fn revoke_api_key(&self, id: &str, now: Micros) -> Result<bool, StoreError> {
        let update =
            sqlx::query("UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
                .bind(now.0)
                .bind(id.to_owned());
        Ok(self.write_one(update).await? > 0)
    }

    /// Takes note that a key was used. Call it seldom: each call is a write.
    pub async fn touch_api_key(&self, id: &str, now: Micros) -> Result<(), StoreError> {
        let update = sqlx::query("UPDATE api_keys SET last_used_at = $1 WHERE id = $2")
            .bind(now.0)
            .bind(id.to_owned());
        self.write_one(update).await.map(drop)
    }
}

fn read(row: &AnyRow) -> Result<ApiKey, StoreError> {
    let columns = Columns { table: "api_keys", row };
    Ok(ApiKey {
        id: columns.text("id")?,
        name: columns.text("name")?,
        scopes: words(&columns.text("scopes")?),
        test: columns.int("test")? != 0,
        created_at: Micros(columns.int("created_at")?),
        revoked_at: columns.int_or_null("revoked_at")?.map(Micros),
        last_used_at: columns.int_or_null("last_used_at")?.map(Micros),
    })
}

/// Words that were joined with commas.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn hash_of(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}
