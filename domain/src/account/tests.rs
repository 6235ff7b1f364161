#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::time::MINUTE;

const START: Micros = Micros(1_800_000_000_000_000);

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::V0), Just(Level::V1), Just(Level::V2), Just(Level::V3), Just(Level::V4)]
}

fn risk() -> impl Strategy<Value = Risk> {
    prop_oneof![Just(Risk::Medium), Just(Risk::High)]
}

/// What a stranger can cause.
fn anonymous() -> impl Strategy<Value = Command> {
    let weak = || prop_oneof![Just(Level::V0), Just(Level::V1)];
    prop_oneof![
        risk().prop_map(|risk| Command::Signal { risk, is_authenticated: false }),
        Just(Command::Attempts),
        Just(Command::Tick),
        weak().prop_map(|level| Command::Lock { by: Locker::Owner { level } }),
        weak().prop_map(|level| Command::Contest { level }),
        weak().prop_map(|level| Command::StepUp { level }),
        weak().prop_map(|level| Command::Close { level }),
        weak().prop_map(|level| Command::Recover { level, cool_down: 0 }),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let locker = prop_oneof![
        level().prop_map(|level| Locker::Owner { level }),
        Just(Locker::AgentWithCase),
        Just(Locker::ConfirmedCase)
    ];
    let flags = any::<(bool, bool)>();
    prop_oneof![
        anonymous(),
        risk().prop_map(|risk| Command::Signal { risk, is_authenticated: true }),
        level().prop_map(|level| Command::StepUp { level }),
        (level(), flags).prop_map(|(level, (has_reason, keep_watch))| Command::Lift {
            level,
            has_reason,
            keep_watch
        }),
        locker.prop_map(|by| Command::Lock { by }),
        (level(), 0..3 * DAY).prop_map(|(level, cool_down)| Command::Recover { level, cool_down }),
        level().prop_map(|level| Command::Contest { level }),
        (level(), proptest::option::of(0..3 * DAY))
            .prop_map(|(level, winner_cool_down)| Command::Decide { level, winner_cool_down }),
        level().prop_map(|level| Command::Restore { level }),
    ]
}

fn after(commands: &[(Command, i64)], begin: Account) -> (Account, Micros) {
    commands.iter().fold((begin, START), |(account, at), (command, wait)| {
        let now = at.plus(*wait);
        (account.next(*command, now).map_or(account, |(next, _)| next), now)
    })
}

fn story(command: impl Strategy<Value = Command>) -> impl Strategy<Value = Vec<(Command, i64)>> {
    proptest::collection::vec((command, 0..4 * DAY), 0..30)
}

/// What an owner with a passkey, and two agents where needed, can do from any state.
fn way_back(account: Account, now: Micros) -> Option<Command> {
    let level = Level::V3;
    Some(match account.state {
        State::Normal | State::Closed => return None,
        State::Watch | State::Restricted => Command::StepUp { level },
        State::Locked => Command::Recover { level, cool_down: DAY },
        State::Contested => Command::Decide { level: Level::V4, winner_cool_down: Some(DAY) },
        State::Recovering { until } if now >= until => Command::Restore { level },
        State::Recovering { .. } | State::Probation => Command::Tick,
    })
}

proptest! {
    #[test]
    fn nothing_a_stranger_sends_ever_locks(story in story(anonymous()), probation: bool) {
        let state = if probation { State::Probation } else { State::Normal };
        let probation_until = probation.then(|| START.plus(PROBATION));
        let (account, _) = after(&story, Account { state, probation_until, ..Account::default() });
        prop_assert!(matches!(
            account.state,
            State::Normal | State::Watch | State::Restricted | State::Probation
        ));
        prop_assert_eq!(account.abilities().order, Allowance::Yes);
        let is_kept_out = matches!(account.abilities().sign_in_known_device, Allowance::No { .. });
        prop_assert!(!is_kept_out);
    }

    #[test]
    fn the_owner_always_has_a_way_back(story in story(any_command())) {
        let (mut account, mut now) = after(&story, Account::default());
        for _ in 0..60 {
            let Some(command) = way_back(account, now) else { break };
            account = account.next(command, now).unwrap().0;
            now = now.plus(DAY);
        }
        prop_assert_eq!(account.state, State::Normal);
        prop_assert_eq!(account.abilities().payout, Allowance::Yes);
    }

    #[test]
    fn a_command_sent_twice_does_its_work_once(
        story in story(any_command()), command in any_command()
    ) {
        // A second signal is news, not a repetition; it carries an event id of its own.
        prop_assume!(!matches!(command, Command::Signal { .. }));
        let (account, now) = after(&story, Account::default());
        if let Ok((once, _)) = account.next(command, now) {
            prop_assert_eq!(once.next(command, now), Ok((once, vec![])));
        }
    }

    #[test]
    fn nobody_below_v3_restores(story in story(any_command()), low in level()) {
        prop_assume!(low < Level::V3);
        let (account, now) = after(&story, Account::default());
        prop_assume!(account.state != State::Closed);
        let refused = account.next(Command::Restore { level: low }, now);
        prop_assert_eq!(refused, Err(Refused::LevelTooLow { needed: Level::V3 }));
    }
}

fn attempt(minutes_ago: i64) -> Attempt {
    Attempt { at: START.plus(-minutes_ago * MINUTE), place_seen_at: None, device_seen_at: None }
}

#[test]
fn r43_three_attempts_in_15_minutes_from_an_unseen_place_and_device_restrict() {
    assert!(restrict(&[attempt(0), attempt(7), attempt(15)], START));
    assert!(!restrict(&[attempt(0), attempt(7), attempt(16)], START));
    let known = Attempt { device_seen_at: Some(START.plus(-89 * DAY)), ..attempt(1) };
    assert!(!restrict(&[attempt(0), known, known, known], START), "the owner's own device");
    let old = START.plus(-91 * DAY);
    let long_ago = Attempt { device_seen_at: Some(old), place_seen_at: Some(old), ..attempt(1) };
    assert!(restrict(&[attempt(0), long_ago, long_ago], START));
}

#[test]
fn r43_a_restricted_account_lets_its_known_device_in_and_order() {
    let (account, actions) = Account::default().next(Command::Attempts, START).unwrap();
    assert_eq!((account.state, actions), (State::Restricted, vec![Action::NotifyOwner]));
    let abilities = account.abilities();
    assert_eq!(abilities.of(Ability::SignInKnownDevice), Allowance::Yes);
    assert_eq!(abilities.of(Ability::SignInNewDevice), Allowance::StrongStepUp);
    let until = Some(START.plus(RESTRICTED_QUIET));
    let held = Allowance::No { reason: Cause::SignInAttempts, until };
    assert_eq!(abilities.of(Ability::StoredCard), held);
    assert_eq!(account.next(Command::Tick, START.plus(7 * DAY)).unwrap().0.state, State::Watch);
}

#[test]
fn r44_a_lift_needs_v2_and_a_reason_and_a_step_up_needs_v3() {
    let (account, _) = Account::default().next(Command::Attempts, START).unwrap();
    let lift = |level, has_reason| {
        account.next(Command::Lift { level, has_reason, keep_watch: false }, START)
    };
    assert_eq!(lift(Level::V1, true), Err(Refused::LevelTooLow { needed: Level::V2 }));
    assert_eq!(lift(Level::V4, false), Err(Refused::NoReason));
    assert_eq!(lift(Level::V2, true).unwrap().0.state, State::Normal);
    let own = |level| account.next(Command::StepUp { level }, START);
    assert_eq!(own(Level::V2), Err(Refused::LevelTooLow { needed: Level::V3 }));
    assert_eq!(own(Level::V3).unwrap().0.state, State::Normal);
}

#[test]
fn a_restriction_does_not_cut_probation_short() {
    let begin = Account {
        state: State::Probation,
        probation_until: Some(START.plus(PROBATION)),
        ..Account::default()
    };
    let (restricted, _) = begin.next(Command::Attempts, START).unwrap();
    let (lifted, _) = restricted.next(Command::StepUp { level: Level::V3 }, START).unwrap();
    assert_eq!(lifted.state, State::Probation);
    assert_eq!(lifted.next(Command::Tick, START.plus(PROBATION)).unwrap().0.state, State::Normal);
}
