//! Documents: versions, names, timers, erasure.

use domain::keyed::AccountKey;
use store::{Applied, Changes, DocumentKind, OutboxRow, Put, Spot, Store};

use crate::support::events::{NOON, account, record, sign_in, write_sign_ins};
use crate::support::on_both_engines;

const KIND: DocumentKind = DocumentKind::Member;

fn holder(number: u64) -> (AccountKey, String) {
    (account(number), format!("u-{number}"))
}

fn put(id: u128, seen: Option<u64>) -> Put {
    Put {
        kind: KIND,
        id,
        account: Some(holder(7)),
        seen,
        state: 1,
        rank: i64::try_from(id).unwrap(),
        due_at: None,
        expires_at: None,
        body: format!("{{\"id\":{id},\"seen\":{seen:?}}}").into_bytes(),
        names: None,
    }
}

async fn apply(store: &Store, puts: Vec<Put>) -> Applied {
    store.apply(&Changes { puts, ..Changes::default() }, NOON).await.unwrap()
}

async fn ids(store: &Store) -> Vec<u128> {
    let all = store.documents_of(account(7), KIND, 10).await.unwrap();
    all.into_iter().map(|document| document.id).collect()
}

#[tokio::test]
async fn a_document_is_written_by_whoever_has_seen_it_last() {
    on_both_engines(async |database| {
        let store = database.open().await;
        assert_eq!(apply(&store, vec![put(1, None)]).await, Applied::Done);
        assert_eq!(apply(&store, vec![put(1, None)]).await, Applied::Raced(KIND, 1));
        assert_eq!(apply(&store, vec![put(1, Some(1))]).await, Applied::Done);
        assert_eq!(apply(&store, vec![put(1, Some(1))]).await, Applied::Raced(KIND, 1));
        assert_eq!(apply(&store, vec![put(9, Some(1))]).await, Applied::Raced(KIND, 9));
        let document = store.document(KIND, 1).await.unwrap().unwrap();
        assert_eq!(document.version, 2);
        assert_eq!(document.body, put(1, Some(1)).body);
        assert_eq!(store.document(DocumentKind::Session, 1).await.unwrap(), None);
        assert_eq!(store.document(KIND, 9).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_lost_race_writes_nothing_of_the_whole() {
    on_both_engines(async |database| {
        let store = database.open().await;
        apply(&store, vec![put(1, None)]).await;
        let raced = apply(&store, vec![put(2, None), put(1, None)]).await;
        assert_eq!(raced, Applied::Raced(KIND, 1));
        assert_eq!(ids(&store).await, [1]);
        let removal = Changes { removals: vec![(KIND, 1, Some(8))], ..Changes::default() };
        assert_eq!(store.apply(&removal, NOON).await.unwrap(), Applied::Raced(KIND, 1));
        assert_eq!(ids(&store).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_have_seen_the_same_one_writes() {
    on_both_engines(async |database| {
        let store = database.open().await;
        apply(&store, vec![put(1, None)]).await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let store = store.clone();
            tries.spawn(async move { apply(&store, vec![put(1, Some(1))]).await });
        }
        let ended = tries.join_all().await;
        let done = ended.iter().filter(|applied| **applied == Applied::Done).count();
        assert_eq!(done, 1, "{ended:?}");
        assert_eq!(store.document(KIND, 1).await.unwrap().unwrap().version, 2);
    })
    .await;
}

#[tokio::test]
async fn a_name_finds_one_document_and_moves_with_it() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let named = |id, seen, names: &[u128]| Put { names: Some(names.to_vec()), ..put(id, seen) };
        assert_eq!(apply(&store, vec![named(1, None, &[100, 101])]).await, Applied::Done);
        let taken = apply(&store, vec![named(2, None, &[101])]).await;
        assert_eq!(taken, Applied::NameTaken(KIND, 2));
        assert_eq!(store.document(KIND, 2).await.unwrap(), None);
        assert_eq!(store.document_named(KIND, 101).await.unwrap().unwrap().id, 1);

        apply(&store, vec![put(1, Some(1))]).await;
        assert_eq!(store.document_named(KIND, 100).await.unwrap().unwrap().version, 2);
        apply(&store, vec![named(1, Some(2), &[100])]).await;
        assert_eq!(store.document_named(KIND, 101).await.unwrap(), None);
        assert_eq!(apply(&store, vec![named(2, None, &[101])]).await, Applied::Done);

        let removal = Changes { removals: vec![(KIND, 1, None)], ..Changes::default() };
        assert_eq!(store.apply(&removal, NOON).await.unwrap(), Applied::Done);
        assert_eq!(store.document_named(KIND, 100).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn documents_are_found_by_account_by_queue_and_by_timer() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let elsewhere = Put { account: None, ..put(4, None) };
        let due = Put { due_at: Some(NOON.plus(5)), state: 2, ..put(3, None) };
        apply(&store, vec![put(1, None), put(2, None), due, elsewhere]).await;
        assert_eq!(ids(&store).await, [3, 2, 1]);
        let queue = |after| {
            let store = store.clone();
            async move {
                let found = store.documents_in(KIND, 1, after, 2).await.unwrap();
                found.into_iter().map(|document| document.id).collect::<Vec<_>>()
            }
        };
        assert_eq!(queue(None).await, [1, 2]);
        assert_eq!(queue(Some(Spot { rank: 2, id: 2 })).await, [4]);
        let due = async |at| store.documents_due(KIND, at, 9).await.unwrap().len();
        assert_eq!((due(NOON.plus(4)).await, due(NOON.plus(5)).await), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn one_queue_of_several_states_is_read_page_by_page_and_equal_ranks_are_not_skipped() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let at = |id, state, rank| Put { state, rank, ..put(id, None) };
        apply(&store, vec![at(1, 1, 7), at(2, 2, 7), at(3, 3, 1), at(4, 2, 5), at(5, 1, 7)]).await;
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.documents_queued(KIND, &[1, 2], after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(Spot { rank: last.rank, id: last.id });
            seen.extend(page.into_iter().map(|document| document.id));
        }
        assert_eq!(seen, [4, 1, 2, 5], "of two states by rank, then by id; the third is not asked");
    })
    .await;
}

#[tokio::test]
async fn what_has_expired_goes_with_its_names() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let brief = Put { expires_at: Some(NOON.plus(5)), names: Some(vec![50]), ..put(1, None) };
        apply(&store, vec![brief.clone(), put(2, None)]).await;
        assert_eq!(store.prune(NOON.plus(4), NOON).await.unwrap(), 0);
        assert_eq!(store.prune(NOON.plus(5), NOON).await.unwrap(), 1);
        assert_eq!(ids(&store).await, [2]);
        assert_eq!(apply(&store, vec![Put { id: 3, ..brief }]).await, Applied::Done);
    })
    .await;
}

#[tokio::test]
async fn erasing_an_account_takes_its_documents_and_it_may_come_back() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        let head = write_sign_ins(&store, &head, 8).await;
        let mine = Put { account: Some(holder(3)), names: Some(vec![60]), ..put(1, None) };
        apply(&store, vec![mine.clone(), put(2, None)]).await;
        assert!(store.erase_account(account(3), NOON).await.unwrap());
        assert_eq!(store.document(KIND, 1).await.unwrap(), None);
        assert_eq!(store.document_named(KIND, 60).await.unwrap(), None);
        assert_eq!(ids(&store).await, [2]);

        assert_eq!(apply(&store, vec![mine.clone()]).await, Applied::Done);
        assert_eq!(store.document(KIND, 1).await.unwrap().unwrap().body, mine.body);
        let back = record(head.position + 1, sign_in(head.position + 1, 3));
        store.commit(&head, crate::support::events::batch(vec![back])).await.unwrap();
        assert_eq!(store.document(KIND, 1).await.unwrap().unwrap().body, mine.body);
        assert_eq!(store.account(account(3)).await.unwrap().unwrap().name.as_deref(), Some("u-3"));
    })
    .await;
}

