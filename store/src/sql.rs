//! Building statements of many rows. `$n` is the one placeholder that both engines read, and the
//! one in every statement written by hand; what is generated here for SQLite says `?`, because the
//! driver looks a named parameter up by walking all names before it: with thousands of parameters
//! that was a quarter of the server's time.

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
    NoInt,
    Bytes(Vec<u8>),
    NoBytes,
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::NoInt, Into::into)
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

/// A key as the databases keep it.
pub(crate) fn wide(key: u128) -> Value {
    Value::Bytes(key.to_be_bytes().to_vec())
}

type Bound<'q> = Query<'q, Any, AnyArguments>;

fn bind(query: Bound<'_>, value: Value) -> Bound<'_> {
    match value {
        Value::Int(value) => query.bind(value),
        Value::NoInt => query.bind(None::<i64>),
        Value::Bytes(value) => query.bind(value),
        Value::NoBytes => query.bind(None::<Vec<u8>>),
        Value::Text(value) => query.bind(value),
    }
}

/// Runs `head ($1,$2,…),($3,…) tail` for all rows, in few statements of few different lengths.
pub(crate) async fn insert_rows(
    connection: &mut AnyConnection,
    (head, tail): (&str, &str),
    rows: Vec<Vec<Value>>,
) -> Result<(), sqlx::Error> {
    let Some(columns) = rows.first().map(Vec::len) else { return Ok(()) };
    let most = floor_power_of_two(PARAMETERS_MAX / columns.max(1));
    let placeholder = Placeholder::of(connection);
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let count = rows_at_once(left).min(most);
        let text = format!("{head} VALUES {} {tail}", placeholder.rows(count, columns));
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
    keys: &[Value],
) -> Result<Vec<AnyRow>, sqlx::Error> {
    const MOST: usize = 1024;
    let placeholder = Placeholder::of(connection);
    let mut found = Vec::new();
    for chunk in keys.chunks(MOST) {
        let count = chunk.len().next_power_of_two();
        let text = format!("{head} {}", placeholder.rows(1, count));
        let mut query = sqlx::query(AssertSqlSafe(text));
        let padding = chunk.iter().rev().take(1).cycle();
        for key in chunk.iter().chain(padding).take(count) {
            query = bind(query, key.clone());
        }
        found.extend(connection.fetch_all(query).await?);
    }
    Ok(found)
}

/// How a generated statement names its parameters.
#[derive(Clone, Copy)]
enum Placeholder {
    /// `?`, by place.
    Nameless,
    /// `$1`, by number.
    Numbered,
}

impl Placeholder {
    fn of(connection: &AnyConnection) -> Self {
        if connection.backend_name() == "SQLite" { Self::Nameless } else { Self::Numbered }
    }

    /// `($1,$2),($3,$4)` for two rows of two.
    fn rows(self, rows: usize, columns: usize) -> String {
        let mut text = String::with_capacity(rows * (columns * 7 + 3));
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..columns {
                text.push_str(if column == 0 { "" } else { "," });
                match self {
                    Self::Nameless => text.push('?'),
                    Self::Numbered => {
                        let _ = write!(text, "${}", row * columns + column + 1);
                    }
                }
            }
            text.push(')');
        }
        text
    }
}

/// Rows of the next statement when so many are left: at most two statements up to 64 rows, one more
/// for each doubling, and twenty different ones a table, so that all stay prepared.
fn rows_at_once(left: usize) -> usize {
    match left {
        ..8 => left,
        8..64 => left / 8 * 8,
        _ => floor_power_of_two(left),
    }
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
        assert_eq!(Placeholder::Numbered.rows(2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(Placeholder::Numbered.rows(1, 1), "($1)");
        assert_eq!(Placeholder::Nameless.rows(2, 3), "(?,?,?),(?,?,?)");
    }

    #[test]
    fn few_statements_hold_any_number_of_rows() {
        let statements = |mut left: usize| {
            let lengths = std::iter::from_fn(|| {
                let count = rows_at_once(left);
                left -= count;
                (count > 0).then_some(count)
            });
            lengths.collect::<Vec<_>>()
        };
        assert_eq!(statements(1), [1]);
        assert_eq!(statements(63), [56, 7]);
        assert_eq!(statements(64), [64]);
        assert_eq!(statements(1_000), [512, 256, 128, 64, 40]);
    }

    #[test]
    fn a_count_is_cut_to_the_power_of_two_below() {
        assert_eq!([1, 2, 3, 300, 4096].map(floor_power_of_two), [1, 2, 2, 256, 4096]);
    }
}
