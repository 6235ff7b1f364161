//! What somebody who fetches in two calls, somebody inside the account, a flood of reports, and a store
//! that treats its customers unfairly come to.

use domain::time::DAY;
use reqwest::StatusCode;
use reqwest::header::ACCEPT_LANGUAGE;
use sekisho::config::{Said, Source};
use sekisho::world::World;
use serde_json::{Value, json};

use super::browser::Browser;
use super::report::{begun, first_account, first_case, order_placed, report, reported, step};
use super::{MAIL, PASSWORD, member, shop, shop_in, shop_with, sign_in};
use crate::support::{Answer, Server, login, order};

/// An order of so many days ago, paid by the card that ends so.
async fn paid_by(server: &Server, account: &str, days: i64, last4: &str) {
    let at = sekisho::time::show(World::real().now().plus(-days * DAY));
    let placed = order(account).id(&format!("card-{last4}")).with("/status", "succeeded");
    let placed = placed.with("/occurred_at", at).with("/order/id", format!("o-{last4}"));
    server.tell(placed.with("/order/payment/last4", last4)).await.good();
}

/// How a card that the reporter names compares; the case is closed again.
async fn compared(server: &Server, last4: &str) -> Value {
    let mut victim = report(server, MAIL).await;
    let said = [("what", "orders at night"), ("card_last4", last4)];
    victim.send("/report/details", &said).await;
    victim.send("/report/send", &[]).await;
    let case = first_case(server, |case| case["level"].is_string()).await;
    let ask = json!({ "do": "ask_for_more", "agent": "sato", "reason": "x" });
    step(server, &case, ask).await.good();
    let close = json!({ "do": "close", "agent": "sato", "reason": "x", "cause": "unknown" });
    step(server, &case, close).await.good();
    case["claims"]["card_last4"]["result"].clone()
}

/// Honan's trick: the first call adds a card, the second proves itself by it.
#[tokio::test]
async fn t3_a_card_that_was_added_last_week_is_no_proof_and_the_one_from_before_is_a_claim() {
    let server = shop().await;
    member(&server).await;
    let account = first_account(&server).await;
    paid_by(&server, &account, 200, "1111").await;
    paid_by(&server, &account, 5, "4242").await;
    assert_eq!(compared(&server, "4242").await, "no_match");
    assert_eq!(compared(&server, "1111").await, "match");
}

#[tokio::test]
async fn t15_whoever_is_signed_in_to_the_account_sees_nothing_of_the_case_against_them() {
    let server = shop().await;
    member(&server).await;
    let mut intruder = Browser::at(&server.url);
    sign_in(&mut intruder, PASSWORD).await;
    assert_eq!(intruder.path, "/security", "{}", intruder.html);
    let account = first_account(&server).await;
    order_placed(&server, &account, "o-1", 4_800).await;
    let before = seen_by(&mut intruder).await;
    let victim = reported(&server, MAIL, "o-1").await;
    let case = first_case(&server, |case| case["level"] == "V1").await;
    let number = case["number"].as_str().unwrap();
    assert!(victim.html.contains(number), "its reporter has it: {}", victim.html);
    let after = seen_by(&mut intruder).await;
    assert_eq!(before, after, "no page of the account says that there is a case");
    assert!(!after.concat().contains(number));
    intruder.open("/report/status").await;
    assert!(intruder.html.contains("name=\"secret\""), "the secret is asked: {}", intruder.html);
    intruder.send("/report/status", &[("number", number), ("secret", "aaaa-aaaa")]).await;
    assert!(intruder.html.contains("name=\"secret\""), "nor by the number: {}", intruder.html);
}

/// The words of every page of the account, without tokens and times.
async fn seen_by(browser: &mut Browser) -> Vec<String> {
    let mut pages = Vec::new();
    for path in ["/", "/security", "/security/two-step", "/report", "/not-me"] {
        browser.open(path).await;
        let words = browser.html.split('>').filter_map(|piece| piece.split('<').next());
        let words = words.map(str::trim).filter(|word| !word.is_empty());
        let steady = words.filter(|word| !word.contains(':') && !word.contains("secret"));
        pages.push(steady.collect::<Vec<_>>().join(" "));
    }
    // A fresh secret is drawn for an authenticator at every look.
    pages.remove(2);
    pages
}

