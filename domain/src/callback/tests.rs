#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::time::SECOND;

/// Wednesday, 3 June 2026, 13:00 in Japan.
const NOW: Micros = Micros(1_780_459_200_000_000);
const SLOTS: [Micros; 1] = [NOW.plus(HOUR)];
const DESK: Desk<'static> = Desk { called_today: 0, open: false, free: 1, slots: &SLOTS };

fn asked(wish: Wish) -> Callback {
    Callback::ask(wish, DESK, NOW).unwrap()
}

fn dial() -> Command {
    Command::Dial("sato".to_owned())
}

fn after(one: &Callback, command: Command, at: Micros) -> (Callback, Vec<Action>) {
    one.next(command, at).unwrap()
}

#[test]
fn r21_now_rings_while_an_agent_is_free_and_is_not_promised_otherwise() {
    let (ringing, actions) = after(&asked(Wish::Now), dial(), NOW.plus(2 * SECOND));
    assert_eq!((ringing.state, actions), (State::Dialling, vec![Action::Ring]));
    let took = ringing.first_ring_took().unwrap();
    assert!(took == 2 * SECOND && took <= FIRST_RING_WITHIN);
    let none_free = Callback::ask(Wish::Now, Desk { free: 0, ..DESK }, NOW);
    assert_eq!(none_free, Err(Refused::NobodyFree));
}

#[test]
fn r21_an_estimate_grows_with_who_waits_and_is_none_without_agents() {
    assert_eq!(estimate(0, 0), None);
    assert_eq!(estimate(0, 1), Some(10 * MINUTE));
    assert_eq!(estimate(3, 2), Some(20 * MINUTE));
}

#[test]
fn r22_a_slot_rings_inside_it_and_at_no_other_time() {
    let from = SLOTS[0];
    let waiting = asked(Wish::Slot { from });
    let (reminded, actions) = after(&waiting, Command::Tick, from.plus(-REMINDED_BEFORE));
    assert_eq!(actions, [Action::Remind]);
    assert_eq!(reminded.next(dial(), from.plus(-1)), Err(Refused::NotNow), "not before");
    assert!(after(&reminded, Command::Tick, from.plus(-1)).1.is_empty(), "reminded once");
    let queued = after(&reminded, Command::Tick, from).0;
    assert_eq!(queued.state, State::Queued);
    assert!(queued.next(dial(), from.plus(SLOT - 1)).is_ok());
    assert_eq!(queued.next(dial(), from.plus(SLOT)), Err(Refused::NotNow), "not after");
    let (over, actions) = after(&queued, Command::Tick, from.plus(SLOT));
    assert_eq!(over.state, State::NobodyThere);
    assert_eq!(actions, [Action::TellNobodyThere, Action::Alert(Alert::NobodyThere)]);
}

#[test]
fn r22_two_retries_follow_no_answer_and_then_a_message() {
    let (mut one, mut now) = (asked(Wish::Now), NOW);
    for (ring, wait) in [(1, 2 * MINUTE), (2, 15 * MINUTE)] {
        one = after(&one, dial(), now).0;
        let (again, actions) = after(&one, Command::NoAnswer { dial: ring }, now);
        assert_eq!((again.state, actions), (State::Retrying, vec![]));
        assert_eq!(after(&again, Command::Tick, now.plus(wait - 1)).0.state, State::Retrying);
        now = now.plus(wait);
        one = after(&again, Command::Tick, now).0;
        assert_eq!(one.state, State::Queued);
    }
    one = after(&one, dial(), now).0;
    let (over, actions) = after(&one, Command::NoAnswer { dial: 3 }, now);
    assert_eq!((over.state, actions), (State::Unanswered, vec![Action::TellUnanswered]));
    assert_eq!(over.next(dial(), now), Err(Refused::NotNow));
}

#[test]
fn a_telephone_that_says_nothing_counts_as_no_answer_and_an_old_word_counts_for_nothing() {
    let ringing = after(&asked(Wish::Now), dial(), NOW).0;
    let silent = after(&ringing, Command::Tick, NOW.plus(RINGS_FOR)).0;
    assert_eq!(silent.state, State::Retrying);
    let later = NOW.plus(RINGS_FOR + RETRIES[0]);
    let second = after(&after(&silent, Command::Tick, later).0, dial(), later).0;
    assert_eq!(second.dials, 2);
    assert_eq!(after(&second, Command::NoAnswer { dial: 1 }, later).0, second, "an old word");
    for early in [Command::Consent { dial: 3 }, Command::NoAnswer { dial: 3 }] {
        assert_eq!(second.next(early, later), Err(Refused::NotNow), "a ring that never was");
    }
}

