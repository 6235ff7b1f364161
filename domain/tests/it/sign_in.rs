//! Sign-ins as shops see them: what is an attack, what is not, and who pays for it.

use domain::decision::{AttackPattern, Standing};
use domain::event::{EventType, Status};
use domain::memory::Outcome;
use domain::observation::{Agent, DeviceClass, Observation, Origin};
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use proptest::prelude::*;

use crate::support::{From, START, World, codes, event, sign_in};

fn at_home(account: &str, status: Status, at: i64) -> Observation {
    sign_in(account, status, at)
        .at_place("198.51.100.7", 4713, *b"JP")
        .with_agent("Chrome 140 Win", "Chrome 140", "Windows 10", DeviceClass::Desktop)
        .on_device("home-pc")
}

fn abroad(account: &str, status: Status, at: i64) -> Observation {
    sign_in(account, status, at)
        .at_place("203.0.113.66", 64_500, *b"BR")
        .with_agent("Firefox 141 Linux", "Firefox 141", "Linux", DeviceClass::Desktop)
        .on_device("laptop")
}

/// A shop in which `owner` has signed in twelve times from home, and twenty others from theirs.
fn shop() -> World {
    let mut world = World::default();
    for day in 0..12 {
        world.see(&at_home("owner", Status::Succeeded, START + day * DAY));
        for other in 0..20 {
            let ip = format!("198.51.{other}.9");
            let sign_in = sign_in(&format!("other-{other}"), Status::Succeeded, START + day * DAY);
            world.see(&sign_in.at_place(&ip, 2_516, *b"JP").on_device(&ip));
        }
    }
    world
}

const NOW: i64 = START + 13 * DAY;

/// `count` failures at `account`, one every two seconds, each from `source(index)`.
fn storm(world: &mut World, count: i64, source: impl Fn(i64, Observation) -> Observation) -> i64 {
    for index in 0..count {
        let failure = sign_in("owner", Status::Failed, NOW + index * 2 * SECOND);
        world.see(&source(index, failure));
    }
    NOW + count * 2 * SECOND
}

#[test]
fn r1_a_right_password_from_a_new_device_and_country_is_no_silent_allow() {
    let world = shop();
    let assessment = world.ask(&abroad("owner", Status::Succeeded, NOW));
    assert!(assessment.score >= 0.5, "{}", assessment.score);
    for code in ["device.first_seen", "network.first_seen", "country.first_seen"] {
        assert!(codes(&assessment).contains(&code), "{:?}", codes(&assessment));
    }
}

#[test]
fn the_owner_at_home_is_let_through() {
    let assessment = shop().ask(&at_home("owner", Status::Succeeded, NOW));
    assert!(assessment.score < 0.01, "{}", assessment.score);
}

#[test]
fn a_new_device_alone_never_denies() {
    let mut sign_in = at_home("owner", Status::Succeeded, NOW);
    sign_in = sign_in.on_device("new-phone");
    let assessment = shop().ask(&sign_in);
    assert!(assessment.score < 0.3, "{}", assessment.score);
}

#[test]
fn travel_alone_never_denies() {
    let on_the_way = at_home("owner", Status::Succeeded, START + 11 * DAY + HOUR).at_place(
        "203.0.113.66",
        64_500,
        *b"BR",
    );
    let assessment = shop().ask(&on_the_way);
    assert!(codes(&assessment).contains(&"travel.too_fast"), "{:?}", codes(&assessment));
    assert!(assessment.score < 0.5, "{}", assessment.score);
}

#[test]
fn a_mistyped_password_on_the_first_visit_is_not_an_attack() {
    let mut world = shop();
    let first = world.see(&at_home("newcomer", Status::Failed, NOW));
    let second = world.see(&at_home("newcomer", Status::Failed, NOW + 8 * SECOND));
    let entry = world.see(&at_home("newcomer", Status::Succeeded, NOW + 20 * SECOND));
    for assessment in [first, second, entry] {
        assert!(assessment.score <= 0.05, "{}", assessment.score);
        assert_eq!((assessment.standing, assessment.pattern), (Standing::Quiet, None));
    }
}

#[test]
fn brute_force_is_one_account_and_many_secrets() {
    let mut world = shop();
    let now = storm(&mut world, 15, |index, it| {
        it.at_ip("203.0.113.66").with_secret(&format!("guess-{index}"))
    });
    let last = sign_in("owner", Status::Failed, now).at_ip("203.0.113.66").with_secret("next");
    let assessment = world.ask(&last);
    assert_eq!(assessment.pattern, Some(AttackPattern::BruteForce));
    assert!(assessment.score > 0.9, "{}", assessment.score);
}

