//! Evidence packs on the desk's case page.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::super::Visitor;
use super::super::cookies::Flash;
use super::super::form::Form;
use super::sees;
use crate::audit::Seen;
use crate::http::House;
use crate::http::cases::packs;
use crate::http::problem::{Kind, Problem};
use crate::pack::For;

/// Makes one.
pub(super) async fn make(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let case = house.case_named(&id).await?;
    if !sees(&case, &colleague) {
        return Err(house.refused(&case, &colleague, "pack").await);
    }
    let by = colleague.actor().ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
    let whom = For::named(form.text("for")).ok_or_else(|| Problem::invalid("/for", "for whom"))?;
    match house.make_pack(&case, whom, &by, form.filled("reason")).await {
        Ok(_) => Ok(house.go(&visitor, &format!("/desk/cases/{id}"), Some(Flash::Saved))),
        Err(problem) if problem.kind.row().status.is_client_error() => {
            let mut page = house.case_page(&case, &colleague).await?;
            page.problem = Some(problem.detail);
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

/// Hands one out: `pck_….json`, or `pck_….pdf` in the language of the page.
pub(super) async fn hand_out(
    State(house): State<Arc<House>>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let case = house.case_named(&id).await?;
    if !sees(&case, &colleague) {
        return Err(house.refused(&case, &colleague, "pack").await);
    }
    let (pack, form) = named(&file)?;
    let pack = house.pack_named(&case, pack).await?;
    house.tell_trail(&case, &colleague, Seen::Looked, &format!("pack {file}")).await?;
    Ok(packs::handed_out(&pack, form, visitor.language))
}

/// Which pack, and in which form, the end of an address asks for.
pub(in super::super) fn named(file: &str) -> Result<(&str, packs::Form), Problem> {
    match file.rsplit_once('.') {
        Some((pack, "json")) => Ok((pack, packs::Form::Data)),
        Some((pack, "pdf")) => Ok((pack, packs::Form::Print)),
        _ => Err(Problem::not_found("pack")),
    }
}
