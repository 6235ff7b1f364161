//! Somebody who is signed in, and a clock that can be moved: for tests, never in the server.

use std::net::TcpListener;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use axum::http::HeaderMap;
use domain::session::Strength;
use domain::time::{Micros, SECOND};
use sekisho::config::Source;
use sekisho::http::House;
use sekisho::openid::{Later, Person, SignIn, SignedIn, session_ended};

use crate::support::Server;

pub(super) const COOKIE: &str = "test_session=1";

/// The session there is, and by how much the server's clock goes ahead.
#[derive(Clone)]
pub(super) struct World {
    session: Arc<Mutex<Option<SignedIn>>>,
    ahead: Arc<AtomicI64>,
}

struct Gate {
    world: World,
    house: Weak<House>,
}

fn real_now() -> Micros {
    sekisho::world::World::real().now()
}

impl World {
    fn new() -> Self {
        let world = Self { session: Arc::default(), ahead: Arc::default() };
        *world.session.lock().unwrap() = Some(SignedIn {
            account: "u-1".to_owned(),
            session: 7,
            auth_time: real_now(),
            strength: Strength::Single,
            amr: vec!["pwd".to_owned()],
        });
        world
    }

    pub(super) fn now(&self) -> Micros {
        real_now().plus(self.ahead.load(Ordering::Relaxed))
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.ahead.fetch_add(seconds * SECOND, Ordering::Relaxed);
    }

    pub(super) fn prove(&self) {
        let now = self.now();
        if let Some(session) = self.session.lock().unwrap().as_mut() {
            session.auth_time = now;
        }
    }

    pub(super) fn sign_out(&self) {
        *self.session.lock().unwrap() = None;
    }
}

impl SignIn for Gate {
    fn signed_in<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Option<SignedIn>> {
        let shown = headers.get("cookie").is_some_and(|cookie| cookie == COOKIE);
        let session = self.world.session.lock().unwrap().clone().filter(|_| shown);
        Box::pin(async move { Ok(session) })
    }

    fn lives<'a>(&'a self, _: &'a str, session: u128) -> Later<'a, bool> {
        let held = self.world.session.lock().unwrap();
        let lives = held.as_ref().is_some_and(|held| held.session == session);
        Box::pin(async move { Ok(lives) })
    }

    fn person<'a>(&'a self, account: &'a str) -> Later<'a, Option<Person>> {
        let email = Some(format!("{account}@example.jp"));
        let person = Person { email, email_verified: true, ..Person::default() };
        Box::pin(async move { Ok(Some(person)) })
    }

    fn end<'a>(&'a self, account: &'a str, session: u128) -> Later<'a, ()> {
        self.world.sign_out();
        let house = self.house.upgrade().unwrap();
        Box::pin(async move { session_ended(&house, account, session).await })
    }
}

/// A server whose one visitor is signed in.
pub(super) async fn serve() -> (Server, World) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = World::new();
    let (url, listen) = (format!("http://{free}"), free.to_string());
    let clock = world.clone();
    let server =
        Server::start_and(
            tempfile::tempdir().unwrap(),
            move |said| {
                said.with("public-url", &url, Source::Flag)
                    .with("listen", &listen, Source::Flag)
                    .with("webhooks-allow", "127.0.0.1:18479", Source::Flag)
            },
            sekisho::world::World::of(
                move || clock.now(),
                |out| sekisho::world::World::real().random(out),
            ),
            |running| {
                running.sign_in_with(|house| {
                    Arc::new(Gate { world: world.clone(), house: Arc::downgrade(house) })
                });
            },
        )
        .await;
    (server, world)
}
