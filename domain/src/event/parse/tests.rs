#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::*;
use crate::event::{ChangeField, EventType, LINES_MAX, PaymentKind, Status};
use crate::time::{DAY, MINUTE};

/// 2026-06-03T12:04:10Z, five seconds after the event of api.md.
const NOW: Micros = Micros(1_780_488_250_000_000);

/// The event of api.md.
fn order() -> Value {
    json!({
        "event_id": "8f", "type": "order.placed", "status": "attempted",
        "occurred_at": "2026-06-03T21:04:05+09:00",
        "account": { "id": "u-1001", "email": "a@example.jp", "phone": "+819012345678",
            "registered_at": "2024-01-05T00:00:00Z", "roles": ["buyer"] },
        "session": { "id": "s-77" },
        "context": { "ip": "203.0.113.7", "user_agent": "Mozilla/5.0", "device_token": "dvt_1",
            "ja4": "t13d", "accept_language": "ja" },
        "order": { "id": "o-9", "amount": 420_000, "currency": "JPY",
            "lines": [ { "sku": "B00", "title": "Camera", "category": "camera", "quantity": 1,
                "unit_amount": 420_000, "kind": "physical", "seller_id": "sel-3" } ],
            "ship_to": { "address_id": "adr-5", "country": "JP", "region": "13",
                "postcode": "100-0001", "name_matches_account": false },
            "payment": { "kind": "credit_card", "token": "pm_1", "fingerprint": "fp_1",
                "stored": true, "last4": "4242", "three_ds": "not_attempted" } },
        "properties": { "campaign": "summer" }
    })
}

fn login() -> Value {
    json!({ "event_id": "1", "type": "login", "status": "succeeded", "account": { "id": "u-1" } })
}

/// `event` with `value` at `pointer`, made where it is not there yet.
fn with(mut event: Value, pointer: &str, value: Value) -> Value {
    let mut place = &mut event;
    for key in pointer.split('/').skip(1) {
        place = if let Ok(index) = key.parse::<usize>() {
            place.get_mut(index).unwrap()
        } else {
            if place.is_null() {
                *place = json!({});
            }
            place.as_object_mut().unwrap().entry(key).or_insert(Value::Null)
        };
    }
    *place = value;
    event
}

fn accept(event: &Value) -> Event {
    match parse(event.to_string().as_bytes(), NOW) {
        Ok(event) => event,
        Err(refused) => panic!("refused: {refused}"),
    }
}

fn refuse(json: impl AsRef<[u8]>) -> Refused {
    match parse(json.as_ref(), NOW) {
        Ok(event) => panic!("accepted: {event:?}"),
        Err(refused) => refused,
    }
}

/// Refused at `pointer` for a reason that contains `words`.
fn refuse_at(event: &Value, pointer: &str, words: &str) {
    let refused = refuse(event.to_string());
    assert_eq!(refused.pointer, pointer, "{refused}");
    assert!(refused.detail.contains(words), "{refused}");
    assert!(!refused.syntax, "{refused}");
}

#[test]
fn the_event_of_the_api_document_arrives_whole() {
    let event = accept(&order());
    assert_eq!(event.kind, EventType::OrderPlaced);
    assert_eq!(event.status, Status::Attempted);
    assert_eq!(event.occurred_at, Micros(1_780_488_245_000_000));
    let account = event.account.unwrap();
    assert_eq!((account.id.as_str(), account.roles.as_slice()), ("u-1001", &["buyer".into()][..]));
    assert_eq!(event.context.ip, Some("203.0.113.7".parse().unwrap()));
    let order = event.order.unwrap();
    assert_eq!((order.amount, &order.currency), (420_000, b"JPY"));
    let line = order.lines.first().unwrap();
    assert_eq!((line.quantity, line.unit_amount), (1, 420_000));
    assert_eq!(order.payment.unwrap().kind, PaymentKind::CreditCard);
    assert_eq!(order.ship_to.unwrap().name_matches_account, Some(false));
    assert_eq!(event.properties.get("campaign"), Some(&json!("summer")));
}

