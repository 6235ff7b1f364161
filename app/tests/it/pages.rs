//! The pages, as a browser without JavaScript meets them.

pub(crate) mod browser;
mod close;
mod come_back;
mod desk;
mod devices;
mod keeping;
mod mail_check;
mod members;
mod passkeys;
mod report;
mod reset;
mod statement_check;
mod stored_cards;
mod threats;
mod timing;

use reqwest::StatusCode;
use sekisho::config::{Said, Source};
use sekisho::world::World;

use crate::support::Server;
use browser::Browser;

pub(crate) const MAIL: &str = "hanako@example.jp";
const PASSWORD: &str = "correct horse battery staple";

async fn shop() -> Server {
    shop_in(World::real()).await
}

async fn shop_in(world: World) -> Server {
    shop_of(world, |said| said).await
}

async fn shop_with(settings: impl Fn(Said) -> Said) -> Server {
    shop_of(World::real(), settings).await
}

async fn shop_of(world: World, settings: impl Fn(Said) -> Said) -> Server {
    let settings = |said: Said| {
        settings(said)
            .with("mail-gateway", "mailbox", Source::Flag)
            .with("development", "true", Source::Flag)
            .with("policy-preset", "observe", Source::Flag)
    };
    Server::start_and(tempfile::tempdir().unwrap(), settings, world, |_| ()).await
}

/// A browser of somebody who has just become a member.
pub(crate) async fn member(server: &Server) -> Browser {
    let mut browser = Browser::at(&server.url);
    browser.open("/register").await;
    browser.send("/register", &[("mail", MAIL), ("password", PASSWORD)]).await;
    let code = browser.code_sent(MAIL).await;
    browser.send_here(&[("answer", &code)]).await;
    assert_eq!(browser.path, "/security", "{}", browser.html);
    browser
}

async fn sign_in(browser: &mut Browser, password: &str) {
    browser.open("/sign-in").await;
    browser.send("/sign-in", &[("login", MAIL), ("password", password)]).await;
}

#[tokio::test]
async fn a_visitor_becomes_a_member_by_a_code_and_signs_in_again() {
    let server = shop().await;
    let mut browser = member(&server).await;
    assert!(browser.html.contains("ログインとセキュリティ"));
    browser.send("/sign-out", &[]).await;
    assert!(browser.html.contains("ログアウトしました"));
    browser.open("/security").await;
    assert!(browser.path.starts_with("/sign-in?then=%2Fsecurity"), "{}", browser.path);
    sign_in(&mut browser, PASSWORD).await;
    assert_eq!(browser.path, "/security");
}

#[tokio::test]
async fn r57_a_copied_cookie_is_dead_after_sign_out() {
    let server = shop().await;
    let mut browser = member(&server).await;
    let mut thief = browser.clone();
    thief.open("/security").await;
    assert_eq!(thief.path, "/security");
    browser.send("/sign-out", &[]).await;
    thief.open("/security").await;
    assert!(thief.path.starts_with("/sign-in"), "{}", thief.path);
}

#[tokio::test]
async fn t6_a_wrong_password_and_an_unknown_address_get_the_same_bytes() {
    let server = shop().await;
    member(&server).await;
    let mut stranger = Browser::at(&server.url);
    stranger.open("/sign-in").await;
    let mut answers = Vec::new();
    for login in [MAIL, "nobody@example.jp", "not an address", ""] {
        stranger.send("/sign-in", &[("login", login), ("password", "guess after guess")]).await;
        answers.push((stranger.status, stranger.html.clone()));
    }
    assert!(answers[0].1.contains("正しくありません"));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    stranger.open("/register").await;
    let fresh = [("mail", "new@example.jp"), ("password", PASSWORD)];
    stranger.send("/register", &fresh).await;
    let plain = |browser: &Browser, first: &str| {
        let id = browser.path.trim_start_matches("/prove/");
        browser.html.replace(id, "").replace(&format!("{first}•••"), "•••")
    };
    let to_new = plain(&stranger, "n");
    stranger.open("/register").await;
    stranger.send("/register", &[("mail", MAIL), ("password", PASSWORD)]).await;
    let to_taken = plain(&stranger, "h");
    assert_eq!(to_new, to_taken, "registering tells nothing either");
    stranger.send_here(&[("answer", "000000")]).await;
    assert!(stranger.path.starts_with("/prove/"));
}

