//! What was ordered.

use std::cmp::Reverse;

use smallvec::SmallVec;

use super::memo::Memo;
use crate::event::{Line, Order};
use crate::keyed::{Field, KeyedHasher};
use crate::observation;

/// Words of a title that are kept.
const WORDS_MAX: usize = 6;

type Words = SmallVec<[u32; WORDS_MAX]>;

/// Goods seen before.
pub(super) struct Goods {
    titles: Memo<Words>,
    skus: Memo<u64>,
    categories: Memo<u64>,
    sellers: Memo<u64>,
}

impl Goods {
    /// Knows so many texts of each kind again.
    pub(super) fn remembering(texts: usize) -> Self {
        let memo = || Memo::new(texts);
        Self { titles: Memo::new(texts), skus: memo(), categories: memo(), sellers: memo() }
    }

    /// The order without where it goes.
    pub(super) fn observe_order(
        &mut self,
        order: &Order,
        hasher: &KeyedHasher,
    ) -> observation::Order {
        let mut dearest: Vec<&Line> = order.lines.iter().collect();
        dearest.sort_by_key(|line| Reverse(worth(line)));
        dearest.truncate(observation::Order::LINES_MAX);
        observation::Order {
            id: hasher.short(Field::Order, order.id.as_bytes()),
            amount: order.amount,
            currency: order.currency,
            lines: dearest.into_iter().map(|line| self.observe_line(line, hasher)).collect(),
            lines_total: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
            quantity: order.lines.iter().map(|line| u64::from(line.quantity)).sum(),
            address: None,
            ship_country: None,
            destination: None,
            name_matches: None,
        }
    }

    fn observe_line(&mut self, line: &Line, hasher: &KeyedHasher) -> observation::Line {
        let short = |memo: &mut Memo<u64>, text: &Option<String>, field| {
            let hash = |text: &str| hasher.short(field, text.as_bytes());
            text.as_deref().map(|text| memo.recall(text, hash))
        };
        let title = line.title.as_deref().unwrap_or_default();
        let hash_words = |title: &str| words(title).iter().map(|word| hasher.word(word)).collect();
        observation::Line {
            sku: short(&mut self.skus, &line.sku, Field::Sku),
            category: short(&mut self.categories, &line.category, Field::Category),
            words: self.titles.recall(title, hash_words),
            seller: short(&mut self.sellers, &line.seller_id, Field::Seller),
            quantity: line.quantity,
            unit_amount: line.unit_amount,
            kind: line.kind,
        }
    }
}

fn worth(line: &Line) -> i64 {
    line.unit_amount.saturating_mul(i64::from(line.quantity))
}

/// Kinds of letters between which a word ends, also without a space: enough to take Japanese
/// titles apart without a dictionary.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Letters,
    Kanji,
    Hiragana,
    Katakana,
}

fn script(letter: char) -> Option<Script> {
    match letter {
        '\u{3040}'..='\u{309f}' => Some(Script::Hiragana),
        '\u{30a0}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => Some(Script::Katakana),
        '\u{3005}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Some(Script::Kanji),
        _ if letter.is_alphabetic() => Some(Script::Letters),
        _ => None,
    }
}

/// Up to six different words of a title, lower-cased, in their order. Single letters, digits and
/// hiragana (endings and particles) say nothing about the kind of goods.
pub(super) fn words(title: &str) -> SmallVec<[String; WORDS_MAX]> {
    let mut words: SmallVec<[String; WORDS_MAX]> = SmallVec::new();
    let (mut word, mut inside) = (String::new(), None);
    for letter in title.chars().take(400).chain([' ']) {
        let now = script(letter);
        if now != inside {
            let long_enough = word.chars().nth(1).is_some();
            if long_enough && inside != Some(Script::Hiragana) && !words.contains(&word) {
                words.push(std::mem::take(&mut word));
                if words.len() == WORDS_MAX {
                    break;
                }
            }
            word.clear();
            inside = now;
        }
        if now.is_some() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_title_gives_its_first_six_words_in_lower_case() {
        let found = words("WHITE Hanging HEART T-LIGHT Holder, 2 pieces, white, large");
        assert_eq!(found.as_slice(), ["white", "hanging", "heart", "light", "holder", "pieces"]);
    }

    #[test]
    fn a_japanese_title_is_taken_apart_where_the_script_changes() {
        let found = words("一眼レフカメラ用の交換レンズ EF50mm");
        assert_eq!(found.as_slice(), ["一眼", "レフカメラ", "交換", "レンズ", "ef", "mm"]);
    }

    #[test]
    fn a_title_without_words_gives_none() {
        assert!(words("2 x 50 — !!").is_empty());
    }
}
