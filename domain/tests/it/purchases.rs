//! Orders against the account's own way of shopping (R2, R53, R56, X2, X5).

use domain::event::{EventType, LineKind, Status, ThreeDs};
use domain::memory::Outcome;
use domain::time::{DAY, HOUR, MINUTE};

use crate::shop::{Ordered, TODAY, at, nats, open_shop, order};
use crate::support::{World, codes, event};

/// Above this, the presets ask.
const ASKED: f64 = 0.3;

#[test]
fn r02_fourteen_orders_in_one_night_are_one_burst_across_midnight() {
    let mut world = open_shop();
    // 3 June 21:00 to 4 June 05:00 in Tokyo is 12:00 to 20:00 UTC; midnight there is 15:00.
    let scores: Vec<_> = (0..14)
        .map(|n| {
            let night = at(TODAY, 12) + n * 34 * MINUTE;
            world.see(&order("household 2", 0, n, night).amount(60_000)).score
        })
        .collect();
    assert!(scores[13] > 0.9, "{scores:?}");
    assert!(scores[6..].iter().all(|score| *score > ASKED), "none is split off: {scores:?}");
    let last = world.ask(&order("household 2", 0, 99, at(TODAY, 21)).amount(60_000));
    assert!(codes(&last).contains(&"purchase.burst"), "{:?}", codes(&last));
    assert!(codes(&last).contains(&"purchase.large_spend"), "{:?}", codes(&last));
}

#[test]
fn r02_two_days_later_the_burst_is_over() {
    let mut world = open_shop();
    for n in 0..14 {
        let night = at(TODAY, 12) + n * 34 * MINUTE;
        world.see(&order("household 2", 0, n, night));
    }
    let later = world.ask(&order("household 2", 2, 3, at(TODAY + 4, 8)));
    assert!(nats(&later, "purchase.burst") < 0.1, "{:?}", codes(&later));
}

#[test]
fn r02_the_owners_proof_ends_a_burst_at_once() {
    let mut world = open_shop();
    let orders: Vec<_> = (0..6).map(|n| order("household 2", 0, n, at(TODAY, 3 * n))).collect();
    for order in &orders {
        world.see(order);
    }
    let next = order("household 2", 0, 9, at(TODAY, 20));
    let before = world.ask(&next).score;
    for order in &orders {
        world.settle(order, Outcome::ConfirmedOwner);
    }
    let after = world.ask(&next);
    assert!(before > ASKED && after.score < 0.05, "{before} {}", after.score);
    assert!(codes(&after).contains(&"purchase.owner_proved"));
}

#[test]
fn later_orders_of_a_burst_stay_suspicious_whatever_harmless_events_come_between() {
    let mut world = open_shop();
    for n in 0..6 {
        world.see(&order("household 2", 0, n, at(TODAY, 3 * n)).amount(50_000));
    }
    let next = order("household 2", 0, 9, at(TODAY, 20)).amount(50_000);
    let before = world.ask(&next).score;
    for n in 0..500 {
        let harmless =
            event("household 2", EventType::Custom, Status::Succeeded, at(TODAY, 19) + n);
        world.see(&harmless);
    }
    let after = world.ask(&next).score;
    assert!(before > 0.5, "{before}");
    assert!((before - after).abs() < 1e-9, "{before} {after}");
}

#[test]
fn an_account_with_two_orders_is_judged_gently_and_one_with_many_sharply() {
    let mut world = open_shop();
    for n in 0..2 {
        world.see(&order("newcomer", 0, n, at(TODAY - 10 + 4 * n, 7)));
    }
    let burst = |world: &mut World, account: &str| {
        for n in 0..3 {
            world.see(&order(account, 2, n, at(TODAY, 2 + 4 * n)));
        }
        let fourth = world.ask(&order(account, 2, 3, at(TODAY, 16)));
        nats(&fourth, "purchase.burst")
    };
    let (few, many) = (burst(&mut world, "newcomer"), burst(&mut world, "household 2"));
    assert!(few < many, "{few} {many}");
}

#[test]
fn a_first_order_ever_is_no_reason_to_ask() {
    let world = open_shop();
    let first = world.ask(&order("stranger", 1, 3, at(TODAY, 8)));
    assert!(first.score < 0.02, "{} {:?}", first.score, codes(&first));
    assert!(first.unknown.contains(&domain::decision::MissingFact::History));
}

#[test]
fn first_orders_in_an_empty_shop_are_no_reason_to_ask() {
    let mut world = World::default();
    for n in 0..20 {
        let first = world.see(&order(&format!("account {n}"), n, n, at(0, n)));
        assert!(first.score < 0.02, "{} {:?}", first.score, codes(&first));
    }
}

