//! Labels to measure by: a CSV of `event_id,label,history`. Further columns are ignored.

use std::hash::BuildHasher as _;
use std::path::Path;

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Whether an event was an intruder's, and how much history its account had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// An intruder's.
    pub intruder: bool,
    /// Earlier events of the account.
    pub history: u32,
}

/// Labels by event id.
#[derive(Debug, Default)]
pub struct Labels {
    by_event: FxHashMap<u64, Label>,
}

/// Why a file of labels cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// It cannot be read as CSV.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("the header has no column {0:?}; event_id,label,history are needed")]
    Column(&'static str),
    /// A row does not fit.
    #[error("line {line}: {what}")]
    Row {
        /// Its number, from 1.
        line: u64,
        /// What does not fit.
        what: &'static str,
    },
}

impl Labels {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, LabelError> {
        Self::from_csv(csv::Reader::from_path(path)?)
    }

    fn from_csv<R: std::io::Read>(mut reader: csv::Reader<R>) -> Result<Self, LabelError> {
        let header = reader.headers()?.clone();
        let column = |name: &'static str| {
            let place =
                header.iter().position(|found| found.trim_start_matches('\u{feff}') == name);
            place.ok_or(LabelError::Column(name))
        };
        let (event, label, history) = (column("event_id")?, column("label")?, column("history")?);
        let mut by_event = FxHashMap::default();
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row)? {
            let line = row.position().map_or(0, csv::Position::line);
            let wrong = |what| LabelError::Row { line, what };
            let intruder = match row.get(label) {
                Some("0") => false,
                Some("1") => true,
                _ => return Err(wrong("label is neither 0 nor 1")),
            };
            let history = row.get(history).and_then(|history| history.parse().ok());
            let history = history.ok_or_else(|| wrong("history is no number"))?;
            let id = row.get(event).unwrap_or_default();
            by_event.insert(key(id), Label { intruder, history });
        }
        Ok(Self { by_event })
    }

    /// Takes out the label of an event: what is left at the end had no event.
    pub fn take(&mut self, event_id: &str) -> Option<Label> {
        self.by_event.remove(&key(event_id))
    }

    /// Labels not taken.
    pub fn left(&self) -> impl Iterator<Item = &Label> {
        self.by_event.values()
    }
}

fn key(event_id: &str) -> u64 {
    FxBuildHasher.hash_one(event_id)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(text: &str) -> Result<Labels, LabelError> {
        Labels::from_csv(csv::Reader::from_reader(text.as_bytes()))
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let mut labels = read("history,kind,event_id,label\n4,x,a,1\n0,,b,0\n").unwrap();
        assert_eq!(labels.take("a"), Some(Label { intruder: true, history: 4 }));
        assert_eq!(labels.take("a"), None, "an event counts once");
        assert_eq!(labels.left().count(), 1);
    }

    #[test]
    fn what_does_not_fit_is_named_by_line() {
        let wrong = |text| read(text).unwrap_err().to_string();
        assert!(wrong("event_id,label\na,1\n").contains("history"));
        assert_eq!(
            wrong("event_id,label,history\na,1,0\nb,yes,0\n"),
            "line 3: label is neither 0 nor 1"
        );
        assert_eq!(wrong("event_id,label,history\na,1,x\n"), "line 2: history is no number");
    }
}
