//! Subscribers of webhooks and their signing secrets.

use domain::time::Micros;
use ring::digest::{SHA256, digest};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::database::unavailable;
use crate::keys::words;
use crate::seal::Place;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// Secret bytes handed out to sign with; cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Wraps secret bytes.
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, for signing.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// A subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its number, as outbox rows name it.
    pub number: i64,
    /// Its id, as people name it.
    pub id: String,
    /// Where messages go.
    pub url: String,
    /// Types it wants; empty: all.
    pub kinds: Vec<String>,
    /// Why nothing is sent to it.
    pub disabled: Option<String>,
    /// When it was made.
    pub created_at: Micros,
    /// Until when messages are also signed with the secret before.
    pub rotating_until: Option<Micros>,
}

const COLUMNS: &str = "number, id, url, kinds, disabled, created_at, previous_until, secret, \
                       previous_secret";

impl Store {
    /// Stores a new subscriber and returns its number; `endpoint.number` is not looked at.
    pub async fn create_endpoint(
        &self,
        endpoint: &Endpoint,
        secret: &Secret,
    ) -> Result<i64, StoreError> {
        let insert = sqlx::query(
            "INSERT INTO endpoints (id, url, kinds, secret, created_at) \
             VALUES ($1, $2, $3, $4, $5) RETURNING number",
        )
        .bind(endpoint.id.clone())
        .bind(self.seal_of("endpoints.url", &endpoint.id, endpoint.url.as_bytes())?)
        .bind(endpoint.kinds.join(","))
        .bind(self.seal_of("endpoints.secret", &endpoint.id, secret.expose())?)
        .bind(endpoint.created_at.0);
        let mut transaction = self.database.write().await?;
        let row = transaction.fetch_one(insert).await.map_err(unavailable)?;
        transaction.commit().await.map_err(unavailable)?;
        row.try_get("number").map_err(unavailable)
    }

    /// All subscribers, oldest first.
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM endpoints ORDER BY number");
        let query = sqlx::query(AssertSqlSafe(text));
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter().map(|row| self.read_endpoint(row)).collect()
    }

    /// One subscriber with the secrets to sign with at `now`, the current one first.
    pub async fn endpoint(
        &self,
        number: i64,
        now: Micros,
    ) -> Result<Option<(Endpoint, Vec<Secret>)>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM endpoints WHERE number = $1");
        let query = sqlx::query(AssertSqlSafe(text)).bind(number);
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        let Some(row) = row else { return Ok(None) };
        let endpoint = self.read_endpoint(&row)?;
        let columns = Columns { table: "endpoints", row: &row };
        let open =
            |sealed: Vec<u8>| self.open_of("endpoints.secret", &endpoint.id, &sealed).map(Secret);
        let mut secrets = vec![open(columns.bytes("secret")?)?];
        if endpoint.rotating_until.is_some_and(|until| now < until) {
            secrets.extend(columns.bytes_or_null("previous_secret")?.map(open).transpose()?);
        }
        Ok(Some((endpoint, secrets)))
    }

    /// Gives a subscriber a new secret; messages carry both signatures until `both_until`.
    /// `false`: there is no such subscriber.
    pub async fn rotate_endpoint_secret(
        &self,
        id: &str,
        secret: &Secret,
        both_until: Micros,
    ) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE endpoints SET previous_secret = secret, previous_until = $1, secret = $2 \
             WHERE id = $3",
        )
        .bind(both_until.0)
        .bind(self.seal_of("endpoints.secret", id, secret.expose())?)
        .bind(id.to_owned());
        Ok(self.write_one(update).await? > 0)
    }

    /// Changes where messages go and which, and puts the subscriber back into service.
    pub async fn update_endpoint(
        &self,
        id: &str,
        url: &str,
        kinds: &[String],
    ) -> Result<bool, StoreError> {
        let update =
            sqlx::query("UPDATE endpoints SET url = $1, kinds = $2, disabled = NULL WHERE id = $3")
                .bind(self.seal_of("endpoints.url", id, url.as_bytes())?)
                .bind(kinds.join(","))
                .bind(id.to_owned());
        Ok(self.write_one(update).await? > 0)
    }

    /// Stops sending to a subscriber; what waits for it becomes dead letters.
    pub async fn disable_endpoint(&self, number: i64, reason: &str) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        let disable = sqlx::query("UPDATE endpoints SET disabled = $1 WHERE number = $2")
            .bind(reason.to_owned())
            .bind(number);
        transaction.execute(disable).await.map_err(unavailable)?;
        let bury = sqlx::query("UPDATE outbox SET state = 2 WHERE endpoint = $1 AND state = 0")
            .bind(number);
        transaction.execute(bury).await.map_err(unavailable)?;
        transaction.commit().await.map_err(unavailable)
    }

    /// Removes a subscriber and everything written for it. Returns whether there was one.
    pub async fn delete_endpoint(&self, id: &str) -> Result<bool, StoreError> {
        let mut transaction = self.database.write().await?;
        let letters = sqlx::query(
            "DELETE FROM outbox WHERE endpoint IN (SELECT number FROM endpoints WHERE id = $1)",
        )
        .bind(id.to_owned());
        transaction.execute(letters).await.map_err(unavailable)?;
        let delete = sqlx::query("DELETE FROM endpoints WHERE id = $1").bind(id.to_owned());
        let found = transaction.execute(delete).await.map_err(unavailable)?.rows_affected() > 0;
        transaction.commit().await.map_err(unavailable)?;
        Ok(found)
    }

    fn read_endpoint(&self, row: &AnyRow) -> Result<Endpoint, StoreError> {
        let columns = Columns { table: "endpoints", row };
        let id = columns.text("id")?;
        let url = self.open_of("endpoints.url", &id, &columns.bytes("url")?)?;
        Ok(Endpoint {
            number: columns.int("number")?,
            url: String::from_utf8(url).map_err(|_| columns.corrupt())?,
            kinds: words(&columns.text("kinds")?),
            disabled: columns.text_or_null("disabled")?,
            created_at: Micros(columns.int("created_at")?),
            rotating_until: columns.int_or_null("previous_until")?.map(Micros),
            id,
        })
    }

    fn seal_of(&self, table: &'static str, id: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.keyring.instance_key("endpoints", 0)?.seal(place_of(table, id), plain)
    }

    fn open_of(&self, table: &'static str, id: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.keyring.instance_key("endpoints", 0)?.open(place_of(table, id), sealed)
    }
}

/// The place of a row whose key is text.
pub(crate) fn place_of(table: &'static str, id: &str) -> Place {
    let hash = digest(&SHA256, id.as_bytes());
    let wide = hash.as_ref().first_chunk().copied().map_or(0, u128::from_be_bytes);
    Place { table, account: wide, position: 0 }
}
