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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tries {
    /// Failed sign-ins, by [`ACCOUNT_HALF_LIVES`].
    failures: [Decayed; 3],
    /// Distinct secrets that failed.
    pub secrets: Breadth,
    /// Distinct addresses that failed.
    pub sources: Breadth,
    /// The latest tries that failed or were challenged, sorted.
    pub latest: Tight<Try>,
}

/// One try that failed or was challenged. 0 stands for unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Try {
    /// Second it was made.
    pub at: u32,
    /// Address, cut to 32 bits as in a place.
    pub ip: u32,
    /// Its network, likewise.
    pub network: u32,
    /// Device token, likewise.
    pub device: u32,
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
        let at = observation.occurred_at;
        if failed {
            for (sum, half_life) in self.failures.iter_mut().zip(ACCOUNT_HALF_LIVES) {
                sum.add(at, half_life, 1);
            }
            if let Some(ip) = observation.origin.place() {
                self.sources.see(ip, at);
            }
            if let Some(secret) = observation.credential.as_ref().and_then(|shown| shown.secret) {
                self.secrets.see(secret, at);
            }
        }
        let entry = Try {
            at: seconds(at),
            ip: observation.origin.place().map_or(0, cut),
            network: observation.origin.network.map_or(0, cut),
            device: observation.device.map_or(0, cut),
            failed,
        };
        let place = self.latest.partition_point(|kept| *kept < entry);
        self.latest.insert(place, entry);
        if self.latest.len() > KEPT_MAX {
            self.latest.remove(0);
        }
    }

    /// What it costs beside its own place.
    pub(super) fn bytes(&self) -> usize {
        self.secrets.bytes() + self.sources.bytes() + self.latest.bytes()
    }

    /// Failed sign-ins as of `at`, by [`ACCOUNT_HALF_LIVES`].
    pub fn failures(&self, at: Micros) -> [f64; 3] {
        let mut values = [0.0; 3];
        let sums = self.failures.iter().zip(ACCOUNT_HALF_LIVES);
        for (value, (sum, half_life)) in values.iter_mut().zip(sums) {
            *value = sum.value(at, half_life);
        }
        values
    }
}
