//! Reading what a batch wants to know, and where the log stands.

use domain::keyed::AccountKey;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor as _};

use crate::chain::GENESIS;
use crate::database::unavailable;
use crate::pack;
use crate::record::{Head, Loaded, Stored, Wanted};
use crate::row::{COLUMNS, Row};
use crate::sql::{Columns, select_by_keys};
use crate::{Store, StoreError};

impl Store {
    /// Everything needed to judge a batch, in a fixed number of round trips. Sees what has been
    /// committed: a batch still under way must be looked up by whoever judged it.
    pub async fn load(&self, wanted: &Wanted) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        if wanted.events.is_empty() && wanted.profiles.is_empty() && wanted.decisions.is_empty() {
            return Ok(loaded);
        }
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let events: Vec<_> = wanted.events.iter().map(|event| event.0.to_be_bytes()).collect();
        loaded.events = stored_by(&mut reader, "event", &events).await?;
        let decisions: Vec<_> = wanted.decisions.iter().map(|id| id.0.to_be_bytes()).collect();
        loaded.decisions = stored_by(&mut reader, "decision", &decisions).await?;
        loaded.profiles = profiles(&mut reader, &wanted.profiles).await?;
        Ok(loaded)
    }

    /// Where the log stands.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        head(&mut reader).await
    }
}

pub(crate) async fn head(connection: &mut AnyConnection) -> Result<Head, StoreError> {
    let last = "SELECT head, chain FROM checkpoint WHERE id = 1";
    head_of(&connection.fetch_one(last).await.map_err(unavailable)?)
}

pub(crate) fn head_of(row: &AnyRow) -> Result<Head, StoreError> {
    let columns = Columns { table: "checkpoint", row };
    let position = columns.unsigned("head")?;
    if position == 0 {
        return Ok(Head { position, chain: GENESIS });
    }
    let chain = columns.bytes("chain")?.try_into().map_err(|_| columns.corrupt())?;
    Ok(Head { position, chain })
}

pub(crate) async fn stored_by(
    connection: &mut AnyConnection,
    column: &'static str,
    keys: &[[u8; 16]],
) -> Result<Vec<Stored>, StoreError> {
    let head = format!("SELECT {COLUMNS} FROM log WHERE {column} IN");
    let rows = select_by_keys(connection, &head, keys).await.map_err(unavailable)?;
    rows.iter().map(|row| Row::read(row)?.stored()).collect()
}

/// Profiles on disk, of those asked for.
pub(crate) async fn profiles(
    connection: &mut AnyConnection,
    accounts: &[AccountKey],
) -> Result<Vec<(AccountKey, domain::memory::Profile)>, StoreError> {
    let keys: Vec<_> = accounts.iter().map(|account| account.0.to_be_bytes()).collect();
    let head = "SELECT account, packed FROM profiles WHERE account IN";
    let rows = select_by_keys(connection, head, &keys).await.map_err(unavailable)?;
    rows.iter()
        .map(|row| {
            let columns = Columns { table: "profiles", row };
            let profile =
                pack::unpack_profile(&columns.bytes("packed")?).ok_or_else(|| columns.corrupt())?;
            Ok((AccountKey(columns.wide("account")?), profile))
        })
        .collect()
}
