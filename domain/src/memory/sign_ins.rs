//! Where, when and from what an account's owner signs in.
//!
//! Places, software and devices are kept from sign-ins that succeeded. Which of them are kept, and
//! when they were last seen, is the same in any order of arrival: the latest by time, up to a
//! limit. Only the count of one that fell out and came back begins anew.

use serde::{Deserialize, Serialize};

use super::proofs::Proofs;
use super::tries::Tries;
use super::{Outcome, Position, Tight, seconds};
use crate::decision::{Assessment, Verdict};
use crate::event::{EventType, Status};
use crate::observation::{Country, DeviceClass, Observation};
use crate::time::Micros;

/// Most places, software and devices kept, the latest by time.
const KEPT_MAX: usize = 16;
/// A sign-in that was challenged and never answered for is trusted after so many days.
const TRUST_DELAY_DAYS: u16 = 7;
/// From this score on a sign-in is strange, whatever a lenient policy lets through: what it came
/// from must not speak for the owner minutes later, or an intruder's own visits would wash out
/// the evidence of his entry.
const STRANGE_SCORE: f64 = 0.05;
/// Seconds in a day.
const DAY_SECONDS: u32 = 86_400;

/// Sign-ins of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SignIns {
    /// Position of its first successful sign-in; 0 before it.
    pub first_position: Position,
    /// Successful sign-ins.
    pub count: u32,
    /// Those of them whose address is known.
    pub placed: u32,
    /// Those of them whose user agent is known.
    pub described: u32,
    /// Second of the latest one.
    pub last: u32,
    /// From where.
    pub places: Tight<Place>,
    /// With what software.
    pub software: Tight<Software>,
    /// On what devices.
    pub devices: Tight<Device>,
    /// Tries that failed or were challenged.
    pub tries: Option<Box<Tries>>,
    /// What was proved about places and devices, and about the account.
    pub proofs: Option<Box<Proofs>>,
}

/// When and how often something was used to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(Rust, packed(2))] // An account holds dozens.
pub struct Use {
    /// Second it was last used.
    pub last: u32,
    /// Day (since 1970) it was first used.
    pub first_day: u16,
    /// Day from which it counts as the owner's: at once where the sign-in was let through.
    pub trusted_day: u16,
    /// Sign-ins; stays at its maximum.
    pub count: u16,
}

/// A place: address, AS and country as resolved at the time. Hashes are cut to 32 bits: among
/// [`KEPT_MAX`] of one account they do not collide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Address.
    pub ip: u32,
    /// Its /24 or /64.
    pub network: u32,
    /// AS number; 0 for unknown.
    pub asn: u32,
    /// Country; zeros for unknown.
    pub country: [u8; 2],
    /// When and how often.
    pub used: Use,
}

/// Software as the user agent tells it, cut like [`Place`]; 0 for unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as in `Agent`")]
pub struct Software {
    pub text: u32,
    pub browser: u32,
    pub system: u32,
    pub class: DeviceClass,
    /// When and how often.
    pub used: Use,
}

/// A device, by its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(Rust, packed(4))]
pub struct Device {
    /// Keyed hash of the token.
    pub token: u64,
    /// When and how often.
    pub used: Use,
}

impl SignIns {
    /// Takes in a judged event.
    pub(super) fn remember(
        &mut self,
        position: Position,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        if counts_as_sign_in(observation, assessment) {
            let at_once = assessment.verdict == Verdict::Allow && assessment.score < STRANGE_SCORE;
            self.succeed(position, observation, if at_once { 0 } else { TRUST_DELAY_DAYS });
        }
        Tries::remember(&mut self.tries, observation, assessment);
        Proofs::remember(&mut self.proofs, observation, assessment);
    }

    /// Takes in what became of a decision.
    pub(super) fn settle(
        &mut self,
        position: Position,
        observation: &Observation,
        outcome: Outcome,
    ) {
        if completes_sign_in(observation, outcome) {
            let delay = if outcome == Outcome::Completed { TRUST_DELAY_DAYS } else { 0 };
            self.succeed(position, observation, delay);
        }
        Tries::settle(&mut self.tries, observation, outcome);
        Proofs::settle(&mut self.proofs, observation, outcome);
    }

    fn succeed(&mut self, position: Position, observation: &Observation, delay_days: u16) {
        if self.first_position == 0 {
            self.first_position = position;
        }
        self.count = self.count.saturating_add(1);
        self.last = self.last.max(seconds(observation.occurred_at));
        let used = Use::once(observation.occurred_at, delay_days);
        if let Some(place) = Place::of(observation, used) {
            self.placed = self.placed.saturating_add(1);
            keep(&mut self.places, place);
        }
        if let Some(software) = Software::of(observation, used) {
            self.described = self.described.saturating_add(1);
            keep(&mut self.software, software);
        }
        if let Some(token) = observation.device {
            keep(&mut self.devices, Device { token, used });
        }
    }
}

