#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

mod appeal;
mod due;

use super::*;
use crate::event::{EventType, PaymentKind, Status};
use crate::ledger::Bearer;
use crate::member::ContactKind;

const NOW: Micros = Micros(1_000 * DAY);
const ACCOUNT: AccountKey = AccountKey(7);

fn agent() -> Actor {
    Actor::Agent("sato".to_owned())
}

fn supervisor(name: &str) -> Actor {
    Actor::Supervisor(name.to_owned())
}

fn done(case: &Case, command: Command, by: &Actor) -> Case {
    case.next(command, by, Some("because"), NOW).unwrap().0
}

fn mail(days_before: i64) -> Given {
    Given::Contact { kind: ContactKind::Mail, since: NOW.plus(-days_before * DAY) }
}

fn passkey(days_before: i64) -> Given {
    Given::Passkey { since: NOW.plus(-days_before * DAY) }
}

fn submitted() -> Case {
    let draft = Case::open(Reporter::Owner, true, NOW);
    let account = Some((ACCOUNT, Micros(0)));
    done(&draft, Command::Submit { account }, &Actor::Reporter)
}

fn refund(amount: i64) -> Ruling {
    let facts = OrderFacts { amount, ..usual() };
    rule(&TABLE, &facts, NOW)
}

fn refused() -> Ruling {
    Ruling { outcome: Outcome::NotConfirmed, ..refund(4_800) }
}

fn usual() -> OrderFacts {
    OrderFacts {
        claim: Claim::UnauthorisedAccess,
        amount: 4_800,
        is_digital: false,
        delivery_by: None,
        dispute_open: false,
        own_device: false,
        own_address: false,
        earlier_claims: 0,
    }
}

#[test]
fn a_case_goes_from_the_report_to_its_end() {
    let mut case = submitted();
    assert_eq!((case.state, case.due_at), (State::Submitted, Some(NOW.plus(HOUR))));
    case = done(&case, Command::Take, &agent());
    assert_eq!(case.state, State::Triage);
    case = done(&case, Command::Mark("o-1".to_owned(), Mark::NotMine), &Actor::Reporter);
    case = done(&case, Command::Prove(mail(400)), &Actor::Reporter);
    assert_eq!((case.state, case.level()), (State::Verifying, Level::V2));
    case = done(&case, Command::Contain(NOW), &agent());
    assert_eq!(case.state, State::Contained);
    case = done(&case, Command::Prove(passkey(400)), &Actor::Reporter);
    case = done(&case, Command::Rule("o-1".to_owned(), refund(4_800)), &agent());
    case = done(&case, Command::Decide, &agent());
    assert_eq!(case.state, State::Restitution);
    case = done(&case, Command::MadeWhole, &Actor::System);
    assert_eq!((case.state, case.due_at), (State::Monitoring, Some(NOW.plus(MONITORING))));
    case = done(&case, Command::Close(Cause::Phishing), &agent());
    assert_eq!(case.state, State::Closed);
    assert!(case.steps.len() >= 10, "and every step is kept");
}

#[test]
fn r26_however_many_claims_match_it_is_still_v1() {
    let mut case = submitted();
    case = done(&case, Command::Prove(Given::Claims { matched: 4 }), &agent());
    assert_eq!(case.level(), Level::V1);
    let refused = case.next(Command::Contain(NOW), &agent(), Some("sure"), NOW);
    assert_eq!(refused.unwrap_err(), Refused::LevelTooLow { needed: Level::V2 });
}

#[test]
fn t2_t4_nobody_contains_or_refunds_at_v1_not_even_a_supervisor() {
    let case = done(&submitted(), Command::Prove(Given::Claims { matched: 9 }), &agent());
    let refused = case.next(Command::Contain(NOW), &supervisor("mori"), Some("trust me"), NOW);
    assert_eq!(refused.unwrap_err(), Refused::LevelTooLow { needed: Level::V2 });
    let case = done(&case, Command::Mark("o-1".to_owned(), Mark::NotMine), &Actor::Reporter);
    let case = done(&case, Command::Prove(mail(400)), &Actor::Reporter);
    let money = Command::Rule("o-1".to_owned(), refund(4_800));
    let refused = case.next(money, &supervisor("mori"), Some("trust me"), NOW);
    assert_eq!(refused.unwrap_err(), Refused::LevelTooLow { needed: Level::V3 });
}

