//! From the cart to the order. Every order is asked about before it is taken, and what Sekisho says
//! is obeyed: asked for a proof, taken and held, or refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::book::Writing;
use crate::clock::token;
use crate::failure::Failure;
use crate::pages::{Fields, Visitor};
use crate::sekisho::Decision;
use crate::shelf;
use crate::shop::Shop;
use crate::things::{
    Address, Card, Line, Member, Order, Parcel, ParcelState, Payment, Session, Waiting,
};
use crate::words::Language;
use crate::{events, payments};

/// Most of one thing in a cart.
const QUANTITY_MAX: u32 = 20;

pub(crate) fn router() -> Router<Arc<Shop>> {
    Router::new()
        .route("/cart", get(cart).post(put_in))
        .route("/checkout", get(checkout).post(order))
        .route("/proved", get(proved))
}

/// A line of the cart as it is shown.
#[derive(Serialize)]
struct InCart {
    sku: &'static str,
    title: &'static str,
    quantity: u32,
    sum: i64,
}

async fn cart(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    let lines = in_cart(&visitor);
    let total: i64 = lines.iter().map(|line| line.sum).sum();
    shop.page(&visitor, "cart.html", json!({ "lines": lines, "total": total }))
}

fn in_cart(visitor: &Visitor) -> Vec<InCart> {
    let lines = visitor.session.cart.iter().filter_map(|(sku, quantity)| {
        let goods = shelf::find(sku)?;
        let (title, quantity) = (goods.title(visitor.language), *quantity);
        Some(InCart { sku: goods.sku, title, quantity, sum: goods.price * i64::from(quantity) })
    });
    lines.collect()
}

/// Puts something in, or takes it out with a quantity of 0.
async fn put_in(
    State(shop): State<Arc<Shop>>,
    mut visitor: Visitor,
    fields: Fields,
) -> Result<Response, Failure> {
    let goods = shelf::find(fields.text("sku")).ok_or(Failure::NotFound)?;
    let quantity = fields.text("quantity").parse().ok().filter(|many| *many <= QUANTITY_MAX);
    let quantity: u32 =
        quantity.ok_or_else(|| Failure::Bad(format!("quantity: 0 to {QUANTITY_MAX}")))?;
    if quantity == 0 {
        visitor.session.cart.remove(goods.sku);
    } else {
        visitor.session.cart.insert(goods.sku.to_owned(), quantity);
    }
    shop.book.put(&visitor.session).await?;
    Ok(crate::pages::with_cookie(&visitor, Redirect::to("/cart").into_response()))
}

/// What the checkout page shows besides the cart.
#[derive(Serialize)]
struct CheckoutPage {
    lines: Vec<InCart>,
    total: i64,
    addresses: Vec<Address>,
    cards: Vec<Card>,
    ships: bool,
    /// Text key of what is asked for, or was refused.
    problem: Option<&'static str>,
}

impl Shop {
    async fn checkout_page(
        &self,
        visitor: &Visitor,
        problem: Option<&'static str>,
    ) -> Result<Response, Failure> {
        let lines = in_cart(visitor);
        let goods = visitor.session.cart.keys().filter_map(|sku| shelf::find(sku));
        let page = CheckoutPage {
            total: lines.iter().map(|line| line.sum).sum(),
            ships: goods.into_iter().any(|goods| goods.kind == "physical"),
            lines,
            addresses: self.book.of(&visitor.session.member).await?,
            cards: self.book.of(&visitor.session.member).await?,
            problem,
        };
        self.page(visitor, "checkout.html", page)
    }
}

async fn checkout(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    match visitor.signed_in() {
        Ok(_) if visitor.session.cart.is_empty() => Ok(Redirect::to("/cart").into_response()),
        Ok(_) => shop.checkout_page(&visitor, None).await,
        Err(away) => Ok(away),
    }
}

