//! Bad input, wrong keys, limits: refused clearly, and nothing of it stored.

use reqwest::Method;
use sekisho::config::Source;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::decisions::redacted;
use crate::support::{Answer, Server, login};

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";
const MIB_8: usize = 8 * 1024 * 1024;

#[tokio::test]
async fn a_wrong_key_is_401_and_the_event_is_not_recorded() {
    let mut server = Server::start().await;
    let right = server.key(&Scope::ALL, false).await;
    let mut wrong = right.clone();
    wrong.pop();
    for key in [wrong.as_str(), "", "sk_live_", "rubbish"] {
        let answer = server.as_key(key).tell(login("u-1")).await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        answer.refused(401);
    }
    server.as_key(&right).get("/v1/accounts/u-1").await.refused(404);
}

#[tokio::test]
async fn a_revoked_key_is_401_at_once() {
    let mut server = Server::start().await;
    let other = server.key(&[Scope::Decide], false).await;
    let keys = server.get("/v1/keys").await.good();
    let id = keys["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    server.delete(&format!("/v1/keys/{id}")).await.good();
    server.delete(&format!("/v1/keys/{id}")).await.refused(404);
    server.as_key(&other).decide(login("u-1")).await.refused(401);
}

#[tokio::test]
async fn what_is_not_json_is_400_and_says_where() {
    let server = Server::start().await;
    let problem = server.post_raw("/v1/decisions", JSON, "{\"event_id\": nope}").await.refused(400);
    insta::assert_json_snapshot!("not_json", redacted(problem));
    let twice = format!("{}}}", login("u-1").0);
    for body in ["", "{", twice.as_str()] {
        server.post_raw("/v1/decisions", JSON, body).await.refused(400);
    }
}

#[tokio::test]
async fn what_is_not_utf8_is_400_and_says_at_which_byte() {
    let server = Server::start().await;
    let body = b"{\"event_id\":\"\xff\"}".to_vec();
    let problem = server.post_raw("/v1/decisions", JSON, body.clone()).await.refused(400);
    assert_eq!(problem["byte_offset"], 13);
    server.post_raw("/v1/events", JSON, body).await.refused(400);
}

#[tokio::test]
async fn nesting_200_deep_is_refused_and_the_server_lives() {
    let server = Server::start().await;
    let deep = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
    let event = login("u-1").0.to_string();
    let body = format!("{},\"properties\":{deep}}}", event.strip_suffix('}').unwrap());
    let answer = server.post_raw("/v1/decisions", JSON, body.clone()).await;
    assert!([400, 422].contains(&answer.status.as_u16()), "{}", answer.text);
    let batch = server.post_raw("/v1/events", JSON, format!("[{body}]")).await.good();
    assert_eq!(batch["items"][0]["status"], 422);
    server.decide(login("u-1")).await.good();
}

#[tokio::test]
async fn eight_mebibytes_and_one_byte_are_413_said_or_streamed() {
    let server = Server::start().await;
    let padded = |length: usize| {
        let mut body = login("u-1").0.to_string().into_bytes();
        body.resize(length, b' ');
        body
    };
    server.post_raw("/v1/decisions", JSON, padded(MIB_8 + 1)).await.refused(413);
    server.get("/v1/accounts/u-1").await.refused(404);
    server.post_raw("/v1/decisions", JSON, padded(MIB_8)).await.good();
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_422_with_its_pointer() {
    let server = Server::start().await;
    let problem = server.decide(login("u-1").with("/account/id", 7)).await.refused(422);
    insta::assert_json_snapshot!("wrong_type", redacted(problem));
    let problem = server.decide(login("u-1").with("/status", 401)).await.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/status");
    server.post_raw("/v1/decisions", JSON, "[]").await.refused(422);
}

#[tokio::test]
async fn a_time_in_the_far_future_or_without_offset_is_refused() {
    let server = Server::start().await;
    for time in ["9999-01-01T00:00:00Z", "2026-06-03T21:04:05", "0000-13-01T00:00:00Z", "now"] {
        let problem = server.decide(login("u-1").with("/occurred_at", time)).await.refused(422);
        assert_eq!(problem["errors"][0]["pointer"], "/occurred_at", "{time}");
    }
}

#[tokio::test]
async fn other_media_routes_and_methods_are_problems_too() {
    let server = Server::start().await;
    server.post_raw("/v1/decisions", "text/xml", "<a/>").await.refused(415);
    server.post_raw("/v1/decisions", NDJSON, "{}").await.refused(415);
    server.get("/v1/nowhere").await.refused(404);
    let answer = server.get("/v1/decisions").await;
    assert_eq!(answer.headers["allow"], "POST");
    answer.refused(405);
    server.get("/v1/accounts/%ff").await.refused(400);
    server.get("/v1/accounts/u/timeline?limit=0").await.refused(400);
    server.get("/v1/accounts/u/timeline?cursor=x").await.refused(400);
}

/// 10,000 events; every hundredth is bad, each in its own way.
fn lines() -> String {
    let bad = ["{", "{\"event_id\":\"x\"}", "[]", "nope", "{\"event_id\":7,\"type\":\"login\"}"];
    let line = |at: usize| match at % 100 {
        50 => bad[at / 100 % bad.len()].to_owned(),
        _ => login("u-1").id(&format!("e-{at}")).0.to_string(),
    };
    (0..10_000).map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn bad_lines_in_the_middle_of_10_000_do_not_lose_the_others() {
    let server = Server::start().await;
    let answer = server.post_raw("/v1/events", NDJSON, lines()).await;
    assert_eq!(answer.status, 207);
    let answer = answer.json();
    assert_eq!((&answer["accepted"], &answer["refused"]), (&json!(9_900), &json!(100)));
    let items = answer["items"].as_array().unwrap();
    for (at, item) in items.iter().enumerate() {
        assert_eq!((&item["index"], &item["line"]), (&json!(at), &json!(at + 1)));
        assert_eq!(item["status"] == 200, at % 100 != 50, "{item}");
        assert_eq!(item["problem"].is_object(), at % 100 == 50);
    }
    assert_eq!(items[50]["status"], 400);
    assert_eq!(items[150]["status"], 422);
    assert_eq!(server.get("/v1/accounts/u-1").await.good()["records"], 9_900);
    let again = server.post_raw("/v1/events", NDJSON, lines()).await.json();
    assert_eq!(again["items"][0]["repeated"], true);
    assert_eq!(server.get("/v1/accounts/u-1").await.good()["records"], 9_900);
}

#[tokio::test]
async fn one_event_too_many_is_413_and_nothing_is_stored() {
    let server = Server::start().await;
    let events: Vec<Value> =
        (0..10_001).map(|at| json!({ "event_id": at.to_string(), "type": "login" })).collect();
    server.post("/v1/events", &json!(events)).await.refused(413);
    let lines = format!("{}\n{}", lines(), login("u-2").0);
    server.post_raw("/v1/events", NDJSON, lines).await.refused(413);
    server.get("/v1/accounts/u-1").await.refused(404);
}

#[tokio::test]
async fn an_array_is_answered_item_by_item() {
    let server = Server::start().await;
    let batch = json!([login("u-1").0, { "event_id": "x" }, login("u-1").0]);
    let answer = server.post("/v1/events", &batch).await;
    assert_eq!(answer.status, 207);
    insta::assert_json_snapshot!("array", redacted(answer.json()));
}

#[tokio::test]
async fn faster_than_agreed_is_429_with_the_time_to_wait() {
    let slow =
        |said: sekisho::config::Said| said.with("account-decisions-per-second", "1", Source::Flag);
    let server = Server::start_with(slow).await;
    for at in 0..10 {
        server.decide(login("u-1").id(&at.to_string())).await.good();
    }
    let refused = server.decide(login("u-1").id("one-more")).await;
    assert_eq!(refused.headers["retry-after"], "1");
    refused.refused(429);
    server.decide(login("u-2")).await.good();
    server.tell(login("u-1").id("a-fact")).await.good();
}

#[tokio::test]
async fn what_is_under_way_at_a_stop_is_answered_and_nobody_else_let_in() {
    let mut server = Server::start().await;
    let key = server.key(&[Scope::Decide], true).await;
    let slow = server.as_key(&key).request(Method::POST, "/v1/decisions");
    let slow = tokio::spawn(Answer::of(slow.json(&login("test_slow").0)));
    sekisho::world::pause(std::time::Duration::from_millis(300)).await;
    server.begin_to_stop();
    assert_eq!(slow.await.unwrap().good()["verdict"], "allow");
    assert_eq!(server.ended().await, sekisho::command::Exit::Fine);
}