#[test]
fn t2_nobody_gets_the_account_back_below_v3_or_before_the_intruder_is_out() {
    let case = done(&submitted(), Command::Prove(mail(400)), &Actor::Reporter);
    let early = |case: &Case| case.next(Command::Recover, &agent(), Some("x"), NOW).unwrap_err();
    assert_eq!(early(&case), Refused::LevelTooLow { needed: Level::V3 });
    let proven = done(&case, Command::Prove(passkey(400)), &Actor::Reporter);
    assert_eq!(early(&proven), Refused::NotFromHere);
    let contained = done(&proven, Command::Contain(NOW), &agent());
    assert_eq!(done(&contained, Command::Recover, &agent()).recovered_at, Some(NOW));
}

#[test]
fn t3_what_was_added_within_thirty_days_proves_nothing() {
    let began = NOW;
    let of = |given: &[Given]| level(given, began, Micros(0));
    assert_eq!(of(&[mail(29)]), Level::V0);
    assert_eq!(of(&[mail(30)]), Level::V2);
    assert_eq!(of(&[passkey(29), mail(30)]), Level::V2);
    assert_eq!(level(&[mail(3)], began, NOW.plus(-3 * DAY)), Level::V2, "there from the beginning");
}

#[test]
fn levels_are_those_of_the_table() {
    let of = |given: &[Given]| level(given, NOW, Micros(0));
    let old = NOW.plus(-400 * DAY);
    let phone = Given::Contact { kind: ContactKind::Phone, since: old };
    let document = |by: &str| Given::Document { by: by.to_owned() };
    assert_eq!(of(&[mail(400), mail(500)]), Level::V2, "two of one kind are one");
    assert_eq!(of(&[mail(400), phone]), Level::V3);
    assert_eq!(of(&[Given::Device { since: old }]), Level::V0, "a device alone may be stolen");
    assert_eq!(of(&[Given::Device { since: old }, Given::App { since: old }]), Level::V3);
    assert_eq!(of(&[Given::Device { since: old }, mail(400)]), Level::V2, "mail is no factor");
    assert_eq!(of(&[passkey(400)]), Level::V3);
    assert_eq!(of(&[document("sato"), document("sato")]), Level::V0, "two agents, not one twice");
    assert_eq!(of(&[document("sato"), document("mori")]), Level::V4);
}

#[test]
fn t5_above_the_limit_a_second_person_agrees_who_is_another() {
    let mut case = submitted();
    for given in [mail(400), passkey(400)] {
        case = done(&case, Command::Prove(given), &Actor::Reporter);
    }
    case = done(&case, Command::Mark("o-1".to_owned(), Mark::NotMine), &Actor::Reporter);
    case = done(&case, Command::Contain(NOW), &supervisor("mori"));
    case = done(&case, Command::Rule("o-1".to_owned(), refund(50_001)), &supervisor("mori"));
    let early = case.next(Command::Decide, &agent(), Some("done"), NOW);
    assert_eq!(early.unwrap_err(), Refused::Unruled);
    for by in [agent(), supervisor("mori")] {
        let refused = case.next(Command::Approve("o-1".to_owned()), &by, None, NOW);
        assert_eq!(refused.unwrap_err(), Refused::SamePerson);
    }
    case = done(&case, Command::Approve("o-1".to_owned()), &supervisor("ito"));
    assert_eq!(done(&case, Command::Decide, &agent()).state, State::Restitution);
}

