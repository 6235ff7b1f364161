//! How long the files of a case are kept, and a legal hold (X12).

use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::DAY;
use reqwest::Method;
use sekisho::keys::Scope;
use sekisho::world::World;
use serde_json::{Value, json};
use store::AuditCheck;

use super::come_back::shop_ahead;
use super::report::{first_account, first_case, report, step};
use super::{MAIL, member};
use crate::support::Server;

const CSV: &[u8] = "利用日,金額\n6/3,4800\n".as_bytes();

/// Removes what has expired so many days from now, as the server does every minute.
async fn days_later(server: &Server, ahead: &AtomicI64, days: i64) {
    ahead.store(days * DAY, Ordering::Relaxed);
    let store = server.store().await;
    let now = World::real().now().plus(days * DAY);
    while store.prune(now, now).await.unwrap() > 0 {}
    store.close().await;
}

/// The status with which the case's file is handed out.
async fn file(server: &Server, case: &Value) -> u16 {
    let seen = server.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap())).await.good();
    let file = seen["evidence"][0]["id"].as_str().unwrap();
    let path = format!("/v1/cases/{}/evidence/{file}", case["id"].as_str().unwrap());
    server.request(Method::GET, &path).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn x12_the_files_of_a_case_go_400_days_after_it_is_closed_and_never_under_a_hold() {
    let (mut server, ahead) = shop_ahead().await;
    member(&server).await;
    let account = first_account(&server).await;
    let supervisor = server.key(&[Scope::Desk, Scope::Admin, Scope::Read], false).await;
    let agent = server.key(&[Scope::Desk], false).await;
    let mut victim = report(&server, MAIL).await;
    victim.send_with_files("/report/evidence", &[], &[("file", "a.csv", CSV)]).await;
    victim.send("/report/details", &[("what", "orders at night")]).await;
    victim.send("/report/send", &[]).await;
    let case = first_case(&server, |case| case["state"] == "submitted").await;
    server.as_key(&agent);
    let act = async |server: &Server, body: Value| {
        let mut body = body;
        (body["agent"], body["reason"]) = (json!("sato"), json!("a letter of the police"));
        step(server, &case, body).await
    };
    act(&server, json!({ "do": "take" })).await.good();
    act(&server, json!({ "do": "ask_for_more" })).await.good();
    days_later(&server, &ahead, 600).await;
    assert_eq!(file(&server, &case).await, 200, "while the case is open");
    act(&server, json!({ "do": "close", "cause": "unknown" })).await.good();
    let held = act(&server, json!({ "do": "hold" })).await.good();
    assert_eq!((&held["hold"]["by"], &held["files_until"]), (&json!("sato"), &Value::Null));
    days_later(&server, &ahead, 1_200).await;
    assert_eq!(file(&server, &case).await, 200, "under a hold");
    act(&server, json!({ "do": "lift_hold" })).await.refused(409);

    server.as_key(&supervisor);
    let erase = format!("/v1/accounts/{account}");
    let refused = server.delete(&erase).await.refused(409);
    let number = case["number"].as_str().unwrap();
    assert!(refused["detail"].as_str().unwrap().contains(number), "{refused}");
    let lifted = act(&server, json!({ "do": "lift_hold" })).await.good();
    assert!(lifted["hold"].is_null() && lifted["files_until"].is_string(), "{lifted}");
    days_later(&server, &ahead, 1_229).await;
    assert_eq!(file(&server, &case).await, 200, "time to think better of it");
    days_later(&server, &ahead, 1_231).await;
    assert_eq!(file(&server, &case).await, 404);
    let store = server.store().await;
    let trail = store.verify_audit(|_| ()).await.unwrap();
    assert!(matches!(trail, AuditCheck::Whole { .. }), "{trail:?}");
    store.close().await;
    server.delete(&erase).await.good();
}
