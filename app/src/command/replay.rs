//! `sekisho replay`: recorded events, judged again.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::keyed::KeyedHasher;
use domain::policy::Policy;
use indicatif::{ProgressBar, ProgressStyle};

use store::Store;

use super::{Call, Exit, Failure, say, wait_for};
use crate::instance::open_store;
use crate::replay::input::Source;
use crate::replay::own_log::replay_log;
use crate::replay::parse::Parser;
use crate::replay::{BadLine, Format, Judging, Labels, Report, Rules, Settings, run as replay};
use crate::surroundings::Surroundings;

/// Bytes gathered before decisions are written out.
const OUT_BYTES: usize = 1 << 20;
/// Bad lines shown on standard error; the report has more.
const BAD_SHOWN: usize = 20;

/// What to replay and by which rules.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Recorded events, plain, gzip or zstd (by content, not by name); `-` is standard input.
    /// Without any, this instance's own log is judged again
    #[arg(value_name = "FILES")]
    files: Vec<PathBuf>,
    /// What the lines are
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Judge by this policy, a file or the name of a preset; where absent, by the preset that
    /// `policy-preset` names
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Show what this policy, a file or the name of a preset, would change
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Measure by these labels: a CSV of `event_id,label,history`
    #[arg(long, value_name = "CSV")]
    labels: Option<PathBuf>,
    /// Write one decision a line; `-` is standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Lines that may be no event; one more ends the replay with exit code 3
    #[arg(long, value_name = "N", default_value_t = 1000)]
    max_bad: u64,
    /// Threads that parse; where absent, one less than the machine has cores, two at least
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// Judges recorded events again.
pub fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    let rules = Rules {
        policy: match args.policy.as_deref() {
            Some(path) => read_policy(path)?,
            None => read_policy(Path::new(call.config.said.text("policy-preset")))?,
        },
        compare: args.compare.as_deref().map(read_policy).transpose()?,
    };
    let labels = args.labels.as_deref().map(read_labels).transpose()?;
    let out = args.out.as_deref().map(create).transpose()?;
    let judging = Judging::new(rules, labels, out);
    let report = if args.files.is_empty() {
        own_log(args, call, judging)?
    } else {
        files(args, call, judging)?
    };
    if let Some(path) = &args.report {
        write_report(path, &report)?;
    }
    tell(&report, args, call)
}

fn files(args: &Args, call: &Call, judging: Judging) -> Result<Report, Failure> {
    let sources: Vec<Source> = args.files.iter().map(|path| Source::from_argument(path)).collect();
    if sources.iter().filter(|source| **source == Source::Stdin).count() > 1 {
        return Err(Failure::BadUsage("standard input can be read once only".to_owned()));
    }
    let bar = progress_bar(sources.iter().map(Source::packed_bytes).sum());
    let surroundings = Surroundings::of(&call.config, call.world.now());
    let settings = Settings {
        sources,
        parser: Parser {
            format: args.format,
            hasher: KeyedHasher::new([0; 32]),
            now: call.world.now(),
            place: Box::new(move |event| surroundings.resolve(event)),
        },
        bad_max: args.max_bad,
        threads: args.threads.unwrap_or_else(threads),
        progress: Box::new({
            let bar = bar.clone();
            move |bytes, events| {
                bar.set_position(bytes);
                bar.set_message(events.to_string());
            }
        }),
    };
    let report = replay(settings, judging);
    bar.finish_and_clear();
    report.map_err(|error| Failure::unfinished("replay", &error))
}

/// The log of this instance.
fn own_log(args: &Args, call: &Call, judging: Judging) -> Result<Report, Failure> {
    if args.format != Format::Events {
        return Err(Failure::BadUsage("--format speaks of FILES, and there are none".to_owned()));
    }
    let bar = progress_bar(None);
    let report = wait_for(async {
        let store = open_log(call).await?;
        let progress = |position: u64| bar.set_message(position.to_string());
        let report = replay_log(&store, judging, args.policy.is_some(), progress).await;
        store.close().await;
        report.map_err(|error| Failure::unfinished("replay", &error))
    });
    bar.finish_and_clear();
    report
}

