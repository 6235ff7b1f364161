//! The one list of fields that rules may read: it feeds the compiler, the evaluator and
//! `docs/policy.md`. None of them is personal data.

mod history;

use self::history::OF_HISTORY;
use super::value::{Type, Value};
use super::{Inputs, names};
use crate::event::{LineKind, Status};
use crate::observation::{Country, Listed, Order};
use crate::time::{DAY, SECOND};

/// One field.
pub struct Field {
    /// Dotted name.
    pub name: &'static str,
    /// Type of its values.
    pub kind: fn() -> Type,
    /// What it says, with its unit, in one English sentence.
    pub doc: &'static str,
    /// When it is missing; empty for a field that is always there.
    pub missing: &'static str,
    pub(super) read: for<'a> fn(&'a Inputs<'a>) -> Option<Value<'a>>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const BOOL: fn() -> Type = || Type::Bool;
const INT: fn() -> Type = || Type::Int;
const DOUBLE: fn() -> Type = || Type::Double;
const TEXT: fn() -> Type = || Type::Text;
const TEXTS: fn() -> Type = || Type::List(Box::new(Type::Text));

const NO_ORDER: &str = "no order";
const NO_PAYMENT: &str = "no payment";
const NO_LIST: &str = "no such list is loaded, or no address given";

/// What the event itself says.
static OF_THE_EVENT: &[Field] = &[
    Field {
        name: "score",
        kind: DOUBLE,
        doc: "probability that this is not the owner, 0 to 1",
        missing: "",
        read: |i| Some(Value::Double(i.scored.score)),
    },
    Field {
        name: "standing",
        kind: TEXT,
        doc: "`quiet`, `attacked_held` (somebody tries, nobody got in) or `taken_over`",
        missing: "",
        read: |i| Some(Value::text(names::standing(i.scored.standing))),
    },
    Field {
        name: "pattern",
        kind: TEXT,
        doc: "the guessing this event is part of: `stuffing`, `spraying`, `brute_force` or `none`",
        missing: "",
        read: |i| Some(Value::text(i.scored.pattern.map_or("none", names::pattern))),
    },
    Field {
        name: "unknown",
        kind: TEXTS,
        doc: "facts that would have helped and were missing, such as `device_token`",
        missing: "",
        read: |i| {
            Some(Value::List(
                i.scored.unknown.iter().map(|fact| Value::text(names::missing(*fact))).collect(),
            ))
        },
    },
    Field {
        name: "lists",
        kind: TEXTS,
        doc: "names of the store's own lists that hit",
        missing: "",
        read: |i| Some(Value::Names(&i.observation.lists)),
    },
    Field {
        name: "event.type",
        kind: TEXT,
        doc: "type of the event, such as `login`; `custom` for every `custom.*`",
        missing: "",
        read: |i| Some(Value::text(names::event_type(i.observation.kind))),
    },
    Field {
        name: "event.status",
        kind: TEXT,
        doc: "`attempted`, `succeeded` or `failed`",
        missing: "",
        read: |i| Some(Value::text(names::status(i.observation.status))),
    },
    Field {
        name: "event.failed",
        kind: BOOL,
        doc: "the status is `failed`",
        missing: "",
        read: |i| Some(Value::Bool(i.observation.status == Status::Failed)),
    },
    Field {
        name: "event.delay_seconds",
        kind: INT,
        doc: "seconds from the event to our hearing of it; negative if it is dated later",
        missing: "",
        read: |i| {
            Some(Value::Int(i.observation.received_at.since(i.observation.occurred_at) / SECOND))
        },
    },
    Field {
        name: "account.given",
        kind: BOOL,
        doc: "the event names an account",
        missing: "",
        read: |i| Some(Value::Bool(i.observation.account.is_some())),
    },
    Field {
        name: "account.known",
        kind: BOOL,
        doc: "we have heard of the account before",
        missing: "",
        read: |i| Some(Value::Bool(i.known.profile.is_some())),
    },
    Field {
        name: "account.seller",
        kind: BOOL,
        doc: "the account also sells",
        missing: "",
        read: |i| Some(Value::Bool(i.observation.seller)),
    },
    Field {
        name: "account.age_days",
        kind: INT,
        doc: "whole days since the account was opened",
        missing: "the store gave no `registered_at`",
        read: |i| {
            i.observation
                .registered_at
                .map(|at| Value::Int(i.observation.occurred_at.since(at) / DAY))
        },
    },
    Field {
        name: "account.disposable_email",
        kind: BOOL,
        doc: "the mail domain is on the list of disposable ones",
        missing: "no such list is loaded, or no address of mail given",
        read: |i| listed(i.observation.contact.disposable),
    },
    Field {
        name: "context.country",
        kind: TEXT,
        doc: "country of the address, ISO 3166-1 alpha-2",
        missing: "unknown",
        read: |i| i.observation.origin.country.as_ref().and_then(country),
    },
    Field {
        name: "context.asn",
        kind: INT,
        doc: "autonomous system number of the address",
        missing: "unknown",
        read: |i| i.observation.origin.asn.map(|asn| Value::Int(i64::from(asn))),
    },
    Field {
        name: "context.private",
        kind: BOOL,
        doc: "the address is private or loopback: it says nothing about a place",
        missing: "no address given",
        read: |i| i.observation.origin.ip.map(|_| Value::Bool(i.observation.origin.private)),
    },
    Field {
        name: "context.device_given",
        kind: BOOL,
        doc: "the event carries a device token",
        missing: "",
        read: |i| Some(Value::Bool(i.observation.device.is_some())),
    },
    Field {
        name: "context.device_class",
        kind: TEXT,
        doc: "`desktop`, `mobile`, `tablet`, `bot`, `other` or `unknown`, as the user agent claims",
        missing: "no user agent given",
        read: |i| {
            i.observation
                .agent
                .text
                .map(|_| Value::text(names::device_class(i.observation.agent.class)))
        },
    },
    Field {
        name: "context.automated",
        kind: BOOL,
        doc: "the user agent says itself that it is a program",
        missing: "no user agent given",
        read: |i| i.observation.agent.text.map(|_| Value::Bool(i.observation.agent.automated)),
    },
    Field {
        name: "infrastructure.datacentre",
        kind: BOOL,
        doc: "the address is in a datacentre or hosting range",
        missing: NO_LIST,
        read: |i| listed(i.observation.origin.datacentre),
    },
    Field {
        name: "infrastructure.vpn",
        kind: BOOL,
        doc: "the address is a VPN exit",
        missing: NO_LIST,
        read: |i| listed(i.observation.origin.vpn),
    },
    Field {
        name: "infrastructure.tor",
        kind: BOOL,
        doc: "the address is a Tor exit",
        missing: NO_LIST,
        read: |i| listed(i.observation.origin.tor),
    },
    Field {
        name: "infrastructure.bad",
        kind: BOOL,
        doc: "the address was reported for attacks",
        missing: NO_LIST,
        read: |i| listed(i.observation.origin.bad),
    },
    Field {
        name: "infrastructure.bad_age_days",
        kind: INT,
        doc: "age in days of the list that reports the address",
        missing: "no list reports it",
        read: |i| age(i.observation.origin.bad),
    },
    Field {
        name: "infrastructure.tor_age_days",
        kind: INT,
        doc: "age in days of the list of Tor exits that names the address",
        missing: "no list names it",
        read: |i| age(i.observation.origin.tor),
    },
    Field {
        name: "credential.kind",
        kind: TEXT,
        doc: "`password`, `passkey`, `totp`, `one_time_code`, `federated`, `recovery_code` or `other`",
        missing: "no credential given",
        read: |i| {
            i.observation
                .credential
                .as_ref()
                .map(|credential| Value::text(names::credential_kind(credential.kind)))
        },
    },
    Field {
        name: "credential.breached",
        kind: BOOL,
        doc: "the secret is known to be breached",
        missing: "nobody looked",
        read: |i| i.observation.credential.as_ref()?.breached.map(Value::Bool),
    },
    Field {
        name: "change.field",
        kind: TEXT,
        doc: "what is changed: `password`, `passkey`, `totp`, `two_step`, `email`, `phone`, `name`, `address`, `payment_method` or `bank_account`",
        missing: "no change",
        read: |i| {
            i.observation
                .change
                .as_ref()
                .map(|change| Value::text(names::change_field(change.field)))
        },
    },
    Field {
        name: "order.amount",
        kind: INT,
        doc: "total in minor units of `order.currency` (yen have none)",
        missing: NO_ORDER,
        read: |i| order(i, |order| Some(Value::Int(order.amount))),
    },
    Field {
        name: "order.currency",
        kind: TEXT,
        doc: "ISO 4217 code",
        missing: NO_ORDER,
        read: |i| order(i, |order| std::str::from_utf8(&order.currency).ok().map(Value::text)),
    },
    Field {
        name: "order.quantity",
        kind: INT,
        doc: "pieces",
        missing: NO_ORDER,
        read: |i| order(i, |order| i64::try_from(order.quantity).ok().map(Value::Int)),
    },
    Field {
        name: "order.lines",
        kind: INT,
        doc: "number of lines",
        missing: NO_ORDER,
        read: |i| order(i, |order| Some(Value::Int(i64::from(order.lines_total)))),
    },
    Field {
        name: "order.gift_card_amount",
        kind: INT,
        doc: "minor units of the order that are gift cards (its 64 dearest lines)",
        missing: NO_ORDER,
        read: |i| order(i, |order| Some(amount_of(order, LineKind::GiftCard))),
    },
    Field {
        name: "order.digital_amount",
        kind: INT,
        doc: "minor units of the order that are digital goods (its 64 dearest lines)",
        missing: NO_ORDER,
        read: |i| order(i, |order| Some(amount_of(order, LineKind::Digital))),
    },
    Field {
        name: "order.ship_country",
        kind: TEXT,
        doc: "country shipped to, ISO 3166-1 alpha-2",
        missing: "no order, or no country given",
        read: |i| order(i, |order| order.ship_country.as_ref().and_then(country)),
    },
    Field {
        name: "order.name_matches",
        kind: BOOL,
        doc: "the addressee's name is the account's",
        missing: "no order, or the store did not say",
        read: |i| order(i, |order| order.name_matches.map(Value::Bool)),
    },
    Field {
        name: "payment.kind",
        kind: TEXT,
        doc: "`credit_card`, `debit_card`, `pay_later`, `carrier_billing`, `points`, `gift_balance`, `bank_transfer`, `cash_on_delivery` or `other`",
        missing: NO_PAYMENT,
        read: |i| {
            i.observation
                .payment
                .as_ref()
                .map(|payment| Value::text(names::payment_kind(payment.kind)))
        },
    },
    Field {
        name: "payment.stored",
        kind: BOOL,
        doc: "the means of payment was stored before",
        missing: "no payment, or the store did not say",
        read: |i| i.observation.payment.as_ref()?.stored.map(Value::Bool),
    },
    Field {
        name: "payment.three_ds",
        kind: TEXT,
        doc: "3-D Secure on this payment: `not_attempted`, `attempted`, `frictionless`, `challenged`, `authenticated` or `failed`",
        missing: "no payment, or the store did not say",
        read: |i| {
            i.observation.payment.as_ref()?.three_ds.map(|said| Value::text(names::three_ds(said)))
        },
    },
    Field {
        name: "payment.declined",
        kind: BOOL,
        doc: "the payment was declined or failed",
        missing: NO_PAYMENT,
        read: |i| i.observation.payment.as_ref().map(|payment| Value::Bool(payment.declined)),
    },
    Field {
        name: "payment.amount",
        kind: INT,
        doc: "minor units, for `payment.*`",
        missing: "no payment, or no amount given",
        read: |i| i.observation.payment.as_ref()?.amount.map(Value::Int),
    },
];

/// Every field, in the order by which places are counted.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    OF_THE_EVENT.iter().chain(OF_HISTORY)
}

