//! Every signal there is, by group.

mod change;
mod exposure;
mod familiarity;
mod infrastructure;
mod links;
mod purchase;
mod travel;
mod velocity;
mod wave;

use super::{Evidence, Signal};
use crate::decision::{Fact, FactName, Facts};

pub(in crate::risk) use familiarity::{OF_HOME, OF_STRANGE_PLACES};
pub(in crate::risk) use velocity::pattern;

/// Every signal there is: one slice a group, in the order of [`super::Group`].
pub static SIGNALS: &[&[Signal]] = &[
    familiarity::SIGNALS,
    velocity::SIGNALS,
    infrastructure::SIGNALS,
    travel::SIGNALS,
    change::SIGNALS,
    purchase::SIGNALS,
    links::SIGNALS,
    exposure::SIGNALS,
];

/// Signals that are fresh grounds to believe that somebody else got in, where the event itself
/// looks like somebody else's.
pub(in crate::risk) const GROUNDS_OF_TAKEOVER: &[u16] =
    &[velocity::AFTER_STORM, exposure::ENTERED_AND_CHANGED];

/// Evidence, unless there is nothing to say.
fn evidence(nats: f64, facts: Facts) -> Option<Evidence> {
    (nats.abs() >= 0.05).then_some(Evidence { nats, facts })
}

/// A decayed count as a whole number among the facts.
#[expect(clippy::cast_possible_truncation, reason = "counts are small")]
fn count_facts(name: FactName, count: f64) -> Facts {
    [(name, Fact::Int(count.round() as i64))].into_iter().collect()
}
