//! Versions of the policy: proposed, approved by another key, activated; a text never changes.

use domain::time::Micros;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::database::unavailable;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// A policy as it is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPolicy {
    /// `pol_…`
    pub id: String,
    /// TOML with CEL conditions, as given.
    pub text: String,
    /// SHA-256 of the text.
    pub digest: [u8; 32],
    /// Why, in the proposer's words.
    pub note: String,
    /// Id of the proposing key.
    pub created_by: String,
    /// When.
    pub created_at: Micros,
}

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Its number, stored with each decision.
    pub number: i64,
    /// As it was proposed.
    pub proposed: NewPolicy,
    /// Id of the approving key, never the proposing one.
    pub approved_by: Option<String>,
    /// When it was approved.
    pub approved_at: Option<Micros>,
    /// When it was last put into force.
    pub activated_at: Option<Micros>,
}

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Approved.
    Approved,
    /// It had been approved already.
    AlreadyApproved,
    /// Whoever proposes must not approve.
    SameKey,
    /// There is no such version.
    NotFound,
}

const COLUMNS: &str = "number, id, text, digest, note, created_by, created_at, approved_by, \
                       approved_at, activated_at";

impl Store {
    /// Stores a proposed version and returns its number.
    pub async fn propose_policy(&self, new: &NewPolicy) -> Result<i64, StoreError> {
        let insert = sqlx::query(
            "INSERT INTO policies (id, text, digest, note, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING number",
        )
        .bind(new.id.clone())
        .bind(new.text.clone())
        .bind(new.digest.to_vec())
        .bind(new.note.clone())
        .bind(new.created_by.clone())
        .bind(new.created_at.0);
        let mut transaction = self.database.write().await?;
        let row = transaction.fetch_one(insert).await.map_err(unavailable)?;
        transaction.commit().await.map_err(unavailable)?;
        row.try_get("number").map_err(unavailable)
    }

    /// Approves a version, if `by` is another key than the proposing one.
    pub async fn approve_policy(
        &self,
        number: i64,
        by: &str,
        now: Micros,
    ) -> Result<Approval, StoreError> {
        let update = sqlx::query(
            "UPDATE policies SET approved_by = $1, approved_at = $2 \
             WHERE number = $3 AND approved_by IS NULL AND created_by <> $1",
        )
        .bind(by.to_owned())
        .bind(now.0)
        .bind(number);
        if self.write_one(update).await? > 0 {
            return Ok(Approval::Approved);
        }
        Ok(match self.policy(number).await? {
            None => Approval::NotFound,
            Some(version) if version.approved_by.is_some() => Approval::AlreadyApproved,
            Some(_) => Approval::SameKey,
        })
    }

    /// The version of this number.
    pub async fn policy(&self, number: i64) -> Result<Option<PolicyVersion>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM policies WHERE number = $1");
        let query = sqlx::query(AssertSqlSafe(text)).bind(number);
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        row.map(|row| read(&row)).transpose()
    }

    /// The version of this id (`pol_…`).
    pub async fn policy_by_id(&self, id: &str) -> Result<Option<PolicyVersion>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM policies WHERE id = $1");
        let query = sqlx::query(AssertSqlSafe(text)).bind(id.to_owned());
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        row.map(|row| read(&row)).transpose()
    }

    /// Versions, newest first, at most `limit` with numbers below `before`.
    pub async fn policies(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<PolicyVersion>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM policies WHERE number < $1 ORDER BY number DESC LIMIT $2"
        );
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(before.unwrap_or(i64::MAX))
            .bind(i64::from(limit));
        let rows = self.database.reader.fetch_all(query).await.map_err(unavailable)?;
        rows.iter().map(read).collect()
    }

    /// The version in force: the one that the log activated last; `None` before the first.
    pub async fn active_policy(&self) -> Result<Option<PolicyVersion>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM policies WHERE activated_position IS NOT NULL \
             ORDER BY activated_position DESC LIMIT 1"
        );
        let query = sqlx::query(AssertSqlSafe(text));
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        row.map(|row| read(&row)).transpose()
    }
}

fn read(row: &AnyRow) -> Result<PolicyVersion, StoreError> {
    let columns = Columns { table: "policies", row };
    Ok(PolicyVersion {
        number: columns.int("number")?,
        proposed: NewPolicy {
            id: columns.text("id")?,
            text: columns.text("text")?,
            digest: columns.bytes("digest")?.try_into().map_err(|_| columns.corrupt())?,
            note: columns.text("note")?,
            created_by: columns.text("created_by")?,
            created_at: Micros(columns.int("created_at")?),
        },
        approved_by: columns.text_or_null("approved_by")?,
        approved_at: columns.int_or_null("approved_at")?.map(Micros),
        activated_at: columns.int_or_null("activated_at")?.map(Micros),
    })
}
