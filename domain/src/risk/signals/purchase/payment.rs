//! Where it goes and how it is paid.

use smallvec::smallvec;

use super::{bare, experience, say, tenths};
use crate::decision::{Fact, FactName, Facts};
use crate::event::ThreeDs;
use crate::risk::{AddressUse, CardUse, Evidence, Features};
use crate::time::{DAY, HOUR};

/// An address is new for so long (R56).
const ADDRESS_NEW: i64 = 72 * HOUR;
/// A card is new for so long: a stolen one is reported and blocked by then.
const CARD_NEW: i64 = 30 * DAY;

pub(super) fn new_country(features: &Features) -> Option<Evidence> {
    features.purchase.new_country?.then_some(())?;
    bare(3.0 * (f64::from(features.purchase.history) / 3.0).min(1.0))
}

fn is_new(address: &AddressUse) -> bool {
    address.age.is_none_or(|age| age < ADDRESS_NEW)
}

pub(super) fn new_address(features: &Features) -> Option<Evidence> {
    let address = features.purchase.address.filter(is_new)?;
    let stranger = if address.name_matches == Some(false) { 0.4 } else { 0.0 };
    let age = address.age.unwrap_or(0) / HOUR;
    let facts: Facts = smallvec![(FactName::Hours, Fact::Int(age))];
    say((0.6 + stranger) * experience(features.purchase.history), facts)
}

pub(super) fn stored_card_new_address(features: &Features) -> Option<Evidence> {
    let stored = features.purchase.card?.stored? && !authenticated(&features.purchase.card?);
    let new = !features.purchase.address?.used_with_card?;
    (stored && new).then_some(())?;
    bare(1.2 * experience(features.purchase.history))
}

pub(super) fn card_typed_again(features: &Features) -> Option<Evidence> {
    let card = features.purchase.card?;
    let long_had = card.age? >= CARD_NEW;
    (long_had && card.stored == Some(false)).then_some(())?;
    bare(-1.0)
}

fn authenticated(card: &CardUse) -> bool {
    matches!(card.three_ds, Some(ThreeDs::Challenged | ThreeDs::Authenticated))
}

pub(super) fn issuer_authenticated(features: &Features) -> Option<Evidence> {
    let card = features.purchase.card.filter(authenticated)?;
    // A thief can authenticate a card of his own: it proves the holder of a card long on file.
    bare(if card.age.is_some_and(|age| age >= CARD_NEW) { -1.5 } else { -0.3 })
}

pub(super) fn issuer_refused(features: &Features) -> Option<Evidence> {
    (features.purchase.card?.three_ds == Some(ThreeDs::Failed)).then_some(())?;
    bare(1.0)
}

pub(super) fn card_from_suspect_session(features: &Features) -> Option<Evidence> {
    let card = features.purchase.card?;
    let age = card.age.filter(|age| *age < CARD_NEW)?;
    let facts: Facts = smallvec![(FactName::Days, Fact::Int(age / DAY))];
    say((2.5 * (card.score_at_first - 0.2)).clamp(0.0, 1.8), facts)
}

pub(super) fn card_testing(features: &Features) -> Option<Evidence> {
    let new = features.purchase.card?.age.is_none_or(|age| age < CARD_NEW);
    (features.purchase.small_then_large && new).then_some(())?;
    bare(1.5)
}

pub(super) fn declined_payments(features: &Features) -> Option<Evidence> {
    let declines = features.purchase.declines;
    let facts: Facts = smallvec![(FactName::Count, Fact::Float(tenths(declines)))];
    say((0.8 * (declines - 1.5)).clamp(0.0, 2.5), facts)
}
