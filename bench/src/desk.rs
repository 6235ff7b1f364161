//! The desk at full size: a queue of many open cases, and accounts with long histories.
//!
//! Everything comes in as a store would send it: events are told, cases are opened over the API, and
//! an account is contained by the steps that two agents take.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use testbed::PrivatePostgres;

use crate::load::{Load, Requests, closed_loop, each_once, once};
use crate::over_http::told;
use crate::recorded;
use crate::server::{Engine, Server};

/// How much there is.
pub(crate) struct Size {
    /// Events of the shop's customers.
    pub(crate) events: usize,
    /// Open cases, each of an account of its own.
    pub(crate) cases: usize,
    /// Events of one account that is looked at and contained.
    pub(crate) heavy_events: usize,
}

/// What one engine showed.
#[derive(Debug, Serialize)]
pub(crate) struct Desk {
    engine: &'static str,
    events_stored: usize,
    open_cases: usize,
    /// Cases opened over the API, a second.
    opened_per_second: f64,
    /// The first page of the queue, one agent and eight at once.
    queue: Vec<Load>,
    /// A page from the middle of the queue.
    queue_in_the_middle: Load,
    /// Events of an account whose takeover window is looked at and which is contained.
    heavy_events: usize,
    /// Events in its takeover window.
    window_events: usize,
    /// A case with everything, the window above all; one agent.
    window: Load,
    /// Containing each of the heavy accounts once, in milliseconds, in order of size.
    contain_ms: Vec<f64>,
}

/// Accounts with long histories.
const HEAVY: usize = 20;
/// What an intruder did in each of them.
const NIGHT: usize = 60;
/// Connections that open cases.
const OPENERS: usize = 8;
const LENGTH: Duration = Duration::from_secs(10);

/// Measures one engine on a fresh database.
pub(crate) fn measure(program: &Path, engine: &str, size: &Size) -> Result<Desk, String> {
    let engine = match engine {
        "postgresql" => Engine::Postgres(PrivatePostgres::start()?),
        _ => Engine::Sqlite,
    };
    // Judgement opens no cases of its own: those that are counted are those that are opened here.
    let observing = [("SEKISHO_POLICY_PRESET", "observe")];
    let server = Server::start_with(program, engine, &observing)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(drive(&server, size)).map_err(|error| error.to_string())
}

async fn drive(server: &Server, size: &Size) -> std::io::Result<Desk> {
    told(server, recorded::events(size.cases).take(size.events), size.events).await?;
    let heavy = (0..HEAVY).flat_map(|number| history(number, size.heavy_events));
    told(server, heavy, HEAVY * size.heavy_events).await?;
    join(server)?;
    ask(server, "/v1/webhooks", &json!({ "url": "https://shop.example/hook" })).await?;
    let opened_per_second = open_cases(server, size.cases).await?;
    let queue = Arc::new(Requests::get("/v1/cases", &server.key));
    let queue = [
        closed_loop(server.address, &queue, 1, LENGTH).await?,
        closed_loop(server.address, &queue, 8, LENGTH).await?,
    ];
    let middle = middle_of_the_queue(server, size.cases / 2).await?;
    let middle = Arc::new(Requests::get(&format!("/v1/cases?cursor={middle}"), &server.key));
    let queue_in_the_middle = closed_loop(server.address, &middle, 1, LENGTH).await?;
    let mut cases = Vec::new();
    for number in 0..HEAVY {
        let new = json!({
            "account_id": name(number), "agent": "sato", "taken_over": true,
            "orders": [format!("{}-order-0", name(number))],
        });
        let case = ask(server, "/v1/cases", &new).await?.0;
        cases.push(text(&case, "/id")?);
    }
    let first = format!("/v1/cases/{}", cases.first().cloned().unwrap_or_default());
    let looked = Arc::new(Requests::get(&first, &server.key));
    let seen: Value = serde_json::from_slice(&once(server.address, &looked).await?.0)?;
    let window_events = many(&seen, "/window/events");
    let window = closed_loop(server.address, &looked, 1, LENGTH).await?;
    let mut contain_ms = Vec::new();
    for case in &cases {
        contain_ms.push(contain(server, case).await?.as_secs_f64() * 1_000.0);
    }
    contain_ms.sort_by(f64::total_cmp);
    Ok(Desk {
        engine: server.engine(),
        events_stored: size.events + HEAVY * size.heavy_events,
        open_cases: size.cases + HEAVY,
        opened_per_second,
        queue: queue.into(),
        queue_in_the_middle,
        heavy_events: size.heavy_events,
        window_events,
        window,
        contain_ms,
    })
}

/// Opens a case for each of `count` accounts, and tells how many a second.
async fn open_cases(server: &Server, count: usize) -> std::io::Result<f64> {
    // An account that no event named yet has no case: a sign-in of each comes first.
    let quiet = (0..count).map(|number| {
        json!({
            "event_id": format!("quiet-{number}"), "type": "login", "status": "succeeded",
            "account": { "id": format!("quiet-{number}") },
            "context": { "ip": "203.0.113.7", "user_agent": BROWSER, "device_token": "quiet" },
        })
        .to_string()
        .into_bytes()
    });
    told(server, quiet, count).await?;
    let new = |number: usize| {
        json!({ "account_id": format!("quiet-{number}"), "agent": "sato",
                "taken_over": number.is_multiple_of(3) })
    };
    let bodies = (0..count).map(|number| new(number).to_string().into_bytes()).collect();
    let requests = Arc::new(Requests::json("/v1/cases", &server.key, bodies));
    let begun = tokio::time::Instant::now();
    each_once(server.address, &requests, OPENERS).await?;
    println!("{}: {count} cases opened", server.engine());
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}

