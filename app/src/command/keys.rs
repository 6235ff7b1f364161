//! `sekisho keys`: the keys that stores call with, straight from the database, also while a server
//! runs on it.

use clap::Subcommand;
use domain::time::Micros;
use serde_json::json;
use store::{ApiKey, Store};

use super::{Call, Exit, Failure, say};
use crate::instance::open_store;
use crate::keys::{Scope, mint};

/// What to do with keys.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Make a key and print it, alone, on standard output; it is never shown again
    Create {
        /// What to call it
        #[arg(long)]
        name: String,
        /// What it may do: decide, read, desk, admin
        #[arg(long, value_delimiter = ',', required = true, value_parser = scope)]
        scopes: Vec<Scope>,
        /// For integration tests: the reserved accounts `test_allow` … answer to it
        #[arg(long)]
        test: bool,
    },
    /// Print every key, without the key
    List,
    /// Make a key useless, for ever and within seconds
    Revoke {
        /// The key's id, `key_…`
        id: String,
    },
}

fn scope(name: &str) -> Result<Scope, String> {
    Scope::named(name).ok_or_else(|| "one of decide, read, desk, admin".to_owned())
}

/// Does it.
pub fn run(args: Args, call: &Call) -> Result<Exit, Failure> {
    super::wait_for(async {
        let failed = |error| Failure::unfinished("the database", &error);
        let store = open_store(&call.config).await.map_err(failed)?;
        let done = run_on(&store, args.task, call).await;
        store.close().await;
        done
    })
}

async fn run_on(store: &Store, task: Task, call: &Call) -> Result<Exit, Failure> {
    let failed = |error| Failure::unfinished("the database", &error);
    match task {
        Task::Create { name, scopes, test } => {
            let minted = mint(&call.world, &name, &scopes, test);
            store.create_api_key(&minted.key, &minted.token).await.map_err(failed)?;
            if call.json {
                say(json!({ "id": minted.key.id, "key": minted.token }).to_string())?;
            } else {
                say(minted.token)?;
            }
        }
        Task::List => {
            for key in store.api_keys().await.map_err(failed)? {
                say(if call.json { in_json(&key) } else { in_words(&key) })?;
            }
        }
        Task::Revoke { id } => {
            if !store.revoke_api_key(&id, call.world.now()).await.map_err(failed)? {
                return Err(Failure::BadInput(format!("no key in force has the id {id}")));
            }
        }
    }
    Ok(Exit::Fine)
}

fn in_json(key: &ApiKey) -> String {
    json!({
        "id": key.id, "name": key.name, "scopes": key.scopes, "test": key.test,
        "created_at": shown(key.created_at), "revoked_at": key.revoked_at.map(shown),
        "last_used_at": key.last_used_at.map(shown),
    })
    .to_string()
}

fn in_words(key: &ApiKey) -> String {
    let kind = if key.test { "test" } else { "live" };
    let state = match (key.revoked_at, key.last_used_at) {
        (Some(at), _) => format!("revoked {}", shown(at)),
        (None, Some(at)) => format!("last used {}", shown(at)),
        (None, None) => "never used".to_owned(),
    };
    format!("{}  {kind}  {:<24} {:<24} {state}", key.id, key.scopes.join(","), key.name)
}

fn shown(at: Micros) -> String {
    crate::time::show(at)
}
