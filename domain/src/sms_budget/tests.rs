use proptest::prelude::*;

use crate::time::SECOND;

use super::*;

type Counter = fn(&mut Sent) -> &mut u32;

const JAPAN: Country = Country(*b"JP");

#[test]
fn c6_japan_alone_by_default() {
    let budget = Budget::default();
    let none = Completion::default();
    assert_eq!(budget.allows(JAPAN, &Sent::default(), none), Ok(()));
    let refused = budget.allows(Country(*b"LV"), &Sent::default(), none);
    assert_eq!(refused, Err(Refused::CountryNotAllowed));
}

#[test]
fn t10_each_limit_stops_exactly_at_its_number() {
    let budget = Budget::default();
    let rows: [(Refused, Counter, u32); 5] = [
        (Refused::Number, |sent| &mut sent.number, budget.number_max),
        (Refused::Prefix, |sent| &mut sent.prefix, budget.prefix_max),
        (Refused::Ip, |sent| &mut sent.ip, budget.ip_max),
        (Refused::Country, |sent| &mut sent.country, budget.country_max),
        (Refused::Day, |sent| &mut sent.day, budget.day_max),
    ];
    for (refused, counter, most) in rows {
        let mut sent = Sent::default();
        *counter(&mut sent) = most - 1;
        assert_eq!(budget.allows(JAPAN, &sent, Completion::default()), Ok(()));
        *counter(&mut sent) = most;
        assert_eq!(budget.allows(JAPAN, &sent, Completion::default()), Err(refused));
    }
}

#[test]
fn c6_a_country_whose_codes_are_not_used_switches_itself_off() {
    let budget = Budget::default();
    let allows =
        |due, completed| budget.allows(JAPAN, &Sent::default(), Completion { due, completed });
    assert_eq!(allows(49, 0), Ok(()), "too few to tell");
    assert_eq!(allows(50, 20), Ok(()));
    assert_eq!(allows(50, 19), Err(Refused::CountrySwitchedOff));
}

proptest! {
    #[test]
    fn the_days_cap_is_never_passed(asked in 0..500_u32, day_max in 0..100_u32) {
        let budget = Budget { day_max, number_max: u32::MAX, ..Budget::default() };
        let mut sent = Sent::default();
        for _ in 0..asked {
            if budget.allows(JAPAN, &sent, Completion::default()).is_ok() {
                sent.day += 1;
            }
        }
        prop_assert!(sent.day <= day_max);
    }
}

#[test]
fn a_tally_forgets_after_a_day_and_stays_small() {
    let mut tally = Tally::default();
    let start = Micros(1_780_488_000_000_000);
    for second in 0..50_000_i64 {
        tally.add(start.plus(second * SECOND));
    }
    let end = start.plus(49_999 * SECOND);
    assert_eq!(tally.within_a_day(end), 50_000);
    assert_eq!(tally.older_than(10 * MINUTE, start), 0);
    let old = tally.older_than(10 * MINUTE, end);
    assert!((48_200..=49_400).contains(&old), "to ten minutes: {old}");
    assert_eq!(tally.within_a_day(end.plus(DAY)), 0);
    tally.add(end.plus(DAY));
    assert_eq!(tally.within_a_day(end.plus(DAY)), 1);
    assert_eq!(tally.0.len(), 1, "what is over is gone");
}
