//! `sekisho mail check`: is this mail genuine?
//!
//! Reads mails from files, folders, mailboxes and standard input; asks no network and needs no data
//! folder. Mails are read a few megabytes at a time and checked on every processor; what is said
//! comes in the order of the mails, however many there are.

mod source;
mod told;

use std::path::PathBuf;

use clap::Subcommand;
use mail::{Brands, Mail, Options, Report, check};

use super::{Call, Exit, Failure};
use crate::mail_check::online::Online;
use crate::text::Language;

pub use told::KEYS;

/// What to do with mails.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Tell genuine mails from forged ones, and say why
    Check(Check),
}

/// Which mails, and how to look.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Mails: `.eml` files, mailboxes (mbox), Maildirs, folders of any of these; `-` is standard input
    #[arg(value_name = "PATHS", required = true)]
    paths: Vec<PathBuf>,
    /// Ask no name service; so it is where nothing else is said
    #[arg(long)]
    offline: bool,
    /// Ask the name service of this machine for the keys of signatures (DKIM, DMARC): whoever serves
    /// those names may learn that somebody looks at the mail
    #[arg(long, conflicts_with = "offline")]
    online: bool,
    /// Brands of one's own, or in place of ours: TOML tables with `names` and `domains`
    #[arg(long, value_name = "FILE")]
    brands: Option<PathBuf>,
    /// Believe the `Authentication-Results` of this receiver, by its authserv-id
    #[arg(long, value_name = "ID")]
    trust_authserv: Option<String>,
}

/// Does it; a mail that is suspicious or forged is a finding.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    let Task::Check(task) = &args.task;
    let brands = brands(task)?;
    let options = Options { trusted_receiver: task.trust_authserv.clone(), ..Options::default() };
    let asking = task.online.then(Asking::start).transpose()?;
    let mut telling = told::Telling::to(call.json, language(call));
    let mut mails = source::Mails::of(&task.paths);
    let mut progress = source::Progress::start();
    loop {
        let chunk = mails.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        for (path, report) in check_all(&chunk, &brands, &options, asking.as_ref()) {
            telling.say(path, &report)?;
        }
        progress.done(chunk.len());
    }
    progress.end();
    telling.end(mails.unreadable())
}

/// Checks mails on every processor; the answers are in the order of the mails.
fn check_all<'a>(
    chunk: &'a [source::Raw],
    brands: &Brands,
    options: &Options,
    asking: Option<&Asking>,
) -> Vec<(&'a str, Report)> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = chunk.len().div_ceil(workers).max(1);
    let judge = |raw: &'a source::Raw| {
        let asked = asking.and_then(|asking| asking.about(&raw.bytes));
        let options = Options { asked, ..options.clone() };
        (raw.path.as_str(), check(&Mail::read(&raw.bytes), brands, &options))
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = chunk
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(judge).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

/// The name service of this machine, asked from any thread.
struct Asking {
    runtime: tokio::runtime::Runtime,
    online: Online,
}

impl Asking {
    fn start() -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::unfinished("cannot start", &error))?;
        let online = runtime.block_on(async { Online::of_system() });
        let online = online.map_err(|error| Failure::unfinished("--online", &error))?;
        Ok(Self { runtime, online })
    }

    fn about(&self, raw: &[u8]) -> Option<mail::Results> {
        self.runtime.block_on(self.online.results(raw))
    }
}

fn brands(task: &Check) -> Result<Brands, Failure> {
    let Some(path) = &task.brands else {
        return Brands::with(None).map_err(|error| Failure::unfinished("the brands", &error));
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::BadInput(format!("{}: {error}", path.display())))?;
    Brands::with(Some(&text))
        .map_err(|error| Failure::BadInput(format!("{}: {error}", path.display())))
}

fn language(call: &Call) -> Language {
    if call.config.said.is_said("language") {
        call.config.language
    } else {
        Language::of_locale(crate::world::environment).unwrap_or(call.config.language)
    }
}
