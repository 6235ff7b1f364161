//! Signing out, by front and back channel.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{BACK, Shop, claims, field, person, refused};
use crate::support::Answer;

const AFTER: &str = "https://shop.example.jp/bye";
const BACK_CHANNEL: &str = "127.0.0.1:18479";

#[tokio::test]
async fn an_ended_session_is_dead_here_and_told_to_the_store_again_until_it_hears() {
    let listener = tokio::net::TcpListener::bind(BACK_CHANNEL).await.unwrap();
    let shop = Shop::open_as(json!({
        "name": "Shop", "redirect_uris": [BACK], "refresh": true,
        "post_logout_redirect_uris": [AFTER], "id_token_signed_response_alg": "ES256",
        "backchannel_logout_uri": format!("http://{BACK_CHANNEL}/logout"),
    }))
    .await;
    let answer = shop.redeem(&shop.code().await).await.good();
    let hint = field(&answer, "id_token");
    let end = |hint: &str, to: &str| {
        let query = [("id_token_hint", hint), ("post_logout_redirect_uri", to), ("state", "s")];
        let request = shop.http.get(format!("{}/end-session", shop.server.url)).query(&query);
        Answer::of(request.header("cookie", person::COOKIE))
    };
    let tampered = hint.replacen('.', ".e", 1);
    assert_eq!(end(&tampered, AFTER).await.status, 400, "whose URI, nobody knows");
    assert_eq!(end(&hint, "https://evil.example/").await.status, 400);
    shop.userinfo(&field(&answer, "access_token")).await.good();
    let gone = end(&hint, AFTER).await;
    assert_eq!(gone.headers["location"], format!("{AFTER}?state=s").as_str());
    assert_eq!(shop.userinfo(&field(&answer, "access_token")).await.status, 401);
    refused(&shop.refresh(&field(&answer, "refresh_token")).await, "invalid_grant");

    let mut heard = Vec::new();
    for status in ["503 Away", "200 OK"] {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 1 << 16];
        let mut text = String::new();
        while !text.contains("logout_token=") || !text.contains('.') {
            let read = stream.read(&mut bytes).await.unwrap();
            text += std::str::from_utf8(&bytes[..read]).unwrap();
        }
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        heard.push(text.split_once("logout_token=").unwrap().1.to_owned());
    }
    let told = claims(&heard[1]);
    assert_eq!(told["sid"], claims(&hint)["sid"]);
    assert_eq!((&told["sub"], &told["aud"]), (&json!("u-1"), &json!(shop.id)));
    assert!(told["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
    assert!(told.get("nonce").is_none());
    assert_eq!(told["jti"], claims(&heard[0])["jti"], "a repetition is recognised");
}

#[tokio::test]
async fn nobody_is_signed_out_by_a_link_without_a_token_of_ours() {
    let shop = Shop::open().await;
    let answer = shop.redeem(&shop.code().await).await.good();
    let request = shop.http.get(format!("{}/end-session", shop.server.url));
    let asked = Answer::of(request.header("cookie", person::COOKIE)).await;
    assert_eq!(asked.headers["location"], "/sign-out");
    shop.userinfo(&field(&answer, "access_token")).await.good();
}
