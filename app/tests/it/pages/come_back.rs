//! From the contained account to the owner who has it back; and two who claim it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::{DAY, HOUR};
use reqwest::StatusCode;
use sekisho::keys::Scope;
use sekisho::world::World;
use serde_json::{Value, json};

use super::browser::{Browser, totp};
use super::{MAIL, PASSWORD, member, shop_in, sign_in};
use crate::support::Server;

const NEW: &str = "a whole new phrase to remember";

/// A shop whose clock is set ahead.
pub(super) async fn shop_ahead() -> (Server, Arc<AtomicI64>) {
    let ahead = Arc::new(AtomicI64::new(0));
    let (clock, real, chance) = (Arc::clone(&ahead), World::real(), World::real());
    let now = move || real.now().plus(clock.load(Ordering::Relaxed));
    let world = World::of(now, move |out| chance.random(out));
    (shop_in(world).await, ahead)
}

async fn step(server: &Server, case: &str, body: Value) -> Value {
    server.post(&format!("/v1/cases/{case}/steps"), &body).await.good()
}

/// A victim who has proven V3 in a contained case: their browser, the case, and the app's secret.
async fn contained(server: &mut Server, ahead: &AtomicI64) -> (Browser, String, String) {
    let mut owner = member(server).await;
    owner.open("/security/two-step").await;
    let secret = owner.between("class=\"secret\">", "<").replace(' ', "");
    let seed = owner.between("name=\"seed\" value=\"", "\"").to_owned();
    let code = totp(&secret, 0);
    owner.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    ahead.store(40 * DAY, Ordering::Relaxed);
    let mut victim = Browser::at(&server.url);
    victim.open("/report").await;
    victim.send("/report", &[("login", MAIL), ("taken_over", "yes")]).await;
    victim.send("/report/details", &[("what", "locked out")]).await;
    victim.send("/report/send", &[]).await;
    let letters = victim.letters_to(MAIL).await;
    victim.send("/report/prove", &[("contact", MAIL)]).await;
    let code = victim.code_of_letter(MAIL, letters + 1).await;
    victim.send_here(&[("answer", &code)]).await;
    victim.send("/report/prove", &[("contact", MAIL)]).await;
    let path = victim.path.clone();
    victim.send(&format!("{path}/send"), &[("method", "totp")]).await;
    let code = totp(&secret, 40 * 2_880);
    victim.send_here(&[("answer", &code)]).await;
    assert_eq!(victim.path, "/report/status", "{}", victim.html);
    let desk = server.key(&[Scope::Desk], false).await;
    server.as_key(&desk);
    let queue = server.get("/v1/cases").await.good();
    assert_eq!(queue["items"][0]["level"], "V3", "{queue}");
    let case = queue["items"][0]["id"].as_str().unwrap().to_owned();
    step(server, &case, json!({ "do": "take", "agent": "sato" })).await;
    step(server, &case, json!({ "do": "contain", "agent": "sato", "reason": "proven" })).await;
    let back = json!({ "do": "recover", "agent": "sato", "reason": "two ways of proof" });
    let recovering = step(server, &case, back).await;
    assert_eq!(recovering["account_state"], "recovering", "{recovering}");
    (victim, case, secret)
}

