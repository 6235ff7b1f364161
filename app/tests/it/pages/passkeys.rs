//! Passkeys in the pages: a device in software answers in the place of the script.

#[path = "../../../../factors/tests/it/authenticator.rs"]
mod authenticator;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use authenticator::Authenticator;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use domain::member::SETTLES;
use domain::time::MINUTE;
use reqwest::StatusCode;
use sekisho::config::{Said, Source};
use sekisho::world::World;
use serde_json::Value;
use uuid::Uuid;

use super::browser::Browser;
use super::{MAIL, PASSWORD, member, shop, sign_in};
use crate::support::Server;

const ORIGIN: &str = "http://localhost";
const FAILED: &str = "パスキーで確認できませんでした";

/// A shop that customers see at [`ORIGIN`], and a clock to put ahead by microseconds.
async fn passkey_shop() -> (Server, Arc<AtomicI64>) {
    let ahead = Arc::new(AtomicI64::new(0));
    let (clock, real, chance) = (Arc::clone(&ahead), World::real(), World::real());
    let world = World::of(
        move || real.now().plus(clock.load(Ordering::Relaxed)),
        move |out| chance.random(out),
    );
    let settings = |said: Said| {
        said.with("mail-gateway", "mailbox", Source::Flag)
            .with("development", "true", Source::Flag)
            .with("policy-preset", "observe", Source::Flag)
            .with("public-url", ORIGIN, Source::Flag)
    };
    (Server::start_and(tempfile::tempdir().unwrap(), settings, world, |_| ()).await, ahead)
}

/// A device, and what it was told of whose passkey it keeps.
struct Device {
    key: Authenticator,
    handle: Uuid,
}

/// An answer with the number of its ceremony, as the form carries them.
type Answer = (String, String);

fn device() -> Authenticator {
    let mut key = Authenticator::new(ORIGIN);
    "localhost".clone_into(&mut key.rp_id);
    key
}

/// Options from `path`: number of the ceremony, and what is handed to the device.
async fn begin(browser: &mut Browser, path: &str) -> (String, Value) {
    browser.send(&format!("{path}/options"), &[]).await;
    assert_eq!(browser.status, StatusCode::OK, "{}", browser.html);
    let begun: Value = serde_json::from_str(&browser.html).unwrap();
    let ceremony = begun["ceremony"].as_str().unwrap().to_owned();
    (ceremony, begun["options"]["publicKey"].clone())
}

async fn add(browser: &mut Browser, key: Authenticator, name: &str) -> Device {
    browser.open("/security/passkeys").await;
    let (ceremony, options) = begin(browser, "/security/passkeys").await;
    let handle = BASE64.decode(options["user"]["id"].as_str().unwrap()).unwrap();
    let handle = Uuid::from_slice(&handle).unwrap();
    let answer = key.create(&options).to_string();
    let fields = [("ceremony", ceremony.as_str()), ("answer", &answer), ("name", name)];
    browser.send("/security/passkeys", &fields).await;
    Device { key, handle }
}

impl Device {
    async fn answer(&self, browser: &mut Browser, path: &str) -> Answer {
        let (ceremony, options) = begin(browser, path).await;
        (ceremony, self.key.get(&options, self.handle).to_string())
    }

    /// Answers at `path`, and sends it.
    async fn prove(&self, browser: &mut Browser, path: &str) {
        let answer = self.answer(browser, path).await;
        send(browser, path, &answer).await;
    }

    async fn signs_in(&self, server: &Server) -> Browser {
        let mut browser = at_sign_in(server).await;
        self.prove(&mut browser, "/sign-in/passkey").await;
        browser
    }
}

async fn at_sign_in(server: &Server) -> Browser {
    let mut browser = Browser::at(&server.url);
    browser.open("/sign-in").await;
    browser
}

async fn send(browser: &mut Browser, path: &str, (ceremony, answer): &Answer) {
    browser.send(path, &[("ceremony", ceremony), ("answer", answer)]).await;
}

/// Nobody was let in, and no reason was given.
fn is_refused(browser: &Browser, what: &str) {
    assert!(browser.html.contains(FAILED), "{what}: {} {}", browser.path, browser.html);
    assert!(!browser.has_cookie("sekisho_session"), "{what}");
}

