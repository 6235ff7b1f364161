//! `sekisho keys`: the keys that stores call with, straight from the database.

use super::{Call, Exit, Failure};

/// What to do with keys.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Does it.
pub fn run(_: Args, _: &Call) -> Result<Exit, Failure> {
    Err(Failure::Unfinished("not yet".to_owned()))
}
