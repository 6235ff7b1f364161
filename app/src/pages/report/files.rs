//! Files that a reporter adds, and how they are handed out: never shown within a page of ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::case::Reporter;

use super::super::cookies::Flash;
use super::super::form::Form;
use crate::evidence::kept::Item;
use crate::evidence::{self, FILE_MAX};
use crate::http::House;
use crate::http::problem::Problem;

/// Bytes of one form: a file and what is around it.
const FORM_MAX: usize = FILE_MAX + 64 * 1024;

pub(super) async fn add(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read_with_files(&house, request, FORM_MAX).await?;
    let case = house.case_of(&headers).await?;
    let Some((case, _)) = case.filter(|(case, _)| case.kept.case.reporter != Reporter::Helper)
    else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let then = if form.text("then") == "check" { "/report/check" } else { "/report/status" };
    let bytes = form.files("file").next().map(|file| file.bytes.clone()).unwrap_or_default();
    // Decoding takes a while: it is not done where others wait.
    let taken = tokio::task::spawn_blocking(move || evidence::take(&bytes)).await;
    let taken = taken.map_err(|error| Problem::internal(&error))?;
    let flash = match taken {
        Ok(clean) => match house.add_evidence(&case, clean).await? {
            Ok(_) => Flash::EvidenceAdded,
            Err(refused) => Flash::not_taken(refused),
        },
        Err(refused) => Flash::not_taken(refused),
    };
    Ok(house.go(&visitor, then, Some(flash)))
}

/// A file as it leaves us: as a download that runs nothing (T11).
pub(crate) fn handed_out(item: &Item, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let name = format!("{}.{}", crate::id::show("evd", item.id), item.kind.extension());
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(item.kind.content_type()));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
