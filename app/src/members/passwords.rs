//! Comparing passwords: costly on purpose, so few at a time and never many in line.
//!
//! Two lanes: devices that an account knows, and everybody else. A flood of guesses fills the
//! strangers' lane and is turned away before it costs memory or time; known devices have a lane of
//! their own.

use std::sync::Arc;

use domain::member;
use factors::Chance;
use factors::password::{Hasher, Password, Unreadable, Verified};
use store::{Changes, StoreError};
use tokio::sync::{Semaphore, TryAcquireError};

use super::{Found, Members};
use crate::world::World;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// A device that the account knows.
    Known,
    /// Everybody else.
    Stranger,
}

/// Too many wait already; try again in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords wait to be compared")]
pub struct Busy;

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// It is the one.
    pub right: bool,
    /// Hash it anew: the hash is of an older kind.
    pub needs_rehash: bool,
}

impl Compared {
    /// It is another one, or there is none.
    pub const WRONG: Self = Self { right: false, needs_rehash: false };
}

/// Compares passwords.
pub struct Passwords {
    hasher: Arc<Hasher>,
    known: Line,
    strangers: Line,
}

/// At work, and in line.
struct Line {
    work: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Line {
    fn new(at_work: usize, in_line: usize) -> Self {
        let semaphore = |places| Arc::new(Semaphore::new(places));
        Self { work: semaphore(at_work), places: semaphore(at_work + in_line) }
    }
}

impl Passwords {
    /// Half the processors, at least one, for each lane; strangers wait in line 32 at most.
    pub fn new(hasher: Hasher) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let half = (processors / 2).max(1);
        Self {
            hasher: Arc::new(hasher),
            known: Line::new(half, 256),
            strangers: Line::new(half, 32),
        }
    }

    /// Compares `password` with what is `kept`; without anything kept the same work is done.
    pub async fn compare(
        &self,
        lane: Lane,
        password: Password,
        kept: Option<String>,
    ) -> Result<Compared, Busy> {
        let hasher = Arc::clone(&self.hasher);
        self.work(lane, move || match hasher.verify(&password, kept.as_deref()) {
            Ok(Verified::Right { needs_rehash }) => Compared { right: true, needs_rehash },
            Ok(Verified::Wrong) => Compared::WRONG,
            Err(error) => {
                tracing::error!(%error, "a password hash cannot be read");
                let _ = hasher.verify(&password, None);
                Compared::WRONG
            }
        })
        .await
    }

    /// The hash of a new password.
    pub async fn hash(
        &self,
        password: Password,
        world: &World,
    ) -> Result<Result<String, Unreadable>, Busy> {
        let (hasher, world) = (Arc::clone(&self.hasher), world.clone());
        self.work(Lane::Known, move || {
            let chance: Chance<'_> = &|out| world.random(out);
            hasher.hash(&password, chance)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let line = match lane {
            Lane::Known => &self.known,
            Lane::Stranger => &self.strangers,
        };
        let place = match Arc::clone(&line.places).try_acquire_owned() {
            Ok(place) => place,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => return Err(Busy),
        };
        let turn = Arc::clone(&line.work).acquire_owned().await.map_err(|_| Busy)?;
        // Both go with the work, not with whoever waits for it: who hangs up frees nothing early.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((place, turn));
            done
        });
        done.await.map_err(|_| Busy)
    }
}

impl Members {
    /// Keeps the password that was just found right as it is hashed today: so a hash that was brought
    /// along, or made at an older cost, is gone after one sign-in. The password is the same one, so
    /// nobody is told. Where the line is full or a race is lost, the next sign-in does it.
    pub async fn rehash(&self, compared: &Found, typed: &str) -> Result<(), StoreError> {
        let Some(password) = Password::read(typed.to_owned()) else { return Ok(()) };
        let hash = match self.passwords.hash(password, &self.world).await {
            Ok(Ok(hash)) => hash,
            Ok(Err(error)) => {
                tracing::error!(%error, "a password could not be hashed anew");
                return Ok(());
            }
            Err(Busy) => return Ok(()),
        };
        // It may have been restricted, or given another password, since it was compared.
        let Some(found) = self.of(compared.account).await? else { return Ok(()) };
        let Some(kept) = found.member.password.clone() else { return Ok(()) };
        if compared.member.password.as_ref() != Some(&kept) {
            return Ok(());
        }
        let password = Some(member::Password { hash, since: kept.since });
        let member = member::Member { password, ..found.member.clone() };
        let puts = vec![self.change(&found, &member)];
        let changes = Changes { puts, ..Changes::default() };
        self.store.apply(&changes, self.world.now()).await.map(drop)
    }
}
