//! The table of §4.4, the rules of §4.5, and that no order of events pays too much.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod properties;
mod reminders;

use super::*;
use crate::case::{Claim, OrderFacts, Outcome, TABLE, rule};
use crate::intercept::{self, Destination, Through};
use crate::ledger::Account;
use crate::parcel::{self, End, Stage};
use crate::refund::{self, Component, Path, Settled};
use crate::seller_return;
use crate::time::HOUR;

const NOW: Micros = Micros(1_000_000);

fn agent() -> Actor {
    Actor::Agent("sato".to_owned())
}

fn supervisor() -> Actor {
    Actor::Supervisor("mori".to_owned())
}

fn payment(id: &str, kind: PaymentKind, captured: i64) -> Payment {
    Payment { id: id.to_owned(), kind, captured, refunded: 0, disputed: false }
}

fn parcel(id: &str, state: ParcelState) -> parcel::Facts {
    parcel::Facts {
        id: id.to_owned(),
        state,
        seller: None,
        carrier: Some("yamato".to_owned()),
        tracking_number: Some("4000".to_owned()),
        redeemed: false,
    }
}

fn line(id: &str, parcel: &str, shares: &[(Component, i64, &str)]) -> Line {
    let share = |(component, amount, payment): &(Component, i64, &str)| Share {
        component: *component,
        amount: *amount,
        payment: (*payment).to_owned(),
    };
    Line {
        id: id.to_owned(),
        parcel: parcel.to_owned(),
        shares: shares.iter().map(share).collect(),
    }
}

/// One line of `amount` on a credit card, in one parcel that is in `state`.
fn simple(state: ParcelState, amount: i64) -> Facts {
    Facts {
        order: "o-1".to_owned(),
        currency: *b"JPY",
        payments: vec![payment("pi_1", PaymentKind::CreditCard, amount)],
        lines: vec![line("l-1", "p-1", &[(Component::Item, amount, "pi_1")])],
        parcels: vec![parcel("p-1", state)],
    }
}

fn new(facts: Facts) -> New {
    New {
        case: "cas_1".to_owned(),
        facts,
        right: Right { borne_by: Bearer::Store, cap: i64::MAX },
        second_person_above: 50_000,
        carriers: vec!["yamato".to_owned()],
    }
}

fn opened(facts: Facts) -> (Restitution, Vec<Action>) {
    Restitution::open(new(facts), &agent(), NOW).unwrap()
}

/// Each command in turn, at its time, none refused.
fn after(facts: Facts, commands: &[(Command, i64)]) -> Restitution {
    commands.iter().fold(opened(facts).0, |one, (command, at)| {
        one.next(command, &supervisor(), NOW.plus(*at)).unwrap().0
    })
}

fn key() -> String {
    "cas_1:o-1:l-1:item".to_owned()
}

fn submit() -> Command {
    Command::Submit { refund: key(), disputed: false }
}

fn settle(settled: Settled) -> Command {
    Command::Settle { refund: key(), settled, reference: None }
}

fn id() -> String {
    "p-1".to_owned()
}

fn stage(one: &Restitution) -> Stage {
    one.parcels.first().unwrap().stage
}

/// Approved and paid.
fn paid() -> [(Command, i64); 3] {
    [(Command::Approve, 0), (submit(), 0), (settle(Settled::Succeeded), 0)]
}

fn then(more: &[(Command, i64)]) -> Vec<(Command, i64)> {
    paid().into_iter().chain(more.iter().cloned()).collect()
}

#[test]
fn r33_every_parcel_of_an_order_has_a_plan_of_its_own() {
    let mut facts = simple(ParcelState::InTransit, 300);
    facts.parcels.push(parcel("p-2", ParcelState::Delivered));
    facts.parcels.push(parcel("p-3", ParcelState::Unshipped));
    let (one, actions) = opened(facts);
    let expected = [
        Action::Intercept(id(), Through::Carrier),
        Action::AskSeller("p-2".to_owned(), NOW.plus(7 * DAY)),
        Action::Cancel("p-3".to_owned()),
    ];
    assert_eq!(actions, expected);
    let stages: Vec<Stage> = one.parcels.iter().map(|parcel| parcel.stage).collect();
    assert_eq!(stages, [Stage::Intercepting, Stage::ReturnRequested, Stage::Held]);
}

