//! One decision and what became of it.

use sqlx::{AssertSqlSafe, Executor as _};

use crate::database::unavailable;
use crate::entry::Entry;
use crate::record::{DecisionId, Payload, Stored};
use crate::row::{COLUMNS, Row};
use crate::{Store, StoreError};

/// A decision with everything said about it since.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The event, its judgement and its body.
    pub entry: Entry,
    /// Outcomes told, oldest first.
    pub outcomes: Vec<Stored>,
}

impl Store {
    /// The decision of this id; `None` if there is none.
    pub async fn decision(&self, id: DecisionId) -> Result<Option<Decision>, StoreError> {
        let mut reader = self.database.reader.acquire().await.map_err(unavailable)?;
        let position = id.position().cast_signed();
        let text = format!("SELECT {COLUMNS} FROM log WHERE position = $1");
        let query = sqlx::query(AssertSqlSafe(text)).bind(position);
        let rows = reader.fetch_all(query).await.map_err(unavailable)?;
        let Some(entry) = self.entries(&mut reader, &rows).await?.pop() else { return Ok(None) };
        match &entry.payload {
            Payload::Event { decision, .. } if *decision == id => {}
            _ => return Ok(None),
        }
        let text = format!(
            "SELECT {COLUMNS} FROM log WHERE position IN \
             (SELECT position FROM outcomes WHERE decision = $1) ORDER BY position"
        );
        let query = sqlx::query(AssertSqlSafe(text)).bind(position);
        let rows = reader.fetch_all(query).await.map_err(unavailable)?;
        let outcomes = rows.iter().map(|row| Row::read(row)?.stored()).collect::<Result<_, _>>()?;
        Ok(Some(Decision { entry, outcomes }))
    }
}
