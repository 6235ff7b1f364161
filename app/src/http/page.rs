//! `?limit=&cursor=`: pages of a list, newest first.

use axum::extract::Query;
use axum::http::Uri;
use serde::Deserialize;
use store::{Cursor, Spot};
use utoipa::IntoParams;

use super::problem::{Kind, Problem};

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 500;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// Items on a page: 50 unless said, 500 at most.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    pub(super) fn of(uri: &Uri) -> Result<Self, Problem> {
        let Query(query) = Query::<Self>::try_from_uri(uri)
            .map_err(|error| Problem::new(Kind::BadRequest, error.body_text()))?;
        match query.limit {
            None | Some(1..=LIMIT_MAX) => Ok(query),
            Some(_) => Err(Problem::new(Kind::BadRequest, format!("limit: from 1 to {LIMIT_MAX}"))),
        }
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(LIMIT)
    }

    /// The number the cursor stands for.
    pub(super) fn number(&self) -> Result<Option<u64>, Problem> {
        let read = |cursor: &String| {
            crate::id::read("cur", cursor)
                .and_then(|number| u64::try_from(number).ok())
                .ok_or_else(|| Problem::new(Kind::BadRequest, "cursor: not one of ours"))
        };
        self.cursor.as_ref().map(read).transpose()
    }

    pub(super) fn cursor(&self) -> Result<Option<Cursor>, Problem> {
        Ok(self.number()?.map(Cursor))
    }

    /// The place the cursor stands for, in a list of documents.
    pub(super) fn spot(&self) -> Result<Option<Spot>, Problem> {
        let read = |cursor: &String| {
            read_spot(cursor)
                .ok_or_else(|| Problem::new(Kind::BadRequest, "cursor: not one of ours"))
        };
        self.cursor.as_ref().map(read).transpose()
    }
}

/// The cursor that stands for a place in a list of documents.
pub(crate) fn show_spot(spot: Spot) -> String {
    let rank = u128::from(spot.rank.cast_unsigned());
    format!("{}.{}", crate::id::show("cur", rank), crate::id::show("at", spot.id))
}

/// Reads what [`show_spot`] wrote.
pub(crate) fn read_spot(cursor: &str) -> Option<Spot> {
    let (rank, id) = cursor.split_once('.')?;
    let rank = u64::try_from(crate::id::read("cur", rank)?).ok()?.cast_signed();
    Some(Spot { rank, id: crate::id::read("at", id)? })
}

/// The cursor that stands for `number`.
pub(super) fn cursor_of(number: u64) -> String {
    crate::id::show("cur", u128::from(number))
}
