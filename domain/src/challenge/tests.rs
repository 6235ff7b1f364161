#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

const START: Micros = Micros(1_800_000_000_000_000);

fn binding(session: u128) -> Binding {
    Binding { account: AccountKey(1), session, action: [7; 32] }
}

fn sent() -> Challenge {
    let created = Challenge::open(binding(1), Method::Sms, START);
    created.next(Command::Send, START).unwrap().0
}

fn answer(is_right: bool) -> Command {
    Command::Answer { binding: binding(1), is_right }
}

#[test]
fn r42_a_code_of_attempt_a_fails_in_attempt_b() {
    let other = Command::Answer { binding: binding(2), is_right: true };
    assert_eq!(sent().next(other, START), Err(Refused::NotThisAct));
    let verified = sent().next(answer(true), START).unwrap().0;
    let spend = Command::Spend { binding: binding(2) };
    assert_eq!(verified.next(spend, START), Err(Refused::NotThisAct));
}

#[test]
fn r42_the_fifth_wrong_answer_ends_it_and_a_resend_gives_no_more_tries() {
    let mut challenge = sent();
    for tries_left in [4, 3, 2, 1] {
        let (next, outcome) = challenge.next(answer(false), START).unwrap();
        assert_eq!(outcome, Outcome::Wrong { tries_left });
        challenge = next;
    }
    challenge = challenge.next(Command::Send, START.plus(RESEND)).unwrap().0;
    let (over, outcome) = challenge.next(answer(false), START.plus(RESEND)).unwrap();
    assert_eq!((over.state, outcome), (State::Exhausted, Outcome::Exhausted));
    let refused = Err(Refused::Over { state: State::Exhausted });
    assert_eq!(over.next(answer(true), START.plus(RESEND)), refused);
}

#[test]
fn r42_ten_minutes_are_the_end() {
    assert!(sent().next(answer(true), START.plus(LIFE - 1)).is_ok());
    let refused = Err(Refused::Over { state: State::Expired });
    assert_eq!(sent().next(answer(true), START.plus(LIFE)), refused);
}

#[test]
fn a_proof_is_good_for_one_act_within_five_minutes() {
    let verified = sent().next(answer(true), START).unwrap().0;
    let spend = Command::Spend { binding: binding(1) };
    let late = Err(Refused::Over { state: State::Expired });
    assert_eq!(verified.next(spend, START.plus(GRANT)), late);
    let spent = verified.next(spend, START.plus(GRANT - 1)).unwrap().0;
    assert_eq!(spent.next(spend, START), Err(Refused::Spent));
    assert!(spent.next(answer(true), START).is_err(), "one use");
}

#[test]
fn the_wait_between_codes_doubles_from_30_seconds() {
    let (mut challenge, mut now) = (sent(), START);
    for seconds in [30, 60, 120, 240] {
        let at = now.plus(seconds * SECOND);
        let early = challenge.next(Command::Send, at.plus(-1));
        assert_eq!(early, Err(Refused::TooSoon { at }));
        challenge = challenge.next(Command::Send, at).unwrap().0;
        now = at;
    }
    let refused = challenge.next(Command::Send, now.plus(9 * MINUTE));
    assert_eq!(refused, Err(Refused::TooManySends));
}

#[test]
fn a_second_challenge_for_the_act_replaces_the_first() {
    assert!(sent().is_replaced_by(&binding(1), START));
    assert!(!sent().is_replaced_by(&binding(2), START), "another attempt has its own");
    let replaced = sent().next(Command::Replace, START).unwrap().0;
    assert!(replaced.next(answer(true), START).is_err());
    assert_eq!(replaced.next(Command::Replace, START).unwrap().1, Outcome::Done);
}

fn command() -> impl Strategy<Value = Command> {
    let bound = || (1..3_u128).prop_map(binding);
    prop_oneof![
        Just(Command::Send),
        (bound(), any::<bool>())
            .prop_map(|(binding, is_right)| Command::Answer { binding, is_right }),
        bound().prop_map(|binding| Command::Spend { binding }),
        Just(Command::Cancel),
        Just(Command::Replace),
    ]
}

proptest! {
    #[test]
    fn no_story_spends_twice_or_tries_more_than_five_times(
        story in proptest::collection::vec((command(), 0..2 * MINUTE), 0..60)
    ) {
        let mut challenge = Challenge::open(binding(1), Method::Sms, START);
        let (mut now, mut spent, mut answered) = (START, 0, 0);
        for (command, wait) in story {
            now = now.plus(wait);
            let Ok((next, _)) = challenge.next(command, now) else { continue };
            match command {
                Command::Spend { binding: of } => {
                    prop_assert_eq!(of, binding(1));
                    spent += 1;
                }
                Command::Answer { .. } => answered += 1,
                _ => {}
            }
            challenge = next;
        }
        prop_assert!(spent <= 1);
        prop_assert!(answered <= u32::from(TRIES_MAX));
    }
}
