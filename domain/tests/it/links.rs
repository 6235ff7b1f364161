//! Values that accounts share, and values of confirmed takeovers (T1, T18, X5).

use domain::event::{EventType, Status};
use domain::memory::Outcome;
use domain::observation::Observation;

use crate::shop::{Ordered, TODAY, at, nats, open_shop, order};
use crate::support::{From, World, codes, event};

fn to_drop(account: &str, day: i64) -> Observation {
    order(account, 0, 5, at(day, 8)).to("the drop")
}

#[test]
fn households_and_gift_recipients_may_share_an_address() {
    let mut world = open_shop();
    for account in ["household 1", "household 2", "household 3"] {
        let shared = world.see(&order(account, 0, 5, at(TODAY, 8)).to("grandmother's"));
        assert!(!codes(&shared).contains(&"links.mule_address"), "{:?}", codes(&shared));
    }
}

#[test]
fn t18_an_address_that_many_accounts_begin_to_ship_to_is_a_mules() {
    let mut world = open_shop();
    for n in 0..8 {
        world.see(&to_drop(&format!("household {n}"), TODAY + n));
    }
    let next = world.ask(&to_drop("household 20", TODAY + 8));
    assert!(nats(&next, "links.mule_address") > 1.0, "{:?}", next.reasons);
    let months_later = world.ask(&to_drop("household 20", TODAY + 70));
    assert!(!codes(&months_later).contains(&"links.mule_address"));
}

#[test]
fn a_pick_up_point_of_half_the_town_is_no_mules() {
    let mut world = open_shop();
    for n in 0..400 {
        world.see(&to_drop(&format!("townsman {n}"), TODAY + n / 40));
    }
    let next = world.ask(&to_drop("household 20", TODAY + 10));
    assert!(!codes(&next).contains(&"links.mule_address"), "{:?}", next.reasons);
}

#[test]
fn x5_a_card_on_many_accounts_is_told_and_a_family_card_is_not() {
    let mut world = open_shop();
    let pays = |n: i64| order(&format!("household {n}"), 0, 5, at(TODAY, 8)).card("one card", true);
    for n in 0..2 {
        world.see(&pays(n));
    }
    assert!(!codes(&world.ask(&pays(2))).contains(&"links.card_shared"));
    for n in 2..6 {
        world.see(&pays(n));
    }
    assert!(nats(&world.ask(&pays(6)), "links.card_shared") > 2.0);
}

#[test]
fn what_a_confirmed_takeover_used_is_bad_for_other_accounts_until_taken_back() {
    let mut world = open_shop();
    let takeover = to_drop("household 1", TODAY).card("drained", true).on_device("the thief's");
    world.see(&takeover);
    world.settle(&takeover, Outcome::ConfirmedTakeover);
    let next = to_drop("household 2", TODAY + 2).on_device("the thief's");
    let said = world.ask(&next);
    for code in ["links.device_of_takeover", "links.address_of_takeover"] {
        assert!(codes(&said).contains(&code), "{:?}", codes(&said));
    }
    assert!(!codes(&said).contains(&"links.card_of_takeover"), "the card is another");
    world.settle(&takeover, Outcome::ConfirmedOwner);
    let cleared = world.ask(&next);
    assert!(!codes(&cleared).iter().any(|code| code.ends_with("of_takeover")));
}

#[test]
fn t01_the_victims_own_address_and_card_stay_her_own() {
    let mut world = open_shop();
    // The intruder shipped to her home and paid with her card.
    let takeover = order("household 1", 0, 5, at(TODAY, 8));
    world.see(&takeover);
    world.settle(&takeover, Outcome::ConfirmedTakeover);
    let owner = world.ask(&order("household 1", 1, 6, at(TODAY + 20, 8)));
    assert!(!codes(&owner).iter().any(|code| code.ends_with("of_takeover")), "{:?}", codes(&owner));
}

#[test]
fn guessing_at_many_accounts_from_one_device_links_nobody() {
    let mut world = World::default();
    for n in 0..30 {
        let account = format!("account {n}");
        let guess = event(&account, EventType::Login, Status::Failed, at(0, 8) + n);
        world.see(&guess.on_device("one device"));
    }
    let owner = event("owner", EventType::Login, Status::Succeeded, at(0, 9));
    let said = world.ask(&owner.on_device("one device"));
    assert!(!codes(&said).contains(&"links.device_shared"), "{:?}", codes(&said));
}
