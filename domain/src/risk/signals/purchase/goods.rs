//! What is bought, and how much of it.

use super::{bare, experience, ratio, say};
use crate::risk::{Evidence, Features};

/// What one nat of the basket's ratio weighs: words of one basket go together.
const BASKET: f64 = 0.68;
/// What one nat of the number of lines weighs.
const LINES: f64 = 0.42;

pub(super) fn unfamiliar(features: &Features) -> Option<Evidence> {
    let basket = features.purchase.basket?;
    say(BASKET * basket.clamp(0.0, 3.0), ratio(basket))
}

pub(super) fn familiar(features: &Features) -> Option<Evidence> {
    let basket = features.purchase.basket?;
    say(BASKET * basket.clamp(-4.0, 0.0), ratio(basket))
}

/// Evidence of the numbers of pieces and lines.
fn quantity(features: &Features) -> Option<f64> {
    let pieces = features.purchase.pieces?.clamp(-2.0, 2.0);
    let lines = features.purchase.lines.unwrap_or(0.0).clamp(-1.5, 2.0);
    Some(pieces + LINES * lines)
}

pub(super) fn unusual_quantity(features: &Features) -> Option<Evidence> {
    let quantity = quantity(features)?;
    say(quantity.max(0.0), ratio(quantity))
}

pub(super) fn usual_quantity(features: &Features) -> Option<Evidence> {
    bare(quantity(features)?.min(0.0))
}

pub(super) fn first_instant_goods(features: &Features) -> Option<Evidence> {
    features.purchase.first_instant_goods.then_some(())?;
    bare(1.2 * experience(features.purchase.history))
}
