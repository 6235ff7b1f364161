//! Memory is a function of the set of events: any order of arrival, any snapshot, the same state.

use domain::decision::{Assessment, Facts, Reason, Verdict};
use domain::event::{EventType, Status};
use domain::keyed::AccountKey;
use domain::memory::{Memory, Outcome, Profile, Shard};
use domain::observation::{DeviceClass, Observation};
use domain::time::{DAY, HOUR};
use proptest::prelude::*;

use crate::support::{From, START, World, hash, sign_in};

#[derive(Debug, Clone)]
struct Told {
    observation: Observation,
    verdict: Verdict,
    outcome: Option<Outcome>,
}

fn told(outcomes: u8) -> impl Strategy<Value = Told> {
    let place = (0_u8..6, 0_u8..3, 0_u8..4);
    let what = (0_u8..4, 0_i64..30 * DAY, 0_u8..3, 0_u8..3, 12 - outcomes..12);
    (place, what).prop_map(|((ip, asn, device), (account, at, status, verdict, outcome))| {
        let status = [Status::Attempted, Status::Succeeded, Status::Failed][usize::from(status)];
        let country = [*b"JP", *b"US", *b"BR"][usize::from(asn)];
        let mut observation = sign_in(&format!("account-{account}"), status, START + at)
            .at_place(&format!("198.51.{ip}.{asn}"), 64_500 + u32::from(asn), country)
            .with_secret(&format!("secret-{}", at % 5))
            .with_agent(["a", "b", "c"][usize::from(ip % 3)], "x", "y", DeviceClass::Desktop);
        if device > 0 {
            observation = observation.on_device(&format!("device-{device}"));
        }
        let verdict = [Verdict::Allow, Verdict::Challenge, Verdict::Deny][usize::from(verdict)];
        let outcome = match outcome {
            11 => Some(Outcome::ChallengePassed),
            10 => Some(Outcome::ChallengeFailed),
            9 => Some(Outcome::Completed),
            1 => Some(Outcome::ConfirmedTakeover),
            0 => Some(Outcome::ConfirmedOwner),
            _ => None,
        };
        Told { observation, verdict, outcome }
    })
}

fn tell(memory: &mut Memory, position: u64, told: &Told) {
    // Some come from strange places, some from home: by what is told, so that order does not matter.
    let signal = [102, 111, 205][usize::try_from(told.observation.occurred_at.0 % 3).unwrap()];
    let reason = Reason { signal, nats: 1.0, facts: Facts::new() };
    let reasons = [reason].into_iter().collect();
    let assessment = Assessment { verdict: told.verdict, reasons, ..Assessment::default() };
    match told.outcome {
        None => memory.remember(position, &told.observation, &assessment),
        Some(outcome) => memory.settle(position, &told.observation, outcome),
    }
}

fn world(all: &[Told]) -> World {
    let mut world = World::default();
    for told in all {
        world.position += 1;
        tell(&mut world.memory, world.position, told);
    }
    world
}

fn account(index: u8) -> AccountKey {
    AccountKey(u128::from(hash(&format!("account-{index}"))))
}

/// Sign-ins without the positions, which are about arrival.
fn sign_ins(world: &World, index: u8) -> Option<domain::memory::sign_ins::SignIns> {
    let mut own = world.memory.account(account(index))?.sign_ins.clone();
    own.first_position = 0;
    Some(own)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A person's word on who it was takes effect in the order of the log; all else in any order.
    #[test]
    fn any_order_of_arrival_gives_the_same_state_and_the_same_judgement(
        (told, shuffled) in prop::collection::vec(told(10), 1..60).prop_flat_map(|told| {
            (Just(told.clone()), Just(told).prop_shuffle())
        }),
    ) {
        let (one, other) = (world(&told), world(&shuffled));
        for index in 0..4 {
            prop_assert_eq!(sign_ins(&one, index), sign_ins(&other, index));
        }
        for told in &told {
            let mut probe = told.observation.clone();
            probe.occurred_at = domain::time::Micros(START + 30 * DAY + HOUR);
            prop_assert_eq!(one.ask(&probe), other.ask(&probe));
        }
    }

    #[test]
    fn a_tail_replayed_over_snapshots_of_any_age_gives_the_uninterrupted_state(
        told in prop::collection::vec(told(12), 1..60),
        saves in prop::collection::vec((0_usize..60, 0_usize..70), 0..40),
    ) {
        let mut whole = Memory::default();
        let mut restored = Memory::default();
        for (index, told) in told.iter().enumerate() {
            tell(&mut whole, index as u64 + 1, told);
            for (_, part) in saves.iter().filter(|(when, _)| *when == index) {
                save(&whole, *part, &mut restored);
            }
        }
        for (index, told) in told.iter().enumerate() {
            tell(&mut restored, index as u64 + 1, told);
        }
        for index in 0..4 {
            prop_assert_eq!(whole.account(account(index)), restored.account(account(index)));
        }
        prop_assert_eq!(whole.crowd(), restored.crowd());
    }
}

