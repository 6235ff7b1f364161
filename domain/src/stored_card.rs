//! Stored cards, as the store's events tell of them (R50, R54). Sekisho keeps no card itself, and
//! what the store does not tell is unknown: it is never taken for "none".

use crate::member::LOOKED_HOLDS;
use crate::time::Micros;

/// A card that was not used for so long had better not be stored (R54).
pub const UNUSED_SPAN: i64 = LOOKED_HOLDS;

/// What an event tells of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It was stored.
    Added,
    /// It was deleted.
    Removed,
    /// It was paid with, as a stored one.
    Used,
}

/// A card as an event names it; stores name as much as they like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// The store's or its processor's id of it.
    pub token: Option<String>,
    /// What is the same for the same card under every token.
    pub fingerprint: Option<String>,
    /// The last digits of its number.
    pub last4: Option<String>,
    /// A debit card or a credit card, where that is said.
    pub is_debit: Option<bool>,
}

impl Card {
    /// Both name one card: by token, else by fingerprint, else by its digits.
    fn is(&self, other: &Self) -> bool {
        let both = |one: &Option<String>, other: &Option<String>| {
            one.as_ref().zip(other.as_ref()).map(|(one, other)| one == other)
        };
        both(&self.token, &other.token)
            .or_else(|| both(&self.fingerprint, &other.fingerprint))
            .unwrap_or_else(|| {
                let nameless = self.is_nameless() && other.is_nameless();
                self.last4 == other.last4 && (self.last4.is_some() || nameless)
            })
    }

    const fn is_nameless(&self) -> bool {
        self.token.is_none() && self.fingerprint.is_none()
    }

    /// What either says of it.
    fn learn(&mut self, other: Self) {
        self.token = self.token.take().or(other.token);
        self.fingerprint = self.fingerprint.take().or(other.fingerprint);
        self.last4 = self.last4.take().or(other.last4);
        self.is_debit = self.is_debit.or(other.is_debit);
    }
}

/// A card that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCard {
    /// As the store names it.
    pub card: Card,
    /// When it was stored, where that was told.
    pub added_at: Option<Micros>,
    /// When it was last paid with.
    pub used_at: Option<Micros>,
}

impl StoredCard {
    /// It was neither stored nor used for 180 days (R54).
    pub fn is_unused(&self, now: Micros) -> bool {
        self.used_at.max(self.added_at).is_none_or(|at| now.since(at) >= UNUSED_SPAN)
    }
}

/// The cards that are stored after `told`, in the order of time; `None` where nothing was told.
pub fn stored_cards(
    told: impl IntoIterator<Item = (Micros, Happened, Card)>,
) -> Option<Vec<StoredCard>> {
    let mut cards: Option<Vec<StoredCard>> = None;
    for (at, happened, card) in told {
        let cards = cards.get_or_insert_default();
        let known = cards.iter().position(|known| known.card.is(&card));
        if happened == Happened::Removed {
            known.map(|place| cards.remove(place));
            continue;
        }
        let place = known.unwrap_or_else(|| {
            cards.push(StoredCard { card: card.clone(), added_at: None, used_at: None });
            cards.len() - 1
        });
        let Some(stored) = cards.get_mut(place) else { continue };
        stored.card.learn(card);
        if happened == Happened::Added {
            stored.added_at = stored.added_at.or(Some(at));
        } else {
            stored.used_at = Some(at);
        }
    }
    cards
}

/// How the point of the check-up about cards stands (R64).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Nothing is stored, or the owner has looked and there is no advice to give.
    Well,
    /// More than one is stored, or one that is not used: there is something to delete (R54).
    Open,
    /// Only the owner can say.
    AskTheOwner,
}

