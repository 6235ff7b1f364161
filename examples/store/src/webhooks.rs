//! What Sekisho asks of the store: checked, taken once, done at once, and answered.
//!
//! Standard Webhooks 1.0: an id, a time and a signature over both and the body. The id is kept, so
//! that the same message again does nothing (T13).

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use subtle::ConstantTimeEq as _;

use crate::book::Writing;
use crate::failure::Failure;
use crate::shop::Shop;
use crate::things::{Asked, Member, Message, Order, ParcelState, Session};
use crate::{carrier, events, payments};

/// Seconds that a message may be on its way.
const TOLERANCE: i64 = 5 * 60;

pub(crate) fn router() -> Router<Arc<Shop>> {
    Router::new().route("/webhooks", post(hear))
}

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    data: Value,
}

async fn hear(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let Some(id) = shop.genuine(&headers, &body) else {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    };
    let told: Told = serde_json::from_slice(&body)
        .map_err(|error| Failure::Bad(format!("a webhook: {error}")))?;
    let message = Message {
        id,
        at: shop.now_us(),
        kind: told.kind.clone(),
        data: told.data.clone(),
        done: String::new(),
    };
    // Only what was done is not done again: after a crash in between the next try does it, and every
    // request can be done twice.
    let before = shop.book.find::<Message>(&message.id).await?;
    if before.is_none() {
        let done = shop.obey(&told).await?;
        shop.book.put(&Message { done, ..message }).await?;
    }
    Ok(StatusCode::OK.into_response())
}

impl Shop {
    /// The message's id, where its signature and its time hold.
    fn genuine(&self, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (id, signed) = (said("webhook-id")?, said("webhook-signature")?);
        let at: i64 = said("webhook-timestamp")?.parse().ok()?;
        if (self.clock.now().as_second() - at).abs() > TOLERANCE {
            return None;
        }
        let secret = Webhook::new(&self.settings.webhook_secret).ok()?;
        let right = secret.sign(id, at, body).ok()?;
        // Two signatures stand there while a secret is changed.
        let matches = |one: &str| bool::from(one.as_bytes().ct_eq(right.as_bytes()));
        signed.split(' ').any(matches).then(|| id.to_owned())
    }

    /// Does what is asked; says what was done.
    async fn obey(&self, told: &Told) -> Result<String, Failure> {
        let text = |name: &str| told.data.get(name).and_then(Value::as_str).unwrap_or_default();
        let (account, order) = (text("account_id"), text("order_id"));
        match told.kind.as_str() {
            "order.hold_requested" => self.hold(order).await,
            "order.cancel_requested" => self.cancel(order, &told.data).await,
            "gift_card.revoke_requested" => self.revoke(order, &told.data).await,
            "refund.requested" => self.refund(order, &told.data).await,
            "shipment.intercept_requested" => self.call_back(order, &told.data).await,
            "seller.return_requested" => self.ask_seller(order, &told.data).await,
            "sessions.revoked" => self.end_sessions(account).await,
            "account.locked" => self.restrict(account, &told.data, "holds").await,
            "account.restricted" => self.restrict(account, &told.data, "restrictions").await,
            "account.released" => self.release(account, &told.data).await,
            "order.released" => self.free(order).await,
            "incident.decided" => self.plan(&told.data).await,
            _ => Ok("noted".to_owned()),
        }
    }

    async fn hold(&self, order: &str) -> Result<String, Failure> {
        let held = self.book.change(order, |order: &mut Order, _| {
            order.held = true;
            Ok(())
        });
        Ok(done(held.await?.is_some(), "held"))
    }

    async fn free(&self, order: &str) -> Result<String, Failure> {
        let known = self.book.find::<Order>(order).await?.is_some();
        if known {
            self.let_go(order).await?;
        }
        Ok(done(known, "released"))
    }

