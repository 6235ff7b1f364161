//! Policies, lists, webhooks and accounts over the API.

use reqwest::{Method, StatusCode};
use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Server, login, order};

/// Every sign-in is challenged.
fn strict() -> &'static str {
    domain::policy::Policy::preset_text("observe").unwrap()
}

#[tokio::test]
async fn a_policy_is_proposed_by_one_key_approved_by_another_and_then_judges() {
    let mut server = Server::start().await;
    let (proposer, approver) =
        (server.key(&[Scope::Admin], false).await, server.key(&Scope::ALL, false).await);
    let new = json!({ "text": strict(), "note": "only look on" });
    let proposed = server.as_key(&proposer).post("/v1/policies", &new).await.good();
    let id = proposed["id"].as_str().unwrap().to_owned();
    let (approve, activate) =
        (format!("/v1/policies/{id}/approve"), format!("/v1/policies/{id}/activate"));
    server.post(&activate, &Value::Null).await.refused(409);
    server.post(&approve, &Value::Null).await.refused(403);
    server.as_key(&approver).post(&approve, &Value::Null).await.good();
    let before = server.decide(login("u-1")).await.good();
    let in_force = server.post(&activate, &Value::Null).await.good();
    assert_eq!((&in_force["in_force"], &in_force["text"]), (&json!(true), &json!(strict())));
    let after = server.decide(login("u-2")).await.good();
    assert_ne!(before["policy"]["version"], id);
    assert_eq!(after["policy"]["version"], id);
    let versions = server.get("/v1/policies").await.good();
    assert_eq!(versions["items"][0]["id"], id);
    let (_, folder) = server.stop().await;
    let server = Server::start_in(folder, |said| said).await;
    let restarted = server.decide(login("u-3")).await.good();
    assert_eq!(restarted["policy"]["version"], id);
}

#[tokio::test]
async fn a_policy_that_cannot_be_understood_is_refused_with_line_and_column() {
    let server = Server::start().await;
    let problem = server.post("/v1/policies", &json!({ "text": "name = 'x'\nrule =" })).await;
    let problem = problem.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/text");
    assert!(problem["errors"][0]["line"].as_u64().unwrap() >= 1, "{problem}");
    assert!(problem["errors"][0]["column"].as_u64().unwrap() >= 1, "{problem}");
}

#[tokio::test]
async fn a_list_is_made_filled_and_emptied_and_no_value_stands_in_a_url() {
    let server = Server::start().await;
    let entries = "/v1/lists/offices/entries";
    server.get(entries).await.refused(404);
    let list = json!({ "name": "offices", "kind": "cidr", "note": "our own" });
    server.post("/v1/lists", &list).await.good();
    server.post("/v1/lists", &json!({ "name": "offices", "kind": "email" })).await.refused(409);
    server.post("/v1/lists", &json!({ "name": "of fices", "kind": "ip" })).await.refused(422);
    server.post(entries, &json!({ "value": "rubbish" })).await.refused(422);
    server.post(entries, &json!({ "value": "203.0.113.0/24" })).await.good();
    assert_eq!(server.get(entries).await.good()["items"][0]["value"], "203.0.113.0/24");
    let off = server.request(Method::DELETE, entries).json(&json!({ "value": "203.0.113.0/24" }));
    Answer::of(off).await.good();
    assert_eq!(server.get(entries).await.good()["items"], json!([]));
    server.delete("/v1/lists/offices").await.good();
    server.delete("/v1/lists/offices").await.refused(404);
}

#[tokio::test]
async fn a_store_asks_for_breached_passwords_by_five_digits() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let text = format!("21BD1{}:7\n21BD2{}:2\n", "A".repeat(35), "B".repeat(35));
    std::fs::write(files.join("breached"), text).unwrap();
    let path = files.to_str().unwrap().to_owned();
    let server = Server::start_in(folder, |said| {
        said.with("surroundings", &path, sekisho::config::Source::Flag)
    })
    .await;
    let range = server.get("/v1/breached-passwords/21bd1").await;
    assert_eq!((range.status, range.text), (StatusCode::OK, format!("{}:7\r\n", "A".repeat(35))));
    assert_eq!(server.get("/v1/breached-passwords/FFFFF").await.text, "");
    for prefix in ["21BD", "21BD1A", "21BDX", "%00%00%00%00%00"] {
        server.get(&format!("/v1/breached-passwords/{prefix}")).await.refused(422);
    }
    let without = Server::start().await;
    without.get("/v1/breached-passwords/21BD1").await.refused(404);
}

