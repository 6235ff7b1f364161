//! Reports of mails that pose as the store, and the campaigns they are put into (R63).

use reqwest::{Method, StatusCode};
use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

/// A made lure, as one customer gets it.
fn lure(name: &str, number: u32) -> String {
    format!(
        "From: \"Amazon\" <info@evil.example>\r\nSubject: Payment declined {number}\r\n\
         Message-ID: <{number}@evil.example>\r\nDate: Wed, 3 Jun 2026 21:00:00 +0900\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Dear {name},</p><p>your Amazon account is locked because the payment of order {number} \
         was declined. Update your card within 24 hours, or the account is closed for ever.</p>\
         <a href=\"http://pay.evil.example/{number}\">https://www.amazon.co.jp/</a>"
    )
}

async fn report(server: &Server, raw: &str, account: &str, told: Value) -> Answer {
    let mut body = json!({ "raw": raw, "account_id": account });
    body.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
    server.post("/v1/mail/reports", &body).await
}

#[tokio::test]
async fn r63_reports_of_one_hand_are_one_campaign_and_warn_everybody_once_it_is_confirmed() {
    let server = Server::start().await;
    let clicked = json!({ "clicked": true, "gave_password": true });
    let first = report(&server, &lure("Hanako", 7), "u-1", clicked).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let first = first.json();
    assert_eq!((&first["state"], &first["reports"]), (&json!("new"), &json!(1)), "{first}");
    assert_eq!(first["subject"], "payment declined #");
    assert_eq!(first["hosts"], json!(["evil.example"]), "no brand's own: {first}");
    let twice = report(&server, &lure("Hanako", 7), "u-1", json!({})).await.json();
    assert_eq!((&twice["id"], &twice["reports"]), (&first["id"], &json!(1)), "once a person");
    let other = report(&server, &lure("Taro", 99_321), "u-2", json!({})).await.json();
    assert_eq!((&other["id"], &other["reports"]), (&first["id"], &json!(2)), "{other}");
    assert_eq!((&other["clicked"], &other["gave_card"]), (&json!(1), &json!(0)));
    let parcel = "From: x@parcel.example\r\nSubject: Parcel held\r\n\r\nYour parcel is held at \
                  customs. Pay the duty at http://parcel-duty.example/pay to have it delivered.";
    let another = report(&server, parcel, "u-1", json!({})).await.json();
    assert_ne!(another["id"], first["id"]);

    let warned =
        async |server: &Server| server.get("/v1/campaign-warning").await.good()["warning"].clone();
    assert_eq!(warned(&server).await, Value::Null);
    let path = format!("/v1/campaigns/{}/steps", first["id"].as_str().unwrap());
    let warn = json!({ "agent": "sato", "do": "warn", "reason": "thirty a day" });
    let done = server.post(&path, &warn).await.good();
    assert_eq!((&done["state"], &done["steps"][0]["by"]), (&json!("warned"), &json!("sato")));
    let again = server.post(&path, &warn).await.good();
    assert_eq!(again["steps"].as_array().unwrap().len(), 1, "the same again changes nothing");
    assert_eq!(warned(&server).await["subject"], "payment declined #");
    for page in ["/sign-in", "/report", "/mail-check", "/"] {
        let html = server.request(Method::GET, page).header("accept", "text/html");
        let html = html.send().await.unwrap().text().await.unwrap();
        assert!(html.contains("payment declined #"), "{page}: {html}");
    }
    let over = json!({ "agent": "sato", "do": "over", "reason": "taken down" });
    server.post(&path, &over).await.good();
    assert_eq!(warned(&server).await, Value::Null);

    let csv = server.get("/v1/campaign-indicators?format=csv").await.text;
    assert!(csv.contains("link-domain,evil.example") && !csv.contains("parcel"), "{csv}");
    let stix = server.get("/v1/campaign-indicators").await.good();
    assert_eq!(stix["type"], "bundle");
    let pattern = "[domain-name:value = 'evil.example']";
    assert!(stix["objects"].as_array().unwrap().iter().any(|one| one["pattern"] == pattern));
    server.get("/v1/campaign-indicators?format=pdf").await.refused(422);

    let text = server.get("/v1/campaigns").await.text;
    for personal in ["Hanako", "Taro", "99321", "99_321"] {
        assert!(!text.contains(personal), "no word of who received it: {text}");
    }
}

#[tokio::test]
async fn t12_a_report_of_nothing_or_of_rubbish_is_refused_and_begins_nothing() {
    let mut server = Server::start().await;
    for raw in ["", " \r\n ", "From: \r\n\r\n"] {
        report(&server, raw, "u-1", json!({})).await.refused(422);
    }
    let huge = "=?utf-8?B?".repeat(50_000);
    let hostile = format!("From: =cmd|'/c calc'!A0@evil.example\r\nSubject: =1+1\r\n\r\n{huge}");
    report(&server, &hostile, "u-1", json!({})).await;
    assert!(server.get("/v1/campaigns").await.good()["items"].as_array().unwrap().len() <= 1);
    let step = |name: &str, reason: &str| json!({ "agent": "a", "do": name, "reason": reason });
    let path = "/v1/campaigns/cpn_00000000000000000000000000/steps";
    server.post(path, &step("warn", "x")).await.refused(404);
    server.post(path, &step("dance", "x")).await.refused(422);
    server.post(path, &step("warn", " ")).await.refused(422);
    let reader = server.key(&[Scope::Read], false).await;
    server.as_key(&reader).get("/v1/campaigns").await.refused(403);
}