#[test]
fn r28_a_follow_up_is_promised_rings_before_its_time_and_alerts_once_when_it_is_over() {
    let due = NOW.plus(5 * HOUR);
    let talking = after(&asked(Wish::Now), dial(), NOW).0;
    assert_eq!(talking.next(Command::FollowUp { due }, NOW), Err(Refused::NotNow), "no consent");
    let talking = after(&talking, Command::Consent { dial: 1 }, NOW).0;
    for bad in [NOW, NOW.plus(FOLLOW_UP_MAX + 1)] {
        assert_eq!(talking.next(Command::FollowUp { due: bad }, NOW), Err(Refused::BadDue));
    }
    let (done, actions) = after(&talking, Command::FollowUp { due }, NOW);
    assert_eq!(done.state, State::FollowedUp { due });
    assert_eq!(actions, [Action::BookFollowUp(due)]);
    let next = Callback::follow_up(due, NOW).unwrap();
    let queued = after(&next, Command::Tick, due.plus(-FOLLOW_UP_AHEAD)).0;
    assert!(queued.may_ring(due.plus(-FOLLOW_UP_AHEAD)) && !queued.is_overdue(due.plus(-1)));
    let (overdue, actions) = after(&queued, Command::Tick, due);
    assert_eq!(actions, [Action::Alert(Alert::FollowUpOverdue)]);
    assert!(overdue.is_overdue(due) && overdue.may_ring(due), "and is made all the same");
    assert!(after(&overdue, Command::Tick, due.plus(DAY)).1.is_empty());
}

#[test]
fn a_follow_up_that_nobody_looked_at_in_time_is_alerted_of_all_the_same() {
    let due = NOW.plus(HOUR);
    let next = Callback::follow_up(due, NOW).unwrap();
    let (late, actions) = after(&next, Command::Tick, due.plus(DAY));
    assert_eq!((late.state, actions.len()), (State::Queued, 1));
}

#[test]
fn t9_three_call_backs_a_day_one_at_a_time_and_only_slots_that_are_offered() {
    let ask = |wish, desk| Callback::ask(wish, desk, NOW);
    assert_eq!(ask(Wish::Now, Desk { called_today: 3, ..DESK }), Err(Refused::TooMany));
    assert_eq!(ask(Wish::Now, Desk { open: true, ..DESK }), Err(Refused::OpenAlready));
    let other = Wish::Slot { from: NOW.plus(2 * HOUR) };
    assert_eq!(ask(other, DESK), Err(Refused::NoSuchSlot));
}

