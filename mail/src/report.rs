//! What is said of a mail.

use serde::{Deserialize, Serialize};

use crate::authentication::Results;

/// Genuine, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// From the brand's exact domain, authenticated and aligned, and leading nowhere else.
    Genuine,
    /// Something speaks against it.
    Suspicious,
    /// It pretends to be somebody it is not.
    Forged,
    /// Cannot be told from what there is.
    Unclear,
}

/// A readable fact of a reason: what it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// `brand`, `domain`, `link`, `header`, `count`.
    pub name: &'static str,
    /// Its value, shortened.
    pub value: String,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Stable code of the signal.
    pub code: &'static str,
    /// Log-likelihood ratio in nats; positive speaks against the mail.
    pub evidence: f64,
    /// What it was read from.
    pub facts: Vec<Fact>,
}

/// What was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unchecked {
    /// SPF, DKIM and DMARC: no name service was asked.
    Authentication,
    /// Where links lead in the end.
    LinkTargets,
    /// What stands in attachments.
    Attachments,
    /// What lies beyond the limit of bytes.
    Rest,
}

/// What is said of a mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// 0–1, higher is worse.
    pub score: f64,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
    /// What was not looked at.
    pub not_checked: Vec<Unchecked>,
    /// The sender is authenticated as the brand's own domain and nothing speaks against it, but not
    /// all of its links lead to the brand.
    pub likely_genuine: bool,
}

/// How to look.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The `authserv-id` of the receiver whose `Authentication-Results` (RFC 8601) is believed.
    pub trusted_receiver: Option<String>,
    /// What the name service said of the mail's own signatures, where it was asked; it goes before
    /// what a receiver wrote.
    pub asked: Option<Results>,
}