#[tokio::test]
async fn t2_the_owner_has_the_account_back_after_a_cool_down_and_under_watch() {
    let (mut server, ahead) = shop_ahead().await;
    let (mut victim, _, secret) = contained(&mut server, &ahead).await;
    victim.open("/report/status").await;
    assert!(victim.html.contains("少し時間をおき"), "{}", victim.html);
    victim.open("/report/password").await;
    assert_eq!(victim.path, "/report/status", "not before the cool-down is over");
    victim.open("/reset-password").await;
    victim.send("/reset-password", &[("login", MAIL)]).await;
    victim.send_here(&[("answer", "000000")]).await;
    assert!(victim.path.starts_with("/prove/"), "nor by a reset: {}", victim.path);

    ahead.store(40 * DAY + 2 * HOUR, Ordering::Relaxed);
    victim.open("/report/status").await;
    assert!(victim.html.contains("お返しする準備"), "{}", victim.html);
    victim.open("/report/password").await;
    victim.send("/report/password", &[("password", "short")]).await;
    assert!(victim.html.contains("文字以上"), "{}", victim.html);
    victim.send("/report/password", &[("password", NEW)]).await;
    assert_eq!(victim.path, "/sign-in", "{}", victim.html);
    victim.open("/report/password").await;
    assert_eq!(victim.path, "/report/status", "once");
    sign_in(&mut victim, PASSWORD).await;
    assert!(victim.html.contains("正しくありません"), "the leaked one is gone");
    sign_in(&mut victim, NEW).await;
    assert!(victim.path.starts_with("/prove/"), "one more proof: {}", victim.path);
    let code = totp(&secret, 40 * 2_880 + 241);
    victim.send_here(&[("answer", &code)]).await;
    assert_eq!(victim.path, "/security", "{}", victim.html);
    assert!(victim.html.contains("復旧のあとしばらくは"), "{}", victim.html);
    ahead.store(60 * DAY, Ordering::Relaxed);
    victim.open("/security").await;
    assert!(!victim.html.contains("復旧のあとしばらくは"), "the watch ends after 14 days");
}

#[tokio::test]
async fn x6_a_contact_from_before_objects_and_nobody_gets_the_account() {
    let (mut server, ahead) = shop_ahead().await;
    let (mut victim, case, _) = contained(&mut server, &ahead).await;
    let letter = victim.letter_sent("復旧").await;
    let code = letter.split("コード：").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
    let mut other = Browser::at(&server.url);
    other.open("/not-me").await;
    other.send("/not-me", &[("code", &code)]).await;
    assert!(other.html.contains("ロックし"), "{}", other.html);
    ahead.store(40 * DAY + 3 * HOUR, Ordering::Relaxed);
    victim.open("/report/password").await;
    assert_eq!(victim.path, "/report/status");
    let seen = server.get(&format!("/v1/cases/{case}")).await.good();
    assert_eq!(seen["account_state"], "contested");

    let path = format!("/v1/cases/{case}/steps");
    let back = json!({ "do": "recover", "agent": "mori", "reason": "a licence was shown" });
    server.post(&path, &back).await.refused(403);
    let supervisor = server.key(&[Scope::Desk, Scope::Admin], false).await;
    server.as_key(&supervisor);
    let problem = server.post(&path, &back).await.refused(409);
    assert!(problem["detail"].as_str().unwrap().contains("V4"), "{problem}");
    for agent in ["sato", "ito"] {
        step(&server, &case, json!({ "do": "see_document", "agent": agent })).await;
    }
    let seen = step(&server, &case, back).await;
    assert_eq!(seen["account_state"], "recovering", "{seen}");
    ahead.store(40 * DAY + 6 * HOUR, Ordering::Relaxed);
    victim.open("/report/password").await;
    assert_eq!(victim.path, "/report/password", "who showed a document: {}", victim.html);
    assert!(victim.html.contains("name=\"contact\""), "{}", victim.html);
}

#[tokio::test]
async fn v4_who_lost_every_contact_comes_back_with_a_new_one_that_has_answered() {
    let (mut server, ahead) = shop_ahead().await;
    drop(member(&server).await);
    ahead.store(40 * DAY, Ordering::Relaxed);
    let mut victim = Browser::at(&server.url);
    victim.open("/report").await;
    victim.send("/report", &[("login", MAIL), ("taken_over", "yes")]).await;
    victim.send("/report/details", &[("what", "my phone and mail are gone")]).await;
    victim.send("/report/send", &[]).await;
    let desk = server.key(&[Scope::Desk], false).await;
    server.as_key(&desk);
    let queue = server.get("/v1/cases").await.good();
    let case = queue["items"][0]["id"].as_str().unwrap().to_owned();
    step(&server, &case, json!({ "do": "take", "agent": "sato" })).await;
    for agent in ["sato", "ito"] {
        step(&server, &case, json!({ "do": "see_document", "agent": agent })).await;
    }
    for doing in ["contain", "recover"] {
        let body = json!({ "do": doing, "agent": "sato", "reason": "documents" });
        step(&server, &case, body).await;
    }
    ahead.store(40 * DAY + 3 * HOUR, Ordering::Relaxed);
    victim.open("/report/password").await;
    victim.send("/report/password", &[("password", NEW), ("contact", "nowhere")]).await;
    assert!(victim.html.contains("確認コードを送れる"), "{}", victim.html);
    let new = "hanako.new@example.jp";
    victim.send("/report/password", &[("password", NEW), ("contact", new)]).await;
    assert!(victim.path.starts_with("/prove/"), "{}", victim.html);
    let code = victim.code_sent(new).await;
    victim.send_here(&[("answer", &code)]).await;
    assert_eq!(victim.path, "/sign-in", "{}", victim.html);
    sign_in(&mut victim, NEW).await;
    assert!(victim.html.contains("正しくありません"), "the lost address opens nothing");
    let letters = victim.letters_to(new).await;
    victim.send("/sign-in", &[("login", new), ("password", NEW)]).await;
    assert!(victim.path.starts_with("/prove/"), "two-step is compulsory: {}", victim.html);
    let code = victim.code_of_letter(new, letters + 1).await;
    victim.send_here(&[("answer", &code)]).await;
    assert_eq!(victim.path, "/security", "{}", victim.html);
    assert!(victim.html.contains("h•••@example.jp") || victim.html.contains(new));
}

