//! Personal data at rest: sealed, bound to its place, destroyed with its key.

use domain::keyed::Field;
use domain::memory::Memory;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};
use store::{
    Body, Checkpoint, CheckpointLimits, Endpoint, List, ListEntry, MasterKey, NewRecord, OutboxRow,
    Remembered, Secret, Store, StoreError,
};

use crate::support::events::{NOON, account, batch, decision, record, sign_in, take_in};
use crate::support::{TestDatabase, on_both_engines};

/// Everything that must never be readable in the database.
const PLANTED: &[&str] = &[
    "hanako.yamada@example.jp",
    "+819012345678",
    "山田花子",
    "千代田区千代田1-1",
    "203.0.113.77",
    "Mozilla/5.0 (X11; Planted)",
    "dvt_planted_token",
    "u-planted-account",
    "pm_planted_payment",
    "whsec_planted",
    "sk_live_planted",
    "hooks.planted.example",
    "idempotent-planted",
];

fn planted_record(position: u64) -> NewRecord {
    let body = format!(r#"{{"account":{{"id":"{}"}},"all":"{}"}}"#, PLANTED[7], PLANTED.join(" "));
    NewRecord {
        account_name: Some(PLANTED[7].to_owned()),
        outbox: vec![OutboxRow {
            endpoint: 1,
            message: format!("msg_{position}"),
            kind: "decision.created",
            body: body.clone().into_bytes(),
        }],
        body: body.into_bytes(),
        ..record(position, sign_in(position, 1))
    }
}

async fn plant(store: &Store) {
    let head = store.head().await.unwrap();
    let records = (1..=3).map(planted_record).collect();
    store.commit(&head, batch(records)).await.unwrap();
    let endpoint = Endpoint {
        number: 0,
        id: "ep_visible".to_owned(),
        url: format!("https://{}/in", PLANTED[11]),
        kinds: vec![],
        disabled: None,
        created_at: NOON,
        rotating_until: None,
    };
    let secret = Secret::new(PLANTED[9].as_bytes().to_vec());
    store.create_endpoint(&endpoint, &secret).await.unwrap();
    store.rotate_endpoint_secret("ep_visible", &secret, NOON).await.unwrap();
    let list = List {
        name: "blocked".to_owned(),
        kind: "email".to_owned(),
        note: String::new(),
        created_at: NOON,
    };
    store.put_list(&list).await.unwrap();
    let entry = ListEntry {
        value: PLANTED[0].to_owned(),
        note: Some(PLANTED[2].to_owned()),
        created_by: "key_1".to_owned(),
        created_at: NOON,
        expires_at: None,
    };
    assert!(store.put_list_entry("blocked", &entry).await.unwrap());
    let answer = Remembered {
        digest: vec![1; 32],
        status: 200,
        response: PLANTED.join(" ").into_bytes(),
        expires_at: NOON.plus(1),
    };
    assert!(store.remember_answer("key_1", PLANTED[12], &answer, NOON).await.unwrap());
    let key = store::ApiKey {
        id: "key_1".to_owned(),
        name: "shop".to_owned(),
        scopes: vec!["decide".to_owned()],
        test: false,
        created_at: NOON,
        revoked_at: None,
        last_used_at: None,
    };
    store.create_api_key(&key, PLANTED[10]).await.unwrap();
}

/// All columns of all rows of all tables, as bytes; on SQLite also the files themselves.
async fn dump(database: &TestDatabase) -> Vec<u8> {
    let mut raw = database.raw().await;
    let sqlite = database.options.url.starts_with("sqlite");
    let tables = if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    } else {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'"
    };
    let mut bytes = Vec::new();
    for table in raw.fetch_all(tables).await.unwrap() {
        let table: String = table.get(0);
        let rows = format!("SELECT * FROM {table}");
        for row in raw.fetch_all(AssertSqlSafe(rows)).await.unwrap() {
            for column in 0..row.len() {
                if let Ok(Some(value)) = row.try_get::<Option<Vec<u8>>, _>(column) {
                    bytes.extend(value);
                } else if let Ok(Some(value)) = row.try_get::<Option<String>, _>(column) {
                    bytes.extend(value.into_bytes());
                }
                bytes.push(0);
            }
        }
    }
    if let Some(path) = database.options.url.strip_prefix("sqlite://") {
        for end in ["", "-wal"] {
            bytes.extend(std::fs::read(format!("{path}{end}")).unwrap());
        }
    }
    bytes
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn t19_a_dump_of_the_database_names_nobody() {
    on_both_engines(async |database| {
        let store = database.open().await;
        plant(&store).await;
        let dump = dump(&database).await;
        assert!(contains(&dump, b"ep_visible"), "the dump does read what is there in the clear");
        for planted in PLANTED {
            assert!(!contains(&dump, planted.as_bytes()), "{planted}");
        }
        let name = store.account(account(1)).await.unwrap().unwrap().name;
        assert_eq!(name.as_deref(), Some(PLANTED[7]), "and yet it is all there, for whoever may");
        assert_eq!(
            store.list_entries("blocked", NOON, 9, None).await.unwrap()[0].value,
            PLANTED[0]
        );
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_cannot_be_read_and_the_verdicts_stay() {
    on_both_engines(async |database| {
        let store = database.open().await;
        plant(&store).await;
        let before = store.decision(decision(2)).await.unwrap().unwrap();
        assert!(store.erase_account(account(1), NOON).await.unwrap());
        assert!(!store.erase_account(account(99), NOON).await.unwrap());

        let erased = store.account(account(1)).await.unwrap().unwrap();
        assert_eq!((erased.name, erased.erased_at), (None, Some(NOON)));
        let after = store.decision(decision(2)).await.unwrap().unwrap();
        assert_eq!(after.entry.body, Body::Erased);
        assert_eq!(after.entry.payload, before.entry.payload, "the verdict can be judged again");
        let sent = store.claim_deliveries(NOON.plus(i64::MAX), NOON, 10).await.unwrap();
        assert!(sent.is_empty(), "nothing about an erased person leaves the house");

        let (mut memory, mut whole) = (Memory::default(), Memory::default());
        let mut checkpoint = Checkpoint::new(CheckpointLimits::default());
        store.recover(&mut memory, &mut checkpoint).await.unwrap();
        for position in 1..=3 {
            take_in(&mut whole, &mut checkpoint, &planted_record(position));
        }
        assert_eq!(memory.account(account(1)), whole.account(account(1)));
    })
    .await;
}

#[tokio::test]
async fn a_person_who_comes_back_begins_anew() {
    on_both_engines(async |database| {
        let (store, elsewhere) = (database.open().await, database.open().await);
        plant(&store).await;
        let body = |at| {
            let store = store.clone();
            async move { store.decision(decision(at)).await.unwrap().unwrap().entry.body }
        };
        assert!(matches!(body(3).await, Body::Open(_)));
        assert!(elsewhere.erase_account(account(1), NOON).await.unwrap());
        assert_eq!(body(3).await, Body::Erased, "also where the key was open");

        let head = store.head().await.unwrap();
        store.commit(&head, batch(vec![planted_record(4)])).await.unwrap();
        assert!(matches!(body(4).await, Body::Open(_)));
        assert_eq!(body(3).await, Body::Erased);
        let name = store.account(account(1)).await.unwrap().unwrap().name;
        assert_eq!(name.as_deref(), Some(PLANTED[7]));
        store.close().await;
        let store = database.open().await;
        let page = store.timeline(account(1), 9, None).await.unwrap();
        let open: Vec<_> =
            page.entries.iter().map(|entry| matches!(entry.body, Body::Open(_))).collect();
        assert_eq!(open, [true, false, false, false]);
    })
    .await;
}

#[tokio::test]
async fn a_sealed_body_moved_to_another_row_does_not_open() {
    on_both_engines(async |database| {
        let store = database.open().await;
        plant(&store).await;
        let mut raw = database.raw().await;
        raw.execute(
            "UPDATE log SET body = (SELECT body FROM log AS other WHERE other.position = 1) \
             WHERE position = 2",
        )
        .await
        .unwrap();
        let found = store.decision(decision(2)).await;
        assert!(matches!(found, Err(StoreError::Corrupt { table: "log.body", .. })), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn only_the_instances_own_master_key_opens_it() {
    on_both_engines(async |database| {
        plant(&database.open().await).await;
        let stranger = MasterKey::random().unwrap();
        let refused = Store::open(&database.options, &stranger).await;
        assert!(matches!(refused, Err(StoreError::Setup(_))));
    })
    .await;
}

#[tokio::test]
async fn a_master_key_is_replaced_while_the_server_runs() {
    on_both_engines(async |database| {
        let store = database.open().await;
        plant(&store).await;
        let hash = store.hasher().unwrap().wide(Field::Email, b"a@example.jp");
        let new = MasterKey::random().unwrap();
        assert!(!store.retire_master_key(&database.master).await.unwrap(), "the last key stays");
        store.add_master_key(&new).await.unwrap();
        store.add_master_key(&new).await.unwrap();

        let node = Store::open(&database.options, &new).await.unwrap();
        assert!(Store::open(&database.options, &database.master).await.is_ok(), "both open");
        assert!(matches!(
            node.decision(decision(1)).await.unwrap().unwrap().entry.body,
            Body::Open(_)
        ));
        assert_eq!(node.hasher().unwrap().wide(Field::Email, b"a@example.jp"), hash);
        assert!(node.retire_master_key(&database.master).await.unwrap());
        assert!(Store::open(&database.options, &database.master).await.is_err());
        assert!(Store::open(&database.options, &new).await.is_ok());
        let head = store.head().await.unwrap();
        store.commit(&head, batch(vec![planted_record(4)])).await.unwrap();
    })
    .await;
}

#[test]
fn a_master_key_file_is_made_once_and_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(MasterKey::from_file_or_new(&path).is_ok());
    let first = std::fs::read(&path).unwrap();
    assert!(MasterKey::from_file_or_new(&path).is_ok());
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(MasterKey::from_file_or_new(&path), Err(StoreError::Setup(_))));
    assert!(MasterKey::from_text("c2hvcnQ=").is_err());
}

#[tokio::test]
async fn a_judge_that_did_not_hear_of_an_erasure_does_not_seal_with_the_destroyed_key() {
    on_both_engines(async |database| {
        let (judge, elsewhere) = (database.open().await, database.open().await);
        plant(&judge).await;
        let head = judge.head().await.unwrap();
        assert!(elsewhere.erase_account(account(1), NOON).await.unwrap());
        judge.commit(&head, batch(vec![planted_record(4)])).await.unwrap();
        let found = elsewhere.decision(decision(4)).await.unwrap().unwrap();
        assert!(matches!(found.entry.body, Body::Open(_)), "{:?}", found.entry.body);
    })
    .await;
}
