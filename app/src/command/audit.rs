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
    let (records, broken) = match checked {
        ChainCheck::Whole(head) => (head.position, None),
        ChainCheck::Broken(position) => (*position, Some(*position)),
    };
    let chain = match checked {
        ChainCheck::Whole(head) => blake3::Hash::from_bytes(head.chain).to_hex().to_string(),
        ChainCheck::Broken(_) => String::new(),
    };
    if call.json {
        let found = serde_json::json!({ "records": records, "broken_at": broken, "head": chain });
        say(found.to_string())?;
    } else if let Some(position) = broken {
        say(format!("the log is not as it was written from record {position} on"))?;
    } else {
        say(format!("{records} records, each as it was written; head {chain}"))?;
    }
    Ok(if broken.is_some() { Exit::Findings } else { Exit::Fine })
}
