//! What a customer may change of their report: orders, appeals, the report itself; and the fast lane.

use std::sync::atomic::Ordering;

use domain::time::DAY;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use super::browser::{Browser, totp};
use super::come_back::shop_ahead;
use super::desk::{colleague, shop_with_a_desk};
use super::report::{first_case, night, order_placed, reported, step};
use super::{MAIL, PASSWORD, member, shop, sign_in};
use crate::support::Server;

const APPEAL: &str = "この結果に同意しない";

/// Proves V2 to the case, by a code to the mail from before.
async fn proves(victim: &mut Browser) {
    let letters = victim.letters_to(MAIL).await;
    victim.send("/report/prove", &[("contact", MAIL)]).await;
    let code = victim.code_of_letter(MAIL, letters + 1).await;
    victim.send_here(&[("answer", &code)]).await;
    assert!(victim.html.contains("一つの方法で確認できました"), "{}", victim.html);
}

async fn act(server: &Server, case: &Value, agent: &str, mut body: Value) -> Value {
    (body["agent"], body["reason"]) = (json!(agent), json!("because"));
    step(server, case, body).await.good()
}

fn order<'a>(case: &'a Value, id: &str) -> &'a Value {
    let orders = case["orders"].as_array().unwrap();
    orders.iter().find(|order| order["order_id"] == id).unwrap()
}

#[tokio::test]
async fn who_is_proven_takes_an_order_back_until_it_is_ruled_on() {
    let server = shop().await;
    let (_, mut victim) = night(&server).await;
    let case = first_case(&server, |case| case["level"] == "V1").await;
    victim.send("/report/order", &[("order", "o-1"), ("do", "mine")]).await;
    let seen = first_case(&server, |_| true).await;
    assert_eq!(order(&seen, "o-1")["mark"], "not_mine", "a stranger changes nothing: {seen}");
    act(&server, &case, "sato", json!({ "do": "take" })).await;
    proves(&mut victim).await;
    assert!(victim.html.contains("これは私の注文でした"), "{}", victim.html);
    victim.send("/report/order", &[("order", "o-1"), ("do", "mine")]).await;
    assert!(victim.html.contains("ご自身の注文"), "{}", victim.html);
    let seen = first_case(&server, |_| true).await;
    assert_eq!(order(&seen, "o-1")["mark"], "mine", "{seen}");
    assert_eq!(order(&seen, "o-2")["mark"], "not_mine", "{seen}");
    victim.send("/report/order", &[("order", "o-77"), ("do", "mine")]).await;
    assert!(victim.html.contains("変更はありませんでした"), "{}", victim.html);

    let until = &case["claims"]["former_password"]["until"];
    act(&server, &case, "sato", json!({ "do": "begin", "at": until })).await;
    act(&server, &case, "sato", json!({ "do": "contain" })).await;
    act(&server, &case, "sato", json!({ "do": "rule", "order_id": "o-2", "confirmed": false }))
        .await;
    victim.send("/report/order", &[("order", "o-2"), ("do", "mine")]).await;
    assert!(victim.html.contains("変更はありませんでした"), "once it is ruled on: {}", victim.html);
}

#[tokio::test]
async fn t20_an_appeal_goes_to_another_supervisor_and_its_answer_counts() {
    let mut server = shop().await;
    let (_, mut victim) = night(&server).await;
    let desk = server.key(&[Scope::Desk], false).await;
    let supervisor = server.key(&[Scope::Desk, Scope::Admin], false).await;
    let case = first_case(&server, |case| case["level"] == "V1").await;
    proves(&mut victim).await;
    server.as_key(&desk);
    act(&server, &case, "sato", json!({ "do": "take" })).await;
    let until = &case["claims"]["former_password"]["until"];
    act(&server, &case, "sato", json!({ "do": "begin", "at": until })).await;
    act(&server, &case, "sato", json!({ "do": "contain" })).await;
    for agent in ["sato", "abe"] {
        act(&server, &case, agent, json!({ "do": "see_document" })).await;
    }
    act(&server, &case, "sato", json!({ "do": "rule", "order_id": "o-1" })).await;
    server.as_key(&supervisor);
    let refuse = json!({ "do": "rule", "order_id": "o-2", "confirmed": false });
    act(&server, &case, "mori", refuse).await;
    act(&server, &case, "kato", json!({ "do": "approve", "order_id": "o-2" })).await;
    act(&server, &case, "mori", json!({ "do": "decide" })).await;

    victim.open("/report/status").await;
    assert_eq!(victim.html.matches(APPEAL).count(), 1, "what was refused alone: {}", victim.html);
    victim.send("/report/order", &[("order", "o-2"), ("do", "appeal"), ("why", " ")]).await;
    assert!(victim.html.contains("変更はありませんでした"), "not without why: {}", victim.html);
    let why = "その時間は<b>勤務中</b>でした";
    victim.send("/report/order", &[("order", "o-2"), ("do", "appeal"), ("why", why)]).await;
    assert!(victim.html.contains("別の責任者が再確認しています"), "{}", victim.html);
    victim.send("/report/order", &[("order", "o-2"), ("do", "appeal"), ("why", why)]).await;
    assert!(victim.html.contains("変更はありませんでした"), "once: {}", victim.html);
    let seen = first_case(&server, |case| case["state"] == "appeal").await;
    assert_eq!(order(&seen, "o-2")["appeal"]["why"], why, "{seen}");

    let grant = json!({ "do": "rule", "order_id": "o-2", "confirmed": true, "reason": "x" });
    for agent in ["mori", "kato"] {
        let mut grant = grant.clone();
        grant["agent"] = json!(agent);
        step(&server, &case, grant).await.refused(403);
    }
    act(&server, &case, "ito", grant).await;
    act(&server, &case, "abe", json!({ "do": "approve", "order_id": "o-2" })).await;
    let decided = act(&server, &case, "ito", json!({ "do": "decide" })).await;
    assert_eq!(decided["state"], "restitution", "{decided}");
    victim.open("/report/status").await;
    assert_eq!(victim.html.matches("返金します").count(), 2, "{}", victim.html);
    assert!(!victim.html.contains(APPEAL), "each once: {}", victim.html);
}

