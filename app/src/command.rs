//! The command line: what was asked, with which settings, and how it ended.
//!
//! To add a command: a file in `command/` with `Args` and `run(args, &Call) -> Result<Exit,
//! Failure>`, a variant of [`Task`], and its arm in [`Task::run`].

pub mod audit;
pub mod clients;
pub mod config;
pub mod export;
pub mod keys;
pub mod lists;
pub mod mail;
pub mod members;
pub mod openapi;
pub mod policy;
pub mod replay;
pub mod serve;
pub mod statement;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{BadSetting, Config, Flags, Reach, Said};
use crate::world::{World, environment};

/// Sekisho (関所): the checkpoint of an online store against account takeover.
#[derive(Debug, Parser)]
#[command(name = "sekisho", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
    /// Read settings from this file; where absent, `sekisho.toml` in the current folder if it is
    /// there
    #[arg(long, global = true, value_name = "FILE", env = "SEKISHO_CONFIG")]
    config: Option<PathBuf>,
    /// Write for programs: one JSON object a line
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the server with its jobs
    Serve(serve::Args),
    /// Create, list and revoke the keys that stores call with
    Keys(keys::Args),
    /// Register, list and remove clients of the `OpenID` provider
    Clients(clients::Args),
    /// Bring a store's existing accounts along
    Members(members::Args),
    /// Look after what stands around the server, and the store's own lists
    Lists(lists::Args),
    /// Check that the log is the one that was written
    Audit(audit::Args),
    /// Print the settings in force and where each was said
    Config(config::Args),
    /// Print the OpenAPI 3.1 description of the API
    Openapi(openapi::Args),
    /// Write the log as lines of JSON: events, or decisions
    Export(export::Args),
    /// Check, try, compare and show policies
    Policy(policy::Args),
    /// Judge recorded events again
    Replay(replay::Args),
    /// Tell genuine mails from forged ones, offline
    Mail(mail::Args),
    /// Hold card statements against orders, offline
    Statement(statement::Args),
}

impl Task {
    fn run(self, call: &Call) -> Result<Exit, Failure> {
        match self {
            Self::Serve(args) => serve::run(args, call),
            Self::Keys(args) => keys::run(args, call),
            Self::Clients(args) => clients::run(args, call),
            Self::Members(args) => members::run(args, call),
            Self::Lists(args) => lists::run(args, call),
            Self::Audit(args) => audit::run(&args, call),
            Self::Config(args) => config::run(args, call),
            Self::Openapi(args) => openapi::run(args, call),
            Self::Export(args) => export::run(&args, call),
            Self::Policy(args) => policy::run(&args, call),
            Self::Replay(args) => replay::run(&args, call),
            Self::Mail(args) => mail::run(&args, call),
            Self::Statement(args) => statement::run(&args, call),
        }
    }
}

/// What every command is handed.
pub struct Call {
    /// The settings in force.
    pub config: Config,
    /// Time and chance.
    pub world: World,
    /// Write for programs.
    pub json: bool,
}

/// How a command ended, when it did what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to report: 0.
    Fine,
    /// There is something to look at: 1.
    Findings,
}

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The call itself makes no sense: 2.
    #[error("{0}")]
    BadUsage(String),
    /// What was given to work on cannot be read: 3.
    #[error("{0}")]
    BadInput(String),
    /// Begun and not brought to an end: 4.
    #[error("{0}")]
    Unfinished(String),
}

impl Failure {
    const fn code(&self) -> u8 {
        match self {
            Self::BadUsage(_) => 2,
            Self::BadInput(_) => 3,
            Self::Unfinished(_) => 4,
        }
    }

    /// `doing` could not be brought to an end because of `error` and what is behind it.
    pub fn unfinished(doing: &str, error: &dyn std::error::Error) -> Self {
        let mut text = format!("{doing}: {error}");
        let mut behind = error.source();
        while let Some(error) = behind {
            text = format!("{text}: {error}");
            behind = error.source();
        }
        Self::Unfinished(text)
    }
}

impl From<BadSetting> for Failure {
    fn from(bad: BadSetting) -> Self {
        Self::BadUsage(bad.to_string())
    }
}

/// Runs the command this process was called with.
pub fn main() -> ExitCode {
    run(std::env::args_os(), &World::real())
}

/// Runs the command that `words` ask for; complaints go to standard error.
pub fn run(words: impl IntoIterator<Item = OsString>, world: &World) -> ExitCode {
    let (task, call) = match understand(words, world) {
        Ok(understood) => understood,
        Err(Misunderstood::Words(error)) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
        Err(Misunderstood::Setting(bad)) => return fail(&bad.into()),
    };
    match task.run(&call) {
        Ok(Exit::Fine) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Err(failure) => fail(&failure),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "sekisho: {failure}");
    ExitCode::from(failure.code())
}

enum Misunderstood {
    Words(clap::Error),
    Setting(BadSetting),
}

impl From<clap::Error> for Misunderstood {
    fn from(error: clap::Error) -> Self {
        Self::Words(error)
    }
}

impl From<BadSetting> for Misunderstood {
    fn from(bad: BadSetting) -> Self {
        Self::Setting(bad)
    }
}

fn understand(
    words: impl IntoIterator<Item = OsString>,
    world: &World,
) -> Result<(Task, Call), Misunderstood> {
    let matches = command().try_get_matches_from(words)?;
    let line = CommandLine::from_arg_matches(&matches)?;
    let mut flags = Flags::default();
    flags.hear(&matches);
    if let Some((_, matches)) = matches.subcommand() {
        flags.hear(matches);
    }
    let here = PathBuf::from("sekisho.toml");
    let file = line.config.or_else(|| here.exists().then_some(here));
    let config = Config::of(Said::listen(&flags, environment, file.as_deref())?)?;
    Ok((line.task, Call { config, world: world.clone(), json: line.json }))
}

/// The command line with the flags of every setting.
pub fn command() -> clap::Command {
    ["serve", "config"].into_iter().fold(
        Flags::declare(CommandLine::command(), Reach::Everywhere),
        |command, name| {
            command.mut_subcommand(name, |command| Flags::declare(command, Reach::Serving))
        },
    )
}

/// Runs a command that waits, on this thread.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unfinished("cannot start", &error))?
        .block_on(work)
}

/// Writes `text` and an end of line to standard output; a closed pipe is the reader's choice.
pub fn say(text: impl AsRef<str>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.as_ref()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::unfinished("standard output", &error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    fn exit_of(words: &[&str]) -> ExitCode {
        run(words.iter().map(OsString::from), &World::real())
    }

    #[test]
    fn bad_usage_ends_with_two() {
        let two = format!("{:?}", ExitCode::from(2));
        assert_eq!(format!("{:?}", exit_of(&["sekisho", "config", "--listen", "nowhere"])), two);
        assert_eq!(format!("{:?}", exit_of(&["sekisho", "no-such-command"])), two);
    }
}
