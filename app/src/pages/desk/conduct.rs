//! How colleagues work with what they may see (T5): for supervisors and auditors.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::super::{Page, Visitor};
use crate::audit::conduct::{Colleague, Conduct, DAYS};
use crate::desk::Role;
use crate::http::House;
use crate::http::problem::{Kind, Problem};

/// `/desk/conduct`
#[derive(Serialize)]
pub(in super::super) struct ConductPage {
    me: String,
    conduct: Conduct,
    numbers: [&'static str; 7],
}

/// The numbers of a colleague, in the table's order.
const NUMBERS: [&str; 7] =
    ["cases", "steps", "looks", "only_looked", "unmasked", "refused", "packs"];

/// Words that the template completes keys with.
#[cfg(test)]
pub(in super::super) fn keys() -> Vec<String> {
    NUMBERS.map(|name| format!("conduct-{name}")).into()
}

impl Page for ConductPage {
    const TEMPLATE: &'static str = "desk_conduct.html";

    fn samples() -> Vec<Self> {
        let colleague = |name: &str, unusual| Colleague {
            name: name.to_owned(),
            cases: 4,
            only_looked: 9,
            unusual,
            ..Colleague::default()
        };
        let some =
            vec![colleague("sato@shop.example", vec!["only_looked"]), colleague("<b>", vec![])];
        let page = |colleagues| Self {
            me: "mori@shop.example".to_owned(),
            conduct: Conduct { days: DAYS, colleagues },
            numbers: NUMBERS,
        };
        vec![page(some), page(Vec::new())]
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    if colleague.role == Role::Agent {
        return Err(Problem::new(Kind::Forbidden, ""));
    }
    let conduct = house.conduct(DAYS).await?;
    let page = ConductPage { me: colleague.name, conduct, numbers: NUMBERS };
    Ok(house.page(&visitor, StatusCode::OK, &page))
}
