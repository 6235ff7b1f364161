//! An appeal goes to another person, once an order.

use super::*;

/// Two orders: `o-1` refunded, `o-2` refused, by sato.
fn decided() -> Case {
    let mut case = submitted();
    for given in [mail(400), passkey(400)] {
        case = done(&case, Command::Prove(given), &Actor::Reporter);
    }
    for order in ["o-1", "o-2"] {
        case = done(&case, Command::Mark(order.to_owned(), Mark::NotMine), &Actor::Reporter);
    }
    case = done(&case, Command::Contain(NOW), &agent());
    case = done(&case, Command::Rule("o-1".to_owned(), refund(4_800)), &agent());
    case = done(&case, Command::Rule("o-2".to_owned(), refused()), &supervisor("mori"));
    done(&case, Command::Decide, &supervisor("mori"))
}

fn appeal() -> Command {
    Command::Appeal("o-2".to_owned())
}

fn answer(case: &Case, ruling: Ruling, by: &Actor) -> Result<Case, Refused> {
    let rule = Command::Rule("o-2".to_owned(), ruling);
    case.next(rule, by, Some("looked again"), NOW).map(|(case, _)| case)
}

#[test]
fn an_appeal_says_why_and_is_about_what_was_refused_once() {
    let case = decided();
    let without = case.next(appeal(), &Actor::Reporter, Some("  "), NOW);
    assert_eq!(without.unwrap_err(), Refused::NoReason);
    let refunded = Command::Appeal("o-1".to_owned());
    let refunded = case.next(refunded, &Actor::Reporter, Some("why"), NOW);
    assert_eq!(refunded.unwrap_err(), Refused::NotFromHere);
    let unknown = Command::Appeal("o-9".to_owned());
    let unknown = case.next(unknown, &Actor::Reporter, Some("why"), NOW);
    assert_eq!(unknown.unwrap_err(), Refused::NoSuchOrder);
    assert!(case.can_appeal("o-2", NOW) && !case.can_appeal("o-1", NOW));

    let case = done(&case, appeal(), &Actor::Reporter);
    assert_eq!((case.state, &case.agent), (State::Appeal, &None));
    assert_eq!(done(&case, appeal(), &Actor::Reporter), case, "again changes nothing");
    let case = answer(&case, refused(), &supervisor("ito")).unwrap();
    let case = done(&case, Command::Decide, &supervisor("ito"));
    let again = case.next(appeal(), &Actor::Reporter, Some("still no"), NOW);
    assert_eq!(again.unwrap_err(), Refused::AppealedBefore);
}

#[test]
fn who_ruled_or_decided_never_answers_and_neither_does_an_agent() {
    let case = done(&decided(), appeal(), &Actor::Reporter);
    for by in [agent(), supervisor("mori"), Actor::Agent("ito".to_owned())] {
        assert_eq!(answer(&case, refund(4_800), &by).unwrap_err(), Refused::SamePerson, "{by:?}");
    }
    let other = Command::Rule("o-1".to_owned(), refused());
    let other = case.next(other, &supervisor("ito"), Some("x"), NOW);
    assert_eq!(other.unwrap_err(), Refused::NotFromHere, "only what was appealed");
    let answered = answer(&case, refund(4_800), &supervisor("ito")).unwrap();
    for by in [agent(), supervisor("mori")] {
        let decided = answered.next(Command::Decide, &by, Some("x"), NOW);
        assert_eq!(decided.unwrap_err(), Refused::SamePerson);
    }
}

#[test]
fn an_appeal_waits_for_its_answer_even_where_nothing_changes() {
    let case = done(&decided(), appeal(), &Actor::Reporter);
    let early = case.next(Command::Decide, &supervisor("ito"), Some("x"), NOW);
    assert_eq!(early.unwrap_err(), Refused::Unruled);
    let kept = answer(&case, refused(), &supervisor("ito")).unwrap();
    let (kept, actions) = kept.next(Command::Decide, &supervisor("ito"), Some("x"), NOW).unwrap();
    assert_eq!(kept.state, State::Restitution, "it stands where it stood");
    assert_eq!(actions, [Action::TellReporter], "no money moves by it");
}

#[test]
fn an_appeal_that_is_granted_begins_restitution_and_moves_neither_date() {
    let later = NOW.plus(20 * DAY);
    let closed = Case { state: State::Closed, closed_at: Some(NOW), ..decided() };
    let case = closed.next(appeal(), &Actor::Reporter, Some("not me"), later).unwrap().0;
    assert_eq!(case.due_at, Some(later.plus(7 * DAY)));
    let rule = Command::Rule("o-2".to_owned(), refund(60_000));
    let case = case.next(rule, &supervisor("ito"), Some("x"), later).unwrap().0;
    let first = case.next(Command::Approve("o-2".to_owned()), &supervisor("mori"), None, later);
    assert_eq!(first.unwrap_err(), Refused::SamePerson, "who decided first does not approve");
    let approve = Command::Approve("o-2".to_owned());
    let case = case.next(approve, &supervisor("abe"), None, later).unwrap().0;
    let (case, actions) = case.next(Command::Decide, &supervisor("ito"), Some("x"), later).unwrap();
    assert_eq!((case.state, case.closed_at), (State::Restitution, None));
    assert!(actions.contains(&Action::BeginRestitution));
    assert_eq!((case.decided_at, case.confirmed_at), (Some(NOW), Some(NOW)));
}

#[test]
fn who_reports_takes_an_order_back_until_it_is_ruled_on() {
    let mut case = submitted();
    let mark = |mark| Command::Mark("o-1".to_owned(), mark);
    case = done(&case, mark(Mark::NotMine), &Actor::Reporter);
    case = done(&case, mark(Mark::Mine), &Actor::Reporter);
    assert_eq!(case.not_theirs().count(), 0);
    case = done(&case, mark(Mark::NotMine), &Actor::Reporter);
    case = done(&case, Command::Prove(passkey(400)), &Actor::Reporter);
    case = done(&case, Command::Rule("o-1".to_owned(), refund(4_800)), &agent());
    let late = case.next(mark(Mark::Mine), &Actor::Reporter, None, NOW);
    assert_eq!(late.unwrap_err(), Refused::TooLate);
    let told = done(&case, mark(Mark::Mine), &agent());
    assert!(told.rulings.is_empty(), "what the desk marks is ruled on anew");
}
