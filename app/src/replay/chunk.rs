//! Whole lines in large pieces: what travels between the stages.

use std::io::{self, Read};

/// Bytes of lines in one chunk, about.
pub const CHUNK_BYTES: usize = 256 * 1024;
/// Bytes one line may have: an event is far smaller, and what is longer must not fill the memory.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Whole lines of one source.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Place among all chunks, from 0.
    pub number: u64,
    /// Index of the source.
    pub source: usize,
    /// Number of the first line, from 1.
    pub first_line: u64,
    /// The lines, each ended by `\n` but perhaps the last.
    pub bytes: Vec<u8>,
    /// Numbers of lines that were too long; an empty line stands in `bytes` for each.
    pub too_long: Vec<u64>,
}

/// Cuts a source into chunks.
pub struct Chunks<R> {
    reader: R,
    /// The beginning of a line whose end has not been read.
    tail: Vec<u8>,
    next_line: u64,
    /// Inside a line that is longer than allowed.
    skipping: bool,
    started: bool,
    ended: bool,
    broken: Option<io::Error>,
}

impl<R: Read> Chunks<R> {
    /// Cuts what `reader` gives.
    pub const fn new(reader: R) -> Self {
        Self {
            reader,
            tail: Vec::new(),
            next_line: 1,
            skipping: false,
            started: false,
            ended: false,
            broken: None,
        }
    }

    /// The line to be read next, from 1.
    pub const fn next_line(&self) -> u64 {
        self.next_line
    }

    /// Fills `chunk` with the next whole lines; `false` at the end. What was read before an error
    /// comes first, then the error; the beginning of a line that the error cut off is dropped.
    pub fn fill(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        chunk.bytes.clear();
        chunk.too_long.clear();
        chunk.first_line = self.next_line;
        std::mem::swap(&mut chunk.bytes, &mut self.tail);
        while !self.ended {
            self.read_more(&mut chunk.bytes);
            self.drop_bom(&mut chunk.bytes);
            self.drop_overlong(chunk);
            if (chunk.bytes.len() >= CHUNK_BYTES || self.broken.is_some()) && !self.ended_well() {
                let whole = end_of_lines(&chunk.bytes);
                self.tail.extend_from_slice(chunk.bytes.get(whole..).unwrap_or_default());
                chunk.bytes.truncate(whole);
                if whole > 0 || !chunk.too_long.is_empty() {
                    break;
                }
                std::mem::swap(&mut chunk.bytes, &mut self.tail);
            }
        }
        if let Some(error) = self.broken.take_if(|_| end_of_lines(&chunk.bytes) == 0) {
            return Err(error);
        }
        let open = chunk.bytes.last().is_some_and(|byte| *byte != b'\n');
        self.next_line += newlines(&chunk.bytes) + u64::from(open);
        Ok(!chunk.bytes.is_empty() || !chunk.too_long.is_empty())
    }

    const fn ended_well(&self) -> bool {
        self.ended && self.broken.is_none()
    }

