//! Challenges for a store that keeps its own sign-in.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use domain::time::MINUTE;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use sekisho::config::{Said, Source};
use sekisho::world::World;
use serde_json::{Value, json};

use crate::pages::browser::Browser;
use crate::support::{Server, order};

const BACK: &str = "https://shop.example/checkout/back?step=2";
const ACTION: &str = "注文 o-1001（12,000円）を確定する";
const MAIL: &str = "taro@example.jp";

async fn shop() -> Server {
    shop_in(World::real()).await
}

async fn shop_in(world: World) -> Server {
    let settings = |said: Said| {
        said.with("mail-gateway", "mailbox", Source::Flag)
            .with("development", "true", Source::Flag)
            .with("policy-preset", "observe", Source::Flag)
            .with("challenge-return-urls", &format!("https://a.example/, {BACK}"), Source::Flag)
    };
    Server::start_and(tempfile::tempdir().unwrap(), settings, world, |_| ()).await
}

fn wanted() -> Value {
    json!({ "account_id": "u-1001", "action": ACTION, "return_url": BACK, "email": MAIL })
}

async fn challenge(server: &Server) -> Value {
    server.post("/v1/challenges", &wanted()).await.good()
}

/// A browser before the box for the code.
async fn taken_up(server: &Server, asked: &Value) -> Browser {
    let mut customer = Browser::at(&server.url);
    let path = format!("/challenge/{}", asked["id"].as_str().unwrap());
    customer.open(&path).await;
    assert!(customer.html.contains(ACTION), "what is proven is read first: {}", customer.html);
    customer.send(&path, &[]).await;
    assert!(customer.path.starts_with("/prove/att_"), "{}", customer.html);
    customer
}

/// The code that the browser carries back to the store.
async fn proven(server: &Server, asked: &Value) -> String {
    let mut customer = taken_up(server, asked).await;
    let code = customer.code_sent(MAIL).await;
    customer.send_here(&[("answer", &code)]).await;
    let to = customer.between("url=", "\"").replace("&amp;", "&");
    let to = url::Url::parse(&to).unwrap();
    assert!(to.as_str().starts_with(BACK), "{to}");
    let carried =
        |name: &str| to.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!(asked["id"], carried("challenge"));
    carried("code")
}

async fn status(server: &Server, asked: &Value) -> Value {
    let path = format!("/v1/challenges/{}", asked["id"].as_str().unwrap());
    server.get(&path).await.good()["status"].clone()
}

#[tokio::test]
async fn r42_a_customer_proves_one_act_and_the_store_spends_the_proof_once() {
    let server = shop().await;
    let asked = challenge(&server).await;
    assert_eq!((&asked["status"], &asked["methods"]), (&json!("open"), &json!(["mail"])));
    let spend = format!("/v1/challenges/{}/spend", asked["id"].as_str().unwrap());
    let spending = |code: &str, action: &str| json!({ "code": code, "action": action });
    server.post(&spend, &spending("x", ACTION)).await.refused(409);

    let code = proven(&server, &asked).await;
    assert_eq!(status(&server, &asked).await, "verified");
    server.post(&spend, &spending("guess", ACTION)).await.refused(409);
    server.post(&spend, &spending(&code, "注文 o-1001（990,000円）を確定する")).await.refused(409);
    let result = server.post(&spend, &spending(&code, ACTION)).await.good();
    let claims = verified(&server, result["result"].as_str().unwrap()).await;
    assert_eq!(claims["sub"], "u-1001");
    assert_eq!(claims["action"], ACTION);
    assert_eq!((&claims["aud"], &claims["jti"]), (&json!(BACK), &asked["id"]));
    assert_eq!(claims["amr"], json!(["otp"]));
    assert_eq!(status(&server, &asked).await, "spent");
    server.post(&spend, &spending(&code, ACTION)).await.refused(409);
}

#[tokio::test]
async fn r42_one_browser_has_five_tries_in_all() {
    let server = shop().await;
    let asked = challenge(&server).await;
    let path = format!("/challenge/{}", asked["id"].as_str().unwrap());
    let mut customer = taken_up(&server, &asked).await;
    let first = customer.path.clone();
    customer.send(&path, &[]).await;
    assert_eq!(customer.path, first, "there and back is the same attempt");
    let mut other = Browser::at(&server.url);
    other.open(&path).await;
    assert!(other.html.contains("期限が切れています"), "{}", other.html);
    assert!(!other.html.contains(ACTION), "the act is not theirs to read: {}", other.html);
    other.open("/sign-in").await;
    other.send(&path, &[]).await;
    assert!(!other.path.starts_with("/prove/"), "{}", other.path);
    let code = customer.code_sent(MAIL).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        customer.send(&first, &[("answer", wrong)]).await;
    }
    assert_eq!(status(&server, &asked).await, "exhausted");
    customer.send(&first, &[("answer", &code)]).await;
    customer.send(&path, &[]).await;
    assert!(!customer.path.starts_with("/prove/"), "{}", customer.path);
    assert_eq!(status(&server, &asked).await, "exhausted");
}