#[tokio::test]
async fn r39_r49_two_step_goes_on_in_three_steps_and_then_a_password_opens_nothing() {
    let server = shop().await;
    let mut browser = member(&server).await;
    browser.send("/security/two-step/on", &[]).await;
    assert!(browser.html.contains("先に認証アプリなどを登録してください"), "{}", browser.html);
    browser.open("/security/two-step").await;
    let secret = browser.between("class=\"secret\">", "<").replace(' ', "");
    let seed = browser.between("name=\"seed\" value=\"", "\"").to_owned();
    browser.send("/security/two-step", &[("seed", &seed), ("answer", "000000")]).await;
    assert!(browser.html.contains("コードが違います"));
    let code = browser::totp(&secret, 0);
    browser.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    assert!(browser.html.contains("回復コードを作りましょう"), "{}", browser.html);
    browser.send("/security/two-step/on", &[]).await;
    assert!(browser.html.contains("先に回復コードを作ってください"), "no backup, still off (R49)");
    browser.send("/security/two-step/codes", &[]).await;
    let recovery = browser.between("<li>", "</li>").to_owned();
    browser.send("/security/two-step/on", &[]).await;
    assert!(browser.html.contains("二段階認証をオンにしました"), "{}", browser.html);

    let mut thief = Browser::at(&server.url);
    sign_in(&mut thief, PASSWORD).await;
    assert!(thief.path.starts_with("/prove/"), "{}", thief.path);
    assert!(!thief.has_cookie("sekisho_session"), "no session by a password alone");
    for _ in 0..5 {
        thief.send_here(&[("answer", "123456")]).await;
    }
    assert!(thief.html.contains("回数の上限"), "{}", thief.html);

    let mut owner = Browser::at(&server.url);
    sign_in(&mut owner, PASSWORD).await;
    let path = owner.path.clone();
    owner.send(&format!("{path}/send"), &[("method", "recovery-code")]).await;
    let letters = owner.letters_to(MAIL).await;
    owner.send_here(&[("answer", &recovery.to_lowercase())]).await;
    // The account is watched by now, and two-step is new: an older contact has the last word (T16).
    assert!(!owner.has_cookie("sekisho_session"), "{}", owner.html);
    let code = owner.code_of_letter(MAIL, letters + 1).await;
    owner.send_here(&[("answer", &code)]).await;
    assert_eq!(owner.path, "/security", "{}", owner.html);
    let mut again = Browser::at(&server.url);
    sign_in(&mut again, PASSWORD).await;
    let path = again.path.clone();
    again.send(&format!("{path}/send"), &[("method", "recovery-code")]).await;
    again.send_here(&[("answer", &recovery)]).await;
    assert!(again.path.starts_with("/prove/"), "a recovery code works once");
}

#[tokio::test]
async fn x8_the_code_from_the_old_contact_undoes_what_an_intruder_changed() {
    let server = shop().await;
    let mut owner = member(&server).await;
    let mut intruder = Browser::at(&server.url);
    sign_in(&mut intruder, PASSWORD).await;
    assert_eq!(intruder.path, "/security");
    intruder.open("/security/password").await;
    intruder.send("/security/password", &[("password", "mine now, all of it")]).await;
    assert!(intruder.html.contains("パスワードを変更しました"), "{}", intruder.html);
    owner.open("/security").await;
    assert!(owner.path.starts_with("/sign-in"), "other sessions end (ASVS 7.4.3)");

    let letter = owner.letter_sent("パスワードが変更されました").await;
    let code = letter.split("コード：").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
    assert!(!letter.contains("http"), "no link in a letter: {letter}");
    owner.open("/not-me").await;
    owner.send("/not-me", &[("code", "0000-0000-0000-0000")]).await;
    assert!(owner.html.contains("正しくないか"), "{}", owner.html);
    owner.send("/not-me", &[("code", &code)]).await;
    assert!(owner.html.contains("元に戻し"), "{}", owner.html);
    intruder.open("/security").await;
    assert!(intruder.path.starts_with("/sign-in"), "{}", intruder.path);
    sign_in(&mut intruder, "mine now, all of it").await;
    assert!(intruder.html.contains("正しくありません"), "the intruder's password is gone");
    owner.open("/not-me").await;
    owner.send("/not-me", &[("code", &code)]).await;
    assert!(!owner.html.contains("元に戻し"), "once");
}

#[tokio::test]
async fn r43_c8_guesses_restrict_the_account_for_strangers_and_not_for_the_owners_device() {
    let server = shop().await;
    let mut owner = member(&server).await;
    owner.send("/sign-out", &[]).await;
    let mut stranger = Browser::at(&server.url);
    for guess in ["one guess after another", "two guesses after another", "three guesses"] {
        sign_in(&mut stranger, guess).await;
    }
    sign_in(&mut stranger, PASSWORD).await;
    assert!(!stranger.has_cookie("sekisho_session"), "a new device without a strong proof");
    assert!(stranger.html.contains("いつもの端末から"), "{}", stranger.html);
    sign_in(&mut owner, PASSWORD).await;
    assert_eq!(owner.path, "/security", "{}", owner.html);
    assert!(owner.html.contains("一部の操作を制限しています"));
}

