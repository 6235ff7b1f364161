//! The JSON of an event, field by field, before the fields are held against each other.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::scalar::{Count, Currency, Id, Ip, Kind, Money, Text, Time, string};
use super::{
    ACCOUNT_ID_CHARS_MAX, ChangeField, EVENT_ID_CHARS_MAX, ID_CHARS_MAX, LINES_MAX, LineKind,
    PaymentKind, ROLES_MAX, Status, TEXT_CHARS_MAX, ThreeDs,
};
use crate::observation::CredentialKind;

/// Text without a limit of its own.
pub(super) type Any = Text<TEXT_CHARS_MAX>;
type AnyId = Id<ID_CHARS_MAX>;

/// An event as it was written.
#[derive(Default)]
pub(super) struct RawEvent {
    pub(super) event_id: Option<Id<EVENT_ID_CHARS_MAX>>,
    pub(super) kind: Option<Kind>,
    pub(super) status: Option<Named<Status>>,
    pub(super) occurred_at: Option<Time>,
    pub(super) account: Option<RawAccount>,
    pub(super) session: Option<RawSession>,
    pub(super) context: Option<RawContext>,
    pub(super) credential: Option<RawCredential>,
    pub(super) change: Option<RawChange>,
    pub(super) order: Option<RawOrder>,
    pub(super) payment: Option<RawPayment>,
    pub(super) amount: Option<Money>,
    pub(super) currency: Option<Currency>,
    pub(super) dispute: Option<RawDispute>,
    pub(super) shipment: Option<RawShipment>,
    pub(super) degraded: Option<bool>,
    pub(super) properties: Option<Map<String, Value>>,
    pub(super) others: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with the account's `id`")]
pub(super) struct RawAccount {
    pub(super) id: Option<Id<ACCOUNT_ID_CHARS_MAX>>,
    pub(super) email: Option<Any>,
    pub(super) phone: Option<Any>,
    pub(super) registered_at: Option<Time>,
    pub(super) roles: Option<AtMost<Text<64>, ROLES_MAX>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with the session's `id`")]
pub(super) struct RawSession {
    pub(super) id: Option<Any>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawContext {
    pub(super) ip: Option<Ip>,
    pub(super) user_agent: Option<String>,
    pub(super) device_token: Option<Any>,
    pub(super) ja4: Option<Any>,
    pub(super) accept_language: Option<Any>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawCredential {
    pub(super) kind: Option<Named<CredentialKind>>,
    pub(super) secret_hash: Option<Any>,
    pub(super) breached: Option<bool>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawChange {
    pub(super) field: Option<Named<ChangeField>>,
    pub(super) old: Option<ChangedValue>,
    pub(super) new: Option<ChangedValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawOrder {
    pub(super) id: Option<AnyId>,
    pub(super) amount: Option<Money>,
    pub(super) currency: Option<Currency>,
    pub(super) lines: Option<AtMost<RawLine, LINES_MAX>>,
    pub(super) ship_to: Option<RawShipTo>,
    pub(super) payment: Option<RawPayment>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawLine {
    pub(super) sku: Option<Any>,
    pub(super) title: Option<Any>,
    pub(super) category: Option<Any>,
    pub(super) quantity: Option<Count>,
    pub(super) unit_amount: Option<Money>,
    pub(super) kind: Option<Named<LineKind>>,
    pub(super) seller_id: Option<Any>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawShipTo {
    pub(super) address_id: Option<Any>,
    pub(super) country: Option<Any>,
    pub(super) region: Option<Any>,
    pub(super) postcode: Option<Any>,
    pub(super) name_matches_account: Option<bool>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawPayment {
    pub(super) kind: Option<Named<PaymentKind>>,
    pub(super) token: Option<Any>,
    pub(super) fingerprint: Option<Any>,
    pub(super) stored: Option<bool>,
    pub(super) last4: Option<Text<8>>,
    pub(super) three_ds: Option<Named<ThreeDs>>,
    pub(super) declined: Option<bool>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct RawShipment {
    pub(super) id: Option<AnyId>,
    pub(super) order_id: Option<Any>,
    pub(super) carrier: Option<Any>,
    pub(super) tracking_number: Option<Any>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with the dispute's `id`")]
pub(super) struct RawDispute {
    pub(super) id: Option<Any>,
}

/// One of a fixed set of words.
#[derive(Clone, Copy)]
pub(super) struct Named<T>(pub(super) T);

fn word<T: for<'a> Deserialize<'a>>(text: &str) -> Option<T> {
    T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text)).ok()
}

impl<'de> Deserialize<'de> for Named<Status> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WORDS: &str = "`attempted`, `succeeded` or `failed`";
        string(deserializer, WORDS, |text| {
            word(text).map(Self).ok_or("expected `attempted`, `succeeded` or `failed`")
        })
    }
}

impl<'de> Deserialize<'de> for Named<LineKind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a kind of goods, as a string", |text| {
            word(text).map(Self).ok_or("expected `physical`, `digital` or `gift_card`")
        })
    }
}

impl<'de> Deserialize<'de> for Named<ThreeDs> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a result of 3-D Secure, as a string", |text| {
            word(text).map(Self).ok_or(
                "expected `not_attempted`, `attempted`, `frictionless`, `challenged`, \
                 `authenticated` or `failed`",
            )
        })
    }
}