    /// Cancels what has not left: one parcel where one is named, or all.
    async fn cancel(&self, order: &str, data: &Value) -> Result<String, Failure> {
        let (restitution, only) = (text(data, "restitution_id"), text(data, "shipment_id"));
        let Some(kept) = self.book.find::<Order>(order).await? else { return Ok(done(false, "")) };
        let member: Member = self.book.one(&kept.member).await?;
        let now = self.clock.now();
        let cancelled = self.book.change(order, |order: &mut Order, writing| {
            let mut count = 0;
            for parcel in &mut order.parcels {
                if only.is_some_and(|only| only != parcel.id) {
                    continue;
                }
                let waits = matches!(
                    parcel.state,
                    ParcelState::Unshipped | ParcelState::CodeWaiting | ParcelState::Cancelled
                );
                let step = if waits {
                    (parcel.state, parcel.since) = (ParcelState::Cancelled, now.as_microsecond());
                    count += 1;
                    json!({ "do": "cancelled" })
                } else {
                    // The race is lost: it has left.
                    json!({ "do": "seen", "state": "in_transit" })
                };
                answer(writing, restitution, &parcel.id, step);
            }
            if order.is_cancelled() {
                writing.tell(&events::order_cancelled(now, &member, order));
            }
            Ok(count)
        });
        Ok(format!("cancelled {}", cancelled.await?.unwrap_or(0)))
    }

    /// Makes codes worthless that nobody has used: one where one is named, or all.
    async fn revoke(&self, order: &str, data: &Value) -> Result<String, Failure> {
        let (restitution, only) = (text(data, "restitution_id"), text(data, "shipment_id"));
        let now = self.now_us();
        let revoked = self.book.change(order, |order: &mut Order, writing| {
            let mut count = 0;
            for parcel in order.parcels.iter_mut().filter(|parcel| !parcel.is_box()) {
                if only.is_some_and(|only| only != parcel.id) {
                    continue;
                }
                if matches!(parcel.state, ParcelState::CodeSent | ParcelState::CodeWaiting) {
                    (parcel.state, parcel.since) = (ParcelState::CodeRevoked, now);
                    count += 1;
                }
                let revoked = parcel.state == ParcelState::CodeRevoked;
                let step = json!({ "do": "code_answered", "revoked": revoked });
                answer(writing, restitution, &parcel.id, step);
            }
            Ok(count)
        });
        Ok(format!("revoked {}", revoked.await?.unwrap_or(0)))
    }

    /// Gives money back, to the payment it came from, and says how it went.
    async fn refund(&self, order: &str, data: &Value) -> Result<String, Failure> {
        let key = text(data, "idempotency_key").unwrap_or_default();
        let amount = data.get("amount").and_then(Value::as_i64).unwrap_or_default();
        let id = text(data, "refund_id").unwrap_or_default();
        let kept = self.book.find::<Order>(order).await?;
        let Some(kept) = kept else { return Ok(done(false, "")) };
        let member: Member = self.book.one(&kept.member).await?;
        let now = self.clock.now();
        let ended = self.book.change(order, |order: &mut Order, writing| {
            let ended = payments::refund(order, key, amount);
            let reference = format!("{}-{}", order.payment.id, order.payment.refunds.len());
            let result = json!({ "result": ended.name(), "reference": reference });
            writing.call(&format!("/v1/refunds/{id}/result"), &result);
            if ended == payments::Refunded::Succeeded {
                writing.tell(&events::paid("payment.refunded", now, &member, order, amount));
            }
            Ok(ended.name())
        });
        Ok(ended.await?.unwrap_or("unknown order").to_owned())
    }

    /// The carrier is asked to bring a parcel back to us.
    async fn call_back(&self, order: &str, data: &Value) -> Result<String, Failure> {
        let (restitution, id) = (text(data, "restitution_id"), text(data, "shipment_id"));
        let (id, now) = (id.unwrap_or_default(), self.clock.now());
        let said = self.book.change(order, |order: &mut Order, writing| {
            let said = carrier::call_back(order, id, now);
            if let Some(parcel) = order.parcel(id) {
                parcel.restitution = restitution.map(str::to_owned);
                parcel.asked = (said == "accepted").then_some(Asked::Carrier);
            }
            let step = json!({ "do": "carrier_answered", "answer": said });
            answer(writing, restitution, id, step);
            Ok(said)
        });
        Ok(format!("the carrier: {}", said.await?.unwrap_or("unknown order")))
    }

