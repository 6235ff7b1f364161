//! Who tried an account's door: failures, and the latest tries that failed or were challenged.

use serde::{Deserialize, Serialize};

use super::sign_ins::cut;
use super::{Breadth, Decayed, Outcome, Tight, seconds};
use crate::decision::{Assessment, Verdict};
use crate::event::{EventType, Status};
use crate::observation::Observation;
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// Half-lives of an account's failures.
pub const ACCOUNT_HALF_LIVES: [i64; 3] = [10 * MINUTE, HOUR, DAY];
/// Latest tries kept one by one.
const KEPT_MAX: usize = 16;

/// Tries at one account. Absent until the first of them.
///
/// While there are few, their sums are made when they are asked for: most accounts never see more
/// than its owner's slips, and three sums and a sketch are more than those.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tries {
    /// The latest tries that failed or were challenged, sorted.
    pub latest: Tight<Try>,
    /// Those before them.
    older: Option<Box<Older>>,
}

/// Failed tries that are no longer among the latest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Older {
    /// By [`ACCOUNT_HALF_LIVES`].
    failures: [Decayed; 3],
    /// Distinct secrets that failed.
    secrets: Breadth,
}

/// One try that failed or was challenged. 0 stands for unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(Rust, packed)] // 25 bytes for 32.
pub struct Try {
    /// When it was made.
    pub at: Micros,
    /// Address, cut to 32 bits as in a place.
    pub ip: u32,
    /// Its network, likewise.
    pub network: u32,
    /// Device token, likewise.
    pub device: u32,
    /// The secret, likewise.
    secret: u32,
    /// The secret was wrong, rather than the try challenged.
    pub failed: bool,
}

impl Tries {
    /// Takes in a judged event.
    pub(super) fn remember(
        tries: &mut Option<Box<Self>>,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        if observation.kind != EventType::Login {
            return;
        }
        let failed = observation.status == Status::Failed;
        let stopped = matches!(assessment.verdict, Verdict::Challenge | Verdict::Deny);
        if failed || stopped {
            tries.get_or_insert_default().add(observation, failed);
        }
    }

    /// Takes in what became of a decision: a failed challenge is a failed try.
    pub(super) fn settle(
        tries: &mut Option<Box<Self>>,
        observation: &Observation,
        outcome: Outcome,
    ) {
        if observation.kind == EventType::Login && outcome == Outcome::ChallengeFailed {
            tries.get_or_insert_default().add(observation, true);
        }
    }

    fn add(&mut self, observation: &Observation, failed: bool) {
        let secret = observation.credential.as_ref().and_then(|shown| shown.secret);
        let entry = Try {
            at: observation.occurred_at,
            ip: observation.origin.place().map_or(0, cut),
            network: observation.origin.network.map_or(0, cut),
            device: observation.device.map_or(0, cut),
            secret: secret.map_or(0, cut),
            failed,
        };
        self.add_entry(entry);
    }

    fn add_entry(&mut self, entry: Try) {
        let place = self.latest.partition_point(|kept| *kept < entry);
        self.latest.insert(place, entry);
        if self.latest.len() > KEPT_MAX
            && let Some(oldest) = self.latest.remove(0)
            && oldest.failed
        {
            let older = self.older.get_or_insert_default();
            add_failure(&mut older.failures, &oldest);
            add_secret(&mut older.secrets, &oldest);
        }
    }

    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        let older = self.older.as_ref().map_or(0, |it| size_of_val(&**it) + it.secrets.bytes());
        self.latest.bytes() + older
    }

    /// The latest failures, the newest first: it makes most of the others weigh nothing.
    fn latest_failures(&self) -> impl Iterator<Item = &Try> {
        self.latest.iter().rev().filter(|it| it.failed)
    }

    /// Failed sign-ins as of `at`, by [`ACCOUNT_HALF_LIVES`].
    pub fn failures(&self, at: Micros) -> [f64; 3] {
        let mut sums = self.older.as_ref().map_or_else(Default::default, |older| older.failures);
        for failure in self.latest_failures() {
            add_failure(&mut sums, failure);
        }
        let mut values = [0.0; 3];
        for (value, (sum, half_life)) in values.iter_mut().zip(sums.iter().zip(ACCOUNT_HALF_LIVES))
        {
            *value = sum.value(at, half_life);
        }
        values
    }

    /// Distinct secrets that failed within `window` up to `at`.
    pub fn secrets(&self, at: Micros, window: i64) -> u32 {
        let older = self.older.as_ref().map(|older| &older.secrets);
        let mut secrets = older.cloned().unwrap_or_default();
        for failure in self.latest_failures() {
            add_secret(&mut secrets, failure);
        }
        secrets.count(at, window)
    }
}

impl Try {
    /// Second it was made.
    pub fn second(&self) -> u32 {
        seconds(self.at)
    }
}

fn add_failure(sums: &mut [Decayed; 3], failure: &Try) {
    for (sum, half_life) in sums.iter_mut().zip(ACCOUNT_HALF_LIVES) {
        sum.add(failure.at, half_life, 1);
    }
}

fn add_secret(secrets: &mut Breadth, failure: &Try) {
    if failure.secret != 0 {
        secrets.see(u64::from(failure.secret), failure.at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::SECOND;

    fn tries(failures: &[(i64, u32)]) -> Tries {
        let mut tries = Tries::default();
        for &(second, secret) in failures {
            let at = Micros(second * SECOND + i64::from(secret));
            let entry = Try { at, ip: 0, network: 0, device: 0, secret, failed: secret % 5 != 0 };
            tries.add_entry(entry);
        }
        tries
    }

    proptest! {
        #[test]
        fn sums_made_when_asked_for_are_those_kept_all_along(
            (came, shuffled) in prop::collection::vec((0_i64..200_000, 0_u32..30), 0..60)
                .prop_flat_map(|came| (Just(came.clone()), Just(came).prop_shuffle())),
            ahead in 0_i64..100_000,
        ) {
            let (mut sums, mut secrets) = (<[Decayed; 3]>::default(), Breadth::default());
            for entry in came.iter().flat_map(|one| tries(&[*one]).latest.to_vec()) {
                if entry.failed {
                    add_failure(&mut sums, &entry);
                    add_secret(&mut secrets, &entry);
                }
            }
            let (ours, at) = (tries(&shuffled), Micros((100_000 + ahead) * SECOND));
            let kept = sums.iter().zip(ACCOUNT_HALF_LIVES).map(|(sum, half)| sum.value(at, half));
            prop_assert_eq!(ours.failures(at).to_vec(), kept.collect::<Vec<_>>());
            prop_assert_eq!(ours.secrets(at, HOUR), secrets.count(at, HOUR));
            prop_assert_eq!(ours, tries(&came));
        }
    }
}
