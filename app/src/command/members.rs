//! `sekisho members`: members, straight from the database, also while a server runs on it.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use store::Store;

use super::{Call, Exit, Failure, say};
use crate::instance::open_store;
use crate::members::Members;
use crate::members::import::records::{Encoding, Record, Records};
use crate::members::import::row::{Fault, Field, Row};
use crate::members::import::{Counts, Importer, Place, Stopped};
use crate::replay::input::Source;

/// What to do with members.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Make members of a store's existing accounts; the same file again changes nothing
    Import(Import),
}

/// What to import, and how.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// CSV with a first line of names, or one JSON object a line; plain, gzip or zstd; `-` is
    /// standard input. Read are `account_id`, `email`, `phone`, `name`, `registered_at`,
    /// `password_hash`, `email_verified`, `phone_verified` and `language`
    #[arg(value_name = "FILES", required = true)]
    files: Vec<PathBuf>,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Rows that may be refused; one more ends the import with exit code 3
    #[arg(long, value_name = "N", default_value_t = 1000)]
    max_bad: u64,
    /// How the letters of the files are written
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
}

/// Does what was asked about members.
pub fn run(args: Args, call: &Call) -> Result<Exit, Failure> {
    let Task::Import(import) = args.task;
    let read = Arc::new(AtomicU64::new(0));
    let sources = sources(&import, &read)?;
    super::wait_for(async {
        let failed = |error| Failure::unfinished("the database", &error);
        let store = open_store(&call.config).await.map_err(failed)?;
        let done = Run::of(&import, call, &read).import(&store, sources).await;
        store.close().await;
        done
    })
}

/// Opens every file before anything of one is written.
fn sources(args: &Import, read: &Arc<AtomicU64>) -> Result<Vec<Records>, Failure> {
    let sources: Vec<Source> = args.files.iter().map(|path| Source::from_argument(path)).collect();
    if sources.iter().filter(|source| **source == Source::Stdin).count() > 1 {
        return Err(Failure::BadUsage("standard input can be read once only".to_owned()));
    }
    let open = |source: &Source| {
        let bad = |error: &dyn std::fmt::Display| {
            Failure::BadInput(format!("{}: {error}", source.name()))
        };
        let bytes = source.open(read).map_err(|error| bad(&error))?;
        Records::open(bytes, args.encoding).map_err(|error| bad(&error))
    };
    sources.iter().map(open).collect()
}

/// One import under way.
struct Run<'a> {
    args: &'a Import,
    call: &'a Call,
    names: Vec<String>,
    read: &'a AtomicU64,
    bar: ProgressBar,
}

impl<'a> Run<'a> {
    fn of(args: &'a Import, call: &'a Call, read: &'a AtomicU64) -> Self {
        let sources = args.files.iter().map(|path| Source::from_argument(path));
        let bytes = sources.clone().map(|source| source.packed_bytes()).sum();
        let names = sources.map(|source| source.name()).collect();
        Self { args, call, names, read, bar: progress_bar(bytes) }
    }

    async fn import(&self, store: &Store, sources: Vec<Records>) -> Result<Exit, Failure> {
        let hasher = store.hasher().map_err(|error| Failure::unfinished("the database", &error))?;
        let members = Members::new(store.clone(), hasher, self.call.world.clone(), None)
            .map_err(|error| Failure::unfinished("the hasher of passwords", &error))?;
        let mut importer = Importer::new(&members, &self.names, self.args.dry_run);
        let ended = self.files(&mut importer, sources).await;
        self.bar.finish_and_clear();
        self.sum(importer.counts)?;
        ended?;
        Ok(if importer.counts.refused == 0 { Exit::Fine } else { Exit::Findings })
    }

    async fn files(
        &self,
        importer: &mut Importer<'_>,
        sources: Vec<Records>,
    ) -> Result<(), Failure> {
        for ((file, mut records), name) in (0..).zip(sources).zip(&self.names) {
            loop {
                let record = records.read();
                let record =
                    record.map_err(|error| Failure::BadInput(format!("{name}: {error}")))?;
                let Some(Record { line, texts }) = record else { break };
                let now = self.call.world.now();
                let row =
                    texts.map_err(|fault| vec![fault]).and_then(|texts| Row::read(&texts, now));
                let found = importer.take(Place { file, line }, row).await;
                self.tell(&found.map_err(|error| stopped(&error))?)?;
                self.within_bounds(importer.counts)?;
                self.bar.set_position(self.read.load(Ordering::Relaxed));
                self.bar.set_message(importer.counts.imported.to_string());
            }
            self.tell_unread(name, &records);
        }
        self.tell(&importer.write().await.map_err(|error| stopped(&error))?)?;
        self.within_bounds(importer.counts)
    }

    fn within_bounds(&self, counts: Counts) -> Result<(), Failure> {
        let most = self.args.max_bad;
        if counts.refused <= most {
            return Ok(());
        }
        Err(Failure::BadInput(format!("more than {most} rows were refused (--max-bad)")))
    }

    fn tell(&self, found: &[(Place, Fault)]) -> Result<(), Failure> {
        self.bar
            .suspend(|| found.iter().try_for_each(|(place, fault)| self.tell_one(*place, fault)))
    }

    fn tell_one(&self, place: Place, fault: &Fault) -> Result<(), Failure> {
        let file = self.names.get(place.file as usize).map(String::as_str).unwrap_or_default();
        let field = fault.field.map(Field::name);
        let (line, why) = (place.line, fault.why.to_string());
        if self.call.json {
            let told = json!({ "file": file, "line": line, "field": field, "problem": why });
            return say(told.to_string());
        }
        match field {
            Some(field) => say(format!("{file}:{line}: {field}: {why}")),
            None => say(format!("{file}:{line}: {why}")),
        }
    }

    fn tell_unread(&self, name: &str, records: &Records) {
        let unread: Vec<&str> = records.unread().collect();
        if !unread.is_empty() {
            self.bar.suspend(|| {
                let _ = writeln!(std::io::stderr(), "{name}: not read: {}", unread.join(", "));
            });
        }
    }

    /// What became of all rows, also where the import did not come to its end.
    fn sum(&self, counts: Counts) -> Result<(), Failure> {
        let Counts { imported, unchanged, refused } = counts;
        let dry_run = self.args.dry_run;
        if self.call.json {
            let sum = json!({ "imported": imported, "unchanged": unchanged, "refused": refused,
                              "dry_run": dry_run });
            return say(sum.to_string());
        }
        let done = if dry_run { "would be imported" } else { "imported" };
        say(format!("{imported} {done}, {unchanged} there already, {refused} refused"))
    }
}

fn stopped(error: &Stopped) -> Failure {
    Failure::unfinished("not all rows were imported; run it again for the rest", error)
}

fn progress_bar(bytes: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match bytes {
        Some(bytes) => {
            (ProgressBar::new(bytes), "{bar:40} {bytes}/{total_bytes} {msg} members {eta}")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} {msg} members {elapsed}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
