//! Documents: what the state machines of `domain` keep between two commands.
//!
//! A document is JSON of one kind with an id, sealed under its account's key. Whoever changes one
//! names the version it has seen; a lost race is a finding ([`Applied::Raced`]), and the command is
//! judged again on fresh facts. One call of [`Store::apply`] is one transaction: documents, the
//! names by which they are found, and the outbox rows that follow from them.

mod apply;
mod kept_as;
mod many;

pub(crate) use apply::{forget, prune};
pub(crate) use kept_as::digest_of;

use domain::keyed::AccountKey;
use domain::time::Micros;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

use crate::audit::Told;
use crate::database::unavailable;
use crate::record::OutboxRow;
use crate::seal::Place;
use crate::sql::Columns;
use crate::{Store, StoreError};

/// What a document is. The numbers stand in the database: none is ever used for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum DocumentKind {
    /// An account's own part of its security: factors, contacts, devices, state.
    Member = 1,
    /// A session on the server.
    Session = 2,
    /// A step-up challenge.
    Challenge = 3,
    /// A message to the owner in the message centre.
    Notice = 4,
    /// A change of a contact or factor that can be undone, or that waits.
    Change = 5,
    /// A client of the `OpenID` provider.
    Client = 6,
    /// An authorization code of the `OpenID` provider, with what it was given for.
    Grant = 7,
    /// A family of refresh tokens.
    RefreshToken = 8,
    /// A signing key of the `OpenID` provider.
    SigningKey = 9,
    /// How many messages went to one number, prefix, country or address.
    Budget = 10,
    /// What a gateway of the development mailbox was given.
    SentMessage = 11,
    /// Sign-ins of late that failed or were challenged, of one account.
    Attempts = 12,
    /// A case: what was reported, and how far it has come.
    Case = 13,
    /// Accounts that had a contact before, found by that contact.
    FormerContact = 14,
    /// A ceremony of a passkey that waits for the browser.
    Ceremony = 15,
    /// A line of the ledger of mails that were sent.
    SentMail = 18,
    /// A file of a case: its bytes as they are kept.
    Evidence = 30,
    /// A call-back: who wants to be called, and how far it has come.
    Callback = 31,
    /// An agent who has said that they are free for calls, and until when.
    FreeAgent = 32,
    /// An evidence pack of a case: its content, as its digest was taken.
    Pack = 33,
    /// The restitution of one order of a case.
    Restitution = 20,
    /// A challenge that a store asked for.
    HostedChallenge = 19,
    /// A pointer to something that a person has to do in a restitution, by when it is due.
    Task = 40,
    /// One side of a posting, in the books of all cases.
    BookLine = 41,
    /// Confirmed cases of late in which one seller sold.
    SellerWatch = 42,
    /// Mails of one hand that customers reported.
    Campaign = 43,
}

impl DocumentKind {
    /// What the audit trail tells of, whenever it is written or removed.
    pub const AUDITED: [Self; 5] =
        [Self::Case, Self::Restitution, Self::Evidence, Self::Callback, Self::Pack];

    pub(crate) fn is_audited(self) -> bool {
        Self::AUDITED.contains(&self)
    }
}

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Which one.
    pub id: u128,
    /// Whose it is.
    pub account: Option<AccountKey>,
    /// How often it was written.
    pub version: u64,
    /// Its state, as its kind numbers them.
    pub state: i64,
    /// Its place among those of one state or account, low first.
    pub rank: i64,
    /// When it was first written.
    pub created_at: Micros,
    /// When it was last written.
    pub updated_at: Micros,
    /// When its timer fires.
    pub due_at: Option<Micros>,
    /// When it goes.
    pub expires_at: Option<Micros>,
    /// JSON.
    pub body: Vec<u8>,
}