/// The field at `place` of [`fields`].
pub(super) fn field_at(place: usize) -> Option<&'static Field> {
    match place.checked_sub(OF_THE_EVENT.len()) {
        None => OF_THE_EVENT.get(place),
        Some(place) => OF_HISTORY.get(place),
    }
}

/// Place of the field named `name`.
pub(super) fn place_of(name: &str) -> Option<usize> {
    fields().position(|field| field.name == name)
}

/// `order`, `payment` …: the part of names before their dot.
pub(super) fn is_group(name: &str) -> bool {
    fields().any(|field| field.name.split_once('.').is_some_and(|(group, _)| group == name))
}

const fn listed(listed: Listed) -> Option<Value<'static>> {
    match listed {
        Listed::Unknown => None,
        Listed::No => Some(Value::Bool(false)),
        Listed::Yes { .. } => Some(Value::Bool(true)),
    }
}

fn age(listed: Listed) -> Option<Value<'static>> {
    match listed {
        Listed::Unknown | Listed::No => None,
        Listed::Yes { age_days } => Some(Value::Int(i64::from(age_days))),
    }
}

fn country(country: &Country) -> Option<Value<'_>> {
    std::str::from_utf8(&country.0).ok().map(Value::text)
}

fn order<'a>(
    inputs: &'a Inputs<'a>,
    read: impl FnOnce(&'a Order) -> Option<Value<'a>>,
) -> Option<Value<'a>> {
    inputs.observation.order.as_deref().and_then(read)
}

fn amount_of(order: &Order, kind: LineKind) -> Value<'static> {
    let lines = order.lines.iter().filter(|line| line.kind == kind);
    Value::Int(lines.fold(0_i64, |sum, line| {
        sum.saturating_add(line.unit_amount.saturating_mul(i64::from(line.quantity)))
    }))
}
