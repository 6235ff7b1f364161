//! How often everybody signs in from a value: the counts under the Freeman ratio.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::bytes::table;
use super::crowd::{Crowd, Touch};
use super::sign_ins::{completes_sign_in, counts_as_sign_in, cut};
use super::{Outcome, Position};
use crate::decision::Assessment;
use crate::observation::{DeviceClass, Observation};

/// Values of one kind that are counted. `Ip` and `Text` are the top levels of their feature, the
/// others its lower levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Level {
    Ip,
    Asn,
    Country,
    Text,
    Browser,
    System,
    Class,
}

impl Level {
    /// Key of a value of this level in the tables.
    pub const fn key(self, value: u64) -> u64 {
        let salted = value ^ (self as u64 + 17).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = salted.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        mixed ^ (mixed >> 32)
    }
}

/// The lower levels, in the order of [`NewValues`].
pub const LOWER: [Level; 5] =
    [Level::Asn, Level::Country, Level::Browser, Level::System, Level::Class];

/// Which of the lower levels' values are seen for the first time, in the order of [`LOWER`].
pub type NewValues = [bool; 5];

/// Values of one shard; beyond it new ones are not counted. Familiarity is learnt for good and not
/// swept. Values are what sign-ins that went through came with, so that nobody can fill this table
/// from outside.
const KEPT_MAX: usize = 262_144;
/// Lower values kept of one top value.
const LOWER_MAX: usize = 32;

/// The part of the table that falls into one shard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Values {
    /// Addresses and user agents.
    tops: FxHashMap<u64, Top>,
    /// ASes, countries, browsers, systems, classes.
    lower: FxHashMap<u64, Lower>,
}

/// An address or a user agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Top {
    /// Sign-ins with it.
    pub count: u32,
    /// Distinct lower values that came with it, sorted.
    below: SmallVec<[u32; 2]>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Lower {
    count: u32,
    /// Position of the first sign-in with it.
    first: Position,
}

impl Values {
    /// What it costs.
    pub(super) fn bytes(&self) -> usize {
        let spilled = self.tops.values().filter(|top| top.below.spilled());
        let below = spilled.map(|top| top.below.capacity() * size_of::<u32>());
        table(&self.tops) + table(&self.lower) + below.sum::<usize>()
    }
}

impl Top {
    /// Distinct lower values that came with it.
    pub fn distinct_below(&self) -> usize {
        self.below.len()
    }
}

impl Crowd {
    /// What is known of an address or user agent.
    pub fn top(&self, level: Level, value: u64) -> Option<&Top> {
        let key = level.key(value);
        self.shard(key)?.values.tops.get(&key)
    }

    /// Everybody's sign-ins with a value of a lower level.
    pub fn sign_ins_with(&self, level: Level, value: u64) -> u32 {
        let key = level.key(value);
        let lower = self.shard(key).and_then(|shard| shard.values.lower.get(&key));
        lower.map_or(0, |lower| lower.count)
    }
}

/// Value of a lower level at an event, if known.
pub fn lower_value(level: Level, observation: &Observation) -> Option<u64> {
    let agent = &observation.agent;
    match level {
        Level::Ip | Level::Text => None,
        Level::Asn => observation.origin.asn.map(u64::from),
        Level::Country => observation.origin.country.map(|it| u64::from(u16::from_le_bytes(it.0))),
        Level::Browser => agent.browser,
        Level::System => agent.system,
        Level::Class => (agent.class != DeviceClass::Unknown).then_some(agent.class as u64),
    }
}

/// Reads the address and the user agent of an event.
pub(super) fn look_ahead(crowd: &Crowd, observation: &Observation) -> usize {
    let address = observation.origin.place().and_then(|ip| crowd.top(Level::Ip, ip));
    let text = observation.agent.text.and_then(|text| crowd.top(Level::Text, text));
    address.into_iter().chain(text).map(Top::distinct_below).sum()
}

/// Takes in a judged event; tells which values were new with it.
pub(super) fn remember(
    touch: &mut Touch<'_>,
    observation: &Observation,
    assessment: &Assessment,
) -> NewValues {
    if counts_as_sign_in(observation, assessment) {
        count(touch, observation)
    } else {
        NewValues::default()
    }
}

/// Takes in what became of a decision; tells which values were new with it.
pub(super) fn settle(
    touch: &mut Touch<'_>,
    observation: &Observation,
    outcome: Outcome,
) -> NewValues {
    if completes_sign_in(observation, outcome) {
        count(touch, observation)
    } else {
        NewValues::default()
    }
}

fn count(touch: &mut Touch<'_>, observation: &Observation) -> NewValues {
    let (ip, text) = (observation.origin.place(), observation.agent.text);
    if let Some(ip) = ip {
        count_top(touch, Level::Ip.key(ip), &[Level::Asn, Level::Country], observation);
    }
    if let Some(text) = text {
        let below = &[Level::Browser, Level::System, Level::Class];
        count_top(touch, Level::Text.key(text), below, observation);
    }
    let mut new = NewValues::default();
    for (level, new) in LOWER.into_iter().zip(&mut new) {
        let counted = if matches!(level, Level::Asn | Level::Country) { ip } else { text };
        if let (Some(_), Some(value)) = (counted, lower_value(level, observation)) {
            *new = count_lower(touch, level.key(value));
        }
    }
    new
}

fn count_top(touch: &mut Touch<'_>, key: u64, below: &[Level], observation: &Observation) {
    let Some(shard) = touch.shard(key) else { return };
    let tops = &mut shard.values.tops;
    if tops.len() >= KEPT_MAX && !tops.contains_key(&key) {
        return;
    }
    let top = tops.entry(key).or_default();
    top.count = top.count.saturating_add(1);
    for level in below {
        let Some(value) = lower_value(*level, observation) else { continue };
        let value = cut(level.key(value));
        if let Err(place) = top.below.binary_search(&value)
            && top.below.len() < LOWER_MAX
        {
            top.below.insert(place, value);
        }
    }
}

/// Counts a lower value; tells whether this record is its first, also where the shard was already
/// ahead of it.
fn count_lower(touch: &mut Touch<'_>, key: u64) -> bool {
    let position = touch.position();
    if let Some(shard) = touch.shard(key) {
        let lower = &mut shard.values.lower;
        if lower.len() >= KEPT_MAX && !lower.contains_key(&key) {
            return false;
        }
        let lower = lower.entry(key).or_default();
        lower.count = lower.count.saturating_add(1);
        if lower.first == 0 {
            lower.first = position;
        }
    }
    let lower = touch.peek(key).and_then(|shard| shard.values.lower.get(&key));
    lower.is_some_and(|lower| lower.first == position)
}
