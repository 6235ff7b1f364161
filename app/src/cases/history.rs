//! An account's history as a case looks at it: what happened, whose hands they were, which orders
//! and parcels there are, and what was true when.

use std::collections::BTreeMap;

use domain::account::State as Standing;
use domain::case::{Anchor, Claim, Dated, Happened, OrderFacts, Window, window};
use domain::event::{EventType, Status};
use domain::keyed::AccountKey;
use domain::member::{ContactKind, Member};
use domain::observation::Country;
use domain::time::Micros;
use serde::Serialize;
use serde_json::Value;
use store::{Body, Entry, Payload, StoreError};

use super::heard::Heard;
use crate::http::House;

/// Records looked at of one account.
const ENTRIES_MAX: usize = 20_000;
const PAGE: u32 = 1_000;

/// One event of the history.
pub struct Seen {
    /// As judgement tells hands apart.
    pub happened: Happened,
    /// The decision on it.
    pub decision: u128,
    /// From which country.
    pub country: Option<Country>,
    /// From which autonomous system.
    pub asn: Option<u32>,
    /// What a case reads of it.
    pub heard: Heard,
    /// The event's own JSON; nothing once the person is erased.
    json: Vec<u8>,
}

/// An account's events, oldest first.
pub struct History(pub Vec<Seen>);

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelState {
    /// It has not left.
    Unshipped,
    /// The carrier has it.
    InTransit,
    /// It was handed over to somebody.
    Delivered,
    /// It came back.
    Returned,
    /// It is gone.
    Lost,
}

/// A parcel of an order.
#[derive(Debug, Clone, Serialize)]
pub struct Parcel {
    /// The store's id.
    pub id: String,
    /// Where it is, as last heard.
    pub state: ParcelState,
}

/// An order of the history.
#[derive(Debug, Clone, Serialize)]
pub struct OrderSeen {
    /// The store's id.
    pub id: String,
    /// When it was placed.
    #[serde(serialize_with = "as_time")]
    pub placed_at: Micros,
    /// What was to be paid, in minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// Gift codes, downloads.
    pub is_digital: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// The payer has a dispute open.
    pub dispute_open: bool,
    /// Its parcels, as last heard.
    pub parcels: Vec<Parcel>,
    /// Place of its event in the history.
    #[serde(skip)]
    pub place: usize,
    /// To where, as the store names it.
    #[serde(skip)]
    pub address: Option<String>,
}

impl OrderSeen {
    /// Something of it can still be stopped (R13).
    pub fn can_be_stopped(&self) -> bool {
        let moving = |parcel: &Parcel| {
            matches!(parcel.state, ParcelState::Unshipped | ParcelState::InTransit)
        };
        !self.cancelled && (self.parcels.is_empty() || self.parcels.iter().any(moving))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde hands it")]
fn as_time<S: serde::Serializer>(at: &Micros, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&crate::time::show(*at))
}

impl House {
    /// The history of an account, as far as it is looked at.
    pub async fn history(&self, account: AccountKey) -> Result<History, StoreError> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.store.timeline(account, PAGE, cursor).await?;
            all.extend(page.entries.into_iter().filter_map(seen));
            match page.next {
                Some(next) if all.len() < ENTRIES_MAX => cursor = Some(next),
                _ => break,
            }
        }
        all.sort_by_key(|seen: &Seen| seen.happened.at);
        Ok(History(all))
    }
}

fn seen(entry: Entry) -> Option<Seen> {
    let Payload::Event { decision, observation, assessment, .. } = &entry.payload else {
        return None;
    };
    let happened = Happened {
        at: observation.occurred_at,
        kind: observation.kind,
        status: observation.status,
        session: observation.session,
        device: observation.device,
        network: observation.origin.network,
        score: assessment.score,
    };
    let origin = &observation.origin;
    let (country, asn, decision) = (origin.country, origin.asn, decision.0);
    let json = match entry.body {
        Body::Open(json) => json,
        Body::None | Body::Erased => Vec::new(),
    };
    Some(Seen { happened, decision, country, asn, heard: Heard::read(&json), json })
}

impl Seen {
    /// The whole event as the store sent it; `null` once the person is erased.
    pub fn event(&self) -> Value {
        serde_json::from_slice(&self.json).unwrap_or_default()
    }
}

impl History {
    /// What belongs together around `anchor`.
    pub fn window(&self, anchor: Anchor) -> Window {
        let happened: Vec<Happened> = self.0.iter().map(|seen| seen.happened).collect();
        window(&happened, anchor)
    }

    /// The place of an event or decision in it.
    pub fn place_of(&self, decision: u128) -> Option<usize> {
        self.0.iter().position(|seen| seen.decision == decision)
    }

