//! What stands in a pack.

use domain::case::{Actor, Advice, Case, Did, OrderFacts, Step};
use serde::Serialize;
use serde_json::{Value, json};

use super::For;
use crate::audit::{actor, word};
use crate::cases::history::{History, OrderSeen, Parcel, Seen};
use crate::cases::{Message, Numbered, name_of};
use crate::evidence::kept::Item as File;
use crate::http::House;
use crate::http::cases::then_now::ThenNow;
use crate::http::problem::Problem;
use crate::restitution::Numbered as Restitution;
use crate::restitution::books::Books;
use crate::time::show;

/// Its shape, for whoever reads one later.
const FORMAT: &str = "sekisho-evidence-pack/1";

/// A pack's content. No number is a float, so that every reader writes the same bytes. A part that is
/// not for this reader is absent.
#[derive(Serialize)]
pub(super) struct Content {
    format: &'static str,
    id: String,
    #[serde(rename = "for")]
    whom: For,
    made_at: String,
    made_by: String,
    store: String,
    account_id: Option<String>,
    case: About,
    /// Everything of the same hands, oldest first.
    timeline: Vec<Event>,
    /// The profile before it began and when the pack was made, contacts hidden.
    profile: Vec<ThenNow>,
    orders: Vec<Order>,
    #[serde(skip_serializing_if = "Option::is_none")]
    books: Option<Books>,
    evidence: Vec<File>,
    steps: Vec<Done>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Value>,
    what_next: Vec<&'static str>,
}

/// The case in short.
#[derive(Serialize)]
struct About {
    id: String,
    number: String,
    state: String,
    level: &'static str,
    cause: Option<String>,
    opened_at: String,
    /// When it is taken to have begun, and why there.
    began_at: Option<String>,
    began_why: Option<String>,
    contained_at: Option<String>,
    recovered_at: Option<String>,
    decided_at: Option<String>,
    closed_at: Option<String>,
}

/// One event of the window.
#[derive(Serialize)]
struct Event {
    at: String,
    r#type: String,
    status: String,
    decision_id: String,
    /// Probability, at the time, that this was not the owner, in percent.
    score_percent: u32,
    country: Option<String>,
    asn: Option<u32>,
    /// The order that it is about.
    order_id: Option<String>,
    /// The event as the store told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<Value>,
}

/// An order of the window, or one that the reporter marked.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "as the API names it")]
struct Order {
    order_id: String,
    placed_at: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    lines: Value,
    /// Where it was sent: country and region, to the police all that the store told.
    ship_to: Value,
    /// Kind, last digits, and 3-D Secure's result, as the store told them.
    payment: Value,
    in_window: bool,
    mark: Option<String>,
    /// What was ruled, once that is final.
    ruling: Option<Value>,
    parcels: Vec<Parcel>,
    refunds: Vec<Value>,
    /// Placed from a device, and sent to an address, that the account had used before.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<Value>,
}

/// A step of the case.
#[derive(Serialize)]
struct Done {
    at: String,
    by: String,
    did: String,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Who did it, as this reader is told: colleagues have names for the police alone.
fn by_whom(by: &Actor, whom: For) -> String {
    match by {
        Actor::Agent(_) | Actor::Supervisor(_) if whom != For::Police => "desk".to_owned(),
        by => actor(by).to_owned(),
    }
}

impl About {
    fn of(one: &Numbered, began: Option<(String, String)>) -> Self {
        let case: &Case = &one.kept.case;
        let (began_at, began_why) = began.unzip();
        Self {
            id: crate::id::show("cas", one.id),
            number: one.kept.number.clone(),
            state: word(&case.state),
            level: name_of(case.level()),
            cause: case.cause.as_ref().map(word),
            opened_at: show(case.opened_at),
            began_at,
            began_why,
            contained_at: case.contained_at.map(show),
            recovered_at: case.recovered_at.map(show),
            decided_at: case.decided_at.map(show),
            closed_at: case.closed_at.map(show),
        }
    }
}

impl Event {
    fn of(seen: &Seen, whom: For) -> Self {
        let happened = &seen.happened;
        Self {
            at: show(happened.at),
            r#type: word(&happened.kind),
            status: word(&happened.status),
            decision_id: crate::id::show("dec", seen.decision),
            score_percent: percent(happened.score),
            country: seen.country.map(|country| String::from_utf8_lossy(&country.0).into_owned()),
            asn: seen.asn,
            order_id: seen.heard.order_id().map(str::to_owned),
            told: (whom == For::Police).then(|| whole(&seen.event())),
        }
    }
}

/// A probability in whole percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a probability times a hundred, rounded"
)]
fn percent(score: f64) -> u32 {
    (score.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// The same without floats, which not every reader writes alike: they become text.
fn whole(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => number.to_string().into(),
        Value::Array(items) => items.iter().map(whole).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), whole(value))).collect()
        }
        plain => plain.clone(),
    }
}

impl Done {
    fn of(step: &Step, whom: For) -> Self {
        let own = step.by == Actor::Reporter || step.did == Did::Packed;
        Self {
            at: show(step.at),
            by: by_whom(&step.by, whom),
            did: word(&step.did),
            to: word(&step.to),
            reason: step.reason.clone().filter(|_| own || whom == For::Police),
        }
    }
}

