//! The voice of the tests: `server.decide(login("u-1")).await.good()`.

mod clock;
mod engine;
mod events;
mod listener;
mod server;

pub(crate) use clock::Clock;
pub(crate) use events::{Told, login, order};
pub(crate) use listener::Listener;
pub(crate) use server::{Answer, Server};
