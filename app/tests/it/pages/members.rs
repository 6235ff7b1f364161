//! Imported members, as they come to our pages for the first time.

use std::process::Command;

use domain::event::account_key;
use sekisho::config::{Config, Said, Source};
use sekisho::instance::open_store;
use sekisho::members::{Found, Members};
use sekisho::world::World;

use super::{Browser, Server, access_token, shop, user_info};

/// What Python's hashlib, the Argon2 reference program and RFC 7914 make of these passwords.
pub(super) const FAMILIES: [(&str, &str); 8] = [
    ("correct horse", "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
    ("correct horse", "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
    (
        "correct horse",
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0$F7o7+5VTVzFAO998X6s3AHrDsJVdMiIlgndIMe19NvY",
    ),
    ("correct horse", "$pbkdf2$1000$c2FsdHNhbHRzYWx0$JfNU29qvQkW1UgahO6OQ0oP6O0I"),
    ("correct horse", "pbkdf2_sha256$1000$djangosalt$ZVlGakcDeKb2taHzKsfPLaM2y3lH/BJxu2wUEIFP3Og="),
    (
        "correct horse",
        "$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0$JLoeRlAiVzz/fmBbrb3a7QkuecDu7wE6R0zHHE5DC7g",
    ),
    (
        "password",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ),
    (
        "password",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
    ),
];

/// Imports lines of JSON beside the running server.
pub(super) fn import(server: &Server, lines: &[serde_json::Value]) {
    let path = server.folder.path().join("accounts.ndjson");
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
    command.env_clear().env("SEKISHO_DATA", server.folder.path()).args(["members", "import"]);
    let output = command.arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What is kept of the account.
async fn kept(server: &Server, account: &str) -> Found {
    let data = server.folder.path().to_str().unwrap();
    let config = Config::of(Said::defaults().with("data", data, Source::Flag)).unwrap();
    let store = open_store(&config).await.unwrap();
    let hasher = store.hasher().unwrap();
    let key = account_key(account, &hasher);
    let members = Members::new(store.clone(), hasher, World::real(), None).unwrap();
    let found = members.of(key).await.unwrap().unwrap();
    store.close().await;
    found
}

pub(super) async fn sign_in(server: &Server, login: &str, password: &str) -> Browser {
    let mut browser = Browser::at(&server.url);
    browser.open("/sign-in").await;
    browser.send("/sign-in", &[("login", login), ("password", password)]).await;
    browser
}

#[tokio::test]
async fn an_imported_member_signs_in_with_the_old_password_and_it_is_hashed_anew() {
    let server = shop().await;
    let rows = FAMILIES.iter().enumerate().map(|(number, (_, hash))| {
        serde_json::json!({
            "account_id": format!("u-{number}"), "email": format!("member-{number}@example.jp"),
            "password_hash": hash, "email_verified": true,
        })
    });
    import(&server, &rows.collect::<Vec<_>>());
    for (number, (password, hash)) in FAMILIES.iter().enumerate() {
        let (account, mail) = (format!("u-{number}"), format!("Member-{number}@Example.JP"));
        let wrong = sign_in(&server, &mail, "another password").await;
        assert!(wrong.html.contains("正しくありません"), "{hash}");
        let before = kept(&server, &account).await.member.password.unwrap();
        assert_eq!(before.hash, *hash, "a wrong one changes nothing");
        let right = sign_in(&server, &mail, password).await;
        assert_eq!(right.path, "/security", "{hash}");
        let after = kept(&server, &account).await.member.password.unwrap();
        assert!(after.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid="), "{}", after.hash);
        assert_eq!(after.since, before.since, "it is the same password");
        let again = sign_in(&server, &mail, password).await;
        assert_eq!(again.path, "/security", "{hash}");
        let kept = kept(&server, &account).await.member.password.unwrap();
        assert_eq!(kept.hash, after.hash, "once");
    }
}

#[tokio::test]
async fn r24_an_imported_address_nobody_vouched_for_proves_nothing_until_it_answers_a_code() {
    let server = shop().await;
    import(
        &server,
        &[
            serde_json::json!({ "account_id": "vouched", "email": "vouched@example.jp",
                "registered_at": "2020-01-05T09:00:00+09:00", "email_verified": true,
                "password_hash": FAMILIES[0].1 }),
            serde_json::json!({ "account_id": "said", "email": "said@example.jp",
                "registered_at": "2020-01-05T09:00:00+09:00", "password_hash": FAMILIES[0].1 }),
        ],
    );
    let vouched = kept(&server, "vouched").await.member;
    assert_eq!(vouched.mails[0].since, vouched.since);
    let said = kept(&server, "said").await.member;
    assert_eq!(said.since, vouched.since);
    assert!(said.mails[0].since > said.since, "since the import");

    let verified = async |mail: &str, password: &str| {
        let mut browser = Browser::at(&server.url);
        let access = access_token(&server, &mut browser, (mail, password)).await;
        let person: serde_json::Value = user_info(&server, &access).await.json().await.unwrap();
        assert_eq!(person["email"], mail);
        person["email_verified"].clone()
    };
    assert_eq!(verified("vouched@example.jp", "correct horse").await, true);
    assert_eq!(verified("said@example.jp", "correct horse").await, false);

    let mut browser = Browser::at(&server.url);
    browser.open("/reset-password").await;
    browser.send("/reset-password", &[("login", "said@example.jp")]).await;
    let code = browser.code_sent("said@example.jp").await;
    browser.send_here(&[("answer", &code)]).await;
    let password = "another horse, another stable";
    browser.send_here(&[("password", password)]).await;
    assert_eq!(browser.path, "/sign-in", "{}", browser.html);
    assert_eq!(verified("said@example.jp", password).await, true, "it has answered a code");
}
