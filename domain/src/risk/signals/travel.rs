//! Travel: could one person have come this far? Numbers from 400.

use crate::decision::{Fact, FactName};
use crate::risk::{Evidence, Features, Group, Signal};

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[Signal {
    number: 401,
    code: "travel.too_fast",
    group: Group::Travel,
    doc: "Nobody travels from the country of the last sign-in to this one in that time. Mobile \
          carriers and corporate exits jump, so this alone never denies.",
    reads: &["sign_in.journey", "sign_in.own"],
    read: too_fast,
}];

fn too_fast(features: &Features) -> Option<Evidence> {
    let journey = features.sign_in.journey.filter(|journey| journey.is_implausible())?;
    let nats = if features.sign_in.own { 0.3 } else { 1.5 };
    let mut facts = crate::decision::Facts::new();
    facts.push((FactName::PreviousCountry, Fact::Country(journey.from)));
    facts.extend(features.sign_in.country.map(|to| (FactName::Country, Fact::Country(to))));
    #[expect(clippy::cast_possible_truncation, reason = "hours between two 32-bit seconds")]
    facts.push((FactName::Hours, Fact::Int(journey.hours as i64)));
    Some(Evidence { nats, facts })
}
