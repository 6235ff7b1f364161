//! The ratio of Freeman et al., "Who Are You? A Statistical Approach to Measuring User
//! Authenticity" (NDSS 2016), as restated by the authors of the RBA data set, and ours.
//!
//! Both say how much likelier a sign-in's place and software are under everybody than under this
//! account. Everything is read from counters; nothing is summed over history.

use crate::decision::Familiarity;
use crate::known::Known;
use crate::memory::Crowd;
use crate::memory::sign_ins::{SignIns, cut};
use crate::memory::values::{Level, lower_value};
use crate::observation::{DeviceClass, Observation};

/// Weights of address, AS, country.
const IP_WEIGHTS: [f64; 3] = [0.6, 0.3, 0.1];
/// Weights of string, browser and version, system and version, device class, in the digits of the
/// reference (design §4 gives five of them).
const AGENT_WEIGHTS: [f64; 4] = [
    0.538_665_384_055_135_9,
    0.268_045_149_862_566_6,
    0.188_182_951_001_095_36,
    0.005_106_515_081_202_245,
];
/// Sign-ins of everybody's that an account's own few are smoothed with.
const SMOOTHING: f64 = 1.0;

/// How one feature of a sign-in compares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    /// Probability under everybody, by weight of level.
    everybody: f64,
    /// Share of the account's own sign-ins, by weight of level.
    own: f64,
    /// The account's own sign-ins with this feature.
    history: f64,
}

impl Likeness {
    /// The plain ratio: a value never seen at the account counts as a quarter of everybody's.
    fn plain(self) -> f64 {
        if self.own > 0.0 { self.everybody / self.own } else { 4.0 }
    }

    /// The natural logarithm of ours: own counts are smoothed with [`SMOOTHING`] of everybody's, so
    /// that nothing is stranger than what was never seen at the account on any level, and a single
    /// sign-in of history says little.
    pub(super) fn log_ratio(self) -> f64 {
        let own = self.history * self.own / self.everybody.max(f64::MIN_POSITIVE);
        ((self.history + SMOOTHING) / (own + SMOOTHING)).ln()
    }
}

/// Likeness of the place and of the software, each where it is known and there is a history.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Likenesses {
    /// Of address, AS and country.
    pub place: Option<Likeness>,
    /// Of the user agent.
    pub software: Option<Likeness>,
}

impl Likenesses {
    /// Compares an event with its account's history.
    pub(super) fn read(observation: &Observation, known: &Known<'_>) -> Self {
        let Some(own) = known.profile.map(|profile| &profile.sign_ins) else {
            return Self::default();
        };
        Self {
            place: place(observation, own, known.crowd),
            software: software(observation, own, known.crowd),
        }
    }

    /// Both scores; `None` without a history, or where nothing is known to compare.
    pub(super) fn familiarity(&self, known: &Known<'_>) -> Option<Familiarity> {
        let own = known.profile?.sign_ins.count;
        let population = &known.crowd.population;
        let likenesses = || [self.place, self.software].into_iter().flatten();
        likenesses().next()?;
        let plain: f64 = likenesses().map(Likeness::plain).product();
        let ours: f64 = likenesses().map(Likeness::log_ratio).sum();
        let accounts = population.accounts_signed_in.max(1) as f64;
        let share = f64::from(own) / population.sign_ins.max(1) as f64;
        Some(Familiarity { freeman: plain / accounts / share, mended: ours.exp() })
    }
}

