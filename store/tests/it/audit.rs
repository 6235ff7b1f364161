//! The audit trail: what is written of cases leaves a row, and tampering with either is found.

use domain::keyed::AccountKey;
use domain::time::Micros;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};
use store::{Applied, AuditCheck, AuditRow, Audited, Changes, DocumentKind, Put, Store, Told};

use crate::support::events::{NOON, account};
use crate::support::{TestDatabase, on_both_engines};

const CASE: DocumentKind = DocumentKind::Case;

fn holder() -> (AccountKey, String) {
    (account(7), "u-7".to_owned())
}

fn put(kind: DocumentKind, id: u128, seen: Option<u64>) -> Put {
    Put {
        kind,
        id,
        account: Some(holder()),
        seen,
        state: 1,
        rank: 5,
        due_at: None,
        expires_at: None,
        body: format!("{{\"seen\":{seen:?}}}").into_bytes(),
        names: None,
    }
}

fn told(id: u128, words: &str) -> Told {
    Told { kind: CASE, id, account: Some(holder()), words: words.as_bytes().to_vec() }
}

async fn apply(store: &Store, puts: Vec<Put>, told: Vec<Told>) {
    let changes = Changes { puts, told, ..Changes::default() };
    assert_eq!(store.apply(&changes, NOON).await.unwrap(), Applied::Done);
}

/// Four rows: case 1 written twice, case 2 once, a look at case 1.
async fn written(store: &Store) {
    apply(store, vec![put(CASE, 1, None)], vec![told(1, "opened")]).await;
    apply(store, vec![put(CASE, 2, None), put(DocumentKind::Member, 3, None)], vec![]).await;
    apply(store, vec![put(CASE, 1, Some(1))], vec![told(1, "taken")]).await;
    apply(store, vec![], vec![told(1, "looked at")]).await;
}

async fn check(database: &TestDatabase) -> AuditCheck {
    let store = database.open().await;
    let found = store.verify_audit(|_| ()).await.unwrap();
    store.close().await;
    found
}

fn words(rows: &[AuditRow]) -> Vec<(Audited, u64, Option<&str>)> {
    rows.iter()
        .map(|row| {
            let told = row.told.as_deref().map(|told| std::str::from_utf8(told).unwrap());
            (row.what, row.version, told)
        })
        .collect()
}

