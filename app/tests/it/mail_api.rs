//! `POST /v1/mail/check` over HTTP.

use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

const PATH: &str = "/v1/mail/check";
const FORGED: &str = "Received: from a.example by mx.example; Mon, 5 Oct 2026 00:00:00 +0000\r\n\
    From: Amazon@service.co.jp\r\nSubject: Amazon\u{30a2}\u{30ab}\u{30a6}\u{30f3}\u{30c8}\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\n\
    お支払いにご指定のカードの情報が更新できないため、アカウントをロックしました。\r\n\
    24時間以内に https://amazon.co.jp.evil.example/ap を開いてご確認ください。\r\n";

async fn checked(server: &Server, raw: impl Into<Vec<u8>>) -> Value {
    server.post_raw(PATH, "message/rfc822", raw).await.good()
}

#[tokio::test]
async fn r58_r60_a_forged_mail_is_told_with_its_reasons_raw_and_in_json_alike() {
    let server = Server::start().await;
    let raw = checked(&server, FORGED).await;
    assert!(matches!(raw["verdict"].as_str(), Some("forged" | "suspicious")), "{raw}");
    let reasons = raw["reasons"].as_array().unwrap();
    let brand = reasons.iter().find(|reason| reason["code"] == "who.brand_foreign_domain").unwrap();
    assert!(brand["facts"].to_string().contains("local_part"), "{brand}");
    assert_eq!(server.post(PATH, &json!({ "raw": FORGED })).await.good(), raw);
    let again = checked(&server, FORGED).await;
    assert_eq!(again, raw, "nothing was kept of it");
}

#[tokio::test]
async fn r61_c3_only_the_receiver_that_was_named_is_believed() {
    let server = Server::start().await;
    let raw = "Authentication-Results: mx.example; dkim=pass header.d=amazon.co.jp; \
        dmarc=pass header.from=amazon.co.jp\r\n\
        Received: from a.example by mx.example; Mon, 5 Oct 2026 00:00:00 +0000\r\n\
        From: Amazon.co.jp <auto-confirm@amazon.co.jp>\r\nSubject: order\r\n\
        Date: Mon, 5 Oct 2026 00:00:00 +0000\r\nMessage-ID: <a@amazon.co.jp>\r\n\r\n\
        Your order: https://www.amazon.co.jp/orders\r\n";
    let believed = json!({ "raw": raw, "trusted_receiver": "mx.example" });
    assert_eq!(server.post(PATH, &believed).await.good()["verdict"], "genuine");
    for path in ["", "?trusted_receiver=other.example", "?trusted_receiver="] {
        let answer = server.post_raw(&format!("{PATH}{path}"), "message/rfc822", raw).await.good();
        assert_eq!(answer["verdict"], "unclear", "{path}");
    }
}

#[tokio::test]
async fn t12_hostile_mails_get_an_answer_and_no_mail_a_clear_refusal() {
    let server = Server::start().await;
    for empty in ["", " \r\n\r\n "] {
        let problem = server.post_raw(PATH, "message/rfc822", empty).await.refused(422);
        assert!(problem["detail"].as_str().unwrap().contains("no mail"), "{problem}");
    }
    assert_eq!(
        server.post(PATH, &json!({ "raw": "" })).await.refused(422)["errors"][0]["pointer"],
        "/raw"
    );
    assert_eq!(
        server.post(PATH, &json!({ "raw": 7 })).await.refused(422)["errors"][0]["pointer"],
        "/raw"
    );
    server.post(PATH, &json!({})).await.refused(422);
    server.post_raw(PATH, "message/rfc822", vec![b'a'; 30 << 20]).await.refused(413);
    server.post_raw(PATH, "text/html", "<p>").await.refused(415);
    server.post_raw(PATH, "application/json", &b"{\"raw\":\"\xff\"}"[..]).await.refused(400);
    let long = json!({ "raw": FORGED, "trusted_receiver": "x".repeat(300) });
    server.post(PATH, &long).await.refused(422);

    checked(&server, vec![0; 100_000]).await;
    checked(&server, [FORGED.as_bytes(), &[0; 5_000], &[0xff; 5_000]].concat()).await;
    let shift_jis = b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\x83\x4a";
    checked(&server, &shift_jis[..]).await;
    let mut deep = String::from("From: a@b.example\r\n");
    for level in 0..2_000 {
        deep += &format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    checked(&server, deep).await;
    checked(&server, format!("{}\r\n\r\nx", "X-Header: y\r\n".repeat(300_000))).await;
}

#[tokio::test]
async fn t12_a_mail_check_needs_a_key_that_may_read() {
    let mut server = Server::start().await;
    let key = server.key(&[Scope::Decide], false).await;
    let request = server.as_key(&key).request(reqwest::Method::POST, PATH).body("From: a");
    assert_eq!(Answer::of(request).await.status, 403);
}

#[tokio::test]
async fn t12_nothing_of_a_mail_reaches_the_disk() {
    let server = Server::start().await;
    let mark = "zebra-crossing.example";
    let raw = format!("{FORGED}https://{mark}/a\r\n");
    let request = server.request(reqwest::Method::POST, PATH).header("idempotency-key", "once");
    Answer::of(request.json(&json!({ "raw": raw }))).await.good();
    let (_, folder) = server.stop().await;
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            assert!(!bytes.windows(mark.len()).any(|part| part == mark.as_bytes()));
            files += 1;
        }
    }
    assert!(files > 0, "there is something to look through");
}
