//! From the first page of a report to a decided case: the customer at the pages, the desk over the
//! API.

use reqwest::Method;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{MAIL, PASSWORD, member, shop, sign_in};
use crate::support::Server;

/// The first page; the browser stands at the second.
pub(super) async fn report(server: &Server, login: &str) -> Browser {
    let mut victim = Browser::at(&server.url);
    begun(&mut victim, login).await;
    victim
}

/// The same, in a browser that is there.
pub(super) async fn begun(victim: &mut Browser, login: &str) {
    let first =
        [("login", login), ("taken_over", "yes"), ("topic", "taken-over"), ("reporter", "owner")];
    victim.open("/report").await;
    victim.send("/report", &first).await;
    assert_eq!(victim.path, "/report/details", "{}", victim.html);
}

/// The whole report, sent.
pub(super) async fn reported(server: &Server, login: &str, orders: &str) -> Browser {
    let mut victim = report(server, login).await;
    victim
        .send(
            "/report/details",
            &[
                ("what", "orders at night, card 4111 1111 1111 1111"),
                ("orders", orders),
                ("former_password", PASSWORD),
                ("name", "山田 花子"),
            ],
        )
        .await;
    assert_eq!(victim.path, "/report/check", "{}", victim.html);
    victim.send("/report/send", &[]).await;
    assert_eq!(victim.path, "/report/status", "{}", victim.html);
    victim
}

/// The first case of the queue that has this level, once it is there.
pub(super) async fn first_case(server: &Server, ready: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..200 {
        let queue = server.get("/v1/cases").await.good();
        if let Some(case) = queue["items"].as_array().unwrap().iter().find(|case| ready(case)) {
            let id = case["id"].as_str().unwrap();
            return server.get(&format!("/v1/cases/{id}")).await.good();
        }
        sekisho::world::pause(std::time::Duration::from_millis(25)).await;
    }
    panic!("no such case: {}", server.get("/v1/cases").await.good());
}

pub(super) async fn step(server: &Server, case: &Value, body: Value) -> crate::support::Answer {
    let id = case["id"].as_str().unwrap();
    server.post(&format!("/v1/cases/{id}/steps"), &body).await
}

/// An order of the member, told by the store, as from a device that nobody knows.
pub(super) async fn order_placed(server: &Server, account: &str, order: &str, amount: i64) {
    let event = json!({
        "event_id": format!("placed-{order}"), "type": "order.placed", "status": "succeeded",
        "occurred_at": sekisho::time::show(sekisho::world::World::real().now()),
        "account": { "id": account },
        "context": { "ip": "198.51.100.66", "user_agent": "curl/8.0" },
        "order": { "id": order, "amount": amount, "currency": "JPY",
            "lines": [{ "sku": "B00", "quantity": 1, "unit_amount": amount, "kind": "physical" }],
            "ship_to": { "postcode": "9000001" },
            "payment": { "kind": "credit_card", "fingerprint": "fp_1", "stored": true } },
    });
    server.post("/v1/events", &event).await.good();
}

#[tokio::test]
async fn r9_r19_a_locked_out_victim_reports_in_four_pages_and_comes_back_with_number_and_secret() {
    let server = shop().await;
    member(&server).await;
    let mut victim = report(&server, MAIL).await;
    let number = victim.between("受付番号 <span class=\"secret\">", "<").to_owned();
    let secret = victim.between("合言葉 <span class=\"secret\">", "<").to_owned();
    assert!(secret.len() >= 32, "{secret}");
    victim.send("/report/details", &[("what", "everything")]).await;
    assert!(victim.html.contains("身に覚えのない注文の番号。"), "R14: {}", victim.html);
    victim.send("/report/send", &[]).await;
    assert!(victim.html.contains("受け付けました"), "{}", victim.html);
    assert!(!victim.has_cookie("sekisho_session"), "without a sign-in");

    let mut elsewhere = Browser::at(&server.url);
    elsewhere.open("/report/status").await;
    elsewhere.send("/report/status", &[("number", &number), ("secret", "0000-0000")]).await;
    assert!(elsewhere.html.contains("正しくありません"), "{}", elsewhere.html);
    let typed = secret.to_lowercase().replace('-', " ");
    elsewhere
        .send("/report/status", &[("number", &number.to_lowercase()), ("secret", &typed)])
        .await;
    assert!(elsewhere.html.contains(&number), "{}", elsewhere.html);
}

