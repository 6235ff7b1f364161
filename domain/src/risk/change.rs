//! What was changed lately, from where, and whether it was changed back.

use smallvec::SmallVec;

use super::Missing;
use crate::event::EventType;
use crate::known::Known;
use crate::memory::Profile;
use crate::memory::changes::{Changed, Changes, is_change};
use crate::memory::sign_ins::cut;
use crate::observation::Observation;
use crate::time::{DAY, HOUR, Micros};

/// Changes older than this say nothing any more.
const SPAN: i64 = 14 * DAY;
/// What a change says halves in so many microseconds.
pub(super) const HALF_LIFE: f64 = (3 * DAY) as f64;
/// A value that comes back within this was changed and reverted.
const REVERTED_WITHIN: i64 = 7 * DAY;
/// An account is being set up for so long after its first event.
const SET_UP: i64 = DAY;

/// What was changed lately. Only what nobody has proved to be the owner's doing is here.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChangeFeatures {
    /// The event itself changes something.
    pub now: Option<EventType>,
    /// Latest change of the mail address or phone number: who is told.
    pub contact: Option<Past>,
    /// Latest change of the password.
    pub password: Option<Past>,
    /// Latest removal of a second factor or passkey.
    pub factor_removed: Option<Past>,
    /// Latest change of a seller's bank account (X9).
    pub bank: Option<Past>,
    /// The burst of changes that still says the most.
    pub burst: Option<Burst>,
    /// This change brings back a value that was replaced so many microseconds ago.
    pub reverts_after: Option<i64>,
}

/// One change of the past.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    /// Microseconds ago.
    pub age: i64,
    /// The score, 0–1, that the change got: how unlike the owner its place and device were.
    pub score: f64,
}

/// Several kinds of change within an hour.
#[derive(Debug, Clone, Copy)]
pub struct Burst {
    /// How many kinds, this event included where it belongs to it; at least two.
    pub kinds: u32,
    /// Microseconds since its latest change; 0 for an event that is part of it.
    pub age: i64,
    /// The highest score, 0–1, that one of its changes got.
    pub score: f64,
}

impl Burst {
    /// What it says, 0–3: a kind beyond the first says one, up to three. Within the hour it says
    /// that whatever it was judged to be; later only as far as it was unlike the owner, halved
    /// every three days, so that who moved house on a Monday is not asked for it on Tuesday.
    pub fn weight(&self) -> f64 {
        let fresh = if self.age <= HOUR {
            1.0
        } else {
            self.score * (-(self.age as f64) / HALF_LIFE).exp2()
        };
        f64::from(self.kinds.saturating_sub(1).min(3)) * fresh
    }
}

impl ChangeFeatures {
    /// Computes them; nothing can be missing, for a change that nobody told is no change.
    pub fn read(observation: &Observation, known: &Known<'_>, _: &mut Missing) -> Self {
        let now = Some(observation.kind).filter(|kind| is_change(*kind));
        let profile = known.profile;
        let Some(changes) = profile.and_then(|profile| profile.changes.as_deref()) else {
            return Self { now, ..Self::default() };
        };
        let latest = |kinds: &[EventType]| latest(observation, changes, kinds);
        let age = profile
            .and_then(Profile::first_seen)
            .map_or(0, |first| observation.occurred_at.since(first));
        Self {
            now,
            contact: latest(&[EventType::EmailChanged, EventType::PhoneChanged]),
            password: latest(&[EventType::PasswordChanged]),
            factor_removed: latest(&[
                EventType::TotpRemoved,
                EventType::TwoStepDisabled,
                EventType::PasskeyRemoved,
            ]),
            bank: latest(&[EventType::PayoutAccountChanged]),
            burst: if age < SET_UP { None } else { burst(observation, changes) },
            reverts_after: reverts_after(observation, changes),
        }
    }
}

fn open<'a>(
    observation: &'a Observation,
    changes: &'a Changes,
    span: i64,
) -> impl Iterator<Item = &'a Changed> {
    changes.within(observation.occurred_at, span).filter(|changed| !changed.proved)
}

fn latest(observation: &Observation, changes: &Changes, kinds: &[EventType]) -> Option<Past> {
    let found = open(observation, changes, SPAN).find(|changed| kinds.contains(&changed.kind))?;
    Some(Past { age: observation.occurred_at.since(found.at), score: found.score() })
}

/// The burst that still says the most; among equals the latest.
fn burst(observation: &Observation, changes: &Changes) -> Option<Burst> {
    let at = observation.occurred_at;
    let now = Some(observation.kind).filter(|kind| is_change(*kind)).map(|kind| (at, kind, 0.0));
    let past = open(observation, changes, SPAN).map(|past| (past.at, past.kind, past.score()));
    let all: SmallVec<[(Micros, EventType, f64); 8]> = now.into_iter().chain(past).collect();
    let ends = (0..all.len()).filter_map(|end| {
        let rest = all.get(end..)?;
        let (last, ..) = *rest.first()?;
        let within = rest.iter().take_while(|(when, ..)| last.since(*when) <= HOUR);
        let mut kinds: SmallVec<[EventType; 8]> =
            within.clone().map(|(_, kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let score = within.map(|(.., score)| *score).fold(0.0, f64::max);
        let kinds = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
        Some(Burst { kinds, age: at.since(last), score }).filter(|burst| burst.kinds > 1)
    });
    ends.reduce(|best, other| if other.weight() > best.weight() { other } else { best })
}

fn reverts_after(observation: &Observation, changes: &Changes) -> Option<i64> {
    let change = observation.change.as_ref()?;
    let back = cut(change.new?);
    let replaced = open(observation, changes, REVERTED_WITHIN)
        .filter(|changed| changed.kind == observation.kind)
        .find(|changed| changed.old == back && changed.new != back)?;
    Some(observation.occurred_at.since(replaced.at))
}
