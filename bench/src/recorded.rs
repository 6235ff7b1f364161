//! Traffic of a believable shop, and its replay from disk.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::Serialize;
use sim::{Size, Traffic};
use tempfile::TempDir;

/// What replay showed.
#[derive(Debug, Serialize)]
pub(crate) struct Replayed {
    events: usize,
    accounts: usize,
    input_bytes: u64,
    seconds: f64,
    events_per_second: f64,
}

/// Events of a shop with so many accounts, in temporal order, without end.
pub(crate) fn events(accounts: usize) -> impl Iterator<Item = Vec<u8>> {
    let size = Size { accounts: accounts as u64, days: 3_650, ..Size::default() };
    Traffic::new(crate::SEED, size).map(|drawn| drawn.json.into_bytes())
}

/// Writes `count` events to disk and times the whole command that judges them, output included.
pub(crate) fn replay(program: &Path, accounts: usize, count: usize) -> Result<Replayed, String> {
    let folder = TempDir::with_prefix("sekisho-bench-").map_err(|error| error.to_string())?;
    let file = folder.path().join("events.ndjson");
    let input_bytes = write(&file, events(accounts).take(count)).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let status = Command::new(program)
        .arg("replay")
        .arg(&file)
        .arg("--out")
        .arg(folder.path().join("decisions.ndjson"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| error.to_string())?;
    let seconds = begun.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("sekisho replay: {status}"));
    }
    let events_per_second = count as f64 / seconds;
    Ok(Replayed { events: count, accounts, input_bytes, seconds, events_per_second })
}

fn write(file: &Path, events: impl Iterator<Item = Vec<u8>>) -> std::io::Result<u64> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let mut bytes = 0;
    for event in events {
        out.write_all(&event)?;
        out.write_all(b"\n")?;
        bytes += event.len() as u64 + 1;
    }
    out.flush()?;
    Ok(bytes)
}
