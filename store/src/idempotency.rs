//! Answers kept under an `Idempotency-Key`, so that a retry gets the same one.

use domain::keyed::Field;
use domain::time::{DAY, Micros};
use sqlx::Executor as _;

use crate::database::unavailable;
use crate::seal::Place;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Digest of the request it answered; another one under the same key is a contradiction.
    pub digest: Vec<u8>,
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub response: Vec<u8>,
    /// Until when it is kept.
    pub expires_at: Micros,
}

impl Store {
    /// The answer kept for this caller under this `Idempotency-Key`.
    pub async fn remembered_answer(
        &self,
        api_key: &str,
        key: &str,
        now: Micros,
    ) -> Result<Option<Remembered>, StoreError> {
        let hash = self.idempotency_hash(api_key, key)?;
        let query = sqlx::query(
            "SELECT digest, status, response, expires_at FROM idempotency \
             WHERE api_key = $1 AND hash = $2 AND expires_at > $3",
        )
        .bind(api_key.to_owned())
        .bind(hash.to_be_bytes().to_vec())
        .bind(now.0);
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        let Some(row) = row else { return Ok(None) };
        let columns = Columns { table: "idempotency", row: &row };
        let expires_at = Micros(columns.int("expires_at")?);
        let sealing = self.keyring.instance_key("idempotency", epoch(expires_at))?;
        Ok(Some(Remembered {
            digest: columns.bytes("digest")?,
            status: u16::try_from(columns.int("status")?).map_err(|_| columns.corrupt())?,
            response: sealing.open(place(hash), &columns.bytes("response")?)?,
            expires_at,
        }))
    }

    /// Keeps an answer. Of two at once the first stays; an expired one is replaced. `false`: one
    /// was kept already.
    pub async fn remember_answer(
        &self,
        api_key: &str,
        key: &str,
        answer: &Remembered,
        now: Micros,
    ) -> Result<bool, StoreError> {
        let hash = self.idempotency_hash(api_key, key)?;
        let sealing = self.keyring.instance_key("idempotency", epoch(answer.expires_at))?;
        let insert = sqlx::query(
            "INSERT INTO idempotency (api_key, hash, digest, status, response, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (api_key, hash) DO UPDATE SET \
             digest = excluded.digest, status = excluded.status, response = excluded.response, \
             expires_at = excluded.expires_at WHERE idempotency.expires_at <= $7",
        )
        .bind(api_key.to_owned())
        .bind(hash.to_be_bytes().to_vec())
        .bind(answer.digest.clone())
        .bind(i64::from(answer.status))
        .bind(sealing.seal(place(hash), &answer.response)?)
        .bind(answer.expires_at.0)
        .bind(now.0);
        Ok(self.write_one(insert).await? > 0)
    }

    fn idempotency_hash(&self, api_key: &str, key: &str) -> Result<u128, StoreError> {
        let named = format!("idempotency\0{api_key}\0{key}");
        Ok(self.hasher()?.wide(Field::Other, named.as_bytes()))
    }
}

const fn place(hash: u128) -> Place {
    Place { table: "idempotency.response", account: hash, position: 0 }
}

/// A sealing key for each day of expiry.
const fn epoch(expires_at: Micros) -> u64 {
    expires_at.0.div_euclid(DAY).cast_unsigned()
}
