//! What an account costs in memory, part by part.

use std::mem::size_of;
use std::ops::AddAssign;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Breadth, Crowd, Profile, Tight};

/// Bytes asked of the allocator for one profile or the sum of many, by part. The table of accounts
/// comes on top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "named as the parts of `Profile`")]
pub struct ProfileBytes {
    /// The profile itself: counts, times and where its parts are.
    pub itself: usize,
    pub places: usize,
    pub software: usize,
    pub devices: usize,
    pub tries: usize,
    pub proofs: usize,
    pub changes: usize,
    /// Orders of the last days.
    pub recent_orders: usize,
    pub habit: usize,
    /// Words of the habit.
    pub vocabulary: usize,
    /// Addresses, cards and countries, and where the parts of purchases are.
    pub used: usize,
}

impl ProfileBytes {
    /// All parts together.
    pub const fn sum(&self) -> usize {
        self.itself
            + self.places
            + self.software
            + self.devices
            + self.tries
            + self.proofs
            + self.changes
            + self.recent_orders
            + self.habit
            + self.vocabulary
            + self.used
    }
}

impl AddAssign for ProfileBytes {
    fn add_assign(&mut self, more: Self) {
        self.itself += more.itself;
        self.places += more.places;
        self.software += more.software;
        self.devices += more.devices;
        self.tries += more.tries;
        self.proofs += more.proofs;
        self.changes += more.changes;
        self.recent_orders += more.recent_orders;
        self.habit += more.habit;
        self.vocabulary += more.vocabulary;
        self.used += more.used;
    }
}

impl Profile {
    /// What it costs.
    pub fn bytes(&self) -> ProfileBytes {
        let own = &self.sign_ins;
        let mut bytes = ProfileBytes {
            itself: size_of::<Self>(),
            places: own.places.bytes(),
            software: own.software.bytes(),
            devices: own.devices.bytes(),
            tries: own.tries.as_ref().map_or(0, |tries| size_of_val(&**tries) + tries.bytes()),
            proofs: own.proofs.as_ref().map_or(0, |proofs| size_of_val(&**proofs) + proofs.bytes()),
            changes: self.changes.as_ref().map_or(0, |it| size_of_val(&**it) + it.bytes()),
            ..ProfileBytes::default()
        };
        if let Some(purchases) = &self.purchases {
            purchases.count_bytes(&mut bytes);
        }
        bytes
    }
}

/// Bytes of everybody's counters, by table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "named as the parts of `Shard`")]
pub struct CrowdBytes {
    pub sources: usize,
    pub values: usize,
    pub links: usize,
    pub items: usize,
}

impl Crowd {
    /// What they cost.
    pub fn bytes(&self) -> CrowdBytes {
        let mut bytes = CrowdBytes::default();
        for shard in self.shards() {
            bytes.sources += shard.sources.bytes();
            bytes.values += shard.values.bytes();
            bytes.links += shard.links.bytes();
            bytes.items += shard.items.bytes();
        }
        bytes
    }
}

/// What a table costs beside what its values have elsewhere: a place and a control byte for each
/// bucket, of which seven in eight may be full.
pub(super) fn table<K, V>(table: &FxHashMap<K, V>) -> usize {
    let buckets = table.capacity().div_ceil(7) * 8;
    buckets * (size_of::<(K, V)>() + 1)
}

impl<T> Tight<T> {
    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&**self)
    }
}

impl Breadth {
    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Few(few) if few.spilled() => few.capacity() * size_of::<(u32, u32)>(),
            Self::Few(_) => 0,
            Self::Wide(buckets) => size_of_val(&**buckets),
        }
    }
}