#[test]
fn x1_what_is_not_authorised_is_cancelled_without_a_refund_and_a_lost_race_is_intercepted() {
    let (one, actions) = opened(simple(ParcelState::NotAuthorised, 300));
    assert_eq!(actions, [Action::Cancel(id())]);
    assert!(one.refunds.is_empty());
    let done = one.next(&Command::Cancelled(id()), &agent(), NOW).unwrap().0;
    assert!(done.is_over());

    let (one, _) = opened(simple(ParcelState::Unshipped, 300));
    let seen = Command::Seen(id(), ParcelState::InTransit);
    let (raced, actions) = one.next(&seen, &agent(), NOW).unwrap();
    assert_eq!(actions, [Action::Intercept(id(), Through::Carrier)]);
    assert_eq!(raced.next(&Command::Cancelled(id()), &agent(), NOW), Err(Refused::NotNow));
}

#[test]
fn x2_a_code_is_revoked_or_becomes_a_claim_and_is_refunded_either_way() {
    let revoked =
        after(simple(ParcelState::Digital, 300), &then(&[(Command::Code(id(), true), 0)]));
    assert_eq!(stage(&revoked), Stage::Resolved(End::Revoked));
    assert_eq!(revoked.ledger.balance(Account::PspClearing), -300);
    let redeemed =
        after(simple(ParcelState::Digital, 300), &then(&[(Command::Code(id(), false), 0)]));
    assert_eq!((stage(&redeemed), redeemed.receivable("p-1")), (Stage::ClaimOpen, 300));
    let given_up = redeemed.next(&Command::WriteOff(id()), &supervisor(), NOW).unwrap().0;
    assert_eq!(given_up.ledger.balance(Account::WriteOff), 300);
    assert!(given_up.is_over());
}

#[test]
fn r31_the_guarantee_pays_up_to_its_cap_and_unauthorised_access_in_full() {
    let facts = |claim| OrderFacts {
        claim,
        amount: 420_000,
        is_digital: false,
        delivery_by: None,
        dispute_open: false,
        own_device: false,
        own_address: false,
        earlier_claims: 0,
    };
    for (claim, expected) in [(Claim::Guarantee, 300_000), (Claim::UnauthorisedAccess, 420_000)] {
        let Outcome::Refund { amount, borne_by } = rule(&TABLE, &facts(claim), NOW).outcome else {
            panic!("no refund");
        };
        let right = Right { borne_by, cap: amount };
        let mut order = simple(ParcelState::Delivered, 400_000);
        order.payments = vec![payment("pi_1", PaymentKind::CreditCard, 420_000)];
        order.lines.push(line("l-2", "p-1", &[(Component::Shipping, 20_000, "pi_1")]));
        let new = New { right, ..new(order) };
        let (one, _) = Restitution::open(new, &agent(), NOW).unwrap();
        assert_eq!(one.total(), expected, "{claim:?}");
    }
}

#[test]
fn r34_a_carrier_without_a_program_is_called_and_a_sellers_parcel_is_the_sellers_to_stop() {
    let (called, actions) = Restitution::open(
        New { carriers: Vec::new(), ..new(simple(ParcelState::InTransit, 300)) },
        &agent(),
        NOW,
    )
    .unwrap();
    assert_eq!(actions, [Action::Intercept(id(), Through::Phone)]);
    assert_eq!(called.tasks.first().unwrap().kind, TaskKind::CallCarrier);
    let mut facts = simple(ParcelState::InTransit, 300);
    facts.parcels.first_mut().unwrap().seller = Some("sel-3".to_owned());
    let (one, actions) = opened(facts);
    assert_eq!(actions, [Action::Intercept(id(), Through::Seller)]);
    let late = one.next(&Command::Tick, &Actor::System, NOW.plus(HOUR)).unwrap().0;
    assert_eq!(late.tasks.first().unwrap().kind, TaskKind::CallSeller);
}

#[test]
fn r35_the_fee_of_a_return_is_the_intruders_and_the_victims_share_is_nothing() {
    let one = after(
        simple(ParcelState::InTransit, 48_000),
        &then(&[
            (Command::Carrier(id(), intercept::Command::Accepted), 0),
            (Command::Carrier(id(), intercept::Command::Returned), 0),
            (Command::FeeBilled(id(), 1_540), 0),
            (Command::FeeBilled(id(), 1_540), 1),
            (Command::Received(id(), 0), 2),
        ]),
    );
    assert_eq!(one.ledger.balance(Account::CustomerRefundPayable), 0);
    assert_eq!(one.ledger.balance(Account::IntruderReceivable), 1_540);
    assert_eq!(one.ledger.balance(Account::CarrierPayable), -1_540);
    assert_eq!(one.ledger.balances().values().sum::<i64>(), 0);
    assert!(one.is_over());
    let another = Command::FeeBilled(id(), 1_541);
    assert_eq!(one.next(&another, &agent(), NOW), Err(Refused::NotNow), "one bill a parcel");
}