/// Thirty accounts tried once each from one address, `secret(index)` shown.
fn many_accounts(secret: impl Fn(i64) -> String) -> domain::decision::Assessment {
    let mut world = shop();
    let failure = |index: i64| {
        sign_in(&format!("victim-{index}"), Status::Failed, NOW + index * 20 * SECOND)
            .at_ip("203.0.113.66")
            .with_secret(&secret(index))
    };
    for index in 0..30 {
        world.see(&failure(index));
    }
    world.ask(&failure(30))
}

#[test]
fn stuffing_is_many_accounts_each_with_its_own_secret() {
    let assessment = many_accounts(|index| format!("leaked-{index}"));
    assert_eq!(assessment.pattern, Some(AttackPattern::Stuffing));
    assert!(assessment.score > 0.9, "{}", assessment.score);
}

#[test]
fn spraying_is_one_secret_at_many_accounts() {
    let assessment = many_accounts(|_| "Summer2026!".to_owned());
    assert_eq!(assessment.pattern, Some(AttackPattern::Spraying));
}

#[test]
fn spraying_from_ever_new_addresses_is_seen_by_its_secret() {
    let mut world = shop();
    let failure = |index: i64| {
        sign_in(&format!("victim-{index}"), Status::Failed, NOW + index * MINUTE)
            .at_ip(&format!("203.0.{index}.1"))
            .with_secret("Summer2026!")
    };
    for index in 0..20 {
        world.see(&failure(index));
    }
    let assessment = world.ask(&failure(20));
    assert_eq!(assessment.pattern, Some(AttackPattern::Spraying));
    assert!(codes(&assessment).contains(&"secret.many_accounts"));
}

#[test]
fn x7_more_than_thirty_accounts_from_one_address_in_a_minute_are_braked() {
    let mut world = shop();
    let attempt = |index: i64| {
        let at = NOW + index * SECOND;
        sign_in(&format!("victim-{index}"), Status::Attempted, at).at_ip("203.0.113.66")
    };
    for index in 0..45 {
        world.see(&attempt(index));
    }
    let assessment = world.ask(&attempt(45));
    assert!(codes(&assessment).contains(&"source.fan_out"), "{:?}", codes(&assessment));
    assert!(assessment.score > 0.5, "{}", assessment.score);
}

#[test]
fn success_after_a_storm_is_worse_than_either_alone() {
    let strange = |status, at| sign_in("owner", status, at).at_ip("203.0.113.66");
    let alone = shop().ask(&strange(Status::Succeeded, NOW)).score;
    for spread in [false, true] {
        let mut world = shop();
        let now = storm(&mut world, 12, |index, it| {
            let last = if spread { index % 12 } else { 66 };
            it.at_ip(&format!("203.0.113.{last}"))
        });
        let storm = world.ask(&strange(Status::Failed, now)).score;
        let after = world.ask(&strange(Status::Succeeded, now)).score;
        assert!(after > alone, "{after} against the sign-in alone, {alone}");
        assert!(after > storm, "{after} against the storm alone, {storm}");
    }
    // The same source failed elsewhere, and now succeeds here.
    let mut world = shop();
    for index in 0..12 {
        let failure = sign_in(&format!("other-{index}"), Status::Failed, NOW + index * SECOND);
        world.see(&failure.at_ip("203.0.113.66"));
    }
    let after = world.ask(&strange(Status::Succeeded, NOW + MINUTE));
    assert!(after.score > alone && codes(&after).contains(&"sign_in.after_storm"));
}

#[test]
fn attacked_and_held_is_told_from_taken_over() {
    let mut world = shop();
    let now = storm(&mut world, 20, |_, it| it.at_ip("203.0.113.66").on_device("laptop"));
    let held = world.ask(&abroad("owner", Status::Failed, now));
    assert_eq!(held.standing, Standing::AttackedHeld);
    let entered = world.see(&abroad("owner", Status::Succeeded, now));
    assert_eq!(entered.standing, Standing::TakenOver);
    // The storm is over; the entry stays.
    let next = world.ask(&event("owner", EventType::Custom, Status::Succeeded, now + 2 * DAY));
    assert_eq!(next.standing, Standing::TakenOver);
}

