//! The desk's pages.

use reqwest::StatusCode;
use sekisho::config::{Said, Source};

use super::browser::{Browser, totp};
use super::{MAIL, PASSWORD};
use crate::support::{Listener, Server};

const AGENT: &str = "sato@shop.example";

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
                "sato@shop.example=agent, mori@shop.example=supervisor",
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
    agent.open(&path).await;
    agent.send(&path, &[("do", "take")]).await;
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
