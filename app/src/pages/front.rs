//! The first page, and the page that says from which addresses the store writes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::{Page, Visitor};
use crate::http::House;

/// `/`
#[derive(Serialize)]
pub(super) struct Front {}

impl Page for Front {
    const WARNS: bool = true;
    const TEMPLATE: &'static str = "front.html";

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// `/official-senders`: what a real mail of the store looks like (C1).
#[derive(Serialize)]
pub(super) struct OfficialSenders {
    /// Exact domains behind the `@`.
    domains: Vec<String>,
}

impl Page for OfficialSenders {
    const WARNS: bool = true;
    const TEMPLATE: &'static str = "official_senders.html";

    fn samples() -> Vec<Self> {
        let some = ["shop.example", "mail.shop.example"].map(str::to_owned).to_vec();
        vec![Self { domains: some }, Self { domains: Vec::new() }]
    }
}

pub(super) async fn front(State(house): State<Arc<House>>, visitor: Visitor) -> Response {
    house.page(&visitor, StatusCode::OK, &Front {})
}

pub(super) async fn official_senders(
    State(house): State<Arc<House>>,
    visitor: Visitor,
) -> Response {
    let domains = house.config.said.text("official-domains").split(',').map(str::trim);
    let domains = domains.filter(|domain| !domain.is_empty()).map(str::to_owned).collect();
    house.page(&visitor, StatusCode::OK, &OfficialSenders { domains })
}
