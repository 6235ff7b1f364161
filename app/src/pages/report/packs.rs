//! A reporter's own evidence packs: for who has proven V3 and reports for themselves.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::super::Visitor;
use super::super::cookies::Flash;
use super::super::desk::packs::named;
use super::super::form::Form;
use crate::cases::Numbered;
use crate::http::House;
use crate::http::cases::packs;
use crate::http::problem::Problem;
use crate::pack::{For, ItemView};

/// Makes one.
pub(super) async fn make(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (_, visitor) = Form::read(&house, request).await?;
    let Some((own, _)) = house.case_of(&headers).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    house.make_own_pack(&own).await?;
    Ok(house.go(&visitor, "/report/status", Some(Flash::Saved)))
}

/// Hands one out.
pub(super) async fn hand_out(
    State(house): State<Arc<House>>,
    Path(file): Path<String>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("pack");
    let (pack, form) = named(&file)?;
    let (own, _) = house.case_of(&headers).await?.ok_or_else(missing)?;
    let case = house.own_case(&own).await?.ok_or_else(missing)?;
    let is_theirs = |one: &ItemView| one.id == pack;
    if !theirs(&case).iter().any(is_theirs) {
        return Err(missing());
    }
    Ok(packs::handed_out(&house.pack_named(&case, pack).await?, form, visitor.language))
}

/// Those packs of a case that its owner may have.
pub(super) fn theirs(case: &Numbered) -> Vec<ItemView> {
    let theirs = case.kept.packs.iter().filter(|pack| pack.whom == For::Owner);
    theirs.map(ItemView::from).collect()
}
