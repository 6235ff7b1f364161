//! The schema, from version to version.

use sqlx::Executor as _;
use store::{Store, StoreError};

use crate::support::events::write_sign_ins;
use crate::support::on_both_engines;

#[tokio::test]
async fn opening_twice_changes_nothing() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = write_sign_ins(&store, &store.head().await.unwrap(), 3).await;
        store.close().await;
        assert_eq!(database.open().await.head().await.unwrap(), head);
    })
    .await;
}

#[tokio::test]
async fn nodes_that_start_together_set_up_one_instance() {
    on_both_engines(async |database| {
        let (one, two, three) = tokio::join!(
            Store::open(&database.options, &database.master),
            Store::open(&database.options, &database.master),
            Store::open(&database.options, &database.master),
        );
        let hash = |store: &Store| store.hasher().unwrap().short(domain::keyed::Field::Ip, b"x");
        let (one, two, three) = (one.unwrap(), two.unwrap(), three.unwrap());
        assert!(hash(&one) == hash(&two) && hash(&two) == hash(&three));
    })
    .await;
}

#[tokio::test]
async fn a_program_older_than_the_database_says_so_and_touches_nothing() {
    on_both_engines(async |database| {
        drop(database.open().await);
        let mut raw = database.raw().await;
        raw.execute("INSERT INTO schema_migrations SELECT 999, name, checksum FROM schema_migrations WHERE version = 1")
            .await
            .unwrap();
        let Err(StoreError::Setup(reason)) = Store::open(&database.options, &database.master).await
        else {
            panic!("an older program must refuse")
        };
        assert!(reason.contains("999") && reason.contains("newer program"), "{reason}");
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_was_edited_after_its_release_is_refused() {
    on_both_engines(async |database| {
        drop(database.open().await);
        let mut raw = database.raw().await;
        raw.execute("UPDATE schema_migrations SET name = name, checksum = (SELECT lookup_secret FROM instance)")
            .await
            .unwrap();
        let refused = Store::open(&database.options, &database.master).await;
        assert!(matches!(refused, Err(StoreError::Setup(_))));
    })
    .await;
}