/// A registration and the first record of the same account at once: one key wins, both open.
#[tokio::test]
async fn an_account_made_here_and_in_the_log_at_once_has_one_key() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        for number in 0..20 {
            let first = record(head.position + 1, sign_in(head.position + 1, number));
            let mine = Put { account: Some(holder(number)), ..put(u128::from(number), None) };
            let batch = crate::support::events::batch(vec![first]);
            let mine = async { apply(&store, vec![mine]).await };
            let (next, applied) = tokio::join!(store.commit(&head, batch), mine);
            head = next.unwrap();
            assert_eq!(applied, Applied::Done);
            assert!(store.document(KIND, u128::from(number)).await.unwrap().is_some());
            let page = store.timeline(account(number), 1, None).await.unwrap();
            assert!(matches!(page.entries[0].body, store::Body::Open(_)));
        }
    })
    .await;
}

/// Accounts that are known before the log hears of them take no number that a record may give.
#[tokio::test]
async fn accounts_made_here_are_in_nobodys_way() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let made =
            |number: u64| Put { account: Some(holder(number)), ..put(u128::from(number), None) };
        for number in [7, 8, 9] {
            assert_eq!(apply(&store, vec![made(number)]).await, Applied::Done);
        }
        let mut head = store.head().await.unwrap();
        for number in [1, 9, 2, 7] {
            let record = record(head.position + 1, sign_in(head.position + 1, number));
            let batch = crate::support::events::batch(vec![record]);
            head = store.commit(&head, batch).await.unwrap();
            let found = store.account(account(number)).await.unwrap().unwrap();
            assert_eq!((found.records, found.key), (1, account(number)));
        }
        assert_eq!(store.account(account(8)).await.unwrap().unwrap().records, 0);
    })
    .await;
}

