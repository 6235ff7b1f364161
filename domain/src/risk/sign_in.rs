//! How familiar the place, the software and the device are to the account.

use super::Missing;
use super::account::UNSEEN_AFTER_DAYS;
use super::freeman::Likenesses;
use super::travel::{self, Journey};
use crate::decision::{Familiarity, MissingFact};
use crate::event::EventType;
use crate::known::Known;
use crate::memory::proofs::{Proofs, Proved};
use crate::memory::seconds;
use crate::memory::sign_ins::{Place, SignIns, Use, cut};
use crate::observation::{Country, Observation};
use crate::time::Micros;

/// How familiar the place, the software and the device are to the account.
#[derive(Debug, Clone, Default)]
pub struct SignInFeatures {
    /// The device, where the store sends tokens and the account has a history of them.
    pub device: Option<Familiar>,
    /// The address or its network, where it is known and there is a history.
    pub place: Option<Familiar>,
    /// The AS was never seen at the account; `None` where either is unknown.
    pub new_asn: Option<bool>,
    /// The country was never seen at the account; `None` where either is unknown.
    pub new_country: Option<bool>,
    /// Log ratio of the place, everybody against the account, limited by how often the account
    /// comes from new places anyway.
    pub place_ratio: Option<f64>,
    /// Log ratio of the software, likewise.
    pub software_ratio: Option<f64>,
    /// How surprising a new device is at an account that has used so many.
    pub device_surprise: f64,
    /// The sign-in comes from a device or place that is the owner's: what others do to the
    /// account must not count against it (C8).
    pub own: bool,
    /// Both published ratios, at sign-ins.
    pub familiarity: Option<Familiarity>,
    /// Days since the latest sign-in.
    pub days_away: Option<u32>,
    /// AS number, as a fact.
    pub asn: Option<u32>,
    /// Country, as a fact.
    pub country: Option<Country>,
    /// The way from the last place, where both countries are known and differ.
    pub journey: Option<Journey>,
}

/// What a device or place is to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Familiar {
    /// The owner's, proved by a challenge or a person.
    Proved,
    /// The owner's as far as known: sign-ins from it were let through and never disputed.
    Own,
    /// Seen at a sign-in that was challenged and not answered for.
    Pending,
    /// Not seen, or not for 90 days.
    New,
    /// A challenge failed from it, or a takeover came from it.
    Refuted,
}

impl Familiar {
    /// Whether it is the owner's.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Proved | Self::Own)
    }
}

impl SignInFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(observation: &Observation, known: &Known<'_>, missing: &mut Missing) -> Self {
        report_missing(observation, known, missing);
        let mut features = Self {
            asn: observation.origin.asn,
            country: observation.origin.country,
            ..Self::default()
        };
        let Some(own) = known.profile.map(|profile| &profile.sign_ins) else {
            return features;
        };
        features.device = device(observation, own);
        features.place = place(observation, own);
        features.own = is_own(features.device, features.place);
        if own.count == 0 {
            return features;
        }
        let at = observation.occurred_at;
        features.days_away = Some(seconds(at).saturating_sub(own.last) / 86_400);
        features.journey = travel::journey(observation, own);
        features.read_novelty(observation, own);
        features.read_ratios(observation, known, own);
        features
    }

    fn read_novelty(&mut self, observation: &Observation, own: &SignIns) {
        let at = observation.occurred_at;
        let asns = || own.places.iter().filter(|it| it.asn != 0 && it.used.is_trusted(at));
        if let Some(asn) = self.asn
            && asns().next().is_some()
        {
            self.new_asn = Some(asns().all(|place| place.asn != asn));
        }
        let countries =
            || own.places.iter().filter(|it| it.used.is_trusted(at)).filter_map(Place::country);
        if let Some(country) = self.country
            && countries().next().is_some()
        {
            self.new_country = Some(countries().all(|seen| seen != country));
        }
        self.device_surprise = surprise(own.count, own.devices.iter().map(|it| it.used), at);
    }

    fn read_ratios(&mut self, observation: &Observation, known: &Known<'_>, own: &SignIns) {
        let likenesses = Likenesses::read(observation, known);
        let at = observation.occurred_at;
        let places = surprise(own.placed, own.places.iter().map(|it| it.used), at);
        let kinds = surprise(own.described, own.software.iter().map(|it| it.used), at);
        self.place_ratio = likenesses.place.map(|it| it.log_ratio().min(places));
        self.software_ratio = likenesses.software.map(|it| it.log_ratio().min(kinds));
        if observation.kind == EventType::Login {
            self.familiarity = likenesses.familiarity(known);
        }
    }
}

