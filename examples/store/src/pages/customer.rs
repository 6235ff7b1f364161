//! What a customer sees besides the cart: the shelf, their orders, their addresses and cards.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::json;

use super::{Fields, Visitor};
use crate::book::Writing;
use crate::clock::token;
use crate::failure::Failure;
use crate::shelf::SHELF;
use crate::shop::Shop;
use crate::things::{Address, Card, Order};
use crate::{events, payments};

/// Longest name or place.
const CHARS_MAX: usize = 100;

pub(crate) fn router() -> Router<Arc<Shop>> {
    Router::new()
        .route("/", get(shelf))
        .route("/style.css", get(style))
        .route("/orders", get(orders))
        .route("/orders/{id}", get(order))
        .route("/account", get(account))
        .route("/addresses", post(add_address))
        .route("/cards", post(add_card))
        .route("/cards/{id}/remove", post(remove_card))
}

async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../../templates/style.css")).into_response()
}

#[derive(Serialize)]
struct OnShelf {
    sku: &'static str,
    title: &'static str,
    price: i64,
    seller: Option<&'static str>,
    kind: &'static str,
}

async fn shelf(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    let goods: Vec<OnShelf> = SHELF
        .iter()
        .map(|goods| OnShelf {
            sku: goods.sku,
            title: goods.title(visitor.language),
            price: goods.price,
            seller: goods.seller,
            kind: goods.kind,
        })
        .collect();
    shop.page(&visitor, "shelf.html", json!({ "goods": goods }))
}

async fn orders(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    let member = match visitor.signed_in() {
        Ok(member) => member.id.clone(),
        Err(away) => return Ok(away),
    };
    let mut orders = shop.book.of::<Order>(&member).await?;
    orders.reverse();
    let orders: Vec<_> =
        orders.iter().map(|order| json!({ "order": order, "amount": order.amount() })).collect();
    shop.page(&visitor, "orders.html", json!({ "orders": orders }))
}

async fn order(
    State(shop): State<Arc<Shop>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let member = match visitor.signed_in() {
        Ok(member) => member.id.clone(),
        Err(away) => return Ok(away),
    };
    let order: Order = shop.book.one(&id).await?;
    if order.member != member {
        return Err(Failure::NotFound);
    }
    let amount = order.amount();
    shop.page(&visitor, "order.html", json!({ "order": order, "amount": amount }))
}

async fn account(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    match visitor.signed_in() {
        Ok(_) => shop.account_page(&visitor, None).await,
        Err(away) => Ok(away),
    }
}

async fn add_address(
    State(shop): State<Arc<Shop>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Failure> {
    let member = match visitor.signed_in() {
        Ok(member) => member.clone(),
        Err(away) => return Ok(away),
    };
    let (name, place) = (fields.text("name"), fields.text("place"));
    let postcode: String = fields.text("postcode").chars().filter(char::is_ascii_digit).collect();
    let fits = |text: &str| (1..=CHARS_MAX).contains(&text.chars().count());
    if !fits(name) || !fits(place) || postcode.len() != 7 {
        return shop.account_page(&visitor, Some("account-address-problem")).await;
    }
    let (now, mut writing) = (shop.clock.now(), Writing::default());
    let address = Address {
        id: format!("adr-{}", token()),
        member: member.id.clone(),
        name: name.to_owned(),
        postcode,
        place: place.to_owned(),
        added_at: now.as_microsecond(),
    };
    writing.put(&address)?;
    writing.tell(&events::address_added(now, &member, &visitor.from(), &address));
    shop.book.write(writing).await?;
    Ok(Redirect::to("/account").into_response())
}

async fn add_card(
    State(shop): State<Arc<Shop>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Failure> {
    let member = match visitor.signed_in() {
        Ok(member) => member.clone(),
        Err(away) => return Ok(away),
    };
    let now = shop.clock.now();
    let card = payments::tokenised(fields.text("number"), &member.id, now.as_microsecond());
    let Some(card) = card else {
        return shop.account_page(&visitor, Some("account-card-problem")).await;
    };
    let mut writing = Writing::default();
    writing.put(&card)?;
    writing.tell(&events::card_added(now, &member, &visitor.from(), &card));
    shop.book.write(writing).await?;
    Ok(Redirect::to("/account").into_response())
}

async fn remove_card(
    State(shop): State<Arc<Shop>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let member = match visitor.signed_in() {
        Ok(member) => member.clone(),
        Err(away) => return Ok(away),
    };
    let card: Card = shop.book.one(&id).await?;
    if card.member != member.id {
        return Err(Failure::NotFound);
    }
    shop.book.remove::<Card>(&id).await?;
    let mut writing = Writing::default();
    writing.tell(&events::card_removed(shop.clock.now(), &member, &visitor.from(), &card));
    shop.book.write(writing).await?;
    Ok(Redirect::to("/account").into_response())
}

impl Shop {
    async fn account_page(
        &self,
        visitor: &Visitor,
        problem: Option<&str>,
    ) -> Result<Response, Failure> {
        let member = &visitor.session.member;
        let addresses = self.book.of::<Address>(member).await?;
        let cards = self.book.of::<Card>(member).await?;
        let page = json!({ "addresses": addresses, "cards": cards, "problem": problem });
        self.page(visitor, "account.html", page)
    }
}
