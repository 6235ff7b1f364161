//! What the audit trail keeps of a document: a digest of everything that its row says.

use ring::digest::{Context, SHA256};

use super::Put;
use crate::StoreError;
use crate::chain::{GENESIS, Link};
use crate::sql::Columns;

/// What a row of `documents` says beside its key.
pub(super) struct Row<'a> {
    pub(super) version: i64,
    pub(super) account: Option<u128>,
    pub(super) state: i64,
    pub(super) rank: i64,
    pub(super) due_at: Option<i64>,
    pub(super) expires_at: Option<i64>,
    /// As it is sealed.
    pub(super) body: &'a [u8],
}

impl<'a> Row<'a> {
    pub(super) fn of(put: &Put, version: u64, body: &'a [u8]) -> Self {
        Self {
            version: version.cast_signed(),
            account: put.account.as_ref().map(|(account, _)| account.0),
            state: put.state,
            rank: put.rank,
            due_at: put.due_at.map(|at| at.0),
            expires_at: put.expires_at.map(|at| at.0),
            body,
        }
    }

    pub(super) fn digest(&self) -> Link {
        let mut context = Context::new(&SHA256);
        for number in [self.version, self.state, self.rank] {
            context.update(&number.to_be_bytes());
        }
        for number in [self.due_at, self.expires_at] {
            context.update(&[u8::from(number.is_some())]);
            context.update(&number.unwrap_or_default().to_be_bytes());
        }
        context.update(&[u8::from(self.account.is_some())]);
        context.update(&self.account.unwrap_or_default().to_be_bytes());
        context.update(self.body);
        context.finish().as_ref().try_into().unwrap_or(GENESIS)
    }
}

/// The digest of a row of `documents` as it stands.
pub(crate) fn digest_of(columns: &Columns<'_>) -> Result<Link, StoreError> {
    let body = columns.bytes("body")?;
    let row = Row {
        version: columns.int("version")?,
        account: columns.wide_or_null("account")?,
        state: columns.int("state")?,
        rank: columns.int("rank")?,
        due_at: columns.int_or_null("due_at")?,
        expires_at: columns.int_or_null("expires_at")?,
        body: &body,
    };
    Ok(row.digest())
}
