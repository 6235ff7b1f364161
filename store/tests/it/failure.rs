//! What goes wrong with a database, and what must not.

use std::task::Poll;
use std::time::Duration;

use sqlx::Executor as _;
use store::{ChainCheck, DatabaseOptions, MasterKey, Store, StoreError};

use crate::support::events::{batch, record, sign_in, write_sign_ins};
use crate::support::{TestDatabase, on_both_engines, on_sqlite, own_postgres};

fn is_unavailable<T: std::fmt::Debug>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

async fn commit_one(store: &Store) -> Result<store::Head, StoreError> {
    let head = store.head().await?;
    let at = head.position + 1;
    store.commit(&head, batch(vec![record(at, sign_in(at, at % 5))])).await
}

#[tokio::test]
async fn a_full_disk_refuses_the_batch_whole_and_room_mends_it() {
    on_sqlite(async |mut database| {
        drop(database.open().await);
        database.options.pages_max = Some(120);
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        let refused = loop {
            let records = (head.position + 1..=head.position + 50)
                .map(|at| record(at, sign_in(at, at)))
                .collect();
            match store.commit(&head, batch(records)).await {
                Ok(next) => head = next,
                refused => break refused,
            }
        };
        assert!(is_unavailable(&refused), "{refused:?}");
        assert!(head.position >= 50, "some fitted");
        assert_eq!(store.head().await.unwrap(), head, "nothing half-written");
        assert_eq!(store.verify_chain(|_| ()).await.unwrap(), ChainCheck::Whole(head));
        store.close().await;

        database.options.pages_max = None;
        let store = database.open().await;
        assert_eq!(
            write_sign_ins(&store, &head, head.position + 50).await.position,
            head.position + 50
        );
    })
    .await;
}

#[tokio::test]
async fn a_locked_database_is_unavailable_until_the_lock_goes() {
    on_both_engines(async |mut database| {
        database.options.wait_max = Duration::from_millis(300);
        let store = database.open().await;
        let mut other = database.raw().await;
        let lock = if database.options.url.starts_with("sqlite") {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN; SELECT head FROM checkpoint FOR UPDATE"
        };
        other.execute(sqlx::raw_sql(lock)).await.unwrap();
        let refused = commit_one(&store).await;
        assert!(is_unavailable(&refused), "{refused:?}");
        assert_eq!(store.head().await.unwrap().position, 0, "reading goes on");
        other.execute("ROLLBACK").await.unwrap();
        assert_eq!(commit_one(&store).await.unwrap().position, 1);
    })
    .await;
}

#[tokio::test]
async fn a_commit_cut_off_anywhere_is_there_wholly_or_not_at_all() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let (mut kept, mut lost) = (0, 0);
        for step in 0..40 {
            let head = store.head().await.unwrap();
            let records =
                (head.position + 1..=head.position + 20).map(|at| record(at, sign_in(at, at % 9)));
            let batch = batch(records.collect());
            // Cut off after so many steps of its own, whatever time they take.
            let mut commit = Box::pin(store.commit(&head, batch));
            let mut left = step;
            let answered = std::future::poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(false);
                }
                left -= 1;
                commit.as_mut().poll(context).map(|_| true)
            })
            .await;
            drop(commit);
            let now = store.head().await.unwrap().position;
            if now == head.position + 20 {
                kept += 1;
            } else {
                assert_eq!(now, head.position, "half a batch was written");
                assert!(!answered, "answered and lost");
                lost += 1;
            }
        }
        assert!(kept + lost == 40 && lost > 0);
        assert!(matches!(store.verify_chain(|_| ()).await.unwrap(), ChainCheck::Whole(_)));
    })
    .await;
}

#[tokio::test]
async fn a_postgres_that_crashes_and_comes_back_needs_no_hands() {
    let Some(server) = own_postgres() else { return };
    let url = server.create_database("shop").unwrap();
    let mut options = DatabaseOptions::new(url);
    options.wait_max = Duration::from_secs(1);
    let store = Store::open(&options, &MasterKey::random().unwrap()).await.unwrap();
    let head = write_sign_ins(&store, &store.head().await.unwrap(), 20).await;
    server.kill().unwrap();
    let refused = store.commit(&head, batch(vec![record(21, sign_in(21, 1))])).await;
    assert!(is_unavailable(&refused), "{refused:?}");
    assert!(store.ping().await.is_err());
    server.restart().unwrap();
    store.ping().await.unwrap();
    assert_eq!(store.head().await.unwrap(), head, "what was answered is there");
    assert_eq!(commit_one(&store).await.unwrap().position, 21);
}

/// Where the log stands, as soon as there is a connection that answers.
async fn head_once_back(store: &Store) -> store::Head {
    for _ in 0..100 {
        if let Ok(head) = store.head().await {
            return head;
        }
    }
    panic!("the database does not come back")
}

#[tokio::test]
async fn connections_killed_during_commits_leave_no_half_batch() {
    let Some(database) = TestDatabase::postgres() else { return };
    let store = database.open().await;
    let mut executioner = database.raw().await;
    let (mut answered, mut failed) = (0, 0);
    for step in 0..30 {
        let head = head_once_back(&store).await;
        let records =
            (head.position + 1..=head.position + 30).map(|at| record(at, sign_in(at, at % 9)));
        let killing = async {
            tokio::time::sleep(Duration::from_micros(step * 400)).await;
            let kill = "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) \
                        FROM pg_stat_activity \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
            executioner.execute(kill).await.unwrap();
        };
        let (commit, ()) = tokio::join!(store.commit(&head, batch(records.collect())), killing);
        let now = head_once_back(&store).await.position;
        match commit {
            Ok(new) => {
                assert_eq!((new.position, now), (head.position + 30, head.position + 30));
                answered += 1;
            }
            Err(StoreError::Unavailable(_)) => {
                assert!(now == head.position || now == head.position + 30, "half a batch");
                failed += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(failed > 0, "no commit was hit: {answered} answered");
    let head = head_once_back(&store).await;
    assert!(head.position % 30 == 0 && head.position >= 30 * answered, "{head:?} {answered}");
    assert_eq!(store.verify_chain(|_| ()).await.unwrap(), ChainCheck::Whole(head));
}