#[test]
fn r8_a_case_does_not_close_without_a_cause_and_a_reason() {
    let case = done(&submitted(), Command::Take, &agent());
    let case = done(&case, Command::AskForMore, &agent());
    let close = Command::Close(Cause::Unknown);
    assert_eq!(case.next(close.clone(), &agent(), Some("  "), NOW).unwrap_err(), Refused::NoReason);
    assert_eq!(done(&case, close, &agent()).cause, Some(Cause::Unknown));
}

#[test]
fn r13_what_can_still_be_stopped_comes_first() {
    assert!(Priority::of(true, true, false) < Priority::of(true, false, true));
    assert_eq!(Priority::of(false, true, false), Priority::P3);
}

#[test]
fn an_appeal_has_thirty_days_and_a_closed_case_a_hundred_and_eighty() {
    let mut case = submitted();
    case = done(&case, Command::Prove(mail(400)), &Actor::Reporter);
    case = done(&case, Command::Mark("o-1".to_owned(), Mark::NotMine), &Actor::Reporter);
    case = done(&case, Command::Rule("o-1".to_owned(), refused()), &agent());
    case = done(&case, Command::Decide, &agent());
    assert_eq!(case.state, State::Decided, "nothing was ruled a refund");
    let appeal = Command::Appeal("o-1".to_owned());
    let late = case.next(appeal.clone(), &Actor::Reporter, Some("no"), NOW.plus(APPEAL_SPAN + 1));
    assert_eq!(late.unwrap_err(), Refused::TooLate);
    assert_eq!(done(&case, appeal, &Actor::Reporter).state, State::Appeal);
    let closed = done(&case, Command::Close(Cause::Unknown), &agent());
    let late = closed.next(Command::Reopen, &agent(), Some("more"), NOW.plus(REOPEN_SPAN + 1));
    assert_eq!(late.unwrap_err(), Refused::TooLate);
    assert_eq!(done(&closed, Command::Reopen, &agent()).state, State::Triage);
}

#[test]
fn an_intruder_cannot_withdraw_a_case_that_has_put_them_out() {
    let case = done(&submitted(), Command::Prove(mail(400)), &Actor::Reporter);
    let case = done(&case, Command::Contain(NOW), &agent());
    let refused = case.next(Command::Withdraw, &Actor::Reporter, None, NOW);
    assert_eq!(refused.unwrap_err(), Refused::NotFromHere);
}

#[test]
fn r31_the_guarantee_has_a_cap_and_unauthorised_access_has_none() {
    let large = OrderFacts { amount: 420_000, ..usual() };
    let guarantee = OrderFacts { claim: Claim::Guarantee, ..large };
    let paid = |facts: &OrderFacts| rule(&TABLE, facts, NOW);
    assert_eq!(
        paid(&guarantee).outcome,
        Outcome::Refund { amount: 300_000, borne_by: Bearer::GuaranteeFund }
    );
    assert_eq!(paid(&large).outcome, Outcome::Refund { amount: 420_000, borne_by: Bearer::Store });
    assert!(paid(&large).wants_second);
    let digital = OrderFacts { is_digital: true, ..guarantee };
    assert_eq!(paid(&digital).outcome, Outcome::NotConfirmed);
    let late = OrderFacts { delivery_by: Some(NOW.plus(-91 * DAY)), ..guarantee };
    assert_eq!(paid(&late).outcome, Outcome::NotConfirmed);
}

#[test]
fn c13_what_the_issuer_pays_back_is_not_paid_twice() {
    let disputed = OrderFacts { dispute_open: true, ..usual() };
    assert_eq!(rule(&TABLE, &disputed, NOW).outcome, Outcome::SettledByIssuer);
}

#[test]
fn t1_from_the_owners_device_to_the_owners_address_a_person_looks() {
    let own = OrderFacts { own_device: true, own_address: true, ..usual() };
    let why = Review::LooksLikeTheOwner;
    assert_eq!(rule(&TABLE, &own, NOW).outcome, Outcome::Review { why });
}