#[tokio::test]
async fn a_form_without_our_token_or_from_another_site_is_refused_as_a_page() {
    let server = shop().await;
    let mut browser = Browser::at(&server.url);
    browser.open("/sign-in").await;
    browser.csrf = "stolen".to_owned();
    browser.send("/sign-in", &[("login", MAIL), ("password", PASSWORD)]).await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
    assert!(browser.html.contains("送信できませんでした"));
    browser.open("/nowhere").await;
    assert_eq!(browser.status, StatusCode::NOT_FOUND);
    assert!(browser.html.contains("ページが見つかりません"));
    browser.open("/nowhere?lang=en").await;
    assert!(browser.html.contains("We cannot find that page"));
    browser.open("/sign-in").await;
    assert!(browser.html.contains("<html lang=\"en\">"), "the choice is kept");
}

#[tokio::test]
async fn every_page_keeps_to_itself() {
    let server = shop().await;
    let mut browser = member(&server).await;
    for path in ["/", "/sign-in", "/security", "/security/two-step", "/nowhere"] {
        browser.open(path).await;
        let policy = browser.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(browser.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(browser.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_new_contact_by_a_password_alone_waits_and_a_signed_in_by_code_one_does_not() {
    let server = shop().await;
    let mut fresh = member(&server).await;
    fresh.open("/security/contacts").await;
    fresh.send("/security/contacts", &[("contact", "second@example.jp")]).await;
    let code = fresh.code_sent("second@example.jp").await;
    fresh.send_here(&[("answer", &code)]).await;
    assert!(fresh.html.contains("s•••@example.jp"), "proved by a code: {}", fresh.html);

    let mut weak = Browser::at(&server.url);
    sign_in(&mut weak, PASSWORD).await;
    weak.open("/security/contacts").await;
    weak.send("/security/contacts", &[("contact", "third@example.jp")]).await;
    let code = weak.code_sent("third@example.jp").await;
    weak.send_here(&[("answer", &code)]).await;
    assert!(!weak.html.contains("t•••@example.jp"), "it waits: {}", weak.html);
    assert!(weak.html.contains("24時間後に反映"), "and is told: {}", weak.html);
}

/// The whole way of a store's customer: its client, our sign-in, its code, its tokens; and when the
/// session ends, the tokens are dead.
#[tokio::test]
async fn a_store_signs_its_customer_in_through_our_pages() {
    let server = shop().await;
    let mut browser = member(&server).await;
    browser.send("/sign-out", &[]).await;
    let access = access_token(&server, &mut browser, (MAIL, PASSWORD)).await;
    let person: serde_json::Value = user_info(&server, &access).await.json().await.unwrap();
    assert_eq!((person["email"].as_str(), &person["email_verified"]), (Some(MAIL), &true.into()));
    browser.open("/security").await;
    browser.send("/sign-out", &[]).await;
    let dead = user_info(&server, &access).await;
    assert_eq!(dead.status(), StatusCode::UNAUTHORIZED, "dead with the session");
}

async fn user_info(server: &Server, access: &str) -> reqwest::Response {
    let asked = reqwest::Client::new().get(format!("{}/userinfo", server.url)).bearer_auth(access);
    asked.send().await.unwrap()
}

/// Registers a store's client, signs in through our pages, and gives the access token.
async fn access_token(
    server: &Server,
    browser: &mut Browser,
    (login, password): (&str, &str),
) -> String {
    use base64::Engine as _;
    let registration = serde_json::json!({
        "name": "Shop", "redirect_uris": ["https://shop.example/callback"], "kind": "public",
    });
    let client = server.post("/v1/clients", &registration).await.good();
    let client = client["client_id"].as_str().unwrap().to_owned();
    let verifier = "v".repeat(64);
    let hash = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash);
    browser
        .open(&format!(
            "/authorize?response_type=code&client_id={client}&scope=openid%20email&state=s1\
             &nonce=n1&code_challenge={challenge}&code_challenge_method=S256\
             &redirect_uri=https%3A%2F%2Fshop.example%2Fcallback"
        ))
        .await;
    assert!(browser.path.starts_with("/sign-in?request=areq_"), "{}", browser.path);
    let then = browser.between("name=\"then\" value=\"", "\"").replace("&amp;", "&");
    let form = [("login", login), ("password", password), ("then", then.as_str())];
    browser.send("/sign-in", &form).await;
    assert!(browser.html.contains("http-equiv=\"refresh\""), "{}", browser.html);
    let back = browser.leave(&then).await;
    let back = url::Url::parse(&back).unwrap();
    assert_eq!(back.host_str(), Some("shop.example"));
    let said = |name: &str| {
        back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    assert_eq!(said("state").as_deref(), Some("s1"));
    let code = said("code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", client.as_str()),
        ("code_verifier", verifier.as_str()),
        ("redirect_uri", "https://shop.example/callback"),
    ];
    let token = reqwest::Client::new().post(format!("{}/token", server.url)).form(&form);
    let tokens: serde_json::Value = token.send().await.unwrap().json().await.unwrap();
    tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}
