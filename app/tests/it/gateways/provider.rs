//! A provider of text messages on loopback that answers by script.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::{Router, body::Bytes};
use tokio::net::TcpListener;

#[derive(Clone)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) authorization: String,
    pub(super) form: HashMap<String, String>,
}

#[derive(Default)]
struct Inside {
    script: Mutex<VecDeque<u16>>,
    heard: Mutex<Vec<Asked>>,
}

pub(super) struct Provider {
    pub(super) address: SocketAddr,
    inside: Arc<Inside>,
}

impl Provider {
    /// Answers with these statuses, then with 201.
    pub(super) async fn start(script: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inside = Arc::new(Inside::default());
        inside.script.lock().unwrap().extend(script);
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inside }
    }

    pub(super) fn heard(&self) -> Vec<Asked> {
        self.inside.heard.lock().unwrap().clone()
    }
}

async fn answer(
    State(inside): State<Arc<Inside>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers["authorization"].to_str().unwrap().to_owned();
    inside.heard.lock().unwrap().push(Asked { path: uri.path().to_owned(), authorization, form });
    let status = inside.script.lock().unwrap().pop_front().unwrap_or(201);
    StatusCode::from_u16(status).unwrap()
}