#[test]
fn r25_r27_claims_are_compared_with_what_was_true_before_it_began() {
    let at = |days: i64| NOW.plus(-days * DAY);
    let old = Dated { value: "old", from: Some(at(400)), until: Some(at(1)) };
    let new = Dated { value: "new", from: Some(at(1)), until: None };
    let history = [old, new];
    let claim = |said: &str| compare(&history, |value| *value == said, NOW);
    assert_eq!(claim("old"), Compared::Match { until: Some(at(1)) }, "which dates the change");
    assert_eq!(claim("new"), Compared::NoMatch, "the intruder's own is no support");
    assert_eq!(compare(&history[1..], |value| *value == "new", NOW), Compared::NotAvailable);
}

fn happened(hours: i64, kind: EventType, device: u64, session: u64, score: f64) -> Happened {
    Happened {
        at: Micros(hours * HOUR),
        kind,
        status: Status::Succeeded,
        session: Some(session),
        device: Some(device),
        network: Some(device + 100),
        score,
    }
}

#[test]
fn the_window_takes_in_everything_of_the_same_hands_and_nothing_of_the_owner() {
    let history = [
        happened(0, EventType::Login, 1, 1, 0.01),
        happened(1, EventType::OrderPlaced, 1, 1, 0.01),
        happened(700, EventType::Login, 9, 9, 0.4),
        happened(701, EventType::EmailChanged, 9, 9, 0.6),
        happened(702, EventType::OrderPlaced, 9, 9, 0.9),
        happened(703, EventType::Login, 1, 2, 0.02),
        happened(704, EventType::Login, 9, 10, 0.3),
        happened(705, EventType::OrderPlaced, 9, 10, 0.9),
    ];
    let seen = window(&history, Anchor::Event(4));
    assert_eq!(seen.events, [2, 3, 4, 6, 7]);
    assert_eq!((seen.start, seen.why), (Micros(700 * HOUR), Why::FirstSignIn));
    assert_eq!(window(&history, Anchor::Before(Micros(710 * HOUR))).events, seen.events);
}

#[test]
fn a_stolen_session_on_the_owners_own_device_is_told_by_the_session_alone() {
    let mut stolen = happened(701, EventType::OrderPlaced, 9, 2, 0.9);
    stolen.network = Some(400);
    let history = [
        happened(0, EventType::Login, 1, 1, 0.01),
        happened(699, EventType::Login, 1, 2, 0.01),
        stolen,
        happened(720, EventType::Login, 1, 3, 0.01),
    ];
    assert_eq!(
        window(&history, Anchor::Event(2)).events,
        [1, 2],
        "the owner's next sign-in is not"
    );
}

#[test]
fn without_anything_unlike_the_owner_the_time_is_as_it_was_told() {
    let history = [happened(0, EventType::Login, 1, 1, 0.01)];
    let told = window(&history, Anchor::Before(NOW));
    assert_eq!((told.start, told.why, told.events.len()), (NOW, Why::AsTold, 0));
    assert_eq!(window(&[], Anchor::Event(3)).events.len(), 0);
}

