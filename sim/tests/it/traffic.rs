//! The traffic itself.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::parse;
use domain::time::Micros;
use sim::{Attack, Drawn, Size, Traffic};

fn drawn(seed: u64) -> Vec<Drawn> {
    Traffic::new(seed, Size { accounts: 800, days: 40, ..Size::default() }).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() {
    let json = |seed| drawn(seed).into_iter().map(|drawn| drawn.json).collect::<Vec<_>>();
    assert_eq!(json(1), json(1));
    assert_ne!(json(1), json(2));
}

#[test]
fn events_come_in_order_of_time_with_ids_of_their_own_and_the_parser_takes_them_all() {
    let drawn = drawn(3);
    assert!(drawn.is_sorted_by_key(|drawn| drawn.at));
    let ids: BTreeSet<&str> = drawn.iter().map(|drawn| drawn.event_id.as_str()).collect();
    assert_eq!(ids.len(), drawn.len());
    for event in &drawn {
        let parsed = parse(event.json.as_bytes(), Micros(event.at)).unwrap();
        assert_eq!((parsed.occurred_at.0, &parsed.event_id), (event.at, &event.event_id));
    }
}

#[test]
fn every_kind_of_attack_takes_part_and_most_of_the_traffic_is_honest() {
    let drawn = drawn(4);
    let mut kinds: BTreeMap<Attack, usize> = BTreeMap::new();
    for attack in drawn.iter().filter_map(|drawn| drawn.attack) {
        *kinds.entry(attack).or_default() += 1;
    }
    for attack in Attack::ALL {
        assert!(kinds.contains_key(&attack), "{attack:?} in {kinds:?}");
    }
    let attacking: usize = kinds.values().sum();
    assert!(attacking * 4 < drawn.len(), "{attacking} of {}", drawn.len());
}

#[test]
fn session_thieves_never_sign_in() {
    let stolen: Vec<_> =
        drawn(5).into_iter().filter(|drawn| drawn.attack == Some(Attack::SessionTheft)).collect();
    assert!(!stolen.is_empty());
    assert!(stolen.iter().all(|drawn| !drawn.json.contains(r#""type":"login""#)));
}