#[test]
fn r32_r36_a_silent_seller_makes_a_task_and_a_claim_and_only_a_supervisor_gives_it_up() {
    let one = after(
        simple(ParcelState::Delivered, 48_000),
        &then(&[(Command::Tick, 7 * DAY - 1), (Command::Tick, 7 * DAY)]),
    );
    assert_eq!(one.tasks.first().unwrap().kind, TaskKind::SellerSilent);
    assert_eq!((stage(&one), one.receivable("p-1")), (Stage::ClaimOpen, 48_000));
    let give_up = Command::WriteOff(id());
    assert_eq!(one.next(&give_up, &agent(), NOW), Err(Refused::NeedsSupervisor));
    let over = one.next(&give_up, &supervisor(), NOW).unwrap().0;
    assert_eq!((over.receivable("p-1"), stage(&over)), (0, Stage::Resolved(End::WrittenOff)));
    assert_eq!(over.next(&give_up, &supervisor(), NOW).unwrap().0, over, "the same again");
}

#[test]
fn goods_that_come_back_late_end_the_claim_and_the_seller_bears_what_was_agreed() {
    let mut facts = simple(ParcelState::Delivered, 48_000);
    facts.parcels.first_mut().unwrap().seller = Some("sel-3".to_owned());
    let agree = seller_return::Command::Agree { amount: 40_000 };
    let one = after(
        facts,
        &then(&[
            (Command::Tick, 7 * DAY),
            (Command::Seller(id(), agree), 8 * DAY),
            (Command::Seller(id(), seller_return::Command::Receive), 9 * DAY),
        ]),
    );
    assert_eq!((stage(&one), one.receivable("p-1")), (Stage::Resolved(End::GoodsBack), 0));
    assert_eq!(one.ledger.balance(Account::SellerPayable), 40_000);
    assert_eq!(one.ledger.balance(Account::StoreFraudLoss), 8_000);
}

#[test]
fn r38_a_refund_succeeds_though_the_intercept_was_too_late_and_the_seller_silent() {
    let before = after(simple(ParcelState::InTransit, 48_000), &[(Command::Approve, 0)]);
    let too_late = Command::Carrier(id(), intercept::Command::Delivered);
    let (late, actions) = before.next(&too_late, &agent(), NOW).unwrap();
    assert_eq!(actions, [Action::AskSeller(id(), NOW.plus(7 * DAY))]);
    let silent = late.next(&Command::Tick, &Actor::System, NOW.plus(7 * DAY)).unwrap().0;
    let (sent, actions) = silent.next(&submit(), &Actor::System, NOW).unwrap();
    assert_eq!(actions, [Action::Refund(key())]);
    let there = sent.next(&settle(Settled::Succeeded), &Actor::System, NOW).unwrap().0;
    assert_eq!(there.ledger.owed(), 0);
    assert_eq!(there.ledger.balance(Account::PspClearing), -48_000);
}

#[test]
fn t5_above_the_limit_a_second_person_agrees_and_one_of_them_supervises() {
    let (one, _) = opened(simple(ParcelState::Delivered, 50_001));
    let (once, actions) = one.next(&Command::Approve, &agent(), NOW).unwrap();
    assert!(actions.is_empty() && !once.is_approved());
    assert_eq!(once.next(&Command::Approve, &agent(), NOW).unwrap().0, once, "the same person");
    let other = Actor::Agent("ito".to_owned());
    let two_agents = once.next(&Command::Approve, &other, NOW).unwrap().0;
    assert!(!two_agents.is_approved());
    let (approved, actions) = once.next(&Command::Approve, &supervisor(), NOW).unwrap();
    assert_eq!(actions, [Action::Pay(key())]);
    assert!(approved.is_approved());
    assert_eq!(one.next(&Command::Approve, &Actor::Reporter, NOW), Err(Refused::NeedsAgent));
    let (small, actions) = opened(simple(ParcelState::Delivered, 50_000))
        .0
        .next(&Command::Approve, &agent(), NOW)
        .unwrap();
    assert!(small.is_approved() && actions.len() == 1);
}

#[test]
fn t14_fifty_approvals_pay_once() {
    let (mut one, _) = opened(simple(ParcelState::Delivered, 300));
    let mut told = Vec::new();
    for round in 0..50 {
        for command in [Command::Approve, submit()] {
            let (next, actions) = one.next(&command, &supervisor(), NOW.plus(round)).unwrap();
            one = next;
            told.extend(actions.into_iter().filter(|one| matches!(one, Action::Refund(_))));
        }
    }
    assert_eq!(told, [Action::Refund(key())]);
    for _ in 0..50 {
        one = one.next(&settle(Settled::Succeeded), &Actor::System, NOW).unwrap().0;
    }
    assert_eq!(one.ledger.balance(Account::PspClearing), -300);
}