#[tokio::test]
async fn r42_a_challenge_waits_ten_minutes_and_its_proof_five() {
    let ahead = Arc::new(AtomicI64::new(0));
    let (clock, real, chance) = (Arc::clone(&ahead), World::real(), World::real());
    let now = move || real.now().plus(clock.load(Ordering::Relaxed));
    let server = shop_in(World::of(now, move |out| chance.random(out))).await;
    let late = challenge(&server).await;
    let asked = challenge(&server).await;
    let code = proven(&server, &asked).await;
    ahead.store(6 * MINUTE, Ordering::Relaxed);
    assert_eq!(status(&server, &asked).await, "expired");
    let spend = format!("/v1/challenges/{}/spend", asked["id"].as_str().unwrap());
    let spending = json!({ "code": code, "action": ACTION });
    let problem = server.post(&spend, &spending).await.refused(409);
    assert!(problem["detail"].as_str().unwrap().contains("too late"), "{problem}");
    assert_eq!(status(&server, &late).await, "open");
    ahead.store(11 * MINUTE, Ordering::Relaxed);
    assert_eq!(status(&server, &late).await, "expired");
    let mut customer = Browser::at(&server.url);
    customer.open(&format!("/challenge/{}", late["id"].as_str().unwrap())).await;
    assert!(customer.html.contains("期限が切れています"), "{}", customer.html);
}

#[tokio::test]
async fn what_a_store_asks_for_is_checked() {
    let server = shop().await;
    let with = |name: &str, value: Value| {
        let mut wanted = wanted();
        wanted[name] = value;
        wanted
    };
    for (name, value) in [
        ("return_url", json!("https://shop.example/checkout/back?step=3")),
        ("return_url", json!("https://shop.example.evil.example/")),
        ("action", json!("")),
        ("action", json!("two\nlines")),
        ("action", json!("長".repeat(201))),
        ("email", json!("nobody")),
        ("phone", json!("12")),
        ("account_id", json!("")),
        ("decision_id", json!("evt_1")),
        ("more", json!(1)),
    ] {
        server.post("/v1/challenges", &with(name, value)).await.refused(422);
    }
    let mut nothing = wanted();
    nothing.as_object_mut().unwrap().remove("email");
    let problem = server.post("/v1/challenges", &nothing).await.refused(422);
    assert!(problem["detail"].as_str().unwrap().contains("nothing to prove it with"), "{problem}");
    server.get("/v1/challenges/chl_0").await.refused(404);
}

/// The claims, once the signature was checked against the published keys.
async fn verified(server: &Server, token: &str) -> Value {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let part = |text: &str| BASE64.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&part(header)).unwrap();
    assert_eq!(header["typ"], "challenge-result+jwt");
    let keys = server.get("/.well-known/jwks.json").await.good();
    let keys = keys["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let number = |name: &str| part(key[name].as_str().unwrap());
    let key = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &part(signature)).unwrap();
    serde_json::from_slice(&part(claims)).unwrap()
}

/// A shop whose policy challenges every order.
async fn challenging() -> Server {
    let mut server = shop().await;
    server
        .judge_by(
            "name = 'orders'\ndefault = 'allow'\n[[rule]]\nname = 'every-order'\n\
                when = \"event.type == 'order.placed'\"\n\
                verdict = 'challenge'\n",
        )
        .await;
    server
}

#[tokio::test]
async fn a_decision_carries_the_challenge_that_it_asks_for() {
    let server = challenging().await;
    let wanted = json!({ "action": ACTION, "return_url": BACK, "email": MAIL });
    let placed = || order("u-1001").id("placed-1").with("/challenge", wanted.clone());
    let decided = server.decide(placed()).await.good();
    assert_eq!(decided["verdict"], "challenge", "{decided}");
    let asked = decided["challenge"].clone();
    assert_eq!((&asked["action"], &asked["status"]), (&json!(ACTION), &json!("open")), "{asked}");
    let again = server.decide(placed()).await.good();
    assert_eq!(again["challenge"]["id"], asked["id"], "the same event finds the same challenge");
    let code = proven(&server, &asked).await;
    let path = format!("/v1/challenges/{}/spend", asked["id"].as_str().unwrap());
    server.post(&path, &json!({ "code": code, "action": ACTION })).await.good();
    let path = format!("/v1/decisions/{}", decided["decision_id"].as_str().unwrap());
    let record = server.get(&path).await.good();
    assert_eq!(record["outcomes"][0]["outcome"], "challenge_passed", "{record}");
}

#[tokio::test]
async fn nobody_gets_a_challenge_unasked_in_shadow_or_with_nothing_to_prove_it_with() {
    let server = challenging().await;
    let decided = server.decide(order("u-1001").id("placed-1")).await.good();
    assert_eq!((&decided["verdict"], &decided["challenge"]), (&json!("challenge"), &Value::Null));
    assert!(decided.get("challenge").is_none(), "{decided}");
    let wanted = json!({ "action": ACTION, "return_url": BACK });
    let placed = order("u-1001").id("placed-2").with("/challenge", wanted.clone());
    let decided = server.decide(placed.clone().with("/mode", "shadow")).await.good();
    assert!(decided.get("challenge").is_none(), "{decided}");
    let decided = server.decide(placed.id("placed-3")).await.good();
    assert!(decided.get("challenge").is_some_and(Value::is_null), "no contact: {decided}");
    for (field, value, pointer) in [
        ("/challenge/action", json!("two\nlines"), "/challenge/action"),
        ("/challenge/return_url", json!("https://evil.example/"), "/challenge/return_url"),
        ("/challenge/email", json!("nobody"), "/challenge/email"),
        ("/challenge/digest", json!("x"), "/challenge"),
    ] {
        let placed = order("u-1001").id("placed-4").with("/challenge", wanted.clone());
        let problem = server.decide(placed.with(field, value)).await.refused(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let own = order("u-1001").id("placed-5").with("/challenge", "a property of ours");
    server.decide(own).await.good();
}
