//! From the lines of a chunk to observations.

use domain::event::{Observer, Place, Refused, parse};
use domain::keyed::KeyedHasher;
use domain::observation::Observation;
use domain::time::{DAY, Micros};

use super::Format;
use super::chunk::{Chunk, LINE_BYTES_MAX, lines, newlines};
use super::rba::{self, RbaLabel};
use super::repeats::fingerprint;

/// How far ahead of the machine's clock a recorded event may lie: recorded logs have clocks of
/// their own, and yet one rubbish year must not age everybody's counters.
const AHEAD_MAX: i64 = 3_660 * DAY;

/// What a line turned out to be.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all are events, and the list is used again")]
pub enum Item {
    /// An event to judge.
    Event(Read),
    /// A line that is none.
    Bad {
        /// Its number, from 1.
        line: u64,
        /// Why, in English, without the value itself.
        reason: String,
        /// The rest of the file cannot make sense either (a wrong header).
        fatal: bool,
    },
}

impl Item {
    const fn bad(line: u64, reason: String) -> Self {
        Self::Bad { line, reason, fatal: false }
    }
}

/// An event as read.
#[derive(Debug)]
pub struct Read {
    /// Number of its line, from 1.
    pub line: u64,
    /// The id the store gave it.
    pub event_id: String,
    /// Hash of its text, to tell a repetition from a contradiction.
    pub fingerprint: u64,
    /// What is judged.
    pub observation: Observation,
    /// What the RBA data set says of it.
    pub label: Option<RbaLabel>,
}

/// What parsing needs; shared by every thread that parses.
pub struct Parser {
    /// What the lines are.
    pub format: Format,
    /// Hashes identifiers. Any key gives the same verdicts; nothing hashed is stored.
    pub hasher: KeyedHasher,
    /// The time of day.
    pub now: Micros,
    /// Where an address is and which lists name it.
    pub place: Box<dyn Fn(&domain::event::Event) -> Place + Send + Sync>,
}

impl Parser {
    /// Appends an item for every line of `chunk` that is not empty, in their order.
    /// `observer` hashes under the same key as this parser.
    pub fn read(&self, observer: &mut Observer<'_>, chunk: &Chunk, items: &mut Vec<Item>) {
        let mut rows = rba::Rows::default();
        let too_long = || format!("longer than {LINE_BYTES_MAX} bytes");
        for (line, text) in (chunk.first_line..).zip(lines(&chunk.bytes)) {
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if chunk.too_long.contains(&line) || text.len() > LINE_BYTES_MAX {
                items.push(Item::bad(line, too_long()));
            } else if !text.trim_ascii().is_empty() {
                let read = match self.format {
                    Format::Events => self.event(observer, line, text),
                    Format::RbaCsv => match rows.read(line, text, observer) {
                        Ok(None) => continue,
                        Ok(Some(read)) => Ok(read),
                        Err(reason) => Err(reason),
                    },
                };
                items.push(match read {
                    Ok(read) => Item::Event(read),
                    Err(reason) => {
                        let fatal = line == 1 && self.format == Format::RbaCsv;
                        Item::Bad { line, reason, fatal }
                    }
                });
            }
        }
        // A line that was too long and stands at the very end has no newline to stand for it.
        let lines = newlines(&chunk.bytes);
        for line in chunk.too_long.iter().filter(|line| **line > chunk.first_line + lines) {
            items.push(Item::bad(*line, too_long()));
        }
    }

    fn event(&self, observer: &mut Observer<'_>, line: u64, text: &[u8]) -> Result<Read, String> {
        let horizon = self.now.plus(AHEAD_MAX);
        let event = parse(text, horizon).map_err(|refused| wording(&refused, text))?;
        if event.occurred_at == horizon {
            return Err("/occurred_at: a recorded event must say when it happened".to_owned());
        }
        let place = (self.place)(&event);
        let observation = observer.observe(&event, event.occurred_at, place);
        let fingerprint = fingerprint(text);
        Ok(Read { line, event_id: event.event_id, fingerprint, observation, label: None })
    }
}

fn wording(refused: &Refused, text: &[u8]) -> String {
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") || text.contains(&0) {
        return "not UTF-8 text (UTF-16, or no text at all)".to_owned();
    }
    if std::str::from_utf8(text).is_err() {
        return "not UTF-8".to_owned();
    }
    if refused.pointer.is_empty() { refused.detail.clone() } else { refused.to_string() }
}