#[test]
fn c13_a_dispute_read_just_before_paying_settles_by_the_issuer_and_nothing_is_paid() {
    let disputed = Command::Submit { refund: key(), disputed: true };
    let (one, actions) = after(simple(ParcelState::Delivered, 300), &[(Command::Approve, 0)])
        .next(&disputed, &Actor::System, NOW)
        .unwrap();
    assert!(actions.is_empty());
    assert_eq!(one.refunds.first().unwrap().state, refund::State::SettledByIssuer);
    assert!(one.ledger.balances().values().all(|balance| *balance == 0));
}

#[test]
fn a_refund_that_fails_is_tried_again_and_at_last_a_person_sees_to_it() {
    let mut one = after(simple(ParcelState::Delivered, 300), &[(Command::Approve, 0)]);
    let mut tries = 0;
    while let Some(due) = one.refunds.first().unwrap().due_at(PAYER_SILENT, NOW) {
        one = one.next(&submit(), &Actor::System, due).unwrap().0;
        one = one.next(&settle(Settled::FailedRetryable), &Actor::System, due).unwrap().0;
        tries += 1;
    }
    assert_eq!(tries, 6);
    assert_eq!(one.refunds.first().unwrap().state, refund::State::FailedFinal);
    assert_eq!(one.tasks.last().unwrap().kind, TaskKind::RefundByHand);
    assert_eq!(one.ledger.owed(), 300, "it is still owed");
}

#[test]
fn a_refund_that_came_back_is_owed_again_by_a_counter_entry() {
    let reverse = Command::Reverse { refund: key() };
    let one =
        after(simple(ParcelState::Delivered, 300), &then(&[(reverse.clone(), 0), (reverse, 1)]));
    assert_eq!((one.ledger.owed(), one.ledger.postings().len()), (300, 3));
}

#[test]
fn r51_every_kind_of_payment_has_its_path_and_points_go_back_as_points() {
    let kinds = [PaymentKind::CreditCard, PaymentKind::PayLater, PaymentKind::CarrierBilling];
    let paths = kinds.map(Path::of);
    assert_eq!(paths, [Path::CardStatement, Path::LaterBill, Path::PhoneBill]);
    let mut facts = simple(ParcelState::Delivered, 300);
    facts.payments.push(payment("points", PaymentKind::Points, 50));
    facts.lines.first_mut().unwrap().shares.push(Share {
        component: Component::Points,
        amount: 50,
        payment: "points".to_owned(),
    });
    let mut one = after(facts.clone(), &then(&[]));
    let refund = "cas_1:o-1:l-1:points".to_owned();
    for command in [
        Command::Submit { refund: refund.clone(), disputed: false },
        Command::Settle { refund, settled: Settled::Succeeded, reference: None },
    ] {
        one = one.next(&command, &Actor::System, NOW).unwrap().0;
    }
    assert_eq!(one.ledger.balance(Account::GiftBalance), -50);
    facts.lines.first_mut().unwrap().shares.last_mut().unwrap().payment = "pi_1".to_owned();
    let refused = Restitution::open(new(facts), &agent(), NOW).unwrap_err();
    assert!(refused.to_string().starts_with("/lines/0/shares/1/payment"), "{refused}");
}

#[test]
fn r52_debit_and_digital_go_before_credit() {
    assert!(!opened(simple(ParcelState::Delivered, 300)).0.is_urgent());
    assert!(opened(simple(ParcelState::Digital, 300)).0.is_urgent());
    let mut debit = simple(ParcelState::Delivered, 300);
    debit.payments.first_mut().unwrap().kind = PaymentKind::DebitCard;
    assert!(opened(debit).0.is_urgent());
}

#[test]
fn t17_nothing_is_sent_elsewhere_than_to_its_sender() {
    let (one, _) = opened(simple(ParcelState::InTransit, 300));
    let elsewhere = Command::Intercept(id(), Destination::Other);
    assert_eq!(one.next(&elsewhere, &supervisor(), NOW), Err(Refused::NotToSender));
    let home = Command::Intercept(id(), Destination::ReturnToSender);
    assert_eq!(one.next(&home, &agent(), NOW).unwrap(), (one, Vec::new()), "asked already");
}

#[test]
fn facts_that_give_back_more_than_was_captured_are_refused_with_their_place() {
    let mut facts = simple(ParcelState::Delivered, 300);
    facts.payments.first_mut().unwrap().refunded = 1;
    let refused = Restitution::open(new(facts), &agent(), NOW).unwrap_err();
    assert!(refused.to_string().starts_with("/lines/0/shares/0/amount"), "{refused}");
}