impl<'de> Deserialize<'de> for Named<ChangeField> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "what was changed, as a string", |text| {
            word(text).map(Self).ok_or(
                "expected `password`, `passkey`, `totp`, `two_step`, `email`, `phone`, `name`, \
                 `address`, `payment_method` or `bank_account`",
            )
        })
    }
}

/// A kind of payment without a word of its own is `other`: stores have many.
impl<'de> Deserialize<'de> for Named<PaymentKind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a kind of payment, as a string", |text| {
            Ok(Self(word(text).unwrap_or(PaymentKind::Other)))
        })
    }
}

/// A kind of credential without a word of its own is `other`.
impl<'de> Deserialize<'de> for Named<CredentialKind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a kind of credential, as a string", |text| {
            Ok(Self(match text {
                "password" => CredentialKind::Password,
                "passkey" => CredentialKind::Passkey,
                "totp" => CredentialKind::Totp,
                "one_time_code" | "sms" | "email_code" => CredentialKind::OneTimeCode,
                "federated" => CredentialKind::Federated,
                "recovery_code" => CredentialKind::RecoveryCode,
                _ => CredentialKind::Other,
            }))
        })
    }
}

/// The old or new value of a change: text, or any other JSON in one canonical spelling (an address
/// as an object is the same address whatever the order of its fields).
pub(super) struct ChangedValue(pub(super) String);

impl<'de> Deserialize<'de> for ChangedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            value => canonical(value).to_string(),
        };
        if text.len() > TEXT_CHARS_MAX && text.chars().count() > TEXT_CHARS_MAX {
            return Err(D::Error::custom("the text is longer than this field allows"));
        }
        Ok(Self(text))
    }
}

fn canonical(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<_> = map.into_iter().collect();
            fields.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().map(|(k, v)| (k, canonical(v))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// A list of at most `MAX` items.
pub(super) struct AtMost<T, const MAX: usize>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for AtMost<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(AtMostVisitor::<T, MAX>(std::marker::PhantomData))
    }
}

struct AtMostVisitor<T, const MAX: usize>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for AtMostVisitor<T, MAX> {
    type Value = AtMost<T, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of at most {MAX} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            if list.len() == MAX {
                return Err(A::Error::custom(format_args!("the list has more than {MAX} items")));
            }
            list.push(item);
        }
        Ok(AtMost(list))
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
enum Field {
    EventId,
    Type,
    Status,
    OccurredAt,
    Account,
    Session,
    Context,
    Credential,
    Change,
    Order,
    Payment,
    Amount,
    Currency,
    Dispute,
    Shipment,
    Degraded,
    Properties,
}

enum Key {
    Known(Field),
    Other(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a field name", |name| {
            Ok(word(name).map_or_else(|| Self::Other(name.to_owned()), Self::Known))
        })
    }
}

impl<'de> Deserialize<'de> for RawEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EventVisitor)
    }
}

/// The second value of a field: refused at its own place.
struct Repeated;

impl<'de> Deserialize<'de> for Repeated {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("the field is given twice"))
    }
}

struct EventVisitor;

impl<'de> Visitor<'de> for EventVisitor {
    type Value = RawEvent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawEvent, A::Error> {
        let mut raw = RawEvent::default();
        let mut seen = 0_u32;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Known(field) => {
                    let bit = 1 << field as u8;
                    if seen & bit != 0 {
                        map.next_value::<Repeated>()?;
                    }
                    seen |= bit;
                    raw.read(field, &mut map)?;
                }
                Key::Other(name) => {
                    if raw.others.contains_key(&name) {
                        map.next_value::<Repeated>()?;
                    }
                    let value = map.next_value()?;
                    raw.others.insert(name, value);
                }
            }
        }
        Ok(raw)
    }
}

impl RawEvent {
    fn read<'de, A: MapAccess<'de>>(&mut self, field: Field, map: &mut A) -> Result<(), A::Error> {
        match field {
            Field::EventId => self.event_id = map.next_value()?,
            Field::Type => self.kind = map.next_value()?,
            Field::Status => self.status = map.next_value()?,
            Field::OccurredAt => self.occurred_at = map.next_value()?,
            Field::Account => self.account = map.next_value()?,
            Field::Session => self.session = map.next_value()?,
            Field::Context => self.context = map.next_value()?,
            Field::Credential => self.credential = map.next_value()?,
            Field::Change => self.change = map.next_value()?,
            Field::Order => self.order = map.next_value()?,
            Field::Payment => self.payment = map.next_value()?,
            Field::Amount => self.amount = map.next_value()?,
            Field::Currency => self.currency = map.next_value()?,
            Field::Dispute => self.dispute = map.next_value()?,
            Field::Shipment => self.shipment = map.next_value()?,
            Field::Degraded => self.degraded = map.next_value()?,
            Field::Properties => self.properties = map.next_value()?,
        }
        Ok(())
    }
}