#[tokio::test]
async fn what_is_written_of_a_case_leaves_a_row_with_its_words() {
    on_both_engines(async |database| {
        let store = database.open().await;
        written(&store).await;
        let rows = store.audit_of(CASE, 1, 0, 10).await.unwrap();
        let expected = [
            (Audited::Written, 1, Some("opened")),
            (Audited::Written, 2, Some("taken")),
            (Audited::Done, 0, Some("looked at")),
        ];
        assert_eq!(words(&rows), expected);
        assert_eq!(store.audit_of(DocumentKind::Member, 3, 0, 10).await.unwrap(), []);
        let all = store.audit_since(NOON, 0, 10).await.unwrap();
        assert_eq!(all.iter().map(|row| row.position).collect::<Vec<_>>(), [1, 2, 3, 4]);
        for pair in all.windows(2) {
            assert_eq!(pair[1].previous, pair[0].link);
        }
        assert_eq!(store.audit_since(Micros(NOON.0 + 1), 0, 10).await.unwrap(), []);
        assert_eq!(store.audit_of(CASE, 1, 1, 1).await.unwrap(), rows[1..2]);
        assert_eq!(store.audit_link(4).await.unwrap(), Some(all[3].link));
        assert_eq!(store.audit_link(5).await.unwrap(), None);
        let whole = AuditCheck::Whole { rows: 4, link: all[3].link, documents: 2 };
        assert_eq!(store.verify_audit(|_| ()).await.unwrap(), whole);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_written_leaves_no_row() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let changes = Changes {
            puts: vec![put(CASE, 1, None), put(CASE, 2, Some(9))],
            told: vec![told(1, "opened")],
            ..Changes::default()
        };
        assert_eq!(store.apply(&changes, NOON).await.unwrap(), Applied::Raced(CASE, 2));
        assert_eq!(store.audit_since(Micros(0), 0, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_any_column_is_found_at_its_position() {
    on_both_engines(async |database| {
        let store = database.open().await;
        written(&store).await;
        store.close().await;
        let mut raw = database.raw().await;
        let columns = [
            ("at", "at + 1"),
            ("what", "what + 1"),
            ("kind", "kind + 1"),
            ("version", "version + 1"),
            ("id", "(SELECT id FROM audit AS other WHERE other.position = 2)"),
            ("account", "NULL"),
            ("digest", "(SELECT digest FROM audit AS other WHERE other.position = 1)"),
            ("told", "(SELECT told FROM audit AS other WHERE other.position = 1)"),
            ("link", "(SELECT link FROM audit AS other WHERE other.position = 1)"),
        ];
        for (column, other) in columns {
            raw.execute("DROP TABLE IF EXISTS kept").await.unwrap();
            raw.execute("CREATE TABLE kept AS SELECT * FROM audit").await.unwrap();
            let change = format!("UPDATE audit SET {column} = {other} WHERE position = 3");
            raw.execute(AssertSqlSafe(change)).await.unwrap();
            assert_eq!(check(&database).await, AuditCheck::Broken(3), "{column}");
            raw.execute("DELETE FROM audit").await.unwrap();
            raw.execute("INSERT INTO audit SELECT * FROM kept").await.unwrap();
            assert!(matches!(check(&database).await, AuditCheck::Whole { rows: 4, .. }));
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_taken_out_is_found_also_at_the_end() {
    on_both_engines(async |database| {
        let store = database.open().await;
        written(&store).await;
        store.close().await;
        let mut raw = database.raw().await;
        raw.execute("DELETE FROM audit WHERE position = 4").await.unwrap();
        assert_eq!(check(&database).await, AuditCheck::Broken(4));
        raw.execute("UPDATE audit_head SET position = 3").await.unwrap();
        assert_eq!(check(&database).await, AuditCheck::Broken(3), "the last link is kept apart");
        raw.execute("DELETE FROM audit WHERE position = 1").await.unwrap();
        assert_eq!(check(&database).await, AuditCheck::Broken(1));
    })
    .await;
}

#[tokio::test]
async fn a_case_put_back_to_an_earlier_state_is_found_and_so_is_one_that_is_gone() {
    on_both_engines(async |database| {
        let store = database.open().await;
        apply(&store, vec![put(CASE, 1, None)], vec![]).await;
        let mut raw = database.raw().await;
        let row = raw.fetch_one("SELECT body FROM documents WHERE version = 1").await.unwrap();
        let earlier: Vec<u8> = row.get(0);
        apply(&store, vec![put(CASE, 1, Some(1))], vec![]).await;
        store.close().await;
        let whole = check(&database).await;
        assert!(matches!(whole, AuditCheck::Whole { documents: 1, .. }));
        let changed = AuditCheck::Changed { kind: CASE as i64, id: 1 };
        raw.execute("UPDATE documents SET state = 9").await.unwrap();
        assert_eq!(check(&database).await, changed, "its place in the queue");
        raw.execute("UPDATE documents SET state = 1").await.unwrap();
        assert_eq!(check(&database).await, whole);
        let back = sqlx::query("UPDATE documents SET version = 1, body = $1").bind(earlier);
        raw.execute(back).await.unwrap();
        assert_eq!(check(&database).await, changed);
        raw.execute("DELETE FROM documents").await.unwrap();
        assert_eq!(check(&database).await, changed);
    })
    .await;
}

#[tokio::test]
async fn removal_expiry_and_erasure_leave_the_trail_whole() {
    on_both_engines(async |database| {
        let store = database.open().await;
        written(&store).await;
        let draft = Put { expires_at: Some(NOON), account: None, ..put(CASE, 8, None) };
        apply(&store, vec![draft, put(DocumentKind::Evidence, 9, None)], vec![]).await;
        let removals = vec![(DocumentKind::Evidence, 9, None)];
        let removal = Changes { removals, ..Changes::default() };
        store.apply(&removal, NOON).await.unwrap();
        store.prune(NOON, NOON).await.unwrap();
        let draft = store.audit_of(CASE, 8, 0, 10).await.unwrap();
        assert_eq!(words(&draft)[1], (Audited::Removed, 0, None));
        assert!(store.erase_account(account(7), NOON).await.unwrap());
        let rows = store.audit_of(CASE, 1, 0, 10).await.unwrap();
        assert_eq!(words(&rows)[0], (Audited::Written, 1, None), "nobody can read it any more");
        assert_eq!(words(&rows)[3], (Audited::Removed, 0, None));
        let checked = store.verify_audit(|_| ()).await.unwrap();
        assert!(matches!(checked, AuditCheck::Whole { rows: 10, documents: 0, .. }), "{checked:?}");
    })
    .await;
}

#[tokio::test]
async fn many_who_write_at_once_make_one_chain() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut tasks = tokio::task::JoinSet::new();
        for id in 1..=40 {
            let store = store.clone();
            tasks.spawn(async move {
                apply(&store, vec![put(CASE, id, None)], vec![told(id, "opened")]).await;
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let checked = store.verify_audit(|_| ()).await.unwrap();
        assert!(matches!(checked, AuditCheck::Whole { rows: 40, documents: 40, .. }));
    })
    .await;
}

#[tokio::test]
async fn documents_from_before_the_trail_are_taken_up() {
    on_both_engines(async |database| {
        let store = database.open().await;
        written(&store).await;
        store.close().await;
        let mut raw = database.raw().await;
        raw.execute("DELETE FROM audit").await.unwrap();
        let none: &[u8] = &[];
        let begin = "UPDATE audit_head SET position = 0, link = $1";
        raw.execute(sqlx::query(begin).bind(none)).await.unwrap();
        let checked = check(&database).await;
        assert!(matches!(checked, AuditCheck::Whole { rows: 2, documents: 2, .. }), "{checked:?}");
    })
    .await;
}
