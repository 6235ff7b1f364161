//! What was changed lately, from where, and whether it was changed back.

use smallvec::SmallVec;

use super::Missing;
use crate::event::EventType;
use crate::known::Known;
use crate::memory::Profile;
use crate::memory::changes::{Changed, Changes, is_change};
use crate::memory::sign_ins::cut;
use crate::observation::Observation;
use crate::time::{DAY, HOUR};

/// Changes older than this say nothing any more.
const SPAN: i64 = 14 * DAY;
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
    /// Kinds of change within the hour, this one included.
    pub kinds_in_an_hour: u32,
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

impl ChangeFeatures {
    /// Computes them; nothing can be missing, for a change that nobody told is no change.
    pub fn read(observation: &Observation, known: &Known<'_>, _: &mut Missing) -> Self {
        let now = Some(observation.kind).filter(|kind| is_change(*kind));
        let profile = known.profile;
        let Some(changes) = profile.and_then(|profile| profile.changes.as_deref()) else {
            return Self { now, kinds_in_an_hour: u32::from(now.is_some()), ..Self::default() };
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
            kinds_in_an_hour: if age < SET_UP { 0 } else { kinds_in_an_hour(observation, changes) },
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

fn kinds_in_an_hour(observation: &Observation, changes: &Changes) -> u32 {
    let now = Some(observation.kind).filter(|kind| is_change(*kind));
    let mut kinds: SmallVec<[EventType; 8]> = now.into_iter().collect();
    kinds.extend(open(observation, changes, HOUR).map(|changed| changed.kind));
    kinds.sort_unstable();
    kinds.dedup();
    u32::try_from(kinds.len()).unwrap_or(u32::MAX)
}

fn reverts_after(observation: &Observation, changes: &Changes) -> Option<i64> {
    let change = observation.change.as_ref()?;
    let back = cut(change.new?);
    let replaced = open(observation, changes, REVERTED_WITHIN)
        .filter(|changed| changed.kind == observation.kind)
        .find(|changed| changed.old == back && changed.new != back)?;
    Some(observation.occurred_at.since(replaced.at))
}