#[test]
fn christmas_shopping_is_not_asked_about() {
    let mut world = open_shop();
    // Three sittings in two days, from her own department and one other, at her usual hours.
    for n in 0..3 {
        let gifts = order("household 8", i64::from(n == 2), n + 1, at(TODAY + n / 2, 7 + n));
        let asked = world.see(&gifts.amount(9_000));
        assert!(asked.score < ASKED, "{} {:?}", asked.score, codes(&asked));
    }
}

#[test]
fn a_gift_to_a_new_address_is_not_asked_about_by_the_score_alone() {
    let world = open_shop();
    let gift =
        world.ask(&order("household 8", 0, 5, at(TODAY, 8)).to("her sister's").amount(8_000));
    assert!(gift.score < 0.1, "{} {:?}", gift.score, codes(&gift));
    assert!(codes(&gift).contains(&"purchase.stored_card_new_address"));
}

#[test]
fn moving_house_is_over_after_three_days() {
    let mut world = open_shop();
    world.see(&order("household 8", 0, 5, at(TODAY, 8)).to("the new home"));
    let later = world.ask(&order("household 8", 0, 6, at(TODAY + 20, 8)).to("the new home"));
    assert!(!codes(&later).contains(&"purchase.new_address"), "{:?}", codes(&later));
    assert!(!codes(&later).contains(&"purchase.stored_card_new_address"), "{:?}", codes(&later));
}

#[test]
fn a_wholesaler_with_the_habit_stays_free() {
    let mut world = open_shop();
    let bulk = |n: i64, time: i64| order("wholesaler", 2, n, time).pieces(120).amount(400_000);
    for day in 0..TODAY {
        for n in 0..3 {
            world.see(&bulk(n + day, at(day, 3 + 3 * n)));
        }
    }
    for n in 0..3 {
        let again = world.see(&bulk(n, at(TODAY, 3 + 3 * n)));
        assert!(again.score < 0.02, "{} {:?}", again.score, codes(&again));
    }
}

#[test]
fn goods_the_account_buys_speak_for_the_owner_and_goods_it_never_bought_do_not() {
    let world = open_shop();
    let own = world.ask(&order("household 8", 0, 5, at(TODAY, 8)));
    let other = world.ask(&order("household 8", 3, 5, at(TODAY, 8)));
    assert!(nats(&own, "purchase.familiar_goods") < -0.1, "{:?}", own.reasons);
    assert!(nats(&other, "purchase.unfamiliar_goods") > 0.1, "{:?}", other.reasons);
    assert!(own.score < other.score);
}

#[test]
fn night_for_that_account_counts_and_its_usual_hour_speaks_for_it() {
    let world = open_shop();
    let night = world.ask(&order("household 8", 0, 5, at(TODAY, 20)));
    let day = world.ask(&order("household 8", 0, 5, at(TODAY, 8)));
    assert!(nats(&night, "purchase.unusual_hour") > 0.5, "{:?}", codes(&night));
    assert!(nats(&day, "purchase.usual_hour") < 0.0, "{:?}", codes(&day));
}

#[test]
fn r53_a_stored_card_at_a_new_address_says_more_than_a_typed_one() {
    let world = open_shop();
    let new = || order("household 8", 0, 5, at(TODAY, 8)).to("a drop");
    let stored = world.ask(&new());
    let typed = world.ask(&new().card("card of household 8", false));
    assert!(stored.score > 2.0 * typed.score, "{} {}", stored.score, typed.score);
    assert!(codes(&typed).contains(&"purchase.card_typed_again"));
}

#[test]
fn r53_the_issuers_authentication_speaks_for_the_owner_of_a_card_long_on_file() {
    let world = open_shop();
    let new = || order("household 8", 0, 5, at(TODAY, 8)).to("a drop");
    let proved = world.ask(&new().three_ds(ThreeDs::Authenticated));
    assert!(proved.score < world.ask(&new()).score / 4.0);
    let own_card = new().card("a thief's own", false).three_ds(ThreeDs::Authenticated);
    let thief = world.ask(&own_card);
    assert!(nats(&thief, "purchase.issuer_authenticated") > -0.5, "{:?}", thief.reasons);
}

#[test]
fn r56_an_address_unused_with_this_card_is_named_until_it_has_been_used() {
    let mut world = open_shop();
    let first = world.see(&order("household 8", 0, 5, at(TODAY, 8)).to("parents'"));
    assert!(codes(&first).contains(&"purchase.stored_card_new_address"));
    let soon = world.see(&order("household 8", 0, 6, at(TODAY + 1, 8)).to("parents'"));
    assert!(codes(&soon).contains(&"purchase.new_address"), "less than 72 h");
    let later = world.ask(&order("household 8", 0, 7, at(TODAY + 9, 8)).to("parents'"));
    assert!(!codes(&later).contains(&"purchase.stored_card_new_address"));
    let other = order("household 8", 0, 7, at(TODAY + 9, 8)).to("parents'").card("another", true);
    assert!(codes(&world.ask(&other)).contains(&"purchase.stored_card_new_address"));
}

