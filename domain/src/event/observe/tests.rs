#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::event::parse;

const NOW: Micros = Micros(1_780_488_250_000_000);
const HASHER: KeyedHasher = KeyedHasher::new([7; 32]);

fn seen(event: &serde_json::Value) -> Observation {
    seen_at(event, Place::default())
}

fn seen_at(event: &serde_json::Value, place: Place) -> Observation {
    let event = parse(event.to_string().as_bytes(), NOW).unwrap();
    observe(&event, NOW, place, &HASHER)
}

fn login(ip: &str) -> serde_json::Value {
    json!({ "event_id": "1", "type": "login", "status": "succeeded", "account": { "id": "u" },
        "context": { "ip": ip } })
}

#[test]
fn an_observer_that_has_seen_other_events_sees_each_as_it_is() {
    let order = |agent: &str, ja4: &str, title: &str, sku: &str| {
        let event = json!({ "event_id": "1", "type": "order.placed", "account": { "id": "u" },
            "context": { "user_agent": agent, "ja4": ja4, "accept_language": "ja" },
            "order": { "id": "1", "amount": 1, "currency": "JPY", "lines": [
                { "sku": sku, "title": title, "category": sku, "seller_id": sku } ] } });
        parse(event.to_string().as_bytes(), NOW).unwrap()
    };
    let events = [
        order("Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", "a", "White heart", "1"),
        order("Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", "b", "White heart", "2"),
        order("curl/8", "a", "赤い紙", "1"),
        order("", "a", "", "1"),
    ];
    let mut observer = Observer::new(&HASHER);
    for event in events.iter().chain(events.iter().rev()) {
        let alone = observe(event, NOW, Place::default(), &HASHER);
        assert_eq!(observer.observe(event, NOW, Place::default()), alone);
    }
}

#[test]
fn a_mail_address_is_the_same_in_capitals_and_a_phone_with_hyphens() {
    let of = |email: &str, phone: &str| {
        seen(&json!({ "event_id": "1", "type": "login", "status": "succeeded",
            "account": { "id": "u", "email": email, "phone": phone } }))
        .contact
    };
    assert_eq!(of("a@example.jp", "+819012345678"), of(" A@Example.JP ", "+81 90-1234-5678"));
    assert_eq!(of("a@example.jp", "+819012345678").phone, of("b@x", "＋８１(90)12345678").phone);
    assert_ne!(of("a@example.jp", "1"), of("b@example.jp", "2"));
    assert_eq!(of("a@example.jp", "none").phone, None);
}

#[test]
fn a_new_mail_address_is_recognised_as_the_contact_it_becomes() {
    let changed = seen(&json!({ "event_id": "1", "type": "profile.email_changed",
        "account": { "id": "u", "email": "new@example.jp" }, "change": { "new": "NEW@example.jp" } }));
    assert_eq!(changed.change.unwrap().new, changed.contact.email);
}

#[test]
fn neighbours_share_a_network_and_not_an_address() {
    let of = |ip: &str| seen(&login(ip)).origin;
    let (one, other) = (of("203.0.113.7"), of("203.0.113.8"));
    assert_eq!(one.network, other.network);
    assert_ne!(one.ip, other.ip);
    assert_ne!(one.network, of("203.0.114.7").network);
    assert_eq!(of("2001:db8::1").network, of("2001:db8::ffff:1").network);
    assert_ne!(of("2001:db8::1").network, of("2001:db8:0:1::1").network);
    assert_eq!(of("::ffff:203.0.113.7"), one);
}

#[test]
fn a_private_address_says_nothing_about_a_place() {
    for ip in [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "::1",
        "fd00::1",
        "fe80::1%eth0",
    ] {
        assert!(seen(&login(ip)).origin.private, "{ip}");
    }
    assert!(!seen(&login("100.128.0.1")).origin.private);
    assert!(!seen(&login("2001:db8::1")).origin.private);
}

#[test]
fn an_address_is_recognised_by_its_id_else_by_its_postcode_and_never_by_its_country() {
    let to = |to: serde_json::Value| {
        seen(&json!({ "event_id": "1", "type": "order.placed",
            "order": { "id": "o", "amount": 1, "currency": "JPY", "ship_to": to } }))
        .order
        .unwrap()
    };
    let postal = to(json!({ "country": "jp", "region": "13", "postcode": "100-0001" }));
    assert_eq!(
        postal.address,
        to(json!({ "country": "JP", "region": "13", "postcode": "1000001" })).address
    );
    assert!(postal.address.is_some());
    assert_eq!(postal.ship_country, Some(Country(*b"JP")));
    assert_eq!(to(json!({ "country": "United Kingdom" })).address, None);
    assert_eq!(to(json!({ "country": "United Kingdom" })).ship_country, None);
    let by_id = to(json!({ "address_id": "adr-5", "postcode": "100-0001" })).address;
    assert_eq!(by_id, to(json!({ "address_id": "adr-5" })).address);
}

