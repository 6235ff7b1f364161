//! Time works for the case: each thing that is due is told once, and what is over ends.

use super::*;

/// What is told of `case` at `now`, and the case after it.
fn tick(case: &Case, now: Micros, owed: &[PaymentKind]) -> (Case, Vec<Reminder>) {
    let outlook = Outlook { owed: owed.iter().copied().collect() };
    let (next, actions) = case.next(Command::Tick(outlook), &Actor::System, None, now).unwrap();
    let told = actions.into_iter().filter_map(|action| match action {
        Action::Remind(what) => Some(what),
        _ => None,
    });
    (next, told.collect())
}

fn confirmed() -> Case {
    let mut case = done(&submitted(), Command::Prove(passkey(400)), &Actor::Reporter);
    case = done(&case, Command::Mark("o-1".to_owned(), Mark::NotMine), &Actor::Reporter);
    case = done(&case, Command::Contain(NOW), &agent());
    case = done(&case, Command::Rule("o-1".to_owned(), refund(4_800)), &agent());
    done(&case, Command::Decide, &agent())
}

#[test]
fn a_case_that_nobody_takes_is_told_once_and_words_put_nothing_off() {
    let case = submitted();
    let due = NOW.plus(HOUR);
    assert_eq!((case.due_at, case.timer_at()), (Some(due), Some(due)));
    assert_eq!(tick(&case, due.plus(-1), &[]), (case.clone(), vec![]));
    let said = case.next(Command::Supply, &Actor::Reporter, None, NOW.plus(HOUR / 2)).unwrap().0;
    assert_eq!(said.due_at, Some(due), "who waits does not wait longer for having said more");
    let (told, what) = tick(&said, due.plus(3 * DAY), &[]);
    assert_eq!(what, [Reminder::TriageLate]);
    assert_eq!(tick(&told, due.plus(4 * DAY), &[]), (told.clone(), vec![]), "once");
    assert_eq!(told.open_reminders(due).len(), 1);
    assert!(done(&told, Command::Take, &agent()).open_reminders(due).is_empty());
}

#[test]
fn who_is_asked_is_reminded_after_one_and_three_days_and_then_the_case_is_parked() {
    let mut case = done(&submitted(), Command::Take, &agent());
    case = done(&case, Command::AskForMore, &agent());
    let mut told = Vec::new();
    while let Some(at) = case.timer_at() {
        let (next, what) = tick(&case, at, &[]);
        told.extend(what.iter().map(|what| (at.since(NOW) / DAY, *what)));
        case = next;
    }
    let expected =
        [(1, Reminder::AnswerAwaited), (3, Reminder::AnswerStillAwaited), (14, Reminder::Parked)];
    assert_eq!(told, expected);
    assert_eq!(case.state, State::NeedInfo, "parked, not closed");
}

#[test]
fn the_law_is_remembered_until_each_report_is_settled() {
    let case = confirmed();
    let (case, told) = tick(&case, NOW.plus(3 * DAY), &[]);
    assert_eq!(told, [Reminder::PreliminarySoon]);
    let refused = case.next(
        Command::SettleBreach(BreachReport::Preliminary),
        &agent(),
        None,
        NOW.plus(4 * DAY),
    );
    assert_eq!(refused.unwrap_err(), Refused::NoReason, "made, or why it is not needed");
    let settled = done(&case, Command::SettleBreach(BreachReport::Preliminary), &agent());
    assert_eq!(tick(&settled, NOW.plus(6 * DAY), &[]).1, [], "nobody is told of what is done");
    let (late, told) = tick(&case, NOW.plus(6 * DAY), &[]);
    assert_eq!(told, [Reminder::PreliminaryLate]);
    let open: Vec<_> = late.open_reminders(NOW).into_iter().map(|one| one.what).collect();
    assert_eq!(open, [Reminder::PreliminaryLate], "the later of two");
    let told = tick(&late, NOW.plus(60 * DAY), &[]).1;
    assert_eq!(told, [Reminder::FinalSoon, Reminder::FinalLate], "both, if the clock slept");
}

#[test]
fn an_issuers_window_is_told_while_its_money_is_owed() {
    let case = confirmed();
    let at = NOW.plus(53 * DAY);
    let owed = tick(&case, at, &[PaymentKind::CreditCard]).1;
    assert!(owed.contains(&Reminder::CardWindow), "{owed:?}");
    let (paid, told) = tick(&case, at, &[]);
    assert!(!told.contains(&Reminder::CardWindow), "{told:?}");
    let again = tick(&paid, at.plus(DAY), &[PaymentKind::CreditCard]).1;
    assert!(!again.contains(&Reminder::CardWindow), "its moment was looked at once: {again:?}");
    assert_eq!(Reminder::CardWindow.audience(), Audience::Both);
}

#[test]
fn r8_what_was_watched_for_thirty_days_ends_by_itself_unless_something_is_left_to_do() {
    let watched = done(&confirmed(), Command::MadeWhole, &Actor::System);
    let end = NOW.plus(MONITORING);
    let (waits, told) = tick(&watched, end, &[]);
    assert_eq!(waits.state, State::Monitoring, "without a cause no case closes");
    assert!(told.contains(&Reminder::EndWaits), "{told:?}");
    let named = done(&waits, Command::NameCause(Cause::Phishing), &agent());
    assert_eq!(tick(&named, end, &[]).0.state, State::Monitoring, "nor with a report owed");
    let mut settled = named;
    for report in BreachReport::ALL {
        settled = done(&settled, Command::SettleBreach(report), &agent());
    }
    assert_eq!(settled.due_at, Some(end), "what is written down meanwhile puts nothing off");
    assert_eq!(tick(&settled, end.plus(-1), &[]).0.state, State::Monitoring);
    let (closed, _) = tick(&settled, end, &[]);
    assert_eq!((closed.state, closed.closed_at), (State::Closed, Some(end)));
    assert_eq!(closed.steps.last().unwrap().by, Actor::System);
    let (after, told) = tick(&closed, end.plus(DAY), &[]);
    assert_eq!((after, told), (closed, vec![]));
}

#[test]
fn a_report_that_is_owed_outlives_a_case_that_was_closed_by_hand() {
    let watched = done(&confirmed(), Command::MadeWhole, &Actor::System);
    let closed = done(&watched, Command::Close(Cause::Phishing), &agent());
    assert!(closed.owes_report());
    let (_, told) = tick(&closed, NOW.plus(61 * DAY), &[]);
    assert!(told.contains(&Reminder::FinalLate), "{told:?}");
}