fn place(observation: &Observation, own: &SignIns, crowd: &Crowd) -> Option<Likeness> {
    let ip = observation.origin.place()?;
    if own.placed == 0 {
        return None;
    }
    let everybody = crowd.population.placed as f64;
    let [asns, countries, ..] = crowd.population.distinct;
    let top = top_share(crowd, Level::Ip, ip, everybody, asns + countries);
    let (asn, country) = (observation.origin.asn, observation.origin.country);
    let lower = [asn.map(|_| Level::Asn), country.map(|_| Level::Country)];
    let shares = lower.map(|level| lower_share(crowd, level, observation, everybody));
    let mut counts = [0_u32; 3];
    let [by_ip, by_asn, by_country] = &mut counts;
    for kept in &own.places {
        let count = u32::from(kept.used.count);
        *by_ip += count * u32::from(kept.ip == cut(ip));
        *by_asn += count * u32::from(asn == Some(kept.asn) && kept.asn != 0);
        *by_country += count * u32::from(country.is_some() && kept.country() == country);
    }
    let known = [true, asn.is_some(), country.is_some()];
    let [asn_share, country_share] = shares;
    let history = f64::from(own.placed);
    Some(weigh(&IP_WEIGHTS, &[top, asn_share, country_share], &counts, &known, history))
}

fn software(observation: &Observation, own: &SignIns, crowd: &Crowd) -> Option<Likeness> {
    let agent = &observation.agent;
    let text = agent.text?;
    if own.described == 0 {
        return None;
    }
    let everybody = crowd.population.described as f64;
    let [_, _, browsers, systems, classes] = crowd.population.distinct;
    let top = top_share(crowd, Level::Text, text, everybody, browsers + systems + classes);
    let class = (agent.class != DeviceClass::Unknown).then_some(Level::Class);
    let lower = [agent.browser.map(|_| Level::Browser), agent.system.map(|_| Level::System), class];
    let [browser, system, classes] =
        lower.map(|level| lower_share(crowd, level, observation, everybody));
    let mut counts = [0_u32; 4];
    let [by_text, by_browser, by_system, by_class] = &mut counts;
    for kept in &own.software {
        let count = u32::from(kept.used.count);
        *by_text += count * u32::from(kept.text == cut(text));
        *by_browser += count * u32::from(agent.browser.map(cut) == Some(kept.browser));
        *by_system += count * u32::from(agent.system.map(cut) == Some(kept.system));
        *by_class += count * u32::from(class.is_some() && kept.class == agent.class);
    }
    let known = [true, agent.browser.is_some(), agent.system.is_some(), class.is_some()];
    let shares = [top, browser, system, classes];
    Some(weigh(&AGENT_WEIGHTS, &shares, &counts, &known, f64::from(own.described)))
}

/// Weighs the levels. Levels that are unknown leave their weight to the others.
fn weigh<const N: usize>(
    weights: &[f64; N],
    shares: &[f64; N],
    counts: &[u32; N],
    known: &[bool; N],
    history: f64,
) -> Likeness {
    let (mut everybody, mut own, mut total) = (0.0, 0.0, 0.0);
    for (((weight, share), count), known) in weights.iter().zip(shares).zip(counts).zip(known) {
        if *known {
            everybody += weight * share;
            own += weight * f64::from(*count) / history;
            total += weight;
        }
    }
    Likeness { everybody: everybody / total, own: own / total, history }
}

/// Probability of a top-level value under everybody. Seen: its share, discounted by how much of
/// the probability belongs to values not seen yet; unseen: what is left for one of them.
fn top_share(crowd: &Crowd, level: Level, value: u64, everybody: f64, distinct: u32) -> f64 {
    let unseen = 1.0 + f64::from(distinct);
    match crowd.top(level, value) {
        None => 1.0 / (everybody + unseen),
        Some(top) => {
            let count = f64::from(top.count);
            let unseen_below = 1.0 + top.distinct_below() as f64;
            count / everybody
                * (everybody / (everybody + unseen))
                * (count / (count + unseen_below))
        }
    }
}

/// Probability of a lower value under everybody: its share.
fn lower_share(
    crowd: &Crowd,
    level: Option<Level>,
    observation: &Observation,
    everybody: f64,
) -> f64 {
    let value = level.and_then(|level| Some((level, lower_value(level, observation)?)));
    value.map_or(0.0, |(level, value)| {
        f64::from(crowd.sign_ins_with(level, value)) / everybody.max(1.0)
    })
}
