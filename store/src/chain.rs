//! The hash chain: each record's hash covers the hash before it, so a changed, removed or
//! inserted row is found (X12).

use domain::memory::Position;
use ring::digest::{Context, SHA256};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::database::unavailable;
use crate::load::head_of;
use crate::record::Head;
use crate::row::{COLUMNS, Row};
use crate::{Store, StoreError};

/// A link of the chain: SHA-256.
pub(crate) type Link = [u8; 32];

/// The chain before the first record.
pub(crate) const GENESIS: Link = [0; 32];

/// What a row keeps of its link: enough to find the first broken record. That none is broken is
/// proved by the whole link of the last record, kept once.
pub(crate) type Mark = [u8; 4];

pub(crate) fn mark_of(link: &Link) -> Mark {
    link.first_chunk().copied().unwrap_or_default()
}

/// Hash of `row` after `previous`. Every column counts, each behind its length; the sealed body
/// counts as it is stored, so erasing a person's key leaves the chain whole.
pub(crate) fn link(previous: &Link, row: &Row) -> Link {
    let mut context = Context::new(&SHA256);
    context.update(previous);
    for number in [row.kind, row.flags, row.policy, row.received_at, row.content] {
        context.update(&number.to_be_bytes());
    }
    context.update(&row.position.to_be_bytes());
    for wide in [row.event, row.account] {
        part(&mut context, wide.map(u128::to_be_bytes).as_ref().map(<[u8; 16]>::as_slice));
    }
    part(&mut context, Some(&row.packed));
    part(&mut context, row.body.as_deref());
    let mut link = GENESIS;
    for (byte, hashed) in link.iter_mut().zip(context.finish().as_ref()) {
        *byte = *hashed;
    }
    link
}

fn part(context: &mut Context, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
    context.update(&length.to_be_bytes());
    context.update(bytes.unwrap_or_default());
}

/// What the check of the chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainCheck {
    /// Every record is as it was written; the head to note down elsewhere.
    Whole(Head),
    /// The first position where the log is not as it was written.
    Broken(Position),
}

impl Store {
    /// Checks the whole log, record by record, in constant memory (X12). `progress` is told the
    /// position reached. To find a log that was replaced wholly, compare the head with one noted
    /// down elsewhere.
    pub async fn verify_chain(
        &self,
        mut progress: impl FnMut(Position) + Send,
    ) -> Result<ChainCheck, StoreError> {
        const CHUNK: i64 = 2_000;
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        // Read first: what is committed meanwhile is above it.
        let row = reader
            .fetch_one("SELECT head, chain FROM checkpoint WHERE id = 1")
            .await
            .map_err(unavailable)?;
        let promised = head_of(&row)?;
        let mut head = Head { position: 0, chain: GENESIS };
        let text =
            format!("SELECT {COLUMNS} FROM log WHERE position > $1 ORDER BY position LIMIT $2");
        loop {
            let query = sqlx::query(AssertSqlSafe(text.clone()))
                .bind(head.position.cast_signed())
                .bind(CHUNK);
            let rows = reader.fetch_all(query).await.map_err(unavailable)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let expected = head.position + 1;
                let Ok(row) = Row::read(row) else { return Ok(ChainCheck::Broken(expected)) };
                let chain = link(&head.chain, &row);
                if row.position != expected || row.mark != mark_of(&chain) {
                    return Ok(ChainCheck::Broken(expected));
                }
                head = Head { position: expected, chain };
                if expected == promised.position && chain != promised.chain {
                    return Ok(ChainCheck::Broken(expected));
                }
            }
            progress(head.position);
        }
        if head.position < promised.position {
            return Ok(ChainCheck::Broken(head.position + 1));
        }
        Ok(ChainCheck::Whole(head))
    }
}