/// Saves one part, as the store does, and puts it into the memory that will start from it.
fn save(from: &Memory, part: usize, into: &mut Memory) {
    match part {
        0..4 => {
            let account = account(u8::try_from(part).unwrap());
            if let Some(profile) = from.account(account) {
                let bytes = postcard::to_stdvec(profile).unwrap();
                into.restore_account(account, postcard::from_bytes::<Profile>(&bytes).unwrap());
            }
        }
        4..6 => {
            let bytes = postcard::to_stdvec(&from.crowd().population).unwrap();
            into.crowd_mut().population = postcard::from_bytes(&bytes).unwrap();
        }
        _ => {
            let bytes = postcard::to_stdvec(&from.crowd().shards()[part - 6]).unwrap();
            into.crowd_mut()
                .restore_shard(part - 6, postcard::from_bytes::<Shard>(&bytes).unwrap());
        }
    }
}

#[test]
fn an_account_keeps_the_latest_sixteen_places_in_any_order_of_arrival() {
    let sign_in = |index: i64| {
        sign_in("roamer", Status::Succeeded, START + index * DAY)
            .at_ip(&format!("198.51.{index}.1"))
    };
    let visit = |order: &[i64]| {
        let mut world = World::default();
        for &index in order {
            world.remember(&sign_in(index), &Assessment::default());
        }
        let roamer = AccountKey(u128::from(hash("roamer")));
        let places = &world.memory.account(roamer).unwrap().sign_ins.places;
        places.iter().map(|place| place.ip).collect::<Vec<_>>()
    };
    let forwards: Vec<_> = (0..40).collect();
    let backwards: Vec<_> = (0..40).rev().collect();
    assert_eq!(visit(&forwards).len(), 16);
    assert_eq!(visit(&forwards), visit(&backwards));
}

#[test]
fn two_months_late_events_are_counted() {
    let mut world = World::default();
    let now = START + 70 * DAY;
    world.see(&sign_in("owner", Status::Succeeded, now).at_ip("203.0.113.1"));
    let late = sign_in("owner", Status::Succeeded, START).at_ip("198.51.100.7");
    world.see(&late);
    let owner = world.memory.account(AccountKey(u128::from(hash("owner")))).unwrap();
    assert_eq!(owner.sign_ins.count, 2);
    assert_eq!(owner.first_seen().unwrap().0, START);
    let again = sign_in("owner", Status::Succeeded, now + DAY).at_ip("198.51.100.7");
    assert!(world.ask(&again).score < 0.05);
    assert_eq!(again.kind, EventType::Login);
}

/// Bytes of one account's history in memory: the profile and what its lists hold on the heap.
fn bytes_of(profile: &Profile) -> usize {
    let own = &profile.sign_ins;
    let lists =
        size_of_val(&*own.places) + size_of_val(&*own.software) + size_of_val(&*own.devices);
    let rare =
        own.tries.as_ref().map_or(0, |tries| size_of_val(&**tries) + size_of_val(&*tries.latest));
    // A block each costs the allocator about 16 bytes; the table about 40 an account.
    size_of::<Profile>() + lists + rare + 40 + 16 * 4
}

#[test]
fn an_account_with_twelve_sign_ins_takes_at_most_600_bytes() {
    let mut world = World::default();
    for index in 0..12 {
        let place = index % 4;
        let sign_in = sign_in("owner", Status::Succeeded, START + index * DAY)
            .at_place(&format!("198.51.{place}.1"), 4713, *b"JP")
            .on_device(&format!("device {}", index % 2))
            .with_agent(&format!("text {}", index % 2), "browser", "system", DeviceClass::Mobile);
        world.see(&sign_in);
    }
    let owner = world.memory.account(AccountKey(u128::from(hash("owner")))).unwrap();
    println!("{} bytes", bytes_of(owner));
    assert!(bytes_of(owner) <= 600, "{}", bytes_of(owner));
}
