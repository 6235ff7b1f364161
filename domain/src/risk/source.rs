//! What is known of the source: who else tried from there, and which lists name it.

use super::Missing;
use super::account::is_failed_sign_in;
use crate::decision::{AttackPattern, MissingFact};
use crate::event::EventType;
use crate::known::Known;
use crate::memory::sources::{Source, SourceKind, fold};
use crate::observation::{Listed, Observation};
use crate::time::{HOUR, MINUTE};

/// What is known of the source: who else tried from there, and which lists name it.
#[derive(Debug, Clone, Default)]
pub struct SourceFeatures {
    /// Tries from this address.
    pub address: Option<SourceTries>,
    /// Tries from its /24 or /64.
    pub network: Option<SourceTries>,
    /// Tries from its AS.
    pub asn: Option<SourceTries>,
    /// Tries with this device token.
    pub device: Option<SourceTries>,
    /// Accounts at which this secret failed within a day; `None` without a secret.
    pub accounts_of_secret: Option<u32>,
    /// A takeover was confirmed from this address or device before.
    pub confirmed_bad: bool,
    /// The agent says that it is a program.
    pub automated: bool,
    /// Datacentre range.
    pub datacentre: Option<u16>,
    /// VPN exit: age of the list in days.
    pub vpn: Option<u16>,
    /// Tor exit, likewise.
    pub tor: Option<u16>,
    /// Reported for attacks, likewise.
    pub bad: Option<u16>,
}

/// Sign-in tries from one source, this one included.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceTries {
    /// Failures with a half-life of ten minutes.
    pub failures_10m: f64,
    /// Failures with a half-life of an hour.
    pub failures_1h: f64,
    /// Failures with a half-life of a day.
    pub failures_1d: f64,
    /// Successes with a half-life of a day; 0 where nothing ever failed.
    pub successes: f64,
    /// Accounts tried within a minute, for an address or a device.
    pub accounts_1m: u32,
    /// Accounts at which it failed within an hour.
    pub failed_accounts_1h: u32,
    /// Secrets that failed within an hour; `None` where the store sends none.
    pub secrets_1h: Option<u32>,
}

impl SourceFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(observation: &Observation, known: &Known<'_>, missing: &mut Missing) -> Self {
        let origin = &observation.origin;
        let mut features = Self {
            automated: observation.agent.automated,
            datacentre: listed(origin.datacentre),
            vpn: listed(origin.vpn),
            tor: listed(origin.tor),
            bad: listed(origin.bad),
            ..Self::default()
        };
        report_missing(observation, missing);
        features.read_near(observation, known);
        if observation.kind == EventType::Login {
            features.read_far(observation, known);
            features.read_secret(observation, known);
        }
        features
    }

    fn read_near(&mut self, observation: &Observation, known: &Known<'_>) {
        let ip = observation.origin.place().map(|ip| known.crowd.source(SourceKind::Ip, ip));
        let device = observation.device.map(|it| known.crowd.source(SourceKind::Device, it));
        self.confirmed_bad =
            [ip, device].into_iter().flatten().flatten().any(|source| source.bad > 0);
        if observation.kind == EventType::Login {
            self.address = ip.map(|source| SourceTries::near(observation, source));
            self.device = device.map(|source| SourceTries::near(observation, source));
        }
    }

    fn read_far(&mut self, observation: &Observation, known: &Known<'_>) {
        let origin = &observation.origin;
        let tries = |kind, value: Option<u64>| {
            value.map(|value| SourceTries::far(observation, known.crowd.source(kind, value)))
        };
        self.network = tries(SourceKind::Network, origin.network.filter(|_| !origin.private));
        self.asn = tries(SourceKind::Asn, origin.asn.map(u64::from));
    }

    fn read_secret(&mut self, observation: &Observation, known: &Known<'_>) {
        let secret = observation.credential.as_ref().and_then(|shown| shown.secret);
        self.accounts_of_secret = secret.map(|secret| {
            let source = known.crowd.source(SourceKind::Secret, secret);
            let storm = source.and_then(|source| source.storm.as_deref());
            storm.map_or(0, |storm| storm.accounts.count(observation.occurred_at, 24 * HOUR))
        });
    }
}

impl SourceTries {
    /// An address or a device, of which one knows how many accounts it tries.
    fn near(observation: &Observation, source: Option<&Source>) -> Self {
        let mut tries = Self::far(observation, source);
        let account = observation.account.map(fold);
        if let Some(source) = source {
            tries.accounts_1m = source.accounts.count(observation.occurred_at, MINUTE);
        }
        let counted = |source: &Source| account.is_none_or(|it| source.accounts.holds(it));
        if !source.is_some_and(counted) {
            tries.accounts_1m += 1;
        }
        tries
    }

    /// A network or an AS.
    fn far(observation: &Observation, source: Option<&Source>) -> Self {
        let mut tries = Self::default();
        if let Some(source) = source
            && let Some(storm) = &source.storm
        {
            let at = observation.occurred_at;
            let [_, ten_minutes, hour, day] = storm.failures(at);
            tries.failures_10m = ten_minutes;
            tries.failures_1h = hour;
            tries.failures_1d = day;
            tries.successes = source.successes(at);
            tries.failed_accounts_1h = storm.accounts.count(at, HOUR);
            let secrets = storm.secrets.count(at, HOUR);
            tries.secrets_1h = (secrets > 0).then_some(secrets);
        }
        if is_failed_sign_in(observation) {
            tries.failures_10m += 1.0;
            tries.failures_1h += 1.0;
            tries.failures_1d += 1.0;
        }
        tries
    }

    /// How guesses come in from here; `None` where there are too few to tell.
    pub fn pattern(&self) -> Option<AttackPattern> {
        if self.failures_1h < 5.0 {
            return None;
        }
        let accounts = f64::from(self.failed_accounts_1h.max(1));
        let secrets = self.secrets_1h.map(f64::from);
        if accounts >= 5.0 && secrets.is_some_and(|secrets| secrets * 3.0 <= accounts) {
            Some(AttackPattern::Spraying)
        } else if accounts >= 5.0 && self.failures_1h <= accounts * 3.0 {
            Some(AttackPattern::Stuffing)
        } else if self.failures_1h >= accounts * 4.0 {
            Some(AttackPattern::BruteForce)
        } else {
            None
        }
    }
}

const fn listed(listed: Listed) -> Option<u16> {
    match listed {
        Listed::Yes { age_days } => Some(age_days),
        Listed::No | Listed::Unknown => None,
    }
}

fn report_missing(observation: &Observation, missing: &mut Missing) {
    let origin = &observation.origin;
    if origin.ip.is_some() {
        let lists = [
            (origin.datacentre, MissingFact::DatacentreList),
            (origin.vpn, MissingFact::VpnList),
            (origin.tor, MissingFact::TorList),
            (origin.bad, MissingFact::BadIpList),
        ];
        let absent = lists.into_iter().filter(|(listed, _)| *listed == Listed::Unknown);
        missing.extend(absent.map(|(_, fact)| fact));
    }
    let shown = observation.credential.as_ref();
    let password = shown.is_none_or(|it| it.kind == crate::observation::CredentialKind::Password);
    if observation.kind == EventType::Login && password {
        if shown.is_none_or(|shown| shown.secret.is_none()) {
            missing.push(MissingFact::SecretHash);
        }
        if shown.is_none_or(|shown| shown.breached.is_none()) {
            missing.push(MissingFact::BreachedPassword);
        }
    }
}
