//! The room, from outside: mails of our own making.
#![expect(clippy::unwrap_used, reason = "tests")]

use mail::{Brands, Mail, Options, Report, Verdict, check};
use proptest::prelude::*;

fn judge(raw: &str, receiver: Option<&str>) -> Report {
    let options = Options { trusted_receiver: receiver.map(str::to_owned), ..Options::default() };
    check(&Mail::read(raw.replace('\n', "\r\n").as_bytes()), &Brands::with(None).unwrap(), &options)
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.reasons.iter().map(|reason| reason.code).collect()
}

const LURE: &str = "Content-Type: text/html; charset=utf-8\n\n<p>お客様各位</p><p>カード情報を更新できませんでした。\
                    アカウントがロックされました。24時間以内に<a href='https://evil.example/login'>こちらから</a>\
                    本人確認をお願いします。</p>";

fn lure(from: &str) -> String {
    format!(
        "From: {from}\nSubject: 重要なお知らせ\nDate: Wed, 3 Jun 2026 21:00:00 +0900\nMessage-ID: <1@x>\n{LURE}"
    )
}

/// What Amazon might really send, as received by `mx.example`.
fn real(results: &str, from: &str, link: &str) -> String {
    format!(
        "Authentication-Results: {results}\nReceived: from a by mx.example; Wed, 3 Jun 2026 21:00:00 +0900\n\
         From: {from}\nSubject: ご注文の確認\nDate: Wed, 3 Jun 2026 21:00:00 +0900\nMessage-ID: <1@amazon.co.jp>\n\
         Content-Type: text/html; charset=utf-8\n\n<p>花子様 ご注文ありがとうございます。</p><a href='{link}'>注文の詳細</a>"
    )
}

const OWN: &str = "\"Amazon.co.jp\" <no-reply@amazon.co.jp>";
const PASSED: &str =
    "mx.example; dkim=pass header.d=amazon.co.jp; dmarc=pass header.from=amazon.co.jp";
const HOME: &str = "https://www.amazon.co.jp/orders";

#[test]
fn r60_a_brand_before_the_at_sign_is_no_brand() {
    let report = judge(&lure("Amazon@service.co.jp"), None);
    assert_eq!(report.verdict, Verdict::Forged);
    let reason = report.reasons.iter().find(|r| r.code == "who.brand_foreign_domain").unwrap();
    let facts: Vec<_> = reason.facts.iter().map(|fact| fact.value.as_str()).collect();
    assert!(facts.contains(&"amazon") && facts.contains(&"service.co.jp"), "{facts:?}");
    assert!(facts.contains(&"local_part"), "{facts:?}");
}

#[test]
fn r59_the_articles_pretext_is_recognised() {
    let report = judge(&lure("info@shop.example"), None);
    for code in ["wants.account", "wants.payment", "wants.haste"] {
        assert!(codes(&report).contains(&code), "{code} in {:?}", codes(&report));
    }
    assert_eq!(report.verdict, Verdict::Suspicious);
}

#[test]
fn r61_c1_the_right_domain_without_authentication_cannot_be_told() {
    let raw = real("nobody.example; none", "x@amazon.co.jp", HOME);
    let report = judge(&raw, None);
    assert_eq!(report.verdict, Verdict::Unclear);
    assert!(!report.likely_genuine && !report.not_checked.is_empty());
    let look_alike = lure("\"Amazon\" <x@amazon.co.jp.example>");
    assert_eq!(judge(&look_alike, None).verdict, Verdict::Forged);
}

#[test]
fn genuine_is_said_of_the_exact_domain_authenticated_by_the_trusted_receiver() {
    assert_eq!(judge(&real(PASSED, OWN, HOME), Some("mx.example")).verdict, Verdict::Genuine);
    assert_eq!(
        judge(&real(PASSED, OWN, HOME), None).verdict,
        Verdict::Unclear,
        "nobody is trusted"
    );
    assert_eq!(judge(&real(PASSED, OWN, HOME), Some("mx2.example")).verdict, Verdict::Unclear);
}

#[test]
fn what_a_sender_writes_about_itself_is_not_believed() {
    let not_genuine = |raw: &str| {
        let report = judge(raw, Some("mx.example"));
        assert_ne!(report.verdict, Verdict::Genuine, "{:?}\n{raw}", codes(&report));
    };
    // DMARC passed, for another domain.
    not_genuine(&real("mx.example; dmarc=pass header.from=evil.example", OWN, HOME));
    // Results below the receiver's own Received are the sender's.
    let below = real("nobody.example; none", OWN, HOME).replacen(
        "From:",
        &format!("Authentication-Results: {PASSED}\nFrom:"),
        1,
    );
    not_genuine(&below);
    // Two senders.
    not_genuine(&real(PASSED, OWN, HOME).replacen("From:", "From: a@evil.example\nFrom:", 1));
    // One link leads away.
    let two = format!("{HOME}'>a</a><a href='https://evil.example/login");
    let report = judge(&real(PASSED, OWN, &two), Some("mx.example"));
    assert!(report.verdict == Verdict::Unclear && report.likely_genuine);
    // A signature that nobody has checked.
    let signed = real("nobody.example; none", OWN, HOME).replacen(
        "From:",
        "DKIM-Signature: v=1; d=amazon.co.jp; b=AAAA\nFrom:",
        1,
    );
    assert!(!judge(&signed, Some("mx.example")).likely_genuine);
}

