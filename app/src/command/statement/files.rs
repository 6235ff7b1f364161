//! The files of a statement check: read whole under a limit, never written, but for the state.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget};
use statement::Statement;
use statement::limits::FILE_BYTES_MAX;
use statement::order::OrderFile;
use statement::read::{self, Hints, Unreadable};
use statement::seen::Seen;

use super::super::Failure;
use crate::world::Stopwatch;

/// Seconds of quiet before progress is shown.
const QUIET_SECONDS: u64 = 1;

/// Standard input can be one of the files only.
pub(super) fn read_stdin_once<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    if paths.filter(|path| is_stdin(path)).count() > 1 {
        return Err(Failure::BadUsage("standard input can be read once only".to_owned()));
    }
    Ok(())
}

pub(super) fn statement(path: &Path, hints: &Hints) -> Result<Statement, Failure> {
    read::statement(&bytes(path)?, &name(path), hints).map_err(|error| unreadable(path, &error))
}

pub(super) fn orders(path: &Path, hints: &Hints) -> Result<OrderFile, Failure> {
    read::orders(&bytes(path)?, &name(path), hints).map_err(|error| unreadable(path, &error))
}

/// Ids of orders, one a line; `#` begins a comment.
pub(super) fn ids(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = text(path)?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    Ok(lines.filter(|id| !id.is_empty()).map(str::to_owned).collect())
}

/// What was told before; nothing where the file is absent.
pub(super) fn state(path: &Path) -> Result<Seen, Failure> {
    if !path.exists() {
        return Ok(Seen::default());
    }
    Seen::read(&text(path)?).map_err(|error| bad(path, &error))
}

/// Writes the state beside and puts it in place of the old one.
pub(super) fn keep(path: &Path, seen: &Seen) -> Result<(), Failure> {
    let failed = |error| Failure::unfinished(&path.display().to_string(), &error);
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    std::fs::write(&beside, seen.text()).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}

/// Files read so far, shown on a terminal when it takes longer than a second.
pub(super) struct Progress {
    bar: ProgressBar,
    begun: Stopwatch,
}

impl Progress {
    pub(super) fn start() -> Self {
        Self { bar: ProgressBar::hidden(), begun: Stopwatch::start() }
    }

    pub(super) fn over<T>(
        &mut self,
        paths: &[PathBuf],
        read: impl Fn(&PathBuf) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let each = paths.iter().map(|path| {
            if self.begun.elapsed().as_secs() >= QUIET_SECONDS && std::io::stderr().is_terminal() {
                self.bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            self.bar.set_message(name(path));
            self.bar.inc(1);
            read(path)
        });
        each.collect()
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// One byte more than may be, so that the reader of the bytes sees that there are too many.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = FILE_BYTES_MAX as u64 + 1;
    let read = if is_stdin(path) {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| bad(path, &error))?;
    Ok(bytes)
}

fn text(path: &Path) -> Result<String, Failure> {
    let bytes = bytes(path)?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(bad(path, &Unreadable::TooLarge));
    }
    let text = String::from_utf8(bytes).map_err(|error| bad(path, &error))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// A column that the caller named wrongly is a matter of usage, all else one of the file.
fn unreadable(path: &Path, error: &Unreadable) -> Failure {
    match error {
        Unreadable::NoSuchColumn { .. } => {
            Failure::BadUsage(format!("{}: {error}", path.display()))
        }
        _ => bad(path, error),
    }
}

fn bad(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::BadInput(format!("{}: {error}", path.display()))
}
