//! The database goes away, fills up or stalls: callers are told to come again, nothing that was
//! answered is lost, and nobody has to lay hands on the server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sekisho::config::{Config, Said, Source};
use sekisho::instance::open_store;
use sekisho::world::pause;
use serde_json::Value;
use sqlx::Connection as _;
use store::{Body, ChainCheck};
use tempfile::TempDir;
use testbed::PrivatePostgres;
use tokio::task::JoinHandle;

use crate::support::{Server, Told, login};

const CLIENTS: u64 = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_and_comes_back_costs_no_answer() {
    let postgres = PrivatePostgres::start().unwrap();
    let url = postgres.create_database("away").unwrap();
    let settings = |said: Said| of_callers(said).with("database-url", &url, Source::Flag);
    let rush = Rush::begin(Server::start_with(settings).await);
    rush.until("answers", |heard| heard.answered.len() >= 200).await;
    postgres.kill().unwrap();
    rush.until("refusals", |heard| heard.refused >= 100).await;
    rush.server.get("/readyz").await.refused(503);
    rush.server.get("/healthz").await.good();
    postgres.restart().unwrap();
    rush.goes_on().await;
    rush.end(settings).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_until_there_is_room_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("SKIPPED: a small disk of one's own can only be mounted as root");
        return;
    };
    let folder = TempDir::new_in(disk.0.path()).unwrap();
    let rush = Rush::begin(Server::start_in(folder, of_callers).await);
    rush.until("answers", |heard| heard.answered.len() >= 100).await;
    let ballast = disk.fill();
    rush.until("refusals", |heard| heard.refused >= 50).await;
    std::fs::remove_file(ballast).unwrap();
    rush.goes_on().await;
    rush.end(of_callers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_stalls_makes_answers_late_or_refused_and_never_lost() {
    let rush = Rush::begin(Server::start_with(of_callers).await);
    rush.until("answers", |heard| heard.answered.len() >= 100).await;
    let file = rush.server.folder.path().join("sekisho.db");
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}", file.display());
    let mut other = sqlx::AnyConnection::connect(&url).await.unwrap();
    let patient = sqlx::raw_sql("PRAGMA busy_timeout = 60000");
    patient.execute(&mut other).await.unwrap();
    // Shorter than the server's patience, then longer than it.
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    pause(Duration::from_millis(700)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    rush.goes_on().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let before = rush.heard().refused;
    rush.until("refusals", |heard| heard.refused > before + CLIENTS).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    rush.goes_on().await;
    rush.end(of_callers).await;
}

/// A request may take as long as the default says; an account may come as often as it likes.
fn of_callers(said: Said) -> Said {
    said.with("request-timeout-ms", "10000", Source::Flag).with(
        "account-decisions-per-second",
        "0",
        Source::Flag,
    )
}

/// What clients were told.
#[derive(Default, Clone)]
struct Heard {
    sent: Vec<String>,
    /// Decision ids by event id.
    answered: BTreeMap<String, String>,
    refused: u64,
}

/// A server with clients that ask without pause.
struct Rush {
    server: Arc<Server>,
    heard: Arc<Mutex<Heard>>,
    over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
}

impl Rush {
    fn begin(server: Server) -> Self {
        let server = Arc::new(server);
        let (heard, over) = (Arc::<Mutex<Heard>>::default(), Arc::<AtomicBool>::default());
        let next = Arc::new(AtomicU64::new(0));
        let clients = (0..CLIENTS)
            .map(|_| tokio::spawn(ask(server.clone(), heard.clone(), over.clone(), next.clone())));
        let clients = clients.collect();
        Self { server, heard, over, clients }
    }

    fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }

    /// Waits until clients have heard enough.
    async fn until(&self, what: &str, enough: impl Fn(&Heard) -> bool) {
        for _ in 0..3000 {
            if enough(&self.heard.lock().unwrap()) {
                return;
            }
            pause(Duration::from_millis(20)).await;
        }
        panic!("no {what} for a minute");
    }

    /// Clients are answered again.
    async fn goes_on(&self) {
        let before = self.heard().answered.len();
        self.until("answers again", |heard| heard.answered.len() >= before + 100).await;
    }

    /// Ends, and holds the log against what was heard: each event once, with the decision told.
    async fn end(self, settings: impl Fn(Said) -> Said) {
        self.over.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.unwrap();
        }
        self.server.get("/readyz").await.good();
        let heard = self.heard.lock().unwrap().clone();
        for id in &heard.sent {
            let again = self.server.decide(event(id)).await.good();
            if let Some(decision) = heard.answered.get(id) {
                assert_eq!(again["decision_id"], **decision, "{id} told again");
            }
        }
        let server = Arc::into_inner(self.server).unwrap();
        let (_, folder) = server.stop().await;
        let said = Said::defaults().with("data", folder.path().to_str().unwrap(), Source::Flag);
        let logged = log_of(&Config::of(settings(said)).unwrap()).await;
        let mut ids: Vec<_> = logged.iter().map(|(event, _)| event.clone()).collect();
        let mut sent = heard.sent;
        ids.sort_unstable();
        sent.sort_unstable();
        assert_eq!(ids, sent, "every event is in the log exactly once");
        let logged: BTreeMap<_, _> = logged.into_iter().collect();
        for (event, decision) in heard.answered {
            assert_eq!(logged[&event], decision, "{event} is in the log as it was answered");
        }
    }
}

