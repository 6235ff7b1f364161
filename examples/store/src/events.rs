//! What the store tells Sekisho: events, as its API describes them.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::things::{Address, Card, From, Member, Order, Parcel};

/// What every event of a member says.
fn base(kind: &str, id: &str, at: Timestamp, member: &Member, from: Option<&From>) -> Value {
    let mut event = json!({
        "event_id": format!("{kind}:{id}"), "type": kind, "status": "succeeded",
        "occurred_at": at.to_string(),
        "account": { "id": member.id, "email": member.mail },
    });
    if let (Some(from), Some(event)) = (from, event.as_object_mut()) {
        event.insert("session".to_owned(), json!({ "id": from.session }));
        event.insert(
            "context".to_owned(),
            json!({ "ip": from.ip, "user_agent": from.user_agent, "device_token": from.device }),
        );
    }
    event
}

fn with(mut event: Value, name: &str, value: Value) -> Value {
    if let Some(event) = event.as_object_mut() {
        event.insert(name.to_owned(), value);
    }
    event
}

/// Somebody has come back signed in. That Sekisho let them in it knows; that they are here, and on
/// which device of ours, it does not.
pub(crate) fn arrived(at: Timestamp, member: &Member, from: &From) -> Value {
    let event = base("custom.arrived", &from.session, at, member, Some(from));
    with(event, "status", json!("succeeded"))
}

pub(crate) fn address_added(at: Timestamp, member: &Member, from: &From, new: &Address) -> Value {
    let event = base("profile.address_added", &new.id, at, member, Some(from));
    with(event, "change", json!({ "field": "address", "new": new.id }))
}

pub(crate) fn card_added(at: Timestamp, member: &Member, from: &From, card: &Card) -> Value {
    let event = base("payment_method.added", &card.id, at, member, Some(from));
    with(event, "payment", payment(card, true))
}

pub(crate) fn card_removed(at: Timestamp, member: &Member, from: &From, card: &Card) -> Value {
    let event = base("payment_method.removed", &card.id, at, member, Some(from));
    with(event, "payment", payment(card, true))
}

/// The question before an order is taken.
pub(crate) fn order_asked(at: Timestamp, member: &Member, order: &Order) -> Value {
    let event = base("order.placed", &order.id, at, member, Some(&order.from));
    with(with(event, "status", json!("attempted")), "order", order_of(order))
}

/// The order was taken although Sekisho did not answer.
pub(crate) fn order_taken_alone(at: Timestamp, member: &Member, order: &Order) -> Value {
    let event = base("order.placed", &order.id, at, member, Some(&order.from));
    with(with(event, "degraded", json!(true)), "order", order_of(order))
}

pub(crate) fn order_cancelled(at: Timestamp, member: &Member, order: &Order) -> Value {
    let event = base("order.cancelled", &order.id, at, member, None);
    with(event, "order", json!({ "id": order.id, "amount": order.amount(), "currency": "JPY" }))
}

/// `payment.authorised`, `.captured`, `.refunded`, `.disputed`.
pub(crate) fn paid(kind: &str, at: Timestamp, member: &Member, order: &Order, sum: i64) -> Value {
    let id = format!("{}:{sum}", order.payment.id);
    let from = (kind == "payment.authorised").then_some(&order.from);
    let event = base(kind, &id, at, member, from);
    let mut payment = payment(&order.card, !order.card_reentered);
    payment = with(payment, "order_id", json!(order.id));
    let event = with(with(event, "payment", payment), "amount", json!(sum));
    with(event, "currency", json!("JPY"))
}

/// `shipment.created`, `.in_transit`, `.delivered`, `.returned`.
pub(crate) fn shipment(
    kind: &str,
    at: Timestamp,
    member: &Member,
    order: &Order,
    parcel: &Parcel,
) -> Value {
    let event = base(kind, &parcel.id, at, member, None);
    let shipment = json!({
        "id": parcel.id, "order_id": order.id, "carrier": crate::carrier::NAME,
        "tracking_number": parcel.tracking,
    });
    with(event, "shipment", shipment)
}

fn payment(card: &Card, stored: bool) -> Value {
    json!({
        "kind": card.kind, "token": card.id, "fingerprint": format!("fp_{}", card.id),
        "stored": stored, "last4": card.last4,
    })
}

fn order_of(order: &Order) -> Value {
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| {
            json!({
                "sku": line.sku, "title": line.title, "category": line.category,
                "quantity": line.quantity, "unit_amount": line.unit_amount, "kind": line.kind,
                "seller_id": line.seller,
            })
        })
        .collect();
    let ship_to = order.address.as_ref().map(|address| {
        json!({ "address_id": address.id, "country": "JP", "postcode": address.postcode })
    });
    json!({
        "id": order.id, "amount": order.amount(), "currency": "JPY", "lines": lines,
        "ship_to": ship_to, "payment": payment(&order.card, !order.card_reentered),
    })
}

/// An order as a restitution wants to know it: how it was paid and how it is sent.
pub(crate) fn facts(order: &Order) -> Value {
    use crate::things::ParcelState as State;
    let parcels: Vec<Value> = order
        .parcels
        .iter()
        .map(|parcel| {
            let state = match parcel.state {
                // Nothing was taken yet for what has not left.
                State::Unshipped | State::CodeWaiting if !order.payment.captured => {
                    "not_authorised"
                }
                State::Unshipped | State::Cancelled => "unshipped",
                State::InTransit => "in_transit",
                State::Delivered => "delivered",
                State::Returned => "returned",
                State::CodeWaiting | State::CodeSent | State::CodeRedeemed | State::CodeRevoked => {
                    "digital"
                }
            };
            json!({
                "id": parcel.id, "state": state, "carrier": crate::carrier::NAME,
                "tracking_number": parcel.tracking, "seller": parcel.seller,
                "redeemed": parcel.state == State::CodeRedeemed,
            })
        })
        .collect();
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| {
            let amount = line.unit_amount * i64::from(line.quantity);
            json!({
                "id": line.id, "parcel": line.parcel,
                "shares": [{ "component": "item", "amount": amount, "payment": order.payment.id }],
            })
        })
        .collect();
    json!({
        "agent": "store", "order_id": order.id, "currency": "JPY",
        "payments": [{
            "id": order.payment.id, "kind": order.card.kind,
            "captured": if order.payment.captured { order.payment.amount } else { 0 },
            "refunded": order.payment.refunded(), "disputed": order.payment.disputed,
        }],
        "lines": lines, "parcels": parcels,
    })
}
