//! A stuffing wave whose addresses, accounts and secrets all rotate, and who must not pay for it.

use domain::decision::{AttackPattern, Verdict};
use domain::event::Status;
use domain::observation::{DeviceClass, Observation};
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use proptest::prelude::*;

use crate::support::{From, START, World, codes, sign_in};

const NOW: i64 = START + 13 * DAY;

fn at_home(index: i64, status: Status, at: i64) -> Observation {
    sign_in(&format!("customer-{index}"), status, at)
        .at_place(&format!("198.51.{index}.9"), 2_516, *b"JP")
        .on_device(&format!("device-{index}"))
        .with_agent("Chrome 140 Win", "Chrome 140", "Windows 10", DeviceClass::Desktop)
        .with_secret(&format!("own-{index}"))
}

/// Sixty customers who came from home every other day.
fn shop() -> World {
    let mut world = World::of_preset("marketplace");
    for day in 0..6 {
        for index in 0..60 {
            let at = START + day * 2 * DAY + index * 10 * MINUTE;
            world.see(&at_home(index, Status::Succeeded, at));
        }
    }
    world
}

/// A try at a customer from an address, with a secret, that nobody else has.
fn guess(index: i64, at: i64) -> Observation {
    sign_in(&format!("customer-{}", index % 60), Status::Failed, at)
        .at_place(&format!("203.0.{index}.7"), 64_500 + u32::try_from(index % 9).unwrap(), *b"BR")
        .with_agent("Firefox 141 Linux", "Firefox 141", "Linux", DeviceClass::Desktop)
        .with_secret(&format!("leaked-{index}"))
}

/// One guess every two minutes; returns when it is over.
fn wave(world: &mut World, count: i64) -> i64 {
    for index in 0..count {
        world.see(&guess(index, NOW + index * 2 * MINUTE));
    }
    NOW + count * 2 * MINUTE
}

fn stranger(account: i64, at: i64) -> Observation {
    let mut success = guess(account, at).at_place("192.0.2.77", 64_999, *b"FR");
    success.agent = domain::observation::Agent::default();
    success.status = Status::Succeeded;
    success
}

#[test]
fn a_wave_that_rotates_everything_is_named_stuffing() {
    let mut world = shop();
    let now = wave(&mut world, 30);
    let next = world.ask(&guess(45, now));
    assert_eq!(next.pattern, Some(AttackPattern::Stuffing));
    assert!(codes(&next).contains(&"shop.stuffing_wave"), "{:?}", codes(&next));
    assert!(codes(&next).contains(&"software.failing"), "{:?}", codes(&next));
}

#[test]
fn a_guess_at_an_account_that_nobody_has_is_named_too() {
    let mut world = shop();
    let now = wave(&mut world, 30);
    let nobody = sign_in("not-a-customer", Status::Failed, now).at_ip("192.0.2.9");
    assert_eq!(world.ask(&nobody).pattern, Some(AttackPattern::Stuffing));
}

#[test]
fn a_success_from_a_strange_place_is_worse_during_a_wave_and_is_asked_not_refused() {
    let quiet = shop().ask(&stranger(50, NOW + HOUR));
    let mut world = shop();
    let now = wave(&mut world, 30);
    let during = world.ask(&stranger(50, now));
    let odds = |score: f64| (score / (1.0 - score)).ln();
    assert!(odds(during.score) > odds(quiet.score) + 1.0, "{} and {}", quiet.score, during.score);
    assert_eq!(during.pattern, Some(AttackPattern::Stuffing));
    assert_eq!(during.verdict, Verdict::Challenge);
    let over = world.ask(&stranger(50, now + 12 * HOUR));
    assert_eq!((over.pattern, over.score), (None, quiet.score));
}

#[test]
fn nobody_at_home_or_new_to_the_shop_pays_for_a_wave() {
    let mut world = shop();
    let now = wave(&mut world, 60);
    let calm = shop();
    let newcomer = |status| sign_in("newcomer", status, now).at_place("192.0.2.5", 2_516, *b"JP");
    let travelling = at_home(55, Status::Succeeded, now).at_place("192.0.2.6", 64_501, *b"BR");
    for owner in [at_home(55, Status::Succeeded, now), travelling, newcomer(Status::Succeeded)] {
        let judged = world.ask(&owner);
        assert_eq!(judged.score, calm.ask(&owner).score, "{:?}", codes(&judged));
        assert_eq!((judged.pattern, judged.verdict), (None, calm.ask(&owner).verdict));
    }
}

#[test]
fn a_typo_on_a_new_phone_in_a_quiet_shop_is_no_wave() {
    let mut world = shop();
    for at in 0..3 {
        let typo = guess(7, NOW + at * 20 * SECOND).at_ip("192.0.2.8");
        assert_eq!(world.see(&typo).pattern, None);
    }
    let in_the_end = world.ask(&stranger(7, NOW + 2 * MINUTE).at_ip("192.0.2.8"));
    assert!(!codes(&in_the_end).contains(&"shop.stuffing_wave"));
}