async fn ask(
    server: Arc<Server>,
    heard: Arc<Mutex<Heard>>,
    over: Arc<AtomicBool>,
    next: Arc<AtomicU64>,
) {
    while !over.load(Ordering::Relaxed) {
        let id = format!("rush-{}", next.fetch_add(1, Ordering::Relaxed));
        heard.lock().unwrap().sent.push(id.clone());
        let answer = server.decide(event(&id)).await;
        if answer.status == 200 {
            let decision = answer.json()["decision_id"].as_str().unwrap().to_owned();
            heard.lock().unwrap().answered.insert(id, decision);
            continue;
        }
        assert!(answer.headers.contains_key("retry-after"), "{}", answer.text);
        let problem = answer.refused(503);
        let kind = problem["type"].as_str().unwrap();
        assert!(kind.ends_with("/unavailable"), "refused before the time limit: {kind}");
        heard.lock().unwrap().refused += 1;
        pause(Duration::from_millis(20)).await;
    }
}

/// One of a few accounts signs in.
fn event(id: &str) -> Told {
    login(&format!("u-{}", id.len() + id.bytes().map(usize::from).sum::<usize>() % 23)).id(id)
}

/// Event and decision ids of the whole log, whose chain is whole.
async fn log_of(config: &Config) -> Vec<(String, String)> {
    let store = open_store(config).await.unwrap();
    assert!(matches!(store.verify_chain(|_| ()).await.unwrap(), ChainCheck::Whole(_)));
    let (mut logged, mut log) = (Vec::new(), store.log_after(0));
    loop {
        let entries = log.next().await.unwrap();
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            let store::Payload::Event { decision, .. } = entry.payload else { continue };
            let Body::Open(body) = entry.body else { panic!("a body is gone") };
            let body: Value = serde_json::from_slice(&body).unwrap();
            let id = body["event_id"].as_str().unwrap().to_owned();
            logged.push((id, sekisho::id::show("dec", decision.0)));
        }
    }
    store.close().await;
    logged
}

/// A file system of 32 MiB, gone when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = TempDir::with_prefix("sekisho-disk-").unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=32m", "sekisho-test"]).arg(folder.path());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    /// Takes all the room there is.
    fn fill(&self) -> PathBuf {
        let ballast = self.0.path().join("ballast");
        let mut file = std::fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let folder: &Path = self.0.path();
        drop(Command::new("umount").arg("-l").arg(folder).status());
    }
}
