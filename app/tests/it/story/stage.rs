//! Both sides on one stage: our server and the example store, on a clock that is put forward.

use std::time::Duration;

use example_store::{Settings, Shop, serve};
use sekisho::config::{Said, Source};
use sekisho::world::{World, pause};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Answer, Server};

const BEGINS: &str = "2025-12-10T09:00:00+09:00";
/// Looks until something has happened.
const LOOKS: u32 = 1_200;

pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) store: String,
    http: reqwest::Client,
}

impl Stage {
    /// Both are open, and know of each other what a store and Sekisho know.
    pub(super) async fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let store = format!("http://{address}");
        // The issuer is what the store is told, so the port is known before the server listens.
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let [listen, public] = [free.to_string(), format!("http://{free}")];
        let [allowed, proved] = [address.to_string(), format!("{store}/proved")];
        let settings = |said: Said| {
            let flags = [
                ("listen", listen.as_str()),
                ("public-url", &public),
                ("development", "true"),
                ("development-clock", BEGINS),
                ("mail-gateway", "mailbox"),
                ("sms-gateway", "mailbox"),
                ("trusted-proxies", "127.0.0.0/8"),
                ("webhooks-allow", &allowed),
                ("challenge-return-urls", &proved),
                ("carriers", "minato"),
            ];
            flags.into_iter().fold(said, |said, (name, value)| said.with(name, value, Source::Flag))
        };
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("store");
        let server = Server::start_and(folder, settings, World::real(), |_| ()).await;
        let client = json!({
            "name": "Minato", "kind": "confidential",
            "redirect_uris": [format!("{store}/callback")],
            "post_logout_redirect_uris": [format!("{store}/")],
            "backchannel_logout_uri": format!("{store}/backchannel-logout"),
        });
        let client = server.post("/v1/clients", &client).await.good();
        let hook = json!({ "url": format!("{store}/webhooks") });
        let hook = server.post("/v1/webhooks", &hook).await.good();
        let text = |from: &Value, name: &str| from[name].as_str().unwrap().to_owned();
        let settings = Settings {
            data,
            listen: address,
            public_url: store.clone(),
            sekisho: server.url.clone(),
            client_id: text(&client, "client_id"),
            client_secret: text(&client, "client_secret"),
            key: server.key(&sekisho::keys::Scope::ALL, false).await,
            webhook_secret: text(&hook, "secret"),
            decision_timeout_ms: 20_000,
            backstage: true,
        };
        let shop = Shop::open(settings).await.unwrap();
        tokio::spawn(serve(listener, shop, std::future::pending()));
        Self { server, store, http: reqwest::Client::new() }
    }

    /// Plays what comes next on the store's page, to its end.
    pub(super) async fn play(&self) {
        self.http.post(format!("{}/night", self.store)).send().await.unwrap();
        for _ in 0..LOOKS {
            let page = self.page("/night").await;
            assert!(!page.contains("途中で止まりました"), "{page}");
            if !page.contains("再生中です") {
                return;
            }
            pause(Duration::from_millis(50)).await;
        }
        panic!("the play does not end: {}", self.page("/night").await);
    }

    /// A page of the store, to somebody who is not signed in.
    pub(super) async fn page(&self, path: &str) -> String {
        let page = self.http.get(format!("{}{path}", self.store)).send().await.unwrap();
        page.text().await.unwrap().replace("&#x2f;", "/")
    }

    /// The same, once `words` stand on it so often.
    pub(super) async fn page_with(&self, path: &str, words: &str, count: usize) -> String {
        for _ in 0..LOOKS {
            let page = self.page(path).await;
            if page.matches(words).count() >= count {
                return page;
            }
            pause(Duration::from_millis(50)).await;
        }
        panic!("not {count} of {words}: {}", self.page(path).await);
    }

    /// What came of each act of the night for the unguarded and the guarded member.
    pub(super) async fn came(&self) -> Vec<[String; 2]> {
        let page = self.page("/night").await;
        let rows = page.split("<tr><td>").skip(1);
        let cells = rows.map(|row| {
            row.split("<td>").skip(2).map(|cell| cell.split("</td>").next().unwrap().to_owned())
        });
        cells.map(|row| row.collect::<Vec<_>>().try_into().unwrap()).collect()
    }

    /// The store's id of the member with this address.
    pub(super) async fn member(&self, mail: &str) -> String {
        let page = self.page("/backstage").await;
        let link = page.split("/backstage/statements/").skip(1).find(|rest| rest.contains(mail));
        link.unwrap_or_else(|| panic!("no {mail}: {page}")).split('"').next().unwrap().to_owned()
    }

    /// Something happens behind the shop.
    pub(super) async fn backstage(&self, order: &str, act: &str, parcel: &str) {
        let form = [("do", act), ("parcel", parcel)];
        let path = format!("{}/backstage/orders/{order}", self.store);
        let answer = self.http.post(path).form(&form).send().await.unwrap();
        assert!(answer.status().is_success(), "{act}: {}", answer.text().await.unwrap());
    }

    pub(super) async fn clock_forward(&self, hours: i64) {
        let form = [("hours", hours.to_string())];
        let path = format!("{}/night/clock", self.store);
        assert!(self.http.post(path).form(&form).send().await.unwrap().status().is_success());
    }

    pub(super) async fn step(&self, case: &str, agent: &str, mut body: Value) -> Answer {
        body["agent"] = json!(agent);
        self.server.post(&format!("/v1/cases/{case}/steps"), &body).await
    }

    /// What `path` says, once it is `ready`.
    pub(super) async fn until(&self, path: &str, ready: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..LOOKS {
            let said = self.server.get(path).await.good();
            if ready(&said) {
                return said;
            }
            pause(Duration::from_millis(50)).await;
        }
        panic!("{path}: {}", self.server.get(path).await.text);
    }
}
