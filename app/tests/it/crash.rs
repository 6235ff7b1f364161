//! `kill -9` at any moment loses nothing that was answered, and changes no later verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use sekisho::world::pause;
use serde_json::{Value, json};
use tempfile::TempDir;
use testbed::PrivatePostgres;

/// How often the server is killed, and how many clients ask meanwhile.
const KILLS: u64 = 12;
const CLIENTS: u64 = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_when_the_server_is_killed_on_sqlite() {
    survive_kills(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_when_the_server_is_killed_on_postgresql() {
    let postgres = PrivatePostgres::start().unwrap();
    let url = postgres.create_database("killed").unwrap();
    survive_kills(Some(url)).await;
}

/// An instance whose server comes and goes.
struct Instance {
    folder: TempDir,
    database_url: Option<String>,
    address: SocketAddr,
    /// `HOST:PORT` of the subscriber, which lies on loopback.
    vouched: String,
    key: String,
}

/// What clients sent, and what they were told.
#[derive(Default)]
struct Heard {
    /// Every event sent, by id, answered or not.
    sent: BTreeMap<String, Value>,
    /// The decision each answered event got.
    answered: BTreeMap<String, Value>,
}

async fn survive_kills(database_url: Option<String>) {
    let (url, messages) = subscriber().await;
    let instance = Instance::set_up(database_url, &url).await;
    let heard = Arc::new(Mutex::new(Heard::default()));
    let next = Arc::new(AtomicU64::new(0));
    for kill in 0..KILLS {
        let mut server = instance.serve().await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                tokio::spawn(ask_until_cut_off(instance.client(), heard.clone(), next.clone()))
            })
            .collect();
        pause(Duration::from_millis(120 + kill * 137 % 500)).await;
        server.kill().unwrap();
        server.wait().unwrap();
        for client in clients {
            client.await.unwrap();
        }
    }
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    assert!(heard.answered.len() > 200, "only {} decisions were answered", heard.answered.len());

    let mut server = instance.serve().await;
    let client = instance.client();
    for (event_id, decision) in &heard.answered {
        let id = decision["decision_id"].as_str().unwrap();
        let kept = client.get(&format!("/v1/decisions/{id}")).await;
        assert_eq!(essence(&kept), essence(decision), "{event_id} is kept as it was answered");
    }
    for (event_id, event) in &heard.sent {
        let again = client.post("/v1/decisions", event).await.unwrap();
        if let Some(decision) = heard.answered.get(event_id) {
            assert_eq!(again["decision_id"], decision["decision_id"], "{event_id} told again");
        }
    }
    // Stopped in the middle of a quiet moment, as a last crash.
    server.kill().unwrap();
    server.wait().unwrap();

    let kept = instance.run(&["export", "--decisions"]);
    let mut told: Vec<&str> = heard.sent.keys().map(String::as_str).collect();
    let mut logged: Vec<String> = kept.lines().map(event_id_of).collect();
    told.sort_unstable();
    logged.sort_unstable();
    assert_eq!(logged, told, "every event is in the log exactly once");

    let replayed = instance.folder.path().join("replayed.ndjson");
    instance.run(&["replay", "--out", replayed.to_str().unwrap()]);
    let replayed = std::fs::read_to_string(&replayed).unwrap();
    assert_eq!(replayed, kept, "an uninterrupted run over the log gives the same verdicts");
    delivered_under_one_id(&instance, &messages, &heard).await;
}

/// Every decision has exactly one message in the outbox, whatever was killed when: it arrives at
/// least once and always under the same id. A message that a killed courier held comes back when
/// its lease ends.
async fn delivered_under_one_id(instance: &Instance, messages: &Messages, heard: &Heard) {
    let mut server = instance.serve().await;
    for _ in 0..1800 {
        if messages.lock().unwrap().len() >= heard.sent.len() {
            break;
        }
        pause(Duration::from_millis(100)).await;
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let messages = messages.lock().unwrap();
    assert_eq!(messages.len(), heard.sent.len(), "every decision was told to the subscriber");
    for (decision, ids) in &*messages {
        assert_eq!(ids.len(), 1, "{decision} has one message, sent again or not");
    }
}

/// Message ids by decision, as the subscriber heard them.
type Messages = Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>;

/// A subscriber that takes everything, and its URL.
async fn subscriber() -> (String, Messages) {
    let messages = Messages::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let taken = messages.clone();
    let take = move |headers: HeaderMap, Json(body): Json<Value>| async move {
        let id = headers["webhook-id"].to_str().unwrap().to_owned();
        let decision = body["data"]["decision_id"].as_str().unwrap().to_owned();
        taken.lock().unwrap().entry(decision).or_default().insert(id);
        StatusCode::NO_CONTENT
    };
    let router = Router::new().route("/", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, messages)
}

async fn ask_until_cut_off(client: Client, heard: Arc<Mutex<Heard>>, next: Arc<AtomicU64>) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let event = event(number);
        let id = event["event_id"].as_str().unwrap().to_owned();
        heard.lock().unwrap().sent.insert(id.clone(), event.clone());
        match client.post("/v1/decisions", &event).await {
            Some(decision) => drop(heard.lock().unwrap().answered.insert(id, decision)),
            None => return,
        }
    }
}

