//! The two commands, and the bench: `cargo xtask test`, `cargo xtask demo`, `cargo xtask bench`.
#![expect(
    clippy::disallowed_methods,
    reason = "a development tool: it measures its own steps and reads its own environment"
)]

mod bench;
mod browser;
mod clients;
mod demo;
mod doc_links;
mod ip_data;
mod machine;
mod steps;
mod test;
#[cfg(test)]
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  test   install what is missing, then format, lints, all tests on SQLite and PostgreSQL, the pages
         in a browser, docs
         --only STEP   run the named step alone (may be given more than once)
         --list        name the steps
  demo   build, start a server in ./data/demo, send a small shop's traffic, say where to look
         --keep        keep what an earlier demo left
         --exit        end when the traffic is through
  bench  build for release and measure: judgement, memory, replay, decisions over HTTP
         --quick       a tenth of everything
         --only PART   assess, memory, growth, replay, sqlite, postgresql, desk-sqlite,
                       desk-postgresql
  ip-data [DIR]
         fetch IP to country and system from npm into DIR (default data/surroundings)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    match command {
        "test" => test::run(rest),
        "demo" => demo::run(rest),
        "bench" => bench::run(rest),
        "ip-data" => fetch_ip_data(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn fetch_ip_data(rest: &[String]) -> ExitCode {
    let into = rest.first().map_or_else(|| root().join("data/surroundings"), PathBuf::from);
    match ip_data::fetch_ip_data(&into) {
        Ok(()) => {
            println!("IP data is in {}", into.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(4)
        }
    }
}

/// The folder of the workspace, wherever the command was started.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), std::path::Path::to_path_buf)
}