/// `ln((n + 1) / distinct)`: little for an account that always comes with something new, and
/// little for a newcomer.
fn surprise(count: u32, used: impl Iterator<Item = Use>, at: Micros) -> f64 {
    let trusted = used.filter(|used| used.is_trusted(at)).count().max(1);
    ((f64::from(count) + 1.0) / trusted as f64).ln().max(0.0)
}

/// A known device is the owner's wherever it is; a known place is, unless a device is shown there
/// that is proved not to be.
fn is_own(device: Option<Familiar>, place: Option<Familiar>) -> bool {
    device.is_some_and(Familiar::is_own)
        || (place.is_some_and(Familiar::is_own) && device != Some(Familiar::Refuted))
}

fn device(observation: &Observation, own: &SignIns) -> Option<Familiar> {
    let token = observation.device?;
    let found = own.devices.iter().find(|device| device.token == token);
    let proved = proved(own.proofs.as_deref(), token);
    if found.is_none() && proved == Proved::Nothing && own.devices.is_empty() {
        return None;
    }
    Some(familiar(found.map(|device| device.used), proved, observation.occurred_at))
}

fn place(observation: &Observation, own: &SignIns) -> Option<Familiar> {
    let ip = observation.origin.place()?;
    let at = observation.occurred_at;
    let proved = proved(own.proofs.as_deref(), ip);
    if own.places.is_empty() && proved == Proved::Nothing {
        return None;
    }
    let network = observation.origin.network.map(cut);
    let here = |place: &&Place| place.ip == cut(ip) || Some(place.network) == network;
    let found = own.places.iter().filter(here).map(|place| familiar(Some(place.used), proved, at));
    let best = found.min_by_key(|familiar| *familiar as u8);
    Some(best.unwrap_or_else(|| familiar(None, proved, at)))
}

fn proved(proofs: Option<&Proofs>, hash: u64) -> Proved {
    proofs.map_or(Proved::Nothing, |proofs| proofs.about(hash))
}

fn familiar(used: Option<Use>, proved: Proved, at: Micros) -> Familiar {
    match (proved, used) {
        (Proved::Intruder, _) => Familiar::Refuted,
        (Proved::Owner, _) => Familiar::Proved,
        (Proved::Nothing, Some(used)) if used.days_unused(at) >= UNSEEN_AFTER_DAYS => Familiar::New,
        (Proved::Nothing, Some(used)) if used.is_trusted(at) => Familiar::Own,
        (Proved::Nothing, Some(_)) => Familiar::Pending,
        (Proved::Nothing, None) => Familiar::New,
    }
}

fn report_missing(observation: &Observation, known: &Known<'_>, missing: &mut Missing) {
    let origin = &observation.origin;
    let facts = [
        (origin.ip.is_none(), MissingFact::Ip),
        (origin.asn.is_none(), MissingFact::Asn),
        (origin.country.is_none(), MissingFact::Country),
        (observation.agent.text.is_none(), MissingFact::UserAgent),
        (observation.device.is_none(), MissingFact::DeviceToken),
        (observation.session.is_none() && !is_sign_in(observation), MissingFact::SessionId),
        (known.profile.is_none_or(|it| it.sign_ins.count == 0), MissingFact::History),
    ];
    missing.extend(facts.into_iter().filter(|(absent, _)| *absent).map(|(_, fact)| fact));
}

/// A sign-in or a registration: there is no session yet.
fn is_sign_in(observation: &Observation) -> bool {
    matches!(observation.kind, EventType::Login | EventType::Registration)
}
