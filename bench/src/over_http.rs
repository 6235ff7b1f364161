//! Durable decisions over HTTP, beside a route that does nothing on the same server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use testbed::PrivatePostgres;

use crate::load::{Load, Requests, closed_loop, open_loop};
use crate::recorded;
use crate::server::{Engine, Server};

/// How much is sent.
pub(crate) struct Size {
    accounts: usize,
    decisions: usize,
    seconds: u64,
    /// Events told in batches to fill the database, and of how many accounts.
    filling: usize,
}

/// What one engine showed.
#[derive(Debug, Serialize)]
pub(crate) struct Durable {
    engine: &'static str,
    /// Let in and answered.
    noop: Vec<Load>,
    /// The same events let in, read and made observations of; neither judged nor stored.
    read_only: Load,
    decisions: Vec<Load>,
    /// Offered at half the rate that 64 connections reached.
    half_rate: Load,
    /// Decisions against no-ops at 64 connections.
    ratio_to_noop: f64,
    /// The same against `read_only`: the easier comparison, never a replacement of the one above.
    ratio_to_read_only: f64,
    /// After `events_stored` events of `accounts` accounts.
    events_stored: usize,
    accounts: usize,
    /// All files after an orderly stop, which writes SQLite's write-ahead log back.
    disk_bytes_per_event: f64,
    /// From the start of the process to its first answer, with that many events stored.
    restart_seconds: f64,
    resident_bytes: Option<u64>,
    /// Facts told in batches of 2,000 over [`FILLERS`] connections.
    told_per_second: f64,
}

/// Connections that fill the database.
const FILLERS: usize = 4;
/// Events in one request that fills.
const BATCH: usize = 2_000;
/// Events held at a time while filling.
const PART: usize = 50_000;

impl Size {
    pub(crate) const fn new(quick: bool) -> Self {
        if quick {
            Self { accounts: 10_000, decisions: 60_000, seconds: 2, filling: 100_000 }
        } else {
            Self { accounts: 100_000, decisions: 600_000, seconds: 10, filling: 1_000_000 }
        }
    }
}

/// Measures one engine on a fresh database.
pub(crate) fn measure(program: &Path, engine: &str, size: &Size) -> Result<Durable, String> {
    let engine = match engine {
        "postgresql" => Engine::Postgres(PrivatePostgres::start()?),
        _ => Engine::Sqlite,
    };
    let mut server = Server::start(program, engine)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(drive(&mut server, size)).map_err(|error| error.to_string())
}

async fn drive(server: &mut Server, size: &Size) -> std::io::Result<Durable> {
    let length = Duration::from_secs(size.seconds);
    let told_per_second = fill(server, size).await?;
    let (disk_bytes, restart_seconds) = server.restart().map_err(std::io::Error::other)?;
    let server = &*server;
    let later = recorded::events(size.accounts).skip(size.filling).take(size.decisions);
    let asked = Arc::new(Requests::json("/v1/decisions", &server.key, later.collect()));
    let few = recorded::events(size.accounts).take(size.decisions / 10).collect();
    let read = Arc::new(Requests::json("/v1/read-only", &server.key, few));
    let noop = Requests::json("/v1/noop", &server.key, vec![b"{}".to_vec()]);
    let noop = Arc::new(noop);
    let (mut noops, mut decisions) = (Vec::new(), Vec::new());
    for connections in [1, 8, 64] {
        noops.push(driven(server, &noop, connections, length).await?);
        decisions.push(driven(server, &asked, connections, length).await?);
    }
    let read_only = driven(server, &read, 64, length).await?;
    let (most, most_noop) = match (decisions.last(), noops.last()) {
        (Some(decided), Some(noop)) => (decided.per_second, noop.per_second),
        _ => (0.0, 0.0),
    };
    let half_rate = open_loop(server.address, &asked, 64, (most / 2.0, length)).await?;
    Ok(Durable {
        engine: server.engine(),
        noop: noops,
        ratio_to_read_only: most / read_only.per_second.max(1.0),
        read_only,
        decisions,
        half_rate,
        ratio_to_noop: most / most_noop.max(1.0),
        events_stored: size.filling,
        accounts: size.accounts,
        disk_bytes_per_event: disk_bytes as f64 / size.filling as f64,
        restart_seconds,
        resident_bytes: server.resident_bytes(),
        told_per_second,
    })
}

/// A closed loop, and what it cost the server.
async fn driven(
    server: &Server,
    requests: &Arc<Requests>,
    connections: usize,
    length: Duration,
) -> std::io::Result<Load> {
    let before = server.processor_us();
    let mut load = closed_loop(server.address, requests, connections, length).await?;
    let took = before.zip(server.processor_us()).map(|(before, after)| after - before);
    load.server_us_per_request = took.map(|us| us as f64 / load.requests.max(1) as f64);
    Ok(load)
}

/// Tells the server a shop's traffic; events a second, all durable.
async fn fill(server: &Server, size: &Size) -> std::io::Result<f64> {
    told(server, recorded::events(size.accounts).take(size.filling), size.filling).await
}

/// Tells the server `count` events in batches, and how far it is; events a second, all durable.
pub(crate) async fn told(
    server: &Server,
    events: impl Iterator<Item = Vec<u8>>,
    count: usize,
) -> std::io::Result<f64> {
    let mut events = events.peekable();
    let (mut told, mut took) = (0, Duration::ZERO);
    while events.peek().is_some() {
        let part: Vec<_> = events.by_ref().take(PART).collect();
        told += part.len();
        let bodies = part.chunks(BATCH).map(|batch| {
            batch.iter().flat_map(|event| event.iter().copied().chain([b'\n'])).collect()
        });
        let requests = Arc::new(Requests::ndjson("/v1/events", &server.key, bodies.collect()));
        let begun = tokio::time::Instant::now();
        crate::load::each_once(server.address, &requests, FILLERS).await?;
        took += begun.elapsed();
        if told.is_multiple_of((count / 10).max(1)) {
            println!("{}: {told} of {count} events told", server.engine());
        }
    }
    Ok(count as f64 / took.as_secs_f64())
}