/// Looks at `cards`, as far as they are known; `has_looked`: the owner did so too, of late.
pub fn check(cards: Option<&[StoredCard]>, has_looked: bool, now: Micros) -> Checked {
    match cards {
        Some([]) => Checked::Well,
        Some([_, _, ..]) => Checked::Open,
        Some([only]) if only.is_unused(now) => Checked::Open,
        Some([_]) | None if has_looked => Checked::Well,
        Some([_]) | None => Checked::AskTheOwner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;
    use Happened::{Added, Removed, Used};

    const NOW: Micros = Micros(1_000 * DAY);

    fn card(token: &str, last4: &str) -> Card {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Card { token: some(token), last4: some(last4), ..Card::default() }
    }

    fn day(day: i64) -> Micros {
        Micros(day * DAY)
    }

    fn digits(cards: &[StoredCard]) -> Vec<&str> {
        cards.iter().filter_map(|one| one.card.last4.as_deref()).collect()
    }

    #[test]
    fn r54_cards_are_those_that_were_added_or_used_and_not_removed_since() {
        let told = [
            (day(1), Added, card("pm_1", "4242")),
            (day(2), Added, card("pm_2", "1881")),
            (day(3), Used, card("pm_1", "")),
            (day(4), Removed, card("pm_2", "")),
            (day(5), Used, card("pm_3", "0005")),
            (day(6), Removed, card("pm_9", "")),
        ];
        let cards = stored_cards(told).unwrap_or_default();
        assert_eq!(digits(&cards), ["4242", "0005"]);
        let times: Vec<_> = cards.iter().map(|one| (one.added_at, one.used_at)).collect();
        assert_eq!(times, [(Some(day(1)), Some(day(3))), (None, Some(day(5)))]);
    }

    #[test]
    fn what_was_never_told_is_not_nothing() {
        assert_eq!(stored_cards([]), None);
        assert_eq!(stored_cards([(day(1), Removed, card("pm_1", ""))]), Some(Vec::new()));
    }

    #[test]
    fn one_number_under_two_tokens_is_stored_twice_and_a_fingerprint_finds_it_without() {
        let marked = |token: &str| Card { fingerprint: Some("fp".to_owned()), ..card(token, "1") };
        let told = [(day(1), Added, marked("pm_1")), (day(2), Added, marked("pm_2"))];
        let cards = stored_cards(told.clone()).unwrap_or_default();
        assert_eq!(cards.len(), 2);
        let later = (day(3), Removed, marked(""));
        let cards = stored_cards(told.into_iter().chain([later])).unwrap_or_default();
        assert_eq!(cards.len(), 1);
    }

    #[test]
    fn r54_a_card_is_unused_after_180_days_without_payment() {
        let told = [(day(820), Added, card("pm_1", "")), (day(821), Added, card("pm_2", ""))];
        let used = [(day(600), Added, card("pm_3", "")), (day(900), Used, card("pm_3", ""))];
        let cards = stored_cards(told.into_iter().chain(used)).unwrap_or_default();
        let unused: Vec<bool> = cards.iter().map(|one| one.is_unused(NOW)).collect();
        assert_eq!(unused, [true, false, false]);
    }

    #[test]
    fn r64_the_point_is_open_where_there_is_something_to_delete_and_the_owners_where_unknown() {
        let cards = |told: Vec<_>| stored_cards(told);
        let fresh = |token: &str| (day(999), Added, card(token, ""));
        let rows = [
            (None, [Checked::AskTheOwner, Checked::Well]),
            (cards(vec![(day(1), Removed, card("a", ""))]), [Checked::Well; 2]),
            (cards(vec![fresh("a")]), [Checked::AskTheOwner, Checked::Well]),
            (cards(vec![fresh("a"), fresh("b")]), [Checked::Open; 2]),
            (cards(vec![(day(1), Added, card("a", ""))]), [Checked::Open; 2]),
        ];
        for (cards, expected) in rows {
            let told = [false, true].map(|looked| check(cards.as_deref(), looked, NOW));
            assert_eq!(told, expected, "{cards:?}");
        }
    }
}
