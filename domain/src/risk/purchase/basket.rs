//! What is bought: does this basket look like the account's own, or like anybody's?

use super::Question;
use crate::memory::items;
use crate::memory::purchases::{SLOTS, slot_of, words_of};

/// Words of everybody by which the account's own are smoothed: the fewer an account has, the more
/// its basket is expected to look like anybody's.
const PRIOR_MENTIONS: f64 = 90.0;
/// Distinct words a shop is expected to have: smooths those nobody has bought yet.
const VOCABULARY: f64 = 2_048.0;
/// Orders of everybody by which an account's hours are smoothed.
const PRIOR_ORDERS: f64 = 4.0;
/// Fewer orders of everybody tell nothing about everybody.
const SHOP_ORDERS_MIN: u64 = 30;

impl Question<'_> {
    /// Log-ratio of the basket's words under everybody's distribution and under the account's own
    /// (a Dirichlet-smoothed unigram model). Words of one basket go together, so the sum is divided
    /// by the root of their number. `None` where there is nothing to compare.
    pub(super) fn basket(&self) -> Option<f64> {
        let crowd = self.known.crowd;
        let everybodys_mentions = crowd.population.shop.mentions as f64;
        let own_mentions = self.baseline.mentions();
        if own_mentions <= 0.0 || crowd.population.shop.orders < SHOP_ORDERS_MIN {
            return None;
        }
        let words = words_of(self.order);
        let (mut ratio, mut logarithm, mut compared) = (1.0_f64, 0.0, 0.0);
        for word in &words {
            let Some(own) = self.baseline.orders_with(*word) else { continue };
            let everybody = (f64::from(items::orders_with(crowd, *word)) + 0.5)
                / (everybodys_mentions + 0.5 * VOCABULARY);
            ratio *=
                everybody * (own_mentions + PRIOR_MENTIONS) / (own + PRIOR_MENTIONS * everybody);
            compared += 1.0;
            if !(1e-200..1e200).contains(&ratio) {
                logarithm += ratio.ln();
                ratio = 1.0;
            }
        }
        logarithm += ratio.ln();
        (compared > 0.0).then(|| logarithm / (compared + 1.0_f64).sqrt())
    }

    /// How much likelier this hour is when nobody's habit rules than under the account's own.
    pub(super) fn hour(&self) -> Option<f64> {
        let shop = &self.known.crowd.population.shop;
        if self.baseline.orders() == 0 || shop.orders < SHOP_ORDERS_MIN {
            return None;
        }
        let slot = slot_of(self.observation.occurred_at);
        let slots = self.baseline.slots();
        let own: f64 = slots.iter().sum();
        let here = slots.get(slot).copied()?;
        let everybody = (shop.slots.get(slot).copied()? as f64 + 0.5)
            / (shop.orders as f64 + 0.5 * SLOTS as f64);
        let expected = (here + PRIOR_ORDERS * everybody) / (own + PRIOR_ORDERS);
        Some(-(SLOTS as f64).ln() - expected.ln())
    }
}
