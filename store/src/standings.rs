//! The desk's two queues: accounts taken over, and accounts attacked that held. Never one queue.
//!
//! Every commit notes here whom it judged not to stand quietly. Time and proof clear an account
//! without a new record, so whoever reads a queue asks each account's profile as of then.

use std::collections::BTreeMap;

use domain::decision::Standing;
use domain::keyed::AccountKey;
use domain::memory::{Outcome, Position};
use domain::risk::standing_at;
use domain::time::{DAY, Micros};
use rustc_hash::FxHashMap;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor as _};

use crate::accounts::current_profile;
use crate::database::unavailable;
use crate::load::decided;
use crate::record::{Cursor, DecisionId, NewRecord, Payload};
use crate::sql::{Columns, Value, insert_rows};
use crate::{Store, StoreError};

/// Candidates read at a time, and looked at for one page: a page may be short, never slow.
const CHUNK: usize = 200;
const LOOKED_AT_MAX: usize = 2_000;

/// An account of whom no such record came for this time begins anew when one comes.
const TAKEN_OVER_GAP: i64 = 30 * DAY;
const ATTACKED_GAP: i64 = 7 * DAY;

/// A page of one queue, those first who came into it last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standings {
    /// The accounts; may be fewer than asked for although there is a next page.
    pub accounts: Vec<StandingAccount>,
    /// Where the next page begins; `None` when there is none.
    pub next: Option<Cursor>,
}

/// An account in a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingAccount {
    /// Its key.
    pub key: AccountKey,
    /// Its id as the store gave it.
    pub name: Option<String>,
    /// Receipt of the record with which it began to stand so.
    pub since: Micros,
    /// The latest decision that found, or was found to mean, that it stands so.
    pub decision: DecisionId,
    /// Score of that decision, 0–1.
    pub score: f64,
}

impl Store {
    /// Accounts that stand so at `now`, at most `limit`, those before `cursor`. Nobody stands in
    /// the queue of [`Standing::Quiet`].
    pub async fn standings(
        &self,
        standing: Standing,
        now: Micros,
        limit: u32,
        cursor: Option<Cursor>,
    ) -> Result<Standings, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let mut before = cursor.map_or(i64::MAX.cast_unsigned(), |cursor| cursor.0);
        let (mut page, mut looked_at) = (Standings::default(), 0);
        'reading: loop {
            let rows = candidates(&mut reader, standing, before).await?;
            let keys = rows.iter().map(|row| in_queue(row).wide("account").map(AccountKey));
            let opener = self.opener(&mut reader, keys.collect::<Result<_, _>>()?).await?;
            for row in &rows {
                if page.accounts.len() == limit as usize || looked_at == LOOKED_AT_MAX {
                    page.next = Some(Cursor(before));
                    break 'reading;
                }
                looked_at += 1;
                let columns = in_queue(row);
                before = columns.unsigned("position")?;
                let key = AccountKey(columns.wide("account")?);
                let profile = current_profile(&mut reader, key).await?;
                if standing_at(&profile, now) == standing {
                    page.accounts.push(StandingAccount {
                        key,
                        name: opener.name(key, &columns)?,
                        since: Micros(columns.int("since")?),
                        decision: DecisionId(columns.wide("decision")?),
                        score: 0.0,
                    });
                }
            }
            if rows.len() < CHUNK {
                break;
            }
        }
        fill_scores(&mut reader, &mut page.accounts).await?;
        Ok(page)
    }
}

const fn in_queue(row: &AnyRow) -> Columns<'_> {
    Columns { table: "standings", row }
}

async fn candidates(
    connection: &mut AnyConnection,
    standing: Standing,
    before: Position,
) -> Result<Vec<AnyRow>, StoreError> {
    let query = sqlx::query(
        "SELECT standings.account, position, since, decision, name FROM standings \
         JOIN accounts ON accounts.account = standings.account \
         WHERE standing = $1 AND position < $2 ORDER BY position DESC LIMIT $3",
    )
    .bind(number(standing))
    .bind(before.cast_signed())
    .bind(i64::try_from(CHUNK).unwrap_or(i64::MAX));
    connection.fetch_all(query).await.map_err(unavailable)
}

async fn fill_scores(
    connection: &mut AnyConnection,
    accounts: &mut [StandingAccount],
) -> Result<(), StoreError> {
    let decisions: Vec<_> = accounts.iter().map(|account| account.decision).collect();
    let mut scores = FxHashMap::default();
    for stored in decided(connection, &decisions).await? {
        if let Payload::Event { decision, assessment, .. } = stored.payload {
            scores.insert(decision.0, assessment.score);
        }
    }
    for account in accounts {
        account.score = scores.get(&account.decision.0).copied().unwrap_or_default();
    }
    Ok(())
}