#[test]
fn what_no_receiver_has_marked_and_what_leads_through_the_brands_host_is_not_genuine() {
    let raw = real(PASSED, OWN, HOME);
    let mark = "Received: from a by mx.example; Wed, 3 Jun 2026 21:00:00 +0900\n";
    let unmarked = raw.replacen(mark, "", 1);
    assert_ne!(raw, unmarked);
    assert_eq!(judge(&unmarked, Some("mx.example")).verdict, Verdict::Unclear);
    let through = format!("{HOME}?to=https%3A%2F%2Fevil.example%2F");
    let report = judge(&real(PASSED, OWN, &through), Some("mx.example"));
    assert!(report.verdict == Verdict::Unclear && report.likely_genuine, "{report:?}");
}

#[test]
fn headers_of_a_conversation_do_not_hide_a_lure_of_a_brand_that_is_not_known() {
    let raw = lure("Sekai Bank <x@evil.example>");
    for headers in ["", "List-Id: <a.b>\n", "In-Reply-To: <q@x>\nList-Id: <a.b>\n"] {
        let report = judge(&format!("{headers}{raw}"), None);
        assert_eq!(report.verdict, Verdict::Suspicious, "{headers:?}: {:?}", codes(&report));
    }
}

#[test]
fn a_mailbox_that_anybody_may_have_is_no_brands_own() {
    for (name, address) in [
        ("Microsoft Account Team", "account-team@outlook.com"),
        ("Google Support", "google.support@gmail.com"),
        ("Microsoft", "billing@x.onmicrosoft.com"),
    ] {
        let domain = address.rsplit('@').next().unwrap();
        let results = format!("mx.example; dmarc=pass header.from={domain}");
        let raw = format!(
            "Authentication-Results: {results}\nReceived: x\n{}",
            lure(&format!("\"{name}\" <{address}>"))
        );
        let report = judge(&raw, Some("mx.example"));
        assert_eq!(report.verdict, Verdict::Forged, "{name}: {:?}", codes(&report));
    }
}

#[test]
fn headers_of_a_conversation_do_not_wash_a_pretender_clean() {
    let raw = format!("In-Reply-To: <1@x>\nList-Id: <x>\n{}", lure("\"PayPal\" <x@evil.example>"));
    assert_eq!(judge(&raw, None).verdict, Verdict::Forged);
}

#[test]
fn a_body_that_a_browser_shows_is_read() {
    let lure = "Your account has been suspended. Verify your account within 24 hours";
    let link = "<a href=' https:\\\\evil.example\\x'>click here</a>";
    for html in [
        format!("<head><style>p{{}}</style><p>{lure}</p>{link}"),
        format!("<noscript>{lure} {link}</noscript>"),
        format!("<p>{}</p>{link}", lure.replace('e', "e\u{200b}")),
    ] {
        let raw = format!(
            "From: PayPal <x@evil.example>\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n{html}"
        );
        let report = judge(&raw, None);
        assert!(codes(&report).contains(&"wants.account"), "{html}: {:?}", codes(&report));
    }
}

#[test]
fn an_ordinary_mail_is_left_alone() {
    for raw in [
        "From: Taro <taro@example.jp>\nSubject: 明日の件\nMessage-ID: <1@example.jp>\nDate: Wed, 3 Jun 2026 21:00:00 +0900\n\n明日は10時でお願いします。",
        "From: dev@lists.example\nList-Id: <dev>\nIn-Reply-To: <2@x>\nSubject: Re: amazon s3 backend\n\n> it fails on amazon s3\nPlease update your patch, see https://github.com/x/y",
    ] {
        assert_eq!(judge(raw, None).verdict, Verdict::Unclear, "{raw}");
    }
}

#[test]
fn hostile_mails_are_answered() {
    let mut deep = String::new();
    for level in 0..60 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    let many = format!(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\nContent-Type: text/html\n\n<a href='https://x.example'>y</a>\n".repeat(20_000)
    );
    let headers = format!("{}From: a@b.example\n\nx", "X-Bomb: 1\n".repeat(100_000));
    let names = format!(
        "From: {} <a@b.example>\nSubject: {}\n\nx",
        "\u{fdfa}".repeat(200_000),
        "a<".repeat(200_000)
    );
    let base64 = format!(
        "From: a@b.example\nContent-Transfer-Encoding: base64\n\n{}",
        "QUFB".repeat(1_000_000)
    );
    for raw in [deep, many, headers, names, base64, "\0\0\0".to_owned(), String::new()] {
        let report = judge(&raw, Some("mx.example"));
        assert_ne!(report.verdict, Verdict::Genuine);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_fail_and_none_are_genuine(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let report = check(&Mail::read(&bytes), &Brands::with(None).unwrap(), &Options::default());
        prop_assert_ne!(report.verdict, Verdict::Genuine);
        prop_assert!((0.0..=1.0).contains(&report.score));
    }

    #[test]
    fn the_same_mail_gets_the_same_report(from in "\\PC{0,60}", subject in "\\PC{0,60}", body in "\\PC{0,200}") {
        let raw = format!("From: {from}\r\nSubject: {subject}\r\n\r\n{body}");
        let brands = Brands::with(None).unwrap();
        let look = || check(&Mail::read(raw.as_bytes()), &brands, &Options::default());
        prop_assert_eq!(look(), look());
    }
}
