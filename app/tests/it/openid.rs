//! The `OpenID` provider from outside: every rule, kept and broken.

mod clients;
mod logout;
mod person;

use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use url::Url;

use crate::support::{Answer, Server};
use person::World;

const BACK: &str = "https://shop.example.jp/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A shop that knows the protocol.
struct Shop {
    server: Server,
    world: World,
    http: Client,
    id: String,
    secret: String,
}

fn challenge(verifier: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// Query of a redirect.
fn told(location: &str) -> impl Fn(&str) -> Option<String> {
    let url = Url::parse(location).unwrap();
    move |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

impl Shop {
    async fn open() -> Self {
        Self::open_as(json!({
            "name": "Shop", "redirect_uris": [BACK], "refresh": true,
            "id_token_signed_response_alg": "ES256",
        }))
        .await
    }

    async fn open_as(registration: Value) -> Self {
        let (server, world) = person::serve().await;
        let client = server.post("/v1/clients", &registration).await.good();
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        let text = |name: &str| client[name].as_str().unwrap_or_default().to_owned();
        Self { http, id: text("client_id"), secret: text("client_secret"), server, world }
    }

    /// Where `/authorize` sends the browser of somebody who is signed in; fields may be changed.
    async fn authorize(&self, changed: &[(&str, &str)]) -> Answer {
        let challenge = challenge(VERIFIER);
        let mut query = vec![
            ("client_id", self.id.as_str()),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", "openid email offline_access"),
            ("state", "st"),
            ("nonce", "no"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changed {
            query.retain(|(known, _)| known != name);
            query.push((name, value));
        }
        let request = self.http.get(format!("{}/authorize", self.server.url)).query(&query);
        Answer::of(request.header("cookie", person::COOKIE)).await
    }

    async fn code(&self) -> String {
        let answer = self.authorize(&[]).await;
        let told = told(answer.headers["location"].to_str().unwrap());
        assert_eq!(told("state").unwrap(), "st");
        assert_eq!(told("iss").unwrap(), self.server.url, "RFC 9207");
        told("code").unwrap()
    }

    async fn token(&self, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}/token", self.server.url)).form(form);
        Answer::of(request.basic_auth(&self.id, Some(&self.secret))).await
    }

    async fn redeem(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn userinfo(&self, token: &str) -> Answer {
        let request = self.http.get(format!("{}/userinfo", self.server.url));
        Answer::of(request.bearer_auth(token)).await
    }
}

fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[track_caller]
fn refused(answer: &Answer, error: &str) {
    assert!(answer.status.is_client_error(), "{} {}", answer.status, answer.text);
    assert_eq!(answer.json()["error"], error);
}

fn field(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_code_becomes_tokens_whose_claims_tell_the_truth() {
    let shop = Shop::open().await;
    let answer = shop.redeem(&shop.code().await).await.good();
    let claims = claims(answer["id_token"].as_str().unwrap());
    assert_eq!(claims["iss"], shop.server.url);
    assert_eq!(claims["sub"], "u-1");
    assert_eq!(claims["aud"], shop.id);
    assert_eq!(claims["nonce"], "no");
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert_eq!(claims["acr"], "urn:sekisho:acr:single");
    let who = shop.userinfo(&field(&answer, "access_token")).await.good();
    assert_eq!(who, json!({ "sub": "u-1", "email": "u-1@example.jp", "email_verified": true }));
}

#[tokio::test]
async fn a_code_presented_again_takes_back_what_it_gave() {
    let shop = Shop::open().await;
    let code = shop.code().await;
    let answer = shop.redeem(&code).await.good();
    refused(&shop.redeem(&code).await, "invalid_grant");
    assert_eq!(shop.userinfo(&field(&answer, "access_token")).await.status, 401);
    refused(&shop.refresh(&field(&answer, "refresh_token")).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_presented_twice_at_once_gives_at_most_one_token() {
    let shop = Shop::open().await;
    let code = shop.code().await;
    let (one, two, three) =
        tokio::join!(shop.redeem(&code), shop.redeem(&code), shop.redeem(&code));
    let good = [one, two, three].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 1);
}

#[tokio::test]
async fn a_code_wants_its_verifier_its_redirect_its_client_and_its_minute() {
    let shop = Shop::open().await;
    let code = shop.code().await;
    let wrong = "x".repeat(43);
    for (redirect, verifier) in
        [(BACK, wrong.as_str()), (BACK, "short"), ("https://shop.example.jp/other", VERIFIER)]
    {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        refused(&shop.token(&form).await, "invalid_grant");
    }
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    refused(&shop.token(&form).await, "invalid_request");
    let other = json!({ "name": "Other", "redirect_uris": [BACK] });
    let other = shop.server.post("/v1/clients", &other).await.good();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", other["client_id"].as_str().unwrap()),
        ("client_secret", other["client_secret"].as_str().unwrap()),
    ];
    let request = shop.http.post(format!("{}/token", shop.server.url)).form(&form);
    refused(&Answer::of(request).await, "invalid_grant");
    shop.redeem(&code).await.good();
    let late = shop.code().await;
    shop.world.pass(60);
    refused(&shop.redeem(&late).await, "invalid_grant");
}

#[tokio::test]
async fn a_used_refresh_token_takes_the_family_back() {
    let shop = Shop::open().await;
    let first = shop.redeem(&shop.code().await).await.good();
    let second = shop.refresh(&field(&first, "refresh_token")).await.good();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    refused(&shop.refresh(&field(&first, "refresh_token")).await, "invalid_grant");
    refused(&shop.refresh(&field(&second, "refresh_token")).await, "invalid_grant");
    assert_eq!(shop.userinfo(&field(&second, "access_token")).await.status, 401);
}

#[tokio::test]
async fn nothing_is_sent_to_a_redirect_that_is_not_registered() {
    let shop = Shop::open().await;
    for uri in [
        "https://shop.example.jp/callback/../x",
        "https://shop.example.jp/callback#x",
        "https://u@shop.example.jp/callback",
        "https://shop.example.jp:444/callback",
        "https://shop.example.jp/callback?x",
        "http://127.0.0.1:1/callback",
    ] {
        let answer = shop.authorize(&[("redirect_uri", uri)]).await;
        assert_eq!(answer.status, 400, "{uri}");
        assert!(!answer.headers.contains_key("location"), "{uri}");
    }
    let answer = shop.authorize(&[("client_id", "client_nobody")]).await;
    assert!(answer.status == 400 && !answer.headers.contains_key("location"));
}

#[tokio::test]
async fn a_bad_request_is_told_to_the_redirect_with_state_and_issuer() {
    let shop = Shop::open().await;
    for (name, value, error) in [
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("scope", "email", "invalid_scope"),
        ("prompt", "none login", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("request", "e30.e30.", "request_not_supported"),
        ("request_uri", "https://evil.example/", "request_uri_not_supported"),
    ] {
        let answer = shop.authorize(&[(name, value)]).await;
        assert_eq!(answer.status, 303, "{name}");
        let told = told(answer.headers["location"].to_str().unwrap());
        assert_eq!(told("error").unwrap(), error, "{name}={value}");
        assert_eq!(told("state").unwrap(), "st");
        assert_eq!(told("iss").unwrap(), shop.server.url);
        assert!(told("code").is_none());
    }
}

#[tokio::test]
async fn signing_in_comes_back_to_the_request_that_was_stored() {
    let shop = Shop::open().await;
    for (name, value) in [("prompt", "login"), ("max_age", "0"), ("prompt", "select_account")] {
        let answer = shop.authorize(&[(name, value)]).await;
        let location = answer.headers["location"].to_str().unwrap();
        let request = location.strip_prefix("/sign-in?request=").unwrap().to_owned();
        let resume = format!("{}/authorize/continue?request={request}", shop.server.url);
        let go = || Answer::of(shop.http.get(&resume).header("cookie", person::COOKIE));
        assert_eq!(go().await.headers["location"], location, "not signed in anew");
        shop.world.pass(1);
        shop.world.prove();
        let answer = go().await;
        assert!(told(answer.headers["location"].to_str().unwrap())("code").is_some(), "{name}");
        assert_eq!(go().await.status, 404, "one answer each");
    }
    shop.world.sign_out();
    let answer = shop.authorize(&[("prompt", "none")]).await;
    let told = told(answer.headers["location"].to_str().unwrap());
    assert_eq!(told("error").unwrap(), "login_required");
}

#[tokio::test]
async fn a_wished_strength_is_a_step_up() {
    let shop = Shop::open().await;
    let answer = shop.authorize(&[("acr_values", "urn:sekisho:acr:multi")]).await;
    let location = answer.headers["location"].to_str().unwrap();
    assert!(location.ends_with("&step=up"), "{location}");
}

#[tokio::test]
async fn a_wrong_secret_an_unknown_client_and_two_ways_at_once_are_refused() {
    let mut shop = Shop::open().await;
    let (code, right) = (shop.code().await, shop.secret.clone());
    let two = [("grant_type", "authorization_code"), ("client_secret", right.as_str())];
    refused(&shop.token(&two).await, "invalid_request");
    for wrong in ["", "cs_0"] {
        wrong.clone_into(&mut shop.secret);
        refused(&shop.redeem(&code).await, "invalid_client");
    }
    let rotate = format!("/v1/clients/{}/rotate-secret", shop.id);
    let rotated = shop.server.post(&rotate, &json!({})).await.good();
    shop.secret = right;
    refused(&shop.redeem(&code).await, "invalid_client");
    shop.secret = field(&rotated, "client_secret");
    shop.redeem(&code).await.good();
}

#[tokio::test]
async fn introspection_and_revocation_are_about_ones_own_tokens() {
    let shop = Shop::open().await;
    let answer = shop.redeem(&shop.code().await).await.good();
    let access = field(&answer, "access_token");
    let ask = |path: &str, id: &str, secret: &str| {
        let form = [("token", access.as_str()), ("client_id", id), ("client_secret", secret)];
        Answer::of(shop.http.post(format!("{}{path}", shop.server.url)).form(&form))
    };
    let other = json!({ "name": "Other", "redirect_uris": [BACK] });
    let other = shop.server.post("/v1/clients", &other).await.good();
    let (id, secret) = (field(&other, "client_id"), field(&other, "client_secret"));
    assert_eq!(ask("/introspect", &id, &secret).await.good(), json!({ "active": false }));
    ask("/revoke", &id, &secret).await.good();
    let told = ask("/introspect", &shop.id, &shop.secret).await.good();
    assert_eq!((&told["active"], &told["sub"]), (&json!(true), &json!("u-1")));
    ask("/revoke", &shop.id, &shop.secret).await.good();
    let told = ask("/introspect", &shop.id, &shop.secret).await.good();
    assert_eq!(told, json!({ "active": false }));
    refused(&shop.refresh(&field(&answer, "refresh_token")).await, "invalid_grant");
}

#[tokio::test]
async fn a_native_client_needs_no_secret_takes_any_loopback_port_and_may_not_introspect() {
    let mut shop = Shop::open_as(json!({
        "name": "App", "kind": "native", "redirect_uris": ["http://127.0.0.1/cb"],
        "id_token_signed_response_alg": "ES256", "pairwise": true,
    }))
    .await;
    assert_eq!(shop.secret, "");
    let back = "http://127.0.0.1:50505/cb";
    let answer = shop.authorize(&[("redirect_uri", back)]).await;
    let code = told(answer.headers["location"].to_str().unwrap())("code").unwrap();
    let form = |path: &str, more: &[(&str, &str)]| {
        let mut form = vec![("client_id", shop.id.as_str())];
        form.extend_from_slice(more);
        Answer::of(shop.http.post(format!("{}{path}", shop.server.url)).form(&form))
    };
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", back),
        ("code_verifier", VERIFIER),
    ];
    let answer = form("/token", &redeem).await.good();
    assert!(answer.get("refresh_token").is_none(), "not registered for it");
    assert_ne!(claims(answer["id_token"].as_str().unwrap())["sub"], "u-1", "pairwise");
    let access = field(&answer, "access_token");
    refused(&form("/introspect", &[("token", &access)]).await, "invalid_client");
    shop.secret = "cs_any".to_owned();
    refused(&shop.redeem(&code).await, "invalid_client");
}

#[tokio::test]
async fn a_misleading_redirect_cannot_be_registered() {
    let server = Server::start().await;
    let answer = server
        .request(Method::POST, "/v1/clients")
        .json(&json!({ "name": "x", "redirect_uris": [BACK, "https://a.example/#x"] }));
    let problem = Answer::of(answer).await.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/redirect_uris/1");
}

#[tokio::test]
async fn what_is_kept_holds_no_secret_code_or_token() {
    let shop = Shop::open().await;
    let code = shop.code().await;
    let answer = shop.redeem(&code).await.good();
    let told = [code, field(&answer, "access_token"), field(&answer, "refresh_token")];
    let listed = shop.server.get("/v1/clients").await.text;
    assert!(!listed.contains(&shop.secret));
    for file in std::fs::read_dir(shop.server.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in told.iter().chain([&shop.secret]) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "kept in the clear");
        }
    }
}