#[tokio::test]
async fn a_webhooks_secret_is_shown_once_and_targets_inside_are_refused() {
    let server = Server::start().await;
    for url in ["http://shop.example", "https://127.0.0.1/", "https://169.254.169.254/", "x"] {
        let problem = server.post("/v1/webhooks", &json!({ "url": url })).await.refused(422);
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{url}");
    }
    let new = json!({ "url": "https://shop.example/hook", "types": ["decision.created"] });
    let made = server.post("/v1/webhooks", &new).await.good();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let id = made["id"].as_str().unwrap();
    let listed = server.get("/v1/webhooks").await.good();
    assert_eq!(
        (&listed["items"][0]["id"], &listed["items"][0]["secret"]),
        (&made["id"], &Value::Null)
    );
    let rotated = server.post(&format!("/v1/webhooks/{id}/rotate"), &Value::Null).await.good();
    assert_ne!(rotated["secret"], made["secret"]);
    assert!(rotated["rotating_until"].is_string());
    let change = server.request(Method::PATCH, &format!("/v1/webhooks/{id}"));
    let changed = Answer::of(change.json(&json!({ "types": ["nope"] }))).await.refused(422);
    assert_eq!(changed["errors"][0]["pointer"], "/types/0");
    assert_eq!(server.get("/v1/webhooks/dead-letters").await.good()["items"], json!([]));
    server.delete(&format!("/v1/webhooks/{id}")).await.good();
    assert_eq!(server.get("/v1/webhooks").await.good()["items"], json!([]));
}

