//! The example store beside the server: made known to it, started, and its quiet months played.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::client::Client;
use super::{ADDRESS, Programs, output};

/// Where the store listens.
pub(super) const STORE: &str = "127.0.0.1:8480";
/// Browsers and the store itself go by this name, so that passkeys work.
pub(super) const PUBLIC: &str = "http://localhost:8480";
/// The quiet months begin; the store's play moves on from here.
pub(super) const BEGINS_AT: &str = "2025-12-10T09:00:00+09:00";
/// The traffic of everybody else ends here, and the night is about to begin.
pub(super) const NIGHT_AT: &str = "2026-06-03T20:30:00+09:00";
/// Looks until a play is over, and their pace.
const LOOKS: u32 = 1_200;
const PACE: Duration = Duration::from_millis(100);

/// The running store; it is stopped when this is dropped.
pub(super) struct Store(Child);

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Registers the store as a client; before the server runs.
pub(super) fn register(programs: &Programs, folder: &Path) -> Result<Value, String> {
    let data = folder.display().to_string();
    let callback = format!("{PUBLIC}/callback");
    let logout = format!("{PUBLIC}/backchannel-logout");
    let home = format!("{PUBLIC}/");
    let line = output(Command::new(&programs.sekisho).args([
        "clients",
        "create",
        "--json",
        "--name",
        "Minato Market",
        "--redirect-uri",
        &callback,
        "--post-logout-redirect-uri",
        &home,
        "--backchannel-logout-uri",
        &logout,
        "--data",
        &data,
    ]))?;
    serde_json::from_str(&line).map_err(|error| format!("clients create: {error}"))
}

impl Store {
    /// Subscribes it to webhooks and starts it.
    pub(super) fn start(
        programs: &Programs,
        folder: &Path,
        client: &Value,
        key: &str,
    ) -> Result<Self, String> {
        println!("==> the example store on {PUBLIC}");
        let hook = json!({ "url": format!("{PUBLIC}/webhooks") });
        let hook = Client::new(ADDRESS, key).post_json("/v1/webhooks", &hook)?;
        let text = |from: &Value, name: &str| {
            from.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let log = std::fs::File::create(folder.join("store.log"))
            .map_err(|error| format!("store.log: {error}"))?;
        let child = Command::new(&programs.store)
            .args(["--backstage", "--listen", STORE, "--public-url", PUBLIC])
            .args(["--sekisho", "http://localhost:8470", "--data"])
            .arg(folder.join("store"))
            .env("STORE_CLIENT_ID", text(client, "client_id"))
            .env("STORE_CLIENT_SECRET", text(client, "client_secret"))
            .env("STORE_KEY", key)
            .env("STORE_WEBHOOK_SECRET", text(&hook, "secret"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("the store cannot be started: {error}"))?;
        let store = Self(child);
        for _ in 0..LOOKS {
            if Client::new(STORE, "").get("/").is_ok_and(|answer| answer.status == 200) {
                return Ok(store);
            }
            std::thread::sleep(PACE);
        }
        Err("the store does not answer; see data/demo/store.log".to_owned())
    }
}

/// Plays what comes next on the page `/night`, to its end.
pub(super) fn play() -> Result<(), String> {
    let mut client = Client::new(STORE, "");
    client.post("/night", "application/x-www-form-urlencoded", b"")?;
    for _ in 0..LOOKS {
        let page = page(&mut client)?;
        if page.contains("class=\"problem\"") {
            return Err("the play broke off; see data/demo/store.log".to_owned());
        }
        if !page.contains("http-equiv=\"refresh\"") {
            return Ok(());
        }
        std::thread::sleep(PACE);
    }
    Err("the play does not end".to_owned())
}

/// What came of the orders of the night: for who is unguarded and who is guarded.
pub(super) fn outcome() -> Result<String, String> {
    let page = page(&mut Client::new(STORE, ""))?;
    let rows = page.split("<tr><td>").filter(|row| row.contains("Buys with"));
    let (mut taken, mut held, mut kept_out) = (0, 0, 0);
    for cells in rows.map(|row| row.split("<td>").skip(2).collect::<Vec<_>>()) {
        let says = |side: usize, word: &str| {
            cells.get(side).is_some_and(|cell| cell.to_lowercase().contains(word))
        };
        taken += u32::from(says(0, "taken ("));
        held += u32::from(says(1, "held"));
        kept_out += u32::from(says(1, "not taken"));
    }
    Ok(format!(
        "the store that only watches took {taken} orders of the intruder; \
         the one that obeys held {held} and did not take {kept_out}"
    ))
}

fn page(client: &mut Client) -> Result<String, String> {
    let answer = client.get("/night?lang=en")?;
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

/// What to open in a browser, and what to do there.
pub(super) fn say_what_to_do() {
    println!("\nIn a browser:");
    println!(
        "  {PUBLIC}/night              play the night of 3 to 4 June, with and without Sekisho"
    );
    println!(
        "  http://localhost:8470/report     report it as the owner (hanako@example.jp), locked out"
    );
    println!("  http://localhost:8470/mailbox    codes and notices that were sent");
    println!(
        "  http://localhost:8470/desk       the desk: register as sato@shop.example (agent) or"
    );
    println!(
        "                                   mori@shop.example (supervisor), switch two-step on"
    );
    println!(
        "  {PUBLIC}/backstage          warehouse, carrier, sellers, payments, an authenticator"
    );
}
