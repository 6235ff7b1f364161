//! Judgement of one event: features → signals → score → policy → assessment.

mod account;
mod change;
mod exposure;
mod features;
mod freeman;
mod links;
mod purchase;
mod score;
mod sign_in;
mod signal;
mod signals;
mod source;
mod travel;
mod wave;

pub(crate) use account::is_fresh_ground_of_takeover;
pub use account::{AccountFeatures, standing_at};
pub use change::{ChangeFeatures, Past};
pub use exposure::ExposureFeatures;
pub use features::{Features, Missing};
pub use links::{Crowding, LinkFeatures};
pub use purchase::{AddressUse, CardUse, Pace, PurchaseFeatures, Spend};
pub use score::Scored;
pub use sign_in::{Familiar, SignInFeatures};
pub use signal::{Evidence, Group, Signal, signal_by_number, signals_markdown};
pub use signals::SIGNALS;
pub use source::{SourceFeatures, SourceTries};
pub use travel::Journey;
pub(crate) use wave::{Ground, ground_of};
pub use wave::{SoftwareTries, WaveFeatures};

use crate::decision::Assessment;
use crate::known::Known;
use crate::observation::Observation;
use crate::policy::{Inputs, Policy};

/// Judges one event. Pure and total: the same arguments give the same assessment, always.
pub fn assess(observation: &Observation, known: &Known<'_>, policy: &Policy) -> Assessment {
    let features = Features::read(observation, known);
    let scored = score::score(&features);
    let ruling = policy.rule(&Inputs { observation, known, features: &features, scored: &scored });
    Assessment {
        verdict: ruling.verdict,
        obligations: ruling.obligations,
        rule: ruling.rule,
        shadow: ruling.shadow,
        failed_rules: ruling.failed_rules,
        score: scored.score,
        reasons: scored.reasons,
        unknown: scored.unknown,
        standing: scored.standing,
        pattern: scored.pattern,
        familiarity: scored.familiarity,
    }
}
