//! The events of our own API as NDJSON: what the store itself recorded.

use std::collections::BTreeMap;

use domain::event::{Event, EventType, PaymentKind, Status, parse};
use domain::time::Micros;

use super::Unreadable;
use super::shop::{Found, file};
use crate::day::Moment;
use crate::limits::ROWS_MAX;
use crate::line::{Layout, SkipReason, Skipped};
use crate::money::Currency;
use crate::order::{Funding, Order, OrderFile, Refund};

/// No event of a log is refused for lying in the future: the clock is not ours to read here.
const RECEIVED: Micros = Micros(4_102_444_800_000_000);

/// Whether `text` is lines of JSON.
pub(super) fn looks_like(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Reads `order.*`, `payment.refunded` and `shipment.*`; other events are passed over. What failed
/// or was refunded before it was charged is no order.
pub(super) fn read(text: &str) -> Result<OrderFile, Unreadable> {
    let mut orders: BTreeMap<String, Order> = BTreeMap::new();
    let mut found = Found::default();
    let mut passed = 0_usize;
    for (row, line) in (1_u32..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        if row as usize > ROWS_MAX {
            return Err(Unreadable::TooManyRows);
        }
        match parse(line.as_bytes(), RECEIVED) {
            Ok(event) => {
                passed += 1;
                take_in(&mut orders, &event);
            }
            Err(_) => found.skipped.push(Skipped { row, reason: SkipReason::Event }),
        }
    }
    if found.skipped.len() > passed {
        super::card::mostly_read(passed, &found.skipped)?;
    }
    found.orders = orders.into_values().collect();
    let skipped = std::mem::take(&mut found.skipped);
    let mut file = file(Layout::Events, None, found)?;
    file.skipped_rows = skipped.len();
    file.skipped = skipped.into_iter().take(crate::limits::SKIPPED_NAMED_MAX).collect();
    Ok(file)
}

fn take_in(orders: &mut BTreeMap<String, Order>, event: &Event) {
    let shipped = event.shipment.as_ref().and_then(|shipment| shipment.order_id.as_ref());
    let id = event.order.as_ref().map(|order| &order.id).or(shipped);
    let Some(id) = id else { return };
    match event.kind {
        EventType::OrderPlaced | EventType::OrderChanged => place(orders, id, event),
        EventType::OrderCancelled if event.status != Status::Failed => {
            if let Some(order) = orders.get_mut(id) {
                order.cancelled = true;
            }
        }
        EventType::PaymentRefunded => {
            if let (Some(order), Some(amount)) = (orders.get_mut(id), event.amount) {
                order.refunds.push(Refund { at: Some(Moment::At(event.occurred_at)), amount });
            }
        }
        EventType::ShipmentCreated | EventType::ShipmentHandedOver => {
            // Nothing says which lines a parcel holds, so the first departure dates the order.
            if let Some(shipment) = orders.get_mut(id).and_then(|order| order.shipments.first_mut())
            {
                shipment.shipped.get_or_insert(Moment::At(event.occurred_at));
            }
        }
        _ => {}
    }
}

fn place(orders: &mut BTreeMap<String, Order>, id: &str, event: &Event) {
    let Some(told) = &event.order else { return };
    let Some(currency) = Currency::of_bytes(told.currency) else { return };
    if event.status == Status::Failed {
        return;
    }
    let placed = Moment::At(event.occurred_at);
    let order = orders
        .entry(id.to_owned())
        .or_insert_with(|| Order::new(id, placed, told.amount, currency));
    if let Some(shipment) = order.shipments.first_mut() {
        shipment.amount = told.amount;
    }
    if let Some(payment) = &told.payment {
        order.funding = match payment.kind {
            PaymentKind::Points
            | PaymentKind::GiftBalance
            | PaymentKind::BankTransfer
            | PaymentKind::CashOnDelivery => Funding::Otherwise,
            _ => Funding::Card,
        };
    }
}
