//! One file that may change while it is in use.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use domain::list::LIST_BYTES_MAX;
use domain::time::{DAY, Micros};

/// What is held of a file, and how old that is.
pub(super) struct Dated<T> {
    pub(super) as_of: Micros,
    pub(super) value: T,
}

/// What was made of a file.
pub(super) struct Taken<T> {
    pub(super) value: T,
    pub(super) entries: usize,
    /// When the file says it was made.
    pub(super) dated: Option<Micros>,
}

/// Tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signature {
    modified: Micros,
    bytes: u64,
}

/// A file and the last sound value read from it.
pub(super) struct Slot<T> {
    name: &'static str,
    path: PathBuf,
    seen: Option<Signature>,
    held: Option<Arc<Dated<T>>>,
    entries: usize,
    taken_at: Option<Micros>,
    error: Option<String>,
}

/// How a file stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileStatus {
    /// Its name in the folder.
    pub name: &'static str,
    /// Where it is looked for.
    pub path: PathBuf,
    /// Entries in use; 0 where nothing is.
    pub entries: usize,
    /// When what is in use was made, by the file's own date or its time of change.
    pub as_of: Option<Micros>,
    /// When it was taken in.
    pub taken_at: Option<Micros>,
    /// Why the file as it stands now is not in use.
    pub error: Option<String>,
}

impl FileStatus {
    /// Age in whole days of what is in use.
    pub fn age_days(&self, now: Micros) -> Option<i64> {
        self.as_of.map(|as_of| now.since(as_of).max(0) / DAY)
    }
}

impl<T> Slot<T> {
    pub(super) const fn new(name: &'static str, path: PathBuf) -> Self {
        Self { name, path, seen: None, held: None, entries: 0, taken_at: None, error: None }
    }

    /// Takes the file in where it changed since the last look. Returns whether anything is new: a
    /// value, or an error.
    pub(super) fn look(
        &mut self,
        now: Micros,
        read: impl Fn(&Path) -> Result<Taken<T>, String>,
    ) -> bool {
        let Some(signature) = signature(&self.path) else { return self.gone() };
        if self.seen == Some(signature) {
            return false;
        }
        let taken = read(&self.path);
        if self::signature(&self.path) != Some(signature) {
            // It was written to while it was read; the next look finds it at rest.
            return false;
        }
        self.seen = Some(signature);
        match taken {
            Ok(Taken { value, entries, dated }) => {
                let as_of = dated.unwrap_or(signature.modified);
                self.held = Some(Arc::new(Dated { as_of, value }));
                self.entries = entries;
                self.taken_at = Some(now);
                self.error = None;
            }
            Err(error) => self.error = Some(error),
        }
        true
    }

    fn gone(&mut self) -> bool {
        let news = self.seen.take().is_some();
        if news {
            self.error = Some("the file is gone; what was read from it stays in use".to_owned());
        }
        news
    }

    pub(super) fn held(&self) -> Option<Arc<Dated<T>>> {
        self.held.clone()
    }

    pub(super) fn status(&self) -> FileStatus {
        FileStatus {
            name: self.name,
            path: self.path.clone(),
            entries: self.entries,
            as_of: self.held.as_ref().map(|held| held.as_of),
            taken_at: self.taken_at,
            error: self.error.clone(),
        }
    }
}

fn signature(path: &Path) -> Option<Signature> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(Signature { modified: modified(&metadata), bytes: metadata.len() })
}

fn modified(metadata: &Metadata) -> Micros {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Micros(since.and_then(|since| i64::try_from(since.as_micros()).ok()).unwrap_or_default())
}

/// The whole file, unless it is too large for a list.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let says = |error: std::io::Error| format!("cannot be read: {}", error.kind());
    let bytes = std::fs::metadata(path).map_err(says)?.len();
    if usize::try_from(bytes).map_or(true, |bytes| bytes > LIST_BYTES_MAX) {
        return Err(domain::list::ListError::Huge.to_string());
    }
    std::fs::read(path).map_err(says)
}
