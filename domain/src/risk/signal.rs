//! A signal is one item: code, documentation, the features it reads, and how it reads them.

use std::fmt::Write as _;

use super::{Features, SIGNALS};
use crate::decision::Facts;

/// Signals that say the same thing in different words share a group, and a group is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "named as in design §4")]
pub enum Group {
    Familiarity,
    Velocity,
    Infrastructure,
    Travel,
    Change,
    Purchase,
    Links,
    Exposure,
}

impl Group {
    /// As written in headings and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Familiarity => "familiarity",
            Self::Velocity => "velocity",
            Self::Infrastructure => "infrastructure",
            Self::Travel => "travel",
            Self::Change => "change",
            Self::Purchase => "purchase",
            Self::Links => "links",
            Self::Exposure => "exposure",
        }
    }
}

/// What one signal found.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Log-likelihood ratio in nats: positive speaks for an intruder, negative for the owner.
    pub nats: f64,
    /// Readable facts, without personal data.
    pub facts: Facts,
}

/// One signal.
pub struct Signal {
    /// Stable number: what is stored. Never reused. The hundreds are its group's.
    pub number: u16,
    /// Stable code: what is shown, `group.finding`; also its text key (`signal-` and the code with `-` for `.`).
    pub code: &'static str,
    /// Its group.
    pub group: Group,
    /// What it means, in one English sentence, for `docs/generated/signals.md`.
    pub doc: &'static str,
    /// The feature fields it reads.
    pub reads: &'static [&'static str],
    /// Reads the features; `None` where there is nothing to say.
    pub read: fn(&Features) -> Option<Evidence>,
}

/// The signal stored as `number`.
pub fn signal_by_number(number: u16) -> Option<&'static Signal> {
    SIGNALS.iter().copied().flatten().find(|signal| signal.number == number)
}

/// `docs/generated/signals.md`: every signal, by group.
pub fn signals_markdown() -> String {
    let mut page = String::from(
        "# Signals\n\nGenerated from `domain::risk::SIGNALS`; do not edit. Positive evidence speaks \
         for an intruder,\nnegative for the owner; each group's sum is capped.\n",
    );
    for group in SIGNALS {
        if let Some(first) = group.first() {
            let _ = write!(page, "\n## {}\n\n", first.group.name());
            page.push_str("| number | code | meaning | reads |\n|---|---|---|---|\n");
        }
        for signal in *group {
            let reads: Vec<_> = signal.reads.iter().map(|field| format!("`{field}`")).collect();
            let reads = reads.join(", ");
            let _ = writeln!(
                page,
                "| {} | `{}` | {} | {reads} |",
                signal.number, signal.code, signal.doc
            );
        }
    }
    page
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn all() -> impl Iterator<Item = &'static Signal> {
        SIGNALS.iter().copied().flatten()
    }

    #[test]
    fn every_signal_has_a_number_and_a_code_of_its_own() {
        let numbers: BTreeSet<_> = all().map(|signal| signal.number).collect();
        let codes: BTreeSet<_> = all().map(|signal| signal.code).collect();
        assert_eq!(numbers.len(), all().count());
        assert_eq!(codes.len(), all().count());
    }

    #[test]
    fn a_signals_hundreds_are_its_groups() {
        for signal in all() {
            assert_eq!(signal.number / 100, signal.group as u16 + 1, "{}", signal.code);
        }
    }

    #[test]
    fn every_signal_has_words_in_both_languages() {
        for language in ["en", "ja"] {
            let file = format!("../app/text/{language}.ftl");
            let words =
                fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
            for signal in all() {
                let key = format!("\nsignal-{} =", signal.code.replace('.', "-"));
                assert!(words.contains(&key), "{language}.ftl lacks {key}");
            }
        }
    }

    #[test]
    fn the_page_of_signals_is_up_to_date() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated/signals.md");
        let page = signals_markdown();
        if std::env::var_os("SEKISHO_WRITE_GENERATED").is_some() {
            fs::write(&file, &page).unwrap();
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(committed, page, "run the tests once with SEKISHO_WRITE_GENERATED=1");
    }
}