#[test]
fn x2_the_first_gift_cards_of_an_account_are_named() {
    let mut world = open_shop();
    let cards = |time| order("household 8", 0, 5, time).kind(LineKind::GiftCard);
    assert!(codes(&world.see(&cards(at(TODAY, 8)))).contains(&"purchase.first_instant_goods"));
    let later = world.ask(&cards(at(TODAY + 20, 8)));
    assert!(!codes(&later).contains(&"purchase.first_instant_goods"), "no news any more");
}

#[test]
fn x5_a_small_order_with_a_new_card_then_a_large_one_is_card_testing() {
    let mut world = open_shop();
    world.see(&order("household 8", 0, 5, at(TODAY, 8)).card("stolen", false).amount(300));
    let large = order("household 8", 0, 6, at(TODAY, 9)).card("stolen", false).amount(80_000);
    assert!(codes(&world.ask(&large)).contains(&"purchase.card_testing"));
    let own = order("household 8", 0, 6, at(TODAY, 9)).amount(80_000);
    assert!(!codes(&world.ask(&own)).contains(&"purchase.card_testing"));
}

#[test]
fn x5_declined_payments_count_and_are_forgotten_in_days() {
    let mut world = open_shop();
    for n in 0..6 {
        let time = at(TODAY, 8) + n * MINUTE;
        let mut declined = event("household 8", EventType::PaymentAuthorised, Status::Failed, time);
        declined.payment = order("household 8", 0, 5, time).payment;
        declined.payment.as_mut().unwrap().declined = true;
        world.see(&declined);
    }
    let soon = world.ask(&order("household 8", 0, 5, at(TODAY, 9)));
    assert!(nats(&soon, "purchase.declined_payments") > 1.0, "{:?}", soon.reasons);
    let later = world.ask(&order("household 8", 0, 5, at(TODAY + 5, 9)));
    assert!(!codes(&later).contains(&"purchase.declined_payments"));
}

#[test]
fn x5_a_card_added_in_a_suspect_session_is_named() {
    let mut world = open_shop();
    let mut added =
        event("household 8", EventType::PaymentMethodAdded, Status::Succeeded, at(TODAY, 7));
    added.payment = order("household 8", 0, 0, 0).card("third person's", false).payment;
    let mut suspect = world.ask(&added);
    suspect.score = 0.9;
    world.remember(&added, &suspect);
    let paid = world.ask(&order("household 8", 0, 5, at(TODAY, 8)).card("third person's", true));
    assert!(codes(&paid).contains(&"purchase.card_from_suspect_session"), "{:?}", codes(&paid));
}

#[test]
fn an_order_told_twice_is_one_order() {
    let mut world = open_shop();
    let mut attempted = order("household 8", 0, 5, at(TODAY, 8));
    attempted.status = Status::Attempted;
    world.see(&attempted);
    let mut succeeded = order("household 8", 0, 5, at(TODAY, 8) + 2 * HOUR);
    succeeded.order.clone_from(&attempted.order);
    let once = world.see(&succeeded);
    assert!(codes(&once).contains(&"purchase.usual_pace"), "{:?}", codes(&once));
}

#[test]
fn missing_facts_are_named_and_raise_nothing() {
    let world = open_shop();
    let full = world.ask(&order("stranger", 0, 5, at(TODAY, 8)));
    let mut bare = order("stranger", 0, 5, at(TODAY, 8));
    bare.payment = None;
    let bare_order = bare.order.as_mut().unwrap();
    bare_order.lines.clear();
    bare_order.address = None;
    bare_order.destination = None;
    let bare = world.ask(&bare);
    assert!(bare.score <= full.score, "{} {}", bare.score, full.score);
    for missing in ["order_lines", "ship_to", "payment_fingerprint", "history"] {
        let named = bare.unknown.iter().map(|fact| serde_json::to_value(fact).unwrap());
        assert!(named.into_iter().any(|name| name == missing), "{missing}");
    }
}

#[test]
fn what_was_learnt_four_days_ago_is_habit_and_days_later_still_is() {
    let mut world = open_shop();
    world.see(&order("household 8", 3, 5, at(TODAY, 8)));
    let new = world.ask(&order("household 8", 3, 5, at(TODAY + 1, 8)));
    let habit = world.ask(&order("household 8", 3, 5, at(TODAY, 8) + 30 * DAY));
    assert!(nats(&new, "purchase.unfamiliar_goods") > nats(&habit, "purchase.unfamiliar_goods"));
}