#[tokio::test]
async fn t6_r20_a_report_tells_nothing_of_whether_there_is_such_an_account() {
    let server = shop().await;
    member(&server).await;
    let plain = |browser: &Browser| {
        let mut html = browser.html.clone();
        for before in [
            "受付番号 <span class=\"secret\">",
            "合言葉 <span class=\"secret\">",
            "ことば</h2>\n<p><span class=\"secret\">",
            "name=\"csrf\" value=\"",
        ] {
            if html.contains(before) {
                let value = browser.between(before, if before.ends_with('"') { "\"" } else { "<" });
                html = html.replace(value, "");
            }
        }
        html
    };
    let mut known = report(&server, MAIL).await;
    let mut unknown = report(&server, "hotaru@example.jp").await;
    assert_eq!(plain(&known), plain(&unknown));
    for browser in [&mut known, &mut unknown] {
        browser.send("/report/details", &[("what", "x"), ("former_password", PASSWORD)]).await;
    }
    assert_eq!(plain(&known), plain(&unknown));
    for browser in [&mut known, &mut unknown] {
        browser.send("/report/send", &[]).await;
    }
    first_case(&server, |case| case["level"] == "V1").await;
    let mut second = reported(&server, MAIL, "").await;
    first_case(&server, |case| case["reports"] == 1).await;
    let number = |browser: &Browser| browser.between("受付番号 ", "<").to_owned();
    for browser in [&mut known, &mut unknown, &mut second] {
        browser.send("/report/say", &[("text", "hello")]).await;
        browser.open("/report/status").await;
    }
    let told = |browser: &Browser| plain(browser).replace(&number(browser), "");
    assert_eq!(told(&known), told(&unknown), "not even that its claims match");
    assert_eq!(told(&known), told(&second), "nor that another report is open");
    for browser in [&mut known, &mut unknown] {
        browser.send("/report/prove", &[("contact", MAIL)]).await;
        assert!(browser.path.starts_with("/prove/"), "{}", browser.path);
        browser.send_here(&[("answer", "000000")]).await;
        assert!(browser.html.contains("コードが違います"), "{}", browser.html);
    }
}

#[tokio::test]
async fn r24_an_intruders_new_mail_never_hears_of_the_case_and_the_old_one_can_lock_at_once() {
    let server = shop().await;
    let mut owner = member(&server).await;
    owner.open("/security/contacts").await;
    owner
        .send("/security/contacts", &[("contact", "intruder@example.com"), ("replaces", "0")])
        .await;
    let code = owner.code_sent("intruder@example.com").await;
    owner.send_here(&[("answer", &code)]).await;
    report(&server, MAIL).await;
    let letter = owner.letter_sent("復旧手続き").await;
    assert!(letter.contains(MAIL), "found by the login from before (R25): {letter}");
    owner.open("/mailbox").await;
    let told =
        owner.html.split("<li class=\"card\">").filter(|letter| letter.contains("復旧手続き"));
    assert!(told.into_iter().all(|letter| !letter.contains("intruder@example.com")));
}

/// A password changed and two orders placed by somebody else; the owner has reported it.
pub(super) async fn night(server: &Server) -> (Browser, Browser) {
    member(server).await;
    let mut intruder = Browser::at(&server.url);
    sign_in(&mut intruder, PASSWORD).await;
    intruder.open("/security/password").await;
    intruder.send("/security/password", &[("password", "mine now, all of it")]).await;
    let account = first_account(server).await;
    order_placed(server, &account, "o-1", 4_800).await;
    order_placed(server, &account, "o-2", 420_000).await;

    let victim = reported(server, MAIL, "o-1\no-2").await;
    (intruder, victim)
}

