//! A real server in this process, on a free port, with a data folder of its own.

use domain::time::Micros;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use sekisho::audit::Act;
use sekisho::command::serve::Running;
use sekisho::command::{Exit, Failure};
use sekisho::config::{Config, Said, Source};
use sekisho::instance::open_store;
use sekisho::keys::{Scope, mint};
use sekisho::world::World;
use serde_json::{Value, json};
use store::Store;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Told;
use super::engine::on_its_engine;

pub(crate) struct Server {
    pub(crate) folder: TempDir,
    pub(crate) url: String,
    key: String,
    client: Client,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<Exit, Failure>>,
}

impl Server {
    /// A new instance; the calls carry a live key with every scope.
    pub(crate) async fn start() -> Self {
        Self::start_with(|said| said).await
    }

    /// The same with other settings.
    pub(crate) async fn start_with(settings: impl Fn(Said) -> Said) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings).await
    }

    /// The instance of `folder`, again.
    pub(crate) async fn start_in(folder: TempDir, settings: impl Fn(Said) -> Said) -> Self {
        Self::start_and(folder, settings, World::real(), |_| ()).await
    }

    /// The same, and something is done before the first request.
    pub(crate) async fn start_and(
        folder: TempDir,
        settings: impl Fn(Said) -> Said,
        world: World,
        before: impl FnOnce(&Running),
    ) -> Self {
        let data = folder.path().to_str().unwrap();
        let said = Said::defaults()
            .with("data", data, Source::Flag)
            .with("listen", "127.0.0.1:0", Source::Flag)
            .with("language", "en", Source::Flag)
            .with("request-timeout-ms", "300000", Source::Flag)
            .with("sqlite-synchronous", "normal", Source::Flag);
        let said = on_its_engine(said, folder.path());
        let config = Config::of(settings(said)).unwrap();
        let key = new_key(&config, &Scope::ALL, false).await;
        let running = Running::start(config, world).await.unwrap();
        before(&running);
        let url = format!("http://{}", running.address);
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(running.until(async {
            let _ = stopped.await;
        }));
        Self { folder, url, key, client: Client::new(), stop: Some(stop), running }
    }

    /// The instance's store, opened beside the server.
    pub(crate) async fn store(&self) -> Store {
        let folder = self.folder.path();
        let said = Said::defaults().with("data", folder.to_str().unwrap(), Source::Flag);
        open_store(&Config::of(on_its_engine(said, folder)).unwrap()).await.unwrap()
    }

    /// Everything that the audit trail tells, oldest first.
    pub(crate) async fn acts(&self) -> Vec<Act> {
        let store = self.store().await;
        let rows = store.audit_since(Micros(0), 0, 10_000).await.unwrap();
        store.close().await;
        let told = rows.iter().filter_map(|row| row.told.as_deref());
        told.flat_map(|told| serde_json::from_slice::<Vec<Act>>(told).unwrap()).collect()
    }

    /// Asks the server to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> (Exit, TempDir) {
        self.stop.take().unwrap().send(()).unwrap();
        (self.running.await.unwrap().unwrap(), self.folder)
    }

    /// Begins to stop; what is under way goes on.
    pub(crate) fn begin_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// How it ended.
    pub(crate) async fn ended(self) -> Exit {
        self.running.await.unwrap().unwrap()
    }

    /// A key with these scopes, made beside the running server.
    pub(crate) async fn key(&self, scopes: &[Scope], test: bool) -> String {
        let data = self.folder.path().to_str().unwrap();
        let said = Said::defaults().with("data", data, Source::Flag);
        let said = on_its_engine(said, self.folder.path());
        new_key(&Config::of(said).unwrap(), scopes, test).await
    }

    /// The same server, called with `key`.
    /// Puts a policy into force, by two keys; the second stays.
    pub(crate) async fn judge_by(&mut self, policy: &str) {
        let proposer = self.key(&[Scope::Admin], false).await;
        let approver = self.key(&Scope::ALL, false).await;
        let new = json!({ "text": policy });
        let new = self.as_key(&proposer).post("/v1/policies", &new).await.good();
        self.as_key(&approver);
        for act in ["approve", "activate"] {
            let path = format!("/v1/policies/{}/{act}", new["id"].as_str().unwrap());
            self.post(&path, &Value::Null).await.good();
        }
    }

    pub(crate) fn as_key(&mut self, key: &str) -> &mut Self {
        key.clone_into(&mut self.key);
        self
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key)
    }

    pub(crate) async fn decide(&self, event: Told) -> Answer {
        self.post("/v1/decisions", &event.0).await
    }

    pub(crate) async fn tell(&self, event: Told) -> Answer {
        self.post("/v1/events", &event.0).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Posts bytes as they are.
    pub(crate) async fn post_raw(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", kind);
        Answer::of(request.body(body.into())).await
    }
}

async fn new_key(config: &Config, scopes: &[Scope], test: bool) -> String {
    let store = open_store(config).await.unwrap();
    let minted = mint(&World::real(), "test", scopes, test);
    store.create_api_key(&minted.key, &minted.token).await.unwrap();
    store.close().await;
    minted.token
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// It was done; this was said.
    #[track_caller]
    pub(crate) fn good(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// It was refused with this status, as a problem.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.headers["x-request-id"].to_str().unwrap());
        problem
    }
}
