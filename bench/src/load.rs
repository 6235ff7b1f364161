//! A load generator for HTTP/1.1 over kept connections: cheap enough to share two cores with the
//! server it measures. It never retries and counts every answer that is not a 200.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// Latencies above this are counted as this.
const LATENCY_MAX_US: u64 = 60_000_000;

/// What is sent: one request after the other, each once.
pub(crate) struct Requests {
    head: Vec<u8>,
    bodies: Vec<Vec<u8>>,
    next: AtomicU64,
}

/// What one run showed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Load {
    pub(crate) connections: usize,
    /// Offered rate; `None` where each connection asks again as soon as it is answered.
    pub(crate) offered_per_second: Option<f64>,
    pub(crate) requests: u64,
    pub(crate) refused: u64,
    pub(crate) per_second: f64,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
    pub(crate) p999_us: u64,
    pub(crate) max_us: u64,
    /// Processor time of the server for one request.
    pub(crate) server_us_per_request: Option<f64>,
}

impl Requests {
    /// Requests of one kind; each body is sent once, then they start again from the first.
    pub(crate) fn json(path: &str, key: &str, bodies: Vec<Vec<u8>>) -> Self {
        Self::new("application/json", path, key, bodies)
    }

    /// The same for batches of events, one a line.
    pub(crate) fn ndjson(path: &str, key: &str, bodies: Vec<Vec<u8>>) -> Self {
        Self::new("application/x-ndjson", path, key, bodies)
    }

    /// One request without a body, again and again.
    pub(crate) fn get(path: &str, key: &str) -> Self {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\
             content-length: "
        );
        Self { head: head.into_bytes(), bodies: Vec::new(), next: AtomicU64::new(0) }
    }

    fn new(media: &str, path: &str, key: &str, bodies: Vec<Vec<u8>>) -> Self {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\
             content-type: {media}\r\ncontent-length: "
        );
        Self { head: head.into_bytes(), bodies, next: AtomicU64::new(0) }
    }

    fn write_next(&self, buffer: &mut Vec<u8>) {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        let index = usize::try_from(index).unwrap_or(0) % self.bodies.len().max(1);
        let body = self.bodies.get(index).map_or(&[][..], Vec::as_slice);
        buffer.clear();
        buffer.extend_from_slice(&self.head);
        buffer.extend_from_slice(format!("{}\r\n\r\n", body.len()).as_bytes());
        buffer.extend_from_slice(body);
    }
}

/// Sends every request once over some connections; anything but success is an error.
pub(crate) async fn each_once(
    server: SocketAddr,
    requests: &Arc<Requests>,
    connections: usize,
) -> std::io::Result<()> {
    let left = Arc::new(AtomicUsize::new(requests.bodies.len()));
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (requests, left) = (Arc::clone(requests), Arc::clone(&left));
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(server).await?;
            let one_less = |left: usize| left.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok() {
                let status = connection.ask(&requests).await?;
                if !(200..300).contains(&status) {
                    return Err(std::io::Error::other(format!("a batch was answered {status}")));
                }
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await.map_err(std::io::Error::other)??;
    }
    Ok(())
}

/// Asks once; the answer's body, and how long it took. Anything but success is an error.
pub(crate) async fn once(
    server: SocketAddr,
    requests: &Requests,
) -> std::io::Result<(Vec<u8>, Duration)> {
    let mut connection = Connection::open(server).await?;
    let begun = Instant::now();
    let status = connection.ask(requests).await?;
    let took = begun.elapsed();
    let end = connection.incoming.windows(4).position(|window| window == b"\r\n\r\n");
    let body = connection.incoming.split_off(end.map_or(0, |end| end + 4));
    if (200..300).contains(&status) {
        return Ok((body, took));
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    Err(std::io::Error::other(format!("{status}: {text}")))
}

/// Every connection asks again as soon as it is answered.
pub(crate) async fn closed_loop(
    server: SocketAddr,
    requests: &Arc<Requests>,
    connections: usize,
    length: Duration,
) -> std::io::Result<Load> {
    let until = Instant::now() + length;
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let mut connection = Connection::open(server).await?;
        let requests = Arc::clone(requests);
        tasks.push(tokio::spawn(async move {
            let mut tally = Tally::new();
            while Instant::now() < until {
                let begun = Instant::now();
                let status = connection.ask(&requests).await?;
                tally.add(begun.elapsed(), status);
            }
            std::io::Result::Ok(tally)
        }));
    }
    gather(tasks, connections, None, length).await
}

