//! A store with confirmed cases and a clock of its own.

use std::time::Duration;

use sekisho::config::{Said, Source};
use sekisho::world::World;
use serde_json::{Value, json};

use crate::support::{Answer, Clock, Listener, Server, order};

pub(crate) const FLAG: Source = Source::Flag;

pub(crate) struct Shop {
    pub(crate) server: Server,
    pub(crate) clock: Clock,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(|said| said).await
    }

    pub(crate) async fn with(settings: impl Fn(Said) -> Said) -> Self {
        let clock = Clock::default();
        let world = clock.world();
        let folder = tempfile::tempdir().unwrap();
        let settings = |said: Said| settings(said.with("policy-preset", "observe", Source::Flag));
        let server = Server::start_and(folder, settings, world, |_| ()).await;
        Self { server, clock }
    }

    /// The same, and webhooks go to `listener`.
    pub(crate) async fn listening(listener: &Listener, settings: impl Fn(Said) -> Said) -> Self {
        let allowed = listener.address.to_string();
        let shop =
            Self::with(|said| settings(said.with("webhooks-allow", &allowed, Source::Flag))).await;
        let url = format!("http://{}/", listener.address);
        shop.server.post("/v1/webhooks", &json!({ "url": url })).await.good();
        shop
    }

    /// A case of these orders and amounts, of which `confirmed` are ruled on.
    pub(crate) async fn case(&self, orders: &[(&str, i64)], confirmed: &[&str]) -> String {
        let account = format!("u-{}", orders[0].0);
        for (id, amount) in orders {
            let placed = order(&account)
                .id(&format!("placed-{id}"))
                .with("/status", "succeeded")
                .with("/occurred_at", sekisho::time::show(World::real().now()))
                .with("/order/id", *id)
                .with("/order/amount", *amount)
                .with("/context/ip", "198.51.100.66");
            self.server.tell(placed).await.good();
        }
        let ids: Vec<&str> = orders.iter().map(|(id, _)| *id).collect();
        let new =
            json!({ "account_id": account, "taken_over": true, "orders": ids, "agent": "sato" });
        let case = self.server.post("/v1/cases", &new).await.good();
        let case = case["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/cases/{case}/steps");
        let act = async |agent: &str, mut body: Value| {
            (body["agent"], body["reason"]) = (json!(agent), json!("a test"));
            self.server.post(&path, &body).await.good()
        };
        act("sato", json!({ "do": "take" })).await;
        for agent in ["sato", "ito"] {
            act(agent, json!({ "do": "see_document" })).await;
        }
        act("sato", json!({ "do": "contain" })).await;
        for id in confirmed {
            act("sato", json!({ "do": "rule", "order_id": id, "confirmed": true })).await;
            act("mori", json!({ "do": "approve", "order_id": id })).await;
        }
        case
    }

    pub(crate) async fn plan(&self, case: &str, body: Value) -> Answer {
        self.server.post(&format!("/v1/cases/{case}/restitutions"), &body).await
    }

    pub(crate) async fn step(&self, restitution: &str, mut body: Value) -> Answer {
        body["agent"] = json!("sato");
        self.server.post(&format!("/v1/restitutions/{restitution}/steps"), &body).await
    }

    pub(crate) async fn settle(&self, refund: &str, result: &str) -> Answer {
        let body = json!({ "result": result, "reference": "ref-1" });
        self.server.post(&format!("/v1/refunds/{refund}/result"), &body).await
    }

    /// The refunds of a restitution, once all of them are in `state`.
    pub(crate) async fn refunds_in(&self, restitution: &str, state: &str) -> Vec<Value> {
        let path = format!("/v1/restitutions/{restitution}");
        for _ in 0..400 {
            let refunds = self.server.get(&path).await.good()["refunds"].take();
            let refunds = refunds.as_array().unwrap().clone();
            if refunds.iter().all(|refund| refund["state"] == state) {
                return refunds;
            }
            sekisho::world::pause(Duration::from_millis(25)).await;
        }
        panic!("not {state}: {}", self.server.get(&path).await.text);
    }
}

/// An order of one line in one parcel, on one credit card.
pub(crate) fn one_parcel(order: &str, state: &str, amount: i64) -> Value {
    json!({
        "agent": "sato", "order_id": order, "currency": "JPY",
        "payments": [{ "id": "pi_1", "kind": "credit_card", "captured": amount }],
        "lines": [{ "id": "l-1", "parcel": "s-1",
                    "shares": [{ "component": "item", "amount": amount, "payment": "pi_1" }] }],
        "parcels": [{ "id": "s-1", "state": state, "carrier": "yamato", "tracking_number": "4000" }],
    })
}
