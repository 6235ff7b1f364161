//! What is said of each mail: words for people, or one JSON object a line.

use std::io::Write as _;

use mail::Report;
use serde::Serialize;

use super::super::{Exit, Failure};
use crate::mail_check::{
    is_finding, is_unauthenticated, reason_key, shown, shown_reasons, verdict_key,
};
use crate::text::{Language, text};

/// Text keys that the command line alone uses.
pub const KEYS: [&str; 1] = ["mail-total"];

/// Says what was found, mail by mail.
pub(super) struct Telling {
    json: bool,
    language: Language,
    mails: usize,
    findings: usize,
}

/// A line for programs.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

impl Telling {
    pub(super) const fn to(json: bool, language: Language) -> Self {
        Self { json, language, mails: 0, findings: 0 }
    }

    pub(super) fn say(&mut self, path: &str, report: &Report) -> Result<(), Failure> {
        self.mails += 1;
        self.findings += usize::from(is_finding(report.verdict));
        if self.json {
            let line = serde_json::to_string(&Line { path, report });
            return super::super::say(line.unwrap_or_default());
        }
        super::super::say(self.in_words(path, report))
    }

    /// Says the total, and how it ended.
    pub(super) fn end(self, unreadable: usize) -> Result<Exit, Failure> {
        if !self.json && self.mails != 1 {
            let (mails, findings) = (self.mails.to_string(), self.findings.to_string());
            let values = [("mails", mails.as_str()), ("findings", findings.as_str())];
            super::super::say(text().tell(self.language, "mail-total", &values))?;
        }
        let _ = std::io::stdout().flush();
        if unreadable > 0 {
            return Err(Failure::Unfinished(format!("{unreadable} files could not be read")));
        }
        Ok(if self.findings > 0 { Exit::Findings } else { Exit::Fine })
    }

    fn in_words(&self, path: &str, report: &Report) -> String {
        let say = |key: &str| text().say(self.language, key);
        let mut words = format!("{path}: {}", say(verdict_key(report)));
        for reason in shown_reasons(report) {
            words.push_str(&format!("\n  - {}", say(&reason_key(reason.code))));
            let facts: Vec<&str> = reason.facts.iter().map(|fact| fact.value.as_str()).collect();
            if !facts.is_empty() {
                words.push_str(&format!(" ({})", shown(&facts.join(", "))));
            }
        }
        if is_unauthenticated(report) {
            words.push_str(&format!("\n  {}", say("mail-not-authenticated")));
        }
        if is_finding(report.verdict) {
            words.push_str(&format!("\n  {}", say("mail-advice-bad")));
        }
        words
    }
}
