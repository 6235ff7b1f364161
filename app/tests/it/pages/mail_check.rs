//! `/mail-check`, as customers use it.

use sekisho::config::{Said, Source};
use sekisho::world::World;
use serde_json::json;

use super::browser::Browser;
use super::desk::{AGENT, colleague, joined, shop_with_a_desk};
use super::{MAIL, member, shop};
use crate::support::Server;

const PATH: &str = "/mail-check";
const FORGED: &str = "From: Amazon@service.co.jp\r\nSubject: Amazon <b>account</b>\r\n\
    Content-Type: text/html; charset=utf-8\r\n\r\n\
    <p>Amazonのお支払いにご指定のカードの情報が更新できないため、アカウントをロックしました。</p>\
    <a href=\"https://amazon.co.jp.evil.example/ap?<script>\">ログイン</a>";

async fn at_the_page(url: &str) -> Browser {
    let mut browser = Browser::at(url);
    browser.open(PATH).await;
    browser
}

#[tokio::test]
async fn r58_r62_a_stranger_pastes_a_forged_mail_and_its_links_are_text() {
    let server = shop().await;
    let mut browser = at_the_page(&server.url).await;
    browser.send_with_files(PATH, &[("source", FORGED)], &[("file", "", b"")]).await;
    assert_eq!(browser.status, 200);
    assert!(browser.html.contains("なりすましです"), "{}", browser.html);
    assert!(browser.html.contains("Amazon@service.co.jp"));
    assert!(browser.html.contains("amazon.co.jp.evil.example"));
    for live in ["href=\"https", "href='http", "<script", "<b>account"] {
        assert!(!browser.html.contains(live), "{live} in {}", browser.html);
    }
    for next in ["info@antiphishing.jp", "/reset-password", "/report"] {
        assert!(browser.html.contains(next), "R63: {next}");
    }
    assert!(!browser.html.contains("ロックされていません"), "nothing is said of an account");
}

#[tokio::test]
async fn r59_who_has_signed_in_is_told_that_the_account_is_not_locked() {
    let server = shop().await;
    let mut browser = member(&server).await;
    browser.open(PATH).await;
    browser.send_with_files(PATH, &[("source", FORGED)], &[]).await;
    assert!(browser.html.contains("ロックされていません"), "{}", browser.html);
    assert!(browser.html.contains("/sign-out"), "the page knows that somebody has signed in");
}

#[tokio::test]
async fn r63_what_was_checked_is_reported_by_one_press_and_the_desk_warns_of_it() {
    let server = shop_with_a_desk().await;
    let mut browser = joined(&server, MAIL).await;
    browser.open(PATH).await;
    browser.send_with_files(PATH, &[], &[("file", "m.eml", FORGED.as_bytes())]).await;
    let raw = browser.between("name=\"raw\" value=\"", "\"").to_owned();
    let told = [("raw", raw.as_str()), ("gave_password", "yes")];
    browser.send_with_files("/mail-check/report", &told, &[]).await;
    assert!(browser.html.contains("お知らせいただき、ありがとうございます"), "{}", browser.html);
    assert!(browser.html.contains("/reset-password"), "{}", browser.html);
    assert!(browser.html.contains("見守りの対象になりました"), "{}", browser.html);
    for rubbish in ["", "%%%", "AAAA"] {
        browser.send_with_files("/mail-check/report", &[("raw", rubbish)], &[]).await;
        assert!(browser.status == 200 && !browser.html.contains("ありがとう"), "{rubbish}");
    }

    let mut agent = colleague(&server, AGENT).await;
    agent.open("/desk/campaigns").await;
    assert!(agent.html.contains("1人が報告") && agent.html.contains("evil.example"));
    assert!(agent.html.contains("amazon &lt;b&gt;account&lt;/b&gt;"), "{}", agent.html);
    let id = agent.between("name=\"campaign\" value=\"", "\"").to_owned();
    let step = |reason| [("campaign", id.as_str()), ("do", "warn"), ("reason", reason)];
    agent.send("/desk/campaigns", &step(" ")).await;
    assert!(agent.html.contains("1 to 1,000 characters"), "{}", agent.html);
    agent.send("/desk/campaigns", &step("thirty a day")).await;
    assert!(agent.html.contains("注意喚起中"), "{}", agent.html);
    browser.open(PATH).await;
    assert!(browser.html.contains("よそおった不審なメールが届いています"), "{}", browser.html);
    agent.open("/desk/campaigns.csv").await;
    assert!(agent.html.contains("link-domain,evil.example"), "{}", agent.html);
    browser.open("/desk/campaigns").await;
    assert_eq!(browser.status, 404, "customers see no desk");
}

#[tokio::test]
async fn r60_words_and_sender_are_enough_and_a_file_goes_before_them() {
    let server = shop().await;
    let mut browser = at_the_page(&server.url).await;
    let words = [
        (
            "source",
            "お支払い方法が更新できません。アカウントを停止しました。今すぐご確認ください。",
        ),
        ("sender", "Amazon <a@evil.example>\r\nX-Header: b"),
    ];
    browser.send_with_files(PATH, &words, &[]).await;
    assert!(
        browser.html.contains("ドメインがそのブランドのものではありません"),
        "{}",
        browser.html
    );
    assert!(browser.html.contains("本文と差出人の表示だけで判定"));
    let file: &[u8] = b"From: friend@example.jp\r\nSubject: lunch\r\n\r\nsee you at noon";
    browser.send_with_files(PATH, &words, &[("file", "m.eml", file)]).await;
    assert!(browser.html.contains("friend@example.jp"), "{}", browser.html);
    browser.send_with_files(PATH, &[("source", "  ")], &[("file", "", b"")]).await;
    assert!(browser.html.contains("メールを貼り付けるか、ファイルを選んでください。</p></div>"));
}