fn any_command() -> impl Strategy<Value = (Command, Actor)> {
    let command = prop_oneof![
        Just(Command::Submit { account: Some((ACCOUNT, Micros(0))) }),
        Just(Command::Take),
        Just(Command::Locate { account: (AccountKey(8), Micros(0)) }),
        Just(Command::AskForMore),
        Just(Command::Supply),
        (0_i64..60).prop_map(|days| Command::Prove(mail(days))),
        (0_i64..60).prop_map(|days| Command::Prove(passkey(days))),
        Just(Command::Contain(NOW)),
        Just(Command::Recover),
        Just(Command::Mark("o-1".to_owned(), Mark::NotMine)),
        (1_i64..90_000).prop_map(|amount| Command::Rule("o-1".to_owned(), refund(amount))),
        Just(Command::Approve("o-1".to_owned())),
        Just(Command::Decide),
        Just(Command::MadeWhole),
        Just(Command::Close(Cause::Unknown)),
        Just(Command::Withdraw),
        (1_i64..90_000).prop_map(|_| Command::Rule("o-1".to_owned(), refused())),
        Just(Command::Appeal("o-1".to_owned())),
        Just(Command::Mark("o-1".to_owned(), Mark::Mine)),
        Just(Command::NameCause(Cause::Phishing)),
        Just(Command::SettleBreach(BreachReport::Preliminary)),
        (0_i64..2).prop_map(|owes| Command::Tick(Outlook {
            owed: (owes == 1).then_some(PaymentKind::CreditCard).into_iter().collect(),
        })),
        Just(Command::Reopen),
        Just(Command::Hold),
        Just(Command::LiftHold),
        Just(Command::Merge),
    ];
    let actor = prop_oneof![
        Just(Actor::Reporter),
        Just(Actor::System),
        Just(agent()),
        Just(supervisor("mori")),
        Just(supervisor("ito")),
    ];
    (command, actor)
}

proptest! {
    /// Whatever is asked in whatever order: no lock below V2, no money below V3 or without the
    /// second person, and every command done twice is done once.
    #[test]
    fn no_order_of_commands_gets_round_the_levels(
        commands in prop::collection::vec((any_command(), 0_i64..20), 0..40),
    ) {
        let (mut case, mut now) = (Case::open(Reporter::Owner, true, NOW), NOW);
        for ((command, by), days) in commands {
            now = now.plus(days * DAY);
            let Ok((next, actions)) = case.next(command.clone(), &by, Some("why"), now) else { continue };
            if actions.contains(&Action::LockAccount) {
                prop_assert!(next.level() >= Level::V2);
            }
            if actions.contains(&Action::BeginRestitution) {
                prop_assert!(next.level() >= Level::V3);
                prop_assert!(next.contained_at.is_some());
                prop_assert!(next.rulings.values().all(Ruled::is_final));
            }
            if !matches!(command, Command::Supply | Command::Note) {
                let (again, more) = next.next(command, &by, Some("why"), now).unwrap_or((next.clone(), vec![]));
                prop_assert_eq!(&again, &next);
                prop_assert!(more.is_empty());
            }
            if next.recovered_at.is_some() && case.recovered_at.is_none() {
                prop_assert!(next.level() >= Level::V3, "nobody is restored below V3");
            }
            // Who stood for a ruling never answers its appeal.
            for appeal in next.appeals.values() {
                prop_assert!(appeal.answered_by.iter().all(|by| !appeal.not_by.contains(by)));
            }
            // No reminder is told twice.
            let told: BTreeSet<_> = next.reminded.iter().map(|one| (one.what, one.by)).collect();
            prop_assert_eq!(told.len(), next.reminded.len());
            prop_assert!(next.state != State::Closed || next.timer_at().is_none() || next.owes_report()
                || next.confirmed_at.is_some());
            prop_assert!(next.steps.len() >= case.steps.len());
            case = next;
        }
    }
}

#[test]
fn r37_a_decided_case_says_what_is_left_to_do_and_until_when_a_breach_is_reported() {
    let mut case = done(&submitted(), Command::Prove(passkey(400)), &Actor::Reporter);
    case = done(&case, Command::Mark("o-1".to_owned(), Mark::NotMine), &Actor::Reporter);
    case = done(&case, Command::Contain(NOW), &agent());
    assert_eq!((case.handover(&[], NOW), case.breach_clock()), (Vec::new(), None), "not before");
    case = done(&case, Command::Rule("o-1".to_owned(), refund(4_800)), &agent());
    case = done(&case, Command::Decide, &agent());
    assert_eq!(case.handover(&[], NOW), [Advice::RefundsComing, Advice::Police, Advice::Watched]);
    let clock = case.breach_clock().unwrap();
    assert_eq!((clock.preliminary_by, clock.final_by), (NOW.plus(5 * DAY), NOW.plus(60 * DAY)));
}