#[tokio::test]
async fn a_message_leaves_with_the_documents_it_follows_from_or_not_at_all() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let message = OutboxRow {
            endpoint: -1,
            message: "msg_1".to_owned(),
            kind: "mail",
            body: b"{\"to\":\"hanako@example.jp\"}".to_vec(),
        };
        let outbox = vec![(Some(holder(7)), message)];
        let changes = Changes { puts: vec![put(1, None)], outbox, ..Changes::default() };
        assert_eq!(store.apply(&changes, NOON).await.unwrap(), Applied::Done);
        assert_eq!(store.apply(&changes, NOON).await.unwrap(), Applied::Raced(KIND, 1));
        let sent = store.claim_deliveries_for(-1, NOON, NOON.plus(9), 9).await.unwrap();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].body, b"{\"to\":\"hanako@example.jp\"}");
    })
    .await;
}

fn many(numbers: std::ops::Range<u64>) -> Vec<Put> {
    let one = |number: u64| Put {
        account: Some(holder(number)),
        names: Some(vec![1_000 + u128::from(number), 2_000 + u128::from(number)]),
        ..put(u128::from(number), None)
    };
    numbers.map(one).collect()
}

#[tokio::test]
async fn many_new_documents_are_written_and_found_at_once() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let head = store.head().await.unwrap();
        write_sign_ins(&store, &head, 8).await;
        assert!(store.erase_account(account(3), NOON).await.unwrap());
        assert!(store.insert_documents(&many(0..700), NOON).await.unwrap());
        let asked: Vec<u128> = (0..701).collect();
        let mut found = store.documents_with(KIND, &asked).await.unwrap();
        found.sort_by_key(|document| document.id);
        let bodies: Vec<_> = found.into_iter().map(|document| document.body).collect();
        let expected: Vec<_> = many(0..700).into_iter().map(|put| put.body).collect();
        assert_eq!(bodies, expected);
        let names = store.documents_behind(KIND, &[1_005, 2_699, 9_999]).await.unwrap();
        assert_eq!((names.len(), names[&1_005], names[&2_699]), (2, 5, 699));
        let renamed = store.account(account(699)).await.unwrap().unwrap().name;
        assert_eq!(renamed.as_deref(), Some("u-699"));
        assert_eq!(apply(&store, vec![put(5, Some(1))]).await, Applied::Done, "as any other");
        assert!(store.documents_with(KIND, &[]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_many_new_documents_none_is_written_where_one_is_in_the_way() {
    on_both_engines(async |database| {
        let store = database.open().await;
        assert!(store.insert_documents(&many(5..6), NOON).await.unwrap());
        assert!(!store.insert_documents(&many(4..7), NOON).await.unwrap(), "an id");
        let named = Put { names: Some(vec![1_005]), ..put(9, None) };
        assert!(!store.insert_documents(&[put(8, None), named], NOON).await.unwrap(), "a name");
        assert_eq!(store.documents_with(KIND, &[4, 5, 6, 8, 9]).await.unwrap().len(), 1);
        assert!(store.insert_documents(&many(6..9), NOON).await.unwrap());
    })
    .await;
}
