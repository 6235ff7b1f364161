//! Call-backs over a provider compatible with Twilio's.

use serde_json::{Value, json};

use super::desk::{Desk, NUMBER};
use super::provider::{DESK_LINE, Provider, ask, ask_with, attribute};

/// Somebody is called: the desk, the provider, what it was asked for, and the call-back.
async fn ringing() -> (Desk, Provider, String, String, Value) {
    let provider = Provider::start().await;
    let desk = Desk::with(|said| provider.settings(said)).await;
    desk.is_free("sato", 60).await;
    let case = desk.case("u-1").await;
    let call = desk.book(&case, json!({ "number": NUMBER })).await.good();
    let asked = provider.call(1).await;
    assert_eq!(asked["To"], "+819012345678");
    assert!(asked["Url"].contains(call["id"].as_str().unwrap()), "{asked:?}");
    let (url, status) = (asked["Url"].clone(), asked["StatusCallback"].clone());
    (desk, provider, url, status, call)
}

fn id(call: &Value) -> &str {
    call["id"].as_str().unwrap()
}

#[tokio::test]
async fn t9_who_answers_presses_a_key_before_the_desk_is_joined() {
    let (desk, provider, url, status, call) = ringing().await;
    let server = &desk.server.url;
    let asks = ask(server, &url, &[("CallStatus", "in-progress")]).await;
    assert_eq!(asks.headers["content-type"], "text/xml; charset=utf-8");
    assert!(asks.text.contains("<Gather") && asks.text.contains("1を押して"), "{}", asks.text);
    let phrase = call["phrase"].as_str().unwrap();
    assert!(!asks.text.contains(phrase), "a stranger hears no word of the case: {}", asks.text);
    let pressed = attribute(&asks, "action");
    let joins = ask(server, &pressed, &[("Digits", "1")]).await;
    assert!(joins.text.contains(&format!("{DESK_LINE}</Number>")), "{}", joins.text);
    assert_eq!(desk.call(id(&call)).await["state"], "consented");
    ask(server, &attribute(&joins, "statusCallback"), &[("CallStatus", "in-progress")]).await;
    assert_eq!(desk.call(id(&call)).await["state"], "connected");
    ask(server, &status, &[("CallStatus", "completed")]).await;
    assert_eq!(desk.call(id(&call)).await["state"], "connected", "the agent wraps it up");
    desk.step(&call, json!({ "do": "resolve" })).await.good();
    assert_eq!(provider.calls(), 1);
}

#[tokio::test]
async fn t13_what_the_provider_has_not_signed_changes_nothing() {
    let (desk, _provider, url, status, call) = ringing().await;
    let server = &desk.server.url;
    let busy = [("CallStatus", "busy")];
    for signature in ["", "x", "RSOYDt4T1cUTdK1PDd93/VVr8B8="] {
        ask_with(server, &status, &busy, signature).await.refused(403);
        ask_with(server, &url, &[], signature).await.refused(403);
    }
    assert_eq!(desk.call(id(&call)).await["state"], "dialling");
    ask(server, &status, &busy).await;
    let retrying = desk.call(id(&call)).await;
    assert_eq!(retrying["state"], "retrying");
    let late = ask(server, &url, &[("CallStatus", "in-progress")]).await;
    assert!(late.text.contains("<Hangup/>") && !late.text.contains("<Gather"), "{}", late.text);
    ask(server, &status, &busy).await;
    assert_eq!(desk.call(id(&call)).await, retrying, "and a replay changes nothing either");
    let elsewhere = status.replace("/ended", "/sideways");
    ask(server, &elsewhere, &busy).await.refused(404);
}

#[tokio::test]
async fn t9_who_wants_no_such_call_presses_nine_and_is_not_called_again() {
    let (desk, provider, url, _, call) = ringing().await;
    let asks = ask(&desk.server.url, &url, &[]).await;
    let parts = ask(&desk.server.url, &attribute(&asks, "action"), &[("Digits", "9")]).await;
    assert!(parts.text.contains("再びお電話することはありません"), "{}", parts.text);
    assert_eq!(desk.call(id(&call)).await["state"], "declined");
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    assert_eq!(offer["free_agents"], 1, "the agent waits for others");
    desk.clock.forward(domain::time::HOUR);
    desk.a_look_passes().await;
    assert_eq!(provider.calls(), 1);
}

#[tokio::test]
async fn a_call_that_was_called_off_while_it_rang_hangs_up_when_it_is_answered() {
    let (desk, _provider, url, _, call) = ringing().await;
    let asks = ask(&desk.server.url, &url, &[]).await;
    desk.step(&call, json!({ "do": "cancel" })).await.good();
    let late = ask(&desk.server.url, &attribute(&asks, "action"), &[("Digits", "1")]).await;
    assert!(late.text.contains("<Hangup/>") && !late.text.contains("<Dial"), "{}", late.text);
    assert_eq!(desk.call(id(&call)).await["state"], "cancelled");
}

#[tokio::test]
async fn a_desk_that_was_not_reached_and_a_provider_that_is_away_lead_to_another_ring() {
    let (desk, provider, url, _, call) = ringing().await;
    let server = &desk.server.url;
    let asks = ask(server, &url, &[]).await;
    let joins = ask(server, &attribute(&asks, "action"), &[("Digits", "1")]).await;
    let left = ask(server, &attribute(&joins, "action"), &[("DialCallStatus", "no-answer")]).await;
    assert!(left.text.contains("数分後にもう一度お電話します"), "{}", left.text);
    assert_eq!(desk.call(id(&call)).await["state"], "retrying");
    provider.refuses(true);
    desk.clock.forward(2 * domain::time::MINUTE);
    provider.call(2).await;
    let again = desk.call_at(id(&call), "retrying").await;
    assert_eq!(again["rings"], 2, "it counts, so that a number never rings without end: {again}");
    provider.refuses(false);
    desk.clock.forward(15 * domain::time::MINUTE);
    provider.call(3).await;
    desk.call_at(id(&call), "dialling").await;
}
