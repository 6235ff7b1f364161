//! The audit trail: what was written of cases and of what belongs to them, and what people at the
//! desk did (X12, T5).
//!
//! A hash chain of its own, beside the log's: its rows are appended in the transaction of what they
//! tell of, so that neither is there without the other. Each link covers the link before it and what
//! the document's row says since, so a row changed, taken out, or put back to an earlier state is
//! found. The words are sealed as the document is; erasing a person leaves the chain whole.

mod read;
mod verify;

pub use read::AuditRow;
pub use verify::AuditCheck;

use domain::keyed::AccountKey;
use domain::time::Micros;
use ring::digest::{Context, SHA256, digest};
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

use crate::StoreError;
use crate::chain::{GENESIS, Link};
use crate::database::{Database, unavailable};
use crate::documents::{DocumentKind, digest_of};
use crate::seal::{Place, SecretKey};
use crate::sql::Columns;

/// What a row tells of. The numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i64)]
pub enum Audited {
    /// A document was written.
    Written = 1,
    /// A document was removed: its time was over, or its person was erased.
    Removed = 2,
    /// Somebody did something that writes no document: looked, or was refused.
    Done = 3,
}

impl Audited {
    fn numbered(number: i64) -> Option<Self> {
        [Self::Written, Self::Removed, Self::Done].into_iter().find(|what| *what as i64 == number)
    }
}

/// Words for the trail that go with a transaction. They stand with the document that it writes; where
/// it writes none, they stand alone.
#[derive(Debug, Clone)]
pub struct Told {
    /// What they are about.
    pub kind: DocumentKind,
    /// Which one.
    pub id: u128,
    /// Whose it is.
    pub account: Option<(AccountKey, String)>,
    /// JSON.
    pub words: Vec<u8>,
}

/// A row to be appended.
pub(crate) struct New {
    pub(crate) what: Audited,
    pub(crate) kind: i64,
    pub(crate) id: u128,
    pub(crate) version: u64,
    pub(crate) account: Option<AccountKey>,
    /// Of what the document's row says since.
    pub(crate) digest: Option<Link>,
    /// Words, and the key that seals them.
    pub(crate) told: Option<(SecretKey, Vec<u8>)>,
}

/// A row as its link sees it.
struct Linked<'a> {
    position: u64,
    at: i64,
    what: i64,
    kind: i64,
    version: u64,
    id: u128,
    account: Option<u128>,
    digest: Option<&'a [u8]>,
    told: Option<&'a [u8]>,
}

impl Linked<'_> {
    /// SHA-256 of the link before, the numbers (64 bits, the highest byte first), the id, and each of
    /// the rest behind its length; the words count as SHA-256 of what is sealed.
    fn after(&self, previous: &Link) -> Link {
        let mut context = Context::new(&SHA256);
        context.update(previous);
        context.update(&self.position.to_be_bytes());
        for number in [self.at, self.what, self.kind] {
            context.update(&number.to_be_bytes());
        }
        context.update(&self.version.to_be_bytes());
        context.update(&self.id.to_be_bytes());
        let account = self.account.map(u128::to_be_bytes);
        let told = self.told.map(sha256);
        let rest = [
            account.as_ref().map(<[u8; 16]>::as_slice),
            self.digest,
            told.as_ref().map(<[u8; 32]>::as_slice),
        ];
        for bytes in rest {
            let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
            context.update(&length.to_be_bytes());
            context.update(bytes.unwrap_or_default());
        }
        link_of(context.finish().as_ref())
    }
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Link {
    link_of(digest(&SHA256, bytes).as_ref())
}

/// What stands in a column of links; the chain before the first row is empty there.
fn link_of(bytes: &[u8]) -> Link {
    bytes.try_into().unwrap_or(GENESIS)
}

const fn told_place(id: u128, position: u64) -> Place {
    Place { table: "audit.told", account: id, position }
}

/// Appends rows at the end of a transaction: who appends holds the trail's end until it is over.
pub(crate) async fn append(
    connection: &mut AnyConnection,
    rows: Vec<New>,
    now: Micros,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let hold = sqlx::query(
        "UPDATE audit_head SET position = position + $1 WHERE one = 1 RETURNING position, link",
    )
    .bind(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let held = connection.fetch_one(hold).await.map_err(unavailable)?;
    let held = Columns { table: "audit_head", row: &held };
    let mut link = link_of(&held.bytes("link")?);
    let first = held.unsigned("position")? + 1 - rows.len() as u64;
    for (position, row) in (first..).zip(rows) {
        let told = match &row.told {
            Some((key, words)) => Some(key.seal(told_place(row.id, position), words)?),
            None => None,
        };
        let linked = Linked {
            position,
            at: now.0,
            what: row.what as i64,
            kind: row.kind,
            version: row.version,
            id: row.id,
            account: row.account.map(|account| account.0),
            digest: row.digest.as_ref().map(<[u8; 32]>::as_slice),
            told: told.as_deref(),
        };
        link = linked.after(&link);
        let insert = sqlx::query(
            "INSERT INTO audit (position, at, what, kind, id, version, account, digest, told, link) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(position.cast_signed())
        .bind(now.0)
        .bind(row.what as i64)
        .bind(row.kind)
        .bind(row.id.to_be_bytes().to_vec())
        .bind(row.version.cast_signed())
        .bind(row.account.map(|account| account.0.to_be_bytes().to_vec()))
        .bind(row.digest.map(|digest| digest.to_vec()))
        .bind(told)
        .bind(link.to_vec());
        connection.execute(insert).await.map_err(unavailable)?;
    }
    let end = sqlx::query("UPDATE audit_head SET link = $1 WHERE one = 1").bind(link.to_vec());
    connection.execute(end).await.map(drop).map_err(unavailable)
}

/// Takes up what is there already: documents from before there was a trail.
pub(crate) async fn begin(database: &Database) -> Result<(), StoreError> {
    let mut transaction = database.write().await?;
    let hold = "UPDATE audit_head SET position = position WHERE one = 1 RETURNING position";
    let held = transaction.fetch_one(hold).await.map_err(unavailable)?;
    if (Columns { table: "audit_head", row: &held }).int("position")? > 0 {
        return Ok(());
    }
    let kinds = DocumentKind::AUDITED.map(|kind| (kind as i64).to_string()).join(", ");
    let text = format!("SELECT * FROM documents WHERE kind IN ({kinds}) ORDER BY updated_at, id");
    let found = transaction.fetch_all(AssertSqlSafe(text)).await.map_err(unavailable)?;
    for row in found {
        let columns = Columns { table: "documents", row: &row };
        let adopted = New {
            what: Audited::Written,
            kind: columns.int("kind")?,
            id: columns.wide("id")?,
            version: columns.unsigned("version")?,
            account: columns.wide_or_null("account")?.map(AccountKey),
            digest: Some(digest_of(&columns)?),
            told: None,
        };
        append(&mut transaction, vec![adopted], Micros(columns.int("updated_at")?)).await?;
    }
    transaction.commit().await.map_err(unavailable)
}