#[tokio::test]
async fn c3_gmails_own_results_are_believed_only_where_the_customer_says_so() {
    let server = shop().await;
    let mut browser = at_the_page(&server.url).await;
    let genuine = "Authentication-Results: mx.google.com; dkim=pass header.d=amazon.co.jp; \
        dmarc=pass header.from=amazon.co.jp\r\n\
        Received: from a.example by mx.google.com; Mon, 5 Oct 2026 00:00:00 +0000\r\n\
        From: Amazon.co.jp <auto-confirm@amazon.co.jp>\r\nSubject: order\r\n\
        Date: Mon, 5 Oct 2026 00:00:00 +0000\r\nMessage-ID: <a@amazon.co.jp>\r\n\r\n\
        Your order: https://www.amazon.co.jp/orders\r\n";
    browser.send_with_files(PATH, &[("source", genuine), ("gmail", "yes")], &[]).await;
    assert!(browser.html.contains("本物です"), "{}", browser.html);
    browser.send_with_files(PATH, &[("source", genuine)], &[]).await;
    assert!(!browser.html.contains("本物です"), "{}", browser.html);
    assert!(browser.html.contains("認証（SPF・DKIM・DMARC）は確認していません"));
}

#[tokio::test]
async fn t12_a_form_that_is_too_large_or_not_ours_is_refused_and_one_network_has_a_pace() {
    let server = shop().await;
    let mut browser = at_the_page(&server.url).await;
    browser.send_with_files(PATH, &[], &[("file", "m.eml", &vec![b'a'; 9 << 20])]).await;
    assert_eq!(browser.status, 413);
    browser.open(PATH).await;
    browser.send(PATH, &[("source", FORGED)]).await;
    assert_eq!(browser.status, 415, "not a form with files");
    browser.open(PATH).await;
    let many = vec![("source", "x"); 40];
    browser.send_with_files(PATH, &many, &[]).await;
    assert_eq!(browser.status, 413, "{}", browser.html);
    let hostile: [&[u8]; 3] = [&[0; 4_096], &[0xff; 4_096], b"\r\n"];
    for bytes in hostile {
        browser.open(PATH).await;
        browser.send_with_files(PATH, &[], &[("file", "m.eml", bytes)]).await;
        assert_eq!(browser.status, 200, "{}", browser.html);
    }
    browser.csrf = "0".repeat(26);
    browser.send_with_files(PATH, &[("source", FORGED)], &[]).await;
    assert_eq!(browser.status, 403);
    browser.open(PATH).await;
    let mut refused = false;
    for _ in 0..200 {
        browser.open(PATH).await;
        browser.send_with_files(PATH, &[("source", "hi")], &[]).await;
        refused |= browser.status == 429;
        if refused {
            break;
        }
    }
    assert!(refused, "nobody checks without end");
}

#[tokio::test]
async fn c2_who_has_signed_in_learns_whether_the_store_sent_this_to_them() {
    let settings = |said: Said| {
        said.with("mail-gateway", "mailbox", Source::Flag)
            .with("development", "true", Source::Flag)
            .with("policy-preset", "observe", Source::Flag)
            .with("store-name", "みなと市場", Source::Flag)
            .with("official-domains", "shop.example", Source::Flag)
            .with("sent-mail-ledger", "complete", Source::Flag)
    };
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_and(folder, settings, World::real(), |_| ()).await;
    let mut browser = member(&server).await;
    let told = |id: &str, to: &str| {
        json!({ "message_id": id, "to": [to], "kind": "order", "sent_at": "2026-11-27T09:00:00+09:00",
            "body_hash": "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=" })
    };
    let mails = json!({ "mails": [told("hers@shop.example", MAIL), told("his@shop.example", "b@c.example")] });
    server.post("/v1/mail/sent", &mails).await.good();
    let mail = |id: &str, body: &str| {
        format!("From: info@shop.example\nSubject: x\nMessage-ID: <{id}@shop.example>\n\n{body}")
    };
    // The body of RFC 8463, appendix A.3.
    let body = "Hi.\n\nWe lost the game.  Are you hungry yet?\n\nJoe.\n";
    let cases = [
        (mail("hers", body), "この内容で送信した記録があります"),
        (mail("his", body), "別の方に送信した記録があります"),
        (mail("hers", "https://evil.example/"), "内容が異なります"),
        (mail("nobodys", body), "送信記録に見当たりません"),
    ];
    for (source, wanted) in &cases {
        browser.open(PATH).await;
        browser.send_with_files(PATH, &[], &[("file", "m.eml", source.as_bytes())]).await;
        assert!(browser.html.contains(wanted), "{wanted}: {}", browser.html);
    }
    let words = [("source", "ご注文ありがとうございます"), ("sender", "info@shop.example")];
    browser.open(PATH).await;
    browser.send_with_files(PATH, &words, &[]).await;
    assert!(!browser.html.contains("送信記録"), "words alone have no Message-ID: {}", browser.html);
}
