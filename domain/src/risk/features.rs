//! What the signals read, computed once for an event.

use smallvec::SmallVec;

use super::{
    AccountFeatures, ChangeFeatures, ExposureFeatures, LinkFeatures, PurchaseFeatures,
    SignInFeatures, SourceFeatures, WaveFeatures,
};
use crate::decision::MissingFact;
use crate::event::{EventType, Status};
use crate::known::Known;
use crate::observation::Observation;

/// Facts that would have helped and were not there, each once. Reported, never counted as risk.
pub type Missing = SmallVec<[MissingFact; 16]>;

/// What the signals read. A part that is `None` has nothing to say about this kind of event; a
/// feature that is `None` is unknown and gives no evidence.
#[derive(Debug, Clone)]
pub struct Features {
    /// What happened.
    pub kind: EventType,
    /// How far it got.
    pub status: Status,
    /// How the account stands before this event.
    pub account: AccountFeatures,
    /// How familiar the place, the software and the device are to the account.
    pub sign_in: SignInFeatures,
    /// What is known of the source: who else tried from there, and which lists name it.
    pub source: SourceFeatures,
    /// Whether the whole shop is guessed at, and whether this looks like part of it.
    pub wave: WaveFeatures,
    /// What was changed lately.
    pub change: ChangeFeatures,
    /// How this order compares with the account's own.
    pub purchase: PurchaseFeatures,
    /// Whom the account shares values with.
    pub links: LinkFeatures,
    /// Whether its secrets are known to others.
    pub exposure: ExposureFeatures,
    /// What was missing.
    pub missing: Missing,
}

impl Features {
    /// Computes the features of `observation` from what is known.
    pub fn read(observation: &Observation, known: &Known<'_>) -> Self {
        let missing = &mut Missing::new();
        Self {
            kind: observation.kind,
            status: observation.status,
            account: AccountFeatures::read(observation, known),
            sign_in: SignInFeatures::read(observation, known, missing),
            source: SourceFeatures::read(observation, known, missing),
            wave: WaveFeatures::read(observation, known),
            change: ChangeFeatures::read(observation, known, missing),
            purchase: PurchaseFeatures::read(observation, known, missing),
            links: LinkFeatures::read(observation, known, missing),
            exposure: ExposureFeatures::read(observation, known, missing),
            missing: std::mem::take(missing),
        }
    }
}
