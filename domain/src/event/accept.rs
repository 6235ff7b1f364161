//! Holds the fields of an event against each other and fills in what they imply.

use super::parse::Refused;
use super::raw::{
    Any, AtMost, RawAccount, RawChange, RawContext, RawCredential, RawEvent, RawLine, RawOrder,
    RawPayment, RawShipTo, RawShipment,
};
use super::scalar::{Currency, Money, Text};
use super::{
    Account, Change, ChangeField, Context, Credential, Event, EventType, FUTURE_MAX, Line,
    OCCURRED_AT_MIN, Order, Payment, PaymentKind, REGISTERED_AT_MIN, ShipTo, Shipment, Status,
};
use crate::observation::CredentialKind;
use crate::time::Micros;

impl RawEvent {
    /// The event, or what is missing or contradicts itself.
    pub(super) fn accept(self, received_at: Micros) -> Result<Event, Refused> {
        let event_id = self.event_id.ok_or_else(|| missing("/event_id"))?.0;
        let kind = self.kind.ok_or_else(|| missing("/type"))?;
        let occurred_at = self.occurred_at.map_or(received_at, |time| time.0);
        within("/occurred_at", occurred_at, OCCURRED_AT_MIN, received_at)?;
        let status = accept_status(kind.kind, self.status.map(|status| status.0))?;
        let mut properties = self.others;
        let payment_currency = self.currency;
        let amount = accept_amount("", self.amount.as_ref(), payment_currency)?;
        if let Some((_, Currency(code))) = amount {
            // An event has no field for it; rules and people may still want to see it.
            let code = String::from_utf8_lossy(&code).into_owned();
            properties.insert("currency".to_owned(), code.into());
        }
        properties.extend(self.properties.unwrap_or_default());
        let failed_payment = status == Status::Failed && is_payment(kind.kind);
        Ok(Event {
            event_id,
            kind: kind.kind,
            custom: kind.custom,
            status,
            occurred_at,
            account: self.account.map(|raw| raw.accept(received_at)).transpose()?,
            session_id: self.session.and_then(|session| given(session.id)),
            context: self.context.map(RawContext::accept).unwrap_or_default(),
            credential: self.credential.map(RawCredential::accept),
            change: accept_change(kind.kind, self.change)?,
            order: accept_order(kind.kind, self.order)?,
            payment: self.payment.map(|raw| raw.accept(failed_payment)),
            amount: amount.map(|(minor, _)| minor),
            dispute_id: self.dispute.and_then(|dispute| given(dispute.id)),
            shipment: self.shipment.map(RawShipment::accept).transpose()?,
            degraded: self.degraded.unwrap_or_default(),
            properties,
        })
    }
}

fn missing(pointer: &str) -> Refused {
    Refused::at(pointer, "the field is missing")
}

/// The text of an optional field; an empty string means that there is none.
fn given<const MAX: usize>(text: Option<Text<MAX>>) -> Option<String> {
    text.map(|text| text.0).filter(|text| !text.is_empty())
}

fn within(pointer: &str, at: Micros, from: Micros, received_at: Micros) -> Result<(), Refused> {
    if at < from {
        let year = if from == OCCURRED_AT_MIN { 2000 } else { 1970 };
        return Err(Refused::at(pointer, format!("the time lies before the year {year}")));
    }
    if at.since(received_at) > FUTURE_MAX {
        let minutes = FUTURE_MAX / crate::time::MINUTE;
        let detail = format!("the time lies more than {minutes} minutes in the future");
        return Err(Refused::at(pointer, detail));
    }
    Ok(())
}

/// A sign-in or registration must say how far it got: taking an unsaid status for a success would
/// teach the account's history an intruder's device. Everything else is a fact unless it says so.
fn accept_status(kind: EventType, status: Option<Status>) -> Result<Status, Refused> {
    match (kind, status) {
        (_, Some(status)) => Ok(status),
        (EventType::Login | EventType::Registration, None) => Err(Refused::at(
            "/status",
            "the field is missing: say `attempted`, `succeeded` or `failed`",
        )),
        (_, None) => Ok(Status::Succeeded),
    }
}

