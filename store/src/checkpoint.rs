//! Which parts of memory are newer than the disk, and which may leave memory.
//!
//! Every batch saves the parts that have been dirty longest, so that the tail of the log that a
//! start must replay stays short, and no batch saves much.

use std::collections::VecDeque;

use domain::keyed::AccountKey;
use domain::memory::{Memory, Position, SHARDS};
use rustc_hash::FxHashMap;

use crate::pack;
use crate::record::Batch;

/// Shards and the population, which is part number [`SHARDS`].
const PARTS: usize = SHARDS + 1;

/// What the checkpoint holds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointLimits {
    /// Records that a start may have to replay.
    pub tail_max: u64,
    /// Accounts held in memory; what is over is evicted as soon as it is safe on disk.
    pub accounts_max: usize,
}

impl Default for CheckpointLimits {
    /// A start replays at most 50,000 records, within a second; a million accounts stay in memory.
    fn default() -> Self {
        Self { tail_max: 50_000, accounts_max: 1_000_000 }
    }
}

/// The state of memory against the disk. One belongs to one [`Memory`].
///
/// In order, for each batch: [`restored`](Self::restored) for every profile loaded,
/// [`touched`](Self::touched) for every record remembered, [`fill`](Self::fill) once the batch is
/// judged, [`committed`](Self::committed) after its commit, and [`evict`](Self::evict) at any time
/// when no loaded profile still waits to be judged. Batches are filled and committed in the same
/// order; one may be filled while another commits. After a failed commit, memory and checkpoint
/// are thrown away and recovered.
#[derive(Debug)]
pub struct Checkpoint {
    limits: CheckpointLimits,
    /// Last record taken in.
    last: Position,
    /// For each part of the crowd, the first record that its saved form lacks.
    crowd: [Option<Position>; PARTS],
    /// Shares of parts that may be saved, in parts of `tail_max`.
    credit: u64,
    /// Accounts in the order in which they became dirty.
    dirty: VecDeque<(Position, AccountKey)>,
    held: FxHashMap<AccountKey, Held>,
    /// The clock: accounts held, in no order, and where its hand stands.
    ring: Vec<AccountKey>,
    hand: usize,
    /// Every batch up to here is on disk.
    committed: Position,
}

/// An account in memory.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// Newer than its last saved form.
    dirty: bool,
    /// Used since the hand last passed.
    used: bool,
    /// Its last saved form went into the batch that ends here.
    saved_in: Position,
}

impl Checkpoint {
    /// For an empty memory.
    pub fn new(limits: CheckpointLimits) -> Self {
        Self {
            limits: CheckpointLimits { tail_max: limits.tail_max.max(1), ..limits },
            last: 0,
            crowd: [None; PARTS],
            credit: 0,
            dirty: VecDeque::new(),
            held: FxHashMap::default(),
            ring: Vec::new(),
            hand: 0,
            committed: 0,
        }
    }

    /// Everything saved holds the log up to `position`.
    pub(crate) fn start_at(&mut self, position: Position) {
        self.last = position;
        self.committed = position;
    }

    /// The profile of `account` has been put into memory from disk.
    pub fn restored(&mut self, account: AccountKey) {
        self.hold(account).used = true;
    }

    /// Memory has taken in the record at `position`, of `account`.
    pub fn touched(&mut self, position: Position, account: Option<AccountKey>) {
        self.last = position;
        for first in &mut self.crowd {
            first.get_or_insert(position);
        }
        let Some(account) = account else { return };
        let held = self.hold(account);
        held.used = true;
        if !std::mem::replace(&mut held.dirty, true) {
            self.dirty.push_back((position, account));
        }
    }

    fn hold(&mut self, account: AccountKey) -> &mut Held {
        let ring = &mut self.ring;
        self.held.entry(account).or_insert_with(|| {
            ring.push(account);
            Held { dirty: false, used: false, saved_in: 0 }
        })
    }

