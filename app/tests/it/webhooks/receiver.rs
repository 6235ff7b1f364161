//! A receiver on loopback that answers by script and writes down what it heard.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How a request is answered; after the script's end with 200.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Status(u16),
    /// 503 with `Retry-After`.
    Busy(&'static str),
    Redirect(String),
    /// Reads the request and never answers.
    Never,
    /// 200 once the bell is rung.
    AfterBell,
    /// Closes the connection in the middle of the answer's head.
    Hangup,
    /// 200 and a body without end.
    Endless,
}

#[derive(Debug, Clone)]
pub(super) struct Heard {
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Heard {
    pub(super) fn id(&self) -> String {
        self.headers["webhook-id"].to_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Inside {
    script: Mutex<std::collections::VecDeque<Reply>>,
    heard: Mutex<Vec<Heard>>,
    connections: AtomicUsize,
    more: Notify,
    bell: Notify,
}

#[derive(Clone)]
pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    inside: Arc<Inside>,
}

impl Receiver {
    pub(super) async fn start(script: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inside = Arc::new(Inside::default());
        inside.script.lock().unwrap().extend(script.iter().cloned());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inside));
        let counted = Arc::clone(&inside);
        let listener = axum::serve::ListenerExt::tap_io(listener, move |_| {
            counted.connections.fetch_add(1, Ordering::SeqCst);
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inside }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.inside.heard.lock().unwrap().clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.inside.connections.load(Ordering::SeqCst)
    }

    pub(super) fn bell(&self) {
        self.inside.bell.notify_one();
    }

    /// Waits until `count` requests have come.
    pub(super) async fn heard_at_least(&self, count: usize) {
        loop {
            let more = self.inside.more.notified();
            if self.heard().len() >= count {
                return;
            }
            more.await;
        }
    }
}

async fn answer(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: Bytes) -> Response {
    inside.heard.lock().unwrap().push(Heard { headers, body: body.to_vec() });
    inside.more.notify_one();
    let reply = inside.script.lock().unwrap().pop_front().unwrap_or(Reply::Status(200));
    match reply {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Busy(after) => {
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", after)]).into_response()
        }
        Reply::Redirect(to) => (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response(),
        Reply::Never => std::future::pending().await,
        Reply::AfterBell => {
            inside.bell.notified().await;
            StatusCode::OK.into_response()
        }
        Reply::Hangup => panic!("the connection breaks off"),
        Reply::Endless => Response::new(Body::new(Endless)),
    }
}

/// A body that always has more.
struct Endless;

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(&[0; 1024])))))
    }
}