#[tokio::test]
async fn an_accounts_history_is_read_page_by_page_newest_first() {
    let server = Server::start().await;
    for at in 0..5 {
        server.tell(login("u-1").id(&format!("e-{at}"))).await.good();
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server.get(&format!("/v1/accounts/u-1/timeline?limit=2{cursor}")).await.good();
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items.iter().map(|item| item["event"]["event_id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["e-4", "e-3", "e-2", "e-1", "e-0"]);
}

#[tokio::test]
async fn r7_a_change_is_found_among_the_changes_with_old_and_new_value() {
    let server = Server::start().await;
    server.tell(login("u-1")).await.good();
    let change = json!({ "field": "email", "old": "a@example.jp", "new": "b@example.jp" });
    let event =
        login("u-1").id("c-1").with("/type", "profile.email_changed").with("/change", change);
    server.tell(event).await.good();
    let changes = server.get("/v1/accounts/u-1/changes").await.good();
    assert_eq!(changes["items"].as_array().unwrap().len(), 1);
    assert_eq!(changes["items"][0]["event"]["change"]["old"], "a@example.jp");
}

#[tokio::test]
async fn an_erased_person_is_gone_and_the_verdicts_stay() {
    let server = Server::start().await;
    let decision = server.decide(order("u-1")).await.good();
    server.delete("/v1/accounts/u-1").await.good();
    server.delete("/v1/accounts/nobody").await.refused(404);
    let account = server.get("/v1/accounts/u-1").await.good();
    assert_eq!(account["id"], Value::Null);
    assert!(account["erased_at"].is_string());
    let item = server.get("/v1/accounts/u-1/timeline").await.good()["items"][0].clone();
    assert_eq!((&item["event"], &item["erased"]), (&Value::Null, &json!(true)));
    assert_eq!(item["verdict"], decision["verdict"]);
}

#[tokio::test]
async fn metrics_tell_decisions_by_verdict_and_type_and_carry_no_name() {
    let server = Server::start().await;
    server.decide(login("u-1")).await.good();
    let metrics = server.get("/metrics").await;
    assert!(metrics.text.contains(r#"type="login"} 1"#), "{}", metrics.text);
    assert!(metrics.text.contains("sekisho_outbox_pending 0"), "{}", metrics.text);
    assert!(!metrics.text.contains("u-1") && !metrics.text.contains("203.0.113"));
    assert_eq!(server.get("/readyz").await.status, 200);
    assert_eq!(server.get("/healthz").await.status, 200);
}

/// The time, as an event says it.
fn now() -> String {
    sekisho::time::show(sekisho::world::World::real().now())
}

/// A failed sign-in of `account`, now.
fn failure(account: &str, number: u32) -> crate::support::Told {
    login(account)
        .id(&format!("{account}-fails-{number}"))
        .with("/status", "failed")
        .with("/occurred_at", now())
}

#[tokio::test]
async fn accounts_attacked_that_held_and_accounts_taken_over_are_two_queues() {
    let server = Server::start().await;
    let entered = server.decide(failure("lost", 0).with("/status", "succeeded")).await.good();
    let decision = entered["decision_id"].as_str().unwrap();
    let outcome = json!({ "outcome": "confirmed_takeover", "source": "desk" });
    server.post(&format!("/v1/decisions/{decision}/outcome"), &outcome).await.good();
    for account in ["held-1", "held-2", "held-3"] {
        for number in 0..9 {
            server.tell(failure(account, number)).await.good();
        }
    }
    let lost = server.get("/v1/accounts?standing=taken_over").await.good();
    assert_eq!(lost["items"].as_array().unwrap().len(), 1, "{lost}");
    let item = &lost["items"][0];
    assert_eq!((&item["id"], &item["standing"]), (&json!("lost"), &json!("taken_over")));
    assert_eq!((&item["last_decision_id"], &item["score"]), (&json!(decision), &entered["score"]));

    let first = server.get("/v1/accounts?standing=attacked_held&limit=2").await.good();
    let ids = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ["held-3", "held-2"]);
    let next = first["next_cursor"].as_str().unwrap();
    let path = format!("/v1/accounts?standing=attacked_held&limit=2&cursor={next}");
    let last = server.get(&path).await.good();
    assert_eq!((ids(&last), &last["next_cursor"]), (vec!["held-1".to_owned()], &Value::Null));
}

/// R2: three orders of an intruder open one case.
#[tokio::test]
async fn r02_a_decision_that_asks_for_a_case_opens_one_for_its_account() {
    let server = Server::start_with(|said| {
        said.with("policy-preset", "marketplace", sekisho::config::Source::Flag)
    })
    .await;
    let entered = server.decide(failure("u-1", 0).with("/status", "succeeded")).await.good();
    let decision = entered["decision_id"].as_str().unwrap();
    let outcome = json!({ "outcome": "confirmed_takeover", "source": "desk" });
    server.post(&format!("/v1/decisions/{decision}/outcome"), &outcome).await.good();
    for number in 0..3 {
        let placed = order("u-1").id(&format!("order-{number}")).with("/occurred_at", now());
        let placed = placed.with("/order/id", format!("o-{number}"));
        let judged = server.decide(placed).await.good();
        assert!(judged["obligations"].to_string().contains("open_case"), "{judged}");
    }
    for _ in 0..200 {
        let queue = server.get("/v1/cases").await.good();
        if let Some(case) = queue["items"].as_array().unwrap().first() {
            assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
            assert_eq!((&case["account_id"], &case["priority"]), (&json!("u-1"), &json!("P1")));
            return;
        }
        sekisho::world::pause(std::time::Duration::from_millis(25)).await;
    }
    panic!("no case was opened");
}

#[tokio::test]
async fn there_is_no_queue_of_everybody() {
    let server = Server::start().await;
    for query in ["", "?standing=", "?standing=quiet", "?limit=5", "?standing=all"] {
        server.get(&format!("/v1/accounts{query}")).await.refused(422);
    }
    server.get("/v1/accounts?standing=taken_over&limit=0").await.refused(400);
}

/// Runs `sekisho policy activate` against `server` with `key`: its exit code and what it said.
fn policy_activate(server: &Server, key: &str, words: &[&str]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sekisho"));
    command.args(["policy", "activate", "--server", &server.url]).args(words);
    let output = command.env("SEKISHO_KEY", key).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_puts_a_policy_into_force_by_two_keys() {
    let server = Server::start().await;
    let (one, other) =
        (server.key(&[Scope::Admin], false).await, server.key(&[Scope::Admin], false).await);
    let file = server.folder.path().join("strict.toml");
    std::fs::write(&file, strict()).unwrap();
    let file = file.to_str().unwrap();
    let (code, said) = policy_activate(&server, &one, &[file, "--note", "only look on"]);
    assert_eq!(code, Some(0), "{said}");
    let id = said.split(' ').next().unwrap();
    let (code, said) = policy_activate(&server, &one, &["--activate", id]);
    assert!(code == Some(4) && said.contains("not approved"), "{said}");
    let (code, said) = policy_activate(&server, &one, &["--approve", id]);
    assert!(code == Some(4) && said.contains("may not approve"), "{said}");
    let (code, said) = policy_activate(&server, &other, &["--approve", id]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = policy_activate(&server, &one, &[id]);
    assert!(code == Some(0) && said.contains("in force"), "{said}");
    assert_eq!(server.decide(login("u-1")).await.good()["policy"]["version"], id);

    std::fs::write(file, "name = 'x'\nrule =").unwrap();
    assert_eq!(policy_activate(&server, &one, &[file]).0, Some(3));
    assert_eq!(policy_activate(&server, &one, &["--approve", "pol_none"]).0, Some(3));
    assert_eq!(policy_activate(&server, &one, &["--approve", "../keys"]).0, Some(2));
    assert_eq!(policy_activate(&server, "", &["--approve", id]).0, Some(2));
    assert_eq!(policy_activate(&server, "sk_live_wrong", &["--approve", id]).0, Some(4));
}