    /// Puts into `batch`, whose records memory has taken in, the parts that have waited longest,
    /// and the low-water mark that holds once they are on disk.
    pub fn fill(&mut self, batch: &mut Batch, memory: &Memory) {
        let records = batch.records.len() as u64;
        self.fill_crowd(batch, memory, records);
        // Saving begins at half the tail, twice as fast as records come in: so it never gets late.
        let due = self.last.saturating_sub(self.limits.tail_max / 2);
        for _ in 0..records.saturating_mul(2).max(64) {
            match self.dirty.front() {
                Some((first, _)) if *first <= due => self.save_oldest(batch, memory),
                _ => break,
            }
        }
        batch.low_water = Some(self.low_water());
    }

    /// Puts everything that is dirty into `batch`: a start after it replays nothing.
    pub fn fill_all(&mut self, batch: &mut Batch, memory: &Memory) {
        for number in 0..PARTS {
            self.save_part(number, batch, memory);
        }
        while !self.dirty.is_empty() {
            self.save_oldest(batch, memory);
        }
        batch.low_water = Some(self.low_water());
    }

    /// The batch whose last record is `position` is on disk.
    pub fn committed(&mut self, position: Position) {
        self.committed = self.committed.max(position);
    }

    /// Lets go of accounts over the limit that are safe on disk. Returns how many. What is
    /// evicted never changes a verdict: it is loaded again when wanted.
    pub fn evict(&mut self, memory: &mut Memory) -> usize {
        let mut evicted = 0;
        let mut looks = self.ring.len() * 2;
        while self.ring.len() > self.limits.accounts_max && looks > 0 {
            looks -= 1;
            if self.hand >= self.ring.len() {
                self.hand = 0;
            }
            let Some(&account) = self.ring.get(self.hand) else { break };
            let committed = self.committed;
            let goes = self.held.get_mut(&account).is_none_or(|held| {
                !std::mem::take(&mut held.used) && !held.dirty && held.saved_in <= committed
            });
            if goes {
                self.held.remove(&account);
                self.ring.swap_remove(self.hand);
                memory.evict_account(account);
                evicted += 1;
            } else {
                self.hand += 1;
            }
        }
        evicted
    }

    /// Records that a start would replay now, were everything handed out on disk.
    pub fn tail(&self) -> u64 {
        self.last.saturating_sub(self.low_water())
    }

    fn low_water(&self) -> Position {
        let oldest_part = self.crowd.iter().flatten().min().copied();
        let oldest_account = self.dirty.front().map(|(first, _)| *first);
        match (oldest_part, oldest_account) {
            (Some(one), Some(other)) => one.min(other).saturating_sub(1),
            (Some(first), None) | (None, Some(first)) => first.saturating_sub(1),
            (None, None) => self.last,
        }
    }

    /// All parts once in half the tail, one after the other, the longest waiting first.
    fn fill_crowd(&mut self, batch: &mut Batch, memory: &Memory, records: u64) {
        self.credit = self.credit.saturating_add(records.saturating_mul(2 * PARTS as u64));
        while self.credit >= self.limits.tail_max {
            self.credit -= self.limits.tail_max;
            let oldest = (0..PARTS).min_by_key(|part| {
                self.crowd.get(*part).copied().flatten().unwrap_or(Position::MAX)
            });
            match oldest {
                Some(number) if self.crowd.get(number).is_some_and(Option::is_some) => {
                    self.save_part(number, batch, memory);
                }
                _ => self.credit = 0,
            }
        }
    }

    fn save_part(&mut self, number: usize, batch: &mut Batch, memory: &Memory) {
        let Some(first) = self.crowd.get_mut(number) else { return };
        if first.take().is_none() {
            return;
        }
        let crowd = memory.crowd();
        let packed = match crowd.shards().get(number) {
            Some(shard) => pack::pack_shard(shard),
            None => pack::pack_population(&crowd.population),
        };
        batch.shards.push((number, packed));
    }

    fn save_oldest(&mut self, batch: &mut Batch, memory: &Memory) {
        let Some((_, account)) = self.dirty.pop_front() else { return };
        let Some(held) = self.held.get_mut(&account) else { return };
        held.dirty = false;
        held.saved_in = self.last;
        if let Some(profile) = memory.account(account) {
            batch.profiles.push((account, pack::pack_profile(profile)));
        }
    }
}
