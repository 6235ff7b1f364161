//! What the past says.

use super::{BOOL, DOUBLE, Field, INT};
use crate::policy::value::Value;
use crate::time::HOUR;

pub(super) static OF_HISTORY: &[Field] = &[
    Field {
        name: "account.sign_ins",
        kind: INT,
        doc: "sign-ins of the account that went through before",
        missing: "",
        read: |i| Some(Value::Int(i64::from(i.features.account.sign_ins))),
    },
    Field {
        name: "account.failures",
        kind: DOUBLE,
        doc: "failed sign-ins of the account, half forgotten in an hour, this one included",
        missing: "",
        read: |i| Some(Value::Double(i.features.account.failures[1])),
    },
    Field {
        name: "account.failures_here",
        kind: INT,
        doc: "failed or challenged sign-ins of the account within an hour from this very address or device",
        missing: "",
        read: |i| Some(Value::Int(i64::from(i.features.account.failures_here))),
    },
    Field {
        name: "account.restricted",
        kind: BOOL,
        doc: "new devices may not sign in for now: three tries in 15 minutes from places and devices unseen for 90 days (R43)",
        missing: "",
        read: |i| Some(Value::Bool(i.features.account.restricted)),
    },
    Field {
        name: "account.takeover_confirmed",
        kind: BOOL,
        doc: "a person confirmed a takeover, and nobody the owner since",
        missing: "",
        read: |i| Some(Value::Bool(i.features.account.takeover_confirmed)),
    },
    Field {
        name: "account.orders",
        kind: INT,
        doc: "orders of the account before the last 48 hours",
        missing: "no order",
        read: |i| {
            i.observation.order.as_ref().map(|_| Value::Int(i64::from(i.features.purchase.history)))
        },
    },
    Field {
        name: "context.own",
        kind: BOOL,
        doc: "the device or place is known as the owner's: what others do to the account must not count against it (C8)",
        missing: "",
        read: |i| Some(Value::Bool(i.features.sign_in.own)),
    },
    Field {
        name: "context.device_known",
        kind: BOOL,
        doc: "the device is known as the owner's",
        missing: "no token given, or the account has no history of them",
        read: |i| i.features.sign_in.device.map(|device| Value::Bool(device.is_own())),
    },
    Field {
        name: "context.place_known",
        kind: BOOL,
        doc: "the address or its network is known as the owner's",
        missing: "no address given, or no history",
        read: |i| i.features.sign_in.place.map(|place| Value::Bool(place.is_own())),
    },
    Field {
        name: "context.new_asn",
        kind: BOOL,
        doc: "the autonomous system was never seen at the account",
        missing: "either is unknown",
        read: |i| i.features.sign_in.new_asn.map(Value::Bool),
    },
    Field {
        name: "context.new_country",
        kind: BOOL,
        doc: "the country was never seen at the account",
        missing: "either is unknown",
        read: |i| i.features.sign_in.new_country.map(Value::Bool),
    },
    Field {
        name: "source.accounts_1m",
        kind: INT,
        doc: "accounts tried from this address within a minute",
        missing: "no address given",
        read: |i| {
            i.features.source.address.as_ref().map(|tries| Value::Int(i64::from(tries.accounts_1m)))
        },
    },
    Field {
        name: "source.failures_10m",
        kind: DOUBLE,
        doc: "failed sign-ins from this address, half forgotten in ten minutes, this one included",
        missing: "no address given",
        read: |i| i.features.source.address.as_ref().map(|tries| Value::Double(tries.failures_10m)),
    },
    Field {
        name: "source.failures_1d",
        kind: DOUBLE,
        doc: "failed sign-ins from this address, half forgotten in a day, this one included",
        missing: "no address given",
        read: |i| i.features.source.address.as_ref().map(|tries| Value::Double(tries.failures_1d)),
    },
    Field {
        name: "source.failed_accounts_1h",
        kind: INT,
        doc: "accounts at which this address failed within an hour",
        missing: "no address given",
        read: |i| {
            i.features
                .source
                .address
                .as_ref()
                .map(|tries| Value::Int(i64::from(tries.failed_accounts_1h)))
        },
    },
    Field {
        name: "source.confirmed_bad",
        kind: BOOL,
        doc: "a confirmed takeover came from this address or device",
        missing: "",
        read: |i| Some(Value::Bool(i.features.source.confirmed_bad)),
    },
    Field {
        name: "order.count_48h",
        kind: INT,
        doc: "orders of the account within 48 hours, this one included",
        missing: "no order",
        read: |i| i.features.purchase.pace.as_ref().map(|pace| Value::Int(i64::from(pace.orders))),
    },
    Field {
        name: "order.amount_48h",
        kind: INT,
        doc: "minor units spent by the account within 48 hours, this order included",
        missing: "no order",
        read: |i| i.features.purchase.spend.as_ref().map(|spend| Value::Int(spend.amount)),
    },
    Field {
        name: "order.address_age_hours",
        kind: INT,
        doc: "whole hours since the account first had the address; 0 for the first time now",
        missing: "no order, or no address given",
        read: |i| {
            i.features
                .purchase
                .address
                .as_ref()
                .map(|address| Value::Int(address.age.unwrap_or(0) / HOUR))
        },
    },
    Field {
        name: "order.address_used_with_card",
        kind: BOOL,
        doc: "shipped to this address with this card before the last 48 hours (R56)",
        missing: "nobody can tell",
        read: |i| i.features.purchase.address.as_ref()?.used_with_card.map(Value::Bool),
    },
    Field {
        name: "payment.declines",
        kind: DOUBLE,
        doc: "declined payments of the account, half forgotten in a day (X5)",
        missing: "",
        read: |i| Some(Value::Double(i.features.purchase.declines)),
    },
];