/// A document to be written.
#[derive(Debug, Clone)]
pub struct Put {
    /// What it is.
    pub kind: DocumentKind,
    /// Which one.
    pub id: u128,
    /// Whose it is: the key, and the account's id as the store gave it.
    pub account: Option<(AccountKey, String)>,
    /// The version that was seen; `None` for a document that must not be there yet.
    pub seen: Option<u64>,
    /// Its state, as its kind numbers them.
    pub state: i64,
    /// Its place among those of one state or account, low first.
    pub rank: i64,
    /// When its timer fires.
    pub due_at: Option<Micros>,
    /// When it goes.
    pub expires_at: Option<Micros>,
    /// JSON.
    pub body: Vec<u8>,
    /// All names by which it is found, keyed hashes; `None` leaves them as they are.
    pub names: Option<Vec<u128>>,
}

/// What is written in one transaction.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Documents, in order.
    pub puts: Vec<Put>,
    /// Documents that go, with the version that was seen; `None` for whatever version.
    pub removals: Vec<(DocumentKind, u128, Option<u64>)>,
    /// Messages that follow, each of an account or of none.
    pub outbox: Vec<(Option<(AccountKey, String)>, OutboxRow)>,
    /// Words for the audit trail. Whatever it tells of has a row there, with words or without.
    pub told: Vec<Told>,
}

/// A document's place among those of its kind: the next page of a list begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Its rank.
    pub rank: i64,
    /// Which one, among those of one rank.
    pub id: u128,
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Everything is durable.
    Done,
    /// Nothing was written: this document has another version than was seen.
    Raced(DocumentKind, u128),
    /// Nothing was written: a name of this document belongs to another.
    NameTaken(DocumentKind, u128),
}

const COLUMNS: &str = "kind, id, account, version, state, rank, created_at, updated_at, due_at, \
                       expires_at, body";

