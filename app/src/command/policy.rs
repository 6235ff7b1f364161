//! `sekisho policy`: check, try, compare and show policies; put them on a running server.

mod activate;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::policy::{Examples, PRESETS, Policy, PolicyDiff, PolicyError};
use serde_json::json;

use super::{Call, Exit, Failure, say};

/// What to do with policies.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Name everything that is wrong with a policy, with line and column
    Validate {
        /// The policy
        file: PathBuf,
    },
    /// Say whether a policy says what examples expect
    Test {
        /// The policy
        file: PathBuf,
        /// Examples: TOML, or one JSON object a line (`.ndjson`, `.jsonl`)
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        events: Vec<PathBuf>,
    },
    /// Say what a new version changes: rules added, removed, changed, moved
    Diff {
        /// The old version
        old: PathBuf,
        /// The new version
        new: PathBuf,
    },
    /// Propose a policy to a running server, approve it with another key, put it into force
    Activate(activate::Args),
    /// Print a policy that comes with Sekisho
    Show {
        /// Its name
        #[arg(long, value_parser = PRESETS)]
        preset: String,
    },
}

/// Does it: exit 1 where a policy is wrong, an example fails or versions differ.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    match &args.task {
        Task::Validate { file } => validate(file, call.json),
        Task::Test { file, events } => test(file, events, call.json),
        Task::Diff { old, new } => diff(&compiled(old)?, &compiled(new)?, call.json),
        Task::Activate(args) => activate::run(args, call),
        Task::Show { preset } => {
            say(Policy::preset_text(preset).unwrap_or_default().trim_end())?;
            Ok(Exit::Fine)
        }
    }
}

fn validate(file: &Path, as_json: bool) -> Result<Exit, Failure> {
    let text = read(file)?;
    let shown = file.display();
    match Policy::compile(&text) {
        Ok(policy) => {
            let (name, rules, digest) = (policy.name(), policy.len(), policy.digest());
            say(if as_json {
                let file = shown.to_string();
                json!({ "file": file, "name": name, "rules": rules, "digest": digest }).to_string()
            } else {
                format!("{shown}: {name}, {rules} rules, {digest}")
            })?;
            Ok(Exit::Fine)
        }
        Err(errors) => {
            for error in &errors {
                say(if as_json {
                    error_in_json(file, error)
                } else {
                    error_in_words(file, error)
                })?;
            }
            Ok(Exit::Findings)
        }
    }
}

fn test(file: &Path, events: &[PathBuf], as_json: bool) -> Result<Exit, Failure> {
    let policy = compiled(file)?;
    let mut failed = 0_usize;
    for path in events {
        for (place, example) in examples(path)?.examples.iter().enumerate() {
            let name = match example.name.as_str() {
                "" => format!("example {}", place + 1),
                name => name.to_owned(),
            };
            let differences = match policy.try_example(example) {
                Ok(()) => Vec::new(),
                Err(mismatch) => mismatch.differences,
            };
            let passed = differences.is_empty();
            failed += usize::from(!passed);
            say(if as_json {
                let file = path.display().to_string();
                json!({ "file": file, "name": name, "passed": passed, "differences": differences })
                    .to_string()
            } else if passed {
                format!("pass  {name}")
            } else {
                format!("FAIL  {name}: {}", differences.join("; "))
            })?;
        }
    }
    Ok(if failed == 0 { Exit::Fine } else { Exit::Findings })
}

fn diff(old: &Policy, new: &Policy, as_json: bool) -> Result<Exit, Failure> {
    let diff = PolicyDiff::between(old, new);
    if as_json {
        let written = serde_json::to_string(&diff);
        say(written.map_err(|error| Failure::unfinished("cannot write the answer", &error))?)?;
    } else {
        for rule in &diff.added {
            say(format!("added    {rule}"))?;
        }
        for rule in &diff.removed {
            say(format!("removed  {rule}"))?;
        }
        for rule in &diff.changed {
            say(format!("changed  {rule}"))?;
        }
        for moved in &diff.moved {
            say(format!("moved    {} from {} to {}", moved.rule, moved.from, moved.to))?;
        }
        for (kind, before, after) in &diff.defaults {
            say(format!("default  {kind} from {before} to {after}"))?;
        }
    }
    Ok(if diff.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// A policy that must be right; what is wrong with it ends the command.
fn compiled(file: &Path) -> Result<Policy, Failure> {
    Policy::compile(&read(file)?).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(|error| error_in_words(file, error)).collect();
        Failure::BadInput(format!("the policy is wrong\n{}", lines.join("\n")))
    })
}

fn examples(path: &Path) -> Result<Examples, Failure> {
    let text = read(path)?;
    let lines = path.extension().is_some_and(|kind| kind == "ndjson" || kind == "jsonl");
    let examples = if lines { Examples::from_ndjson(&text) } else { Examples::from_toml(&text) };
    examples.map_err(|error| Failure::BadInput(error_in_words(path, &error)))
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::BadInput(format!("{}: {error}", file.display())))
}

fn error_in_words(file: &Path, error: &PolicyError) -> String {
    format!("{}:{}:{}: {}", file.display(), error.line, error.column, error.message)
}

fn error_in_json(file: &Path, error: &PolicyError) -> String {
    json!({
        "file": file.display().to_string(), "line": error.line, "column": error.column,
        "message": error.message,
    })
    .to_string()
}