/// The cursor after about `count` cases.
async fn middle_of_the_queue(server: &Server, count: usize) -> std::io::Result<String> {
    let (mut seen, mut path) = (0, "/v1/cases?limit=500".to_owned());
    loop {
        let requests = Requests::get(&path, &server.key);
        let page: Value = serde_json::from_slice(&once(server.address, &requests).await?.0)?;
        let cursor = text(&page, "/next_cursor")?;
        seen += many(&page, "/items");
        if seen >= count {
            return Ok(cursor);
        }
        path = format!("/v1/cases?limit=500&cursor={cursor}");
    }
}

/// Two agents have seen a document, and one of them contains.
async fn contain(server: &Server, case: &str) -> std::io::Result<Duration> {
    let steps = format!("/v1/cases/{case}/steps");
    for agent in ["sato", "mori"] {
        let seen = json!({ "agent": agent, "do": "see_document", "reason": "a licence" });
        ask(server, &steps, &seen).await?;
    }
    let contain = json!({ "agent": "sato", "do": "contain", "reason": "two documents" });
    let (case, took) = ask(server, &steps, &contain).await?;
    let items = many(&case, "/contained");
    if items < 11 || text(&case, "/account_state")? != "locked" {
        return Err(std::io::Error::other(format!("not contained: {case}")));
    }
    Ok(took)
}

async fn ask(server: &Server, path: &str, body: &Value) -> std::io::Result<(Value, Duration)> {
    let requests = Requests::json(path, &server.key, vec![body.to_string().into_bytes()]);
    let (said, took) = once(server.address, &requests).await?;
    Ok((serde_json::from_slice(&said)?, took))
}

fn text(value: &Value, pointer: &str) -> std::io::Result<String> {
    let missing = || std::io::Error::other(format!("the server did not say {pointer}"));
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned).ok_or_else(missing)
}

fn many(value: &Value, pointer: &str) -> usize {
    value.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
}

fn name(number: usize) -> String {
    format!("heavy-{number}")
}

/// Makes members of the accounts with long histories, as an operator would.
fn join(server: &Server) -> std::io::Result<()> {
    let rows = (0..HEAVY)
        .map(|number| format!("{0},{0}@example.jp,2020-01-05T09:00:00+09:00,true\n", name(number)));
    let head = "account_id,email,registered_at,email_verified\n".to_owned();
    let file = server.file("members.csv");
    std::fs::write(&file, std::iter::once(head).chain(rows).collect::<String>())?;
    let file = file.display().to_string();
    server.run(&["members", "import", &file]).map_err(std::io::Error::other)
}

const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
                       (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

/// Two years of an owner who signs in, looks around and buys, and last night somebody else.
fn history(number: usize, events: usize) -> impl Iterator<Item = Vec<u8>> {
    const YEARS: i64 = 2 * 365 * 24 * 3_600;
    let now = Timestamp::now();
    let owns = events.saturating_sub(NIGHT);
    (0..events).map(move |index| {
        let owner = index < owns;
        let ago = if owner {
            let share = i64::try_from(index).unwrap_or(0) * (YEARS - 86_400);
            YEARS - share / i64::try_from(owns).unwrap_or(1)
        } else {
            36_000 - 60 * i64::try_from(index - owns).unwrap_or(0)
        };
        let at = now - SignedDuration::from_secs(ago);
        let order = if owner {
            index.is_multiple_of(40).then_some(index)
        } else {
            ((index - owns) % 3 == 1).then_some((index - owns) / 3)
        };
        event(&name(number), index, &at.to_string(), (owner, order)).to_string().into_bytes()
    })
}

fn event(account: &str, index: usize, at: &str, (owner, order): (bool, Option<usize>)) -> Value {
    let (ip, device, session) = if owner {
        ("203.0.113.7", "home".to_owned(), format!("{account}-day-{}", index / 20))
    } else {
        ("198.51.100.23", format!("{account}-other"), format!("{account}-night"))
    };
    let mut event = json!({
        "event_id": format!("{account}-{index}"), "type": "login", "status": "succeeded",
        "occurred_at": at, "account": { "id": account },
        "session": { "id": session },
        "context": { "ip": ip, "user_agent": BROWSER, "device_token": device },
    });
    if let (Some(order), Some(event)) = (order, event.as_object_mut()) {
        let whose = if owner { "own" } else { "order" };
        event.insert("type".to_owned(), json!("order.placed"));
        let order = json!({
            "id": format!("{account}-{whose}-{order}"), "amount": 48_000, "currency": "JPY",
            "lines": [{ "sku": "B00", "title": "Camera", "category": "camera", "quantity": 1,
                        "unit_amount": 48_000, "kind": "physical", "seller_id": "sel-3" }],
            "ship_to": { "address_id": if owner { "home" } else { "elsewhere" },
                         "country": "JP", "postcode": "100-0001" },
            "payment": { "kind": "credit_card", "fingerprint": "fp_1", "stored": true },
        });
        event.insert("order".to_owned(), order);
    }
    event
}