#[tokio::test]
async fn t15_a_document_counts_for_the_report_of_whose_reporter_it_is() {
    let (mut server, ahead) = shop_ahead().await;
    let (_, case, _) = contained(&mut server, &ahead).await;
    let mut other = Browser::at(&server.url);
    other.open("/report").await;
    other.send("/report", &[("login", MAIL), ("taken_over", "yes")]).await;
    other.send("/report/details", &[("what", "no, it is mine")]).await;
    other.send("/report/send", &[]).await;
    other.open("/report/status").await;
    let number = other.between("<strong>", "</strong>");
    let number = number.split_whitespace().last().unwrap().to_owned();
    let path = format!("/v1/cases/{case}/steps");
    let merged = async || server.get(&format!("/v1/cases/{case}")).await.good()["reports"] == 1;
    for _ in 0..200 {
        if merged().await {
            break;
        }
        sekisho::world::pause(std::time::Duration::from_millis(25)).await;
    }
    let seen = |report: Value| json!({ "do": "see_document", "agent": "sato", "report": report });
    server.post(&path, &seen(Value::Null)).await.refused(422);
    server.post(&path, &seen(json!("ZZZZZZZZ"))).await.refused(422);
    server.post(&path, &seen(json!(number.to_lowercase()))).await.good();
}

#[tokio::test]
async fn x12_who_has_proven_v3_has_the_record_of_their_own_case_and_nobody_else_has() {
    let (mut server, ahead) = shop_ahead().await;
    let (mut victim, case, _) = contained(&mut server, &ahead).await;
    victim.send("/report/packs", &[]).await;
    assert_eq!(victim.path, "/report/status", "{}", victim.html);
    let pack = victim.between("/report/packs/pck_", ".pdf").to_owned();
    let path = format!("/report/packs/pck_{pack}");
    victim.open(&format!("{path}.pdf")).await;
    assert_eq!(victim.status, StatusCode::OK);
    victim.open(&format!("{path}.json")).await;
    let content: Value = serde_json::from_str(&victim.html).unwrap();
    assert_eq!(content["content"]["case"]["id"], json!(case));
    assert_eq!(content["content"]["made_by"], "reporter");
    let desk = json!({ "for": "issuer", "agent": "sato", "reason": "asked" });
    let item = server.post(&format!("/v1/cases/{case}/packs"), &desk).await.good();
    victim.open(&format!("/report/packs/{}.json", item["id"].as_str().unwrap())).await;
    assert_eq!(victim.status, StatusCode::NOT_FOUND, "another's");

    let mut stranger = Browser::at(&server.url);
    stranger.open(&format!("{path}.json")).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    stranger.open("/report").await;
    stranger.send("/report", &[("login", MAIL), ("taken_over", "yes")]).await;
    stranger.send("/report/details", &[("what", "it is mine")]).await;
    stranger.send("/report/send", &[]).await;
    stranger.send("/report/packs", &[]).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN, "T15: {}", stranger.html);
    stranger.open(&format!("{path}.json")).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}
