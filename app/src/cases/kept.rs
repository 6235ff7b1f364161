//! A case as it is kept.

use std::collections::BTreeSet;

use domain::case::{Case, Given};
use domain::time::Micros;
use serde::{Deserialize, Serialize};

use super::contain::Item;
use super::report::Report;
use crate::{evidence, pack};

/// A case as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// How far it has come.
    pub case: Case,
    /// Its number, as people say it.
    pub number: String,
    /// Keyed hash of the secret; none for a case that nobody reported.
    pub secret: Option<u128>,
    /// In which language the reporter is answered.
    pub english: bool,
    /// The account's id as the store gave it, once it is known.
    pub account_name: Option<String>,
    /// What was reported.
    pub report: Report,
    /// What this reporter proved: of it alone, whatever others proved in the same case.
    #[serde(default)]
    pub own: Vec<Given>,
    /// What was said since, oldest first.
    pub messages: Vec<Message>,
    /// Who reported says that it was a mistake.
    #[serde(default)]
    pub withdrawn: bool,
    /// Of a report that went into another case: which.
    pub into: Option<u128>,
    /// Reports of others that went into this one (T7).
    pub reports: u32,
    /// Files that were given.
    #[serde(default)]
    pub evidence: Vec<evidence::kept::Item>,
    /// Call-backs that were asked for in it, oldest first.
    #[serde(default)]
    pub callbacks: Vec<u128>,
    /// What containing it did, item by item (X3).
    pub contained: Vec<Item>,
    /// Orders that the store was told to hold when it was contained.
    #[serde(default)]
    pub held: BTreeSet<String>,
    /// Two claimed the account, and the desk decided: only who showed a document takes it back (X6).
    #[serde(default)]
    pub was_contested: bool,
    /// Evidence packs that were made of it, oldest first.
    #[serde(default)]
    pub packs: Vec<pack::Item>,
}

/// A word between the reporter and the desk.
#[derive(Clone, Serialize, Deserialize)]
pub struct Message {
    /// When.
    pub at: Micros,
    /// Which agent; none for the reporter.
    pub agent: Option<String>,
    /// What.
    pub text: String,
}
