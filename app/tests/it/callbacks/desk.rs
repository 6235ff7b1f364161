//! A store whose desk is staffed around the clock, and somebody who has reported.

use std::time::Duration;

use domain::time::MINUTE;
use sekisho::config::{Said, Source};
use serde_json::{Value, json};

use crate::pages::browser::Browser;
use crate::support::{Answer, Clock, Listener, Server};

pub(super) const FLAG: Source = Source::Flag;
pub(super) const NUMBER: &str = "090-1234-5678";

pub(super) struct Desk {
    pub(super) server: Server,
    pub(super) clock: Clock,
}

impl Desk {
    pub(super) async fn with(settings: impl Fn(Said) -> Said) -> Self {
        let clock = Clock::default();
        let settings = |said: Said| {
            let said = said
                .with("policy-preset", "observe", FLAG)
                .with("development", "true", FLAG)
                .with("sms-gateway", "mailbox", FLAG)
                .with("desk-hours", "mon-sun 00:00-24:00", FLAG);
            settings(said)
        };
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start_and(folder, settings, clock.world(), |_| ()).await;
        Self { server, clock }
    }

    /// The store's own telephone, which hears of calls at `listener`.
    pub(super) async fn calling_by(listener: &Listener, settings: impl Fn(Said) -> Said) -> Self {
        let allowed = listener.address.to_string();
        let desk = Self::with(|said| {
            settings(said.with("callback-gateway", "webhook", FLAG).with(
                "webhooks-allow",
                &allowed,
                FLAG,
            ))
        })
        .await;
        let url = format!("http://{}/", listener.address);
        desk.server.post("/v1/webhooks", &json!({ "url": url })).await.good();
        desk
    }

    pub(super) async fn is_free(&self, agent: &str, minutes: i64) {
        let free = json!({ "agent": agent, "minutes": minutes });
        self.server.post("/v1/agents/free", &free).await.good();
    }

    /// Somebody who has reported, signed out, and stands at the page of calls.
    pub(super) async fn reporter(&self, login: &str) -> Browser {
        let mut browser = Browser::at(&self.server.url);
        browser.open("/report").await;
        browser.send("/report", &[("login", login), ("taken_over", "yes")]).await;
        browser.send("/report/details", &[("what", "orders at night")]).await;
        browser.send("/report/send", &[]).await;
        assert_eq!(browser.path, "/report/status", "{}", browser.html);
        browser.open("/report/call").await;
        assert_eq!(browser.path, "/report/call", "{}", browser.html);
        browser
    }

    /// A case that the desk opened, for an account that the store has told of.
    pub(super) async fn case(&self, account: &str) -> String {
        self.server.tell(crate::support::login(account)).await.good();
        let new = json!({ "account_id": account, "taken_over": true, "agent": "sato" });
        let case = self.server.post("/v1/cases", &new).await.good();
        case["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn book(&self, case: &str, mut body: Value) -> Answer {
        body["agent"] = json!("sato");
        self.server.post(&format!("/v1/cases/{case}/callbacks"), &body).await
    }

    pub(super) async fn step(&self, call: &Value, mut body: Value) -> Answer {
        body["agent"] = json!("sato");
        let id = call["id"].as_str().unwrap();
        self.server.post(&format!("/v1/callbacks/{id}/steps"), &body).await
    }

    /// The open call-backs, as the desk sees them.
    pub(super) async fn open_calls(&self) -> Vec<Value> {
        let all = self.server.get("/v1/callbacks").await.good();
        all["items"].as_array().unwrap().clone()
    }

    /// The case of the queue into which another report went, once it did.
    pub(super) async fn main_case_of_two(&self) -> String {
        for _ in 0..400 {
            let queue = self.server.get("/v1/cases").await.good();
            if queue["items"][0]["reports"] == 1 {
                return queue["items"][0]["id"].as_str().unwrap().to_owned();
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("no report went into another");
    }

    pub(super) async fn call(&self, id: &str) -> Value {
        self.server.get(&format!("/v1/callbacks/{id}")).await.good()
    }

    /// The call-back, once it stands there.
    pub(super) async fn call_at(&self, id: &str, state: &str) -> Value {
        for _ in 0..400 {
            let call = self.call(id).await;
            if call["state"] == state {
                return call;
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("not {state}: {}", self.call(id).await);
    }

    /// Long enough for whoever looks what is due to have looked twice.
    pub(super) async fn a_look_passes(&self) {
        sekisho::world::pause(Duration::from_millis(1_200)).await;
    }

    /// Puts the clock to so many minutes after `time`.
    pub(super) fn to(&self, time: &Value, minutes: i64) {
        let at = sekisho::time::read(time.as_str().unwrap()).unwrap();
        self.clock.forward(at.since(self.clock.now()) + minutes * MINUTE);
    }

    /// An RFC 3339 time so many minutes from now.
    pub(super) fn minutes_from_now(&self, minutes: i64) -> String {
        sekisho::time::show(self.clock.now().plus(minutes * MINUTE))
    }
}
