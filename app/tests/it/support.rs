//! The voice of the tests: `server.decide(login("u-1")).await.good()`.

mod events;
mod server;

pub(crate) use events::{Told, login, order};
pub(crate) use server::{Answer, Server};
