//! Hashes of breached passwords, looked up on disk.
//!
//! Two layouts of the HIBP range format: a folder of files named by the first five hex digits of a
//! SHA-1, each with lines `SUFFIX:COUNT`; or one file of lines `HASH:COUNT` sorted by hash. The
//! second also serves stores that send only a keyed hash of the secret (`credential.secret_hash`):
//! they hash the same corpus under their own key, sort it bytewise, and no password or SHA-1 ever
//! reaches this machine. A count of 0 is padding and names nothing.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::file::Taken;

/// Hex digits of a SHA-1 that name a file of the range format.
pub const SHA1_PREFIX_CHARS: usize = 5;
/// Hex digits of a SHA-1.
const SHA1_CHARS: usize = 40;
/// Longest line of a sorted file.
const LINE_BYTES_MAX: usize = 1_024;
/// Largest file of one prefix (real ones hold about 40 kB).
const PREFIX_FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Lines of one prefix (real ones have about two thousand).
const RANGE_MAX: usize = 20_000;
/// Lines looked at, evenly spread, to see that a file is sorted.
const SAMPLES: u64 = 512;

/// Hashes that are known to be breached.
#[derive(Debug)]
pub struct BreachedHashes {
    layout: Layout,
}

#[derive(Debug)]
enum Layout {
    /// Files by prefix.
    Folder(PathBuf),
    /// One sorted file.
    Sorted { file: Mutex<File>, bytes: u64 },
}

impl BreachedHashes {
    /// Opens a folder of prefix files or a sorted file of SHA-1 hashes in upper-case hex.
    pub(super) fn open_sha1(path: &Path) -> Result<Taken<Self>, String> {
        if path.is_dir() {
            return open_folder(path);
        }
        let taken = Self::open(path)?;
        let first = taken.value.line_at(0).map_err(|error| unreadable(&error))?;
        let hash = first.split(|&byte| byte == b':').next().unwrap_or_default();
        let upper_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        if hash.len() != SHA1_CHARS || !hash.iter().all(upper_hex) {
            return Err(
                "line 1: expected a SHA-1 in upper-case hex, a colon and a count".to_owned()
            );
        }
        Ok(taken)
    }

    /// Opens a sorted file of hashes of any kind.
    pub(super) fn open(path: &Path) -> Result<Taken<Self>, String> {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let bytes = file.metadata().map_err(|error| unreadable(&error))?.len();
        let hashes = Self { layout: Layout::Sorted { file: Mutex::new(file), bytes } };
        let entries = hashes.check(bytes)?;
        Ok(Taken { value: hashes, entries, dated: None })
    }

    /// Whether `hash` is among them, exactly as written; `None` where that cannot be told.
    pub fn names(&self, hash: &str) -> Option<bool> {
        match &self.layout {
            Layout::Folder(folder) => in_folder(folder, hash),
            Layout::Sorted { bytes, .. } => self.search(hash.as_bytes(), *bytes).ok(),
        }
    }

    /// What is breached under a prefix of five upper-case hex digits of a SHA-1: the other digits and
    /// the count, by digits; at most a few thousand. `None` where that cannot be told.
    pub fn range(&self, prefix: &str) -> Option<Vec<(String, u64)>> {
        let text = match &self.layout {
            Layout::Folder(folder) => prefix_file(folder, prefix)?,
            Layout::Sorted { bytes, .. } => self.lines_of(prefix.as_bytes(), *bytes).ok()?,
        };
        let lines = text.split(|&byte| byte == b'\n').take(RANGE_MAX);
        let range = lines.filter_map(|line| {
            let (hash, count) = parts(line.trim_ascii());
            let suffix = std::str::from_utf8(hash).ok()?.to_ascii_uppercase();
            let count = count.and_then(|count| std::str::from_utf8(count).ok()?.parse().ok());
            let is_named = suffix.len() == SHA1_CHARS - SHA1_PREFIX_CHARS;
            Some((suffix, count.unwrap_or(1))).filter(|(_, count)| is_named && *count > 0)
        });
        Some(range.collect())
    }

