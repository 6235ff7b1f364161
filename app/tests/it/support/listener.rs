//! The store's own end of webhooks: hears everything and says yes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use serde_json::Value;
use tokio::net::TcpListener;

type Heard = Arc<Mutex<Vec<Value>>>;

pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    heard: Heard,
}

impl Listener {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
        let router = Router::new().fallback(hear).with_state(Arc::clone(&heard));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, heard }
    }

    /// The data of every message of this kind, once there is one.
    pub(crate) async fn all(&self, kind: &str) -> Vec<Value> {
        self.heard(kind, 1).await
    }

    /// The data of the first `count` messages of this kind, once they are there.
    pub(crate) async fn heard(&self, kind: &str, count: usize) -> Vec<Value> {
        for _ in 0..400 {
            let all = self.so_far(kind);
            if all.len() >= count {
                return all;
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("{kind} was not told {count} times: {:?}", self.heard.lock().unwrap());
    }

    /// The data of every message of this kind that has come.
    pub(crate) fn so_far(&self, kind: &str) -> Vec<Value> {
        let heard = self.heard.lock().unwrap();
        let of_kind = heard.iter().filter(|one| one["type"] == kind);
        of_kind.map(|one| one["data"].clone()).collect()
    }

    pub(crate) async fn first(&self, kind: &str) -> Value {
        self.all(kind).await.remove(0)
    }
}

async fn hear(State(heard): State<Heard>, body: String) {
    heard.lock().unwrap().push(serde_json::from_str(&body).unwrap());
}
