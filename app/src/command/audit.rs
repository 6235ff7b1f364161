//! `sekisho audit`: whether the log and the audit trail are those that were written, and whether an
//! evidence pack is one that was made here.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use store::{AuditCheck, ChainCheck, DocumentKind};

use super::{Call, Exit, Failure, say};
use crate::instance::open_store;
use crate::pack::{Pack, proof};

/// What to look at.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Go through the whole log and the audit trail, check their hash chains, and that every case is as
    /// the trail says
    Verify,
    /// Check an evidence pack: its digest, the rows of its proof, and that this instance made it
    Pack {
        /// The pack, as it was handed out
        file: PathBuf,
        /// Only what the file itself can show; no database is opened
        #[arg(long)]
        offline: bool,
    },
}

/// Does it; what is not as it was written is a finding.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    match &args.task {
        Task::Verify => super::wait_for(verify(call)),
        Task::Pack { file, offline } => {
            let bytes = std::fs::read(file)
                .map_err(|error| Failure::BadInput(format!("{}: {error}", file.display())))?;
            let pack: Pack = serde_json::from_slice(&bytes).map_err(|error| {
                Failure::BadInput(format!("{}: no pack: {error}", file.display()))
            })?;
            let doubt = if *offline {
                pack.proof.check(&pack.content).err()
            } else {
                super::wait_for(against_the_trail(&pack, call))?
            };
            report_pack(&pack, doubt.as_ref(), *offline, call)
        }
    }
}

async fn verify(call: &Call) -> Result<Exit, Failure> {
    let failed = |error| Failure::unfinished("the database", &error);
    let store = open_store(&call.config).await.map_err(failed)?;
    let log = store.verify_chain(|_| {}).await.map_err(failed);
    let trail = match &log {
        Ok(_) => store.verify_audit(|_| {}).await.map_err(failed),
        Err(_) => Ok(AuditCheck::Broken(0)),
    };
    store.close().await;
    report(&log?, &trail?, call)
}

async fn against_the_trail(pack: &Pack, call: &Call) -> Result<Option<proof::Doubt>, Failure> {
    let failed = |error| Failure::unfinished("the database", &error);
    let store = open_store(&call.config).await.map_err(failed)?;
    let checked = proof::check_against(pack, &store).await.map_err(failed);
    store.close().await;
    Ok(checked?.err())
}

fn report(log: &ChainCheck, trail: &AuditCheck, call: &Call) -> Result<Exit, Failure> {
    let (records, head, broken) = match log {
        ChainCheck::Whole(head) => (head.position, hex(&head.chain), None),
        ChainCheck::Broken(position) => (*position, String::new(), Some(*position)),
    };
    let (rows, link, documents, torn, changed) = match trail {
        AuditCheck::Whole { rows, link, documents } => (*rows, hex(link), *documents, None, None),
        AuditCheck::Broken(position) => (*position, String::new(), 0, Some(*position), None),
        AuditCheck::Changed { kind, id } => (0, String::new(), 0, None, Some(shown(*kind, *id))),
    };
    if call.json {
        let found = json!({
            "records": records, "broken_at": broken, "head": head,
            "audit": {
                "rows": rows, "broken_at": torn, "link": link,
                "documents": documents, "changed": changed,
            },
        });
        say(found.to_string())?;
    } else {
        say(match broken {
            Some(position) => {
                format!("the log is not as it was written from record {position} on")
            }
            None => format!("{records} records, each as it was written; head {head}"),
        })?;
        say(match (torn, &changed) {
            (Some(position), _) => {
                format!("the audit trail is not as it was written from row {position} on")
            }
            (None, Some(changed)) => format!("{changed} is not as the audit trail says"),
            (None, None) => {
                format!(
                    "{rows} rows of the audit trail, {documents} documents as it says; link {link}"
                )
            }
        })?;
    }
    let whole = broken.is_none() && torn.is_none() && changed.is_none();
    Ok(if whole { Exit::Fine } else { Exit::Findings })
}

fn report_pack(
    pack: &Pack,
    doubt: Option<&proof::Doubt>,
    offline: bool,
    call: &Call,
) -> Result<Exit, Failure> {
    let id = pack.content.pointer("/id").and_then(serde_json::Value::as_str).unwrap_or("the pack");
    if call.json {
        let doubt = doubt.map(ToString::to_string);
        let found = json!({
            "id": id, "sha256": pack.proof.sha256, "rows": pack.proof.trail.len(),
            "against_the_trail": !offline, "doubt": doubt,
        });
        say(found.to_string())?;
    } else {
        let rows = pack.proof.trail.len();
        say(match doubt {
            Some(doubt) => format!("{id}: {doubt}"),
            None if offline => {
                format!("{id}: the content fits its digest, and {rows} rows their links")
            }
            None => {
                format!("{id}: made here, and as it was made; {rows} rows stand in the audit trail")
            }
        })?;
    }
    Ok(if doubt.is_some() { Exit::Findings } else { Exit::Fine })
}

/// A document as its pages name it.
fn shown(kind: i64, id: u128) -> String {
    let prefixes = [
        (DocumentKind::Case, "cas"),
        (DocumentKind::Restitution, "rst"),
        (DocumentKind::Evidence, "evd"),
        (DocumentKind::Callback, "cbk"),
        (DocumentKind::Pack, "pck"),
    ];
    let prefix =
        prefixes.iter().find(|(one, _)| *one as i64 == kind).map_or("doc", |(_, name)| name);
    crate::id::show(prefix, id)
}

fn hex(link: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(link)
}
