//! The ledger of sent mail over HTTP (C2).

use sekisho::config::Source;
use serde_json::{Value, json};

use crate::support::Server;

const SENT: &str = "/v1/mail/sent";
const CHECK: &str = "/v1/mail/check";
/// The mail of RFC 8463, appendix A, with a Message-ID of our own, and its body hash as it stands there.
const MAIL: &str = "From: Shop <info@shop.example>\r\nSubject: Is dinner ready?\r\n\
    Date: Fri, 27 Nov 2026 00:00:00 +0000\r\nMessage-ID: <1@shop.example>\r\n\r\n\
    Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
const BODY_HASH: &str = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";

async fn shop() -> Server {
    Server::start_with(|said| {
        said.with("official-domains", "shop.example", Source::Flag)
            .with("store-name", "みなと市場", Source::Flag)
            .with("sent-mail-ledger", "complete", Source::Flag)
    })
    .await
}

fn sent() -> Value {
    json!({ "mails": [{ "message_id": "<1@shop.example>", "to": ["Hanako@example.jp"], "kind": "order",
        "sent_at": "2026-11-27T09:00:00+09:00", "body_hash": BODY_HASH }] })
}

async fn said(server: &Server, raw: &str, receiver: Option<&str>) -> Value {
    let asked = json!({ "raw": raw, "receiver": receiver });
    server.post(CHECK, &asked).await.good()["sent"].clone()
}

#[tokio::test]
async fn c2_a_mail_of_the_store_is_known_by_its_id_and_content_and_by_whom_it_went_to() {
    let server = shop().await;
    assert_eq!(said(&server, MAIL, None).await, "not_found");
    assert_eq!(server.post(SENT, &sent()).await.good(), json!({ "recorded": 1 }));
    assert_eq!(server.post(SENT, &sent()).await.good(), json!({ "recorded": 0 }));
    assert_eq!(said(&server, MAIL, None).await, "ours");
    assert_eq!(said(&server, &MAIL.replace("\r\n", "\n"), None).await, "ours");
    assert_eq!(said(&server, MAIL, Some("hanako@example.jp")).await, "ours");
    assert_eq!(said(&server, MAIL, Some("taro@example.jp")).await, "to_another");
    let changed = MAIL.replace("Joe", "https://evil.example/");
    assert_eq!(said(&server, &changed, None).await, "other_content");
    assert_eq!(said(&server, &changed, Some("hanako@example.jp")).await, "other_content");
    let elsewhere = "From: friend@example.jp\r\nSubject: x\r\n\r\nhello";
    assert_eq!(said(&server, elsewhere, None).await, Value::Null, "no mail of the store's");
    let named = "From: みなと市場 <a@evil.example>\r\nSubject: x\r\n\r\nhello";
    assert_eq!(said(&server, named, None).await, "not_found");
}

#[tokio::test]
async fn c1_c2_the_ledger_alone_never_makes_a_mail_genuine() {
    let server = shop().await;
    server.post(SENT, &sent()).await.good();
    let answer = server.post(CHECK, &json!({ "raw": MAIL })).await.good();
    assert_eq!((answer["sent"].as_str(), answer["verdict"] != "genuine"), (Some("ours"), true));
    let mut without = sent();
    without["mails"][0].as_object_mut().unwrap().remove("body_hash");
    without["mails"][0]["message_id"] = "2@shop.example".into();
    server.post(SENT, &without).await.good();
    let raw = MAIL.replace("<1@", "<2@");
    assert_eq!(said(&server, &raw, None).await, "content_unknown");
}

#[tokio::test]
async fn c2_receivers_may_be_told_as_hashes_and_what_does_not_fit_is_named() {
    let server = shop().await;
    let mut hashed = sent();
    // SHA-256 of hanako@example.jp.
    let hash = sekisho::sent_mail::Receiver::at("hanako@example.jp").unwrap().0;
    hashed["mails"][0]["to"] = json!([data_encoding::HEXLOWER.encode(&hash)]);
    server.post(SENT, &hashed).await.good();
    assert_eq!(said(&server, MAIL, Some("hanako@example.jp")).await, "ours");
    let wrong = [
        ("message_id", json!(""), "/mails/0/message_id"),
        ("to", json!([]), "/mails/0/to"),
        ("to", json!(["a@b.example", "nobody"]), "/mails/0/to/1"),
        ("kind", json!("x".repeat(65)), "/mails/0/kind"),
        ("sent_at", json!("yesterday"), "/mails/0/sent_at"),
        ("body_hash", json!("AAAA"), "/mails/0/body_hash"),
        ("message_id", json!(7), "/mails/0/message_id"),
    ];
    for (field, value, pointer) in wrong {
        let mut asked = sent();
        asked["mails"][0][field] = value;
        let problem = server.post(SENT, &asked).await.refused(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let many: Vec<Value> = (0..1_001).map(|_| sent()["mails"][0].clone()).collect();
    server.post(SENT, &json!({ "mails": many })).await.refused(422);
}

#[tokio::test]
async fn c2_neither_address_nor_message_id_reaches_the_disk() {
    let server = shop().await;
    server.post(SENT, &sent()).await.good();
    let (_, folder) = server.stop().await;
    for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            let bytes =
                String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).to_lowercase();
            assert!(!bytes.contains("hanako@") && !bytes.contains("1@shop.example"));
        }
    }
}
