//! What is remembered of the log: one profile an account, and the crowd's counters.
//!
//! State is a function of the *set* of events, not of their order: every part is a commutative
//! fold (integer sums, maxima, sets kept sorted), so late and back-filled events count as if they
//! had come in time. Every part carries `as_of`, the last log position it holds; remembering a
//! position twice is a no-op, which makes restart from fuzzy snapshots exact. For the same reason no
//! part may take in what another part holds: after a restart that part may already be ahead.

mod breadth;
mod bytes;
pub mod changes;
mod crowd;
mod decay;
pub mod items;
mod level;
pub mod links;
mod population;
mod profile;
pub mod proofs;
pub mod purchases;
mod shop;
pub mod sign_ins;
pub mod sources;
mod tight;
pub mod tries;
pub mod values;
mod wave;

pub use breadth::Breadth;
pub use bytes::{CrowdBytes, ProfileBytes};
pub use crowd::{Crowd, SHARDS, Shard};
pub use decay::Decayed;
#[cfg(test)]
pub(crate) use level::steps_of;
pub(crate) use level::{Level, nats_of};
pub use population::{Firsts, Population};
pub use profile::Profile;
pub use tight::Tight;
pub use wave::{Swell, Wave};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::decision::Assessment;
use crate::keyed::AccountKey;
use crate::known::Known;
use crate::observation::Observation;
use crate::time::{Micros, SECOND};
use serde::{Deserialize, Serialize};

/// What became of a decision (`POST /v1/decisions/{id}/outcome`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as in api.md")]
pub enum Outcome {
    ChallengePassed,
    ChallengeFailed,
    Completed,
    Abandoned,
    ConfirmedOwner,
    ConfirmedTakeover,
}

/// Whole seconds since 1970, clamped to what 32 bits hold (until 2106): a compact time whose order
/// and maxima agree with those of [`Micros`].
pub(crate) fn seconds(at: Micros) -> u32 {
    u32::try_from(at.0.div_euclid(SECOND).max(0)).unwrap_or(u32::MAX)
}

/// Position in the log: 1 for the first record.
pub type Position = u64;

/// All hot state.
#[derive(Default)]
pub struct Memory {
    accounts: FxHashMap<AccountKey, Box<Profile>>,
    crowd: Crowd,
}

impl Memory {
    /// Everything known about `observation`. The account must have been restored before.
    pub fn known(&self, observation: &Observation) -> Known<'_> {
        Known {
            profile: observation.account.and_then(|account| self.account(account)),
            crowd: &self.crowd,
        }
    }

    /// Reads what judging and remembering `observations` will need, and does nothing with it. Reads
    /// of many at once overlap, where judgement waits for one after the other: worth it where memory
    /// is larger than the processor's caches. Returns how much it found, for the compiler to keep.
    pub fn look_ahead<'a>(&self, observations: impl Iterator<Item = &'a Observation>) -> usize {
        let mut found = 0;
        let mut profiles: SmallVec<[&Profile; 32]> = SmallVec::new();
        for observation in observations {
            profiles.extend(observation.account.and_then(|account| self.account(account)));
            found += self.crowd.look_ahead(observation);
        }
        let first: usize = profiles.iter().map(|profile| profile.look_ahead()).sum();
        let second: usize = profiles.iter().map(|profile| profile.look_further_ahead()).sum();
        found + first + second
    }

    /// Takes in a judged event at its place in the log. Parts that already hold `position` skip it.
    pub fn remember(
        &mut self,
        position: Position,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        let firsts = observation.account.map(|account| {
            let profile = self.accounts.entry(account).or_default();
            profile.remember(position, observation, assessment);
            profile.firsts(position)
        });
        self.crowd.remember(position, observation, assessment, firsts.unwrap_or_default());
    }

    /// Takes in what became of the decision on `observation`, learnt at `position`.
    pub fn settle(&mut self, position: Position, observation: &Observation, outcome: Outcome) {
        let firsts = observation.account.map(|account| {
            let profile = self.accounts.entry(account).or_default();
            profile.settle(position, observation, outcome);
            profile.firsts(position)
        });
        self.crowd.settle(position, observation, outcome, firsts.unwrap_or_default());
    }

    /// The profile of `account`, if held.
    pub fn account(&self, account: AccountKey) -> Option<&Profile> {
        self.accounts.get(&account).map(Box::as_ref)
    }

    /// Whether the profile of `account` is held.
    pub fn holds(&self, account: AccountKey) -> bool {
        self.accounts.contains_key(&account)
    }

    /// Puts back a profile read from disk.
    pub fn restore_account(&mut self, account: AccountKey, profile: Profile) {
        self.accounts.insert(account, Box::new(profile));
    }

    /// Lets go of a profile that is safe on disk.
    pub fn evict_account(&mut self, account: AccountKey) -> Option<Box<Profile>> {
        self.accounts.remove(&account)
    }

    /// Accounts held.
    pub fn accounts_held(&self) -> usize {
        self.accounts.len()
    }

    /// The accounts held, in no order.
    pub fn account_keys(&self) -> Vec<AccountKey> {
        self.accounts.keys().copied().collect()
    }

    /// Accounts for which the table has room: what it costs beside the profiles.
    pub fn accounts_capacity(&self) -> usize {
        self.accounts.capacity()
    }

    /// Everybody's counters.
    pub const fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    /// Everybody's counters, to restore or sweep them.
    pub const fn crowd_mut(&mut self) -> &mut Crowd {
        &mut self.crowd
    }
}
