//! Single values of an event, checked while they are read.
//!
//! Each names what it expected in a sentence that never repeats the value.

use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::{EventType, TYPE_CHARS_MAX};
use crate::time::Micros;

/// Text of at most `MAX` characters. Control characters and direction marks are data here: such
/// text is only ever hashed and sealed.
pub(super) struct Text<const MAX: usize>(pub(super) String);

/// An id: 1 to `MAX` characters, none of them a control character.
pub(super) struct Id<const MAX: usize>(pub(super) String);

/// A time with its offset.
pub(super) struct Time(pub(super) Micros);

/// An address; IPv4-mapped IPv6 counts as IPv4, and the zone of a scoped address is dropped
/// (it names an interface of the machine that saw it, RFC 4007 §6). `None` for an empty string.
pub(super) struct Ip(pub(super) Option<IpAddr>);

/// An ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Currency(pub(super) [u8; 3]);

/// Money: a bare integer of minor units, or an object that carries its currency.
pub(super) struct Money {
    pub(super) minor: i64,
    pub(super) currency: Option<Currency>,
}

/// A count of pieces.
pub(super) struct Count(pub(super) u32);

/// A type of event, and the store's own name of it for `custom.*`.
pub(super) struct Kind {
    pub(super) kind: EventType,
    pub(super) custom: Option<String>,
}

/// Reads a string through `read`; `expecting` completes "expected …".
struct Str<T, F> {
    expecting: &'static str,
    read: F,
    made: PhantomData<T>,
}

impl<T, F: FnOnce(&str) -> Result<T, &'static str>> Visitor<'_> for Str<T, F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).map_err(E::custom)
    }
}

/// Deserialises a string with `read`.
pub(super) fn string<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expecting: &'static str,
    read: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Str { expecting, read, made: PhantomData })
}

fn longer_than(text: &str, chars_max: usize) -> bool {
    text.len() > chars_max && text.chars().count() > chars_max
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a string", |text| {
            if longer_than(text, MAX) {
                return Err("the text is longer than this field allows");
            }
            Ok(Self(text.to_owned()))
        })
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Id<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "a string (ids are text)", |text| {
            if text.is_empty() {
                return Err("the id is empty");
            }
            if longer_than(text, MAX) {
                return Err("the id is longer than this field allows");
            }
            if text.chars().any(char::is_control) {
                return Err("the id contains a control character");
            }
            Ok(Self(text.to_owned()))
        })
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "an RFC 3339 time with offset, as a string", |text| {
            read_time(text).map(Self)
        })
    }
}

fn read_time(text: &str) -> Result<Micros, &'static str> {
    const SHAPE: &str = "expected an RFC 3339 time with offset, such as 2026-06-03T21:04:05+09:00";
    if text.len() > 40 || text.ends_with(']') {
        return Err(SHAPE);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(Micros(time.as_microsecond()));
    }
    if text.len() >= 16 && text.parse::<DateTime>().is_ok() && !has_offset(text) {
        return Err("the offset is missing: end the time with Z or ±hh:mm");
    }
    Err(SHAPE)
}

fn has_offset(text: &str) -> bool {
    let time = text.get(10..).unwrap_or_default();
    time.contains(['+', '-', 'Z', 'z'])
}

impl<'de> Deserialize<'de> for Ip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "one IPv4 or IPv6 address, as a string", |text| {
            if text.is_empty() {
                return Ok(Self(None));
            }
            read_ip(text).map(|ip| Self(Some(ip))).ok_or(
                "expected one IPv4 or IPv6 address, without port, prefix length, brackets or list",
            )
        })
    }
}

fn read_ip(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Some(ip.to_canonical());
    }
    let (address, zone) = text.split_once('%')?;
    let zone_fits = (1..=64).contains(&zone.len()) && zone.bytes().all(|b| b.is_ascii_graphic());
    let ip = address.parse::<std::net::Ipv6Addr>().ok()?;
    zone_fits.then(|| IpAddr::V6(ip).to_canonical())
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "an ISO 4217 code of three capitals, as a string", |text| match *text
            .as_bytes()
        {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err("expected an ISO 4217 code of three capitals, such as JPY"),
        })
    }
}

const WHOLE_MINOR_UNITS: &str = "expected a whole number of minor units (48.00 USD is 4800, \
                                 4,800 yen is 4800), without fraction or exponent";

struct MoneyVisitor {
    object: bool,
}

impl<'de> Visitor<'de> for MoneyVisitor {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.object {
            "a whole number of minor units, or an object of `amount` and `currency`"
        } else {
            "a whole number of minor units"
        })
    }

    fn visit_i64<E: Error>(self, minor: i64) -> Result<Money, E> {
        if minor < 0 {
            return Err(E::custom("the amount is negative"));
        }
        Ok(Money { minor, currency: None })
    }

    fn visit_u64<E: Error>(self, minor: u64) -> Result<Money, E> {
        let minor = i64::try_from(minor).map_err(|_| {
            E::custom("the amount is beyond 9223372036854775807 (the largest 64-bit integer)")
        })?;
        Ok(Money { minor, currency: None })
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Money, E> {
        Err(E::custom(if value.abs() >= 9.2e18 {
            "the amount is beyond 9223372036854775807 (the largest 64-bit integer)"
        } else {
            WHOLE_MINOR_UNITS
        }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Money, A::Error> {
        if !self.object {
            return Err(A::Error::custom(WHOLE_MINOR_UNITS));
        }
        let (mut amount, mut currency) = (None, None);
        while let Some(key) = map.next_key::<MoneyField>()? {
            match key {
                MoneyField::Amount if amount.is_none() => {
                    amount = Some(map.next_value::<BareMoney>()?.0);
                }
                MoneyField::Currency if currency.is_none() => {
                    currency = Some(map.next_value::<Currency>()?);
                }
                MoneyField::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
                MoneyField::Amount | MoneyField::Currency => {
                    return Err(A::Error::custom("the field is given twice"));
                }
            }
        }
        match (amount, currency) {
            (Some(minor), Some(currency)) => Ok(Money { minor, currency: Some(currency) }),
            _ => Err(A::Error::custom("expected both `amount` and `currency` in the object")),
        }
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum MoneyField {
    Amount,
    Currency,
    #[serde(other)]
    Other,
}

struct BareMoney(i64);

impl<'de> Deserialize<'de> for BareMoney {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let money = deserializer.deserialize_any(MoneyVisitor { object: false })?;
        Ok(Self(money.minor))
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MoneyVisitor { object: true })
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number from 0 to 4294967295")
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Count, E> {
        let too_many = |_| E::custom("expected a whole number from 0 to 4294967295");
        u32::try_from(count).map(Count).map_err(too_many)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(CountVisitor)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string(deserializer, "an event type, as a string", read_kind)
    }
}

fn read_kind(text: &str) -> Result<Kind, &'static str> {
    if let Some(own) = text.strip_prefix("custom.") {
        let fits = !own.is_empty() && !longer_than(text, TYPE_CHARS_MAX);
        if !fits || own.chars().any(char::is_control) {
            return Err("expected custom. and a name of up to 193 characters");
        }
        return Ok(Kind { kind: EventType::Custom, custom: Some(text.to_owned()) });
    }
    let named = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
    match EventType::deserialize(named) {
        Ok(EventType::Custom) | Err(_) => {
            Err("no event type of that name; a type of your own begins with custom.")
        }
        Ok(kind) => Ok(Kind { kind, custom: None }),
    }
}
