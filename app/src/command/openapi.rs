//! `sekisho openapi`: the description of the API, as the server serves it.

use super::{Call, Exit, Failure, say};

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the description.
pub fn run(_: Args, _: &Call) -> Result<Exit, Failure> {
    say(crate::openapi::json().trim_end())?;
    Ok(Exit::Fine)
}