#[tokio::test]
async fn a_supervisor_answers_an_appeal_and_settles_a_report_at_the_desk() {
    let server = shop_with_a_desk().await;
    for id in ["o-1", "o-2"] {
        order_placed(&server, "u-1", id, 4_800).await;
    }
    let new = json!({ "account_id": "u-1", "taken_over": true, "orders": ["o-1", "o-2"], "agent": "abe" });
    let case = server.post("/v1/cases", &new).await.good();
    for agent in ["abe", "ito"] {
        act(&server, &case, agent, json!({ "do": "see_document" })).await;
    }
    act(&server, &case, "abe", json!({ "do": "contain" })).await;
    act(&server, &case, "abe", json!({ "do": "rule", "order_id": "o-1" })).await;
    let refuse = json!({ "do": "rule", "order_id": "o-2", "confirmed": false });
    act(&server, &case, "abe", refuse).await;
    act(&server, &case, "abe", json!({ "do": "decide" })).await;
    act(&server, &case, "abe", json!({ "do": "appeal", "order_id": "o-2" })).await;

    let path = format!("/desk/cases/{}", case["id"].as_str().unwrap());
    let mut supervisor = colleague(&server, "mori@shop.example").await;
    supervisor.open(&path).await;
    assert!(supervisor.html.contains("再確認の申し出"), "{}", supervisor.html);
    let settle = [("do", "settle_breach"), ("report", "preliminary"), ("reason", " ")];
    supervisor.send(&path, &settle).await;
    assert!(supervisor.html.contains("/reason"), "not without why: {}", supervisor.html);
    let settle = [("do", "settle_breach"), ("report", "preliminary"), ("reason", "6/8 受付 123")];
    supervisor.send(&path, &settle).await;
    assert!(!supervisor.html.contains("<option value=\"preliminary\">"), "{}", supervisor.html);
    assert!(supervisor.html.contains("<option value=\"final\">"), "{}", supervisor.html);
    let grant = [("do", "rule"), ("order_id", "o-2"), ("confirmed", "yes"), ("reason", "勤務表")];
    supervisor.send(&path, &grant).await;
    assert!(supervisor.html.contains("回答："), "{}", supervisor.html);
    supervisor.send(&path, &[("do", "decide"), ("reason", "勤務表で確認")]).await;
    assert!(supervisor.html.contains("回復中"), "{}", supervisor.html);
    let seen = server.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap())).await.good();
    assert_eq!(
        (&seen["state"], order(&seen, "o-2")["ruling"]["by"].as_str()),
        (&json!("restitution"), Some("mori@shop.example"))
    );
}

#[tokio::test]
async fn a_mistaken_report_is_taken_back_and_its_case_is_over() {
    let server = shop().await;
    member(&server).await;
    let mut victim = reported(&server, MAIL, "").await;
    let case = first_case(&server, |case| case["level"] == "V1").await;
    victim.open("/report/status").await;
    assert!(victim.html.contains("報告を取り下げる"), "{}", victim.html);
    victim.send("/report/withdraw", &[("why", "これは私の注文でした")]).await;
    assert!(victim.html.contains("この報告は取り下げられました"), "{}", victim.html);
    assert!(!victim.html.contains("報告を取り下げる"), "once: {}", victim.html);
    let id = case["id"].as_str().unwrap();
    let seen = server.get(&format!("/v1/cases/{id}")).await.good();
    assert_eq!(seen["state"], "closed", "{seen}");
    assert!(seen["messages"].to_string().contains("これは私の注文でした"), "{seen}");
    assert_eq!(server.get("/v1/cases").await.good()["items"], json!([]));
}