    /// The seller finds the request in their own list, and answers when they like.
    async fn ask_seller(&self, order: &str, data: &Value) -> Result<String, Failure> {
        let (restitution, id) = (text(data, "restitution_id"), text(data, "shipment_id"));
        let asked = self.book.change(order, |order: &mut Order, _| {
            let parcel = order.parcel(id.unwrap_or_default());
            Ok(parcel.map(|parcel| {
                parcel.restitution = restitution.map(str::to_owned);
                parcel.asked = Some(Asked::Seller);
            }))
        });
        Ok(done(asked.await?.flatten().is_some(), "the seller is asked"))
    }

    async fn end_sessions(&self, account: &str) -> Result<String, Failure> {
        let sessions = self.book.of::<Session>(account).await?;
        for session in &sessions {
            self.book.remove::<Session>(&session.id).await?;
        }
        Ok(format!("ended {}", sessions.len()))
    }

    async fn restrict(&self, account: &str, data: &Value, field: &str) -> Result<String, Failure> {
        let all = data.get(field).and_then(Value::as_array).into_iter().flatten();
        let all = all.filter_map(Value::as_str);
        let holds: Vec<String> =
            all.map(|one| one.trim_start_matches("restrict:").to_owned()).collect();
        let said = holds.join(", ");
        let held = self.book.change(account, |member: &mut Member, _| {
            member.holds.extend(holds);
            member.holds.sort();
            member.holds.dedup();
            Ok(())
        });
        Ok(done(held.await?.is_some(), &format!("holds: {said}")))
    }

    async fn release(&self, account: &str, data: &Value) -> Result<String, Failure> {
        let lifted = data.get("lifted").and_then(Value::as_array).into_iter().flatten();
        let lifted = lifted.filter_map(|one| Some(one.as_str()?.trim_start_matches("restrict:")));
        let lifted: Vec<&str> = lifted.collect();
        let released = self.book.change(account, |member: &mut Member, _| {
            member.holds.retain(|hold| !lifted.contains(&hold.as_str()));
            Ok(())
        });
        Ok(done(released.await?.is_some(), "released"))
    }

    /// A case is decided: for every order that is made whole Sekisho is told how it was paid and
    /// where its parcels are.
    async fn plan(&self, data: &Value) -> Result<String, Failure> {
        let case = text(data, "case_id").unwrap_or_default();
        let orders = data.get("orders").and_then(Value::as_array).into_iter().flatten();
        let (mut writing, mut count) = (Writing::default(), 0);
        for ruled in orders {
            let outcome = ruled.pointer("/ruling/outcome").and_then(Value::as_str);
            if !matches!(outcome, Some("refund" | "settled_by_issuer")) {
                continue;
            }
            let id = text(ruled, "order_id").unwrap_or_default();
            if let Some(order) = self.book.find::<Order>(id).await? {
                let path = format!("/v1/cases/{case}/restitutions");
                writing.call(&path, &events::facts(&order));
                count += 1;
            }
        }
        self.book.write(writing).await?;
        Ok(format!("told of {count} orders"))
    }
}

fn text<'a>(data: &'a Value, name: &str) -> Option<&'a str> {
    data.get(name).and_then(Value::as_str)
}

fn done(found: bool, what: &str) -> String {
    if found { what.to_owned() } else { "unknown here".to_owned() }
}

/// A step that a restitution waits for; nothing where none asked.
fn answer(writing: &mut Writing, restitution: Option<&str>, parcel: &str, step: Value) {
    if let Some(restitution) = restitution {
        writing.step(restitution, parcel, step);
    }
}
