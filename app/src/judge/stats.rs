//! What the judge counts about itself.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counters since start; each is read on its own, for `/metrics` and `/readyz`.
#[derive(Debug, Default)]
pub struct Stats {
    ready: AtomicBool,
    batches: AtomicU64,
    records: AtomicU64,
    commit_micros: AtomicU64,
    failures: AtomicU64,
    accounts_held: AtomicU64,
    position: AtomicU64,
}

impl Stats {
    /// Hot state is built and the last commit succeeded.
    pub fn ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Batches committed.
    pub fn batches(&self) -> u64 {
        self.batches.load(Ordering::Relaxed)
    }

    /// Records committed.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// Microseconds spent in commits, summed.
    pub fn commit_micros(&self) -> u64 {
        self.commit_micros.load(Ordering::Relaxed)
    }

    /// Batches that could not be made durable, and loads that failed.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Accounts held in memory.
    pub fn accounts_held(&self) -> u64 {
        self.accounts_held.load(Ordering::Relaxed)
    }

    /// Last position of the log that is durable.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    pub(super) fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }

    pub(super) fn committed(&self, records: usize, micros: u128, position: u64) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.records.fetch_add(records as u64, Ordering::Relaxed);
        let micros = u64::try_from(micros).unwrap_or(u64::MAX);
        self.commit_micros.fetch_add(micros, Ordering::Relaxed);
        self.position.store(position, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn holds_accounts(&self, accounts: usize) {
        self.accounts_held.store(accounts as u64, Ordering::Relaxed);
    }
}
