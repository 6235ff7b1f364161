//! Webhook messages: each to one worker at a time, none lost with a worker.

use domain::time::{MINUTE, Micros};
use sqlx::{Executor as _, Row as _};
use store::{Changes, Endpoint, NewRecord, OutboxRow, Secret, Settlement, Store};

use crate::support::events::{NOON, batch, record, sign_in};
use crate::support::on_both_engines;

const LATER: Micros = NOON.plus(60 * MINUTE);

fn with_message(position: u64) -> NewRecord {
    NewRecord {
        outbox: vec![OutboxRow {
            endpoint: 1,
            message: format!("msg_{position}"),
            kind: "decision.created",
            body: format!(r#"{{"n":{position}}}"#).into_bytes(),
        }],
        ..record(position, sign_in(position, position % 3))
    }
}

async fn write_messages(store: &Store, count: u64) {
    let head = store.head().await.unwrap();
    let records = (1..=count).map(with_message).collect();
    store.commit(&head, batch(records)).await.unwrap();
}

#[tokio::test]
async fn messages_leave_with_their_decision_and_are_claimed_once() {
    on_both_engines(async |database| {
        let (store, other) = (database.open().await, database.open().await);
        write_messages(&store, 40).await;
        let lease = LATER.plus(MINUTE);
        let (left, right) = tokio::join!(
            store.claim_deliveries(LATER, lease, 25),
            other.claim_deliveries(LATER, lease, 25),
        );
        let mut all = left.unwrap();
        all.extend(right.unwrap());
        all.extend(store.claim_deliveries(LATER, lease, 25).await.unwrap());
        let mut messages: Vec<_> = all.iter().map(|claimed| claimed.message.clone()).collect();
        messages.sort();
        messages.dedup();
        assert_eq!((messages.len(), all.len()), (40, 40));
        let tenth = all.iter().find(|claimed| claimed.message == "msg_10").unwrap();
        assert_eq!(tenth.body, br#"{"n":10}"#);
        assert_eq!((tenth.tries, tenth.endpoint, tenth.kind.as_str()), (1, 1, "decision.created"));
    })
    .await;
}

#[tokio::test]
async fn a_message_is_not_due_before_its_decision() {
    on_both_engines(async |database| {
        let store = database.open().await;
        write_messages(&store, 1).await;
        assert!(store.claim_deliveries(NOON, LATER, 9).await.unwrap().is_empty());
        let due = store.next_delivery_due().await.unwrap().unwrap();
        assert_eq!(store.claim_deliveries(due, LATER, 9).await.unwrap().len(), 1);
        assert_eq!(store.next_delivery_due().await.unwrap(), Some(LATER));
    })
    .await;
}

#[tokio::test]
async fn the_claim_of_a_dead_worker_comes_back_and_its_late_word_does_not_count() {
    on_both_engines(async |database| {
        let store = database.open().await;
        write_messages(&store, 1).await;
        let lease = LATER.plus(MINUTE);
        let first = store.claim_deliveries(LATER, lease, 9).await.unwrap().remove(0);
        assert!(store.claim_deliveries(LATER, lease, 9).await.unwrap().is_empty());
        let again = store.claim_deliveries(lease, lease.plus(MINUTE), 9).await.unwrap().remove(0);
        assert_eq!((again.id, again.tries), (first.id, 2));
        let late = store.settle_delivery(&first, Settlement::Dead, None, lease).await.unwrap();
        assert!(!late, "the claim had run out");
        assert!(
            store.settle_delivery(&again, Settlement::Delivered, Some(200), lease).await.unwrap()
        );
        let never = LATER.plus(i64::MAX);
        assert!(store.claim_deliveries(never, never, 9).await.unwrap().is_empty());
        assert_eq!(store.counts().await.unwrap().outbox_pending, 0);
        assert_eq!(store.prune(lease, lease).await.unwrap(), 0);
        assert_eq!(store.prune(lease, lease.plus(1)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_dead_letter_is_listed_and_can_be_sent_again() {
    on_both_engines(async |database| {
        let store = database.open().await;
        write_messages(&store, 3).await;
        for claimed in store.claim_deliveries(LATER, LATER, 9).await.unwrap() {
            let settlement = match claimed.message.as_str() {
                "msg_1" => Settlement::Retry(LATER.plus(MINUTE)),
                _ => Settlement::Dead,
            };
            assert!(store.settle_delivery(&claimed, settlement, Some(500), LATER).await.unwrap());
        }
        let dead = store.dead_letters(9, None).await.unwrap();
        let messages: Vec<_> = dead.iter().map(|letter| letter.message.as_str()).collect();
        assert_eq!(messages, ["msg_3", "msg_2"]);
        assert_eq!((dead[0].last_status, dead[0].tries), (Some(500), 1));
        let older = store.dead_letters(9, Some(dead[0].id)).await.unwrap();
        assert_eq!(older, [dead[1].clone()]);

        assert!(store.resend_dead_letter(dead[1].id, LATER).await.unwrap());
        assert!(!store.resend_dead_letter(dead[1].id, LATER).await.unwrap());
        assert_eq!(store.resend_dead_letters_of(1, LATER).await.unwrap(), 1);
        let again = store.claim_deliveries(LATER, LATER, 9).await.unwrap();
        assert_eq!(again.len(), 2);
        assert_eq!(again[0].tries, 1, "a new life");
    })
    .await;
}

#[tokio::test]
async fn a_subscriber_that_is_disabled_gets_nothing_until_it_is_mended() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let endpoint = Endpoint {
            number: 0,
            id: "ep_1".to_owned(),
            url: "https://shop.example/hook".to_owned(),
            kinds: vec!["decision.created".to_owned()],
            disabled: None,
            created_at: NOON,
            rotating_until: None,
        };
        let secret = Secret::new(vec![7; 32]);
        assert_eq!(store.create_endpoint(&endpoint, &secret).await.unwrap(), 1);
        write_messages(&store, 2).await;
        store.disable_endpoint(1, "answered 410").await.unwrap();
        assert!(store.claim_deliveries(LATER, LATER, 9).await.unwrap().is_empty());
        let disabled = store.endpoints().await.unwrap().remove(0);
        assert_eq!(disabled.disabled.as_deref(), Some("answered 410"));
        assert!(store.update_endpoint("ep_1", "https://new.example/", &[]).await.unwrap());
        assert_eq!(store.resend_dead_letters_of(1, LATER).await.unwrap(), 2);
        assert_eq!(store.claim_deliveries(LATER, LATER, 9).await.unwrap().len(), 2);
        assert!(store.delete_endpoint("ep_1").await.unwrap());
        assert_eq!(store.counts().await.unwrap().outbox_pending, 0);
        assert!(store.endpoints().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_words_of_a_letter_go_when_it_is_carried_or_given_up() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let letter = |number: u32, endpoint: i64| OutboxRow {
            endpoint,
            message: format!("msg_{number}"),
            kind: "letter.sms",
            body: b"code 012345".to_vec(),
        };
        let outbox = vec![(None, letter(1, -2)), (None, letter(2, -2)), (None, letter(3, 1))];
        let changes = Changes { outbox, ..Changes::default() };
        store.apply(&changes, NOON).await.unwrap();
        assert_eq!(store.letters_due(NOON).await.unwrap(), [-2]);
        for delivery in store.claim_deliveries(NOON, LATER, 9).await.unwrap() {
            let dead = delivery.message == "msg_2";
            let settlement = if dead { Settlement::Dead } else { Settlement::Delivered };
            assert!(store.settle_delivery(&delivery, settlement, None, NOON).await.unwrap());
        }
        assert!(store.letters_due(LATER).await.unwrap().is_empty());
        let mut raw = database.raw().await;
        let left = "SELECT COUNT(*) AS n FROM outbox WHERE LENGTH(body) > 0";
        let left: i64 = raw.fetch_one(left).await.unwrap().get("n");
        assert_eq!(left, 1, "the webhook's alone");
        assert!(
            store.dead_letters(9, None).await.unwrap().is_empty(),
            "a letter is not sent again"
        );
    })
    .await;
}