async fn order(
    State(shop): State<Arc<Shop>>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Failure> {
    let member = match visitor.signed_in() {
        Ok(member) => member.clone(),
        Err(away) => return Ok(away),
    };
    let order = match shop.draft(&visitor, &member, &fields).await? {
        Ok(order) => order,
        Err(problem) => return shop.checkout_page(&visitor, Some(problem)).await,
    };
    shop.decide(visitor, member, order).await
}

/// Back from the page where the order was proved.
async fn proved(
    State(shop): State<Arc<Shop>>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let said = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let waiting = visitor.session.waiting.clone().filter(|one| one.challenge == said("challenge"));
    let (Some(waiting), Ok(member)) = (waiting, visitor.signed_in()) else {
        return Ok(Redirect::to("/cart").into_response());
    };
    let path = format!("/v1/challenges/{}/spend", waiting.challenge);
    let proof = json!({ "code": said("code"), "action": waiting.action });
    if shop.sekisho.call(&path, &proof).await.is_err() {
        return shop.checkout_page(&visitor, Some("checkout-not-proved")).await;
    }
    let member = member.clone();
    shop.take(visitor, &member, waiting.order).await
}

#[derive(Deserialize)]
struct Challenge {
    id: String,
    url: String,
}

impl Shop {
    /// The order as it would be; the text key of what is missing.
    async fn draft(
        &self,
        visitor: &Visitor,
        member: &Member,
        fields: &Fields,
    ) -> Result<Result<Order, &'static str>, Failure> {
        let now = self.now_us();
        let typed = fields.text("card_number");
        let card = if typed.is_empty() {
            self.book.find::<Card>(fields.text("card")).await?
        } else {
            payments::tokenised(typed, &member.id, now)
        };
        let Some(card) = card.filter(|card| card.member == member.id) else {
            return Ok(Err("checkout-no-card"));
        };
        let reentered = !typed.is_empty();
        if !reentered && member.holds.iter().any(|hold| hold == "stored_card") {
            return Ok(Err("checkout-card-again"));
        }
        let address = self.book.find::<Address>(fields.text("address")).await?;
        let address = address.filter(|address| address.member == member.id);
        let id = format!("250-{}", token().get(..12).unwrap_or_default());
        let (lines, parcels) = packed(&id, visitor, now);
        if address.is_none() && parcels.iter().any(|one| one.state == ParcelState::Unshipped) {
            return Ok(Err("checkout-no-address"));
        }
        let amount = lines.iter().map(|line| line.unit_amount * i64::from(line.quantity)).sum();
        let payment = Payment {
            id: format!("pay_{}", token()),
            amount,
            captured: false,
            disputed: false,
            refunds: BTreeMap::new(),
        };
        Ok(Ok(Order {
            id,
            member: member.id.clone(),
            placed_at: now,
            lines,
            address,
            card,
            card_reentered: reentered,
            parcels,
            payment,
            held: false,
            decision: None,
            verdict: String::new(),
            from: visitor.from(),
        }))
    }

    /// Asks Sekisho about an order, and obeys.
    async fn decide(
        &self,
        mut visitor: Visitor,
        member: Member,
        mut order: Order,
    ) -> Result<Response, Failure> {
        let event = events::order_asked(self.clock.now(), &member, &order);
        let Some(said) = self.sekisho.decide(&event, member.unguarded).await else {
            // Nobody says that it is wrong, and nobody that it is right: taken, and held for a look.
            (order.held, order.verdict) = (true, "unanswered".to_owned());
            return self.take(visitor, &member, order).await;
        };
        (order.decision, order.verdict) = (said.id.clone(), said.verdict.clone());
        tracing::info!(order = order.id, verdict = said.verdict, score = said.score, "asked");
        if member.unguarded {
            return self.take(visitor, &member, order).await;
        }
        order.held = said.verdict == "review" || said.obliges("hold_fulfillment");
        match said.verdict.as_str() {
            "allow" | "review" => self.take(visitor, &member, order).await,
            "challenge" if said.obliges("require:card_reentry") && !order.card_reentered => {
                self.checkout_page(&visitor, Some("checkout-card-again")).await
            }
            "challenge" => match self.challenge(&member, &order, (&said, visitor.language)).await {
                Ok((Challenge { id, url }, action)) => {
                    visitor.session.waiting = Some(Waiting { order, challenge: id, action });
                    self.book.put(&visitor.session).await?;
                    Ok(Redirect::to(&url).into_response())
                }
                Err(error) => {
                    tracing::warn!(%error, "an order cannot be proved");
                    self.checkout_page(&visitor, Some("checkout-refused")).await
                }
            },
            _ => self.checkout_page(&visitor, Some("checkout-refused")).await,
        }
    }

    async fn challenge(
        &self,
        member: &Member,
        order: &Order,
        (said, language): (&Decision, Language),
    ) -> Result<(Challenge, String), Failure> {
        let values = [("id", order.id.clone()), ("amount", crate::pages::yen(order.amount()))];
        let values = values.map(|(name, value)| (name.to_owned(), value));
        let action = self.pages.words.say(language, "checkout-action", &values);
        let wanted = json!({
            "account_id": member.id, "action": action, "decision_id": said.id,
            "return_url": format!("{}/proved", self.settings.public_url),
        });
        let made = self.sekisho.call("/v1/challenges", &wanted).await?;
        Ok((serde_json::from_value(made)?, action))
    }

    /// Takes an order: the card is authorised, codes are sent, boxes are packed. A held one waits.
    async fn take(
        &self,
        mut visitor: Visitor,
        member: &Member,
        mut order: Order,
    ) -> Result<Response, Failure> {
        let (now, mut writing) = (self.clock.now(), Writing::default());
        if order.verdict == "unanswered" {
            writing.tell(&events::order_taken_alone(now, member, &order));
        }
        let sum = order.payment.amount;
        writing.tell(&events::paid("payment.authorised", now, member, &order, sum));
        if let Some(decision) = &order.decision {
            let told = json!({ "outcome": "completed", "source": "customer" });
            writing.call(&format!("/v1/decisions/{decision}/outcome"), &told);
        }
        if order.card.kind == "debit_card" {
            payments::capture(&mut order, member, now, &mut writing);
        }
        for parcel in order.parcels.iter().filter(|one| one.state == ParcelState::Unshipped) {
            writing.tell(&events::shipment("shipment.created", now, member, &order, parcel));
        }
        if !order.held {
            release_codes(&mut order, member, now, &mut writing);
        }
        visitor.session.cart.clear();
        visitor.session.waiting = None;
        writing.put(&order)?;
        writing.put::<Session>(&visitor.session)?;
        self.book.write(writing).await?;
        Ok(Redirect::to(&format!("/orders/{}", order.id)).into_response())
    }
}

