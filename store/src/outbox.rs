//! Messages on their way to subscribers.

use domain::keyed::AccountKey;
use domain::memory::Position;
use domain::time::Micros;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::body;
use crate::commit::outbox_place;
use crate::database::{Engine, unavailable};
use crate::entry::Opener;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// A message to be delivered, claimed by one worker for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its row.
    pub id: i64,
    /// The subscriber.
    pub endpoint: i64,
    /// Message id (`webhook-id`).
    pub message: String,
    /// Event type of the webhook.
    pub kind: String,
    /// JSON body.
    pub body: Vec<u8>,
    /// When the decision was made.
    pub created_at: Micros,
    /// How often it has been tried, this time included; names the claim.
    pub tries: i64,
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// Taken by the subscriber.
    Delivered,
    /// Not taken: try again then.
    Retry(Micros),
    /// Not taken, and not to be tried again by itself.
    Dead,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its row.
    pub id: i64,
    /// The subscriber.
    pub endpoint: i64,
    /// Message id.
    pub message: String,
    /// Event type of the webhook.
    pub kind: String,
    /// When the decision was made.
    pub created_at: Micros,
    /// How often it was tried.
    pub tries: i64,
    /// HTTP status of the last answer; `None` if there was none.
    pub last_status: Option<i64>,
}

const PENDING: i64 = 0;
const DELIVERED: i64 = 1;
const DEAD: i64 = 2;

impl Store {
    /// Subscribers in service for whom a message is due, by number. Only reads, so that looking
    /// for work costs no turn of the writer.
    pub async fn endpoints_due(&self, now: Micros) -> Result<Vec<i64>, StoreError> {
        let query = sqlx::query(
            "SELECT number FROM endpoints WHERE disabled IS NULL AND EXISTS (SELECT 1 FROM outbox \
             WHERE state = 0 AND endpoint = endpoints.number AND due_at <= $1) ORDER BY number",
        )
        .bind(now.0);
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter().map(|row| Columns { table: "endpoints", row }.int("number")).collect()
    }

    /// Numbers of the gateways, which stand below zero, for which a letter is due.
    pub async fn letters_due(&self, now: Micros) -> Result<Vec<i64>, StoreError> {
        let query = sqlx::query(
            "SELECT DISTINCT endpoint FROM outbox \
             WHERE state = 0 AND endpoint < 0 AND due_at <= $1 ORDER BY endpoint",
        )
        .bind(now.0);
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter().map(|row| Columns { table: "outbox", row }.int("endpoint")).collect()
    }

    /// Claims up to `limit` messages that are due, whoever they are for. A claim ends at
    /// `lease_until`: a message that is not settled by then is due again, so a dead worker loses
    /// nothing. Many workers may claim at once; each message goes to one. Messages of erased
    /// persons are given up.
    pub async fn claim_deliveries(
        &self,
        now: Micros,
        lease_until: Micros,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.claim(None, now, lease_until, limit).await
    }

    /// The same for one subscriber, so that a slow one never holds what is meant for others.
    pub async fn claim_deliveries_for(
        &self,
        endpoint: i64,
        now: Micros,
        lease_until: Micros,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.claim(Some(endpoint), now, lease_until, limit).await
    }

    async fn claim(
        &self,
        endpoint: Option<i64>,
        now: Micros,
        lease_until: Micros,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let whose = if endpoint.is_some() { "AND endpoint = $4" } else { "" };
        let skip = match self.database.engine {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE SKIP LOCKED",
        };
        let text = format!(
            "UPDATE outbox SET due_at = $1, tries = tries + 1 WHERE id IN \
             (SELECT id FROM outbox WHERE state = 0 AND due_at <= $2 {whose} \
             ORDER BY due_at LIMIT $3 {skip}) \
             RETURNING id, endpoint, message, kind, position, account, body, created_at, tries"
        );
        let mut claim =
            sqlx::query(AssertSqlSafe(text)).bind(lease_until.0).bind(now.0).bind(i64::from(limit));
        if let Some(endpoint) = endpoint {
            claim = claim.bind(endpoint);
        }
        let mut transaction = self.database.write().await?;
        let rows = transaction.fetch_all(claim).await.map_err(unavailable)?;
        let claimed = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let accounts = claimed.iter().filter_map(|row| row.account).collect();
        let opener = self.opener(&mut transaction, accounts).await?;
        let mut deliveries = Vec::with_capacity(claimed.len());
        for row in claimed {
            if let Some(delivery) = row.open(&opener)? {
                deliveries.push(delivery);
            } else {
                let bury = sqlx::query("UPDATE outbox SET state = $1 WHERE id = $2")
                    .bind(DEAD)
                    .bind(row.delivery.id);
                transaction.execute(bury).await.map_err(unavailable)?;
            }
        }
        transaction.commit().await.map_err(unavailable)?;
        deliveries.sort_by_key(|delivery| delivery.id);
        Ok(deliveries)
    }

