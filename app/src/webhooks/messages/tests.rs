#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use domain::decision::{Assessment, Verdict};
use store::DecisionId;

use super::*;

const BODY: &[u8] = br#"{"event_id":"e-1","account":{"id":"u-1","email":"a@example.jp"},
    "session":{"id":"s-7"},"order":{"id":"o-9","amount":1}}"#;

fn judged(obligations: &[Obligation], mode: Mode) -> Judged {
    let assessment = Assessment {
        verdict: Verdict::Review,
        score: 0.83,
        obligations: obligations.iter().copied().collect(),
        ..Assessment::default()
    };
    let assessment = Arc::new(assessment);
    Judged { decision: DecisionId(7), assessment, mode, policy: 1, repeated: false }
}

fn subject(judged: &Judged) -> Subject<'_> {
    Subject {
        judged,
        asked: true,
        event_type: EventType::OrderPlaced,
        decided_at: Micros(1_780_488_245_000_000),
        event_id: "e-1",
        account_id: Some("u-1"),
        body: BODY,
    }
}

fn told(subject: &Subject<'_>) -> Vec<(Kind, Value)> {
    messages_for(subject, &|_| true)
        .into_iter()
        .map(|message| (message.kind, serde_json::from_slice(&message.body).unwrap()))
        .collect()
}

#[test]
fn a_decision_without_obligations_is_told_and_no_more() {
    let judged = judged(&[], Mode::Enforce);
    let told = told(&subject(&judged));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].1["type"], "decision.created");
    assert_eq!(told[0].1["timestamp"], "2026-06-03T12:04:05Z");
    assert_eq!(told[0].1["data"]["verdict"], "review");
    assert_eq!(told[0].1["data"]["event_type"], "order.placed");
}

#[test]
fn every_obligation_is_asked_of_the_store_with_its_own_ids() {
    let judged = judged(
        &[
            Obligation::NotifyOwner,
            Obligation::HoldFulfillment,
            Obligation::CancelOrder,
            Obligation::RevokeSessions,
            Obligation::RestrictStoredCard,
            Obligation::RequireCardReentry,
            Obligation::OpenCase,
        ],
        Mode::Enforce,
    );
    let told = told(&subject(&judged));
    let of = |kind| &told.iter().find(|(one, _)| *one == kind).unwrap().1["data"];
    assert_eq!(of(Kind::OrderHoldRequested)["order_id"], "o-9");
    assert_eq!(of(Kind::OrderCancelRequested)["order_id"], "o-9");
    assert_eq!(of(Kind::SessionsRevoked)["session_id"], "s-7");
    assert_eq!(of(Kind::NotificationRequested)["recipients"], json!(["owner"]));
    assert_eq!(
        of(Kind::AccountRestricted)["restrictions"],
        json!(["restrict:stored_card", "require:card_reentry"])
    );
    assert_eq!(of(Kind::IncidentOpened)["account_id"], "u-1");
    assert_eq!(told.len(), 7);
}

#[test]
fn a_verdict_in_shadow_asks_nobody_to_do_anything() {
    let judged = judged(&[Obligation::HoldFulfillment, Obligation::OpenCase], Mode::Shadow);
    let kinds: Vec<Kind> = told(&subject(&judged)).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Kind::DecisionCreated]);
}

#[test]
fn no_message_carries_personal_data_of_the_event() {
    let judged = judged(&[Obligation::NotifyOwner, Obligation::OpenCase], Mode::Enforce);
    for message in messages_for(&subject(&judged), &|_| true) {
        assert!(!String::from_utf8(message.body).unwrap().contains("example.jp"));
    }
}

#[test]
fn an_account_is_released_when_its_owner_confirms_and_it_was_restricted() {
    let restricted = judged(&[Obligation::RestrictPayout], Mode::Enforce);
    let messages = lifted(&subject(&restricted), Outcome::ConfirmedOwner, Micros(0));
    assert_eq!(messages.len(), 1);
    let body: Value = serde_json::from_slice(&messages[0].body).unwrap();
    assert_eq!(body["type"], "account.released");
    assert_eq!(body["data"]["lifted"], json!(["restrict:payout"]));
    assert_eq!(lifted(&subject(&restricted), Outcome::ConfirmedTakeover, Micros(0)), []);
    let free = judged(&[], Mode::Enforce);
    assert_eq!(lifted(&subject(&free), Outcome::ConfirmedOwner, Micros(0)), []);
}

#[test]
fn an_order_is_released_by_its_challenge_and_after_a_review_only_by_who_confirms_it() {
    let held = |verdict, mode| {
        let mut judged = judged(&[Obligation::HoldFulfillment], mode);
        Arc::make_mut(&mut judged.assessment).verdict = verdict;
        judged
    };
    let kinds = |judged: &Judged, outcome| -> Vec<(Kind, Value)> {
        let messages = lifted(&subject(judged), outcome, Micros(0));
        let of = |message: Message| {
            let body: Value = serde_json::from_slice(&message.body).unwrap();
            (message.kind, body["data"]["order_id"].clone())
        };
        messages.into_iter().map(of).collect()
    };
    let released = [(Kind::OrderReleased, json!("o-9"))];
    let asked = held(Verdict::Challenge, Mode::Enforce);
    assert_eq!(kinds(&asked, Outcome::ChallengePassed), released);
    assert_eq!(kinds(&asked, Outcome::ConfirmedOwner), released);
    assert_eq!(kinds(&asked, Outcome::ChallengeFailed), []);
    let reviewed = held(Verdict::Review, Mode::Enforce);
    assert_eq!(kinds(&reviewed, Outcome::ChallengePassed), []);
    assert_eq!(kinds(&reviewed, Outcome::ConfirmedOwner), released);
    assert_eq!(kinds(&held(Verdict::Review, Mode::Shadow), Outcome::ConfirmedOwner), []);
}

#[test]
fn every_kind_is_found_by_its_name() {
    for kind in Kind::ALL {
        assert_eq!(Kind::named(kind.name()), Some(kind));
    }
}