/// Sends the gift codes of an order that nobody holds; what is sent is also charged.
pub(crate) fn release_codes(
    order: &mut Order,
    member: &Member,
    now: jiff::Timestamp,
    writing: &mut Writing,
) {
    let (mut sent, at) = (false, now.as_microsecond());
    for parcel in &mut order.parcels {
        if parcel.state == ParcelState::CodeWaiting {
            (parcel.state, parcel.since, sent) = (ParcelState::CodeSent, at, true);
        }
    }
    if sent {
        payments::capture(order, member, now, writing);
    }
}

/// The cart as lines in parcels: one box a seller, and every gift code by itself.
fn packed(order: &str, visitor: &Visitor, now: i64) -> (Vec<Line>, Vec<Parcel>) {
    let (mut lines, mut parcels) = (Vec::new(), Vec::<Parcel>::new());
    for (sku, quantity) in &visitor.session.cart {
        let Some(goods) = shelf::find(sku) else { continue };
        let is_code = goods.kind == "gift_card";
        let (times, quantity) = if is_code { (*quantity, 1) } else { (1, *quantity) };
        for _ in 0..times {
            let seller = goods.seller.map(str::to_owned);
            let same = |parcel: &&Parcel| !is_code && parcel.is_box() && parcel.seller == seller;
            let id = parcels.iter().find(same).map(|parcel| parcel.id.clone());
            let id = id.unwrap_or_else(|| {
                let id = format!("{order}-s{}", parcels.len() + 1);
                let state = if is_code { ParcelState::CodeWaiting } else { ParcelState::Unshipped };
                let tracking = format!("4{:011}", now.rem_euclid(10_i64.pow(11)));
                parcels.push(Parcel {
                    id: id.clone(),
                    seller: seller.clone(),
                    tracking,
                    state,
                    since: now,
                    restitution: None,
                    asked: None,
                });
                id
            });
            lines.push(Line {
                id: format!("{order}-l{}", lines.len() + 1),
                sku: goods.sku.to_owned(),
                title: goods.title(visitor.language).to_owned(),
                category: goods.category.to_owned(),
                kind: goods.kind.to_owned(),
                quantity,
                unit_amount: goods.price,
                seller,
                parcel: id,
            });
        }
    }
    (lines, parcels)
}