/// Requests leave at a fixed rate whatever the server does; latency counts from the moment a
/// request was due, so that waiting in our own queue is not left out (coordinated omission).
pub(crate) async fn open_loop(
    server: SocketAddr,
    requests: &Arc<Requests>,
    connections: usize,
    (per_second, length): (f64, Duration),
) -> std::io::Result<Load> {
    let begun = Instant::now();
    let due = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let mut connection = Connection::open(server).await?;
        let (requests, due) = (Arc::clone(requests), Arc::clone(&due));
        tasks.push(tokio::spawn(async move {
            let mut tally = Tally::new();
            loop {
                let number = due.fetch_add(1, Ordering::Relaxed);
                let at = begun + Duration::from_secs_f64(number as f64 / per_second);
                if at.duration_since(begun) >= length {
                    return std::io::Result::Ok(tally);
                }
                tokio::time::sleep_until(at).await;
                let status = connection.ask(&requests).await?;
                tally.add(at.elapsed(), status);
            }
        }));
    }
    gather(tasks, connections, Some(per_second), length).await
}

async fn gather(
    tasks: Vec<tokio::task::JoinHandle<std::io::Result<Tally>>>,
    connections: usize,
    offered_per_second: Option<f64>,
    length: Duration,
) -> std::io::Result<Load> {
    let mut all = Tally::new();
    for task in tasks {
        let tally = task.await.map_err(std::io::Error::other)??;
        all.refused += tally.refused;
        all.latencies.add(&tally.latencies).map_err(std::io::Error::other)?;
    }
    let requests = all.latencies.len();
    Ok(Load {
        connections,
        offered_per_second,
        requests,
        refused: all.refused,
        per_second: requests as f64 / length.as_secs_f64(),
        p50_us: all.latencies.value_at_quantile(0.5),
        p99_us: all.latencies.value_at_quantile(0.99),
        p999_us: all.latencies.value_at_quantile(0.999),
        max_us: all.latencies.max(),
        server_us_per_request: None,
    })
}

struct Tally {
    latencies: Histogram<u64>,
    refused: u64,
}

impl Tally {
    #[expect(clippy::expect_used, reason = "the bounds are constants")]
    fn new() -> Self {
        let latencies = Histogram::new_with_bounds(1, LATENCY_MAX_US, 3).expect("valid bounds");
        Self { latencies, refused: 0 }
    }

    fn add(&mut self, latency: Duration, status: u16) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(LATENCY_MAX_US);
        self.latencies.saturating_record(micros.max(1));
        self.refused += u64::from(status != 200);
    }
}

/// One kept connection.
struct Connection {
    stream: TcpStream,
    outgoing: Vec<u8>,
    incoming: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, outgoing: Vec::new(), incoming: Vec::with_capacity(8192) })
    }

    /// Sends the next request and reads its whole answer; returns the status.
    async fn ask(&mut self, requests: &Requests) -> std::io::Result<u16> {
        requests.write_next(&mut self.outgoing);
        self.stream.write_all(&self.outgoing).await?;
        self.incoming.clear();
        loop {
            if let Some((status, whole)) = answer(&self.incoming)
                && self.incoming.len() >= whole
            {
                return Ok(status);
            }
            if self.stream.read_buf(&mut self.incoming).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Status and length of the answer at the start of `bytes`, once its head is whole.
fn answer(bytes: &[u8]) -> Option<(u16, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    Some((status, end + 4 + length))
}