fn is_payment(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::PaymentAuthorised
            | EventType::PaymentCaptured
            | EventType::PaymentRefunded
            | EventType::PaymentDisputed
    )
}

/// An amount with its currency, which stands beside it or inside it.
fn accept_amount(
    parent: &str,
    amount: Option<&Money>,
    beside: Option<Currency>,
) -> Result<Option<(i64, Currency)>, Refused> {
    let Some(&Money { minor, currency }) = amount else { return Ok(None) };
    match (currency, beside) {
        (Some(inside), Some(beside)) if inside != beside => Err(Refused::at(
            format!("{parent}/amount/currency"),
            "the currency differs from the one beside it",
        )),
        (Some(currency), _) | (None, Some(currency)) => Ok(Some((minor, currency))),
        (None, None) => Err(Refused::at(
            format!("{parent}/currency"),
            "the field is missing: an amount needs its currency",
        )),
    }
}

impl RawAccount {
    fn accept(self, received_at: Micros) -> Result<Account, Refused> {
        let id = self.id.ok_or_else(|| missing("/account/id"))?.0;
        let registered_at = self.registered_at.map(|time| time.0);
        if let Some(at) = registered_at {
            within("/account/registered_at", at, REGISTERED_AT_MIN, received_at)?;
        }
        let roles = self.roles.map_or_else(Vec::new, |AtMost(roles)| roles);
        Ok(Account {
            id,
            email: given(self.email),
            phone: given(self.phone),
            registered_at,
            roles: roles.into_iter().map(|role| role.0).collect(),
        })
    }
}

impl RawContext {
    fn accept(self) -> Context {
        Context {
            ip: self.ip.and_then(|ip| ip.0),
            user_agent: self.user_agent.filter(|agent| !agent.is_empty()),
            device_token: given(self.device_token),
            ja4: given(self.ja4),
            accept_language: given(self.accept_language),
        }
    }
}

impl RawCredential {
    fn accept(self) -> Credential {
        Credential {
            kind: self.kind.map_or(CredentialKind::Other, |kind| kind.0),
            secret_hash: given(self.secret_hash),
            breached: self.breached,
        }
    }
}

/// What a type of event changes, where it changes something.
fn changed_by(kind: EventType) -> Option<ChangeField> {
    use EventType as T;
    match kind {
        T::PasswordChanged => Some(ChangeField::Password),
        T::PasskeyAdded | T::PasskeyRemoved => Some(ChangeField::Passkey),
        T::TotpAdded | T::TotpRemoved => Some(ChangeField::Totp),
        T::TwoStepEnabled | T::TwoStepDisabled => Some(ChangeField::TwoStep),
        T::EmailChanged => Some(ChangeField::Email),
        T::PhoneChanged => Some(ChangeField::Phone),
        T::NameChanged => Some(ChangeField::Name),
        T::AddressAdded | T::AddressChanged | T::AddressRemoved => Some(ChangeField::Address),
        T::PaymentMethodAdded | T::PaymentMethodRemoved => Some(ChangeField::PaymentMethod),
        T::PayoutAccountChanged => Some(ChangeField::BankAccount),
        T::Login
        | T::Registration
        | T::ResetRequested
        | T::OrderPlaced
        | T::OrderChanged
        | T::OrderCancelled
        | T::PaymentAuthorised
        | T::PaymentCaptured
        | T::PaymentRefunded
        | T::PaymentDisputed
        | T::ShipmentCreated
        | T::ShipmentHandedOver
        | T::ShipmentInTransit
        | T::ShipmentDelivered
        | T::ShipmentReturned
        | T::ShipmentLost
        | T::PayoutRequested
        | T::SessionEnded
        | T::Custom => None,
    }
}

