//! Building statements of many rows with `$n`, the one placeholder both engines read.

use std::fmt::Write as _;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Executor as _, Row as _};

use crate::StoreError;

/// SQLite takes 32,766 parameters a statement, PostgreSQL 65,535.
pub(crate) const PARAMETERS_MAX: usize = 32_766;

/// A value to be bound.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(i64),
    Bytes(Vec<u8>),
    NoBytes,
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Self {
        value.map_or(Self::NoBytes, Into::into)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

type Bound<'q> = Query<'q, Any, AnyArguments>;

fn bind(query: Bound<'_>, value: Value) -> Bound<'_> {
    match value {
        Value::Int(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
        Value::NoBytes => query.bind(None::<Vec<u8>>),
        Value::Text(value) => query.bind(value),
    }
}

/// Runs `head ($1,$2,…),($3,…) tail` for all rows, in as few statements as have a count of rows
/// that is a power of two: so each table needs a dozen prepared statements, not one for each count.
pub(crate) async fn insert_rows(
    connection: &mut AnyConnection,
    (head, tail): (&str, &str),
    rows: Vec<Vec<Value>>,
) -> Result<(), sqlx::Error> {
    let Some(columns) = rows.first().map(Vec::len) else { return Ok(()) };
    let most = floor_power_of_two(PARAMETERS_MAX / columns.max(1));
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let count = floor_power_of_two(left).min(most);
        let text = format!("{head} VALUES {} {tail}", placeholders(count, columns));
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in rows.by_ref().take(count).flatten() {
            query = bind(query, value);
        }
        connection.execute(query).await?;
        left -= count;
    }
    Ok(())
}

/// All rows of `head ($1, $2, …)` for `keys`; the list is padded with its last key to a power of
/// two, for the same reason as in [`insert_rows`].
pub(crate) async fn select_by_keys(
    connection: &mut AnyConnection,
    head: &str,
    keys: &[[u8; 16]],
) -> Result<Vec<AnyRow>, sqlx::Error> {
    const MOST: usize = 1024;
    let mut found = Vec::new();
    for chunk in keys.chunks(MOST) {
        let count = chunk.len().next_power_of_two();
        let text = format!("{head} {}", placeholders(1, count));
        let mut query = sqlx::query(AssertSqlSafe(text));
        let padding = chunk.iter().rev().take(1).cycle();
        for key in chunk.iter().chain(padding).take(count) {
            query = query.bind(key.to_vec());
        }
        found.extend(connection.fetch_all(query).await?);
    }
    Ok(found)
}

/// `($1,$2),($3,$4)` for two rows of two.
pub(crate) fn placeholders(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * (columns * 7 + 3));
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { "," };
            let _ = write!(text, "{comma}${}", row * columns + column + 1);
        }
        text.push(')');
    }
    text
}

fn floor_power_of_two(count: usize) -> usize {
    count.checked_ilog2().map_or(1, |exponent| 1 << exponent)
}

/// Reads columns of one table's rows, and says which row was corrupt.
pub(crate) struct Columns<'a> {
    pub(crate) table: &'static str,
    pub(crate) row: &'a AnyRow,
}

impl Columns<'_> {
    pub(crate) fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(crate) fn int_or_null(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(crate) fn unsigned(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| self.corrupt())
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(crate) fn bytes_or_null(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(crate) fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(crate) fn wide(&self, column: &str) -> Result<u128, StoreError> {
        wide_of(&self.bytes(column)?).ok_or_else(|| self.corrupt())
    }

    pub(crate) fn wide_or_null(&self, column: &str) -> Result<Option<u128>, StoreError> {
        self.bytes_or_null(column)?
            .map(|bytes| wide_of(&bytes).ok_or_else(|| self.corrupt()))
            .transpose()
    }

    /// This row contradicts what must hold.
    pub(crate) fn corrupt(&self) -> StoreError {
        let id = ["position", "id", "number", "account"].iter().find_map(|column| {
            if let Ok(number) = self.row.try_get::<i64, _>(*column) {
                return Some(number.to_string());
            }
            self.row.try_get::<String, _>(*column).ok()
        });
        StoreError::Corrupt { table: self.table, id: id.unwrap_or_else(|| "?".to_owned()) }
    }
}

fn wide_of(bytes: &[u8]) -> Option<u128> {
    bytes.try_into().ok().map(u128::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_through_the_rows() {
        assert_eq!(placeholders(2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(placeholders(1, 1), "($1)");
    }

    #[test]
    fn a_count_is_cut_to_the_power_of_two_below() {
        assert_eq!([1, 2, 3, 300, 4096].map(floor_power_of_two), [1, 2, 2, 256, 4096]);
    }
}
