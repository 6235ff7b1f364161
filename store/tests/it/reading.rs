//! Decisions, accounts, pages and the log as people read them.

use domain::memory::{Memory, Outcome};
use store::{Body, Checkpoint, CheckpointLimits, Payload, Store};

use crate::support::events::{
    NOON, account, batch, decision, mail_change, outcome, record, sign_in, take_in, write_sign_ins,
};
use crate::support::on_both_engines;

#[tokio::test]
async fn a_decision_is_found_with_its_body_and_its_outcomes() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let event = sign_in(1, 4);
        let records = vec![record(1, event.clone()), outcome(2, &event, 1), outcome(3, &event, 1)];
        store.commit(&head, batch(records.clone())).await.unwrap();

        let found = store.decision(decision(1)).await.unwrap().unwrap();
        assert_eq!(found.entry.payload, records[0].payload);
        assert_eq!(found.entry.body, Body::Open(records[0].body.clone()));
        assert_eq!(found.entry.received_at, event.received_at);
        let said: Vec<_> = found.outcomes.iter().map(|outcome| outcome.position).collect();
        assert_eq!(said, [2, 3]);
        let Payload::Outcome { outcome, source, .. } = &found.outcomes[0].payload else {
            panic!("an outcome is an outcome")
        };
        assert_eq!((*outcome, source.as_ref()), (Outcome::ConfirmedOwner, "desk"));
        assert_eq!(store.decision(decision(99)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_account_shows_its_history_as_of_the_last_commit() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut memory = Memory::default();
        let mut checkpoint = Checkpoint::new(CheckpointLimits { tail_max: 1, accounts_max: 9 });
        let mut head = store.head().await.unwrap();
        for position in 1..=4 {
            let event = if position == 3 { mail_change(3, 7) } else { sign_in(position, 7) };
            let mut batch = batch(vec![record(position, event)]);
            take_in(&mut memory, &mut checkpoint, &batch.records[0]);
            if position == 2 {
                checkpoint.fill(&mut batch, &memory);
                assert_eq!(batch.profiles.len(), 1, "saved once, then the log goes on");
            }
            head = store.commit(&head, batch).await.unwrap();
        }
        let found = store.account(account(7)).await.unwrap().unwrap();
        assert_eq!(Some(&found.profile), memory.account(account(7)));
        assert_eq!(found.name.as_deref(), Some("u-7"));
        assert_eq!((found.created, found.records, found.changes), (1, 4, 1));
        assert_eq!(found.erased_at, None);
        assert_eq!(store.account(account(8)).await.unwrap(), None);
    })
    .await;
}

/// Positions of all pages of an account's timeline.
async fn timeline(store: &Store, number: u64, limit: u32) -> Vec<Vec<u64>> {
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let page = store.timeline(account(number), limit, cursor).await.unwrap();
        pages.push(page.entries.iter().map(|entry| entry.position).collect());
        cursor = page.next;
        if cursor.is_none() {
            return pages;
        }
    }
}

#[tokio::test]
async fn pages_are_newest_first_and_do_not_shift_when_events_come_in() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let head = write_sign_ins(&store, &head, 20).await;
        assert_eq!(timeline(&store, 2, 3).await, [vec![17, 12, 7], vec![2]]);
        assert_eq!(timeline(&store, 2, 4).await, [[17, 12, 7, 2]], "a full page may be the last");
        assert_eq!(timeline(&store, 77, 4).await, [[0_u64; 0]]);

        let first = store.timeline(account(2), 2, None).await.unwrap();
        write_sign_ins(&store, &head, 25).await;
        let second = store.timeline(account(2), 2, first.next).await.unwrap();
        let positions: Vec<_> = second.entries.iter().map(|entry| entry.position).collect();
        assert_eq!(positions, [7, 2]);
    })
    .await;
}

#[tokio::test]
async fn r7_changes_are_listed_apart_with_their_bodies() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let records = (1..=6)
            .map(|at| {
                let changes = at % 2 == 0;
                record(at, if changes { mail_change(at, 3) } else { sign_in(at, 3) })
            })
            .collect();
        store.commit(&head, batch(records)).await.unwrap();
        let page = store.changes(account(3), 2, None).await.unwrap();
        let positions: Vec<_> = page.entries.iter().map(|entry| entry.position).collect();
        assert_eq!(positions, [6, 4]);
        assert!(matches!(&page.entries[0].body, Body::Open(body) if body.starts_with(b"{")));
        let page = store.changes(account(3), 2, page.next).await.unwrap();
        assert_eq!((page.entries[0].position, page.next), (2, None));
    })
    .await;
}

#[tokio::test]
async fn the_whole_log_is_read_in_order_chunk_by_chunk() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        write_sign_ins(&store, &head, 2_300).await;
        let mut log = store.log_after(100);
        let mut expected = 101;
        loop {
            let entries = log.next().await.unwrap();
            if entries.is_empty() {
                break;
            }
            assert!(entries.len() <= 1_000);
            for entry in entries {
                assert_eq!(entry.position, expected);
                assert_eq!(
                    entry.payload,
                    record(expected, sign_in(expected, expected % 5)).payload
                );
                expected += 1;
            }
        }
        assert_eq!(expected, 2_301);
    })
    .await;
}

#[tokio::test]
async fn an_event_without_an_account_keeps_its_body_too() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let mut event = sign_in(1, 1);
        event.account = None;
        let written = record(1, event);
        store.commit(&head, batch(vec![written.clone()])).await.unwrap();
        let found = store.decision(decision(1)).await.unwrap().unwrap();
        assert_eq!(found.entry.body, Body::Open(written.body));
    })
    .await;
}

#[tokio::test]
async fn counts_tell_the_log_its_tail_and_the_room_taken() {
    on_both_engines(async |database| {
        let store = database.open().await;
        store.ping().await.unwrap();
        let head = store.head().await.unwrap();
        write_sign_ins(&store, &head, 12).await;
        let counts = store.counts().await.unwrap();
        assert_eq!((counts.records, counts.tail), (12, 12));
        assert_eq!((counts.outbox_pending, counts.outbox_dead), (0, 0));
        assert!(counts.database_bytes > 10_000);
        assert_eq!(store.prune(NOON, NOON).await.unwrap(), 0);
    })
    .await;
}
