//! Changes of an account, and what follows them (R7, X9).

use domain::event::{ChangeField, EventType, Status};
use domain::memory::Outcome;
use domain::observation::{Change, Observation};
use domain::time::{DAY, HOUR, MINUTE};

use crate::shop::{TODAY, at, nats, open_shop, order};
use crate::support::{World, codes, event, hash};

fn email(old: &str, new: &str, time: i64) -> Observation {
    let mut it = event("household 8", EventType::EmailChanged, Status::Succeeded, time);
    let value = |text| Some(hash(text));
    it.change = Some(Change { field: ChangeField::Email, old: value(old), new: value(new) });
    it
}

fn change(kind: EventType, time: i64) -> Observation {
    event("household 8", kind, Status::Succeeded, time)
}

/// Remembers `observation` as judged with this score.
fn remember_scored(world: &mut World, observation: &Observation, score: f64) {
    let mut assessment = world.ask(observation);
    assessment.score = score;
    world.remember(observation, &assessment);
}

#[test]
fn a_change_from_the_owners_own_place_says_little_and_one_from_elsewhere_much() {
    let says = |score| {
        let mut world = open_shop();
        remember_scored(&mut world, &email("old", "new", at(TODAY, 7)), score);
        let next = world.ask(&order("household 8", 0, 5, at(TODAY, 8)));
        nats(&next, "change.contact_changed")
    };
    assert!(says(0.01) < 0.6 && says(0.8) > 2.0, "{} {}", says(0.01), says(0.8));
}

#[test]
fn a_change_ages_by_time_and_by_the_owners_proof() {
    let mut world = open_shop();
    let changed = email("old", "new", at(TODAY, 7));
    remember_scored(&mut world, &changed, 0.8);
    let next = |day| order("household 8", 0, 5, at(TODAY + day, 8));
    let fresh = nats(&world.ask(&next(0)), "change.contact_changed");
    let aged = nats(&world.ask(&next(6)), "change.contact_changed");
    assert!(aged < fresh / 3.0 && aged > 0.0, "{fresh} {aged}");
    world.settle(&changed, Outcome::ConfirmedOwner);
    assert!(!codes(&world.ask(&next(0))).contains(&"change.contact_changed"));
}

#[test]
fn a_value_that_comes_back_is_told_as_reverted() {
    let mut world = open_shop();
    world.see(&email("old", "new", at(TODAY, 7)));
    let back = world.ask(&email("new", "old", at(TODAY, 9)));
    assert!(codes(&back).contains(&"change.reverted"), "{:?}", codes(&back));
    let third = world.ask(&email("new", "another", at(TODAY, 9)));
    assert!(!codes(&third).contains(&"change.reverted"), "{:?}", codes(&third));
}

#[test]
fn several_kinds_of_change_within_an_hour_are_told_but_not_while_an_account_is_set_up() {
    let mut world = open_shop();
    world.see(&email("old", "new", at(TODAY, 7)));
    world.see(&change(EventType::PhoneChanged, at(TODAY, 7) + 5 * MINUTE));
    let third = change(EventType::PasswordChanged, at(TODAY, 7) + 9 * MINUTE);
    assert!(nats(&world.ask(&third), "change.several_at_once") > 1.5);
    let mut newcomer = World::default();
    newcomer.see(&event("new", EventType::Registration, Status::Succeeded, at(0, 7)));
    newcomer.see(&event("new", EventType::PhoneChanged, Status::Succeeded, at(0, 7) + MINUTE));
    let next = event("new", EventType::AddressAdded, Status::Succeeded, at(0, 7) + 2 * MINUTE);
    assert!(!codes(&newcomer.ask(&next)).contains(&"change.several_at_once"));
}

#[test]
fn a_burst_of_changes_unlike_the_owner_is_remembered_and_the_owners_own_is_not() {
    let says = |score, later| {
        let mut world = open_shop();
        remember_scored(&mut world, &email("old", "new", at(TODAY, 7)), score);
        remember_scored(&mut world, &change(EventType::PhoneChanged, at(TODAY, 7)), score);
        remember_scored(&mut world, &change(EventType::PasswordChanged, at(TODAY, 7)), score);
        // A change alone, later: what says less does not hide what says more.
        remember_scored(&mut world, &change(EventType::NameChanged, at(TODAY, 9)), score);
        let next = order("household 8", 0, 5, at(TODAY, 7) + later);
        nats(&world.ask(&next), "change.several_at_once")
    };
    assert!(says(0.05, 30 * MINUTE) > 1.5);
    assert!(says(0.05, 3 * HOUR) < 0.1, "{}", says(0.05, 3 * HOUR));
    let night = says(0.9, 3 * HOUR);
    let days = says(0.9, 10 * DAY);
    assert!(night > 0.8 && days < night / 2.0 && days > 0.0, "{night} {days}");
}

#[test]
fn r07_a_reset_and_an_order_soon_after_a_change_of_contact_are_told() {
    let mut world = open_shop();
    world.see(&email("old", "new", at(TODAY, 7)));
    let reset = change(EventType::ResetRequested, at(TODAY, 8));
    assert!(codes(&world.ask(&reset)).contains(&"change.reset_after_contact"));
    let bought = order("household 8", 0, 5, at(TODAY, 8));
    assert!(codes(&world.ask(&bought)).contains(&"change.before_purchase"));
    let later = order("household 8", 0, 5, at(TODAY + 3, 8));
    assert!(!codes(&world.ask(&later)).contains(&"change.before_purchase"));
}

#[test]
fn removing_a_second_factor_is_told_then_and_afterwards() {
    let mut world = open_shop();
    let removed = world.see(&change(EventType::TwoStepDisabled, at(TODAY, 7)));
    assert!(codes(&removed).contains(&"change.removes_protection"));
    let bought = world.ask(&order("household 8", 0, 5, at(TODAY, 8)));
    assert!(codes(&bought).contains(&"change.second_factor_removed"));
}

#[test]
fn x9_a_payout_soon_after_a_change_of_bank_account_is_told() {
    let mut world = open_shop();
    let changed = world.see(&change(EventType::PayoutAccountChanged, at(TODAY, 7)));
    assert!(codes(&changed).contains(&"change.redirects_payout"));
    let soon = change(EventType::PayoutRequested, at(TODAY, 7) + 70 * HOUR);
    assert!(codes(&world.ask(&soon)).contains(&"change.redirects_payout"));
    let later = change(EventType::PayoutRequested, at(TODAY, 7) + 74 * HOUR);
    assert!(!codes(&world.ask(&later)).contains(&"change.redirects_payout"));
}

#[test]
fn an_attempt_changes_nothing() {
    let mut world = open_shop();
    let mut attempt = email("old", "new", at(TODAY, 7));
    attempt.status = Status::Attempted;
    remember_scored(&mut world, &attempt, 0.9);
    let next = world.ask(&order("household 8", 0, 5, at(TODAY, 8)));
    assert!(!codes(&next).contains(&"change.contact_changed"), "{:?}", codes(&next));
}
