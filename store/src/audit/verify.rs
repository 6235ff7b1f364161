//! Checking the trail, and that the documents are as it says.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

use super::read::Raw;
use super::{Audited, link_of};
use crate::chain::{GENESIS, Link};
use crate::database::unavailable;
use crate::documents::{DocumentKind, digest_of};
use crate::sql::Columns;
use crate::{Store, StoreError};

/// What the check of the trail found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every row is as it was written, and every document as the trail says.
    Whole {
        /// Rows of the trail.
        rows: u64,
        /// The last link, to note down elsewhere.
        link: Link,
        /// Documents that are as the trail says.
        documents: u64,
    },
    /// The first position where the trail is not as it was written.
    Broken(u64),
    /// The trail is whole, but this document is not as it was last written, or is gone.
    Changed {
        /// Its kind, by its number.
        kind: i64,
        /// Which one.
        id: u128,
    },
}

const CHUNK: i64 = 1_000;

impl Store {
    /// Checks the whole trail and every document that it tells of, in constant memory (X12).
    /// `progress` is told the position reached. To find a trail that was replaced wholly, compare a
    /// link with one noted down elsewhere: an evidence pack has them.
    pub async fn verify_audit(
        &self,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<AuditCheck, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let end = "SELECT position, link FROM audit_head WHERE one = 1";
        let end = reader.fetch_one(end).await.map_err(unavailable)?;
        let end = Columns { table: "audit_head", row: &end };
        let promised = (end.unsigned("position")?, link_of(&end.bytes("link")?));
        let (mut position, mut link) = (0, GENESIS);
        loop {
            let text = "SELECT position, at, what, kind, id, version, account, digest, told, link, \
                        NULL AS previous FROM audit WHERE position > $1 ORDER BY position LIMIT $2";
            let query =
                sqlx::query(text).bind(i64::try_from(position).unwrap_or(i64::MAX)).bind(CHUNK);
            let rows = reader.fetch_all(query).await.map_err(unavailable)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let next = position + 1;
                let Ok(row) = Raw::read(row) else { return Ok(AuditCheck::Broken(next)) };
                let expected = row.after(&link);
                let at_the_end = next == promised.0 && expected != promised.1;
                if row.position != next || row.link != expected || at_the_end {
                    return Ok(AuditCheck::Broken(next));
                }
                (position, link) = (next, expected);
            }
            progress(position);
        }
        if position < promised.0 {
            return Ok(AuditCheck::Broken(position + 1));
        }
        if let Some((kind, id)) = missing(&mut reader).await? {
            return Ok(AuditCheck::Changed { kind, id });
        }
        match documents_as_told(&mut reader).await? {
            Ok(documents) => Ok(AuditCheck::Whole { rows: position, link, documents }),
            Err((kind, id)) => Ok(AuditCheck::Changed { kind, id }),
        }
    }
}

/// A document that was written, never removed, and is not there.
async fn missing(connection: &mut AnyConnection) -> Result<Option<(i64, u128)>, StoreError> {
    let text = "SELECT kind, id FROM audit WHERE what = 1 \
         AND NOT EXISTS (SELECT 1 FROM documents AS kept \
                         WHERE kept.kind = audit.kind AND kept.id = audit.id) \
         AND NOT EXISTS (SELECT 1 FROM audit AS later WHERE later.kind = audit.kind \
                         AND later.id = audit.id AND later.position > audit.position) LIMIT 1";
    let row = connection.fetch_optional(text).await.map_err(unavailable)?;
    row.map(|row| which(&row)).transpose()
}

fn which(row: &AnyRow) -> Result<(i64, u128), StoreError> {
    let columns = Columns { table: "documents", row };
    Ok((columns.int("kind")?, columns.wide("id")?))
}

/// How many documents are as the trail says; the first that is not. A document and what is said of it
/// are read by one statement, so that what is written meanwhile is seen in both or in neither.
async fn documents_as_told(
    connection: &mut AnyConnection,
) -> Result<Result<u64, (i64, u128)>, StoreError> {
    let mut found = 0;
    for kind in DocumentKind::AUDITED {
        let mut after = Vec::new();
        loop {
            let text = format!(
                "SELECT documents.kind, documents.id, documents.version, documents.account, \
                 documents.state, documents.rank, documents.due_at, documents.expires_at, \
                 documents.body, said.what, said.version AS said_version, said.digest \
                 FROM documents LEFT JOIN audit AS said ON said.position = \
                 (SELECT MAX(position) FROM audit AS last WHERE last.kind = documents.kind \
                  AND last.id = documents.id AND last.what <> {done}) \
                 WHERE documents.kind = $1 AND documents.id > $2 ORDER BY documents.id LIMIT $3",
                done = Audited::Done as i64
            );
            let query =
                sqlx::query(AssertSqlSafe(text)).bind(kind as i64).bind(after.clone()).bind(CHUNK);
            let rows = connection.fetch_all(query).await.map_err(unavailable)?;
            let Some(last) = rows.last() else { break };
            after = Columns { table: "documents", row: last }.bytes("id")?;
            for row in &rows {
                if !is_as_told(row)? {
                    return Ok(Err(which(row)?));
                }
                found += 1;
            }
        }
    }
    Ok(Ok(found))
}

fn is_as_told(row: &AnyRow) -> Result<bool, StoreError> {
    let columns = Columns { table: "documents", row };
    let what = columns.int_or_null("what")?;
    Ok(what == Some(Audited::Written as i64)
        && columns.int_or_null("said_version")? == Some(columns.int("version")?)
        && columns.bytes_or_null("digest")?.as_deref().map(link_of) == Some(digest_of(&columns)?))
}