#[tokio::test]
async fn r24_r26_t2_x3_from_the_report_to_the_decision() {
    let mut server = shop().await;
    let (mut intruder, mut victim) = night(&server).await;
    let desk = server.key(&[Scope::Desk], false).await;
    let supervisor = server.key(&[Scope::Desk, Scope::Admin], false).await;
    server.as_key(&desk);
    let case = first_case(&server, |case| case["level"] == "V1").await;
    assert_eq!(case["priority"], "P1", "goods can still be stopped (R13): {case}");
    let at = |field: &str| sekisho::time::read(case[field].as_str().unwrap()).unwrap();
    let waits = at("due_at").since(at("opened_at"));
    assert!(waits < domain::time::HOUR, "an agent is due within minutes: {case}");
    assert_eq!(case["claims"]["login"]["result"], "match", "{case}");
    assert_eq!(case["claims"]["former_password"]["result"], "match");
    assert!(case["claims"]["former_password"]["until"].is_string(), "which dates the change (C9)");
    assert!(case["report"]["what"].as_str().unwrap().contains("••••1111"), "R16: {case}");
    let taken = step(&server, &case, json!({ "do": "take", "agent": "sato" })).await.good();
    assert_eq!(taken["state"], "triage");
    let contain = json!({ "do": "contain", "agent": "sato", "reason": "sounds like the owner" });
    step(&server, &case, contain.clone()).await.refused(409);
    server.as_key(&supervisor);
    step(&server, &case, contain.clone()).await.refused(409);
    server.as_key(&desk);

    let letters = victim.letters_to(MAIL).await;
    victim.send("/report/prove", &[("contact", MAIL)]).await;
    let code = victim.code_of_letter(MAIL, letters + 1).await;
    victim.send_here(&[("answer", &code)]).await;
    assert!(victim.html.contains("一つの方法で確認できました"), "{}", victim.html);
    let until = &case["claims"]["former_password"]["until"];
    step(&server, &case, json!({ "do": "begin", "agent": "sato", "at": until })).await.good();
    let contained = step(&server, &case, contain.clone()).await.good();
    assert_eq!(
        (&contained["state"], &contained["account_state"]),
        (&json!("contained"), &json!("locked"))
    );
    let item = |what: &str| {
        let items = contained["contained"].as_array().unwrap();
        items.iter().find(|item| item["what"] == what).unwrap().clone()
    };
    assert_eq!(item("sessions_ended")["count"], 1, "the owner's ended at the change: {contained}");
    assert_eq!(item("changes_reversed")["count"], 1);
    assert_eq!(item("orders_held")["count"], 2);
    assert_eq!(item("orders_held")["failed"], "no_endpoint", "and it says so");
    let again = step(&server, &case, contain).await.good();
    assert_eq!(again["steps"], contained["steps"], "again changes nothing");
    intruder.open("/security").await;
    assert!(intruder.path.starts_with("/sign-in"), "{}", intruder.path);
    victim.open("/report/status").await;
    assert!(victim.html.contains("不正な操作を止めました"), "{}", victim.html);

    decided(&mut server, &mut victim, &case, [&desk, &supervisor]).await;
}

/// From the contained case to its end.
async fn decided(
    server: &mut Server,
    victim: &mut Browser,
    case: &Value,
    [desk, supervisor]: [&str; 2],
) {
    server.as_key(desk);
    let rule = |order: &str| json!({ "do": "rule", "agent": "sato", "reason": "by the table", "order_id": order });
    step(server, case, rule("o-1")).await.refused(409);
    for agent in ["sato", "ito"] {
        step(server, case, json!({ "do": "see_document", "agent": agent })).await.good();
    }
    let ruled = step(server, case, rule("o-1")).await.good();
    assert_eq!(ruled["level"], "V4");
    step(server, case, rule("o-2")).await.good();
    let decide = json!({ "do": "decide", "agent": "sato", "reason": "both are confirmed" });
    step(server, case, decide.clone()).await.refused(409);
    let approve = json!({ "do": "approve", "agent": "mori", "order_id": "o-2" });
    step(server, case, approve.clone()).await.refused(403);
    server.as_key(supervisor);
    step(server, case, approve).await.good();
    let decided = step(server, case, decide).await.good();
    assert_eq!(decided["state"], "restitution");
    victim.open("/report/status").await;
    assert_eq!(victim.html.matches("返金します").count(), 2, "{}", victim.html);
    // No refund was planned yet: the case is not made whole by a word.
    step(server, case, json!({ "do": "made_whole", "agent": "sato" })).await.refused(409);
    let labelled = decided["window"]["events"][0]["decision_id"].as_str().unwrap();
    let all = server.key(&Scope::ALL, false).await;
    server.as_key(&all);
    let decision = server.get(&format!("/v1/decisions/{labelled}")).await.good();
    assert!(
        decision.to_string().contains("confirmed_takeover"),
        "it labels its window: {decision}"
    );
}

