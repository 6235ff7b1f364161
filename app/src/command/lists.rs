//! `sekisho lists`: what stands around the server, and the store's own lists.

use std::io::Read as _;
use std::path::PathBuf;

use clap::Subcommand;
use domain::list::ListKind;
use store::{List, ListEntry, Store};

use super::{Call, Exit, Failure, say};
use crate::instance::open_store;
use crate::surroundings::Surroundings;
use crate::time::show;

/// A list file or a body of values may have this many bytes.
const FILE_MAX: u64 = 64 * 1024 * 1024;

/// What to do with lists.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Print every file of the surroundings: how much it holds, how old it is, what is wrong
    Status,
    /// Put values on one of the store's own lists, one a line; makes the list if need be
    Import {
        /// Name of the list, as rules say it
        name: String,
        /// What its values are: ip, cidr, asn, country, email, `email_domain` …
        #[arg(long, value_parser = kind)]
        kind: ListKind,
        /// File of values; `-` for standard input; `#` begins a comment
        file: PathBuf,
    },
}

fn kind(name: &str) -> Result<ListKind, String> {
    serde_json::from_value(name.into()).map_err(|_| "no such kind of list".to_owned())
}

/// Does it.
pub fn run(args: Args, call: &Call) -> Result<Exit, Failure> {
    match args.task {
        Task::Status => status(call),
        Task::Import { name, kind, file } => {
            let values = values(&file, kind)?;
            super::wait_for(async {
                let failed = |error| Failure::unfinished("the database", &error);
                let store = open_store(&call.config).await.map_err(failed)?;
                let count = import(&store, &name, kind, values, call).await.map_err(failed);
                store.close().await;
                say(format!("{} values are on {name}", count?))?;
                Ok(Exit::Fine)
            })
        }
    }
}

/// Findings are files that are absent, empty, refused or older than 90 days.
fn status(call: &Call) -> Result<Exit, Failure> {
    const STALE_DAYS: i64 = 90;
    let now = call.world.now();
    let mut exit = Exit::Fine;
    for file in Surroundings::of(&call.config, now).status() {
        let age = file.age_days(now);
        if file.entries == 0 || file.error.is_some() || age.is_none_or(|days| days > STALE_DAYS) {
            exit = Exit::Findings;
        }
        if call.json {
            say(serde_json::json!({
                "name": file.name, "path": file.path, "entries": file.entries, "age_days": age,
                "as_of": file.as_of.map(show), "error": file.error,
            })
            .to_string())?;
        } else {
            let age = age.map_or("absent".to_owned(), |days| format!("{days} days old"));
            let error = file.error.unwrap_or_default();
            say(format!("{:<24} {:>9} entries  {age:<14} {error}", file.name, file.entries))?;
        }
    }
    Ok(exit)
}

/// The values in `file`; the first that fits no spelling of `kind` is named by its line.
fn values(file: &PathBuf, kind: ListKind) -> Result<Vec<String>, Failure> {
    let bad = |error: std::io::Error| Failure::BadInput(format!("{}: {error}", file.display()));
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().take(FILE_MAX).read_to_string(&mut text).map_err(bad)?;
    } else {
        let opened = std::fs::File::open(file).map_err(bad)?;
        opened.take(FILE_MAX).read_to_string(&mut text).map_err(bad)?;
    }
    let mut values = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let value = line.split('#').next().unwrap_or_default().trim();
        if !value.is_empty() {
            kind.spell(value).map_err(|expected| {
                Failure::BadInput(format!("{}, line {}: {expected}", file.display(), at + 1))
            })?;
            values.push(value.to_owned());
        }
    }
    Ok(values)
}

async fn import(
    store: &Store,
    name: &str,
    kind: ListKind,
    values: Vec<String>,
    call: &Call,
) -> Result<usize, store::StoreError> {
    let now = call.world.now();
    let kind = match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(kind)) => kind,
        _ => String::new(),
    };
    let list = List { name: name.to_owned(), kind, note: String::new(), created_at: now };
    match store.lists().await?.into_iter().find(|kept| kept.name == name) {
        Some(kept) if kept.kind != list.kind => {
            let detail = format!("the list {name} holds values of the kind {}", kept.kind);
            return Err(store::StoreError::Setup(detail));
        }
        Some(_) => {}
        None => store.put_list(&list).await?,
    }
    let count = values.len();
    for value in values {
        let entry = ListEntry {
            value,
            note: None,
            created_by: "command line".to_owned(),
            created_at: now,
            expires_at: None,
        };
        store.put_list_entry(name, &entry).await?;
    }
    Ok(count)
}