#[test]
fn unknown_fields_are_kept_and_never_an_error() {
    let event = with(order(), "/loyalty", json!({ "tier": [1, { "deep": null }] }));
    let event = with(event, "/order/lines/0/colour", json!("red"));
    let event = with(event, "/context/screen", json!([1920, 1080]));
    let event = accept(&with(event, "/order/payment/brand", json!(3)));
    assert_eq!(event.properties.get("loyalty"), Some(&json!({ "tier": [1, { "deep": null }] })));
}

#[test]
fn what_is_not_json_is_told_from_what_does_not_fit() {
    for text in ["", "hello", "{", "{\"event_id\":", "{\"a\":1}}", "{'a':1}", "nul", "{\"a\":01}"] {
        assert!(refuse(text).syntax, "{text}");
    }
    for text in ["[]", "3", "null", "\"login\"", "true"] {
        assert!(!refuse(text).syntax, "{text}");
    }
    let trailing = format!("{} x", login());
    assert!(refuse(trailing).syntax);
}

#[test]
fn bytes_that_are_not_utf8_are_refused_wherever_they_stand() {
    for (before, after) in [("{\"event_id\":\"", "\"}"), ("{\"unknown\":{\"deep\":\"", "\"}}")] {
        let bytes = [before.as_bytes(), b"\xff\xfe", after.as_bytes()].concat();
        let refused = refuse(bytes);
        assert!(refused.syntax && refused.detail.contains("UTF-8"), "{refused}");
    }
}

#[test]
fn a_byte_order_mark_is_ignored() {
    let marked = format!("\u{feff}{}", login());
    assert!(parse(marked.as_bytes(), NOW).is_ok());
}

#[test]
fn nesting_of_200_levels_is_refused_and_of_60_is_not() {
    let nested = |levels: usize| {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!(
            r#"{{"event_id":"1","type":"login","status":"failed","properties":{{"x":{deep}}}}}"#
        )
    };
    let refused = refuse(nested(200));
    assert!(refused.detail.contains("nested deeper than 64"), "{refused}");
    assert!(refuse(nested(100_000)).detail.contains("nested deeper"));
    assert!(parse(nested(60).as_bytes(), NOW).is_ok());
    assert!(parse(nested(62).as_bytes(), NOW).is_ok());
    assert!(parse(nested(63).as_bytes(), NOW).is_err());
}

#[test]
fn brackets_inside_text_do_not_count_as_nesting() {
    let event = with(login(), "/properties/x", json!("[{\\\"".repeat(100)));
    accept(&event);
}

#[test]
fn wrong_types_at_depth_are_named_by_their_place_and_never_repeated() {
    let secret = json!("hunter2");
    for (pointer, value) in [
        ("/event_id", json!(31337)),
        ("/type", json!(["hunter2"])),
        ("/status", json!(401)),
        ("/status", secret.clone()),
        ("/account", secret.clone()),
        ("/account/id", json!(31337)),
        ("/account/email", json!({ "hunter2": 31337 })),
        ("/account/roles", secret.clone()),
        ("/account/roles/0", json!(31337)),
        ("/context/user_agent", json!(31337)),
        ("/order/lines", json!({ "hunter2": 1 })),
        ("/order/lines/0", secret.clone()),
        ("/order/lines/0/quantity", secret.clone()),
        ("/order/lines/0/quantity", json!(-31337)),
        ("/order/lines/0/quantity", json!(1.5)),
        ("/order/lines/0/quantity", json!(4_294_967_296_u64)),
        ("/order/lines/0/unit_amount", secret.clone()),
        ("/order/ship_to/name_matches_account", secret.clone()),
        ("/order/payment/three_ds", secret.clone()),
        ("/order/payment/stored", json!(31337)),
        ("/properties", secret.clone()),
        ("/degraded", secret),
    ] {
        let refused = refuse(with(order(), pointer, value).to_string());
        assert_eq!(refused.pointer, pointer, "{refused}");
        assert!(!refused.detail.contains("hunter2"), "{refused}");
        assert!(!refused.detail.contains("31337"), "{refused}");
        assert!(!refused.detail.contains("line 1"), "{refused}");
        assert!(!refused.detail.is_empty() && !refused.syntax, "{refused}");
    }
}

