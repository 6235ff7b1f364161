//! A provider of calls on loopback, compatible with Twilio's: takes calls, and asks us back with
//! requests that it signs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use data_encoding::BASE64;
use reqwest::Client;
use ring::hmac;
use sekisho::config::Said;
use tokio::net::TcpListener;

use super::desk::FLAG;
use crate::support::Answer;

/// Where the provider is told to find us; the signature is over it.
const PUBLIC: &str = "http://id.shop.example";
const TOKEN: &str = "quiet";
pub(super) const DESK_LINE: &str = "+81312345678";

type Form = HashMap<String, String>;

#[derive(Default)]
struct Inside {
    calls: Vec<Form>,
    refuses: bool,
}

pub(super) struct Provider {
    address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

impl Provider {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, inside) = (listener.local_addr().unwrap(), Arc::<Mutex<Inside>>::default());
        let router = Router::new().fallback(take).with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inside }
    }

    pub(super) fn settings(&self, said: Said) -> Said {
        said.with("callback-gateway", "twilio", FLAG)
            .with("callback-desk-number", DESK_LINE, FLAG)
            .with("public-url", PUBLIC, FLAG)
            .with("sms-url", &format!("http://{}", self.address), FLAG)
            .with("sms-account", "AC1", FLAG)
            .with("sms-token", TOKEN, FLAG)
            .with("sms-from", "+815000000000", FLAG)
    }

    /// From now on it takes no call, or takes them again.
    pub(super) fn refuses(&self, refuses: bool) {
        self.inside.lock().unwrap().refuses = refuses;
    }

    /// What was asked for with the call of this number, from 1, once it was.
    pub(super) async fn call(&self, number: usize) -> Form {
        for _ in 0..400 {
            if let Some(call) = self.inside.lock().unwrap().calls.get(number - 1) {
                return call.clone();
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("there was no call {number}");
    }

    pub(super) fn calls(&self) -> usize {
        self.inside.lock().unwrap().calls.len()
    }
}

async fn take(
    State(inside): State<Arc<Mutex<Inside>>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    assert_eq!(uri.path(), "/2010-04-01/Accounts/AC1/Calls.json");
    assert!(headers["authorization"].to_str().unwrap().starts_with("Basic "));
    let mut inside = inside.lock().unwrap();
    inside.calls.push(url::form_urlencoded::parse(body.as_bytes()).into_owned().collect());
    if inside.refuses { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::CREATED }
}

/// Asks us at the URL that we gave, signed as the provider does it.
pub(super) async fn ask(server: &str, url: &str, fields: &[(&str, &str)]) -> Answer {
    ask_with(server, url, fields, &signature(url, fields)).await
}

pub(super) async fn ask_with(
    server: &str,
    url: &str,
    fields: &[(&str, &str)],
    signature: &str,
) -> Answer {
    let path = url.strip_prefix(PUBLIC).unwrap();
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let request = Client::new()
        .post(format!("{server}{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature);
    Answer::of(request.body(form.finish())).await
}

fn signature(url: &str, fields: &[(&str, &str)]) -> String {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    let text = fields.iter().fold(url.to_owned(), |text, (name, value)| text + name + value);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN.as_bytes());
    BASE64.encode(hmac::sign(&key, text.as_bytes()).as_ref())
}

/// What stands in an attribute of the answer.
pub(super) fn attribute(answer: &Answer, name: &str) -> String {
    let (_, rest) = answer.text.split_once(&format!(" {name}=\"")).unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}
