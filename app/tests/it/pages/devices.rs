//! Devices that the account knows, and what is left of one that its owner has forgotten.

use domain::member::WEAK_CHANGE_WAITS;
use domain::time::{HOUR, MINUTE};

use super::browser::{self, Browser};
use super::{MAIL, PASSWORD, access_token, member, shop, shop_in, sign_in, user_info};
use crate::support::Clock;

/// Switches two-step on; gives the app's secret.
async fn with_two_step(browser: &mut Browser) -> String {
    browser.open("/security/two-step").await;
    let secret = browser.between("class=\"secret\">", "<").replace(' ', "");
    let seed = browser.between("name=\"seed\" value=\"", "\"").to_owned();
    let code = browser::totp(&secret, 0);
    browser.send("/security/two-step", &[("seed", &seed), ("answer", &code)]).await;
    browser.send("/security/two-step/codes", &[]).await;
    browser.send("/security/two-step/on", &[]).await;
    secret
}

/// The ids of the devices that are listed and are not this one.
fn others(browser: &Browser) -> Vec<String> {
    let list = browser.html.split("覚えている端末").nth(1).unwrap();
    let items = list.split("<li").skip(1).filter(|item| !item.contains("この端末</span>"));
    let id = |item: &str| {
        let (_, rest) = item.split_once("name=\"device\" value=\"")?;
        Some(rest.split('"').next()?.to_owned())
    };
    items.filter_map(id).collect()
}

#[tokio::test]
async fn a_forgotten_devices_cookie_skips_no_second_step_and_its_session_is_over() {
    let server = shop().await;
    let mut owner = member(&server).await;
    let secret = with_two_step(&mut owner).await;
    let mut lost = Browser::at(&server.url);
    sign_in(&mut lost, PASSWORD).await;
    let code = browser::totp(&secret, 1);
    lost.send_here(&[("answer", &code), ("trust", "1")]).await;
    assert_eq!(lost.path, "/security", "{}", lost.html);
    assert!(lost.html.contains("二段階認証を省略します"), "{}", lost.html);
    let mut trusted = lost.clone();
    trusted.send("/sign-out", &[]).await;
    sign_in(&mut trusted, PASSWORD).await;
    assert_eq!(trusted.path, "/security", "it is trusted: {}", trusted.html);

    owner.open("/security").await;
    let [device] = &others(&owner)[..] else { panic!("one other device: {}", owner.html) };
    owner.send("/security/devices/forget", &[("device", device)]).await;
    assert!(owner.html.contains("端末を忘れました"), "{}", owner.html);
    assert!(others(&owner).is_empty());
    owner.letter_sent("覚えていた端末がひとつ削除されました").await;
    trusted.open("/security").await;
    assert!(trusted.path.starts_with("/sign-in"), "its session is over: {}", trusted.path);
    sign_in(&mut trusted, PASSWORD).await;
    assert!(trusted.path.starts_with("/prove/"), "its cookie skips nothing: {}", trusted.path);
    trusted.open("/security").await;
    assert!(trusted.path.starts_with("/sign-in"), "and it has no session: {}", trusted.path);
}

#[tokio::test]
async fn c8_a_forgotten_devices_cookie_exempts_from_no_restriction() {
    let server = shop().await;
    let mut owner = member(&server).await;
    let mut lost = Browser::at(&server.url);
    sign_in(&mut lost, PASSWORD).await;
    owner.open("/security").await;
    let [device] = &others(&owner)[..] else { panic!("one other device: {}", owner.html) };
    owner.send("/security/devices/forget", &[("device", device)]).await;
    for guess in ["one guess after another", "two guesses after another", "three guesses"] {
        sign_in(&mut lost, guess).await;
    }
    sign_in(&mut lost, PASSWORD).await;
    lost.open("/security").await;
    assert!(lost.path.starts_with("/sign-in"), "its guesses count, and it is a stranger's");
    owner.send("/sign-out", &[]).await;
    sign_in(&mut owner, PASSWORD).await;
    assert_eq!(owner.path, "/security", "the owner's own device is let in: {}", owner.html);
}

#[tokio::test]
async fn r46_a_device_is_forgotten_only_by_who_has_just_proven_it_and_only_ones_own() {
    let clock = Clock::default();
    let server = shop_in(clock.world()).await;
    let mut owner = member(&server).await;
    let device = owner.between("name=\"device\" value=\"", "\"").to_owned();
    owner.send("/security/devices/forget", &[("device", "dev_00000000000000000000000000")]).await;
    assert!(!owner.html.contains("端末を忘れました"), "{}", owner.html);
    clock.forward(6 * MINUTE);
    owner.open("/security").await;
    owner.send("/security/devices/forget", &[("device", &device)]).await;
    assert!(owner.html.contains("action=\"/security/prove\""), "{}", owner.html);
    owner.open("/security").await;
    assert!(owner.html.contains(&device), "it is still known");
}