#[test]
fn missing_fields_are_named() {
    refuse_at(&json!({ "type": "login", "status": "failed" }), "/event_id", "missing");
    refuse_at(&json!({ "event_id": "1" }), "/type", "missing");
    refuse_at(&json!({ "event_id": "1", "type": "login" }), "/status", "missing");
    refuse_at(&with(login(), "/account", json!({})), "/account/id", "missing");
    refuse_at(&with(order(), "/order", Value::Null), "/order", "missing");
    refuse_at(&with(order(), "/order/id", Value::Null), "/order/id", "missing");
    refuse_at(&with(order(), "/order/currency", Value::Null), "/order/currency", "missing");
}

#[test]
fn a_field_given_twice_is_refused() {
    let text = r#"{"event_id":"1","event_id":"2","type":"login","status":"failed"}"#;
    assert_eq!(refuse(text).pointer, "/event_id");
    let text =
        r#"{"event_id":"1","type":"login","status":"failed","context":{"ip":null,"ip":"1.1.1.1"}}"#;
    assert_eq!(refuse(text).pointer, "/context/ip");
}

#[test]
fn ids_are_bounded_and_free_of_control_characters() {
    accept(&with(login(), "/event_id", json!("é".repeat(200))));
    refuse_at(&with(login(), "/event_id", json!("é".repeat(201))), "/event_id", "longer");
    refuse_at(&with(login(), "/event_id", json!("")), "/event_id", "empty");
    refuse_at(&with(login(), "/event_id", json!("a\nb")), "/event_id", "control");
    refuse_at(&with(login(), "/account/id", json!("a\u{0}b")), "/account/id", "control");
    refuse_at(&with(login(), "/account/id", json!("x".repeat(257))), "/account/id", "longer");
}

#[test]
fn control_characters_and_bidi_marks_in_names_are_data() {
    let name = "\u{202e}evil\u{0007}\u{2066}名前";
    let event = with(order(), "/order/lines/0/title", json!(name));
    let event = accept(&with(event, "/account/email", json!(name)));
    assert_eq!(event.account.unwrap().email.unwrap(), name);
}

#[test]
fn times_need_an_offset_and_a_sane_year() {
    let at = |time: &str| with(login(), "/occurred_at", json!(time));
    refuse_at(&at("2026-06-03T12:00:00"), "/occurred_at", "offset is missing");
    refuse_at(&at("2026-06-03 12:00:00.123456"), "/occurred_at", "offset is missing");
    refuse_at(&at("0001-01-01T00:00:00Z"), "/occurred_at", "before the year 2000");
    refuse_at(&at("1999-12-31T23:59:59Z"), "/occurred_at", "before the year 2000");
    refuse_at(&at("9999-01-01T00:00:00Z"), "/occurred_at", "future");
    for rubbish in [
        "9999-12-31T23:59:59Z",
        "yesterday",
        "",
        "1780488245",
        "2026-02-30T00:00:00Z",
        "2026-06-03",
        "2026-06-03T12:00:00+09:00[Asia/Tokyo]",
        "２０２６-06-03T12:00:00Z",
    ] {
        refuse_at(&at(rubbish), "/occurred_at", "");
    }
    refuse_at(&with(login(), "/occurred_at", json!(1_780_488_245)), "/occurred_at", "RFC 3339");
    let registered = with(login(), "/account/registered_at", json!("1969-12-31T00:00:00Z"));
    refuse_at(&registered, "/account/registered_at", "before the year 1970");
    assert_eq!(accept(&at("2026-06-03T12:04:05.5Z")).occurred_at.0 % 1_000_000, 500_000);
    assert_eq!(accept(&at("2000-01-01T00:00:00+00:00")).occurred_at.0, 946_684_800_000_000);
    assert_eq!(accept(&login()).occurred_at, NOW);
}

#[test]
fn a_clock_ten_minutes_ahead_is_forgiven_and_no_more() {
    let at = |time: Micros| {
        let time = jiff::Timestamp::from_microsecond(time.0).unwrap().to_string();
        with(login(), "/occurred_at", json!(time))
    };
    assert_eq!(accept(&at(NOW.plus(10 * MINUTE))).occurred_at, NOW.plus(10 * MINUTE));
    refuse_at(&at(NOW.plus(10 * MINUTE + 1)), "/occurred_at", "10 minutes in the future");
    accept(&at(NOW.plus(-61 * DAY)));
}

