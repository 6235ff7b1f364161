//! The desk's pages.

use reqwest::StatusCode;
use sekisho::config::{Said, Source};
use serde_json::{Value, json};

use super::browser::{Browser, totp};
use super::{MAIL, PASSWORD};
use crate::support::{Listener, Server, order};

pub(super) const AGENT: &str = "sato@shop.example";

pub(super) async fn shop_with_a_desk() -> Server {
    shop_with_a_desk_and(|said| said).await
}

async fn shop_with_a_desk_and(settings: impl Fn(Said) -> Said) -> Server {
    Server::start_with(|said| {
        let said = settings(said);
        said.with("mail-gateway", "mailbox", Source::Flag)
            .with("development", "true", Source::Flag)
            .with("policy-preset", "observe", Source::Flag)
            .with(
                "desk-staff",
                "sato@shop.example=agent, mori@shop.example=supervisor, ono@shop.example=auditor",
                Source::Flag,
            )
    })
    .await
}

pub(super) async fn joined(server: &Server, mail: &str) -> Browser {
    let mut browser = Browser::at(&server.url);
    browser.open("/register").await;
    browser.send("/register", &[("mail", mail), ("password", PASSWORD)]).await;
    let code = browser.code_sent(mail).await;
    browser.send_here(&[("answer", &code)]).await;
    assert_eq!(browser.path, "/security", "{}", browser.html);
    browser
}

/// A colleague who has signed in with an app.
pub(super) async fn colleague(server: &Server, mail: &str) -> Browser {
    let mut browser = joined(server, mail).await;
    browser.open("/desk").await;
    assert_eq!(browser.path, "/security", "not without a second factor: {}", browser.html);
    assert!(browser.html.contains("二段階認証が必須"), "{}", browser.html);
    browser.open("/security/two-step").await;
    let secret = browser.between("class=\"secret\">", "<").replace(' ', "");
    let seed = browser.between("name=\"seed\" value=\"", "\"").to_owned();
    let code = totp(&secret, 0);
    browser.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    browser.send("/security/two-step/codes", &[]).await;
    browser.send("/security/two-step/on", &[]).await;
    browser.open("/desk").await;
    assert_eq!(browser.path, "/security", "nor by a session that has not passed it");
    browser.send("/sign-out", &[]).await;
    browser.open("/sign-in").await;
    browser.send("/sign-in", &[("login", mail), ("password", PASSWORD)]).await;
    let code = totp(&secret, 1);
    browser.send_here(&[("answer", &code)]).await;
    browser.open("/desk").await;
    assert_eq!(browser.path, "/desk", "{}", browser.html);
    browser
}

async fn reported(server: &Server) -> Browser {
    let mut victim = Browser::at(&server.url);
    victim.open("/report").await;
    victim.send("/report", &[("login", MAIL), ("taken_over", "yes")]).await;
    victim
        .send("/report/details", &[("what", "<script>alert(1)</script>"), ("name", "山田 花子")])
        .await;
    victim.send("/report/send", &[]).await;
    victim
}

/// On what somebody at the desk did so, as the audit trail tells it.
async fn told_of(server: &Server, did: &str) -> Vec<String> {
    let acts = server.acts().await.into_iter().filter(|act| act.did == did);
    acts.map(|act| act.about.unwrap()).collect()
}