/// The store's id of the only member.
pub(super) async fn first_account(server: &Server) -> String {
    let mut reporter = reported(server, MAIL, "").await;
    let case = first_case(server, |case| case["account_id"].is_string()).await;
    let id = case["id"].as_str().unwrap();
    let withdrawn = json!({ "do": "ask_for_more", "agent": "sato", "reason": "x" });
    server.post(&format!("/v1/cases/{id}/steps"), &withdrawn).await.good();
    let closed = json!({ "do": "close", "agent": "sato", "reason": "x", "cause": "unknown" });
    server.post(&format!("/v1/cases/{id}/steps"), &closed).await.good();
    reporter.open("/report/status").await;
    assert!(reporter.html.contains("対応を終えました"), "{}", reporter.html);
    case["account_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_case_is_not_for_keys_without_the_scope_and_bad_steps_say_what_is_wrong() {
    let mut server = shop().await;
    let reader = server.key(&[Scope::Read, Scope::Decide], false).await;
    let desk = server.key(&[Scope::Desk], false).await;
    server.as_key(&reader);
    server.get("/v1/cases").await.refused(403);
    server.as_key(&desk);
    server.get("/v1/cases?state=rubbish").await.refused(422);
    server.get("/v1/cases/cas_nothing").await.refused(404);
    server
        .post("/v1/cases", &json!({ "account_id": "nobody", "agent": "sato" }))
        .await
        .refused(404);
    let told = json!({
        "event_id": "e-1", "type": "login", "status": "succeeded",
        "occurred_at": "2026-06-03T21:04:05+09:00", "account": { "id": "u-1" },
    });
    let all = server.key(&Scope::ALL, false).await;
    server.as_key(&all).post("/v1/events", &told).await.good();
    server.as_key(&desk);
    let new =
        json!({ "account_id": "u-1", "agent": "sato", "taken_over": true, "orders": ["o-9"] });
    let case = server.post("/v1/cases", &new).await.good();
    assert_eq!((&case["state"], &case["level"]), (&json!("submitted"), &json!("V0")));
    for (body, status) in [
        (json!({ "do": "dance", "agent": "sato" }), 422),
        (json!({ "do": "take", "agent": " " }), 422),
        (json!({ "do": "begin", "agent": "sato", "at": "yesterday" }), 422),
        (json!({ "do": "rule", "agent": "sato", "order_id": "o-9", "reason": "x" }), 404),
        (json!({ "do": "contain", "agent": "sato", "reason": "x" }), 409),
    ] {
        step(&server, &case, body).await.refused(status);
    }
    let request = server.request(Method::POST, "/v1/cases").body("{\"account_id\":");
    assert_eq!(request.send().await.unwrap().status(), 400);
}

async fn add(victim: &mut Browser, name: &str, bytes: &[u8]) {
    victim.send_with_files("/report/evidence", &[], &[("file", name, bytes)]).await;
}

#[tokio::test]
async fn t11_r16_files_are_cleaned_counted_and_handed_out_as_downloads_to_who_sees_the_case() {
    let mut server = shop().await;
    member(&server).await;
    let mut victim = report(&server, MAIL).await;
    let csv = "利用日,金額\n6/3,4111 1111 1111 1111\n";
    add(&mut victim, "../../etc/x.html", csv.as_bytes()).await;
    assert!(victim.html.contains("ファイルを追加しました"), "{}", victim.html);
    add(&mut victim, "a.png", b"<svg onload=alert(1)>").await;
    assert!(victim.html.contains("受け付けられません"), "{}", victim.html);
    add(&mut victim, "none", b"").await;
    assert!(victim.html.contains("選ばれていない"), "{}", victim.html);
    add(&mut victim, "again.csv", csv.as_bytes()).await;
    assert!(victim.html.contains("追加済み：1件"), "the same file is kept once: {}", victim.html);
    victim.send("/report/send", &[]).await;
    let case = first_case(&server, |case| case["account_id"].is_string()).await;
    let file = &case["evidence"][0];
    assert_eq!((&file["kind"], case["evidence"].as_array().unwrap().len()), (&json!("text"), 1));
    let path = format!(
        "/v1/cases/{}/evidence/{}",
        case["id"].as_str().unwrap(),
        file["id"].as_str().unwrap()
    );
    let answer = server.request(Method::GET, &path).send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename=\"evd_"));
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let text = answer.text().await.unwrap();
    assert!(text.contains("••••1111") && !text.contains("4111 1111"), "{text}");
    let reader = server.key(&[Scope::Read], false).await;
    server.as_key(&reader);
    server.get(&path).await.refused(403);
    assert!(case["steps"].to_string().contains("sha256:"), "its hash is in the history: {case}");
}
