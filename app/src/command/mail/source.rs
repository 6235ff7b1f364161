//! Where mails come from: files, folders, mailboxes, standard input; a bounded chunk at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget};
use mail::LIMIT_BYTES;

use super::super::Failure;
use crate::world::Stopwatch;

/// Mails, and bytes, of one chunk.
const CHUNK_MAILS: usize = 512;
const CHUNK_BYTES: usize = 12 << 20;
/// Progress is shown after so many seconds, to a terminal.
const QUIET_SECONDS: u64 = 1;

/// A mail as it was found.
pub(super) struct Raw {
    /// File; of a mailbox, with the number of the mail in it.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// Mails of some paths, in order.
pub(super) struct Mails {
    waiting: VecDeque<PathBuf>,
    mailbox: Option<Mailbox>,
    unreadable: usize,
}

impl Mails {
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        Self { waiting: paths.iter().cloned().collect(), mailbox: None, unreadable: 0 }
    }

    /// Files that could not be read; each was named on standard error.
    pub(super) const fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The next mails; none at the end.
    ///
    /// # Errors
    /// [`Failure::BadInput`] for a path that is not there.
    pub(super) fn next_chunk(&mut self) -> Result<Vec<Raw>, Failure> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while chunk.len() < CHUNK_MAILS && bytes < CHUNK_BYTES {
            let Some(raw) = self.next()? else { break };
            bytes += raw.bytes.len();
            chunk.push(raw);
        }
        Ok(chunk)
    }

    fn next(&mut self) -> Result<Option<Raw>, Failure> {
        loop {
            if let Some(mailbox) = &mut self.mailbox {
                match mailbox.next() {
                    Ok(Some(raw)) => return Ok(Some(raw)),
                    Ok(None) => self.mailbox = None,
                    Err(error) => {
                        self.complain(&error.to_string());
                        self.mailbox = None;
                    }
                }
                continue;
            }
            let Some(path) = self.waiting.pop_front() else { return Ok(None) };
            if path.as_os_str() == "-" {
                let input: Box<dyn Read> = Box::new(std::io::stdin().lock());
                if let Some(raw) = self.open("-".to_owned(), input) {
                    return Ok(Some(raw));
                }
                continue;
            }
            let kind = std::fs::metadata(&path)
                .map_err(|error| Failure::BadInput(format!("{}: {error}", path.display())))?;
            if kind.is_dir() {
                self.enter(&path);
                continue;
            }
            match File::open(&path) {
                Ok(file) => {
                    if let Some(raw) = self.open(path.display().to_string(), Box::new(file)) {
                        return Ok(Some(raw));
                    }
                }
                Err(error) => self.complain(&format!("{}: {error}", path.display())),
            }
        }
    }

    /// Puts what is in a folder before what waits, in order of names; `tmp` of a Maildir is passed by.
    fn enter(&mut self, folder: &Path) {
        match std::fs::read_dir(folder) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> = entries
                    .filter_map(Result::ok)
                    .filter(|entry| entry.file_name() != "tmp")
                    .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
                    // No links: they may lead round in circles.
                    .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
                    .map(|entry| entry.path())
                    .collect();
                inside.sort();
                for path in inside.into_iter().rev() {
                    self.waiting.push_front(path);
                }
            }
            Err(error) => self.complain(&format!("{}: {error}", folder.display())),
        }
    }

    /// A mail, or a mailbox that is read mail by mail from now on.
    fn open(&mut self, path: String, input: Box<dyn Read>) -> Option<Raw> {
        let mut input = BufReader::with_capacity(64 << 10, input);
        if input.fill_buf().is_ok_and(|start| start.starts_with(b"From ")) {
            // Some programs save one mail with the mailbox's own line before it: it is one mail.
            if path.to_ascii_lowercase().ends_with(".eml") {
                let _ = (&mut input).take(LIMIT_BYTES as u64).read_until(b'\n', &mut Vec::new());
                return self.whole(path, input);
            }
            self.mailbox = Some(Mailbox { path, input, number: 0, line: Vec::new() });
            return None;
        }
        self.whole(path, input)
    }

    /// One mail, to its end.
    fn whole(&mut self, path: String, input: impl Read) -> Option<Raw> {
        let mut bytes = Vec::new();
        match input.take(LIMIT_BYTES as u64 + 1).read_to_end(&mut bytes) {
            Ok(_) => Some(Raw { path, bytes }),
            Err(error) => {
                self.complain(&format!("{path}: {error}"));
                None
            }
        }
    }

    fn complain(&mut self, what: &str) {
        self.unreadable += 1;
        let mut err = std::io::stderr().lock();
        let _ = std::io::Write::write_fmt(&mut err, format_args!("{what}\n"));
    }
}

/// An mbox (RFC 4155): mails begin with a line `From ` after an empty one.
struct Mailbox {
    path: String,
    input: BufReader<Box<dyn Read>>,
    number: usize,
    line: Vec<u8>,
}

impl Mailbox {
    fn next(&mut self) -> std::io::Result<Option<Raw>> {
        let (mut bytes, mut began, mut after_empty) = (Vec::new(), !self.line.is_empty(), false);
        loop {
            self.line.clear();
            // A line without end is cut, not kept in memory.
            let read =
                (&mut self.input).take(LIMIT_BYTES as u64).read_until(b'\n', &mut self.line)?;
            if read == 0 {
                break;
            }
            let starts =
                self.line.starts_with(b"From ") && (after_empty || (!began && bytes.is_empty()));
            if starts {
                if began || !bytes.is_empty() {
                    break;
                }
                began = true;
                continue;
            }
            after_empty = matches!(self.line.as_slice(), b"\n" | b"\r\n");
            if bytes.len() <= LIMIT_BYTES {
                let quoted = self.line.starts_with(b">") && is_quoted(&self.line);
                bytes.extend_from_slice(self.line.get(usize::from(quoted)..).unwrap_or_default());
            }
        }
        if bytes.is_empty() && !began {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Raw { path: format!("{}#{}", self.path, self.number), bytes }))
    }
}

/// `>From `, `>>From `: quoted by the mailbox.
fn is_quoted(line: &[u8]) -> bool {
    let plain = line.iter().position(|byte| *byte != b'>').unwrap_or(line.len());
    line.get(plain..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// How many mails have been checked.
pub(super) struct Progress {
    bar: ProgressBar,
    begun: Stopwatch,
}

impl Progress {
    pub(super) fn start() -> Self {
        Self { bar: ProgressBar::hidden(), begun: Stopwatch::start() }
    }

    pub(super) fn done(&mut self, mails: usize) {
        let long = self.begun.elapsed().as_secs() >= QUIET_SECONDS;
        if long && self.bar.is_hidden() && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(mails as u64);
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