#[test]
fn harmless_page_views_do_not_wash_out_a_takeover() {
    let mut world = shop();
    let now = storm(&mut world, 20, |_, it| it.at_ip("203.0.113.66").on_device("laptop"));
    world.see(&abroad("owner", Status::Succeeded, now));
    let order = |world: &World| {
        let mut order = abroad("owner", Status::Attempted, now + HOUR);
        order.kind = EventType::OrderPlaced;
        world.ask(&order)
    };
    let before = order(&world);
    for view in 0..26 {
        let mut page = abroad("owner", Status::Succeeded, now + view * MINUTE);
        page.kind = EventType::Custom;
        world.see(&page);
    }
    let after = order(&world);
    assert_eq!(after.standing, Standing::TakenOver);
    assert!(after.score >= before.score, "{} before, {} after", before.score, after.score);
}

#[test]
fn a_takeover_falls_to_proof_and_fades_with_time() {
    let mut world = shop();
    let now = storm(&mut world, 20, |_, it| it.at_ip("203.0.113.66").on_device("laptop"));
    world.see(&abroad("owner", Status::Succeeded, now));
    let standing = |world: &World, at| world.ask(&at_home("owner", Status::Succeeded, at)).standing;
    assert_eq!(standing(&world, now + 29 * DAY), Standing::TakenOver);
    assert_eq!(standing(&world, now + 31 * DAY), Standing::Quiet);
    let proof = at_home("owner", Status::Succeeded, now + 3 * DAY);
    world.see(&proof);
    world.settle(&proof, Outcome::ChallengePassed);
    assert_eq!(standing(&world, now + 4 * DAY), Standing::Quiet);
}

#[test]
fn a_confirmed_takeover_stays_until_the_owner_is_confirmed() {
    let mut world = shop();
    let intruder = abroad("owner", Status::Succeeded, NOW);
    world.see(&intruder);
    world.settle(&intruder, Outcome::ConfirmedTakeover);
    let later = world.ask(&at_home("owner", Status::Succeeded, NOW + 100 * DAY));
    assert_eq!(later.standing, Standing::TakenOver);
    // The intruder's device is bad at other accounts, too.
    let other = world.ask(&abroad("other-3", Status::Succeeded, NOW + HOUR));
    assert!(codes(&other).contains(&"source.confirmed_bad"));
    let owner = at_home("owner", Status::Succeeded, NOW + DAY);
    world.see(&owner);
    world.settle(&owner, Outcome::ConfirmedOwner);
    assert_eq!(world.ask(&owner).standing, Standing::Quiet);
}

#[test]
fn a_device_that_passed_a_challenge_is_known_and_one_that_failed_is_not() {
    let mut world = shop();
    let phone = abroad("owner", Status::Succeeded, NOW);
    let before = world.see(&phone).score;
    world.settle(&phone, Outcome::ChallengePassed);
    let passed = world.ask(&abroad("owner", Status::Succeeded, NOW + HOUR));
    let passed = passed.score;
    world.settle(&abroad("owner", Status::Succeeded, NOW + 2 * HOUR), Outcome::ChallengeFailed);
    let failed = world.ask(&abroad("owner", Status::Succeeded, NOW + 3 * HOUR));
    assert!(passed < 0.05 && passed < before, "{before}, then {passed}");
    assert!(failed.score > 0.9, "{before}, then {}", failed.score);
}

