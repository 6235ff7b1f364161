//! How the account stands before this event.

use crate::decision::{Assessment, Standing};
use crate::event::{EventType, Status};
use crate::known::Known;
use crate::memory::proofs::Proofs;
use crate::memory::sign_ins::{SignIns, cut};
use crate::memory::tries::Try;
use crate::memory::{Profile, seconds};
use crate::observation::Observation;
use crate::time::{DAY, HOUR, MINUTE, Micros};

use super::signals::GROUNDS_OF_TAKEOVER;

/// A suspicion that nobody confirmed ends after this time.
const SUSPICION_KEPT: i64 = 30 * DAY;
/// Its weight halves in this time.
const SUSPICION_HALF_LIFE: f64 = (7 * DAY) as f64;
/// A doubted sign-in, a change and a purchase within this time are one story.
const STORY: i64 = 3 * DAY;
/// R43: so many tries …
const RESTRICTING_TRIES: usize = 3;
/// … within this time …
const RESTRICTING_WINDOW: i64 = 15 * MINUTE;
/// … from places and devices unseen for this time restrict the account …
pub(super) const UNSEEN_AFTER_DAYS: u32 = 90;
/// … for this time.
const RESTRICTION_KEPT: i64 = DAY;

/// How the account stands before this event.
#[derive(Debug, Clone, Default)]
pub struct AccountFeatures {
    /// Its standing, aged by time and by proof.
    pub standing: Standing,
    /// Sign-ins that went through; 0 for a newcomer.
    pub sign_ins: u32,
    /// Failed tries by half-lives of 10 minutes, an hour, a day, this one included.
    pub failures: [f64; 3],
    /// Failed or challenged tries within the last hour that came from this very address or device.
    pub failures_here: u32,
    /// Distinct secrets that failed within the last hour; `None` where the store sends none.
    pub secrets: Option<u32>,
    /// New devices may not sign in for now (R43).
    pub restricted: bool,
    /// How much of a suspicion that somebody got in is left, 0–1.
    pub suspicion: f64,
    /// A person confirmed a takeover and nobody has confirmed the owner since.
    pub takeover_confirmed: bool,
    /// Hours since a doubted sign-in that was followed by a change, where both were lately.
    pub story_hours: Option<i64>,
}

impl AccountFeatures {
    /// Computes them.
    pub fn read(observation: &Observation, known: &Known<'_>) -> Self {
        let failed_now = is_failed_sign_in(observation);
        let mut features = Self::default();
        if let Some(profile) = known.profile {
            let own = &profile.sign_ins;
            features.sign_ins = own.count;
            features.read_tries(observation, own);
            if let Some(proofs) = &own.proofs {
                features.read_proofs(observation.occurred_at, proofs);
            }
        }
        if failed_now {
            features.failures = features.failures.map(|count| count + 1.0);
            features.failures_here += 1;
        }
        features.standing = features.standing_before(failed_now);
        features
    }

    fn read_tries(&mut self, observation: &Observation, own: &SignIns) {
        let Some(tries) = &own.tries else { return };
        let at = observation.occurred_at;
        self.failures = tries.failures(at);
        let secrets = tries.secrets(at, HOUR);
        self.secrets = (secrets > 0).then_some(secrets);
        let ip = observation.origin.place().map(cut);
        let device = observation.device.map(cut);
        let recent = within(&tries.latest, at, HOUR);
        let here = recent.filter(|it| Some(it.ip) == ip || Some(it.device) == device);
        self.failures_here = here.fold(0, |count, _| count + 1);
        self.restricted = is_restricted(own, &tries.latest, at);
    }

    fn read_proofs(&mut self, at: Micros, proofs: &Proofs) {
        let now = seconds(at);
        let age = |second: u32| i64::from(now.saturating_sub(second)) * crate::time::SECOND;
        self.takeover_confirmed =
            proofs.taken_over > 0 && proofs.taken_over >= proofs.confirmed_owner;
        let entered = proofs.entered > proofs.owner.max(proofs.confirmed_owner);
        if entered && age(proofs.entered) < SUSPICION_KEPT {
            self.suspicion = (-(age(proofs.entered) as f64) / SUSPICION_HALF_LIFE).exp2();
        }
        let doubted = proofs.doubted > proofs.owner && age(proofs.doubted) < STORY;
        if doubted && proofs.changed >= proofs.doubted && proofs.changed <= now {
            self.story_hours = Some(age(proofs.doubted) / HOUR);
        }
    }

    /// Attacked: many failures lately. Taken over: a ground for it that neither time nor proof has
    /// taken away; how many events came since does not matter.
    fn standing_before(&self, failed_now: bool) -> Standing {
        let [_, hour, day] = self.failures;
        let own_slips = f64::from(u8::from(failed_now));
        if self.takeover_confirmed || self.suspicion > 0.0 {
            Standing::TakenOver
        } else if hour - own_slips >= 5.0 || day - own_slips >= 10.0 {
            Standing::AttackedHeld
        } else {
            Standing::Quiet
        }
    }
}

/// How an account stands at `at` for all that is known of it: what was judged then has aged since,
/// and proof may have cleared it.
pub fn standing_at(profile: &Profile, at: Micros) -> Standing {
    let own = &profile.sign_ins;
    let mut features = AccountFeatures::default();
    if let Some(tries) = &own.tries {
        features.failures = tries.failures(at);
    }
    if let Some(proofs) = &own.proofs {
        features.read_proofs(at, proofs);
    }
    features.standing_before(false)
}

/// Whether an event is a sign-in that failed.
pub(super) fn is_failed_sign_in(observation: &Observation) -> bool {
    observation.kind == EventType::Login && observation.status == Status::Failed
}

/// Whether an assessment brings a new ground to believe that somebody else got in.
pub(crate) fn is_fresh_ground_of_takeover(assessment: &Assessment) -> bool {
    assessment.reasons.iter().any(|reason| GROUNDS_OF_TAKEOVER.contains(&reason.signal))
}

/// Tries within `span` up to `at`.
fn within(latest: &[Try], at: Micros, span: i64) -> impl Iterator<Item = &Try> {
    let (from, until) = (seconds(at.plus(-span)), seconds(at));
    latest.iter().filter(move |it| it.second() >= from && it.second() <= until)
}

/// R43: three tries within a quarter of an hour, from places and devices unseen for 90 days,
/// restrict for a day; the owner's proof lifts it.
fn is_restricted(own: &SignIns, latest: &[Try], at: Micros) -> bool {
    let lifted = own.proofs.as_ref().map_or(0, |proofs| proofs.owner);
    let strange: smallvec::SmallVec<[u32; 16]> = within(latest, at, RESTRICTION_KEPT)
        .filter(|it| it.second() > lifted && is_strange(own, it, at))
        .map(Try::second)
        .collect();
    let window = u32::try_from(RESTRICTING_WINDOW / crate::time::SECOND).unwrap_or(u32::MAX);
    strange.windows(RESTRICTING_TRIES).any(|tries| {
        let span = tries.last().zip(tries.first());
        span.is_some_and(|(last, first)| last - first <= window)
    })
}

fn is_strange(own: &SignIns, it: &Try, at: Micros) -> bool {
    let seen = |used: &crate::memory::sign_ins::Use| {
        used.is_trusted(at) && used.days_unused(at) < UNSEEN_AFTER_DAYS
    };
    let place = own.places.iter().any(|place| {
        (place.ip == it.ip || (place.network != 0 && place.network == it.network))
            && seen(&place.used)
    });
    let device =
        own.devices.iter().any(|device| cut(device.token) == it.device && seen(&device.used));
    !place && !device
}
