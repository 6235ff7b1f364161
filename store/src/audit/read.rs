//! Reading the trail.

use domain::keyed::AccountKey;
use domain::time::Micros;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Executor as _};

use super::{Audited, Linked, link_of, sha256, told_place};
use crate::chain::Link;
use crate::database::unavailable;
use crate::documents::DocumentKind;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// A row of the trail with what proves its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Place in the trail.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// What it tells of.
    pub what: Audited,
    /// Of which kind of document, by its number.
    pub kind: i64,
    /// Which one.
    pub id: u128,
    /// The version it was written in; 0 where nothing was written.
    pub version: u64,
    /// Whose it is.
    pub account: Option<AccountKey>,
    /// SHA-256 of what the document's row says since.
    pub digest: Option<Link>,
    /// SHA-256 of the words as they are sealed.
    pub told_digest: Option<Link>,
    /// The words, JSON; nothing where there are none, or the person was erased.
    pub told: Option<Vec<u8>>,
    /// The link before.
    pub previous: Link,
    /// Its link.
    pub link: Link,
}

/// Columns of a row, with the link before it.
const COLUMNS: &str = "audit.position, audit.at, audit.what, audit.kind, audit.id, audit.version, \
                       audit.account, audit.digest, audit.told, audit.link, \
                       (SELECT before.link FROM audit AS before \
                        WHERE before.position = audit.position - 1) AS previous";

impl Store {
    /// What the trail says of one document, oldest first, at most `limit` rows after `after`.
    pub async fn audit_of(
        &self,
        kind: DocumentKind,
        id: u128,
        after: u64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM audit WHERE kind = $1 AND id = $2 AND position > $3 \
             ORDER BY position LIMIT $4"
        );
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(kind as i64)
            .bind(id.to_be_bytes().to_vec())
            .bind(after.cast_signed())
            .bind(i64::from(limit));
        self.audit_rows(query).await
    }

    /// What the trail says since `since`, oldest first, at most `limit` rows after `after`.
    pub async fn audit_since(
        &self,
        since: Micros,
        after: u64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM audit WHERE at >= $1 AND position > $2 \
             ORDER BY position LIMIT $3"
        );
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(since.0)
            .bind(after.cast_signed())
            .bind(i64::from(limit));
        self.audit_rows(query).await
    }

    /// The link at `position`; `None` where the trail has no such row.
    pub async fn audit_link(&self, position: u64) -> Result<Option<Link>, StoreError> {
        let query =
            sqlx::query("SELECT link FROM audit WHERE position = $1").bind(position.cast_signed());
        let row = self.database.reader.fetch_optional(query).await.map_err(unavailable)?;
        let link = |row: &AnyRow| Columns { table: "audit", row }.bytes("link");
        row.as_ref().map(link).transpose().map(|link| link.map(|link| link_of(&link)))
    }

    async fn audit_rows(
        &self,
        query: Query<'_, Any, AnyArguments>,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let rows = reader.fetch_all(query).await.map_err(unavailable)?;
        self.open_audit(&mut reader, &rows).await
    }

    async fn open_audit(
        &self,
        connection: &mut AnyConnection,
        rows: &[AnyRow],
    ) -> Result<Vec<AuditRow>, StoreError> {
        let rows = rows.iter().map(Raw::read).collect::<Result<Vec<_>, _>>()?;
        let accounts = rows.iter().filter_map(|row| row.account.map(AccountKey)).collect();
        let opener = self.opener(connection, accounts).await?;
        let open = |row: Raw| {
            let place = told_place(row.id, row.position);
            let told = match (&row.told, row.account) {
                (None, _) => None,
                (Some(sealed), Some(account)) => {
                    opener.open_now(AccountKey(account), place, sealed)?
                }
                (Some(sealed), None) => {
                    let key = self.keyring.instance_key("documents", row.kind.cast_unsigned())?;
                    Some(key.open(place, sealed)?)
                }
            };
            let what = Audited::numbered(row.what).ok_or_else(|| place.corrupt())?;
            Ok(AuditRow {
                position: row.position,
                at: Micros(row.at),
                what,
                kind: row.kind,
                id: row.id,
                version: row.version,
                account: row.account.map(AccountKey),
                digest: row.digest.as_deref().map(link_of),
                told_digest: row.told.as_deref().map(sha256),
                told,
                previous: link_of(&row.previous),
                link: link_of(&row.link),
            })
        };
        rows.into_iter().map(open).collect()
    }
}

/// A row as it stands.
pub(super) struct Raw {
    pub(super) position: u64,
    at: i64,
    what: i64,
    kind: i64,
    id: u128,
    version: u64,
    account: Option<u128>,
    digest: Option<Vec<u8>>,
    told: Option<Vec<u8>>,
    previous: Vec<u8>,
    pub(super) link: Vec<u8>,
}

impl Raw {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let columns = Columns { table: "audit", row };
        Ok(Self {
            position: columns.unsigned("position")?,
            at: columns.int("at")?,
            what: columns.int("what")?,
            kind: columns.int("kind")?,
            id: columns.wide("id")?,
            version: columns.unsigned("version")?,
            account: columns.wide_or_null("account")?,
            digest: columns.bytes_or_null("digest")?,
            told: columns.bytes_or_null("told")?,
            previous: columns.bytes_or_null("previous")?.unwrap_or_default(),
            link: columns.bytes("link")?,
        })
    }

    /// What its link must be.
    pub(super) fn after(&self, previous: &Link) -> Link {
        let linked = Linked {
            position: self.position,
            at: self.at,
            what: self.what,
            kind: self.kind,
            version: self.version,
            id: self.id,
            account: self.account,
            digest: self.digest.as_deref(),
            told: self.told.as_deref(),
        };
        linked.after(previous)
    }
}
