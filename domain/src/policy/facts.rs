//! What a rule reads: a judged event, or facts given by hand in an example.

use std::collections::BTreeMap;

use super::field::field_at;
use super::value::{Value, borrowed};
use super::{Inputs, names};
use crate::event::EventType;
use crate::observation::Label;
use crate::risk::{SIGNALS, Signal, signal_by_number};

/// Facts of one event.
pub(super) enum Facts<'a> {
    Judged(&'a Inputs<'a>),
    Given(&'a Given),
}

/// Facts given by hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) kind: EventType,
    /// By place in `fields`.
    pub(super) fields: BTreeMap<usize, Value<'static>>,
    /// Evidence in nats, by number of the signal.
    pub(super) signals: BTreeMap<u16, f64>,
    pub(super) properties: BTreeMap<String, Value<'static>>,
}

impl<'a> Facts<'a> {
    pub(super) const fn kind(&self) -> EventType {
        match self {
            Self::Judged(inputs) => inputs.observation.kind,
            Self::Given(given) => given.kind,
        }
    }

    /// The field at `place` of `fields`; `None` where the fact is missing.
    pub(super) fn field(&self, place: usize) -> Option<Value<'a>> {
        match self {
            Self::Judged(inputs) => field_at(place).and_then(|field| (field.read)(inputs)),
            Self::Given(given) => given.fields.get(&place).map(borrowed),
        }
    }

    /// Evidence of a signal in nats; `None` where it had nothing to say.
    pub(super) fn signal(&self, number: u16) -> Option<f64> {
        match self {
            Self::Judged(inputs) => {
                let reasons = &inputs.scored.reasons;
                let reason = reasons.iter().find(|reason| reason.signal == number);
                reason.map(|reason| f64::from(reason.nats))
            }
            Self::Given(given) => given.signals.get(&number).copied(),
        }
    }

    pub(super) fn signal_named(&self, code: &str) -> Option<f64> {
        signal_by_code(code).and_then(|signal| self.signal(signal.number))
    }

    /// Codes of the signals that had something to say, the strongest first.
    pub(super) fn signal_codes(&self) -> Value<'a> {
        let code = |number| signal_by_number(number).map(|signal| Value::text(signal.code));
        match self {
            Self::Judged(inputs) => {
                let reasons = inputs.scored.reasons.iter();
                Value::List(reasons.filter_map(|reason| code(reason.signal)).collect())
            }
            Self::Given(given) => {
                Value::List(given.signals.keys().filter_map(|number| code(*number)).collect())
            }
        }
    }

    /// A label of the store's own; `None` where the event has none of that name.
    pub(super) fn property(&self, name: &str) -> Option<Value<'a>> {
        match self {
            Self::Judged(inputs) => {
                let mut labels = inputs.observation.labels.iter();
                labels.find(|(label, _)| label.as_ref() == name).map(|(_, value)| match value {
                    Label::Bool(bool) => Value::Bool(*bool),
                    Label::Int(int) => Value::Int(*int),
                    Label::Float(double) => Value::Double(*double),
                    Label::Text(text) => Value::text(text),
                })
            }
            Self::Given(given) => given.properties.get(name).map(borrowed),
        }
    }

    pub(super) fn property_names(&self) -> Value<'a> {
        match self {
            Self::Judged(inputs) => {
                let labels = inputs.observation.labels.iter();
                Value::List(labels.map(|(name, _)| Value::text(name)).collect())
            }
            Self::Given(given) => {
                Value::List(given.properties.keys().map(|name| Value::text(name)).collect())
            }
        }
    }

    /// What decides whether a rule in `percent` mode binds: the account, else the event.
    pub(super) fn lot(&self) -> u64 {
        match self {
            Self::Judged(inputs) => {
                let observation = inputs.observation;
                let wide = observation.account.map_or(observation.event.0, |account| account.0);
                fold(wide)
            }
            Self::Given(_) => 0,
        }
    }

    pub(super) fn is_order(&self) -> bool {
        names::event_type(self.kind()).starts_with("order.")
    }
}

/// The signal with this code.
pub(super) fn signal_by_code(code: &str) -> Option<&'static Signal> {
    SIGNALS.iter().copied().flatten().find(|signal| signal.code == code)
}

#[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
const fn fold(wide: u128) -> u64 {
    (wide as u64) ^ ((wide >> 64) as u64)
}
