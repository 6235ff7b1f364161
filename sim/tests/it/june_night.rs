//! R2 and the story of the requirements: 14 orders from 3 June 21:00 to 4 June 05:00 on an account
//! with one order a month.

use domain::decision::Assessment;
use domain::event::{Event, EventType, observe, parse};
use domain::keyed::KeyedHasher;
use domain::memory::Memory;
use domain::policy::Policy;
use domain::risk::{assess, signal_by_number};
use domain::time::{HOUR, MINUTE, Micros};
use sim::side_by_side::place;
use sim::{Drawn, story};

/// The story, judged event by event as it happened.
fn judged(seed: u64, policy: &Policy) -> Vec<(Drawn, Event, Assessment)> {
    let hasher = KeyedHasher::new([1; 32]);
    let mut memory = Memory::default();
    (1..)
        .zip(story(seed))
        .map(|(position, drawn)| {
            let event = parse(drawn.json.as_bytes(), Micros(drawn.at)).unwrap();
            let observation = observe(&event, event.occurred_at, place(&event), &hasher);
            let assessment = assess(&observation, &memory.known(&observation), policy);
            memory.remember(position, &observation, &assessment);
            (drawn, event, assessment)
        })
        .collect()
}

fn night(seed: u64) -> Vec<(Drawn, Event, Assessment)> {
    judged(seed, &Policy::default())
        .into_iter()
        .filter(|(drawn, ..)| drawn.attack.is_some())
        .collect()
}

fn codes(assessment: &Assessment) -> Vec<&'static str> {
    assessment.reasons.iter().map(|r| signal_by_number(r.signal).unwrap().code).collect()
}

#[test]
fn the_night_is_as_told() {
    let night = night(1);
    let orders: Vec<_> =
        night.iter().filter(|(_, e, _)| e.kind == EventType::OrderPlaced).collect();
    assert_eq!(orders.len(), 14);
    let first = orders[0].1.occurred_at;
    assert_eq!(night[0].1.kind, EventType::Login);
    assert!((10 * MINUTE..=16 * MINUTE).contains(&first.since(night[0].1.occurred_at)));
    assert!(orders[13].1.occurred_at.since(first) < 8 * HOUR);
    let amounts: Vec<i64> =
        orders.iter().map(|(_, e, _)| e.order.as_ref().unwrap().amount).collect();
    assert_eq!(amounts.iter().filter(|amount| **amount == 420_000).count(), 1);
    let changed = [
        EventType::EmailChanged,
        EventType::PhoneChanged,
        EventType::PasskeyAdded,
        EventType::AddressAdded,
    ];
    assert!(changed.iter().all(|kind| night.iter().any(|(_, event, _)| event.kind == *kind)));
}

#[test]
fn the_sign_in_scores_above_every_visit_of_the_owner() {
    for seed in 1..6 {
        let all = judged(seed, &Policy::default());
        let sign_in = all.iter().find(|(drawn, ..)| drawn.attack.is_some()).unwrap();
        assert_eq!(sign_in.1.kind, EventType::Login);
        let settled = |drawn: &Drawn| drawn.attack.is_none() && drawn.history >= 10;
        let owners =
            all.iter().filter(|(drawn, event, _)| settled(drawn) && event.kind == EventType::Login);
        let highest = owners.map(|(_, _, judged)| judged.score).fold(0.0, f64::max);
        assert!(sign_in.2.score > highest, "seed {seed}: {} {highest}", sign_in.2.score);
        assert!(!sign_in.2.reasons.is_empty(), "seed {seed}: never silent");
    }
}

fn orders(seed: u64) -> Vec<Assessment> {
    let night = night(seed).into_iter();
    night.filter(|(_, e, _)| e.kind == EventType::OrderPlaced).map(|(.., judged)| judged).collect()
}

#[test]
fn the_burst_is_named_before_midnight_and_stays_named_until_morning() {
    for seed in 1..6 {
        let orders = orders(seed);
        let named = |order: &Assessment| codes(order).contains(&"purchase.burst");
        let first = orders.iter().position(named);
        assert!(first.is_some_and(|place| place <= 5), "seed {seed}: {first:?}");
        assert!(orders.iter().skip(5).all(named), "seed {seed}");
    }
}

#[test]
fn the_night_is_never_washed_out_by_the_intruders_own_visits() {
    for seed in 1..6 {
        for (place, order) in orders(seed).iter().enumerate().skip(4) {
            assert!(order.score > 0.5, "seed {seed}, order {place}: {}", order.score);
        }
    }
}