#[test]
fn amounts_are_whole_minor_units_within_64_bits() {
    let amount = |value: Value| with(order(), "/order/amount", value);
    refuse_at(&amount(json!(-1)), "/order/amount", "negative");
    refuse_at(&amount(json!(48.00)), "/order/amount", "minor units");
    refuse_at(&amount(json!("4800")), "/order/amount", "minor units");
    refuse_at(&amount(json!(9_223_372_036_854_775_808_u64)), "/order/amount", "64-bit");
    let unit = "/order/lines/0/unit_amount";
    refuse_at(&with(order(), unit, json!(-5)), unit, "negative");
    refuse_at(&with(order(), unit, json!(0.1)), unit, "minor units");
    for (written, words) in [
        ("99999999999999999999999999", "64-bit"),
        ("1e3", "minor units"),
        ("-0", "minor units"),
        ("-1e400", ""),
    ] {
        let text = order().to_string().replacen("420000", written, 1);
        let refused = refuse(&text);
        assert!(refused.detail.contains(words), "{written}: {refused}");
    }
    let most = accept(&amount(json!(i64::MAX)));
    assert_eq!(most.order.unwrap().amount, i64::MAX);
}

#[test]
fn an_amount_may_carry_its_currency() {
    let event = with(order(), "/order/amount", json!({ "amount": 7, "currency": "USD", "x": 1 }));
    refuse_at(&event, "/order/amount/currency", "differs");
    let mut event = event;
    event.pointer_mut("/order").unwrap().as_object_mut().unwrap().remove("currency");
    refuse_at(
        &with(
            event.clone(),
            "/order/lines/0/unit_amount",
            json!({ "amount": 7, "currency": "EUR" }),
        ),
        "/order/lines/0/unit_amount/currency",
        "differs",
    );
    let money = accept(&event).order.unwrap();
    assert_eq!((money.amount, &money.currency), (7, b"USD"));
    let incomplete = with(event.clone(), "/order/amount", json!({ "amount": 7 }));
    refuse_at(&incomplete, "/order/amount", "both");
    let fraction = with(event, "/order/amount", json!({ "amount": 7.5, "currency": "USD" }));
    refuse_at(&fraction, "/order/amount/amount", "minor units");
    for code in ["jpy", "YEN!", "", "円貨幣"] {
        refuse_at(&with(order(), "/order/currency", json!(code)), "/order/currency", "ISO 4217");
    }
}

#[test]
fn a_payment_event_keeps_its_amount_and_its_failure() {
    let event = json!({ "event_id": "1", "type": "payment.authorised", "status": "failed",
        "amount": { "amount": 4800, "currency": "JPY" }, "payment": { "kind": "paypay" } });
    let event = accept(&event);
    let payment = event.payment.unwrap();
    assert_eq!((event.amount, payment.declined), (Some(4800), true));
    assert_eq!(payment.kind, PaymentKind::Other);
    assert_eq!(event.properties.get("currency"), Some(&json!("JPY")));
    refuse_at(
        &json!({ "event_id": "1", "type": "payment.refunded", "amount": 5 }),
        "/currency",
        "needs",
    );
}

#[test]
fn a_mapped_address_is_the_ipv4_it_stands_for_and_a_zone_is_dropped() {
    let ip = |text: &str| accept(&with(login(), "/context/ip", json!(text))).context.ip;
    assert_eq!(ip("::ffff:203.0.113.7"), Some("203.0.113.7".parse().unwrap()));
    assert_eq!(ip("2001:DB8::1"), Some("2001:db8::1".parse().unwrap()));
    assert_eq!(ip("fe80::1%eth0"), Some("fe80::1".parse().unwrap()));
    assert_eq!(ip(""), None);
}

