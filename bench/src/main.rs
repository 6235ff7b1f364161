//! Measures what design §7 asks for, on this machine, in one run; prints a table and writes JSON.
//!
//! Ratios are taken within the run: the no-op route and the decisions come from the same server,
//! driven by the same load generator on the same cores.

#![expect(clippy::disallowed_methods, reason = "a bench is about the clock")]
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod desk;
mod footprint;
mod judgement;
mod load;
mod over_http;
mod recorded;
mod server;

use std::alloc::System;
use std::path::PathBuf;

use clap::Parser;
use domain::policy::Policy;
use serde::Serialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

/// The system's allocator, counted. (The server runs on mimalloc; judgement hardly allocates.)
#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What to measure.
#[derive(Debug, Parser)]
struct Arguments {
    /// Release build of `sekisho`
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// Where the JSON goes
    #[arg(long, value_name = "FILE", default_value = "target/bench.json")]
    out: PathBuf,
    /// A tenth of everything: shows that it runs, not how fast
    #[arg(long)]
    quick: bool,
    /// Only these parts: assess, memory, growth, replay, sqlite, postgresql, desk-sqlite,
    /// desk-postgresql
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Largest number of accounts in the growth curve
    #[arg(long, default_value_t = 10_000_000)]
    growth_max: usize,
    /// Events stored before the desk is measured
    #[arg(long, default_value_t = 1_000_000)]
    desk_events: usize,
}

/// Everything measured in one run.
#[derive(Debug, Default, Serialize)]
struct Measured {
    conditions: Conditions,
    assess: Option<judgement::Assess>,
    memory: Option<footprint::Footprint>,
    growth: Vec<footprint::Footprint>,
    replay: Option<recorded::Replayed>,
    http: Vec<over_http::Durable>,
    desk: Vec<desk::Desk>,
}

/// On what machine and with what size.
#[derive(Debug, Default, Serialize)]
struct Conditions {
    processor: String,
    cores: usize,
    quick: bool,
    seed: u64,
}

/// Seed of all traffic here.
const SEED: u64 = 20_260_603;

fn main() -> Result<(), String> {
    let arguments = Arguments::parse();
    let policy = Policy::preset("marketplace").ok_or("no preset `marketplace`")?;
    let scale = |size: usize| if arguments.quick { size / 10 } else { size };
    let wants = |part: &str| arguments.only.is_empty() || arguments.only.iter().any(|p| p == part);
    let mut measured = Measured { conditions: conditions(&arguments), ..Measured::default() };
    if wants("assess") {
        let events: Vec<_> = recorded::events(scale(20_000)).take(scale(400_000)).collect();
        measured.assess = Some(shown(judgement::assess_cost(&events, &policy)));
    }
    if wants("memory") {
        // About twelve sign-ins an account.
        let events = recorded::events(scale(20_000)).take(scale(20_000) * 40);
        measured.memory = Some(shown(footprint::of_traffic(events, &policy)));
    }
    if wants("growth") {
        let (town, mut towns) = (footprint::town(), 1);
        while towns * footprint::TOWN <= scale(arguments.growth_max) {
            measured.growth.push(shown(footprint::of_towns(&town, towns, &policy)));
            towns *= 10;
        }
    }
    if wants("replay") {
        let program = &arguments.program;
        let replayed = recorded::replay(program, scale(100_000), scale(1_000_000))?;
        measured.replay = Some(shown(replayed));
    }
    for engine in ["sqlite", "postgresql"] {
        if wants(engine) {
            let size = over_http::Size::new(arguments.quick);
            measured.http.push(shown(over_http::measure(&arguments.program, engine, &size)?));
        }
    }
    for engine in ["sqlite", "postgresql"] {
        if wants(&format!("desk-{engine}")) {
            let size = desk::Size {
                events: scale(arguments.desk_events),
                cases: scale(100_000),
                heavy_events: 10_000,
            };
            measured.desk.push(shown(desk::measure(&arguments.program, engine, &size)?));
        }
    }
    let text = serde_json::to_string_pretty(&measured).map_err(|error| error.to_string())?;
    std::fs::write(&arguments.out, text).map_err(|error| error.to_string())?;
    println!("written: {}", arguments.out.display());
    Ok(())
}

/// Prints a part as soon as it is measured.
fn shown<T: Serialize>(part: T) -> T {
    println!("{}", serde_json::to_string_pretty(&part).unwrap_or_default());
    part
}

fn conditions(arguments: &Arguments) -> Conditions {
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    Conditions {
        processor: processor.unwrap_or_else(|| "unknown".to_owned()),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        quick: arguments.quick,
        seed: SEED,
    }
}