const fn number(standing: Standing) -> i64 {
    match standing {
        Standing::Quiet => 0,
        Standing::AttackedHeld => 1,
        Standing::TakenOver => 2,
    }
}

/// A row to be: how the account stood, by the records of one batch.
struct Noted {
    position: Position,
    since: Micros,
    told_at: Micros,
    decision: DecisionId,
}

/// Notes whom these records found not to stand quietly, in their own transaction.
pub(crate) async fn note(
    connection: &mut AnyConnection,
    records: &[NewRecord],
) -> Result<(), sqlx::Error> {
    let mut noted = BTreeMap::<(i64, AccountKey), Noted>::new();
    for record in records {
        let Some(account) = record.payload.account() else { continue };
        if proves_the_owner(&record.payload) {
            close(connection, account, &mut noted).await?;
        }
        let Some((standing, decision)) = found(&record.payload) else { continue };
        let (position, since) = (record.position, record.received_at);
        let fresh = Noted { position, since, told_at: since, decision };
        let row = noted.entry((number(standing), account)).or_insert(fresh);
        if row.told_at == CLOSED {
            (row.position, row.since) = (position, since);
        }
        (row.told_at, row.decision) = (since, decision);
    }
    let begins_anew = format!(
        "standings.told_at < excluded.since - \
         CASE excluded.standing WHEN {} THEN {TAKEN_OVER_GAP} ELSE {ATTACKED_GAP} END",
        number(Standing::TakenOver)
    );
    let tail = format!(
        "ON CONFLICT (standing, account) DO UPDATE SET \
         position = CASE WHEN {begins_anew} THEN excluded.position ELSE standings.position END, \
         since = CASE WHEN {begins_anew} THEN excluded.since ELSE standings.since END, \
         told_at = excluded.told_at, decision = excluded.decision"
    );
    let head = "INSERT INTO standings (standing, account, position, since, told_at, decision)";
    insert_rows(connection, (head, &tail), noted.into_iter().map(values).collect()).await
}

fn values(((standing, account), row): ((i64, AccountKey), Noted)) -> Vec<Value> {
    vec![
        standing.into(),
        account.0.to_be_bytes().to_vec().into(),
        row.position.cast_signed().into(),
        row.since.0.into(),
        row.told_at.0.into(),
        row.decision.0.to_be_bytes().to_vec().into(),
    ]
}

/// How a record says that its account stands, and the decision that speaks of it.
fn found(payload: &Payload) -> Option<(Standing, DecisionId)> {
    match payload {
        Payload::Event { decision, assessment, .. } => match assessment.standing {
            Standing::Quiet => None,
            standing @ (Standing::AttackedHeld | Standing::TakenOver) => {
                Some((standing, *decision))
            }
        },
        Payload::Outcome { decision, outcome: Outcome::ConfirmedTakeover, .. } => {
            Some((Standing::TakenOver, *decision))
        }
        Payload::Outcome { .. } | Payload::PolicyActivated { .. } => None,
    }
}

const fn proves_the_owner(payload: &Payload) -> bool {
    matches!(
        payload,
        Payload::Outcome { outcome: Outcome::ConfirmedOwner | Outcome::ChallengePassed, .. }
    )
}

/// When a row was last told of, once its story is closed.
const CLOSED: Micros = Micros(0);

/// The owner was there: what comes from now on is a new story. Whether the old one is over is the
/// profile's to say.
async fn close(
    connection: &mut AnyConnection,
    account: AccountKey,
    noted: &mut BTreeMap<(i64, AccountKey), Noted>,
) -> Result<(), sqlx::Error> {
    for standing in [Standing::AttackedHeld, Standing::TakenOver] {
        if let Some(row) = noted.get_mut(&(number(standing), account)) {
            row.told_at = CLOSED;
        }
    }
    let update = sqlx::query("UPDATE standings SET told_at = $1 WHERE account = $2")
        .bind(CLOSED.0)
        .bind(account.0.to_be_bytes().to_vec());
    connection.execute(update).await.map(drop)
}

/// Nobody works on the case of a person who was erased.
pub(crate) async fn forget(
    connection: &mut AnyConnection,
    account: AccountKey,
) -> Result<(), sqlx::Error> {
    let delete = sqlx::query("DELETE FROM standings WHERE account = $1")
        .bind(account.0.to_be_bytes().to_vec());
    connection.execute(delete).await.map(drop)
}
