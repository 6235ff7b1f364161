//! The three stages and the channels between them.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use domain::event::Observer;

use super::chunk::{Chunk, Chunks};
use super::input::Source;
use super::judge::Judging;
use super::parse::{Item, Parser};
use super::report::{BadLine, Report};
use crate::world::Stopwatch;

/// Chunks in flight for each thread that parses.
const IN_FLIGHT: usize = 3;
/// Events whose memory is read together before they are judged.
const LOOK_AHEAD: usize = 16;

/// What is replayed, and how.
pub struct Settings {
    /// Where the lines come from, in order.
    pub sources: Vec<Source>,
    /// Turns lines into observations.
    pub parser: Parser,
    /// Bad lines borne; one more ends the replay.
    pub bad_max: u64,
    /// Threads that parse.
    pub threads: usize,
    /// Told now and then how many packed bytes have been read and how many events judged.
    pub progress: Box<dyn Fn(u64, u64) + Send>,
}

/// Why a replay ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// Decisions cannot be written.
    #[error("cannot write decisions")]
    Output(#[source] io::Error),
}

/// A chunk as parsed.
struct Parsed {
    number: u64,
    source: usize,
    items: Vec<Item>,
    /// The source ended in an error, before this line.
    broken: Option<(u64, String)>,
}

/// What goes from reading to parsing.
enum Piece {
    Lines(Chunk),
    Broken { number: u64, source: usize, line: u64, reason: String },
}

/// Judges everything; too many bad lines and broken sources end it early and are in the report.
pub fn run(settings: Settings, mut judging: Judging) -> Result<Report, Stopped> {
    let watch = Stopwatch::start();
    let Settings { sources, parser, bad_max, threads, progress } = settings;
    let bytes_read = Arc::new(AtomicU64::new(0));
    let spare = Spare::default();
    let names: Vec<String> = sources.iter().map(Source::name).collect();
    let threads = threads.max(1);
    let judged: Result<(), Stopped> = std::thread::scope(|scope| {
        let (pieces, taken) = sync_channel::<Piece>(IN_FLIGHT * threads);
        let (parsed, judged) = sync_channel::<Parsed>(IN_FLIGHT * threads);
        let (spare, parser, sources, read) = (&spare, &parser, &sources, &bytes_read);
        scope.spawn(move || read_sources(sources, read, spare, &pieces));
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..threads {
            let (taken, parsed) = (Arc::clone(&taken), parsed.clone());
            scope.spawn(move || parse_pieces(&taken, parser, spare, &parsed));
        }
        // Only the threads hold what ends the channels.
        drop((taken, parsed));
        let mut events = 0;
        in_order(&judged, |piece| {
            events += piece.items.len() as u64;
            judge_piece(&mut judging, piece, &names, spare)?;
            progress(read.load(Ordering::Relaxed), events);
            Ok(judging.bad_lines() <= bad_max && !judging.is_broken())
        })
        // `judged` is dropped here, so that an early end reaches the other stages.
    });
    judged?;
    judging.finish(watch.elapsed().as_secs_f64()).map_err(Stopped::Output)
}

/// Buffers to use again.
#[derive(Default)]
struct Spare {
    chunks: Mutex<Vec<Chunk>>,
    items: Mutex<Vec<Vec<Item>>>,
}

impl Spare {
    fn take<T: Default>(from: &Mutex<Vec<T>>) -> T {
        from.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give<T>(to: &Mutex<Vec<T>>, spare: T) {
        to.lock().unwrap_or_else(PoisonError::into_inner).push(spare);
    }
}

fn read_sources(
    sources: &[Source],
    bytes_read: &Arc<AtomicU64>,
    spare: &Spare,
    pieces: &SyncSender<Piece>,
) {
    let mut number = 0;
    for (index, source) in sources.iter().enumerate() {
        let broken = |number, line, error: &io::Error| {
            let reason = why_broken(error);
            pieces.send(Piece::Broken { number, source: index, line, reason })
        };
        let mut chunks = match source.open(bytes_read) {
            Ok(reader) => Chunks::new(reader),
            Err(error) => {
                let _ = broken(number, 0, &error);
                return;
            }
        };
        loop {
            let mut chunk = Spare::take(&spare.chunks);
            (chunk.number, chunk.source) = (number, index);
            match chunks.fill(&mut chunk) {
                Ok(false) => break,
                // Nobody listens any more: the replay has ended early.
                Ok(true) if pieces.send(Piece::Lines(chunk)).is_err() => return,
                Ok(true) => number += 1,
                Err(error) => {
                    let _ = broken(number, chunks.next_line(), &error);
                    return;
                }
            }
        }
    }
}

fn why_broken(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        "the packed data ends too early".to_owned()
    } else {
        error.to_string()
    }
}

fn parse_pieces(
    taken: &Mutex<Receiver<Piece>>,
    parser: &Parser,
    spare: &Spare,
    parsed: &SyncSender<Parsed>,
) {
    let mut observer = Observer::new(&parser.hasher);
    loop {
        let piece = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let done = match piece {
            Err(_) => return,
            Ok(Piece::Broken { number, source, line, reason }) => {
                Parsed { number, source, items: Vec::new(), broken: Some((line, reason)) }
            }
            Ok(Piece::Lines(chunk)) => {
                let mut items = Spare::take(&spare.items);
                // Cleared here and not where it was judged: that stage has the most to do.
                items.clear();
                parser.read(&mut observer, &chunk, &mut items);
                let (number, source) = (chunk.number, chunk.source);
                Spare::give(&spare.chunks, chunk);
                Parsed { number, source, items, broken: None }
            }
        };
        if parsed.send(done).is_err() {
            return;
        }
    }
}

/// Calls `each` in the order of chunk numbers, until it says `false`.
fn in_order(
    judged: &Receiver<Parsed>,
    mut each: impl FnMut(Parsed) -> Result<bool, Stopped>,
) -> Result<(), Stopped> {
    let mut next = 0;
    let mut early = BTreeMap::new();
    for piece in judged {
        early.insert(piece.number, piece);
        while let Some(piece) = early.remove(&next) {
            next += 1;
            if !each(piece)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn judge_piece(
    judging: &mut Judging,
    mut piece: Parsed,
    names: &[String],
    spare: &Spare,
) -> Result<(), Stopped> {
    let name = names.get(piece.source).map_or("", String::as_str);
    for items in piece.items.chunks_mut(LOOK_AHEAD) {
        judging.look_ahead(items);
        for item in items {
            judging.take(item, name).map_err(Stopped::Output)?;
            if judging.is_broken() {
                return Ok(());
            }
        }
    }
    if let Some((line, reason)) = piece.broken {
        judging.break_off(BadLine { file: name.to_owned(), line, reason });
    }
    Spare::give(&spare.items, piece.items);
    Ok(())
}
