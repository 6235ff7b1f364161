//! The words of a basket: what is bought, coarse enough to recognise a taste.

use super::recent::Words;
use crate::observation::{Line, Order};

/// Words remembered of one order, the dearest lines' first.
const WORDS_MAX: usize = 96;

/// Sorted distinct words of an order's goods: title words and category; the SKU where a line has
/// neither. Folded to 16 bits, which tells some 65,000 words apart.
pub(crate) fn words_of(order: &Order) -> Words {
    let mut words = Words::new();
    for line in &order.lines {
        if words.len() >= 2 * WORDS_MAX {
            break;
        }
        words_of_line(line, &mut words);
    }
    words.truncate(2 * WORDS_MAX);
    words.sort_unstable();
    words.dedup();
    words.truncate(WORDS_MAX);
    words
}

fn words_of_line(line: &Line, words: &mut Words) {
    words.extend(line.words.iter().map(|word| (word >> 16) as u16));
    words.extend(line.category.map(|category| (category >> 48) as u16));
    if line.words.is_empty() && line.category.is_none() {
        words.extend(line.sku.map(|sku| (sku >> 48) as u16));
    }
}