#[tokio::test]
async fn r41_a_passkey_signs_in_from_an_empty_form_and_changes_security_without_more() {
    let (server, ahead) = passkey_shop().await;
    let mut owner = member(&server).await;
    let mut key = device();
    key.is_synced = true;
    let key = add(&mut owner, key, " 私の\u{202e}📱 ").await;
    assert_eq!(owner.path, "/security", "{}", owner.html);
    assert!(owner.html.contains("パスキーを追加しました"), "{}", owner.html);
    assert!(owner.html.contains("<bdi>私の📱</bdi>"), "{}", owner.html);
    owner.letter_sent("パスキーが追加されました").await;

    ahead.store(10 * MINUTE, Ordering::Relaxed);
    let mut browser = key.signs_in(&server).await;
    assert_eq!(browser.path, "/security", "{}", browser.html);
    browser.open("/security/passkeys").await;
    assert!(browser.html.contains("ほかの端末と同期しています"), "{}", browser.html);
    assert!(browser.html.contains("最後に使った日時"), "fresh and strong: {}", browser.html);
    let security_key = add(&mut browser, device(), "").await;
    assert!(browser.html.contains("Firefox"), "named after the device: {}", browser.html);
    assert_eq!(security_key.signs_in(&server).await.path, "/security");
}

#[tokio::test]
async fn r41_what_is_wrong_with_an_answer_lets_nobody_in_and_restricts_nobody() {
    let (server, ahead) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = add(&mut owner, device(), "key").await;
    let path = "/sign-in/passkey";

    let (mut strange, mut unverified) = (key.key.clone(), key.key.clone());
    "evil.example".clone_into(&mut strange.rp_id);
    unverified.verifies = false;
    let elsewhere = key.key.at("http://localhost.evil.example");
    let wrong =
        [("rpId", strange), ("without verification", unverified), ("another origin", elsewhere)];
    for (what, wrong) in wrong {
        is_refused(&Device { key: wrong, handle: key.handle }.signs_in(&server).await, what);
    }
    let stranger = Device { key: device(), handle: key.handle };
    is_refused(&stranger.signs_in(&server).await, "a key that nobody knows");
    let mut forged = device();
    forged.id.clone_from(&key.key.id);
    let forged = Device { key: forged, handle: key.handle };
    is_refused(&forged.signs_in(&server).await, "another key under a known id");
    let other = Device { key: key.key.clone(), handle: Uuid::from_u128(7) };
    is_refused(&other.signs_in(&server).await, "of somebody else's handle");

    let mut browser = at_sign_in(&server).await;
    let answer = key.answer(&mut browser, path).await;
    let mut thief = at_sign_in(&server).await;
    send(&mut thief, path, &answer).await;
    is_refused(&thief, "the ceremony of another browser");
    ahead.store(6 * MINUTE, Ordering::Relaxed);
    send(&mut browser, path, &answer).await;
    is_refused(&browser, "after five minutes");
    let answer = key.answer(&mut browser, path).await;
    let mut again = browser.clone();
    send(&mut browser, path, &answer).await;
    assert_eq!(browser.path, "/security", "{}", browser.html);
    send(&mut again, path, &answer).await;
    is_refused(&again, "the same once more");
    let (fresh, _) = begin(&mut again, path).await;
    send(&mut again, path, &(fresh, answer.1)).await;
    is_refused(&again, "the same under a new ceremony");
    for answer in ["", "{}", "[1", "null", &"[".repeat(10_000)] {
        let (ceremony, _) = begin(&mut again, path).await;
        send(&mut again, path, &(ceremony, answer.to_owned())).await;
        is_refused(&again, "rubbish");
    }
    sign_in(&mut again, PASSWORD).await;
    assert_eq!(again.path, "/security", "a dozen failures restrict nobody (C8): {}", again.html);
    assert!(!again.html.contains("/security/lift"), "{}", again.html);
}

#[tokio::test]
async fn r41_a_copied_key_is_refused_and_its_owner_told() {
    let (server, ahead) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = device();
    key.count(5);
    let key = add(&mut owner, key, "key").await;
    ahead.store(SETTLES, Ordering::Relaxed);
    key.key.count(9);
    assert_eq!(key.signs_in(&server).await.path, "/security");
    key.key.count(7);
    is_refused(&key.signs_in(&server).await, "a copy that is behind");
    let letter = owner.letter_sent("パスキーが複製されたおそれがあります").await;
    assert!(letter.contains("コード："), "it can be answered at once: {letter}");
    owner.open("/security").await;
    assert!(owner.html.contains("notice warn"), "the account is watched: {}", owner.html);
    key.key.count(10);
    assert_eq!(key.signs_in(&server).await.path, "/security", "the owner is not shut out (C8)");
}