    /// Says how a claimed try ended, with the HTTP status if there was an answer. The words of a
    /// letter go when it does: they may hold a code. `false`: the claim had run out and somebody
    /// else has it.
    pub async fn settle_delivery(
        &self,
        delivery: &Delivery,
        settlement: Settlement,
        status: Option<u16>,
        now: Micros,
    ) -> Result<bool, StoreError> {
        let (state, due_at) = match settlement {
            Settlement::Delivered => (DELIVERED, now),
            Settlement::Retry(at) => (PENDING, at),
            Settlement::Dead => (DEAD, now),
        };
        let update = sqlx::query(
            "UPDATE outbox SET state = $1, due_at = $2, last_status = $3, \
             body = CASE WHEN endpoint < 0 AND $1 <> 0 THEN $6 ELSE body END \
             WHERE id = $4 AND tries = $5 AND state = 0",
        )
        .bind(state)
        .bind(due_at.0)
        .bind(status.map(i64::from))
        .bind(delivery.id)
        .bind(delivery.tries)
        .bind(Vec::new());
        Ok(self.write_one(update).await? > 0)
    }

    /// When the next message is due, claimed or not; `None` when none waits.
    pub async fn next_delivery_due(&self) -> Result<Option<Micros>, StoreError> {
        let text = "SELECT MIN(due_at) AS due_at FROM outbox WHERE state = 0";
        let row = self.database.reader.fetch_one(text).await.map_err(unavailable)?;
        Ok(Columns { table: "outbox", row: &row }.int_or_null("due_at")?.map(Micros))
    }

    /// Messages given up, newest first, at most `limit` with ids below `before`.
    pub async fn dead_letters(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        let query = sqlx::query(
            "SELECT id, endpoint, message, kind, created_at, tries, last_status FROM outbox \
             WHERE state = 2 AND endpoint > 0 AND id < $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit));
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter()
            .map(|row| {
                let columns = Columns { table: "outbox", row };
                Ok(DeadLetter {
                    id: columns.int("id")?,
                    endpoint: columns.int("endpoint")?,
                    message: columns.text("message")?,
                    kind: columns.text("kind")?,
                    created_at: Micros(columns.int("created_at")?),
                    tries: columns.int("tries")?,
                    last_status: columns.int_or_null("last_status")?,
                })
            })
            .collect()
    }

    /// Sends a dead letter again from `now` on. Returns whether it was one.
    pub async fn resend_dead_letter(&self, id: i64, now: Micros) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE outbox SET state = 0, due_at = $1, tries = 0 WHERE id = $2 AND state = 2",
        )
        .bind(now.0)
        .bind(id);
        Ok(self.write_one(update).await? > 0)
    }

    /// Sends all dead letters of a subscriber again from `now` on. Returns how many.
    pub async fn resend_dead_letters_of(
        &self,
        endpoint: i64,
        now: Micros,
    ) -> Result<u64, StoreError> {
        let update = sqlx::query(
            "UPDATE outbox SET state = 0, due_at = $1, tries = 0 WHERE endpoint = $2 AND state = 2",
        )
        .bind(now.0)
        .bind(endpoint);
        self.write_one(update).await
    }
}

/// A claimed row, its body still sealed.
struct Claimed {
    delivery: Delivery,
    account: Option<AccountKey>,
    position: Position,
}

impl Claimed {
    fn open(&self, opener: &Opener<'_>) -> Result<Option<Delivery>, StoreError> {
        let place = outbox_place(self.account, self.position);
        let sealed = &self.delivery.body;
        let Some(packed) = opener.open(self.account, place, self.position, sealed)? else {
            return Ok(None);
        };
        let body = body::unpack(&packed).ok_or_else(|| place.corrupt())?;
        Ok(Some(Delivery { body, ..self.delivery.clone() }))
    }
}

fn read(row: &AnyRow) -> Result<Claimed, StoreError> {
    let columns = Columns { table: "outbox", row };
    Ok(Claimed {
        delivery: Delivery {
            id: columns.int("id")?,
            endpoint: columns.int("endpoint")?,
            message: columns.text("message")?,
            kind: columns.text("kind")?,
            body: columns.bytes("body")?,
            created_at: Micros(columns.int("created_at")?),
            tries: columns.int("tries")?,
        },
        account: columns.wide_or_null("account")?.map(AccountKey),
        position: columns.unsigned("position")?,
    })
}
