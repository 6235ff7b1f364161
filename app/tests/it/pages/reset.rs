//! A forgotten password, and the way back in after an undo.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::member::SETTLES;
use domain::time::SECOND;
use sekisho::world::World;

use super::browser::{Browser, totp};
use super::{MAIL, PASSWORD, member, shop, shop_in, sign_in};
use crate::support::{Clock, Server};

const NEW: &str = "a whole new phrase to remember";

/// Asks for a code; the browser stands before its answer.
async fn ask(server: &Server, login: &str) -> Browser {
    let mut browser = Browser::at(&server.url);
    browser.open("/reset-password").await;
    browser.send("/reset-password", &[("login", login)]).await;
    browser
}

/// An app and recovery codes; two-step is on. The app's secret and one code.
async fn with_two_step(browser: &mut Browser) -> (String, String) {
    browser.open("/security/two-step").await;
    let secret = browser.between("class=\"secret\">", "<").replace(' ', "");
    let seed = browser.between("name=\"seed\" value=\"", "\"").to_owned();
    let code = totp(&secret, 0);
    browser.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    browser.send("/security/two-step/codes", &[]).await;
    let recovery = browser.between("<li>", "</li>").to_owned();
    browser.send("/security/two-step/on", &[]).await;
    assert!(browser.html.contains("二段階認証をオンにしました"), "{}", browser.html);
    (secret, recovery)
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_code_and_nobody_is_signed_in_by_it() {
    let server = shop().await;
    let mut elsewhere = member(&server).await;
    let mut owner = ask(&server, MAIL).await;
    assert!(owner.path.starts_with("/prove/"), "{}", owner.path);
    let code = owner.code_of_letter(MAIL, 2).await;
    owner.send_here(&[("answer", &code)]).await;
    assert!(owner.path.starts_with("/reset-password/att_"), "{}", owner.path);
    owner.send_here(&[("password", "short")]).await;
    assert!(owner.html.contains("文字以上"), "{}", owner.html);
    let path = owner.path.clone();
    owner.send_here(&[("password", NEW)]).await;
    assert_eq!(owner.path, "/sign-in", "{}", owner.html);
    assert!(!owner.has_cookie("sekisho_session"));
    elsewhere.open("/security").await;
    assert!(elsewhere.path.starts_with("/sign-in"), "all sessions end");
    owner.open(&path).await;
    assert!(owner.html.contains("時間切れ"), "an attempt sets one password: {}", owner.html);
    sign_in(&mut owner, PASSWORD).await;
    assert!(owner.html.contains("正しくありません"), "the old one is gone");
    sign_in(&mut owner, NEW).await;
    assert_eq!(owner.path, "/security", "{}", owner.html);
    assert!(owner.html.contains("パスワードが変更されました"), "the owner is told: {}", owner.html);
}

#[tokio::test]
async fn t6_whoever_asks_for_a_reset_learns_nothing_of_whether_there_is_such_an_account() {
    let server = shop().await;
    member(&server).await;
    let plain = |browser: &Browser| {
        let id = browser.path.trim_start_matches("/prove/");
        let csrf = browser.between("name=\"csrf\" value=\"", "\"");
        browser.html.replace(id, "").replace(csrf, "")
    };
    let mut known = ask(&server, MAIL).await;
    let mut unknown = ask(&server, "hotaru@example.jp").await;
    assert_eq!(plain(&known), plain(&unknown));
    for browser in [&mut known, &mut unknown] {
        browser.send_here(&[("answer", "000000")]).await;
    }
    assert_eq!(plain(&known), plain(&unknown));
    let refused = ask(&server, "not an address").await;
    assert_eq!(refused.path, "/reset-password");
    assert!(refused.html.contains("メールアドレスか電話番号を"), "{}", refused.html);
}

#[tokio::test]
async fn a_reset_is_no_way_round_two_step() {
    let server = shop().await;
    let mut owner = member(&server).await;
    let (_, recovery) = with_two_step(&mut owner).await;
    let letters = owner.letters_to(MAIL).await;
    let mut thief = ask(&server, MAIL).await;
    let code = thief.code_of_letter(MAIL, letters + 1).await;
    thief.send_here(&[("answer", &code)]).await;
    assert!(thief.path.starts_with("/prove/"), "the second factor is asked: {}", thief.path);
    let new = thief.path.replace("/prove/", "/reset-password/");
    thief.open(&new).await;
    assert!(!thief.html.contains("new-password"), "not before it is given");
    let prove = new.replace("/reset-password/", "/prove/");
    thief.open(&prove).await;
    for _ in 0..5 {
        thief.send_here(&[("answer", "123456")]).await;
    }
    assert!(thief.html.contains("回数の上限"), "{}", thief.html);
    owner.open("/security").await;
    assert!(owner.html.contains("追加の確認は完了していません"), "{}", owner.html);

    let letters = owner.letters_to(MAIL).await;
    let mut owner = ask(&server, MAIL).await;
    let code = owner.code_of_letter(MAIL, letters + 1).await;
    owner.send_here(&[("answer", &code)]).await;
    let path = owner.path.clone();
    owner.send(&format!("{path}/send"), &[("method", "recovery-code")]).await;
    owner.send_here(&[("answer", &recovery)]).await;
    assert!(owner.path.starts_with("/reset-password/"), "{}", owner.html);
    owner.send_here(&[("password", NEW)]).await;
    assert_eq!(owner.path, "/sign-in");
}

#[tokio::test]
async fn x4_resets_do_not_flood_a_mailbox() {
    let server = shop().await;
    member(&server).await;
    for _ in 0..9 {
        ask(&server, MAIL).await;
    }
    let last = ask(&server, MAIL).await;
    assert!(last.path.starts_with("/prove/"), "who asks is told nothing");
    last.code_of_letter(MAIL, 6).await;
    sekisho::world::pause(std::time::Duration::from_millis(200)).await;
    assert_eq!(last.letters_to(MAIL).await, 6, "one for registering, five for resets");
}

/// The owner undoes what an intruder did, sets a new password, and has the account to themselves.
#[tokio::test]
async fn x8_after_an_undo_the_owner_chooses_a_password_and_the_intruder_stays_out() {
    let server = shop().await;
    let mut owner = member(&server).await;
    let mut intruder = Browser::at(&server.url);
    sign_in(&mut intruder, PASSWORD).await;
    intruder.open("/security/password").await;
    intruder.send("/security/password", &[("password", "mine now, all of it")]).await;
    let letter = owner.letter_sent("パスワードが変更されました").await;
    let code = letter.split("コード：").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
    owner.open("/not-me").await;
    owner.send("/not-me", &[("code", &code)]).await;
    assert!(owner.html.contains("href=\"/reset-password\""), "{}", owner.html);
    let letters = owner.letters_to(MAIL).await;
    owner.open("/reset-password").await;
    owner.send("/reset-password", &[("login", MAIL)]).await;
    let code = owner.code_of_letter(MAIL, letters + 1).await;
    owner.send_here(&[("answer", &code)]).await;
    owner.send_here(&[("password", NEW)]).await;
    assert_eq!(owner.path, "/sign-in", "{}", owner.html);
    sign_in(&mut owner, NEW).await;
    assert_eq!(owner.path, "/security", "the owner's device is known: {}", owner.html);
    assert!(owner.html.contains("一部の操作を制限しています"), "one proof lifts nothing");
    sign_in(&mut intruder, NEW).await;
    intruder.open("/security").await;
    assert!(intruder.path.starts_with("/sign-in"), "T16: not even with the password");
}

#[tokio::test]
async fn r44_a_strong_proof_by_a_factor_from_before_lifts_a_restriction() {
    let clock = Clock::default();
    let server = shop_in(clock.world()).await;
    let mut owner = member(&server).await;
    let (secret, _) = with_two_step(&mut owner).await;
    owner.send("/security/two-step/off", &[]).await;
    clock.forward(SETTLES);
    let mut stranger = Browser::at(&server.url);
    for guess in ["one guess after another", "two guesses after another", "three guesses"] {
        sign_in(&mut stranger, guess).await;
    }
    owner.open("/security").await;
    assert!(owner.html.contains("一部の操作を制限しています"), "{}", owner.html);
    owner.send("/security/lift", &[]).await;
    assert!(owner.path.starts_with("/prove/"), "{}", owner.path);
    let code = totp(&secret, SETTLES / (30 * SECOND));
    owner.send_here(&[("answer", &code)]).await;
    assert_eq!(owner.path, "/security", "{}", owner.html);
    assert!(owner.html.contains("制限を解除しました"), "{}", owner.html);
    assert!(!owner.html.contains("一部の操作を制限しています"));
}

/// A session that began with a password and an app's code is as fresh again after both, whether
/// two-step is on or not.
#[tokio::test]
async fn r46_a_session_proves_itself_again_by_all_that_it_began_with() {
    let ahead = Arc::new(AtomicI64::new(0));
    let (clock, real) = (Arc::clone(&ahead), World::real());
    let chance = World::real();
    let world = World::of(
        move || real.now().plus(clock.load(Ordering::Relaxed)),
        move |out| chance.random(out),
    );
    let server = shop_in(world).await;
    let mut owner = member(&server).await;
    let (secret, recovery) = with_two_step(&mut owner).await;
    let mut owner = Browser::at(&server.url);
    sign_in(&mut owner, PASSWORD).await;
    let path = owner.path.clone();
    owner.send(&format!("{path}/send"), &[("method", "recovery-code")]).await;
    owner.send_here(&[("answer", &recovery)]).await;
    owner.send("/security/two-step/off", &[]).await;
    assert!(owner.html.contains("二段階認証をオフにしました"), "{}", owner.html);
    ahead.store(6 * domain::time::MINUTE, Ordering::Relaxed);
    owner.open("/security/password").await;
    assert!(owner.html.contains("/security/prove"), "{}", owner.html);
    owner.send("/security/prove", &[("then", "/security/password"), ("password", PASSWORD)]).await;
    assert!(owner.path.starts_with("/prove/"), "the password is half of it: {}", owner.path);
    let code = totp(&secret, 12);
    owner.send_here(&[("answer", &code)]).await;
    assert_eq!(owner.path, "/security/password", "{}", owner.html);
    assert!(owner.html.contains("new-password"), "{}", owner.html);
}

#[tokio::test]
async fn a_refusal_looks_like_one_and_the_check_up_claims_nothing_that_nobody_has_looked_at() {
    let server = shop().await;
    let mut owner = member(&server).await;
    assert!(!owner.html.contains("できています"), "{}", owner.html);
    owner.send("/security/check-up", &[("point", "mail")]).await;
    assert_eq!(owner.html.matches("できています").count(), 1);
    assert!(owner.html.contains("notice good"), "{}", owner.html);
    owner.send("/security/two-step/on", &[]).await;
    assert!(owner.html.contains("<div class=\"notice warn\" role=\"status\">"), "{}", owner.html);
}

#[tokio::test]
async fn the_address_of_a_form_opened_by_itself_leads_back_in_the_language_asked_for() {
    let server = shop().await;
    let mut owner = member(&server).await;
    for path in ["/security/two-step/codes?lang=en", "/security/prove?lang=en"] {
        owner.open(path).await;
        assert!(owner.path.starts_with("/security"), "{path}: {}", owner.path);
        assert!(owner.html.contains("<html lang=\"en\">"), "{path}");
    }
    owner.send("/security/two-step/codes", &[]).await;
    assert!(!owner.html.contains("hreflang"), "codes shown once: no link leads away from them");
}
