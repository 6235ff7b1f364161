#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dmarc::Dmarc;
use mail_auth::hickory_resolver::config::ResolverConfig;
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::{DnsError, Error};

use super::*;

/// The message of RFC 8463, appendix A.3.
const FOOTBALL: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
";

/// Its keys, appendix A.2.
const ED25519: (&str, &str) = (
    "brisbane._domainkey.football.example.com",
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
);
const RSA: (&str, &str) = (
    "test._domainkey.football.example.com",
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6w\
     y5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9Pz\
     oxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
);

/// The message of RFC 6376, appendix A.2, and its key, appendix C.
const GAME: &str = "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
      c=simple/simple; q=dns/txt; i=joe@football.example.com;
      h=Received : From : To : Subject : Date : Message-ID;
      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
      4bmp/YzhwvcubU4=;
Received: from client1.football.example.com  [192.0.2.1]
      by submitserver.example.com with SUBMISSION;
      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game. Are you hungry yet?

Joe.
";
const GAME_KEY: (&str, &str) = (
    "brisbane._domainkey.example.com",
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2\
     SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6m\
     cwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
);

const DMARC: (&str, &str) = ("_dmarc.football.example.com", "v=DMARC1; p=reject");

/// A name service that knows these records, and that there are no others.
struct Fixed(BTreeMap<String, Txt>);

impl ResolverCache<Box<str>, Txt> for Fixed {
    fn get<Q: Hash + Eq + ?Sized>(&self, asked: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        let is_it = |name: &str| Borrow::<Q>::borrow(&Box::<str>::from(name)) == asked;
        let found = self.0.iter().find(|(name, _)| is_it(name)).map(|(_, record)| record.clone());
        let nothing = Txt::Error(Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain)));
        Some(found.unwrap_or(nothing))
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

fn online(records: &[(&str, &str)]) -> Online<Fixed> {
    let read = |(name, text): &(&str, &str)| {
        let record = if name.starts_with("_dmarc.") {
            Dmarc::parse(text.as_bytes()).map(Txt::from)
        } else {
            DomainKey::parse(text.as_bytes()).map(Txt::from)
        };
        let record = record.unwrap_or_else(Txt::Error);
        (format!("{name}."), record)
    };
    // Without a server to ask: only what is fixed is known.
    let config = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
    let names = MessageAuthenticator::new(config, ResolverOpts::default()).unwrap();
    Online { names, known: Fixed(records.iter().map(read).collect()) }
}

async fn results(records: &[(&str, &str)], mail: &str) -> Option<Results> {
    online(records).results(mail.as_bytes()).await
}

#[tokio::test]
async fn c1_the_mail_of_rfc_8463_is_authenticated_by_either_signature() {
    let records = [ED25519, RSA, DMARC];
    let found = results(&records, FOOTBALL).await.unwrap();
    assert_eq!((found.dmarc, found.dkim.len()), (Some(true), 2));
    assert_eq!(found.from.as_deref(), Some("football.example.com"));
    for key in [ED25519, RSA] {
        let found = results(&[key, DMARC], &FOOTBALL.replace('\n', "\r\n")).await.unwrap();
        assert_eq!((found.dmarc, found.dkim.len()), (Some(true), 1), "{}", key.0);
    }
    let without_policy = results(&[ED25519, RSA], FOOTBALL).await.unwrap();
    assert_eq!(without_policy.dmarc, None, "no policy is no pass");
}

#[tokio::test]
async fn c1_a_signature_that_holds_makes_the_stores_own_mail_genuine_and_no_other() {
    let brand = "[shop]\nnames = [\"Football\"]\ndomains = [\"football.example.com\"]\n";
    let brands = mail::Brands::with(Some(brand)).unwrap();
    let asked = results(&[ED25519, DMARC], FOOTBALL).await;
    let said = |mail: &str, asked: Option<Results>| {
        let options = mail::Options { asked, ..mail::Options::default() };
        mail::check(&mail::Mail::read(mail.as_bytes()), &brands, &options).verdict
    };
    assert_eq!(said(FOOTBALL, asked.clone()), mail::Verdict::Genuine);
    assert_ne!(said(FOOTBALL, None), mail::Verdict::Genuine, "unasked");
    let copied = FOOTBALL.replace("joe@football.example.com>", "joe@football.example>");
    assert_ne!(said(&copied, asked), mail::Verdict::Genuine, "another domain");
}

#[tokio::test]
async fn c1_the_mail_of_rfc_6376_is_authenticated_in_simple_form() {
    let found = results(&[GAME_KEY], GAME).await.unwrap();
    assert_eq!(found.dkim, ["example.com"]);
    let strict = ("_dmarc.football.example.com", "v=DMARC1; p=reject; adkim=s");
    assert!(results(&[GAME_KEY, strict], GAME).await.is_none(), "aligned in relaxed form alone");
}

#[tokio::test]
async fn c1_what_was_changed_or_is_not_known_is_never_authenticated() {
    let records = [ED25519, RSA, DMARC];
    for (from, to) in [
        ("hungry", "angry"),
        ("Is dinner", "Is supper"),
        ("From: Joe SixPack <joe@football", "From: Joe SixPack <joe@base"),
        ("joe@football.example.com>", "joe@other.example>"),
        ("\nSubject:", "\nSubject: Your account is locked\nSubject:"),
        ("\nFrom:", "\nFrom: Amazon <a@amazon.co.jp>\nFrom:"),
    ] {
        assert!(results(&records, &FOOTBALL.replacen(from, to, 1)).await.is_none(), "{from}");
    }
    assert!(results(&[], FOOTBALL).await.is_none(), "no key");
    let revoked = [(ED25519.0, "v=DKIM1; k=ed25519; p="), DMARC];
    assert!(results(&revoked, FOOTBALL).await.is_none(), "a key that was taken back");
    assert!(results(&records, "From: a@football.example.com\n\nunsigned").await.is_none());
}

#[tokio::test]
async fn t12_hostile_signatures_cost_little() {
    let records = [ED25519, RSA, DMARC];
    let (signature, _) = FOOTBALL.split_once("From: Joe").unwrap();
    let many = format!("{}{FOOTBALL}", signature.repeat(500));
    assert!(results(&records, &many).await.is_none(), "too many to look at");
    for rubbish in
        ["", "\n\n", "DKIM-Signature:", "DKIM-Signature: v=1; d=;\nFrom: @\n\n", "\0\0:\n"]
    {
        assert!(results(&records, rubbish).await.is_none(), "{rubbish:?}");
    }
}