    fn read_more(&mut self, bytes: &mut Vec<u8>) {
        let before = bytes.len();
        bytes.resize(before + CHUNK_BYTES, 0);
        let taken = loop {
            match self.reader.read(bytes.get_mut(before..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let taken = taken.unwrap_or_else(|error| {
            self.broken = Some(error);
            0
        });
        self.ended = taken == 0;
        bytes.truncate(before + taken);
    }

    fn drop_bom(&mut self, bytes: &mut Vec<u8>) {
        // A first read may be shorter than the mark itself.
        if !self.started && (bytes.len() >= BOM.len() || self.ended) {
            self.started = true;
            if bytes.starts_with(BOM) {
                bytes.drain(..BOM.len());
            }
        }
    }

    /// Lets go of a line once it is longer than allowed, however long it turns out to be.
    fn drop_overlong(&mut self, chunk: &mut Chunk) {
        if self.skipping {
            // The newline stays: it ends the empty line that stands for the long one.
            let end = memchr::memchr(b'\n', &chunk.bytes);
            chunk.bytes.drain(..end.unwrap_or(chunk.bytes.len()));
            self.skipping = end.is_none();
        }
        let open_from = end_of_lines(&chunk.bytes);
        if chunk.bytes.len() - open_from > LINE_BYTES_MAX {
            chunk.bytes.truncate(open_from);
            chunk.too_long.push(chunk.first_line + newlines(&chunk.bytes));
            self.skipping = true;
        }
    }
}

/// Where the last whole line ends.
fn end_of_lines(bytes: &[u8]) -> usize {
    memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1)
}

/// The lines of `bytes` without their ends; after the last end one more, perhaps empty.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest.take()?;
        match memchr::memchr(b'\n', bytes).and_then(|end| bytes.split_at_checked(end)) {
            Some((line, ended)) => {
                rest = ended.split_first().map(|(_, after)| after);
                Some(line)
            }
            None => Some(bytes),
        }
    })
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::fmt::Write as _;
    use std::io::Cursor;

    use super::*;

    /// Gives its bytes in small reads, then perhaps fails.
    struct Dripping(Cursor<Vec<u8>>, usize, bool);

    impl Read for Dripping {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            let taken = self.0.read(buffer.get_mut(..most).unwrap_or_default())?;
            if taken == 0 && self.2 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Ok(taken)
        }
    }

    /// Lines with their numbers, the numbers of the overlong, and whether it broke.
    fn read_all(reader: impl Read) -> (Vec<(u64, String)>, Vec<u64>, bool) {
        let (mut lines, mut too_long) = (Vec::new(), Vec::new());
        let mut chunks = Chunks::new(reader);
        let mut chunk = Chunk::default();
        loop {
            match chunks.fill(&mut chunk) {
                Err(_) => return (lines, too_long, true),
                Ok(false) => return (lines, too_long, false),
                Ok(true) => {
                    too_long.extend(&chunk.too_long);
                    for (offset, line) in (0..).zip(chunk.bytes.split_inclusive(|b| *b == b'\n')) {
                        let text = String::from_utf8(line.to_vec()).unwrap();
                        lines.push((chunk.first_line + offset, text));
                    }
                }
            }
        }
    }

    fn whole(text: &str) -> (Vec<(u64, String)>, Vec<u64>, bool) {
        read_all(Cursor::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn an_empty_source_has_no_chunk() {
        assert_eq!(whole(""), (vec![], vec![], false));
    }

    #[test]
    fn a_last_line_without_newline_counts() {
        let lines = vec![(1, "a\n".to_owned()), (2, "b".to_owned())];
        assert_eq!(whole("a\nb"), (lines, vec![], false));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        assert_eq!(whole("\u{feff}a\n").0, vec![(1, "a\n".to_owned())]);
    }

    #[test]
    fn lines_keep_their_numbers_across_chunks() {
        let mut text = String::new();
        (1..=60_000).for_each(|n| writeln!(text, "line number {n}").unwrap());
        assert!(text.len() > 3 * CHUNK_BYTES);
        for drip in [1000, 4096, CHUNK_BYTES] {
            let reader = Dripping(Cursor::new(text.clone().into_bytes()), drip, false);
            let (lines, _, _) = read_all(reader);
            assert_eq!(lines.len(), 60_000);
            for (number, line) in lines {
                assert_eq!(line, format!("line number {number}\n"));
            }
        }
    }

    #[test]
    fn a_line_too_long_is_named_and_the_next_ones_keep_their_numbers() {
        let long = "x".repeat(3 * LINE_BYTES_MAX + 7);
        let (lines, too_long, _) = whole(&format!("a\n{long}\nb\n"));
        assert_eq!(too_long, vec![2]);
        let texts = [(1, "a\n"), (2, "\n"), (3, "b\n")];
        assert_eq!(lines, texts.map(|(number, text)| (number, text.to_owned())));
    }

    #[test]
    fn a_line_too_long_at_the_end_is_named_too() {
        let (lines, too_long, _) = whole(&format!("a\n{}", "x".repeat(2 * LINE_BYTES_MAX)));
        assert_eq!((lines.len(), too_long), (1, vec![2]));
    }

    #[test]
    fn what_came_whole_before_a_break_is_kept_and_the_torn_line_is_not() {
        let reader = Dripping(Cursor::new(b"a\nb\nc-torn".to_vec()), 100, true);
        let (lines, _, broken) = read_all(reader);
        assert_eq!(lines, vec![(1, "a\n".to_owned()), (2, "b\n".to_owned())]);
        assert!(broken);
    }
}
