//! Rebuilding hot state: saved parts, then the tail of the log.

use std::cmp::Ordering;

use domain::memory::{Memory, Position};
use sqlx::{AnyConnection, Executor as _};

use crate::checkpoint::Checkpoint;
use crate::database::unavailable;
use crate::load;
use crate::pack::{self, CrowdPart};
use crate::record::{Head, Payload, Stored};
use crate::row::{COLUMNS, Row};
use crate::sql::Columns;
use crate::{Store, StoreError};

/// Rows read at once.
const CHUNK: i64 = 2_000;

impl Store {
    /// Rebuilds hot state in an empty `memory`: saved parts of the crowd, then the tail of the
    /// log, with the profiles it touches. Other profiles are loaded when they are wanted.
    /// `checkpoint` must be new too; it learns what has yet to be saved. Takes time for the tail
    /// (bounded by [`crate::CheckpointLimits::tail_max`]), not for the log. Returns where the log
    /// stands.
    pub async fn recover(
        &self,
        memory: &mut Memory,
        checkpoint: &mut Checkpoint,
    ) -> Result<Head, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        // Parts only get newer, so reading the low-water mark first is the safe order.
        let mut position = low_water(&mut reader).await?;
        restore_crowd(&mut reader, memory).await?;
        checkpoint.start_at(position);
        loop {
            let records = tail(&mut reader, position).await?;
            let Some(last) = records.last() else { break };
            position = last.position;
            restore_profiles(&mut reader, memory, checkpoint, &records).await?;
            for record in &records {
                replay(memory, checkpoint, record);
            }
        }
        let head = load::head(&mut reader).await?;
        match head.position.cmp(&position) {
            Ordering::Equal => Ok(head),
            // Another writer is at work.
            Ordering::Greater => Err(StoreError::Overtaken(position)),
            Ordering::Less => {
                Err(StoreError::Corrupt { table: "log", id: head.position.to_string() })
            }
        }
    }
}

fn replay(memory: &mut Memory, checkpoint: &mut Checkpoint, record: &Stored) {
    match &record.payload {
        Payload::Event { observation, assessment, .. } => {
            memory.remember(record.position, observation, assessment);
        }
        Payload::Outcome { observation, outcome, .. } => {
            memory.settle(record.position, observation, *outcome);
        }
        Payload::PolicyActivated { .. } => {}
    }
    checkpoint.touched(record.position, record.payload.account());
}

async fn low_water(connection: &mut AnyConnection) -> Result<Position, StoreError> {
    let row = connection
        .fetch_one("SELECT low_water FROM checkpoint WHERE id = 1")
        .await
        .map_err(unavailable)?;
    Columns { table: "checkpoint", row: &row }.unsigned("low_water")
}

async fn restore_crowd(
    connection: &mut AnyConnection,
    memory: &mut Memory,
) -> Result<(), StoreError> {
    let rows =
        connection.fetch_all("SELECT number, packed FROM shards").await.map_err(unavailable)?;
    for row in &rows {
        let columns = Columns { table: "shards", row };
        let number = usize::try_from(columns.int("number")?).map_err(|_| columns.corrupt())?;
        let part = pack::unpack_crowd(number, &columns.bytes("packed")?);
        match part.ok_or_else(|| columns.corrupt())? {
            CrowdPart::Shard(index, shard) => memory.crowd_mut().restore_shard(index, shard),
            CrowdPart::Population(population) => memory.crowd_mut().population = *population,
        }
    }
    Ok(())
}

async fn tail(connection: &mut AnyConnection, after: Position) -> Result<Vec<Stored>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM log WHERE position > $1 ORDER BY position LIMIT $2");
    let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(after.cast_signed()).bind(CHUNK);
    let rows = connection.fetch_all(query).await.map_err(unavailable)?;
    rows.iter().map(|row| Row::read(row)?.stored()).collect()
}

/// Profiles that `records` touch and that memory does not hold yet.
async fn restore_profiles(
    connection: &mut AnyConnection,
    memory: &mut Memory,
    checkpoint: &mut Checkpoint,
    records: &[Stored],
) -> Result<(), StoreError> {
    let mut accounts: Vec<_> = records
        .iter()
        .filter_map(|record| record.payload.account())
        .filter(|account| memory.account(*account).is_none())
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    for (account, profile) in load::profiles(connection, &accounts).await? {
        memory.restore_account(account, profile);
        checkpoint.restored(account);
    }
    Ok(())
}