/// What one attacker does to the owner's account: never from its place, device or secrets.
fn elsewhere() -> impl Strategy<Value = Observation> {
    (0_i64..2 * HOUR, 0_u8..9, 0_u8..4, prop::bool::ANY).prop_map(|(at, ip, device, failed)| {
        let status = if failed { Status::Failed } else { Status::Attempted };
        sign_in("owner", status, NOW - HOUR + at)
            .at_place(&format!("203.0.{ip}.1"), 64_500 + u32::from(ip), *b"BR")
            .on_device(&format!("attacker-{device}"))
            .with_secret(&format!("guess-{at}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn c8_what_others_do_elsewhere_never_counts_against_the_owners_device_or_place(
        tries in prop::collection::vec(elsewhere(), 1..60),
    ) {
        let (calm, mut attacked) = (shop(), shop());
        for attempt in &tries {
            let mut assessment = attacked.ask(attempt);
            if attempt.status == Status::Attempted {
                assessment.verdict = domain::decision::Verdict::Challenge;
            }
            attacked.remember(attempt, &assessment);
        }
        let at_home = at_home("owner", Status::Succeeded, NOW + HOUR);
        let mut travelling = at_home.clone();
        travelling.origin = Origin::default();
        let mut without_device = at_home.clone();
        without_device.device = None;
        for owner in [at_home, travelling, without_device] {
            prop_assert_eq!(attacked.ask(&owner).score, calm.ask(&owner).score);
        }
    }

    #[test]
    fn more_failures_never_lower_the_score_of_a_strange_sign_in(
        count in 0_i64..40, succeeded in prop::bool::ANY,
    ) {
        let status = if succeeded { Status::Succeeded } else { Status::Failed };
        let after = |count| {
            let mut world = shop();
            for index in 0..count {
                let failure = sign_in("owner", Status::Failed, NOW + index * SECOND);
                world.see(&failure.at_ip("203.0.113.66"));
            }
            world.ask(&sign_in("owner", status, NOW + MINUTE).at_ip("203.0.113.66")).score
        };
        prop_assert!(after(count + 1) >= after(count));
    }

    #[test]
    fn a_fact_that_is_missing_never_counts_as_much_as_one_that_is_strange(
        missing in 0_usize..4, failures in 0_i64..12,
    ) {
        let mut world = shop();
        storm(&mut world, failures, |_, it| it.at_ip("203.0.113.66"));
        let strange = abroad("owner", Status::Succeeded, NOW + HOUR).with_secret("guess");
        let mut stripped = strange.clone();
        match missing {
            0 => stripped.origin = Origin::default(),
            1 => stripped.device = None,
            2 => stripped.agent = Agent::default(),
            _ => stripped.credential = None,
        }
        prop_assert!(world.ask(&stripped).score <= world.ask(&strange).score);
    }
}

#[test]
fn an_event_of_which_nothing_is_known_is_scored_by_its_kind_alone() {
    let mut world = World::default();
    let bare = sign_in("owner", Status::Succeeded, NOW);
    let stranger = world.see(&bare);
    assert_eq!(stranger.score, world.ask(&bare).score);
    assert!(stranger.reasons.is_empty());
    assert!(stranger.unknown.len() >= 6, "{:?}", stranger.unknown);
}

#[test]
fn r43_three_failures_from_a_strange_place_restrict_new_devices_and_not_the_owners() {
    let mut world = shop();
    let strange = |index: i64, minutes: i64| {
        abroad("owner", Status::Failed, NOW + minutes * MINUTE).on_device(&format!("new-{index}"))
    };
    for index in 0..3 {
        assert!(!restricted(&world, &strange(index, index * 5)), "before try {index}");
        world.see(&strange(index, index * 5));
    }
    let after = NOW + HOUR;
    assert!(restricted(&world, &abroad("owner", Status::Succeeded, after)));
    assert!(!restricted(&world, &at_home("owner", Status::Succeeded, after)));
    let travelling = at_home("owner", Status::Succeeded, after).at_ip("203.0.113.1");
    assert!(!restricted(&world, &travelling), "the owner's device passes anywhere");
    assert!(!restricted(&world, &abroad("owner", Status::Succeeded, after + 2 * DAY)));
}

#[test]
fn three_failures_over_a_day_or_from_home_restrict_nobody() {
    let mut slow = shop();
    let mut home = shop();
    for index in 0..3 {
        slow.see(&abroad("owner", Status::Failed, NOW + index * HOUR));
        home.see(&at_home("owner", Status::Failed, NOW + index * MINUTE));
    }
    let strange = abroad("owner", Status::Succeeded, NOW + 3 * HOUR);
    assert!(!restricted(&slow, &strange));
    assert!(!restricted(&home, &strange));
}

fn restricted(world: &World, observation: &Observation) -> bool {
    let features = domain::risk::Features::read(observation, &world.memory.known(observation));
    features.account.restricted && !features.sign_in.own
}

#[test]
fn lists_speak_of_strange_places_and_fade_as_they_age() {
    let listed = |age_days| {
        let mut strange = abroad("owner", Status::Succeeded, NOW);
        strange.origin.tor = domain::observation::Listed::Yes { age_days };
        shop().ask(&strange).score
    };
    let unlisted = shop().ask(&abroad("owner", Status::Succeeded, NOW)).score;
    assert!(listed(1) > listed(360) && listed(360) > unlisted);
    let mut home = at_home("owner", Status::Succeeded, NOW);
    let before = shop().ask(&home).score;
    home.origin.vpn = domain::observation::Listed::Yes { age_days: 1 };
    assert_eq!(shop().ask(&home).score, before, "the owner always uses a VPN");
}

#[test]
fn the_same_log_gives_the_same_judgement_again() {
    let judge = || {
        let mut world = shop();
        storm(&mut world, 20, |index, it| it.at_ip(&format!("203.0.113.{}", index % 3)));
        world.ask(&abroad("owner", Status::Succeeded, NOW + MINUTE))
    };
    assert_eq!(judge(), judge());
}
