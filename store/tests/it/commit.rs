//! Writing batches and reading them back.

use store::{StoreError, Wanted};

use crate::support::events::{
    account, batch, decision, mail_change, outcome, record, sign_in, write_sign_ins,
};
use crate::support::on_both_engines;

#[tokio::test]
async fn what_was_committed_is_read_back_after_a_restart() {
    on_both_engines(async |database| {
        let first = mail_change(2, 9);
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let records =
            vec![record(1, sign_in(1, 9)), record(2, first.clone()), outcome(3, &first, 2)];
        let head = store.commit(&head, batch(records.clone())).await.unwrap();
        assert_eq!(head.position, 3);
        store.close().await;

        let store = database.open().await;
        assert_eq!(store.head().await.unwrap(), head);
        let wanted = Wanted {
            events: vec![first.event, sign_in(77, 1).event],
            profiles: vec![account(9)],
            decisions: vec![decision(1), decision(2), decision(5)],
        };
        let loaded = store.load(&wanted).await.unwrap();
        assert_eq!(loaded.events.len(), 1, "an event never heard is not found");
        assert_eq!(loaded.events[0].payload, records[1].payload);
        assert_eq!(loaded.events[0].position, 2);
        let mut positions: Vec<_> =
            loaded.decisions.iter().map(|(found, _)| found.position).collect();
        positions.sort_unstable();
        assert_eq!(positions, [1, 2]);
        assert!(loaded.profiles.is_empty(), "nothing has been saved yet");
    })
    .await;
}

#[tokio::test]
async fn a_second_writer_is_told_that_it_was_overtaken() {
    on_both_engines(async |database| {
        let (one, other) = (database.open().await, database.open().await);
        let stale = other.head().await.unwrap();
        let head = write_sign_ins(&one, &stale, 3).await;

        let refused = other.commit(&stale, batch(vec![record(1, sign_in(1, 1))])).await;
        assert!(matches!(refused, Err(StoreError::Overtaken(0))), "{refused:?}");
        assert_eq!(other.head().await.unwrap(), head, "nothing of it was written");
        write_sign_ins(&other, &head, 5).await;
        let refused = one.commit(&head, batch(vec![record(4, sign_in(4, 1))])).await;
        assert!(matches!(refused, Err(StoreError::Overtaken(3))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn two_writers_at_once_never_both_write_one_position() {
    on_both_engines(async |database| {
        let (one, other) = (database.open().await, database.open().await);
        let head = one.head().await.unwrap();
        for _ in 0..10 {
            let head = one.head().await.unwrap();
            let at = head.position + 1;
            let (left, right) = tokio::join!(
                one.commit(&head, batch(vec![record(at, sign_in(at, 1))])),
                other.commit(&head, batch(vec![record(at, sign_in(at, 2))])),
            );
            assert!(left.is_ok() != right.is_ok(), "{left:?} {right:?}");
        }
        assert_eq!(one.head().await.unwrap().position, head.position + 10);
    })
    .await;
}

#[tokio::test]
async fn the_same_event_is_never_written_twice() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let head = store.commit(&head, batch(vec![record(1, sign_in(1, 1))])).await.unwrap();
        let again = record(2, sign_in(1, 1));
        let refused = store.commit(&head, batch(vec![again])).await;
        assert!(matches!(refused, Err(StoreError::Overtaken(1))), "{refused:?}");
        assert_eq!(store.head().await.unwrap(), head);
    })
    .await;
}

#[tokio::test]
async fn a_batch_far_beyond_the_parameter_limit_is_one_transaction() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let head = write_sign_ins(&store, &head, 5_003).await;
        assert_eq!(store.head().await.unwrap(), head);
        let wanted = Wanted {
            events: (1..=5_003).map(|at| sign_in(at, 0).event).collect(),
            ..Wanted::default()
        };
        assert_eq!(store.load(&wanted).await.unwrap().events.len(), 5_003);
    })
    .await;
}