#[tokio::test]
async fn c4_a_passkey_is_the_second_factor_that_is_asked_for_first() {
    let (server, _) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = add(&mut owner, device(), "key").await;
    owner.send("/security/two-step/codes", &[]).await;
    let recovery = owner.between("<li>", "</li>").to_owned();
    owner.send("/security/two-step/on", &[]).await;
    assert!(owner.html.contains("二段階認証をオンにしました"), "{}", owner.html);
    owner.open("/security/passkeys").await;

    let mut browser = Browser::at(&server.url);
    sign_in(&mut browser, PASSWORD).await;
    assert!(browser.path.starts_with("/prove/"), "{}", browser.path);
    assert!(browser.html.contains("data-passkey=\"prove\""), "{}", browser.html);
    let path = format!("{}/passkey", browser.path);
    let answer = key.answer(&mut browser, "/sign-in/passkey").await;
    send(&mut browser, &path, &answer).await;
    is_refused(&browser, "a ceremony for something else");
    let mut stranger = browser.clone();
    key.prove(&mut browser, &path).await;
    assert_eq!(browser.path, "/security", "{}", browser.html);

    sign_in(&mut stranger, PASSWORD).await;
    let path = stranger.path.clone();
    let forged = Device { key: device(), handle: key.handle };
    for _ in 0..5 {
        assert!(!stranger.html.contains("回数の上限"), "{}", stranger.html);
        forged.prove(&mut stranger, &format!("{path}/passkey")).await;
    }
    assert!(stranger.html.contains("回数の上限"), "{}", stranger.html);
    owner.letter_sent("追加の確認は完了していません").await;

    // Where there is no script, and where the device is lost, the other ways are there.
    sign_in(&mut stranger, PASSWORD).await;
    let path = stranger.path.clone();
    stranger.send(&format!("{path}/send"), &[("method", "recovery-code")]).await;
    assert!(stranger.html.contains("value=\"passkey\""), "and back: {}", stranger.html);
    let letters = stranger.letters_to(MAIL).await;
    stranger.send_here(&[("answer", &recovery)]).await;
    // The account is watched by now, and its codes are new: an older contact has the last word (T16).
    assert!(stranger.path.starts_with("/prove/"), "{}", stranger.html);
    let code = stranger.code_of_letter(MAIL, letters + 1).await;
    stranger.send_here(&[("answer", &code)]).await;
    assert_eq!(stranger.path, "/security", "{}", stranger.html);
}

#[tokio::test]
async fn r46_passkeys_are_added_and_removed_only_by_who_has_just_proven_it() {
    let (server, ahead) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = add(&mut owner, device(), "key").await;
    ahead.store(6 * MINUTE, Ordering::Relaxed);
    owner.open("/security/passkeys").await;
    assert!(owner.html.contains("/security/prove/passkey"), "{}", owner.html);
    owner.send("/security/passkeys/options", &[]).await;
    assert_eq!(owner.status, StatusCode::LOCKED, "no passkey is made in vain");
    owner.open("/security/passkeys").await;
    owner.send("/security/prove/passkey", &[("then", "/security/passkeys")]).await;
    let path = owner.path.clone();
    key.prove(&mut owner, &format!("{path}/passkey")).await;
    assert_eq!(owner.path, "/security/passkeys", "{}", owner.html);

    let id = owner.between("name=\"passkey\" value=\"", "\"").to_owned();
    let name = [("passkey", id.as_str()), ("name", "仕事\u{202e}用  هاتفي")];
    owner.send("/security/passkeys/name", &name).await;
    assert!(owner.html.contains("<bdi>仕事用 هاتفي</bdi>"), "{}", owner.html);
    owner.send("/security/passkeys/name", &[("passkey", &id), ("name", "\u{200d}")]).await;
    assert!(owner.html.contains("<bdi>仕事用 هاتفي</bdi>"), "{}", owner.html);

    let mut elsewhere = key.signs_in(&server).await;
    owner.send("/security/passkeys/remove", &[("passkey", &id)]).await;
    assert!(owner.html.contains("パスキーを削除しました"), "{}", owner.html);
    owner.letter_sent("パスキーが削除されました").await;
    elsewhere.open("/security").await;
    assert!(elsewhere.path.starts_with("/sign-in"), "other sessions end (ASVS 7.4.3)");
    is_refused(&key.signs_in(&server).await, "a passkey that was removed");
}

