//! Where an order goes and how it is paid, against what the account has used before.

use super::Question;
use crate::event::ThreeDs;
use crate::memory::purchases::{Kind, Sighting, WINDOW, card_of, pair};

/// Where an order goes (R56).
#[derive(Debug, Clone, Copy)]
pub struct AddressUse {
    /// Microseconds since the account first had the address; `None` for the first time now.
    pub age: Option<i64>,
    /// It was shipped to with this card before the last 48 h; `None` where nobody can tell.
    pub used_with_card: Option<bool>,
    /// The addressee's name is the account's.
    pub name_matches: Option<bool>,
}

/// How an order is paid (R53).
#[derive(Debug, Clone, Copy)]
pub struct CardUse {
    /// The card number was not typed: it is stored.
    pub stored: Option<bool>,
    /// Microseconds since the account first had the card; `None` for the first time now.
    pub age: Option<i64>,
    /// Score, 0–1, of the event in which the account first had the card.
    pub score_at_first: f64,
    /// What 3-D Secure said.
    pub three_ds: Option<ThreeDs>,
}

impl Question<'_> {
    pub(super) fn address_use(&self) -> Option<AddressUse> {
        let address = self.order.address?;
        let used = &self.purchases?.used;
        let age = self.age(used.sighting(Kind::Address, address))?;
        let card = self.observation.payment.as_ref().and_then(|payment| payment.card);
        let used_with_card = card.and_then(|card| {
            let age = self.age(used.sighting(Kind::AddressWithCard, pair(address, card)))?;
            Some(age.is_some_and(|age| age >= WINDOW))
        });
        Some(AddressUse { age, used_with_card, name_matches: self.order.name_matches })
    }

    pub(super) fn card_use(&self) -> Option<CardUse> {
        let payment = self.observation.payment.as_ref()?;
        let sighting =
            self.purchases.zip(payment.card).map_or(Sighting::Unknown, |(purchases, card)| {
                purchases.used.sighting(Kind::Card, card)
            });
        let score_at_first = match sighting {
            Sighting::Since { score, .. } => f64::from(score) / 255.0,
            Sighting::Never | Sighting::Unknown => 0.0,
        };
        Some(CardUse {
            stored: payment.stored,
            age: self.age(sighting).flatten(),
            score_at_first,
            three_ds: payment.three_ds,
        })
    }

    /// Age of a value: `Some(None)` for the first time now, `None` where nobody can tell.
    #[expect(clippy::option_option, reason = "known, new and unknown are three things")]
    fn age(&self, sighting: Sighting) -> Option<Option<i64>> {
        match sighting {
            Sighting::Since { first, .. } => {
                Some(Some(self.observation.occurred_at.since(first).max(0)))
            }
            Sighting::Never => Some(None),
            Sighting::Unknown => None,
        }
    }

    /// A small order with the same card came within 48 h, and this one is ten times as large.
    pub(super) fn small_then_large(&self) -> bool {
        let Some(card) = self.observation.payment.as_ref().and_then(card_of) else { return false };
        self.window().any(|earlier| {
            earlier.card == Some(card)
                && earlier.currency == self.order.currency
                && earlier.amount > 0
                && earlier.amount.saturating_mul(10) <= self.order.amount
        })
    }
}
