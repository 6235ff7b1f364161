//! `sekisho export`: the log as lines of JSON.

use std::io::Write as _;
use std::path::PathBuf;

use super::replay::{create, open_log};
use super::{Call, Exit, Failure};
use crate::replay::own_log::{export_decisions, export_events};

/// What to export.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write the decisions, in the form of `replay --out`, instead of the events
    #[arg(long)]
    decisions: bool,
    /// Where to; `-` is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

/// Writes the whole log of this instance, oldest first.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    let out = create(&args.out)?;
    let written = super::wait_for(async {
        let store = open_log(call).await?;
        let written = if args.decisions {
            export_decisions(&store, out).await
        } else {
            export_events(&store, out).await
        };
        store.close().await;
        written.map_err(|error| Failure::unfinished("export", &error))
    })?;
    let _ = writeln!(std::io::stderr(), "{written} events");
    Ok(Exit::Fine)
}