#[tokio::test]
async fn nobody_adds_what_is_somebody_elses() {
    let (server, _) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = add(&mut owner, device(), "key").await;
    let mut other = Browser::at(&server.url);
    let mail = "taro@example.jp";
    other.open("/register").await;
    other.send("/register", &[("mail", mail), ("password", PASSWORD)]).await;
    let code = other.code_sent(mail).await;
    other.send_here(&[("answer", &code)]).await;
    add(&mut other, key.key.clone(), "mine").await;
    assert!(other.html.contains("パスキーを追加できませんでした"), "{}", other.html);
    let browser = key.signs_in(&server).await;
    assert!(browser.html.contains("h•••@example.jp"), "still the first one's: {}", browser.html);
    let mut thief = Browser::at(&server.url);
    thief.open("/security/passkeys").await;
    assert!(thief.path.starts_with("/sign-in?"), "{}", thief.path);
    thief.send("/security/passkeys/options", &[]).await;
    assert!(thief.path.starts_with("/sign-in?"), "no options for who has not signed in");
}

#[tokio::test]
async fn without_a_name_of_its_own_the_site_says_nothing_of_passkeys() {
    let server = shop().await;
    let mut owner = member(&server).await;
    assert!(!owner.html.contains("パスキー"), "{}", owner.html);
    owner.open("/security/passkeys").await;
    assert_eq!(owner.status, StatusCode::NOT_FOUND);
    owner.open("/sign-in").await;
    assert!(!owner.html.contains("<script"), "{}", owner.html);
    owner.send("/sign-in/passkey/options", &[]).await;
    assert_eq!(owner.status, StatusCode::NOT_FOUND);
    assert!(owner.letters_to(MAIL).await > 0);
}

#[tokio::test]
async fn t16_an_intruders_passkey_goes_with_the_owners_code() {
    let (server, _) = passkey_shop().await;
    let owner = member(&server).await;
    let mut intruder = Browser::at(&server.url);
    sign_in(&mut intruder, PASSWORD).await;
    let key = add(&mut intruder, device(), "mine now").await;
    assert_eq!(key.signs_in(&server).await.path, "/security");
    let letter = owner.letter_sent("パスキーが追加されました").await;
    let code = letter.split("コード：").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
    let mut reader = Browser::at(&server.url);
    reader.open("/not-me").await;
    reader.send("/not-me", &[("code", &code)]).await;
    assert!(reader.html.contains("元に戻し"), "{}", reader.html);
    is_refused(&key.signs_in(&server).await, "a passkey of an intruder");
    intruder.open("/security").await;
    assert!(intruder.path.starts_with("/sign-in"), "{}", intruder.path);
}

#[tokio::test]
async fn c8_r44_a_passkey_passes_a_restriction_and_lifts_it() {
    let (server, ahead) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = add(&mut owner, device(), "key").await;
    ahead.store(SETTLES, Ordering::Relaxed);
    let mut stranger = Browser::at(&server.url);
    for guess in ["one guess after another", "two guesses after another", "three guesses"] {
        sign_in(&mut stranger, guess).await;
    }
    let mut browser = key.signs_in(&server).await;
    assert_eq!(browser.path, "/security", "on a device never seen before: {}", browser.html);
    browser.send("/security/lift", &[]).await;
    let path = format!("{}/passkey", browser.path);
    key.prove(&mut browser, &path).await;
    assert!(browser.html.contains("制限を解除しました"), "{}", browser.html);
}

#[tokio::test]
async fn t16_a_passkey_added_a_minute_ago_passes_no_restriction_and_lifts_none() {
    let (server, _) = passkey_shop().await;
    let mut owner = member(&server).await;
    let key = add(&mut owner, device(), "key").await;
    let mut stranger = Browser::at(&server.url);
    for guess in ["one guess after another", "two guesses after another", "three guesses"] {
        sign_in(&mut stranger, guess).await;
    }
    let browser = key.signs_in(&server).await;
    assert!(!browser.has_cookie("sekisho_session"), "{}", browser.html);
    owner.open("/security").await;
    owner.send("/security/lift", &[]).await;
    assert!(owner.html.contains("いつもの端末から"), "{}", owner.html);
    assert!(owner.html.contains("一部の操作を制限しています"), "{}", owner.html);
}