#[test]
fn a_card_is_recognised_by_its_fingerprint_else_by_its_token() {
    let card = |payment: serde_json::Value| {
        seen(&json!({ "event_id": "1", "type": "payment_method.added", "payment": payment }))
    };
    let one = card(json!({ "token": "pm_1", "fingerprint": "fp" }));
    let other = card(json!({ "token": "pm_2", "fingerprint": "fp" }));
    assert_eq!(one.payment.as_ref().unwrap().card, other.payment.as_ref().unwrap().card);
    assert_eq!(one.change.unwrap().new, one.payment.unwrap().card);
    let bare = card(json!({ "token": "fp" }));
    assert_ne!(bare.payment.unwrap().card, other.payment.unwrap().card);
}

#[test]
fn the_64_dearest_lines_are_kept_and_all_are_counted() {
    let lines: Vec<_> = (1..=10_000).map(|n| json!({ "unit_amount": n, "quantity": 2 })).collect();
    let order = seen(&json!({ "event_id": "1", "type": "order.placed",
        "order": { "id": "o", "amount": 1, "currency": "JPY", "lines": lines } }))
    .order
    .unwrap();
    assert_eq!(order.lines.len(), 64);
    assert_eq!((order.lines[0].unit_amount, order.lines[63].unit_amount), (10_000, 9_937));
    assert_eq!((order.lines_total, order.quantity), (10_000, 20_000));
}

#[test]
fn a_breach_known_to_either_side_is_known() {
    let event = json!({ "event_id": "1", "type": "login", "status": "failed",
        "credential": { "kind": "password", "breached": false } });
    let place = |breached| Place { breached, ..Place::default() };
    let breached = |place| seen_at(&event, place).credential.unwrap().breached;
    assert_eq!(breached(place(Some(true))), Some(true));
    assert_eq!(breached(place(None)), Some(false));
}

#[test]
fn only_declared_properties_become_labels() {
    let event = json!({ "event_id": "1", "type": "login", "status": "failed", "risk_band": 3,
        "properties": { "vip": true, "note": "x".repeat(1000), "ratio": 0.5, "other": 1, "list": [] } });
    let names = ["vip", "risk_band", "note", "ratio", "list", "absent"].map(str::to_owned);
    let labels = seen_at(&event, Place { label_names: names.into(), ..Place::default() }).labels;
    let expected = [
        ("vip", Label::Bool(true)),
        ("risk_band", Label::Int(3)),
        ("note", Label::Text("x".repeat(200).into())),
        ("ratio", Label::Float(0.5)),
    ];
    assert_eq!(labels.len(), expected.len());
    for (label, (name, value)) in labels.iter().zip(expected) {
        assert_eq!((label.0.as_ref(), &label.1), (name, &value));
    }
}

#[test]
fn the_first_language_is_the_one_that_counts() {
    let of = |text: &str| spelling::language(text);
    assert_eq!(of("ja-JP,ja;q=0.9,en;q=0.8"), Some(*b"ja"));
    assert_eq!(of("EN_us"), Some(*b"en"));
    assert_eq!(of("*"), None);
    assert_eq!(of("fil-PH"), None);
}

proptest! {
    /// Two keys agree on nothing that a person typed, and agree on every fact: so whatever of the
    /// person is in an observation is there as a hash under the key.
    #[test]
    fn an_observation_holds_no_text_of_the_person(words in proptest::collection::vec("[a-z]{12,16}", 16)) {
        let word = |index: usize| words[index].as_str();
        let email = format!("{}@{}.example", word(1), word(2));
        let event = json!({ "event_id": word(0), "type": "profile.email_changed", "status": "attempted",
            "account": { "id": word(3), "email": email, "phone": "+81901234567890" },
            "session": { "id": word(4) },
            "context": { "ip": "203.0.113.7", "user_agent": format!("Mozilla/5.0 {}/1", word(5)),
                "device_token": word(6), "ja4": word(7) },
            "change": { "old": word(8), "new": word(9) },
            "credential": { "kind": "password", "secret_hash": word(10) },
            "order": { "id": word(11), "amount": 5, "currency": "JPY",
                "lines": [ { "sku": word(12), "title": word(13), "seller_id": word(14) } ],
                "ship_to": { "address_id": word(15), "country": "JP" } } });
        let packed = postcard::to_stdvec(&seen(&event)).unwrap();
        let shown = format!("{:?}", seen(&event));
        for word in &words {
            prop_assert!(!shown.contains(word.as_str()));
            for part in word.as_bytes().windows(6) {
                prop_assert!(!packed.windows(6).any(|bytes| bytes == part));
            }
        }
        prop_assert!(!shown.contains("901234567890") && !shown.contains("203.0.113"));
    }

    #[test]
    fn observing_twice_gives_the_same(id in "\\PC{1,20}", title in "\\PC{0,80}") {
        let event = json!({ "event_id": id, "type": "order.placed", "order": { "id": "o", "amount": 1,
            "currency": "JPY", "lines": [ { "title": title } ] } });
        prop_assert_eq!(seen(&event), seen(&event));
        let packed = postcard::to_stdvec(&seen(&event)).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Observation>(&packed).unwrap(), seen(&event));
    }
}
