//! Time works for the case: what is due is told once, and what was watched long enough ends.

use std::time::Duration;

use domain::time::{DAY, HOUR};
use serde_json::{Value, json};

use super::shop::{Shop, one_parcel};
use crate::support::{Listener, Server};

/// What the store was told of, in order.
fn told(listener: &Listener) -> Vec<String> {
    let all = listener.so_far("incident.reminder");
    all.iter().map(|one| one["reminder"].as_str().unwrap().to_owned()).collect()
}

/// Long enough for a timer that should not fire to have fired.
async fn a_few_looks() {
    sekisho::world::pause(Duration::from_millis(1_800)).await;
}

/// The case once `ready`.
async fn case_when(server: &Server, case: &str, ready: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..400 {
        let seen = server.get(&format!("/v1/cases/{case}")).await.good();
        if ready(&seen) {
            return seen;
        }
        sekisho::world::pause(Duration::from_millis(25)).await;
    }
    panic!("it never came: {}", server.get(&format!("/v1/cases/{case}")).await.text);
}

async fn act(shop: &Shop, case: &str, mut body: Value) -> Value {
    (body["agent"], body["reason"]) = (json!("sato"), json!("a test"));
    shop.server.post(&format!("/v1/cases/{case}/steps"), &body).await.good()
}

#[tokio::test]
async fn a_case_that_nobody_takes_is_told_once_across_a_restart() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said).await;
    let login = crate::support::login("u-1");
    shop.server.tell(login).await.good();
    let new = json!({ "account_id": "u-1", "taken_over": true, "agent": "sato" });
    let case = shop.server.post("/v1/cases", &new).await.good();
    a_few_looks().await;
    assert!(told(&listener).is_empty(), "not before it is due");
    shop.clock.forward(2 * HOUR);
    let first = listener.first("incident.reminder").await;
    assert_eq!((&first["reminder"], &first["case_id"]), (&json!("triage-late"), &case["id"]));
    assert_eq!((&first["for"], &first["account_id"]), (&json!(["desk"]), &json!("u-1")));
    let queue = shop.server.get("/v1/cases").await.good();
    assert_eq!(queue["items"][0]["reminders"][0]["what"], "triage-late", "{queue}");

    let (clock, allowed) = (shop.clock.clone(), listener.address.to_string());
    let (_, folder) = shop.server.stop().await;
    let settings = move |said: sekisho::config::Said| {
        said.with("webhooks-allow", &allowed, super::shop::FLAG).with(
            "policy-preset",
            "observe",
            super::shop::FLAG,
        )
    };
    let server = Server::start_and(folder, settings, clock.world(), |_| ()).await;
    clock.forward(DAY);
    a_few_looks().await;
    assert_eq!(told(&listener), ["triage-late"], "once, whatever restarts");
    let path = format!("/v1/cases/{}/steps", case["id"].as_str().unwrap());
    let taken = server.post(&path, &json!({ "do": "take", "agent": "sato" })).await.good();
    assert_eq!(taken["reminders"], json!([]), "what is done is no longer shown: {taken}");
}

#[tokio::test]
async fn r8_a_case_ends_by_itself_after_thirty_days_and_the_law_is_remembered() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    act(&shop, &case, json!({ "do": "decide" })).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.good();
    let id = planned["id"].as_str().unwrap();
    shop.clock.forward(3 * DAY);
    let first = listener.first("incident.reminder").await;
    assert_eq!(first["reminder"], "preliminary-soon", "{first}");
    act(&shop, &case, json!({ "do": "settle_breach", "report": "preliminary" })).await;
    let settled = act(&shop, &case, json!({ "do": "settle_breach", "report": "final" })).await;
    assert_eq!(settled["breach_report"]["settled"], json!(["preliminary", "final"]));
    assert_eq!(settled["reminders"], json!([]), "{settled}");

    // The seller is silent; the task that follows waits for a day, and the desk hears of it.
    shop.clock.forward(7 * DAY);
    case_when(&shop.server, &case, |_| true).await;
    for _ in 0..200 {
        if shop.server.get(&format!("/v1/restitutions/{id}")).await.text.contains("seller-silent") {
            break;
        }
        shop.clock.forward(HOUR);
        sekisho::world::pause(Duration::from_millis(50)).await;
    }
    shop.clock.forward(DAY + HOUR);
    for _ in 0..200 {
        if told(&listener).iter().any(|what| what == "task-waits") {
            break;
        }
        sekisho::world::pause(Duration::from_millis(25)).await;
    }
    let task = listener.so_far("incident.reminder").into_iter();
    let task = task.filter(|one| one["reminder"] == "task-waits").collect::<Vec<_>>();
    assert_eq!(task.len(), 1, "{task:?}");
    assert_eq!((&task[0]["task"], &task[0]["order_id"]), (&json!("seller-silent"), &json!("o-1")));

    shop.step(id, json!({ "do": "approve" })).await.good();
    let refund = planned["refunds"][0]["id"].as_str().unwrap();
    shop.refunds_in(id, "submitted").await;
    shop.settle(refund, "succeeded").await.good();
    shop.step(id, json!({ "do": "write_off", "shipment_id": "s-1" })).await.good();
    act(&shop, &case, json!({ "do": "made_whole" })).await;
    shop.clock.forward(30 * DAY);
    let waits = |seen: &Value| seen["reminders"].to_string().contains("end-waits");
    let waiting = case_when(&shop.server, &case, waits).await;
    assert_eq!(waiting["state"], "monitoring", "no case closes without a cause: {waiting}");
    act(&shop, &case, json!({ "do": "name_cause", "cause": "phishing" })).await;
    let closed = case_when(&shop.server, &case, |seen| seen["state"] == "closed").await;
    assert_eq!(closed["steps"].as_array().unwrap().last().unwrap()["by"], "system");
    let over = listener.first("incident.closed").await;
    assert_eq!((&over["case_id"], &over["cause"]), (&json!(case), &json!("phishing")));
    assert_eq!(listener.so_far("incident.closed").len(), 1);
    shop.clock.forward(60 * DAY);
    a_few_looks().await;
    assert!(!told(&listener).iter().any(|what| what.starts_with("final")), "{:?}", told(&listener));
}
