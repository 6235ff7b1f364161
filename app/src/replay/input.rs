//! Where recorded events come from: a file or standard input, plain, gzip or zstd.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Read ahead of the unpacker.
const BUFFER_BYTES: usize = 256 * 1024;

/// One named source of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `-`
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// `-` is standard input, everything else a path.
    pub fn from_argument(argument: &Path) -> Self {
        if argument.as_os_str() == "-" { Self::Stdin } else { Self::File(argument.to_owned()) }
    }

    /// The name people know it by.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Bytes on disk, as packed; `None` where nobody knows.
    pub fn packed_bytes(&self) -> Option<u64> {
        match self {
            Self::Stdin => None,
            Self::File(path) => {
                std::fs::metadata(path).ok().filter(Metadata::is_file).map(|m| m.len())
            }
        }
    }

    /// Opens it and unpacks by what its first bytes say, never by its name. `read` counts the
    /// packed bytes taken, for the progress bar.
    pub fn open(&self, read: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        let raw: Box<dyn Read + Send> = match self {
            Self::Stdin => Box::new(io::stdin()),
            Self::File(path) => Box::new(File::open(path)?),
        };
        unpacked(Counted { inner: raw, read: Arc::clone(read) })
    }
}

fn unpacked(raw: Counted) -> io::Result<Box<dyn Read + Send>> {
    let mut buffered = BufReader::with_capacity(BUFFER_BYTES, raw);
    let head = buffered.fill_buf()?;
    if head.starts_with(&GZIP) {
        // A log may be several gzip members one after another (`cat a.gz b.gz`).
        Ok(Box::new(flate2::bufread::MultiGzDecoder::new(buffered)))
    } else if head.starts_with(&ZSTD) {
        Ok(Box::new(zstd::stream::read::Decoder::with_buffer(buffered)?))
    } else {
        Ok(Box::new(buffered))
    }
}

/// Counts what passes through.
struct Counted {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.inner.read(buffer)?;
        self.read.fetch_add(taken as u64, Ordering::Relaxed);
        Ok(taken)
    }
}
