//! `sekisho serve`: the server with its jobs.

use super::{Call, Exit, Failure};

/// No arguments of its own: everything is a setting.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serves until asked to stop.
pub fn run(_: Args, _: &Call) -> Result<Exit, Failure> {
    Err(Failure::Unfinished("not yet".to_owned()))
}
