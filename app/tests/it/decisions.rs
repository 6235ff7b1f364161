//! Decisions, from outside.

use reqwest::Method;
use sekisho::command::Exit;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Server, login, order};

/// Ids and times are not the same twice.
pub(crate) fn redacted(mut answer: Value) -> Value {
    redact(&mut answer);
    answer
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match name.as_str() {
                    "decision_id" | "id" | "request_id" | "received_at" | "created_at"
                    | "proposed_at" | "approved_at" | "activated_at" | "proposed_by"
                    | "approved_by" | "version" | "secret" | "key"
                        if field.is_string() =>
                    {
                        *field = json!("…");
                    }
                    "latency_us" | "score" | "evidence" => *field = json!(0),
                    _ => redact(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

#[tokio::test]
async fn a_sign_in_gets_a_decision_with_reasons_in_words() {
    let server = Server::start().await;
    let decision = server.decide(login("u-1")).await.good();
    insta::assert_json_snapshot!("first_sign_in", redacted(decision));
}

#[tokio::test]
async fn a_sign_in_after_a_storm_is_explained_in_both_languages() {
    let server = Server::start().await;
    for at in 0..12 {
        let failed = login("u-1").id(&format!("f-{at}")).with("/status", "failed");
        let secret = json!({ "kind": "password", "secret_hash": format!("s-{at}") });
        server.tell(failed.with("/credential", secret)).await.good();
    }
    let decision = server.decide(login("u-1")).await.good();
    assert!(!decision["reasons"].as_array().unwrap().is_empty(), "{decision}");
    let again = server.request(Method::POST, "/v1/decisions").json(&login("u-1").0);
    let japanese = Answer::of(again.header("accept-language", "ja")).await.good();
    assert_eq!(japanese["decision_id"], decision["decision_id"]);
    for (japanese, english) in
        japanese["reasons"].as_array().unwrap().iter().zip(decision["reasons"].as_array().unwrap())
    {
        assert_eq!(japanese["code"], english["code"]);
        let (japanese, english) = (japanese["text"].as_str(), english["text"].as_str());
        assert!(japanese.unwrap().chars().any(|c| c as u32 >= 0x3040), "{japanese:?}");
        assert!(english.unwrap().is_ascii() && !english.unwrap().contains('{'), "{english:?}");
    }
}

#[tokio::test]
async fn the_same_event_gets_the_same_decision_and_other_content_is_a_contradiction() {
    let server = Server::start().await;
    let first = server.decide(login("u-1")).await.good();
    let again = server.decide(login("u-1")).await.good();
    assert_eq!(first["decision_id"], again["decision_id"]);
    assert_eq!(first["score"], again["score"]);
    let other = login("u-1").with("/context/ip", "198.51.100.9");
    let problem = server.decide(other).await.refused(409);
    insta::assert_json_snapshot!("contradiction", redacted(problem));
}

#[tokio::test]
async fn a_decision_can_be_looked_up_after_a_restart_with_its_event_and_outcomes() {
    let server = Server::start().await;
    let id = server.decide(order("u-1")).await.good()["decision_id"].as_str().unwrap().to_owned();
    let outcome = json!({ "outcome": "confirmed_owner", "source": "customer" });
    server.post(&format!("/v1/decisions/{id}/outcome"), &outcome).await.good();
    let (exit, folder) = server.stop().await;
    assert_eq!(exit, Exit::Fine);
    let server = Server::start_in(folder, |said| said).await;
    let found = server.get(&format!("/v1/decisions/{id}")).await.good();
    assert_eq!(found["decision_id"], id);
    assert_eq!(found["event"], order("u-1").0);
    insta::assert_json_snapshot!("looked_up", redacted(found));
    server.get("/v1/decisions/dec_00000000000000000000000000").await.refused(404);
    server.get("/v1/decisions/rubbish").await.refused(404);
}

#[tokio::test]
async fn an_outcome_told_again_counts_once_also_after_a_restart_and_another_counts() {
    let mut server = Server::start().await;
    let id = server.decide(login("u-1")).await.good()["decision_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/decisions/{id}/outcome");
    let failed = json!({ "outcome": "challenge_failed", "source": "customer" });
    server.post(&path, &failed).await.good();
    server.post(&path, &failed).await.good();
    let (_, folder) = server.stop().await;
    server = Server::start_in(folder, |said| said).await;
    server.post(&path, &failed).await.good();
    let count = async |server: &Server| {
        let found = server.get(&format!("/v1/decisions/{id}")).await.good();
        found["outcomes"].as_array().map(Vec::len)
    };
    assert_eq!(count(&server).await, Some(1));
    let owner = json!({ "outcome": "confirmed_owner", "source": "desk" });
    server.post(&path, &owner).await.good();
    server.post(&path, &failed).await.good();
    server.post(&path, &failed).await.good();
    assert_eq!(count(&server).await, Some(3));
}

#[tokio::test]
async fn reasons_are_worded_in_the_language_asked_for() {
    let server = Server::start().await;
    server.get("/v1/nowhere").await.refused(404);
    let ask = |tag: &'static str| {
        let request = server.request(Method::GET, "/v1/nowhere").header("accept-language", tag);
        async move { Answer::of(request).await.json()["title"].clone() }
    };
    assert_eq!(ask("ja-JP,en;q=0.5").await, "見つかりません");
    assert_eq!(ask("fr,en;q=0.5").await, "Nothing of that name");
}

#[tokio::test]
async fn shadow_mode_is_said_beside_the_event_and_is_not_part_of_it() {
    let server = Server::start().await;
    let shadow = server.decide(login("u-1").with("/mode", "shadow")).await.good();
    assert_eq!(shadow["mode"], "shadow");
    let again = server.decide(login("u-1")).await.good();
    assert_eq!((&again["decision_id"], &again["mode"]), (&shadow["decision_id"], &json!("shadow")));
    let property = login("u-2").with("/properties", json!({ "mode": "dark" }));
    assert_eq!(server.decide(property).await.good()["mode"], "enforce");
    let problem = server.decide(login("u-3").with("/mode", "maybe")).await.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/mode");
}

#[tokio::test]
async fn an_idempotency_key_gives_the_same_answer_and_refuses_another_request() {
    let server = Server::start().await;
    let ask = |event: Value| {
        let request = server.request(Method::POST, "/v1/decisions").json(&event);
        Answer::of(request.header("idempotency-key", "order-1"))
    };
    let first = ask(login("u-1").0).await;
    let again = ask(login("u-1").0).await;
    assert_eq!(first.text, again.text, "to the last digit of latency_us");
    assert_eq!(again.headers["idempotent-replayed"], "true");
    ask(login("u-2").0).await.refused(422);
}

#[tokio::test]
async fn a_key_made_under_an_idempotency_key_is_made_once_also_across_a_restart() {
    let mut server = Server::start().await;
    let key = server.key(&[Scope::Admin], false).await;
    let ask = async |server: &Server| {
        let new = json!({ "name": "shop", "scopes": ["decide"] });
        let request = server.request(Method::POST, "/v1/keys").json(&new);
        Answer::of(request.header("idempotency-key", "k-1")).await
    };
    let first = ask(server.as_key(&key)).await.good();
    let (_, folder) = server.stop().await;
    let mut server = Server::start_in(folder, |said| said).await;
    assert_eq!(ask(server.as_key(&key)).await.good(), first);
}

#[tokio::test]
async fn reserved_accounts_answer_as_their_names_promise_in_test_mode_only() {
    let mut server = Server::start().await;
    let live = server.decide(login("test_deny")).await.good();
    assert_ne!(live["policy"]["version"], "pol_test");
    let key = server.key(&[Scope::Decide], true).await;
    server.as_key(&key);
    for (account, verdict) in [
        ("test_allow", "allow"),
        ("test_challenge", "challenge"),
        ("test_review", "review"),
        ("test_deny", "deny"),
        ("test_slow", "allow"),
    ] {
        let answer = server.decide(login(account).id("any")).await.good();
        assert_eq!(answer["verdict"], verdict, "{account}");
    }
    let away = server.decide(login("test_error")).await;
    assert_eq!(away.headers["retry-after"], "1");
    away.refused(503);
}

#[tokio::test]
async fn a_failed_sign_in_reported_with_its_http_401_keeps_its_type() {
    let server = Server::start().await;
    let event = login("u-1").with("/status", "failed").with("/http_status", 401);
    let id = server.decide(event).await.good()["decision_id"].as_str().unwrap().to_owned();
    let found = server.get(&format!("/v1/decisions/{id}")).await.good();
    assert_eq!((&found["type"], &found["status"]), (&json!("login"), &json!("failed")));
    assert_eq!(found["event"]["http_status"], 401);
}
