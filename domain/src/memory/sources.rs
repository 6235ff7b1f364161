//! Who tries how much from where: counters by address, network, AS, device and secret.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::bytes::table;
use super::crowd::{Crowd, Touch};
use super::{Breadth, Decayed, Outcome, seconds};
use crate::decision::Assessment;
use crate::event::{EventType, Status};
use crate::observation::Observation;
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// Half-lives of a source's failures.
pub const SOURCE_HALF_LIVES: [i64; 4] = [MINUTE, 10 * MINUTE, HOUR, DAY];
/// Half-life of a source's successes.
pub const SUCCESS_HALF_LIFE: i64 = DAY;
/// A source that was quiet for so long and had no storm is dropped at the next sweep.
const QUIET_KEPT: i64 = 2 * DAY;
/// A source with a storm is dropped after sixteen half-lives: its counters hold nothing by then.
const STORM_KEPT: i64 = 16 * DAY;
/// Sources kept in a shard; beyond it those unused for longest go at the next sweep.
const KEPT_MAX: usize = 32_768;

/// What a source is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// Address.
    Ip,
    /// Its /24 or /64.
    Network,
    /// Autonomous system.
    Asn,
    /// Device token.
    Device,
    /// A secret that was tried, from anywhere.
    Secret,
    /// A user agent, whole.
    Software,
    /// A TLS fingerprint.
    Handshake,
}

impl SourceKind {
    /// Key of a value of this kind in the tables.
    pub const fn key(self, value: u64) -> u64 {
        let salted = value ^ (self as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = salted.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        mixed ^ (mixed >> 32)
    }
}

/// The part of the table that falls into one shard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    sources: FxHashMap<u64, Source>,
}

/// What is remembered of one source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Second of its latest try.
    last: u32,
    /// Sign-ins that went through.
    successes: Decayed,
    /// Accounts tried, for an address or a device.
    pub accounts: Breadth,
    /// Present once something failed.
    pub storm: Option<Box<Storm>>,
    /// Latest takeover confirmed from here; 0 for never.
    pub bad: u32,
}

/// What failed at a source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Storm {
    failures: [Decayed; 4],
    /// Accounts at which it failed.
    pub accounts: Breadth,
    /// Secrets that failed.
    pub secrets: Breadth,
}

impl Source {
    /// Sign-ins that went through, as of `at`, with [`SUCCESS_HALF_LIFE`].
    pub fn successes(&self, at: Micros) -> f64 {
        self.successes.value(at, SUCCESS_HALF_LIFE)
    }

    fn keep_until(&self) -> i64 {
        let kept = if self.storm.is_some() { STORM_KEPT } else { QUIET_KEPT };
        if self.bad > 0 { kept.max(365 * DAY) } else { kept }
    }
}

impl Storm {
    /// Failures as of `at`, by [`SOURCE_HALF_LIVES`].
    pub fn failures(&self, at: Micros) -> [f64; 4] {
        let mut values = [0.0; 4];
        let sums = self.failures.iter().zip(SOURCE_HALF_LIVES);
        for (value, (sum, half_life)) in values.iter_mut().zip(sums) {
            *value = sum.value(at, half_life);
        }
        values
    }
}

impl Crowd {
    /// What is remembered of a source.
    pub fn source(&self, kind: SourceKind, value: u64) -> Option<&Source> {
        let key = kind.key(value);
        self.shard(key)?.sources.sources.get(&key)
    }
}

impl Sources {
    /// Sources held.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// What it costs.
    pub(super) fn bytes(&self) -> usize {
        let storm =
            |storm: &Storm| size_of_val(storm) + storm.accounts.bytes() + storm.secrets.bytes();
        let elsewhere = self
            .sources
            .values()
            .map(|source| source.accounts.bytes() + source.storm.as_deref().map_or(0, storm));
        table(&self.sources) + elsewhere.sum::<usize>()
    }