/// The type names the field; where it does not, the change must.
fn accept_change(kind: EventType, change: Option<RawChange>) -> Result<Option<Change>, Refused> {
    let implied = changed_by(kind);
    let Some(RawChange { field, old, new }) = change else {
        return Ok(implied.map(|field| Change { field, old: None, new: None }));
    };
    let field = match (implied, field.map(|field| field.0)) {
        (Some(implied), Some(said)) if implied != said => {
            let detail = "the field contradicts the type of the event";
            return Err(Refused::at("/change/field", detail));
        }
        (Some(field), _) | (None, Some(field)) => field,
        (None, None) => return Err(missing("/change/field")),
    };
    let text = |value: super::raw::ChangedValue| Some(value.0).filter(|text| !text.is_empty());
    Ok(Some(Change { field, old: old.and_then(text), new: new.and_then(text) }))
}

/// An order needs its id; a cancellation may leave out what it was worth (ISO 4217 `XXX`: no
/// currency).
fn accept_order(kind: EventType, order: Option<RawOrder>) -> Result<Option<Order>, Refused> {
    let Some(raw) = order else {
        return match kind {
            EventType::OrderPlaced | EventType::OrderChanged | EventType::OrderCancelled => {
                Err(missing("/order"))
            }
            _ => Ok(None),
        };
    };
    let id = raw.id.ok_or_else(|| missing("/order/id"))?.0;
    let (amount, currency) = match accept_amount("/order", raw.amount.as_ref(), raw.currency)? {
        Some(worth) => worth,
        None if matches!(kind, EventType::OrderPlaced | EventType::OrderChanged) => {
            return Err(missing("/order/amount"));
        }
        None => (0, raw.currency.unwrap_or(Currency(*b"XXX"))),
    };
    let lines = raw.lines.map_or_else(Vec::new, |AtMost(lines)| lines);
    let lines = lines.into_iter().enumerate().map(|(index, line)| line.accept(index, currency));
    Ok(Some(Order {
        id,
        amount,
        currency: currency.0,
        lines: lines.collect::<Result<_, _>>()?,
        ship_to: raw.ship_to.map(RawShipTo::accept),
        payment: raw.payment.map(|payment| payment.accept(false)),
    }))
}

impl RawLine {
    fn accept(self, index: usize, currency: Currency) -> Result<Line, Refused> {
        let unit = self.unit_amount.unwrap_or(Money { minor: 0, currency: None });
        if unit.currency.is_some_and(|inside| inside != currency) {
            let pointer = format!("/order/lines/{index}/unit_amount/currency");
            return Err(Refused::at(pointer, "the currency differs from that of the order"));
        }
        Ok(Line {
            sku: given(self.sku),
            title: given(self.title),
            category: given(self.category),
            quantity: self.quantity.map_or(1, |count| count.0),
            unit_amount: unit.minor,
            kind: self.kind.map(|kind| kind.0).unwrap_or_default(),
            seller_id: given(self.seller_id),
        })
    }
}

impl RawShipTo {
    fn accept(self) -> ShipTo {
        ShipTo {
            address_id: given(self.address_id),
            country: given(self.country),
            region: given(self.region),
            postcode: given(self.postcode),
            name_matches_account: self.name_matches_account,
        }
    }
}

impl RawPayment {
    fn accept(self, failed: bool) -> Payment {
        Payment {
            kind: self.kind.map_or(PaymentKind::Other, |kind| kind.0),
            token: given(self.token),
            fingerprint: given(self.fingerprint),
            stored: self.stored,
            last4: given(self.last4),
            three_ds: self.three_ds.map(|result| result.0),
            declined: failed || self.declined.unwrap_or_default(),
        }
    }
}

impl RawShipment {
    fn accept(self) -> Result<Shipment, Refused> {
        let optional = |text: Option<Any>| given(text);
        Ok(Shipment {
            id: self.id.ok_or_else(|| missing("/shipment/id"))?.0,
            order_id: optional(self.order_id),
            carrier: optional(self.carrier),
            tracking_number: optional(self.tracking_number),
        })
    }
}
