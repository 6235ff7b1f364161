//! Whether the whole shop is guessed at, and whether this event looks like part of it.

use super::signals::{OF_HOME, OF_STRANGE_PLACES};
use crate::decision::Assessment;
use crate::event::EventType;
use crate::known::Known;
use crate::memory::Swell;
use crate::memory::sources::{Source, SourceKind};
use crate::observation::Observation;
use crate::time::HOUR;

/// Whether the whole shop is guessed at, and with what. Only sign-ins read it.
#[derive(Debug, Clone, Default)]
pub struct WaveFeatures {
    /// Sign-ins from strange places, everybody's, before this one.
    pub swell: Swell,
    /// What this software does: of the user agent and the TLS fingerprint the one that fails more.
    pub software: Option<SoftwareTries>,
}

/// Sign-ins from one kind of software, everybody's, before this one.
#[derive(Debug, Clone, Copy, Default)]
pub struct SoftwareTries {
    /// Failures with a half-life of an hour.
    pub failures_1h: f64,
    /// Successes with a half-life of a day.
    pub successes: f64,
    /// Accounts at which it failed within an hour.
    pub failed_accounts_1h: u32,
}

impl WaveFeatures {
    /// Computes them.
    pub fn read(observation: &Observation, known: &Known<'_>) -> Self {
        if observation.kind != EventType::Login {
            return Self::default();
        }
        let agent = &observation.agent;
        let kinds = [(SourceKind::Software, agent.text), (SourceKind::Handshake, agent.ja4)];
        let sources =
            kinds.into_iter().filter_map(|(kind, value)| known.crowd.source(kind, value?));
        let software = sources.filter_map(|source| SoftwareTries::read(observation, source));
        Self {
            swell: known.crowd.population.wave.swell(observation.occurred_at),
            software: software.max_by(|a, b| a.excess().total_cmp(&b.excess())),
        }
    }
}

/// Failures of one kind of software that people explain.
const SLIPS: f64 = 8.0;
/// Fewer accounts are a person, a family or an office.
const ACCOUNTS_MIN: u32 = 8;

impl SoftwareTries {
    fn read(observation: &Observation, source: &Source) -> Option<Self> {
        let storm = source.storm.as_deref()?;
        let at = observation.occurred_at;
        let [_, _, failures_1h, _] = storm.failures(at);
        let failed_accounts_1h = storm.accounts.count(at, HOUR);
        Some(Self { failures_1h, successes: source.successes(at), failed_accounts_1h })
    }

    /// How many times what its users explain, who succeed; at most 1 where nothing is amiss.
    pub fn excess(&self) -> f64 {
        if self.failed_accounts_1h < ACCOUNTS_MIN {
            return 0.0;
        }
        self.failures_1h / (SLIPS + 2.0 * self.successes)
    }
}

/// What an account is used to, as a judgement tells it to memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// A device or place of the owner's.
    Home,
    /// Never seen at this account.
    Strange,
    /// Nothing to compare with: a newcomer, or nobody's account.
    Unknown,
}

/// Where a judged event came from, in its account's own eyes.
pub(crate) fn ground_of(assessment: &Assessment) -> Ground {
    let any =
        |numbers: &[u16]| assessment.reasons.iter().any(|reason| numbers.contains(&reason.signal));
    if any(OF_HOME) {
        Ground::Home
    } else if any(OF_STRANGE_PLACES) {
        Ground::Strange
    } else {
        Ground::Unknown
    }
}
