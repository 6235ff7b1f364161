//! `cargo xtask test`: everything that must hold, in one run.

use std::process::ExitCode;

use crate::browser;
use crate::clients;
use crate::doc_links;
use crate::machine;
use crate::steps::{self, Outcome, Step, cargo, shown};

/// Cheap steps first, so that a small slip is seen early.
static STEPS: &[Step] = &[
    Step { name: "machine", work: machine::prepare },
    Step { name: "format", work: format },
    Step { name: "clippy", work: clippy },
    Step { name: "tests", work: tests },
    Step { name: "postgresql", work: on_postgres },
    Step { name: "clients", work: clients::check },
    Step { name: "browser", work: browser::check },
    Step { name: "docs", work: docs },
    Step { name: "doc-links", work: doc_links::check },
];

/// Runs the steps named by `--only`, or all.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let mut only = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.as_slice().first()) {
            ("--list", _) => {
                for step in STEPS {
                    println!("{}", step.name);
                }
                return ExitCode::SUCCESS;
            }
            ("--only", Some(name)) if STEPS.iter().any(|step| step.name == name) => {
                only.push(name.as_str());
                arguments.next();
            }
            ("--only", Some(name)) => {
                eprintln!("there is no step {name}; `cargo xtask test --list` names them");
                return ExitCode::from(2);
            }
            _ => {
                eprintln!("unknown argument: {argument}; see `cargo xtask help`");
                return ExitCode::from(2);
            }
        }
    }
    let wanted: Vec<&Step> =
        STEPS.iter().filter(|step| only.is_empty() || only.contains(&step.name)).collect();
    steps::run(&wanted)
}

fn format() -> Outcome {
    shown(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Outcome {
    shown(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}

/// The store's tests cover SQLite and PostgreSQL in one run; the app's run on SQLite here.
fn tests() -> Outcome {
    let path = machine::path_with_postgres();
    shown(cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]).env("PATH", path))
}

/// What a victim, an agent and an intruder meet, once more with a PostgreSQL below: the story from the
/// first sign-in to the closed case, cases and their money, call-backs, the desk, the threats.
const ON_POSTGRES: &[&str] =
    &["story::", "restitution::", "callbacks::", "desk::", "report::", "come_back::", "threats::"];

fn on_postgres() -> Outcome {
    let path = machine::path_with_postgres();
    let mut command = cargo(&["test", "-p", "sekisho", "--test", "it", "--locked", "--"]);
    command.args(ON_POSTGRES).env("SEKISHO_TEST_ENGINE", "postgresql").env("PATH", path);
    shown(&mut command)
}

fn docs() -> Outcome {
    shown(
        cargo(&["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}
