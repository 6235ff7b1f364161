//! Reading what a batch wants to know, and where the log stands.

use std::collections::HashMap;

use domain::keyed::AccountKey;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor as _};

use crate::chain::GENESIS;
use crate::database::unavailable;
use crate::pack;
use crate::record::{DecisionId, Head, Loaded, Payload, Said, Stored, Wanted};
use crate::row::{COLUMNS, Row};
use crate::sql::{Columns, Value, select_by_keys, wide};
use crate::{Store, StoreError};

impl Store {
    /// Everything needed to judge a batch, in a fixed number of round trips. Sees what has been
    /// committed: a batch still under way must be looked up by whoever judged it.
    pub async fn load(&self, wanted: &Wanted) -> Result<Loaded, StoreError> {
        if wanted.events.is_empty() && wanted.profiles.is_empty() && wanted.decisions.is_empty() {
            return Ok(Loaded::default());
        }
        let mut looker = self.database.looker().await?;
        let found = look_up(&mut looker, wanted).await;
        looker.put_back(found.is_ok());
        found
    }

    /// Where the log stands.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        head(&mut reader).await
    }
}

async fn look_up(connection: &mut AnyConnection, wanted: &Wanted) -> Result<Loaded, StoreError> {
    let events: Vec<_> = wanted.events.iter().map(|event| wide(event.0)).collect();
    Ok(Loaded {
        events: stored_by(connection, "event", &events).await?,
        decisions: settled(connection, &wanted.decisions).await?,
        profiles: profiles(connection, &wanted.profiles).await?,
    })
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

/// Records of these decisions; what only looks like the id of one is not found.
pub(crate) async fn decided(
    connection: &mut AnyConnection,
    decisions: &[DecisionId],
) -> Result<Vec<Stored>, StoreError> {
    let places: Vec<_> = decisions.iter().map(|id| id.position().cast_signed().into()).collect();
    let mut found = stored_by(connection, "position", &places).await?;
    found.retain(|stored| match &stored.payload {
        Payload::Event { decision, .. } => decisions.contains(decision),
        Payload::Outcome { .. } | Payload::PolicyActivated { .. } => false,
    });
    Ok(found)
}

/// The same, with the latest outcome told of each.
async fn settled(
    connection: &mut AnyConnection,
    decisions: &[DecisionId],
) -> Result<Vec<(Stored, Option<Said>)>, StoreError> {
    let found = decided(connection, decisions).await?;
    let places: Vec<_> = found.iter().map(|stored| stored.position.cast_signed().into()).collect();
    let head = "SELECT position FROM outcomes WHERE decision IN";
    let rows = select_by_keys(connection, head, &places).await.map_err(unavailable)?;
    let places = rows.iter().map(|row| Columns { table: "outcomes", row }.int("position"));
    let places = places.map(|place| Ok(place?.into())).collect::<Result<Vec<_>, StoreError>>()?;
    let mut told = stored_by(connection, "position", &places).await?;
    told.sort_unstable_by_key(|stored| stored.position);
    let mut latest: HashMap<DecisionId, Said> = HashMap::new();
    for stored in told {
        if let Payload::Outcome { decision, outcome, source, .. } = stored.payload {
            latest.insert(decision, (outcome, source));
        }
    }
    let with = |stored: Stored| {
        let said = match &stored.payload {
            Payload::Event { decision, .. } => latest.remove(decision),
            Payload::Outcome { .. } | Payload::PolicyActivated { .. } => None,
        };
        (stored, said)
    };
    Ok(found.into_iter().map(with).collect())
}

async fn stored_by(
    connection: &mut AnyConnection,
    column: &'static str,
    keys: &[Value],
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
    let keys: Vec<_> = accounts.iter().map(|account| wide(account.0)).collect();
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
