//! Sekisho, as the store calls it: questions that somebody waits for, and facts that are told later.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, StatusCode, redirect};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::book::Telling;
use crate::clock::pause;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::shop::Shop;

/// Longest wait for anything but a decision.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between looks into what is to be told.
const IDLE: Duration = Duration::from_millis(200);
/// After Sekisho did not take something.
const AGAIN: Duration = Duration::from_secs(2);
/// Looks between two readings of Sekisho's clock.
const CLOCK_LOOKS: u32 = 5;

/// Who calls, and with which key.
pub(crate) struct Sekisho {
    http: Client,
    url: String,
    key: String,
    decision_timeout: Duration,
}

/// What Sekisho decided, as much of it as the store obeys.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Decision {
    #[serde(rename = "decision_id")]
    pub(crate) id: Option<String>,
    pub(crate) verdict: String,
    #[serde(default)]
    pub(crate) obligations: Vec<String>,
    #[serde(default)]
    pub(crate) score: f64,
}

impl Decision {
    pub(crate) fn obliges(&self, obligation: &str) -> bool {
        self.obligations.iter().any(|one| one == obligation)
    }
}

impl Sekisho {
    pub(crate) fn of(settings: &Settings) -> Result<Self, Failure> {
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self {
            http,
            url: settings.sekisho.trim_end_matches('/').to_owned(),
            key: settings.key.clone(),
            decision_timeout: Duration::from_millis(settings.decision_timeout_ms),
        })
    }

    /// Asks what to do; `None` where there is no answer in time, and the store decides alone.
    pub(crate) async fn decide(&self, event: &Value, shadow: bool) -> Option<Decision> {
        let mut asked = event.clone();
        if let (true, Some(asked)) = (shadow, asked.as_object_mut()) {
            asked.insert("mode".to_owned(), json!("shadow"));
        }
        let request = self.request(reqwest::Method::POST, "/v1/decisions").json(&asked);
        let answer = request.timeout(self.decision_timeout).send().await.ok()?;
        match answer.error_for_status() {
            Ok(answer) => answer.json().await.ok(),
            Err(error) => {
                tracing::warn!(status = ?error.status(), "Sekisho refuses a question");
                None
            }
        }
    }

    /// Calls the API; anything but 2xx is an error that says what Sekisho said.
    pub(crate) async fn call(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let answer = self.request(reqwest::Method::POST, path).json(body).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if status.is_success() {
            return Ok(serde_json::from_str(&text)?);
        }
        Err(Failure::Sekisho(format!("{path}: {status} {text}")))
    }

    /// A form for one of the provider's own endpoints.
    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> Result<Value, Failure> {
        let request = self.http.post(format!("{}{path}", self.url)).form(form);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// A document that anybody may read, or that `token` opens.
    pub(crate) async fn read(&self, path: &str, token: Option<&str>) -> Result<Value, Failure> {
        let request = self.http.get(format!("{}{path}", self.url));
        let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Puts the clock forward, where Sekisho has one for development.
    pub(crate) async fn put_clock_forward(&self, at: Timestamp) -> Result<(), Failure> {
        self.call("/v1/clock", &json!({ "at": at.to_string() })).await.map(drop)
    }

    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key)
    }
}

impl Shop {
    /// Tells what is to be told, in order, for ever. What Sekisho will never take is dropped with a
    /// word in the log; what it cannot take now waits.
    pub(crate) async fn keep_telling(shop: Arc<Self>) {
        for round in 0_u32.. {
            if round.is_multiple_of(CLOCK_LOOKS) {
                shop.look_at_the_clock().await;
            }
            match shop.tell_next().await {
                Ok(true) => {}
                Ok(false) => pause(IDLE).await,
                Err(error) => {
                    tracing::warn!(%error, "Sekisho is not told yet");
                    pause(AGAIN).await;
                }
            }
        }
    }

    /// Whether there was something to tell.
    async fn tell_next(&self) -> Result<bool, Failure> {
        let Some(Telling { number, path, body }) = self.book.next_telling().await? else {
            return Ok(false);
        };
        let request = self.sekisho.request(reqwest::Method::POST, &path);
        let answer = request.header("content-type", "application/json").body(body).send().await?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Failure::Sekisho(status.to_string()));
        }
        // A conflict says that it was done already, or is too late: no use in saying it again.
        if !status.is_success() {
            let said = answer.text().await.unwrap_or_default();
            tracing::warn!(%status, path, said, "Sekisho does not take this");
        }
        self.book.told(number).await?;
        Ok(true)
    }

    pub(crate) async fn look_at_the_clock(&self) {
        let Ok(said) = self.sekisho.read("/v1/clock", None).await else { return };
        let at = said.get("at").and_then(Value::as_str).and_then(|at| at.parse().ok());
        if let Some(at) = at {
            self.clock.follow(at);
        }
    }

    /// Waits until everything is told.
    pub(crate) async fn all_told(&self) -> Result<(), Failure> {
        while self.book.next_telling().await?.is_some() {
            pause(IDLE / 10).await;
        }
        Ok(())
    }
}
