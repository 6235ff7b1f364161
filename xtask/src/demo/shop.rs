//! The shop: what it sends, in the order in which it happened, and what came of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::client::Client;
use super::{Programs, output};

/// Events of history told in one request.
const BATCH: usize = 1_000;
/// From here on each event is sent by itself, as it happens: the days around the June night.
const LIVE_FROM: &str = "2026-06-01";

/// What came of the traffic.
pub(super) struct Sent {
    told: usize,
    asked: usize,
    verdicts: BTreeMap<String, usize>,
    patterns: BTreeMap<String, usize>,
    /// The account of the last decision that was not `allow`.
    account: String,
    /// That decision.
    decision: Option<String>,
}

/// Draws the traffic of the shop, and the lists of the simulated internet.
pub(super) fn draw(programs: &Programs, folder: &Path, shop: &[&str]) -> Result<(), String> {
    let sim = |arguments: &[&str], file: &str| {
        output(Command::new(&programs.sim).args(arguments).arg(folder.join(file))).map(drop)
    };
    sim(&[&["traffic"], shop, &["--out"]].concat(), "shop.ndjson")?;
    sim(&["lists"], "surroundings")
}

/// Sends everything through the API: history as facts, the last days one by one.
pub(super) fn send(client: &mut Client, folder: &Path) -> Result<Sent, String> {
    let mut events = read(&folder.join("shop.ndjson"))?;
    // What would come later belongs to the night, which the example store plays.
    events.retain(|event| event.at.as_str() < super::store::NIGHT_AT);
    events.sort_by(|a, b| a.at.cmp(&b.at));
    let live = events.partition_point(|event| event.at.as_str() < LIVE_FROM);
    let (history, live) = events.split_at(live);
    let mut sent = Sent {
        told: 0,
        asked: 0,
        verdicts: BTreeMap::new(),
        patterns: BTreeMap::new(),
        account: String::new(),
        decision: None,
    };
    println!("==> {} events of history, as facts", history.len());
    for batch in history.chunks(BATCH) {
        tell(client, batch)?;
        sent.told += batch.len();
    }
    println!("==> {} events from {LIVE_FROM} on, one by one", live.len());
    for event in live {
        send_one(client, event, &mut sent)?;
    }
    Ok(sent)
}

struct Event {
    at: String,
    account: String,
    asks: bool,
    line: String,
}

fn read(path: &Path) -> Result<Vec<Event>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines()
        .map(|line| {
            let event: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let text = |pointer| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            Ok(Event {
                at: text("/occurred_at").to_owned(),
                account: text("/account/id").to_owned(),
                // A sign-in is asked about whatever came of it, so that the demo can show it.
                asks: text("/status") == "attempted" || text("/type") == "login",
                line: line.to_owned(),
            })
        })
        .collect()
}

fn tell(client: &mut Client, batch: &[Event]) -> Result<(), String> {
    let lines: Vec<&str> = batch.iter().map(|event| event.line.as_str()).collect();
    let body = lines.join("\n");
    let answer = client.post("/v1/events", "application/x-ndjson", body.as_bytes())?;
    if answer.status == 200 {
        return Ok(());
    }
    Err(format!("/v1/events: {} {}", answer.status, String::from_utf8_lossy(&answer.body)))
}

fn send_one(client: &mut Client, event: &Event, sent: &mut Sent) -> Result<(), String> {
    if !event.asks {
        sent.told += 1;
        return tell(client, std::slice::from_ref(event));
    }
    let body: Value = serde_json::from_str(&event.line).map_err(|error| error.to_string())?;
    let decision = client.post_json("/v1/decisions", &body)?;
    sent.asked += 1;
    let text = |name| decision.get(name).and_then(Value::as_str);
    let verdict = text("verdict").unwrap_or_default();
    *sent.verdicts.entry(verdict.to_owned()).or_default() += 1;
    if let Some(pattern) = text("pattern") {
        *sent.patterns.entry(pattern.to_owned()).or_default() += 1;
    }
    if verdict != "allow" && !event.account.is_empty() {
        sent.decision = text("decision_id").map(str::to_owned);
        event.account.clone_into(&mut sent.account);
        // Guesses are refused by the hundred; the counts at the end tell of them.
        if verdict != "deny" {
            println!("    {} {}: {verdict}", event.at, decision_words(&decision));
        }
    }
    Ok(())
}

/// The reasons of a decision in the words the API gave.
fn decision_words(decision: &Value) -> String {
    let reasons = decision.get("reasons").and_then(Value::as_array);
    let texts = reasons.into_iter().flatten().filter_map(|reason| reason.get("text")?.as_str());
    texts.take(2).collect::<Vec<_>>().join("; ")
}

/// What to look at now, and how.
pub(super) fn say_where_to_look(sent: &Sent, address: &str, key: &str) {
    let list = |counts: &BTreeMap<String, usize>| {
        let counts = counts.iter().map(|(name, count)| format!("{count} {name}"));
        counts.collect::<Vec<_>>().join(", ")
    };
    println!("{} facts told, {} decisions: {}", sent.told, sent.asked, list(&sent.verdicts));
    if !sent.patterns.is_empty() {
        println!("recognised as guessing: {}", list(&sent.patterns));
    }
    let base = format!("http://{address}");
    let account = &sent.account;
    println!("\nTry (the account of the last doubt is {account}):");
    println!("  KEY={key}");
    for path in ["", "/timeline", "/changes"] {
        println!("  curl -H \"Authorization: Bearer $KEY\" {base}/v1/accounts/{account}{path}");
    }
    if let Some(decision) = &sent.decision {
        println!("  curl -H \"Authorization: Bearer $KEY\" {base}/v1/decisions/{decision}");
    }
    println!("  curl {base}/metrics        what is counted");
    println!("  curl {base}/openapi.json   every route");
    println!(
        "  curl -H \"Authorization: Bearer $KEY\" {base}/v1/decisions --json \
         '{{\"event_id\":\"try-1\",\"type\":\"login\",\"status\":\"attempted\",\
         \"account\":{{\"id\":\"{account}\"}},\"context\":{{\"ip\":\"198.51.100.7\"}}}}'"
    );
}