#[test]
fn t9_a_premium_number_is_refused_and_so_is_whatever_is_no_fixed_line_or_mobile_of_japan() {
    for good in ["+819012345678", "+817012345678", "+818012345678", "+81312345678", "+81992123456"]
    {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for (bad, why) in [
        ("+81570000000", Unfit::Premium),
        ("+81990123456", Unfit::Premium),
        ("+81180991234", Unfit::Premium),
        ("+81120444444", Unfit::Freephone),
        ("+818001234567", Unfit::Freephone),
        ("+815012345678", Unfit::NoLine),
        ("+812012345678", Unfit::NoLine),
        ("+81110", Unfit::NoLine),
        ("+81901234567a", Unfit::NoLine),
        ("+12125550100", Unfit::Foreign),
        ("", Unfit::Foreign),
    ] {
        assert_eq!(check(bad), Err(why), "{bad}");
    }
}

#[test]
fn who_wants_no_call_is_not_called_again() {
    let ringing = after(&asked(Wish::Now), dial(), NOW).0;
    let declined = after(&ringing, Command::Decline { dial: 1 }, NOW).0;
    assert_eq!(declined.state, State::Declined);
    assert_eq!(declined.next(dial(), NOW), Err(Refused::NotNow));
}

#[test]
fn hanging_up_after_a_talk_is_no_missed_call_and_a_talk_is_asked_after() {
    let ringing = after(&asked(Wish::Now), dial(), NOW).0;
    let wanted = after(&ringing, Command::Consent { dial: 1 }, NOW).0;
    let talking = after(&wanted, Command::Connect { dial: 1 }, NOW).0;
    assert_eq!(after(&talking, Command::NoAnswer { dial: 1 }, NOW).0, talking);
    let (asked_after, actions) = after(&talking, Command::Tick, NOW.plus(TALKS_FOR));
    assert_eq!(actions, [Action::Alert(Alert::NotWrappedUp)]);
    assert_eq!(after(&asked_after, Command::Resolve, NOW).0.state, State::Resolved);
    let missed = after(&wanted, Command::NoAnswer { dial: 1 }, NOW).0;
    assert_eq!(missed.state, State::Retrying, "the desk's own line was not reached");
}

#[test]
fn slots_lie_within_the_hours_of_the_desk_and_are_taken_when_they_are_full() {
    let hours = Hours::read("mon-fri 09:00-18:00, sat 10:00-10:30").unwrap();
    let offered =
        |booked: &[Micros], most| Slots { hours: &hours, booked, at_once: 2 }.offered(NOW, most);
    let half_past_one = NOW.plus(30 * MINUTE);
    assert_eq!(offered(&[], 2), [half_past_one, NOW.plus(HOUR)]);
    assert_eq!(offered(&[half_past_one], 1), [half_past_one]);
    assert_eq!(offered(&[half_past_one, half_past_one], 1), [NOW.plus(HOUR)]);
    let today: Vec<_> = offered(&[], 9);
    assert_eq!(today[8], NOW.plus(4 * HOUR + 30 * MINUTE), "17:30 is the last of the day");
    assert_eq!(offered(&[], 10)[9], NOW.plus(20 * HOUR), "then 09:00 tomorrow");
    let saturday = offered(&[], 9 + 18 * 2 + 1);
    assert_eq!(saturday.last(), Some(&NOW.plus(3 * DAY - 3 * HOUR)));
    assert!(Slots { hours: &Hours::default(), booked: &[], at_once: 2 }.offered(NOW, 9).is_empty());
    for bad in ["mon", "mon 9-18", "fri-mon 09:00-18:00", "mon 18:00-09:00", "x 09:00-18:00"] {
        assert!(Hours::read(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_phrase_is_the_same_for_one_seed_and_spreads_over_the_list() {
    assert_eq!(places(7, 128), places(7, 128));
    assert_eq!(places(1 | 2 << 32 | 3 << 64 | 4 << 96, 128), [1, 2, 3, 4]);
    assert!(places(u128::MAX, 100).iter().all(|place| *place < 100));
    assert_eq!(places(5, 0), [0; 4]);
}

fn command() -> impl Strategy<Value = (Command, i64)> {
    let one = prop_oneof![
        4 => Just(Command::Tick),
        4 => Just(dial()),
        4 => (1..=3_u8).prop_map(|dial| Command::NoAnswer { dial }),
        1 => (1..=3_u8).prop_map(|dial| Command::Consent { dial }),
        1 => (1..=3_u8).prop_map(|dial| Command::Decline { dial }),
        1 => (1..=3_u8).prop_map(|dial| Command::Connect { dial }),
        1 => Just(Command::Resolve),
        1 => Just(Command::FollowUp { due: NOW.plus(2 * DAY) }),
        1 => Just(Command::Cancel),
    ];
    (one, prop_oneof![Just(0), Just(MINUTE), 0..40 * MINUTE])
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        Just(Wish::Now),
        Just(Wish::Slot { from: SLOTS[0] }),
        Just(Wish::FollowUp { due: NOW.plus(HOUR) }),
    ]
}

proptest! {
    /// §4.7: whatever comes in whatever order, a call-back that was called off never rings again,
    /// none rings more than three times, and a slot's first ring lies inside it.
    #[test]
    fn no_interleaving_rings_a_cancelled_call_back_or_one_more_than_three_times(
        wish in wish(),
        commands in proptest::collection::vec(command(), 0..60),
    ) {
        let (mut one, mut now, mut rings, mut off) = (asked(wish), NOW, 0, false);
        for (command, later) in commands {
            now = now.plus(later);
            let cancels = command == Command::Cancel;
            let Ok((next, actions)) = one.next(command, now) else { continue };
            if actions.contains(&Action::Ring) {
                prop_assert!(!off, "rang after it was called off");
                if let (Wish::Slot { from }, 0) = (wish, rings) {
                    prop_assert!(from <= now && now < from.plus(SLOT));
                }
                rings += 1;
            }
            off |= cancels;
            prop_assert_eq!(next.state.is_open() && off, false);
            prop_assert_eq!(usize::from(next.dials), rings);
            one = next;
        }
        prop_assert!(rings <= usize::from(DIALS_MAX));
    }
}
