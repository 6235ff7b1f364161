//! Real guessing against real owners: four weeks of SSH sign-ins on one host (no user agents, no
//! devices, no AS), judged with the thresholds of a marketplace.

use std::collections::BTreeMap;

use domain::decision::Verdict;
use domain::event::{Place, Status, observe, parse};
use domain::keyed::KeyedHasher;
use domain::observation::Observation;
use domain::time::{DAY, Micros};

use crate::support::{World, shared};

fn load() -> Option<Vec<(String, Observation)>> {
    let text = std::fs::read_to_string(shared("logins/ssh-elastic-2017.ndjson")?).unwrap();
    let hasher = KeyedHasher::new([3; 32]);
    let read = |line: &str| {
        let event = parse(line.as_bytes(), Micros(i64::MAX / 4)).unwrap();
        let ip = event.context.ip.unwrap().to_string();
        let at = event.occurred_at;
        (ip, observe(&event, at, Place::default(), &hasher))
    };
    Some(text.lines().map(read).collect())
}

/// What became of one source.
#[derive(Default)]
struct Source {
    tries: usize,
    successes: usize,
    /// Its first try that was stopped, from 1.
    stopped: Option<usize>,
}

#[test]
fn guessing_sources_are_stopped_within_ten_tries_and_owners_are_let_through() {
    let Some(events) = load() else { return };
    let start = events[0].1.occurred_at;
    let mut world = World::of_preset("marketplace");
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    let (mut accepted, mut challenged, mut denied) = (0, 0, 0);
    for (ip, observation) in &events {
        let assessment = world.see(observation);
        let source = sources.entry(ip.clone()).or_default();
        source.tries += 1;
        if assessment.verdict != Verdict::Allow && source.stopped.is_none() {
            source.stopped = Some(source.tries);
        }
        if observation.status == Status::Succeeded {
            source.successes += 1;
            accepted += 1;
            denied += usize::from(assessment.verdict == Verdict::Deny);
            let late = observation.occurred_at.since(start) > DAY;
            challenged += usize::from(late && assessment.verdict == Verdict::Challenge);
            if assessment.verdict != Verdict::Allow {
                let codes = crate::support::codes(&assessment);
                println!("{:?} at {}: {ip} {codes:?}", assessment.verdict, assessment.score);
            }
        }
    }
    let guessing: Vec<_> = sources.iter().filter(|(_, it)| it.successes == 0).collect();
    let slow: Vec<_> = guessing
        .iter()
        .filter(|(_, it)| it.tries >= 10 && it.stopped.is_none_or(|first| first > 10))
        .map(|(ip, it)| (ip, it.tries, it.stopped))
        .collect();
    for tries in [1, 3, 6, 10] {
        let some: Vec<_> = guessing.iter().filter(|(_, it)| it.tries >= tries).collect();
        let stopped = some.iter().filter(|(_, it)| it.stopped.is_some()).count();
        let worst = some.iter().filter_map(|(_, it)| it.stopped).max();
        println!(
            "sources with {tries} tries or more: {}, stopped {stopped}, latest at {worst:?}",
            some.len()
        );
    }
    println!("accepted {accepted}: challenged after the first day {challenged}, denied {denied}");
    assert_eq!(slow, []);
    assert_eq!((accepted, denied), (226, 0));
    assert!(challenged <= 5);
}
