//! Behind the shop, for development: warehouse and carrier, sellers, payments, what Sekisho asked for.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::carrier::Move;
use crate::failure::Failure;
use crate::pages::{Fields, Visitor};
use crate::shop::Shop;
use crate::things::{Member, Message, Order};
use crate::{checkout, events, payments};

/// Messages that are shown.
const SHOWN: usize = 60;

pub(crate) fn router() -> Router<Arc<Shop>> {
    Router::new()
        .route("/backstage", get(look))
        .route("/backstage/orders/{id}", post(act))
        .route("/backstage/code", post(code))
        .route("/backstage/statements/{member}", get(statement))
}

async fn look(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    shop.backstage_page(&visitor, None).await
}

/// What an authenticator app with this secret shows now: a real phone does not know the story's time.
async fn code(
    State(shop): State<Arc<Shop>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Failure> {
    let secret: String = fields.text("secret").split_whitespace().collect();
    let code = shop.totp(&secret.to_uppercase())?;
    shop.backstage_page(&visitor, Some(code)).await
}

/// Something happens to an order: a parcel moves, somebody lets it go, the issuer disputes it.
async fn act(
    State(shop): State<Arc<Shop>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    match fields.text("do") {
        "release" => shop.let_go(&id).await?,
        "dispute" => shop.dispute(&id).await?,
        name => {
            let what = Move::named(name).ok_or(Failure::NotFound)?;
            shop.move_parcel(&id, fields.text("parcel"), what).await?;
        }
    }
    Ok(Redirect::to("/backstage").into_response())
}

/// A member's card statement, as their issuer's site would give it.
async fn statement(
    State(shop): State<Arc<Shop>>,
    Path(member): Path<String>,
) -> Result<Response, Failure> {
    let orders = shop.book.of::<Order>(&member).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"statement.csv\""),
    ];
    Ok((headers, payments::statement(&orders)).into_response())
}

impl Shop {
    async fn backstage_page(
        &self,
        visitor: &Visitor,
        code: Option<String>,
    ) -> Result<Response, Failure> {
        let orders: Vec<_> = self
            .book
            .all::<Order>()
            .await?
            .into_iter()
            .map(|order| {
                let refunded = order.payment.refunded();
                json!({ "amount": order.amount(), "refunded": refunded, "order": order })
            })
            .collect();
        let mut messages = self.book.all::<Message>().await?;
        messages.truncate(SHOWN);
        let messages: Vec<_> = messages
            .iter()
            .map(|one| {
                let about = ["order_id", "account_id"].iter().find_map(|name| one.data.get(name));
                json!({ "at": one.at, "kind": one.kind, "done": one.done, "about": about })
            })
            .collect();
        let members = self.book.all::<Member>().await?;
        let page = json!({
            "orders": orders, "messages": messages, "members": members, "code": code,
        });
        self.page(visitor, "backstage.html", page)
    }

    /// A held order may go: a person has looked, or Sekisho knows that it is the owner's.
    pub(crate) async fn let_go(&self, id: &str) -> Result<(), Failure> {
        let (member, now) = (self.holder_of(id).await?, self.clock.now());
        let let_go = self.book.change(id, |order: &mut Order, writing| {
            order.held = false;
            checkout::release_codes(order, &member, now, writing);
            Ok(())
        });
        let_go.await?.ok_or(Failure::NotFound)
    }

    /// The cardholder told their issuer, which disputes the payment.
    async fn dispute(&self, id: &str) -> Result<(), Failure> {
        let (member, now) = (self.holder_of(id).await?, self.clock.now());
        let disputed = self.book.change(id, |order: &mut Order, writing| {
            if !order.payment.disputed {
                order.payment.disputed = true;
                let sum = order.payment.amount;
                writing.tell(&events::paid("payment.disputed", now, &member, order, sum));
            }
            Ok(())
        });
        disputed.await?.ok_or(Failure::NotFound)
    }

    async fn holder_of(&self, order: &str) -> Result<Member, Failure> {
        let order: Order = self.book.one(order).await?;
        self.book.one(&order.member).await
    }
}
