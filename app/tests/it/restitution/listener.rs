//! The store's own end of webhooks: hears everything and says yes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use serde_json::Value;
use tokio::net::TcpListener;

type Heard = Arc<Mutex<Vec<Value>>>;

pub(super) struct Listener {
    pub(super) address: SocketAddr,
    heard: Heard,
}

impl Listener {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
        let router = Router::new().fallback(hear).with_state(Arc::clone(&heard));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, heard }
    }

    /// The data of every message of this kind, once there is one.
    pub(super) async fn all(&self, kind: &str) -> Vec<Value> {
        for _ in 0..400 {
            let heard = self.heard.lock().unwrap().clone();
            let of_kind = heard.iter().filter(|one| one["type"] == kind);
            let of_kind: Vec<Value> = of_kind.map(|one| one["data"].clone()).collect();
            if !of_kind.is_empty() {
                return of_kind;
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("nobody told of {kind}: {:?}", self.heard.lock().unwrap());
    }

    pub(super) async fn first(&self, kind: &str) -> Value {
        self.all(kind).await.remove(0)
    }
}

async fn hear(State(heard): State<Heard>, body: String) {
    heard.lock().unwrap().push(serde_json::from_str(&body).unwrap());
}