#[tokio::test]
async fn t20_a_customer_reads_why_in_words_has_all_that_is_kept_and_is_forgotten_when_they_ask() {
    let server = shop().await;
    for number in 0..6 {
        server.tell(login("u-1").id(&format!("at-home-{number}"))).await.good();
    }
    let strange = login("u-1").id("strange").with("/status", "attempted");
    let strange = strange.with("/occurred_at", "2026-06-20T03:00:00+09:00");
    let strange = strange.with("/context/ip", "198.51.100.66");
    let judged = server.decide(strange.with("/context/user_agent", "curl/8.0")).await.good();
    let path = format!("/v1/decisions/{}", judged["decision_id"].as_str().unwrap());
    let mut words = Vec::new();
    for language in ["ja", "en"] {
        let asked = server.request(reqwest::Method::GET, &path).header(ACCEPT_LANGUAGE, language);
        let decision = Answer::of(asked).await.good();
        assert_eq!(decision["verdict"], judged["verdict"]);
        let reasons = decision["reasons"].as_array().unwrap();
        assert!(!reasons.is_empty(), "no verdict without a reason: {decision}");
        for reason in reasons {
            assert!(!reason["text"].as_str().unwrap().is_empty(), "{reason}");
        }
        assert!(decision["policy"]["version"].is_string(), "and by which rules: {decision}");
        words.push(reasons.iter().map(|reason| reason["text"].clone()).collect::<Vec<_>>());
    }
    assert_ne!(words[0], words[1], "each in their language");
    let kept = server.get("/v1/accounts/u-1/timeline").await.good();
    assert_eq!(kept["items"].as_array().unwrap().len(), 7, "all of it: {kept}");
    assert_eq!(kept["items"][0]["event"]["event_id"], "strange");
    server.delete("/v1/accounts/u-1").await.good();
    let kept = server.get("/v1/accounts/u-1/timeline").await.good();
    assert_eq!(kept["items"][0]["event"], Value::Null, "{kept}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t7_a_thousand_reports_on_one_account_are_one_case_and_the_account_stays_usable() {
    let behind = |said: Said| said.with("trusted-proxies", "127.0.0.0/8", Source::Flag);
    let server = shop_with(behind).await;
    let mut owner = member(&server).await;
    reported(&server, MAIL, "").await;
    first_case(&server, |case| case["level"] == "V1").await;
    let flood = async |source: usize| {
        for number in 0..333 {
            let address = format!("203.0.113.{}", source * 80 + number % 80);
            let mut victim = Browser::at(&server.url).seen_from(&address);
            begun(&mut victim, MAIL).await;
            victim.send("/report/send", &[]).await;
            assert_eq!(victim.path, "/report/status", "{}", victim.html);
        }
    };
    tokio::join!(flood(0), flood(1), flood(2));
    let case = first_case(&server, |case| case["reports"] == 999).await;
    assert_eq!(case["level"], "V1", "claims alone: {case}");
    let queue = server.get("/v1/cases").await.good();
    assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
    owner.open("/security").await;
    assert_eq!(owner.path, "/security", "nobody is locked out by reports (C8)");
}

#[tokio::test]
async fn t7_one_source_cannot_go_on_reporting_without_end() {
    let (now, chance) = (World::real().now(), World::real());
    let server = shop_in(World::of(move || now, move |out| chance.random(out))).await;
    let mut flood = Browser::at(&server.url);
    flood.open("/report").await;
    for _ in 0..200 {
        flood.send("/report", &[("login", "somebody@example.jp")]).await;
        assert_eq!(flood.status, StatusCode::OK);
    }
    flood.send("/report", &[("login", "somebody@example.jp")]).await;
    assert_eq!(flood.status, StatusCode::TOO_MANY_REQUESTS, "200 at once, then 20 a second");
}