#[tokio::test]
async fn t16_x8_a_contact_by_a_factor_added_of_late_waits_and_both_are_told_when_it_takes_effect() {
    let clock = Clock::default();
    let server = shop_in(clock.world()).await;
    member(&server).await;
    let mut intruder = Browser::at(&server.url);
    sign_in(&mut intruder, PASSWORD).await;
    let secret = with_two_step(&mut intruder).await;
    let form = [("then", "/security/contacts"), ("password", PASSWORD)];
    intruder.send("/security/prove", &form).await;
    let code = browser::totp(&secret, 1);
    intruder.send_here(&[("answer", &code)]).await;
    assert_eq!(intruder.path, "/security/contacts", "{}", intruder.html);
    intruder.send("/security/contacts", &[("contact", "intruder@example.net")]).await;
    let code = intruder.code_sent("intruder@example.net").await;
    intruder.send_here(&[("answer", &code)]).await;
    assert!(intruder.html.contains("24時間後に反映"), "it waits: {}", intruder.html);
    assert!(!intruder.html.contains("i•••@example.net"), "{}", intruder.html);
    clock.forward(WEAK_CHANGE_WAITS);
    let told = "メールアドレスが変更されました";
    intruder.letter_sent(told).await;
    intruder.open("/mailbox").await;
    let letters = intruder.html.split("<li class=\"card\">").filter(|one| one.contains(told));
    let to = |address: &str| {
        let mut own = letters.clone().filter(|one| one.contains(&format!("mail · {address}<")));
        own.next().unwrap_or_else(|| panic!("nothing to {address}: {}", intruder.html))
    };
    assert!(to(MAIL).contains("コード："), "it can still be undone: {}", to(MAIL));
    let new = to("intruder@example.net");
    assert!(!new.contains("コード："), "who came with the change undoes nothing: {new}");
}

#[tokio::test]
async fn asvs_7_2_4_a_session_that_proves_itself_again_has_a_new_token_and_the_old_one_is_dead() {
    let server = shop().await;
    let mut owner = member(&server).await;
    let mut thief = owner.clone();
    let form = [("then", "/security/password"), ("password", PASSWORD)];
    owner.send("/security/prove", &form).await;
    assert_eq!(owner.path, "/security/password", "{}", owner.html);
    thief.open("/security").await;
    assert!(thief.path.starts_with("/sign-in"), "{}", thief.path);
    for path in ["/security", "/security/password", "/security/contacts", "/security/two-step"] {
        owner.open(path).await;
        assert!(owner.html.contains("action=\"/sign-out\""), "7.4.4: a way out of {path}");
    }
}

#[tokio::test]
async fn t8_a_day_of_guesses_and_the_owner_signs_in_from_the_device_that_is_known() {
    let clock = Clock::default();
    let server = shop_in(clock.world()).await;
    let mut owner = member(&server).await;
    let mut stranger = Browser::at(&server.url);
    for hour in 0..24 {
        for guess in ["one guess after another", "two guesses after another", "three guesses"] {
            sign_in(&mut stranger, guess).await;
        }
        owner.open("/security").await;
        owner.send("/sign-out", &[]).await;
        sign_in(&mut owner, PASSWORD).await;
        assert_eq!(owner.path, "/security", "after {hour} hours: {}", owner.html);
        clock.forward(HOUR);
    }
    sign_in(&mut stranger, PASSWORD).await;
    assert!(!stranger.has_cookie("sekisho_session"), "nor the stranger who guesses right at last");
}

#[tokio::test]
async fn asvs_10_4_9_the_stores_that_somebody_is_signed_in_at_are_listed_and_can_be_signed_out() {
    let server = shop().await;
    let mut owner = member(&server).await;
    assert!(!owner.html.contains("ログイン中のストア"), "none yet");
    owner.send("/sign-out", &[]).await;
    let access = access_token(&server, &mut owner, (MAIL, PASSWORD)).await;
    assert_eq!(user_info(&server, &access).await.status(), reqwest::StatusCode::OK);
    owner.open("/security").await;
    assert!(owner.html.contains("<bdi>Shop</bdi>"), "{}", owner.html);
    let client = owner.between("name=\"client\" value=\"", "\"").to_owned();
    owner.send("/security/stores/end", &[("client", &client)]).await;
    assert!(!owner.html.contains("<bdi>Shop</bdi>"), "{}", owner.html);
    let dead = user_info(&server, &access).await;
    assert_eq!(dead.status(), reqwest::StatusCode::UNAUTHORIZED, "its tokens are dead");
    owner.open("/security").await;
    assert_eq!(owner.path, "/security", "our own session goes on");
}