#[tokio::test]
async fn the_desk_is_nowhere_for_customers_and_strangers() {
    let server = shop_with_a_desk().await;
    let mut stranger = Browser::at(&server.url);
    stranger.open("/desk").await;
    assert!(stranger.path.starts_with("/sign-in"), "{}", stranger.path);
    let mut customer = joined(&server, MAIL).await;
    for path in ["/desk", "/desk/cases/cas_00000000000000000000000000"] {
        customer.open(path).await;
        assert_eq!(customer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn t5_an_agent_takes_a_case_before_they_see_it_and_unmasks_with_a_reason() {
    let server = shop_with_a_desk().await;
    joined(&server, MAIL).await;
    let mut victim = reported(&server).await;
    let mut agent = colleague(&server, AGENT).await;
    let case = agent.between("href=\"/desk/cases/", "\"").to_owned();
    let path = format!("/desk/cases/{case}");
    agent.open(&path).await;
    assert!(!agent.html.contains("alert(1)"), "not before it is taken: {}", agent.html);
    agent.send(&path, &[("do", "note"), ("reason", "peeking")]).await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
    agent.open(&format!("{path}/evidence/evd_00000000000000000000000000")).await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
    agent.send(&format!("{path}/packs"), &[("for", "owner"), ("reason", "peeking")]).await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
    assert_eq!(told_of(&server, "refused").await, ["note", "file", "pack"]);
    assert_eq!(told_of(&server, "looked").await, [""; 0]);
    agent.open(&path).await;
    agent.send(&path, &[("do", "take")]).await;
    assert_eq!(told_of(&server, "looked").await, ["case"]);
    assert!(agent.html.contains("&lt;script&gt;alert(1)"), "{}", agent.html);
    assert!(!agent.html.contains(MAIL) && !agent.html.contains("花子"), "masked: {}", agent.html);
    agent.send(&path, &[("do", "unmask"), ("field", "login"), ("reason", " ")]).await;
    assert!(!agent.html.contains(MAIL), "not without a reason: {}", agent.html);
    agent.send(&path, &[("do", "unmask"), ("field", "login"), ("reason", "to call back")]).await;
    assert!(agent.html.contains(MAIL), "{}", agent.html);
    assert!(agent.html.contains("login: to call back"), "which stays in the history");
    agent.send(&path, &[("do", "contain"), ("reason", "sure")]).await;
    assert!(agent.html.contains("level V2 is needed"), "T4: {}", agent.html);
    agent.send(&path, &[("do", "say"), ("reason", "ご注文番号を教えてください")]).await;
    victim.open("/report/status").await;
    assert!(victim.html.contains("ご注文番号を教えてください"), "{}", victim.html);

    let mut supervisor = colleague(&server, "mori@shop.example").await;
    supervisor.open(&path).await;
    assert!(supervisor.html.contains("alert(1)"), "a supervisor looks at all: {}", supervisor.html);
}

#[tokio::test]
async fn t5_who_looks_at_much_and_does_nothing_stands_out() {
    let server = shop_with_a_desk().await;
    joined(&server, MAIL).await;
    reported(&server).await;
    let mut agent = colleague(&server, AGENT).await;
    let path = format!("/desk/cases/{}", agent.between("href=\"/desk/cases/", "\""));
    for _ in 0..5 {
        agent.send(&path, &[("do", "note"), ("reason", "peeking")]).await;
        agent.open("/desk").await;
    }
    agent.open("/desk/conduct").await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN, "not for agents");
    let mut supervisor = colleague(&server, "mori@shop.example").await;
    supervisor.open(&path).await;
    supervisor.open("/desk/conduct").await;
    assert!(supervisor.html.contains("目立つ数があります"), "{}", supervisor.html);
    let conduct = server.get("/v1/desk-conduct").await.good();
    let [mori, sato] = [&conduct["colleagues"][0], &conduct["colleagues"][1]];
    assert_eq!((&mori["name"], &mori["looks"]), (&"mori@shop.example".into(), &1.into()));
    assert_eq!((&mori["only_looked"], &sato["refused"]), (&1.into(), &5.into()), "{conduct}");
    assert_eq!(sato["unusual"], serde_json::json!(["refused"]), "{conduct}");
    server.get("/v1/desk-conduct?days=0").await.refused(422);
}

#[tokio::test]
async fn t5_nobody_works_on_a_case_about_their_own_account() {
    let server = shop_with_a_desk().await;
    let mut supervisor = colleague(&server, "mori@shop.example").await;
    let mut victim = Browser::at(&server.url);
    victim.open("/report").await;
    victim.send("/report", &[("login", "mori@shop.example"), ("taken_over", "yes")]).await;
    victim.send("/report/details", &[("what", "it was me")]).await;
    victim.send("/report/send", &[]).await;
    supervisor.open("/desk").await;
    let path = format!("/desk/cases/{}", supervisor.between("href=\"/desk/cases/", "\""));
    supervisor.open(&path).await;
    assert!(!supervisor.html.contains("it was me"), "{}", supervisor.html);
    for doing in ["take", "contain", "recover"] {
        supervisor.send(&path, &[("do", doing), ("reason", "mine")]).await;
        assert_eq!(supervisor.status, StatusCode::FORBIDDEN, "{doing}");
        supervisor.open(&path).await;
    }
    assert_eq!(told_of(&server, "refused").await, ["take", "contain", "recover"]);
}

#[tokio::test]
async fn x12_a_record_is_made_at_the_desk_for_the_police_by_a_supervisor_alone() {
    let server = shop_with_a_desk().await;
    joined(&server, MAIL).await;
    reported(&server).await;
    let mut agent = colleague(&server, AGENT).await;
    let case = agent.between("href=\"/desk/cases/", "\"").to_owned();
    let path = format!("/desk/cases/{case}");
    agent.open(&path).await;
    agent.send(&path, &[("do", "take")]).await;
    assert!(!agent.html.contains("警察用"), "{}", agent.html);
    let packs = format!("{path}/packs");
    agent.send(&packs, &[("for", "police"), ("reason", "asked")]).await;
    assert!(agent.html.contains("supervisor"), "{}", agent.html);
    agent.send(&packs, &[("for", "issuer"), ("reason", " ")]).await;
    assert!(!agent.html.contains("pck_"), "not without a reason: {}", agent.html);
    agent.send(&packs, &[("for", "issuer"), ("reason", "the issuer asked")]).await;
    let mut supervisor = colleague(&server, "mori@shop.example").await;
    supervisor.open(&path).await;
    supervisor.send(&packs, &[("for", "police"), ("reason", "第12号の照会")]).await;
    assert!(supervisor.html.contains("警察用"), "{}", supervisor.html);
    assert!(supervisor.html.contains("証拠の記録を作成"), "{}", supervisor.html);
    let pack = supervisor.between("/packs/pck_", ".pdf").to_owned();
    for form in ["pdf", "json"] {
        supervisor.open(&format!("{packs}/pck_{pack}.{form}")).await;
        assert_eq!(supervisor.status, StatusCode::OK, "{form}");
    }
    supervisor.open(&format!("{packs}/pck_{pack}.exe")).await;
    assert_eq!(supervisor.status, StatusCode::NOT_FOUND);
    let looked = told_of(&server, "looked").await;
    assert_eq!(looked.last().unwrap(), &format!("pack pck_{pack}.json"), "{looked:?}");
}

#[tokio::test]
async fn r21_r28_an_agent_takes_a_call_says_the_words_of_the_case_and_promises_another() {
    let listener = Listener::start().await;
    let allowed = listener.address.to_string();
    let server = shop_with_a_desk_and(|said| {
        said.with("callback-gateway", "webhook", Source::Flag).with(
            "webhooks-allow",
            &allowed,
            Source::Flag,
        )
    })
    .await;
    let hook = serde_json::json!({ "url": format!("http://{}/", listener.address) });
    server.post("/v1/webhooks", &hook).await.good();
    let mut agent = colleague(&server, AGENT).await;
    assert!(agent.html.contains("電話を受けていません"), "{}", agent.html);
    agent.send("/desk/free", &[("free", "yes"), ("minutes", "60")]).await;
    assert!(agent.html.contains("まで電話を受けます"), "{}", agent.html);

    let mut victim = reported(&server).await;
    victim.open("/report/call").await;
    let phrase = victim.between("<span class=\"secret\">", "<").to_owned();
    victim.send("/report/call", &[("number", "090-1234-5678"), ("when", "now")]).await;
    let due = listener.first("callback.due").await;
    let call = format!("/desk/calls/{}", due["callback_id"].as_str().unwrap());
    agent.open("/desk").await;
    assert!(agent.html.contains("呼び出し中") && agent.html.contains("説明のみ"), "{}", agent.html);
    let case = agent.between("href=\"/desk/cases/", "\"").to_owned();
    let path = format!("/desk/cases/{case}");
    agent.open(&path).await;
    assert!(!agent.html.contains(&phrase), "T5: not before it is taken: {}", agent.html);
    agent.send(&call, &[("do", "consent"), ("ring", "1")]).await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
    agent.open(&path).await;
    agent.send(&path, &[("do", "take")]).await;
    assert!(agent.html.contains(&phrase), "C11: {}", agent.html);
    assert!(agent.html.contains("登録されたことのない番号"), "{}", agent.html);
    agent.send(&call, &[("do", "consent"), ("ring", "1")]).await;
    assert!(agent.html.contains("通話を希望"), "{}", agent.html);

    let tomorrow = sekisho::world::World::real().now().plus(domain::time::DAY);
    let tomorrow = sekisho::time::show(tomorrow.plus(9 * domain::time::HOUR));
    let due = tomorrow.get(..16).unwrap();
    agent.send(&call, &[("do", "follow_up"), ("due", due), ("reason", " ")]).await;
    assert!(agent.html.contains("a promise has a reason"), "{}", agent.html);
    let promise = [("do", "follow_up"), ("due", due), ("reason", "配送会社に確認")];
    agent.send(&call, &promise).await;
    assert!(agent.html.contains("再度お電話") && agent.html.contains("配送会社に確認"));
    victim.open("/report/status").await;
    assert!(victim.html.contains("までにもう一度お電話します"), "R28: {}", victim.html);
    assert!(victim.html.contains(&phrase), "{}", victim.html);
    agent.open("/desk").await;
    assert!(agent.html.contains("配送会社に確認"), "{}", agent.html);
    let promise = [("number", "03-1234-5678"), ("due", due), ("reason", "また電話します")];
    agent.open(&path).await;
    agent.send(&format!("{path}/calls"), &promise).await;
    assert!(agent.html.contains("open already"), "one at a time: {}", agent.html);
    victim.send("/report/call/cancel", &[]).await;
    agent.send(&format!("{path}/calls"), &promise).await;
    assert!(agent.html.contains("また電話します"), "{}", agent.html);
    agent.open("/desk").await;
    agent.send("/desk/free", &[("free", "no")]).await;
    assert!(agent.html.contains("電話を受けていません"), "{}", agent.html);
}

/// A planned order whose parcel has to be stopped by phone.
async fn planned(server: &Server) {
    let act = async |path: &str, body: Value| server.post(path, &body).await.good();
    let placed = order("u-1").with("/status", "succeeded").with("/order/amount", 3_000);
    server.tell(placed).await.good();
    let new = json!({ "account_id": "u-1", "taken_over": true, "orders": ["o-9"], "agent": "ito" });
    let case = act("/v1/cases", new).await["id"].as_str().unwrap().to_owned();
    let steps = format!("/v1/cases/{case}/steps");
    for (agent, step) in [
        ("ito", json!({ "do": "take" })),
        ("ito", json!({ "do": "see_document" })),
        ("abe", json!({ "do": "see_document" })),
        ("ito", json!({ "do": "contain" })),
        ("ito", json!({ "do": "rule", "order_id": "o-9", "confirmed": true })),
    ] {
        let mut step = step;
        (step["agent"], step["reason"]) = (json!(agent), json!("a test"));
        act(&steps, step).await;
    }
    let plan = json!({
        "agent": "ito", "order_id": "o-9", "currency": "JPY",
        "payments": [{ "id": "pi_1", "kind": "credit_card", "captured": 3_000 }],
        "lines": [{ "id": "l-1", "parcel": "s-1",
                    "shares": [{ "component": "item", "amount": 3_000, "payment": "pi_1" }] }],
        "parcels": [{ "id": "s-1", "state": "in_transit", "carrier": "yamato",
                      "tracking_number": "4000" }],
    });
    let one = act(&format!("/v1/cases/{case}/restitutions"), plan).await;
    let approve = json!({ "do": "approve", "agent": "ito" });
    act(&format!("/v1/restitutions/{}/steps", one["id"].as_str().unwrap()), approve).await;
}

#[tokio::test]
async fn r34_an_agent_takes_a_task_from_the_list_and_an_auditor_reads_the_books() {
    let server = shop_with_a_desk().await;
    planned(&server).await;
    let mut agent = colleague(&server, AGENT).await;
    agent.open("/desk/tasks").await;
    assert!(agent.html.contains("配送会社への電話"), "{}", agent.html);
    assert!(agent.html.contains("yamato 4000") && agent.html.contains("返送してください"));
    assert!(!agent.html.contains("value=\"done\""), "it is taken first: {}", agent.html);
    let restitution = agent.between("name=\"restitution\" value=\"", "\"").to_owned();
    let task = |what| [("restitution", restitution.as_str()), ("task", "0"), ("do", what)];
    agent.send("/desk/tasks", &task("done")).await;
    assert!(agent.html.contains("take the task first"), "{}", agent.html);
    agent.send("/desk/tasks", &task("take")).await;
    assert!(agent.html.contains(&format!("{AGENT} が対応中")), "{}", agent.html);

    let mut auditor = colleague(&server, "ono@shop.example").await;
    auditor.open("/desk/tasks").await;
    assert!(auditor.html.contains("配送会社への電話") && !auditor.html.contains("value=\"take\""));
    auditor.send("/desk/tasks", &task("done")).await;
    auditor.open("/desk/tasks").await;
    assert!(auditor.html.contains("配送会社への電話"), "auditors change nothing");
    auditor.open("/desk/ledger").await;
    assert!(auditor.html.contains("お客様への未払い返金"), "{}", auditor.html);
    assert!(auditor.html.contains("貸借一致") && auditor.html.contains("借方"));
    auditor.open("/desk/ledger?account=store_fraud_loss").await;
    assert!(!auditor.html.contains("貸借一致"), "one account alone need not: {}", auditor.html);
    auditor.open("/desk/ledger?case=nothing").await;
    assert!(auditor.html.contains("該当する受付または勘定がありません"), "{}", auditor.html);
    auditor.open("/desk/ledger.csv").await;
    assert!(auditor.html.starts_with("at,case_id,order_id,key,reverses,account,amount,currency"));

    agent.send("/desk/tasks", &task("done")).await;
    assert!(!agent.html.contains("配送会社への電話"), "{}", agent.html);
    assert!(agent.html.contains("返金の依頼先なし"), "the other task is still there");
    let mut customer = joined(&server, MAIL).await;
    for path in ["/desk/tasks", "/desk/ledger", "/desk/ledger.csv"] {
        customer.open(path).await;
        assert_eq!(customer.status, StatusCode::NOT_FOUND, "{path}");
    }
}