impl Order {
    fn of(
        seen: Option<(&OrderSeen, &Seen, bool)>,
        id: &str,
        case: &Case,
        made: &[Restitution],
        (whom, facts): (For, Option<OrderFacts>),
    ) -> Self {
        let place: &[&str] = match whom {
            For::Police => &["country", "region", "postcode", "address_id"],
            For::Owner | For::Issuer => &["country", "region"],
        };
        let order = seen.map(|(order, ..)| order);
        let event = seen.map_or(Value::Null, |(_, seen, _)| seen.event());
        let told = |pointer: &str, names: &[&str]| {
            event.pointer(pointer).map_or(Value::Null, |value| only(value, names))
        };
        let ruled = case.rulings.get(id).filter(|ruled| ruled.is_final());
        let refunds = made.iter().filter(|one| one.kept.restitution.order == id);
        let refunds = refunds.flat_map(|one| &one.kept.restitution.refunds);
        Self {
            order_id: id.to_owned(),
            placed_at: order.map(|order| show(order.placed_at)),
            amount: order.map(|order| order.amount),
            currency: order.map(|order| order.currency.clone()),
            lines: told(
                "/order/lines",
                &["title", "category", "quantity", "unit_amount", "kind", "seller_id"],
            ),
            ship_to: told("/order/ship_to", place),
            payment: told("/order/payment", &["kind", "last4", "stored", "three_ds"]),
            in_window: seen.is_some_and(|(_, _, in_window)| in_window),
            mark: case.marks.get(id).map(word),
            ruling: ruled.map(|ruled| json!(ruled.ruling.outcome)),
            parcels: order.map(|order| order.parcels.clone()).unwrap_or_default(),
            refunds: refunds
                .map(|refund| {
                    let state = json!(refund.state);
                    json!({ "amount": refund.amount, "state": state.get("state") })
                })
                .collect(),
            compared: facts.map(
                |facts| json!({ "own_device": facts.own_device, "own_address": facts.own_address }),
            ),
        }
    }
}

/// These fields of an object, or of every object of an array, and no others.
fn only(value: &Value, names: &[&str]) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| only(item, names)).collect(),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| names.contains(&key.as_str()));
            kept.map(|(key, value)| (key.clone(), whole(value))).collect()
        }
        _ => Value::Null,
    }
}

fn message(message: &Message, whom: For) -> Value {
    let by = match &message.agent {
        Some(name) if whom == For::Police => name.as_str(),
        Some(_) => "desk",
        None => "reporter",
    };
    json!({ "at": show(message.at), "by": by, "text": message.text })
}

impl House {
    pub(super) async fn pack_content(
        &self,
        one: &Numbered,
        id: u128,
        whom: For,
        by: &Actor,
    ) -> Result<Content, Problem> {
        let now = self.world.now();
        let case = &one.kept.case;
        let account = case.account.ok_or_else(|| Problem::not_found("account of the case"))?;
        let history = self.history(account).await?;
        let (window, start) = self.window_of(one, &history);
        let made = self.restitutions(one).await?;
        let view = self.case_view(one, now).await?;
        let restitutions: Vec<_> = made.iter().map(|one| &one.kept.restitution).collect();
        let order = |order: &OrderSeen| {
            let in_window = window.events.binary_search(&order.place).is_ok();
            let seen = history.0.get(order.place).map(|seen| (order, seen, in_window));
            let facts = (whom != For::Owner).then(|| history.facts(order, &window, 0));
            Order::of(seen, &order.id, case, &made, (whom, facts))
        };
        let known = orders_of(&history, &window.events, case);
        let unknown = case.marks.keys().filter(|id| !known.iter().any(|order| order.id == **id));
        let unknown = unknown.map(|id| Order::of(None, id, case, &made, (whom, None)));
        let event = |place: &usize| history.0.get(*place).map(|seen| Event::of(seen, whom));
        Ok(Content {
            format: FORMAT,
            id: crate::id::show("pck", id),
            whom,
            made_at: show(now),
            made_by: by_whom(by, whom),
            store: self.config.said.text("store-name").to_owned(),
            account_id: one.kept.account_name.clone(),
            case: About::of(one, Some((show(start), word(&window.why)))),
            timeline: window.events.iter().filter_map(event).collect(),
            profile: view.profile,
            orders: known.iter().map(order).chain(unknown).collect(),
            books: (whom != For::Owner).then(|| Books::of(&made)),
            evidence: one.kept.evidence.clone(),
            steps: case.steps.iter().map(|step| Done::of(step, whom)).collect(),
            messages: if whom == For::Issuer {
                Vec::new()
            } else {
                one.kept.messages.iter().map(|one| message(one, whom)).collect()
            },
            what_next: case.handover(&restitutions, now).into_iter().map(Advice::name).collect(),
        })
    }
}

/// Orders of the window, and those that the reporter marked.
fn orders_of(history: &History, theirs: &[usize], case: &Case) -> Vec<OrderSeen> {
    let mut orders = history.orders();
    orders.retain(|order| {
        theirs.binary_search(&order.place).is_ok() || case.marks.contains_key(&order.id)
    });
    orders
}