/// Opens the database of this instance; unlike `serve` it never sets one up.
pub(super) async fn open_log(call: &Call) -> Result<Store, Failure> {
    let data = &call.config.data;
    if call.config.database_url.is_none() && !data.is_dir() {
        let data = data.display();
        return Err(Failure::BadInput(format!("{data}: no such folder (--data)")));
    }
    open_store(&call.config)
        .await
        .map_err(|error| Failure::unfinished("cannot open the database", &error))
}

/// What is told at the end, and how the command ends.
fn tell(report: &Report, args: &Args, call: &Call) -> Result<Exit, Failure> {
    let mut complaints = std::io::stderr().lock();
    for bad in report.bad.iter().take(BAD_SHOWN) {
        let _ = writeln!(complaints, "{}", complaint(bad));
    }
    if report.bad_lines > BAD_SHOWN as u64 {
        let _ = writeln!(complaints, "… {} bad lines in all", report.bad_lines);
    }
    let decisions_on_stdout = args.out.as_deref().is_some_and(|path| path.as_os_str() == "-");
    if call.json && !decisions_on_stdout {
        let text = serde_json::to_string(report);
        say(text.map_err(|error| Failure::unfinished("report", &error))?)?;
    } else if decisions_on_stdout {
        let _ = write!(complaints, "{}", report.table());
    } else {
        say(report.table().trim_end())?;
    }
    if let Some(broken) = report.broken.first() {
        return Err(Failure::BadInput(complaint(broken)));
    }
    if report.bad_lines > args.max_bad {
        let most = args.max_bad;
        return Err(Failure::BadInput(format!("more than {most} bad lines (--max-bad)")));
    }
    Ok(Exit::Fine)
}

fn complaint(bad: &BadLine) -> String {
    format!("{}:{}: {}", bad.file, bad.line, bad.reason)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().saturating_sub(1).max(2))
}

/// A file, or where there is none of that name the preset.
fn read_policy(path: &Path) -> Result<Arc<Policy>, Failure> {
    let preset = path.to_str().filter(|_| !path.exists()).and_then(Policy::preset);
    if let Some(preset) = preset {
        return Ok(Arc::new(preset));
    }
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::BadInput(format!("{shown}: {error}")))?;
    Policy::compile(&text).map(Arc::new).map_err(|errors| {
        let named =
            errors.iter().map(|e| format!("{shown}:{}:{}: {}", e.line, e.column, e.message));
        Failure::BadInput(named.collect::<Vec<_>>().join("\n"))
    })
}

fn read_labels(path: &Path) -> Result<Labels, Failure> {
    Labels::read(path).map_err(|error| Failure::BadInput(format!("{}: {error}", path.display())))
}

pub(super) fn create(path: &Path) -> Result<Box<dyn Write + Send>, Failure> {
    let out: Box<dyn Write + Send> = if path.as_os_str() == "-" {
        Box::new(std::io::stdout())
    } else {
        Box::new(File::create(path).map_err(|error| unwritten(path, &error))?)
    };
    Ok(Box::new(BufWriter::with_capacity(OUT_BYTES, out)))
}

fn write_report(path: &Path, report: &Report) -> Result<(), Failure> {
    let mut text =
        serde_json::to_vec_pretty(report).map_err(|error| Failure::unfinished("report", &error))?;
    text.push(b'\n');
    std::fs::write(path, text).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::unfinished(&path.display().to_string(), error)
}

/// A bar over the packed bytes, or a count where nobody knows how many; nothing where standard
/// error is no terminal.
fn progress_bar(total: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match total {
        Some(bytes) => {
            (ProgressBar::new(bytes), "{bar:40} {bytes}/{total_bytes} {msg} events {eta}")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} {msg} events {elapsed}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
