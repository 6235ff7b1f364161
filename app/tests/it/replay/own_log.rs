//! The server's own log, judged again: the same bytes.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use domain::decision::Mode;
use domain::event::{Place, observe, parse};
use domain::keyed::{AccountKey, Field};
use domain::memory::Outcome;
use domain::observation::{Country, Origin};
use domain::policy::Policy;
use domain::time::Micros;
use sekisho::judge::{Bench, Judge, Submission};
use sekisho::replay::own_log::{export_decisions, export_events, replay_log};
use sekisho::replay::{Judging, Rules};
use store::{CheckpointLimits, DatabaseOptions, MasterKey, NewPolicy, Store};

/// What is written, to be looked at afterwards.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

async fn open(folder: &Path) -> Store {
    let url = format!("sqlite://{}", folder.join("t.db").display());
    let master = MasterKey::from_file_or_new(&folder.join("master.key")).unwrap();
    Store::open(&DatabaseOptions::new(url), &master).await.unwrap()
}

fn event(n: u64) -> String {
    let (kind, status) = match n % 5 {
        0 => ("order.placed", "attempted"),
        1 => ("profile.email_changed", "succeeded"),
        _ => ("login", if n % 7 < 3 { "failed" } else { "succeeded" }),
    };
    let more = if n.is_multiple_of(5) {
        format!(
            r#","order":{{"id":"o{n}","amount":{},"currency":"JPY","lines":[{{"title":"茶","quantity":1,"unit_amount":900}}]}}"#,
            900 + n * 37 % 90_000
        )
    } else {
        String::new()
    };
    format!(
        r#"{{"event_id":"e{n}","type":"{kind}","status":"{status}","occurred_at":"2026-06-0{}T1{}:{:02}:00+09:00","account":{{"id":"u-{}"}},"context":{{"ip":"198.51.{}.{}","user_agent":"Mozilla/5.0 ({})"}}{more}}}"#,
        1 + n / 400,
        n / 60 % 10,
        n % 60,
        n % 13,
        n % 11,
        n % 200,
        n % 9
    )
}

fn bench() -> Bench {
    Bench {
        messages: Arc::new(|_, _| Vec::new()),
        policy_number: 0,
        policy: Arc::new(Policy::default()),
        // Few accounts stay in memory, so that profiles come back from disk on the way.
        limits: CheckpointLimits { accounts_max: 4, ..CheckpointLimits::default() },
    }
}

fn submission(store: &Store, n: u64) -> Submission {
    let body = event(n);
    let received_at = Micros(1_781_000_000_000_000 + i64::try_from(n).unwrap() * 1_000);
    let parsed = parse(body.as_bytes(), received_at).unwrap();
    let country = Some(Country(if n.is_multiple_of(3) { *b"JP" } else { *b"FR" }));
    let place = Place { origin: Origin { country, ..Origin::default() }, ..Place::default() };
    Submission {
        event_id: parsed.event_id.clone(),
        observation: Box::new(observe(&parsed, received_at, place, &store.hasher().unwrap())),
        account_name: parsed.account.map(|account| account.id),
        body: body.into_bytes(),
        content: n,
        asked: true,
        mode: Mode::Enforce,
    }
}

/// A log of 1,200 events with outcomes between, and a restart in the middle.
async fn busy_log(folder: &Path) -> Store {
    for half in 0..2 {
        let store = open(folder).await;
        let (judge, task) = Judge::start(store.clone(), bench()).await.unwrap();
        for part in 0..6 {
            if part == 3 {
                activate(&store, &judge, half).await;
            }
            let from = half * 600 + part * 100;
            let submissions = (from..from + 100).map(|n| submission(&store, n)).collect();
            let judged = judge.judge_all(submissions).await;
            let told = judged[7].as_ref().unwrap().decision;
            let said = (Outcome::ConfirmedTakeover, "desk".into());
            judge.settle(told, said, Vec::new(), Micros(1)).await.unwrap();
        }
        judge.close();
        task.await.unwrap();
        store.close().await;
    }
    open(folder).await
}

/// Puts another policy into force, in the middle of the traffic.
async fn activate(store: &Store, judge: &Judge, half: u64) {
    let text = Policy::preset_text(if half == 0 { "marketplace" } else { "observe" }).unwrap();
    let new = NewPolicy {
        id: format!("pol_{half}"),
        text: text.to_owned(),
        digest: [u8::try_from(half).unwrap(); 32],
        note: String::new(),
        created_by: "key_1".to_owned(),
        created_at: Micros(0),
    };
    let number = store.propose_policy(&new).await.unwrap();
    store.approve_policy(number, "key_2", Micros(1)).await.unwrap();
    let policy = Arc::new(Policy::compile(text).unwrap());
    judge.activate_policy(number, policy, Micros(2)).await.unwrap();
}

async fn both(store: &Store) -> (String, String) {
    let (exported, replayed) = (Page::default(), Page::default());
    export_decisions(store, exported.clone()).await.unwrap();
    let rules = Rules { policy: Arc::default(), compare: None };
    let judging = Judging::new(rules, None, Some(Box::new(replayed.clone())));
    replay_log(store, judging, false, |_| ()).await.unwrap();
    (exported.text(), replayed.text())
}

#[tokio::test]
async fn the_servers_own_log_replays_to_the_same_bytes_also_after_an_erasure() {
    let folder = tempfile::tempdir().unwrap();
    let store = busy_log(folder.path()).await;
    let (exported, replayed) = both(&store).await;
    assert_eq!(exported.lines().count(), 1_200);
    assert!(exported == replayed, "{:?}", first_difference(&exported, &replayed));
    assert!(exported.contains(r#""event_id":"e1199""#));
    assert!(exported.contains(r#""rule":""#), "a rule of the marketplace decided somewhere");

    let person = AccountKey(store.hasher().unwrap().wide(Field::Account, b"u-5"));
    assert!(store.erase_account(person, Micros(2)).await.unwrap());
    let (exported, replayed) = both(&store).await;
    assert!(exported == replayed, "{:?}", first_difference(&exported, &replayed));
    assert!(exported.contains(r#""event_id":"erased-"#));
    assert!(!exported.contains(r#""event_id":"e5""#));
}

#[tokio::test]
async fn exported_events_are_those_received_and_the_erased_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    let store = busy_log(folder.path()).await;
    let person = AccountKey(store.hasher().unwrap().wide(Field::Account, b"u-5"));
    store.erase_account(person, Micros(2)).await.unwrap();
    let page = Page::default();
    assert_eq!(export_events(&store, page.clone()).await.unwrap(), 1_200);
    for (n, line) in (0..).zip(page.text().lines()) {
        if n % 13 == 5 {
            assert!(line.contains(r#""erased":true"#) && !line.contains("u-5"), "{line}");
        } else {
            assert_eq!(line, event(n));
        }
    }
}

fn first_difference<'a>(left: &'a str, right: &'a str) -> Option<(&'a str, &'a str)> {
    left.lines().zip(right.lines()).find(|(left, right)| left != right)
}