/// Whether an event is a sign-in that went through: what familiarity is learnt from.
pub(super) fn counts_as_sign_in(observation: &Observation, assessment: &Assessment) -> bool {
    is_sign_in(observation)
        && observation.status == Status::Succeeded
        && assessment.verdict != Verdict::Deny
}

/// Whether an outcome tells that an attempted sign-in went through.
pub(super) fn completes_sign_in(observation: &Observation, outcome: Outcome) -> bool {
    let got_in = match outcome {
        Outcome::ChallengePassed | Outcome::Completed | Outcome::ConfirmedOwner => true,
        Outcome::ChallengeFailed | Outcome::Abandoned | Outcome::ConfirmedTakeover => false,
    };
    got_in && is_sign_in(observation) && observation.status == Status::Attempted
}

/// A sign-in, or the registration that begins like one.
pub(super) fn is_sign_in(observation: &Observation) -> bool {
    matches!(observation.kind, EventType::Login | EventType::Registration)
}

impl Use {
    fn once(at: Micros, delay_days: u16) -> Self {
        let day = day_of(seconds(at));
        let trusted_day = day.saturating_add(delay_days);
        Self { last: seconds(at), first_day: day, trusted_day, count: 1 }
    }

    fn merge(&mut self, other: Self) {
        self.last = self.last.max(other.last);
        self.first_day = self.first_day.min(other.first_day);
        self.trusted_day = self.trusted_day.min(other.trusted_day);
        self.count = self.count.saturating_add(other.count);
    }

    /// Whether it counted as the owner's at `at`, unless something was proved to the contrary.
    pub fn is_trusted(&self, at: Micros) -> bool {
        self.trusted_day <= day_of(seconds(at))
    }

    /// Whole days between its latest use and `at`; 0 when that lies in the future.
    pub fn days_unused(&self, at: Micros) -> u32 {
        seconds(at).saturating_sub(self.last) / DAY_SECONDS
    }
}

/// Days since 1970 (until 2149).
fn day_of(second: u32) -> u16 {
    u16::try_from(second / DAY_SECONDS).unwrap_or(u16::MAX)
}

impl Place {
    fn of(observation: &Observation, used: Use) -> Option<Self> {
        let origin = &observation.origin;
        let ip = cut(origin.place()?);
        let network = origin.network.map_or(0, cut);
        let country = origin.country.map_or([0; 2], |country| country.0);
        Some(Self { ip, network, asn: origin.asn.unwrap_or(0), country, used })
    }

    /// The country, if it was known.
    pub fn country(&self) -> Option<Country> {
        (self.country != [0; 2]).then_some(Country(self.country))
    }
}

impl Software {
    fn of(observation: &Observation, used: Use) -> Option<Self> {
        let agent = &observation.agent;
        Some(Self {
            text: cut(agent.text?),
            browser: agent.browser.map_or(0, cut),
            system: agent.system.map_or(0, cut),
            class: agent.class,
            used,
        })
    }
}

/// The 32 bits of a hash that one account's lists go by; never 0, which stands for unknown.
#[expect(clippy::cast_possible_truncation, reason = "cutting is the purpose")]
pub(crate) const fn cut(hash: u64) -> u32 {
    let cut = (hash ^ (hash >> 32)) as u32;
    if cut == 0 { 1 } else { cut }
}

/// Something kept once, with its use.
trait Kept {
    /// Order and identity: everything but the use.
    type Key: Ord;
    fn key(&self) -> Self::Key;
    fn used(&self) -> Use;
    fn used_mut(&mut self) -> &mut Use;
}

impl Kept for Place {
    type Key = (u32, u32, u32, [u8; 2]);
    fn key(&self) -> Self::Key {
        (self.ip, self.network, self.asn, self.country)
    }
    fn used(&self) -> Use {
        self.used
    }
    fn used_mut(&mut self) -> &mut Use {
        &mut self.used
    }
}

impl Kept for Software {
    type Key = (u32, u32, u32, u8);
    fn key(&self) -> Self::Key {
        (self.text, self.browser, self.system, self.class as u8)
    }
    fn used(&self) -> Use {
        self.used
    }
    fn used_mut(&mut self) -> &mut Use {
        &mut self.used
    }
}

impl Kept for Device {
    type Key = u64;
    fn key(&self) -> Self::Key {
        self.token
    }
    fn used(&self) -> Use {
        self.used
    }
    fn used_mut(&mut self) -> &mut Use {
        &mut self.used
    }
}

/// Adds a use to a sorted list; beyond the limit the one unused for longest goes.
fn keep<T: Kept>(list: &mut Tight<T>, item: T) {
    match list.binary_search_by_key(&item.key(), Kept::key) {
        Ok(found) => {
            if let Some(kept) = list.get_mut(found) {
                kept.used_mut().merge(item.used());
            }
        }
        Err(place) => list.insert(place, item),
    }
    if list.len() > KEPT_MAX {
        let oldest =
            (0..list.len()).min_by_key(|&index| list.get(index).map(|kept| kept.used().last));
        if let Some(oldest) = oldest {
            list.remove(oldest);
        }
    }
}
