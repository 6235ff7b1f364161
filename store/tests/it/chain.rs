//! Tampering with the log is found, and where.

use sqlx::{AssertSqlSafe, Executor as _};
use store::ChainCheck;

use crate::support::events::{NOON, account, write_sign_ins};
use crate::support::{TestDatabase, on_both_engines};

async fn check(database: &TestDatabase) -> ChainCheck {
    let store = database.open().await;
    let found = store.verify_chain(|_| ()).await.unwrap();
    store.close().await;
    found
}

async fn written(database: &TestDatabase) {
    let store = database.open().await;
    let head = store.head().await.unwrap();
    let head = write_sign_ins(&store, &head, 6).await;
    assert_eq!(store.verify_chain(|_| ()).await.unwrap(), ChainCheck::Whole(head));
    store.close().await;
}

#[tokio::test]
async fn a_change_of_any_column_is_found_at_its_position() {
    on_both_engines(async |database| {
        written(&database).await;
        let mut raw = database.raw().await;
        let changes = [
            ("kind = 1", "kind = 0"),
            ("flags = 0", "flags = 1"),
            ("policy = 9", "policy = 1"),
            ("received_at = received_at + 1", "received_at = received_at - 1"),
            ("content = content + 1", "content = content - 1"),
            ("account = account + 1", "account = account - 1"),
        ];
        for (change, back) in changes {
            let change = format!("UPDATE log SET {change} WHERE position = 3");
            raw.execute(AssertSqlSafe(change.clone())).await.unwrap();
            assert_eq!(check(&database).await, ChainCheck::Broken(3), "{change}");
            let back = format!("UPDATE log SET {back} WHERE position = 3");
            raw.execute(AssertSqlSafe(back)).await.unwrap();
            assert!(matches!(check(&database).await, ChainCheck::Whole(_)));
        }
        for column in ["event", "packed", "body"] {
            let swap = format!(
                "UPDATE log SET {column} = (SELECT {column} FROM log AS other \
                 WHERE other.position = 6) WHERE position = 4"
            );
            let free = if column == "event" {
                format!("UPDATE log SET {column} = NULL WHERE position = 4")
            } else {
                swap
            };
            let keep = format!("SELECT {column} FROM log WHERE position = 4");
            let row = raw.fetch_one(AssertSqlSafe(keep)).await.unwrap();
            let kept: Vec<u8> = sqlx::Row::get(&row, 0);
            raw.execute(AssertSqlSafe(free)).await.unwrap();
            assert_eq!(check(&database).await, ChainCheck::Broken(4), "{column}");
            let back = format!("UPDATE log SET {column} = $1 WHERE position = 4");
            raw.execute(sqlx::query(AssertSqlSafe(back)).bind(kept)).await.unwrap();
            assert!(matches!(check(&database).await, ChainCheck::Whole(_)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_record_taken_out_is_found_also_at_the_end() {
    on_both_engines(async |database| {
        written(&database).await;
        let mut raw = database.raw().await;
        raw.execute("DELETE FROM log WHERE position = 6").await.unwrap();
        assert_eq!(check(&database).await, ChainCheck::Broken(6));
        raw.execute("DELETE FROM log WHERE position = 2").await.unwrap();
        assert_eq!(check(&database).await, ChainCheck::Broken(2));
    })
    .await;
}

#[tokio::test]
async fn a_forged_mark_does_not_hide_a_change() {
    on_both_engines(async |database| {
        written(&database).await;
        let mut raw = database.raw().await;
        raw.execute("UPDATE log SET chain = (SELECT chain FROM log AS other WHERE other.position = 1) WHERE position = 5")
            .await
            .unwrap();
        assert_eq!(check(&database).await, ChainCheck::Broken(5));
        raw.execute("UPDATE checkpoint SET chain = (SELECT substr(lookup_secret, 1, 32) FROM instance)")
            .await
            .unwrap();
        raw.execute("DELETE FROM log WHERE position > 4").await.unwrap();
        raw.execute("UPDATE checkpoint SET head = 4").await.unwrap();
        assert_eq!(
            check(&database).await,
            ChainCheck::Broken(4),
            "a shortened log lacks the whole link of its last record"
        );
    })
    .await;
}

#[tokio::test]
async fn erasing_a_person_leaves_the_chain_whole() {
    on_both_engines(async |database| {
        written(&database).await;
        let store = database.open().await;
        assert!(store.erase_account(account(1), NOON).await.unwrap());
        assert!(matches!(store.verify_chain(|_| ()).await.unwrap(), ChainCheck::Whole(_)));
    })
    .await;
}

#[tokio::test]
async fn the_check_tells_how_far_it_is() {
    on_both_engines(async |database| {
        written(&database).await;
        let store = database.open().await;
        let mut told = Vec::new();
        store.verify_chain(|position| told.push(position)).await.unwrap();
        assert_eq!(told, [6]);
    })
    .await;
}