#[tokio::test]
async fn t15_whoever_reported_first_cannot_withdraw_the_case_that_its_owner_proved() {
    let server = shop().await;
    member(&server).await;
    let mut intruder = reported(&server, MAIL, "").await;
    let case = first_case(&server, |case| case["level"] == "V1").await;
    let mut victim = reported(&server, MAIL, "").await;
    first_case(&server, |case| case["reports"] == 1).await;
    proves(&mut victim).await;
    intruder.send("/report/withdraw", &[("why", "a mistake")]).await;
    assert!(intruder.html.contains("この報告は取り下げられました"), "the same for all (T6)");
    let id = case["id"].as_str().unwrap();
    let seen = server.get(&format!("/v1/cases/{id}")).await.good();
    assert_eq!(seen["state"], "verifying", "the case goes on: {seen}");
    let mut stranger = reported(&server, "nobody@example.jp", "").await;
    stranger.send("/report/withdraw", &[("why", "a mistake")]).await;
    let plain = |browser: &Browser| {
        let (_, told) = browser.html.split_once("この報告は取り下げられました").unwrap();
        let told = told.replace(browser.between("<span class=\"secret\">", "<"), "");
        told.chars().filter(|sign| !sign.is_ascii_digit()).collect::<String>()
    };
    assert_eq!(plain(&intruder), plain(&stranger), "nothing is told by it");
}

/// A member with an app, signed in; and the app's secret.
async fn with_an_app(server: &Server) -> (Browser, String) {
    let mut owner = member(server).await;
    owner.open("/security/two-step").await;
    let secret = owner.between("class=\"secret\">", "<").replace(' ', "");
    let seed = owner.between("name=\"seed\" value=\"", "\"").to_owned();
    let code = totp(&secret, 0);
    owner.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    (owner, secret)
}

/// Reports signed in, and answers by the app.
async fn reports_signed_in(owner: &mut Browser, secret: &str, steps: i64) {
    owner.open("/report").await;
    assert!(owner.html.contains("ログイン中の方"), "{}", owner.html);
    owner.send("/report/signed-in", &[("topic", "charges")]).await;
    assert!(owner.path.starts_with("/prove/"), "the step-up comes first: {}", owner.html);
    let code = totp(secret, steps);
    owner.send_here(&[("answer", &code)]).await;
    assert_eq!(owner.path, "/report/details", "{}", owner.html);
}

#[tokio::test]
async fn r23_who_is_signed_in_reaches_v3_by_a_step_up_and_is_asked_nothing_personal() {
    let (server, ahead) = shop_ahead().await;
    let (mut owner, secret) = with_an_app(&server).await;
    ahead.store(40 * DAY, Ordering::Relaxed);
    sign_in(&mut owner, PASSWORD).await;
    if owner.path.starts_with("/prove/") {
        let code = totp(&secret, 40 * 2_880);
        owner.send_here(&[("answer", &code)]).await;
    }
    reports_signed_in(&mut owner, &secret, 40 * 2_880 + 1).await;
    for asked in ["お名前", "ご住所", "以前のパスワード", "下4桁</label>"] {
        assert!(!owner.html.contains(asked), "{asked}: {}", owner.html);
    }
    let case = first_case(&server, |case| case["level"] == "V3").await;
    assert_eq!(case["state"], "verifying", "{case}");
    owner.send("/report/details", &[("what", "orders I do not know"), ("orders", "o-1")]).await;
    owner.send("/report/send", &[]).await;
    assert_eq!(owner.path, "/report/status", "{}", owner.html);
    assert!(!owner.html.contains("/report/prove"), "nothing is left to prove: {}", owner.html);
    let marked = first_case(&server, |case| case["level"] == "V3").await;
    assert_eq!(order(&marked, "o-1")["mark"], "not_mine");
}

#[tokio::test]
async fn r23_t3_a_session_with_an_app_added_just_now_proves_nothing() {
    let (server, ahead) = shop_ahead().await;
    let mut owner = member(&server).await;
    ahead.store(40 * DAY, Ordering::Relaxed);
    sign_in(&mut owner, PASSWORD).await;
    owner.open("/security/two-step").await;
    let secret = owner.between("class=\"secret\">", "<").replace(' ', "");
    let seed = owner.between("name=\"seed\" value=\"", "\"").to_owned();
    let code = totp(&secret, 40 * 2_880);
    owner.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    reports_signed_in(&mut owner, &secret, 40 * 2_880 + 1).await;
    let case = first_case(&server, |_| true).await;
    assert!(["V0", "V1"].contains(&case["level"].as_str().unwrap()), "{case}");
    assert!(owner.html.contains("お名前"), "and is asked as others are: {}", owner.html);
}
