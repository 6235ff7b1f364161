//! Private servers for tests and bench, in temporary folders on free ports; never a machine's own.

mod postgres;

pub use postgres::PrivatePostgres;

use std::net::TcpListener;

/// A TCP port on loopback that was free a moment ago.
pub fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