    /// Drops what has decayed to nothing by `now`, and the longest unused beyond the limit.
    pub(super) fn sweep(&mut self, now: Micros) {
        let recent = now.plus(-QUIET_KEPT);
        self.sources.retain(|_, source| {
            source.accounts.forget_before(recent);
            seconds(now.plus(-source.keep_until())) <= source.last
        });
        let excess = self.sources.len().saturating_sub(KEPT_MAX);
        if excess > 0 {
            let mut by_use: Vec<_> = self.sources.iter().map(|(key, it)| (it.last, *key)).collect();
            by_use.sort_unstable();
            for (_, key) in by_use.iter().take(excess) {
                self.sources.remove(key);
            }
        }
    }
}

/// The sources of an event.
fn sources_of(observation: &Observation) -> impl Iterator<Item = (SourceKind, u64)> {
    let origin = &observation.origin;
    let secret = observation.credential.as_ref().and_then(|shown| shown.secret);
    [
        (SourceKind::Ip, origin.place()),
        (SourceKind::Network, origin.network.filter(|_| !origin.private)),
        (SourceKind::Asn, origin.asn.map(u64::from)),
        (SourceKind::Device, observation.device),
        (SourceKind::Secret, secret),
        (SourceKind::Software, observation.agent.text),
        (SourceKind::Handshake, observation.agent.ja4),
    ]
    .into_iter()
    .filter_map(|(kind, value)| Some((kind, kind.key(value?))))
}

/// Reads the sources of an event.
pub(super) fn look_ahead(crowd: &Crowd, observation: &Observation) -> usize {
    let found = sources_of(observation).filter_map(|(_, key)| {
        let source = crowd.shard(key)?.sources.sources.get(&key)?;
        Some(usize::from(source.storm.is_some()))
    });
    found.sum()
}

/// Takes in a judged event.
pub(super) fn remember(touch: &mut Touch<'_>, observation: &Observation, _: &Assessment) {
    if observation.kind == EventType::Login {
        count(touch, observation, observation.status);
    }
}

/// Takes in what became of a decision.
pub(super) fn settle(touch: &mut Touch<'_>, observation: &Observation, outcome: Outcome) {
    match outcome {
        Outcome::ChallengeFailed if observation.kind == EventType::Login => {
            count(touch, observation, Status::Failed);
        }
        Outcome::ConfirmedTakeover => {
            let origin = &observation.origin;
            let ip = origin.place().map(|ip| SourceKind::Ip.key(ip));
            let device = observation.device.map(|device| SourceKind::Device.key(device));
            for key in [ip, device].into_iter().flatten() {
                if let Some(shard) = touch.shard(key) {
                    let source = shard.sources.sources.entry(key).or_default();
                    source.bad = source.bad.max(seconds(observation.occurred_at));
                    source.last = source.last.max(seconds(observation.occurred_at));
                }
            }
        }
        Outcome::ChallengeFailed
        | Outcome::ChallengePassed
        | Outcome::Completed
        | Outcome::Abandoned
        | Outcome::ConfirmedOwner => {}
    }
}

fn count(touch: &mut Touch<'_>, observation: &Observation, status: Status) {
    let at = observation.occurred_at;
    let secret = observation.credential.as_ref().and_then(|shown| shown.secret);
    for (kind, key) in sources_of(observation) {
        let Some(shard) = touch.shard(key) else { continue };
        let source = shard.sources.sources.entry(key).or_default();
        source.last = source.last.max(seconds(at));
        let account = observation.account.map(fold);
        // Only an address or a device is asked how many accounts it tries.
        if let (SourceKind::Ip | SourceKind::Device, Some(account)) = (kind, account) {
            source.accounts.see(account, at);
        }
        match status {
            Status::Attempted => {}
            Status::Succeeded => source.successes.add(at, SUCCESS_HALF_LIFE, 1),
            Status::Failed => {
                let storm = source.storm.get_or_insert_default();
                for (sum, half_life) in storm.failures.iter_mut().zip(SOURCE_HALF_LIVES) {
                    sum.add(at, half_life, 1);
                }
                if let Some(account) = account {
                    storm.accounts.see(account, at);
                }
                if let Some(secret) = secret {
                    storm.secrets.see(secret, at);
                }
            }
        }
    }
}

/// An account as [`Breadth`] sees it.
#[expect(clippy::cast_possible_truncation, reason = "folding is the purpose")]
pub(crate) const fn fold(account: crate::keyed::AccountKey) -> u64 {
    (account.0 ^ (account.0 >> 64)) as u64
}