#[test]
fn rubbish_addresses_are_refused_at_their_place() {
    for rubbish in [
        "localhost",
        "1.2.3",
        "1.2.3.4:80",
        "[::1]",
        "1.2.3.4, 5.6.7.8",
        "1.2.3.4/24",
        "256.1.1.1",
        "fe80::1%",
        "fe80::1%a b",
        "1.2.3.4%eth0",
        "01.2.3.4",
        "0x7f.1.1.1",
        ":::",
        "١.٢.٣.٤",
    ] {
        refuse_at(&with(login(), "/context/ip", json!(rubbish)), "/context/ip", "address");
    }
}

#[test]
fn a_user_agent_of_100_000_characters_is_no_error() {
    let agent = "Mozilla/5.0 (".repeat(8_000);
    let event = accept(&with(login(), "/context/user_agent", json!(agent)));
    assert_eq!(event.context.user_agent.unwrap().len(), agent.len());
}

#[test]
fn ten_thousand_lines_fit_and_one_more_does_not() {
    let lines = |count: usize| {
        let lines: Vec<Value> = vec![json!({ "unit_amount": 1 }); count];
        with(order(), "/order/lines", Value::Array(lines))
    };
    assert_eq!(accept(&lines(LINES_MAX)).order.unwrap().lines.len(), 10_000);
    let refused = refuse(lines(LINES_MAX + 1).to_string());
    assert!(refused.detail.contains("more than 10000"), "{refused}");
    assert!(refused.pointer.starts_with("/order/lines"), "{refused}");
}

#[test]
fn types_of_ones_own_begin_with_custom() {
    let kind = |name: &str| with(login(), "/type", json!(name));
    let event = accept(&kind("custom.review_posted"));
    assert_eq!(
        (event.kind, event.custom.as_deref()),
        (EventType::Custom, Some("custom.review_posted"))
    );
    for name in ["custom", "custom.", "Login", "order", "page_view", ""] {
        refuse_at(&kind(name), "/type", "custom.");
    }
}

#[test]
fn a_failed_sign_in_keeps_its_type() {
    let event = accept(&with(login(), "/status", json!("failed")));
    assert_eq!((event.kind, event.status), (EventType::Login, Status::Failed));
}

#[test]
fn the_type_says_what_was_changed() {
    let event = json!({ "event_id": "1", "type": "profile.email_changed",
        "change": { "old": "a@example.jp", "new": "b@example.jp" } });
    let change = accept(&event).change.unwrap();
    assert_eq!((change.field, change.new.as_deref()), (ChangeField::Email, Some("b@example.jp")));
    refuse_at(&with(event, "/change/field", json!("phone")), "/change/field", "contradicts");
    let bare = json!({ "event_id": "1", "type": "credential.totp_removed" });
    let bare = accept(&bare);
    assert_eq!((bare.change.unwrap().field, bare.status), (ChangeField::Totp, Status::Succeeded));
    let unnamed = with(login(), "/change", json!({ "old": "x" }));
    refuse_at(&unnamed, "/change/field", "missing");
}

#[test]
fn an_address_as_an_object_is_the_same_in_any_order_of_its_fields() {
    let change = |text: &str| {
        let text = format!(
            r#"{{"event_id":"1","type":"profile.address_added","change":{{"new":{text}}}}}"#
        );
        parse(text.as_bytes(), NOW).unwrap().change.unwrap().new.unwrap()
    };
    assert_eq!(change(r#"{"a":1,"b":{"d":2,"c":3}}"#), change(r#"{"b":{"c":3,"d":2},"a":1}"#));
}

#[test]
fn a_cancellation_need_not_say_what_it_was_worth() {
    let event = json!({ "event_id": "1", "type": "order.cancelled", "order": { "id": "o-1" } });
    let order = accept(&event).order.unwrap();
    assert_eq!((order.amount, &order.currency), (0, b"XXX"));
}

#[test]
fn pointers_escape_their_keys() {
    let text = r#"{"event_id":"1","type":"login","status":"failed","a/b~c":{"x":[1,"#;
    let refused = refuse(text);
    assert!(refused.syntax);
    let text = r#"{"event_id":"1","type":"login","status":"failed","a/b~c":1,"a/b~c":2}"#;
    assert_eq!(refuse(text).pointer, "/a~1b~0c");
}