/// A shop in miniature: few accounts, few networks, so that every event leans on the ones before.
fn event(number: u64) -> Value {
    let dice = number.wrapping_mul(6_364_136_223_846_793_005).rotate_left(29);
    let account = format!("u-{}", dice % 23);
    let second = number % 60;
    let minute = number / 60 % 60;
    let hour = number / 3600 % 24;
    let mut event = json!({
        "event_id": format!("crash-{number}"),
        "occurred_at": format!("2026-06-03T{hour:02}:{minute:02}:{second:02}+09:00"),
        "account": { "id": account, "email": format!("{account}@example.jp") },
        "context": {
            "ip": format!("203.0.113.{}", dice / 23 % 40),
            "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, \
                           like Gecko) Chrome/140.0.0.0 Safari/537.36",
        },
    });
    let more = match dice / 1000 % 4 {
        0 => json!({ "type": "login", "status": "failed",
                     "credential": { "kind": "password", "secret_hash": format!("s{}", dice % 97) } }),
        1 => json!({ "type": "profile.email_changed", "status": "succeeded",
                     "change": { "field": "email", "old": "a@example.jp", "new": "b@example.jp" } }),
        2 => json!({ "type": "order.placed", "status": "attempted",
                     "order": { "id": format!("o-{number}"), "amount": dice % 90_000, "currency": "JPY",
                                "lines": [ { "sku": format!("K{}", dice % 50), "quantity": 1,
                                             "unit_amount": dice % 90_000, "kind": "physical" } ] } }),
        _ => {
            json!({ "type": "login", "status": "succeeded", "credential": { "kind": "password" } })
        }
    };
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

/// What must be the same when a decision is read again: not latency, nor the language of texts.
fn essence(decision: &Value) -> Value {
    json!({
        "decision_id": decision["decision_id"], "verdict": decision["verdict"],
        "score": decision["score"], "unknown": decision["unknown"],
        "obligations": decision["obligations"], "policy": decision["policy"],
        "reasons": decision["reasons"].as_array().map(|reasons| reasons.iter()
            .map(|reason| json!([reason["code"], reason["evidence"], reason["facts"]]))
            .collect::<Vec<_>>()),
    })
}

fn event_id_of(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    line["event_id"].as_str().unwrap().to_owned()
}

impl Instance {
    /// A new instance with a key and one subscriber of every decision.
    async fn set_up(database_url: Option<String>, subscriber: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], testbed::free_port().unwrap()));
        let folder = TempDir::with_prefix("sekisho-crash-").unwrap();
        let mut instance = Self {
            folder,
            database_url,
            address,
            vouched: vouched(subscriber),
            key: String::new(),
        };
        let scopes = ["keys", "create", "--name", "crash", "--scopes", "decide,read,admin"];
        instance.key = instance.run(&scopes).trim().to_owned();
        let mut server = instance.serve().await;
        let wanted = json!({ "url": subscriber, "types": ["decision.created"] });
        instance.client().create("/v1/webhooks", &wanted).await;
        server.kill().unwrap();
        server.wait().unwrap();
        instance
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
        command.env("SEKISHO_DATA", self.folder.path());
        command.env("SEKISHO_LISTEN", self.address.to_string());
        command.env("SEKISHO_LOG", "error");
        command.env("SEKISHO_ACCOUNT_DECISIONS_PER_SECOND", "0");
        command.env("SEKISHO_WEBHOOKS_ALLOW", &self.vouched);
        if let Some(url) = &self.database_url {
            command.env("SEKISHO_DATABASE_URL", url);
        }
        command
    }

    /// Runs a command to its end and gives what it printed.
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "sekisho {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the server and waits until it is ready.
    async fn serve(&self) -> Child {
        let mut server = self.command().arg("serve").stdout(Stdio::null()).spawn().unwrap();
        let client = self.client();
        for _ in 0..3000 {
            if client.ready().await {
                return server;
            }
            pause(Duration::from_millis(20)).await;
        }
        server.kill().unwrap();
        panic!("not ready after a minute; it ended: {:?}", server.wait());
    }

    fn client(&self) -> Client {
        let base = format!("http://{}", self.address);
        Client { http: reqwest::Client::new(), base, key: self.key.clone() }
    }
}

fn vouched(url: &str) -> String {
    url.trim_start_matches("http://").trim_end_matches('/').to_owned()
}

/// A caller with a key.
struct Client {
    http: reqwest::Client,
    base: String,
    key: String,
}

impl Client {
    async fn ready(&self) -> bool {
        let asked = self.http.get(format!("{}/readyz", self.base)).send().await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.key);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    async fn create(&self, path: &str, body: &Value) {
        let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(&self.key);
        let answer = request.json(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }

    /// The decision, or nothing where the connection was cut. 503 is asked again.
    async fn post(&self, path: &str, body: &Value) -> Option<Value> {
        loop {
            let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(&self.key);
            let answer = request.json(body).send().await.ok()?;
            match answer.status().as_u16() {
                200 => return answer.json().await.ok(),
                503 => pause(Duration::from_millis(20)).await,
                other => panic!("{other}: {}", answer.text().await.unwrap_or_default()),
            }
        }
    }
}
