//! What every parser must hold to, whatever the bytes: it ends, it does not panic, and what it says
//! agrees with itself. The fuzz targets call these, and so does `domain/tests/it/fuzz.rs`.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "every target uses one of them")]

use std::net::{IpAddr, Ipv4Addr};

use domain::event::batch::{Form, split};
use domain::event::{Place, observe, parse};
use domain::keyed::KeyedHasher;
use domain::list::{AddressList, DomainList, NetworkTable, SystemList, dated};
use domain::observation::Observation;
use domain::time::Micros;

/// 2026-06-03.
const NOW: Micros = Micros(1_780_488_250_000_000);

pub fn event(input: &[u8]) {
    match parse(input, NOW) {
        Ok(event) => {
            assert!(event.order.iter().all(|order| order.amount >= 0));
            let seen = observe(&event, NOW, Place::default(), &KeyedHasher::new([1; 32]));
            let packed = postcard::to_stdvec(&seen).unwrap_or_default();
            assert_eq!(postcard::from_bytes::<Observation>(&packed).ok(), Some(seen));
        }
        Err(refused) => {
            assert!(!refused.detail.is_empty());
            assert!(refused.pointer.is_empty() || refused.pointer.starts_with('/'));
        }
    }
}

pub fn batch(input: &[u8]) {
    for form in [Form::Array, Form::Lines] {
        let mut end = 0;
        for item in split(input, form).unwrap_or_default() {
            assert!(item.offset >= end && item.line >= 1);
            end = item.offset;
            if let Ok(text) = item.text {
                assert_eq!(input.get(end..end + text.len()), Some(text));
                end += text.len();
            }
        }
    }
}

pub fn lists(input: &[u8]) {
    let _ = dated(input);
    if let Ok(list) = AddressList::parse(input) {
        assert!(!list.is_empty());
        let _ = list.contains(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    assert!(
        SystemList::parse(input).is_ok_and(|list| !list.is_empty())
            || SystemList::parse(input).is_err()
    );
    if let Ok(list) = DomainList::parse(input) {
        assert!(!list.is_empty());
    }
    let _ = DomainList::default().contains(&String::from_utf8_lossy(input));
}

pub fn networks(input: &[u8]) {
    if let Ok(table) = NetworkTable::parse(input) {
        assert!(!table.is_empty());
        let _ = table.find(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
}

pub fn agent(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    assert_eq!(domain::agent::read(&text), domain::agent::read(&text));
}

pub fn policy(input: &[u8]) {
    if let Err(errors) = domain::policy::Policy::compile(&String::from_utf8_lossy(input)) {
        assert!(errors.iter().all(|error| error.line >= 1 && error.column >= 1));
        assert!(!errors.is_empty());
    }
}

pub fn observation(input: &[u8]) {
    if let Ok(seen) = postcard::from_bytes::<Observation>(input) {
        let packed = postcard::to_stdvec(&seen).unwrap_or_default();
        assert!(!packed.is_empty());
    }
}