impl Store {
    /// The document of this id; `None` where there is none, or its person was erased.
    pub async fn document(
        &self,
        kind: DocumentKind,
        id: u128,
    ) -> Result<Option<Document>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM documents WHERE kind = $1 AND id = $2");
        let query = sqlx::query(AssertSqlSafe(text)).bind(kind as i64).bind(wide(id));
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let row = reader.fetch_optional(query).await.map_err(unavailable)?;
        Ok(self.open_documents(&mut reader, kind, row.as_slice()).await?.pop())
    }

    /// The document that has this name.
    pub async fn document_named(
        &self,
        kind: DocumentKind,
        name: u128,
    ) -> Result<Option<Document>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM documents WHERE kind = $1 AND id = \
             (SELECT id FROM document_names WHERE kind = $1 AND name = $2)"
        );
        let query = sqlx::query(AssertSqlSafe(text)).bind(kind as i64).bind(wide(name));
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let row = reader.fetch_optional(query).await.map_err(unavailable)?;
        Ok(self.open_documents(&mut reader, kind, row.as_slice()).await?.pop())
    }

    /// An account's documents of one kind, highest rank first, at most `limit`.
    pub async fn documents_of(
        &self,
        account: AccountKey,
        kind: DocumentKind,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM documents WHERE account = $1 AND kind = $2 \
             ORDER BY rank DESC LIMIT $3"
        );
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(wide(account.0))
            .bind(kind as i64)
            .bind(i64::from(limit));
        self.select(kind, query).await
    }

    /// Those in one of these states, lowest rank first.
    pub async fn documents_of_in(
        &self,
        account: AccountKey,
        kind: DocumentKind,
        states: &[i64],
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let states = states.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let text = format!(
            "SELECT {COLUMNS} FROM documents WHERE account = $1 AND kind = $2 \
             AND state IN ({states}) ORDER BY rank LIMIT $3"
        );
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(wide(account.0))
            .bind(kind as i64)
            .bind(i64::from(limit));
        self.select(kind, query).await
    }

    /// Documents of one kind and state, lowest rank first, at most `limit` after `after`.
    pub async fn documents_in(
        &self,
        kind: DocumentKind,
        state: i64,
        after: Option<Spot>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        self.documents_queued(kind, &[state], after, limit).await
    }

    /// Documents of one kind in any of these states as one queue, lowest rank first, at most `limit`
    /// after `after`. However many there are, no more bodies are read than are given.
    pub async fn documents_queued(
        &self,
        kind: DocumentKind,
        states: &[i64],
        after: Option<Spot>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let of_state = |state: &i64| {
            format!(
                "SELECT id, rank FROM (SELECT id, rank FROM documents WHERE kind = $1 \
                 AND state = {state} AND (rank, id) > ($2, $3) ORDER BY rank, id LIMIT $4) \
                 AS of_state"
            )
        };
        let spots: Vec<String> = states.iter().map(of_state).collect();
        let text = format!(
            "SELECT {COLUMNS} FROM documents WHERE kind = $1 AND id IN \
             (SELECT id FROM ({}) AS spots ORDER BY rank, id LIMIT $4) ORDER BY rank, id",
            spots.join(" UNION ALL ")
        );
        let after = after.map_or((i64::MIN, Vec::new()), |spot| (spot.rank, wide(spot.id)));
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(kind as i64)
            .bind(after.0)
            .bind(after.1)
            .bind(i64::from(limit));
        self.select(kind, query).await
    }

    /// Documents of one kind whose timer has fired at `now`, longest waiting first.
    pub async fn documents_due(
        &self,
        kind: DocumentKind,
        now: Micros,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM documents WHERE kind = $1 AND due_at <= $2 \
             ORDER BY due_at LIMIT $3"
        );
        let query =
            sqlx::query(AssertSqlSafe(text)).bind(kind as i64).bind(now.0).bind(i64::from(limit));
        self.select(kind, query).await
    }

    async fn select(
        &self,
        kind: DocumentKind,
        query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    ) -> Result<Vec<Document>, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let rows = reader.fetch_all(query).await.map_err(unavailable)?;
        self.open_documents(&mut reader, kind, &rows).await
    }

    async fn open_documents(
        &self,
        connection: &mut AnyConnection,
        kind: DocumentKind,
        rows: &[AnyRow],
    ) -> Result<Vec<Document>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut sealed = Vec::with_capacity(rows.len());
        for row in rows {
            sealed.push(read(kind, row)?);
        }
        let accounts = sealed.iter().filter_map(|document| document.account).collect();
        let opener = self.opener(connection, accounts).await?;
        let mut documents = Vec::with_capacity(sealed.len());
        for document in sealed {
            let place = body_place(&document);
            let body = if let Some(account) = document.account {
                opener.open_now(account, place, &document.body)?
            } else {
                let key = self.keyring.instance_key("documents", kind as u64)?;
                Some(key.open(place, &document.body)?)
            };
            documents.extend(body.map(|body| Document { body, ..document }));
        }
        Ok(documents)
    }
}

fn read(kind: DocumentKind, row: &AnyRow) -> Result<Document, StoreError> {
    let columns = Columns { table: "documents", row };
    Ok(Document {
        kind,
        id: columns.wide("id")?,
        account: columns.wide_or_null("account")?.map(AccountKey),
        version: columns.unsigned("version")?,
        state: columns.int("state")?,
        rank: columns.int("rank")?,
        created_at: Micros(columns.int("created_at")?),
        updated_at: Micros(columns.int("updated_at")?),
        due_at: columns.int_or_null("due_at")?.map(Micros),
        expires_at: columns.int_or_null("expires_at")?.map(Micros),
        body: columns.bytes("body")?,
    })
}

const fn body_place(document: &Document) -> Place {
    place(document.kind, document.id, document.version)
}

/// A body opens in its own row and version only; the kind's number stands in the version's top bits.
const fn place(kind: DocumentKind, id: u128, version: u64) -> Place {
    Place { table: "documents.body", account: id, position: version | (kind as u64) << 48 }
}

fn wide(id: u128) -> Vec<u8> {
    id.to_be_bytes().to_vec()
}
