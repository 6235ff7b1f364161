//! Batches: what waits to be written, what is being written, and when it is worth waiting for more.

use std::sync::Arc;
use std::time::Duration;

use domain::policy::Policy;
use store::{Batch, Head, StoreError};
use tokio::task::JoinHandle;

use super::answer::Reply;
use crate::world::{Stopwatch, pause};

/// Longest wait for company.
const PATIENCE_MAX: Duration = Duration::from_millis(2);

/// Judged, not yet on its way to disk.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) batch: Batch,
    pub(super) replies: Vec<Reply>,
}

impl Pending {
    pub(super) const fn len(&self) -> usize {
        self.replies.len()
    }
}

/// A batch on its way to disk.
pub(super) struct InFlight {
    pub(super) commit: JoinHandle<Result<Head, StoreError>>,
    /// The policy in force after it.
    pub(super) policy: (i64, Arc<Policy>),
    /// Callers who wait for it.
    pub(super) answers: usize,
    pub(super) begun: Stopwatch,
}

/// What became of a batch.
pub(super) struct Finished {
    pub(super) head: Result<Head, StoreError>,
    pub(super) policy: (i64, Arc<Policy>),
    answers: usize,
    took: Duration,
}

/// Waits for the commit in flight; a panic counts as failure. Without one, for ever.
pub(super) async fn finish(in_flight: &mut Option<InFlight>) -> Finished {
    let Some(flying) = in_flight.as_mut() else { return std::future::pending().await };
    let head = (&mut flying.commit).await;
    let (answers, took) = (flying.answers, flying.begun.elapsed());
    let policy = flying.policy.clone();
    *in_flight = None;
    let head = head.unwrap_or_else(|panic| Err(StoreError::Unavailable(Box::new(panic))));
    Finished { head, policy, answers, took }
}

/// How long a batch takes and how many wait for it: whoever was just answered often asks again at
/// once, and should not find that the first of them has left with a batch of its own.
#[derive(Default)]
pub(super) struct Rhythm {
    answers: usize,
    took: Duration,
}

impl Rhythm {
    /// Takes note of a batch.
    pub(super) fn beat(&mut self, finished: &Finished) {
        self.answers = finished.answers;
        self.took = (self.took * 7 + finished.took) / 8;
    }

    /// Half of those answered last are enough for the next batch.
    pub(super) const fn enough(&self) -> usize {
        let half = self.answers / 2;
        if half == 0 { 1 } else { half }
    }

    /// Waits for company, a part of what the commit itself will take.
    pub(super) fn patience(&self) -> impl Future<Output = ()> + use<> {
        pause((self.took / 2).min(PATIENCE_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(answers: usize) -> Finished {
        let head = Ok(Head { position: 1, chain: [0; 32] });
        let took = Duration::from_millis(8);
        Finished { head, policy: (1, Arc::default()), answers, took }
    }

    #[test]
    fn half_of_those_just_answered_are_waited_for_and_nobody_by_one_alone() {
        let mut rhythm = Rhythm::default();
        assert_eq!(rhythm.enough(), 1);
        rhythm.beat(&finished(64));
        assert_eq!(rhythm.enough(), 32);
        rhythm.beat(&finished(1));
        assert_eq!(rhythm.enough(), 1);
    }

    #[test]
    fn one_slow_commit_does_not_make_the_next_wait_long() {
        let mut rhythm = Rhythm::default();
        rhythm.beat(&finished(64));
        assert_eq!(rhythm.took, Duration::from_millis(1));
    }
}