    /// Its orders with their parcels, oldest first.
    pub fn orders(&self) -> Vec<OrderSeen> {
        let mut orders: BTreeMap<String, OrderSeen> = BTreeMap::new();
        for (place, seen) in self.0.iter().enumerate() {
            let Some(id) = seen.heard.order_id() else { continue };
            if seen.happened.kind == EventType::OrderPlaced && !orders.contains_key(id) {
                orders.insert(id.to_owned(), placed(id, place, seen));
            }
            if let Some(order) = orders.get_mut(id) {
                note(order, seen);
            }
        }
        let mut orders: Vec<OrderSeen> = orders.into_values().collect();
        orders.sort_by_key(|order| order.placed_at);
        orders
    }

    /// What is known of an order for a ruling on it.
    pub fn facts(&self, order: &OrderSeen, window: &Window, earlier_claims: u32) -> OrderFacts {
        let theirs = window.events.binary_search(&order.place).is_ok();
        let device = self.0.get(order.place).and_then(|seen| seen.happened.device);
        let before = |seen: &&Seen| seen.happened.at < window.start;
        let known_device = device.is_some()
            && self.0.iter().filter(before).any(|seen| {
                seen.happened.device == device && seen.happened.status == Status::Succeeded
            });
        let known_address = order.address.is_some()
            && self.0.iter().filter(before).any(|seen| {
                seen.happened.kind == EventType::OrderPlaced
                    && seen.heard.order.address() == order.address.as_deref()
            });
        // The reported order is in the window whatever it looks like: hands that are not the owner's
        // are seen where something else in it was done from another device (T1).
        let other_hands =
            |place: &usize| self.0.get(*place).is_some_and(|seen| seen.happened.device != device);
        let others = theirs && window.events.iter().any(other_hands);
        OrderFacts {
            claim: Claim::UnauthorisedAccess,
            amount: order.amount,
            is_digital: order.is_digital,
            delivery_by: None,
            dispute_open: order.dispute_open,
            own_device: known_device && !others,
            own_address: known_address,
            earlier_claims,
        }
    }

    /// Values of one kind that the account had, from its events.
    pub fn told(&self, kind: impl Fn(&Heard) -> &Option<String>) -> Vec<Dated<String>> {
        let mut values: Vec<Dated<String>> = Vec::new();
        for seen in &self.0 {
            let Some(value) = kind(&seen.heard) else { continue };
            let (at, value) = (seen.happened.at, value.clone());
            match values.last_mut() {
                Some(last) if last.value == value => {}
                Some(last) => {
                    last.until = Some(at);
                    values.push(Dated { value, from: Some(at), until: None });
                }
                None => values.push(Dated { value, from: Some(at), until: None }),
            }
        }
        values
    }
}

/// Contacts that a member had, with their times.
pub fn contacts_of(member: &Member, kind: ContactKind) -> Vec<Dated<String>> {
    let now = member.contacts().filter(|contact| contact.kind == kind).map(|contact| Dated {
        value: contact.value.clone(),
        from: (contact.since > member.since).then_some(contact.since),
        until: None,
    });
    let former = member.former_contacts.iter().filter(|(contact, _)| contact.kind == kind);
    let former = former.map(|(contact, until)| Dated {
        value: contact.value.clone(),
        from: (contact.since > member.since).then_some(contact.since),
        until: Some(*until),
    });
    now.chain(former).collect()
}

/// How a member's account stands, in one word.
pub const fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Normal => "normal",
        Standing::Watch => "watch",
        Standing::Restricted => "restricted",
        Standing::Locked => "locked",
        Standing::Contested => "contested",
        Standing::Recovering { .. } => "recovering",
        Standing::Probation => "probation",
        Standing::Closed => "closed",
    }
}

fn placed(id: &str, place: usize, seen: &Seen) -> OrderSeen {
    let order = &seen.heard.order;
    let currency = order.amount.currency.as_ref().or(order.currency.as_ref());
    OrderSeen {
        id: id.to_owned(),
        placed_at: seen.happened.at,
        amount: order.amount.amount.unwrap_or_default(),
        currency: currency.cloned().unwrap_or_else(|| "JPY".to_owned()),
        is_digital: order.lines.digital,
        cancelled: false,
        dispute_open: false,
        parcels: Vec::new(),
        place,
        address: order.address().map(str::to_owned),
    }
}

/// What was heard of an order since.
fn note(order: &mut OrderSeen, seen: &Seen) {
    let state = match seen.happened.kind {
        EventType::OrderCancelled => return order.cancelled = true,
        EventType::PaymentDisputed => {
            let status = seen.heard.dispute.status.as_deref();
            order.dispute_open = status.is_none_or(|status| status == "open");
            return;
        }
        EventType::ShipmentCreated => ParcelState::Unshipped,
        EventType::ShipmentHandedOver | EventType::ShipmentInTransit => ParcelState::InTransit,
        EventType::ShipmentDelivered => ParcelState::Delivered,
        EventType::ShipmentReturned => ParcelState::Returned,
        EventType::ShipmentLost => ParcelState::Lost,
        _ => return,
    };
    let id = seen.heard.shipment.id.clone().unwrap_or_default();
    match order.parcels.iter_mut().find(|parcel| parcel.id == id) {
        Some(parcel) => parcel.state = state,
        None => order.parcels.push(Parcel { id, state }),
    }
}
