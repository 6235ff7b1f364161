//! A payment provider on loopback that holds callers to Stripe's documented rules: a POST without an
//! `Idempotency-Key` is refused, the same key answers as before, the same key with another form is
//! an error, and no payment gives back more than it has.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use sekisho::config::{Said, Source};
use serde_json::{Value, json};
use tokio::net::TcpListener;

type Form = Vec<(String, String)>;

#[derive(Default)]
struct Inside {
    refunds: Vec<(Form, Value)>,
    answered: HashMap<String, (Form, Value)>,
    disputes: Vec<Value>,
    lost: usize,
    asked: usize,
}

type Shared = Arc<Mutex<Inside>>;

pub(super) struct Provider {
    address: SocketAddr,
    inside: Shared,
}

impl Provider {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, inside) = (listener.local_addr().unwrap(), Shared::default());
        let router = Router::new()
            .route("/v1/refunds", get(list).post(create))
            .route("/v1/refunds/{id}", get(show))
            .route("/v1/disputes", get(disputes))
            .with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inside }
    }

    pub(super) fn settings(&self, said: Said) -> Said {
        said.with("refund-provider", "stripe", Source::Flag)
            .with("stripe-url", &format!("http://{}", self.address), Source::Flag)
            .with("stripe-key", "sk_test_double", Source::Flag)
    }

    pub(super) fn dispute(&self, status: &str) {
        self.inside.lock().unwrap().disputes.push(json!({ "id": "dp_1", "status": status }));
    }

    /// The next so many refunds are made, and their answer is a 500.
    pub(super) fn lose_answers(&self, count: usize) {
        self.inside.lock().unwrap().lost = count;
    }

    pub(super) async fn was_asked(&self, times: usize) {
        while self.inside.lock().unwrap().asked < times {
            sekisho::world::pause(Duration::from_millis(10)).await;
        }
    }

    /// Payment and amount of every refund that was made.
    pub(super) fn refunds(&self) -> Vec<(String, i64)> {
        let inside = self.inside.lock().unwrap();
        let made = inside.refunds.iter().map(|(form, refund)| {
            (field(form, "payment_intent").to_owned(), refund["amount"].as_i64().unwrap())
        });
        made.collect()
    }
}

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    form.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap()
}

async fn create(
    State(inside): State<Shared>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, Json<Value>) {
    let mut inside = inside.lock().unwrap();
    inside.asked += 1;
    let refused =
        |code: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": { "code": code } })));
    if headers["authorization"] != "Bearer sk_test_double" {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": {} })));
    }
    let Some(key) = headers.get("idempotency-key") else { return refused("no_key") };
    let key = key.to_str().unwrap().to_owned();
    let form: Form = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    if let Some((before, answer)) = inside.answered.get(&key) {
        if *before != form {
            return refused("idempotency_key_in_use");
        }
        let failed = answer.get("error").is_some();
        let status = if failed { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
        return (status, Json(answer.clone()));
    }
    let number = inside.refunds.len() + 1;
    let amount: i64 = field(&form, "amount").parse().unwrap();
    let refund = json!({
        "id": format!("re_{number}"), "object": "refund", "status": "succeeded", "amount": amount,
        "metadata": { "sekisho_key": field(&form, "metadata[sekisho_key]") },
    });
    inside.refunds.push((form.clone(), refund.clone()));
    let lost = inside.lost > 0;
    inside.lost = inside.lost.saturating_sub(1);
    let answer = if lost { json!({ "error": {} }) } else { refund };
    inside.answered.insert(key, (form, answer.clone()));
    let status = if lost { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
    (status, Json(answer))
}

async fn list(
    State(inside): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let inside = inside.lock().unwrap();
    let of = |(form, _): &&(Form, Value)| field(form, "payment_intent") == query["payment_intent"];
    let data: Vec<&Value> = inside.refunds.iter().filter(of).map(|(_, refund)| refund).collect();
    Json(json!({ "object": "list", "data": data }))
}

async fn show(State(inside): State<Shared>, Path(id): Path<String>) -> (StatusCode, Json<Value>) {
    let inside = inside.lock().unwrap();
    let found = inside.refunds.iter().find(|(_, refund)| refund["id"] == id);
    found.map_or((StatusCode::NOT_FOUND, Json(json!({ "error": {} }))), |(_, refund)| {
        (StatusCode::OK, Json(refund.clone()))
    })
}

async fn disputes(State(inside): State<Shared>) -> Json<Value> {
    Json(json!({ "object": "list", "data": inside.lock().unwrap().disputes }))
}