    /// The lines of a sorted file under a prefix, without the prefix.
    fn lines_of(&self, prefix: &[u8], bytes: u64) -> std::io::Result<Vec<u8>> {
        // Invariant: the first line of the prefix, if there is one, begins in low..=high.
        let (mut low, mut high) = (0, bytes);
        while low < high {
            let middle = low + (high - low) / 2;
            let line = self.line_at(middle)?;
            if line.is_empty() || line.as_slice() >= prefix {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let mut found = Vec::new();
        let Layout::Sorted { file, .. } = &self.layout else { return Ok(found) };
        let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(low.saturating_sub(1)))?;
        let mut text = Vec::new();
        (&mut *file).take(PREFIX_FILE_BYTES_MAX).read_to_end(&mut text)?;
        drop(file);
        let skipped = usize::from(low > 0 && text.first() != Some(&b'\n'));
        for line in text.split(|&byte| byte == b'\n').skip(skipped) {
            match line.strip_prefix(prefix) {
                Some(rest) => found.extend(rest.iter().chain(b"\n")),
                None if line.is_empty() => {}
                None => break,
            }
        }
        Ok(found)
    }

    /// Estimated number of lines, once a sample of them turned out to be sorted.
    fn check(&self, bytes: u64) -> Result<usize, String> {
        let (mut before, mut seen, mut length) = (Vec::new(), 0_u64, 0_u64);
        for sample in 0..SAMPLES {
            let line =
                self.line_at(bytes * sample / SAMPLES).map_err(|error| unreadable(&error))?;
            if line.is_empty() {
                continue;
            }
            if line.len() > LINE_BYTES_MAX {
                return Err("a line is longer than 1024 bytes".to_owned());
            }
            if line < before {
                return Err("the file is not sorted by hash (sort it with LC_ALL=C)".to_owned());
            }
            seen += 1;
            length += line.len() as u64 + 1;
            before = line;
        }
        let average = length.checked_div(seen).ok_or("the file has no entries")?;
        Ok(usize::try_from((bytes + average / 2) / average).unwrap_or(usize::MAX))
    }

    fn search(&self, hash: &[u8], bytes: u64) -> std::io::Result<bool> {
        // Invariant: the line of `hash`, if there is one, begins in low..high.
        let (mut low, mut high) = (0, bytes);
        while low < high {
            let middle = low + (high - low) / 2;
            let line = self.line_at(middle)?;
            let (found, count) = parts(&line);
            match found.cmp(hash) {
                _ if line.is_empty() => high = middle,
                std::cmp::Ordering::Equal => return Ok(count != Some(b"0")),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(false)
    }

    /// The first line that begins at `offset` or after it; empty at the end of the file.
    fn line_at(&self, offset: u64) -> std::io::Result<Vec<u8>> {
        let Layout::Sorted { file, .. } = &self.layout else { return Ok(Vec::new()) };
        let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // One byte earlier: a line begins at `offset` if a newline stands before it.
        let from = offset.saturating_sub(1);
        file.seek(SeekFrom::Start(from))?;
        let mut window = Vec::with_capacity(2 * LINE_BYTES_MAX);
        (&mut *file).take(2 * LINE_BYTES_MAX as u64).read_to_end(&mut window)?;
        drop(file);
        let mut rest = window.as_slice();
        if offset > 0 {
            let newline = rest.iter().position(|&byte| byte == b'\n');
            rest = newline.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        }
        let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
        Ok(line.trim_ascii().to_vec())
    }
}

/// Hash and count of a line.
fn parts(line: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut parts = line.splitn(2, |&byte| byte == b':');
    let hash = parts.next().unwrap_or_default();
    (hash, parts.next().map(<[u8]>::trim_ascii))
}

fn unreadable(error: &std::io::Error) -> String {
    format!("cannot be read: {}", error.kind())
}

fn open_folder(folder: &Path) -> Result<Taken<BreachedHashes>, String> {
    let is_prefix = |name: &str| {
        let stem = name.strip_suffix(".txt").unwrap_or(name);
        stem.len() == SHA1_PREFIX_CHARS && stem.bytes().all(|sign| sign.is_ascii_hexdigit())
    };
    let listing = std::fs::read_dir(folder).map_err(|error| unreadable(&error))?;
    let entries = listing
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(is_prefix))
        .count();
    if entries == 0 {
        return Err("the folder has no files named by five hex digits".to_owned());
    }
    let value = BreachedHashes { layout: Layout::Folder(folder.to_owned()) };
    Ok(Taken { value, entries, dated: None })
}

fn prefix_file(folder: &Path, prefix: &str) -> Option<Vec<u8>> {
    let open = |name: String| File::open(folder.join(name)).ok();
    let file = open(prefix.to_owned()).or_else(|| open(format!("{prefix}.txt")))?;
    let mut text = Vec::new();
    file.take(PREFIX_FILE_BYTES_MAX).read_to_end(&mut text).ok()?;
    Some(text)
}

/// A prefix without a file is unknown: a partial download proves nothing.
fn in_folder(folder: &Path, sha1: &str) -> Option<bool> {
    let (prefix, suffix) = sha1.split_at_checked(SHA1_PREFIX_CHARS)?;
    let text = prefix_file(folder, prefix)?;
    let named = text.split(|&byte| byte == b'\n').any(|line| {
        let (hash, count) = parts(line.trim_ascii());
        hash.eq_ignore_ascii_case(suffix.as_bytes()) && count != Some(b"0")
    });
    Some(named)
}
