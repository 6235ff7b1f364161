//! Runs named steps one after another, timed; one step's failure does not hide the others.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// How a step ended.
pub(crate) type Outcome = Result<(), String>;

/// One step: its name and what it does.
pub(crate) struct Step {
    /// Short name, also what `--only` takes.
    pub(crate) name: &'static str,
    /// Does it; `Err` says in one line what failed.
    pub(crate) work: fn() -> Outcome,
}

struct Finished {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Runs `steps`, prints each with its duration and a last summary line.
pub(crate) fn run(steps: &[&Step]) -> ExitCode {
    let begun = Instant::now();
    let finished: Vec<Finished> = steps.iter().map(|step| run_one(step)).collect();
    println!();
    for one in &finished {
        let mark = if one.outcome.is_ok() { "ok    " } else { "FAILED" };
        let why = one.outcome.as_ref().err().map(|why| format!("  {why}")).unwrap_or_default();
        println!("{mark}  {:<10} {:>7.1} s{why}", one.name, one.took.as_secs_f64());
    }
    let failed: Vec<&str> =
        finished.iter().filter(|one| one.outcome.is_err()).map(|one| one.name).collect();
    let took = begun.elapsed().as_secs_f64();
    if failed.is_empty() {
        println!("xtask test: all {} steps passed in {took:.1} s", finished.len());
        return ExitCode::SUCCESS;
    }
    println!(
        "xtask test: {} of {} steps FAILED in {took:.1} s: {}",
        failed.len(),
        finished.len(),
        failed.join(", ")
    );
    ExitCode::FAILURE
}

fn run_one(step: &Step) -> Finished {
    println!("\n==> {}", step.name);
    let begun = Instant::now();
    let outcome = (step.work)();
    let took = begun.elapsed();
    match &outcome {
        Ok(()) => println!("<== {} ok, {:.1} s", step.name, took.as_secs_f64()),
        Err(why) => println!("<== {} FAILED, {:.1} s: {why}", step.name, took.as_secs_f64()),
    }
    Finished { name: step.name, outcome, took }
}

/// Runs a command with its output shown; `Err` names it and how it ended.
pub(crate) fn shown(command: &mut Command) -> Outcome {
    let line = format!("{command:?}").replace('"', "");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` ended with {status}")),
        Err(error) => Err(format!("`{line}` could not be started: {error}")),
    }
}

/// The cargo that runs us, in the workspace folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::root()).args(arguments);
    command
}