#[test]
fn three_failures_in_a_tiny_shop_are_no_wave() {
    let mut world = World::default();
    for index in 0..5 {
        world.see(&at_home(index, Status::Succeeded, START));
    }
    for index in 0..3 {
        world.see(&guess(index, NOW + index * MINUTE));
    }
    let next = world.ask(&guess(3, NOW + 4 * MINUTE));
    assert_eq!(next.pattern, None);
    assert!(!codes(&next).contains(&"shop.stuffing_wave"));
}

#[test]
fn a_monday_morning_of_typos_and_sign_ins_from_home_is_no_wave() {
    let mut world = shop();
    for index in 0..60 {
        world.see(&at_home(index, Status::Failed, NOW + index * 30 * SECOND));
        world.see(&at_home(index, Status::Succeeded, NOW + (index * 30 + 15) * SECOND));
    }
    let strange = world.ask(&stranger(50, NOW + HOUR));
    assert!(!codes(&strange).contains(&"shop.stuffing_wave"), "{:?}", codes(&strange));
    assert_eq!(strange.pattern, None);
}

#[test]
fn a_day_on_which_many_come_with_new_phones_and_mistype_is_no_wave() {
    let mut world = shop();
    for index in 0..40 {
        let at = NOW + index * MINUTE;
        let phone = guess(index, at).on_device(&format!("new-phone-{index}"));
        world.see(&phone);
        let mut entry = phone.with_secret(&format!("own-{index}"));
        entry.status = Status::Succeeded;
        entry.occurred_at = entry.occurred_at.plus(20 * SECOND);
        world.see(&entry);
    }
    let next = world.ask(&stranger(50, NOW + 41 * MINUTE));
    assert!(!codes(&next).contains(&"shop.stuffing_wave"), "{:?}", codes(&next));
}

#[test]
fn a_day_on_which_nobody_can_sign_in_is_no_wave() {
    let mut world = shop();
    for index in 0..60 {
        world.see(&at_home(index, Status::Failed, NOW + index * 30 * SECOND));
        if index % 4 == 0 {
            world.see(&guess(index, NOW + index * 30 * SECOND));
        }
    }
    let next = world.ask(&stranger(50, NOW + 31 * MINUTE));
    assert!(!codes(&next).contains(&"shop.stuffing_wave"), "{:?}", codes(&next));
}

#[test]
fn a_popular_browser_is_not_blamed_for_a_wave_that_copies_it() {
    let mut world = shop();
    for index in 0..60 {
        world.see(&at_home(index, Status::Succeeded, NOW - HOUR + index * SECOND));
    }
    let copied = |it: Observation| {
        it.with_agent("Chrome 140 Win", "Chrome 140", "Windows 10", DeviceClass::Desktop)
    };
    for index in 0..30 {
        world.see(&copied(guess(index, NOW + index * 2 * MINUTE)));
    }
    let next = world.ask(&copied(stranger(50, NOW + HOUR)));
    assert!(codes(&next).contains(&"shop.stuffing_wave"), "{:?}", codes(&next));
    assert!(!codes(&next).contains(&"software.failing"), "{:?}", codes(&next));
}

#[test]
fn the_first_day_of_a_shop_of_which_nothing_is_known_is_no_wave() {
    let mut world = World::default();
    for index in 0..60 {
        let at = NOW + index * MINUTE;
        if index % 3 == 0 {
            world.see(&at_home(index, Status::Failed, at));
        }
        let entry = world.see(&at_home(index, Status::Succeeded, at + 10 * SECOND));
        assert_eq!(entry.pattern, None);
    }
    assert_eq!(world.ask(&at_home(70, Status::Failed, NOW + HOUR)).pattern, None);
}

#[test]
fn one_address_that_tries_everybody_is_no_wave_of_others() {
    let mut world = shop();
    for index in 0..40 {
        world.see(&guess(index, NOW + index * 30 * SECOND).at_ip("203.0.113.66"));
    }
    let elsewhere = world.ask(&stranger(50, NOW + 21 * MINUTE));
    assert!(!codes(&elsewhere).contains(&"shop.stuffing_wave"), "{:?}", codes(&elsewhere));
    assert_eq!(elsewhere.pattern, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn c8_no_wave_however_large_counts_against_an_owners_device_or_place(
        count in 1_i64..150, account in 0_i64..60, pace in 5_i64..120,
    ) {
        let (calm, mut attacked) = (shop(), shop());
        for index in 0..count {
            attacked.see(&guess(index, NOW + index * pace * SECOND));
        }
        let home = at_home(account, Status::Succeeded, NOW + count * pace * SECOND);
        let travelling = home.clone().at_place("192.0.2.6", 2_516, *b"JP");
        let mut without_device = home.clone();
        without_device.device = None;
        for owner in [home, travelling, without_device] {
            let (judged, before) = (attacked.ask(&owner), calm.ask(&owner));
            prop_assert_eq!(judged.score, before.score);
            prop_assert_eq!((judged.verdict, judged.pattern), (before.verdict, None));
        }
    }
}
