//! The owner takes the account back: a new password, once the cool-down is over.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::member::Member;
use factors::password::Rules;
use serde::Serialize;
use store::Changes;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::security::{By, Written};
use super::super::{Page, Visitor, register};
use crate::cases::ComesBack;
use crate::http::House;
use crate::http::problem::Problem;

/// `/report/password`
#[derive(Serialize)]
pub(in super::super) struct ComeBack {
    chars_min: usize,
    problem: Option<&'static str>,
}

impl Page for ComeBack {
    const TEMPLATE: &'static str = "report_password.html";

    fn samples() -> Vec<Self> {
        let weak = register::WEAKNESSES.map(|weakness| Self::with(Some(weakness)));
        std::iter::once(Self::with(None)).chain(weak).collect()
    }
}

impl ComeBack {
    const fn with(problem: Option<&'static str>) -> Self {
        Self { chars_min: Rules::ALONE.chars_min, problem }
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let case = house.case_of(&headers).await?;
    let Some((case, _)) = case else { return Ok(house.go(&visitor, "/report/status", None)) };
    Ok(match house.comes_back(&case).await? {
        ComesBack::Now(_) => house.page(&visitor, StatusCode::OK, &ComeBack::with(None)),
        ComesBack::At(_) | ComesBack::No => house.go(&visitor, "/report/status", None),
    })
}

pub(super) async fn set(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let case = house.case_of(&headers).await?;
    let Some((case, _)) = case else { return Ok(house.go(&visitor, "/report/status", None)) };
    let ComesBack::Now(found) = house.comes_back(&case).await? else {
        return Ok(house.go(&visitor, "/report/status", None));
    };
    let typed = match house.new_password(form.text("password"), &words(&found.member), Rules::ALONE)
    {
        Ok(typed) => typed,
        Err(problem) => {
            let page = ComeBack::with(Some(problem));
            return Ok(house.page(&visitor, StatusCode::OK, &page));
        }
    };
    let hash = house.members.passwords.hash(typed, &house.world).await;
    let hash = hash.map_err(|_| Problem::unavailable(1))?.map_err(|e| Problem::internal(&e))?;
    let changed = house.come_back(&found, hash, case.id)?;
    let by = By { visitor: &visitor, found: &found, live: None };
    let flash = match house.write_change(by, changed, Changes::default()).await? {
        Written::Done => Flash::PasswordChanged,
        Written::ContactTaken => Flash::NothingChanged,
    };
    Ok(house.go(&visitor, "/sign-in", Some(flash)))
}

fn words(member: &Member) -> Vec<&str> {
    member.mails.iter().map(|mail| mail.value.as_str()).collect()
}
