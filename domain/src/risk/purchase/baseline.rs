//! The account's own way of shopping before the orders in question.

use std::borrow::Cow;

use crate::memory::Level;
use crate::memory::purchases::{Days, Habit, Purchases, Recent, SLOTS, Sums, slot_of};
use crate::time::{DAY, Micros};

/// The habit together with the orders that are old enough to belong to it.
pub(super) struct Baseline<'a> {
    habit: Option<&'a Habit>,
    /// Sums over the orders of the habit.
    sums: Cow<'a, Sums>,
    aged: &'a [Recent],
    /// The order in question, which may have been told before.
    order: u64,
}

impl<'a> Baseline<'a> {
    pub(super) fn new(purchases: Option<&'a Purchases>, aged: &'a [Recent], order: u64) -> Self {
        let habit = purchases.and_then(|purchases| purchases.habit.as_deref());
        let sums = habit.map_or_else(Cow::default, Habit::sums);
        Self { habit, sums, aged, order }
    }

    /// Orders that are no longer judged, and not yet part of the habit.
    pub(super) fn aged(&self) -> impl Iterator<Item = &'a Recent> + use<'a> {
        let order = self.order;
        self.aged.iter().filter(move |aged| aged.order != order && aged.is_the_owners())
    }

    pub(super) fn orders(&self) -> u32 {
        let aged = u32::try_from(self.aged().count()).unwrap_or(u32::MAX);
        self.sums.orders.saturating_add(aged)
    }

    pub(super) fn lines(&self) -> Level {
        self.with_aged(self.sums.lines, |aged| Some(aged.lines))
    }

    pub(super) fn pieces(&self) -> Level {
        self.with_aged(self.sums.pieces, |aged| Some(aged.pieces))
    }

    pub(super) fn totals(&self, currency: [u8; 3]) -> Level {
        self.with_aged(self.sums.totals(currency), |aged| {
            (aged.currency == currency).then_some(aged.total)
        })
    }

    fn with_aged(&self, mut level: Level, value: impl Fn(&Recent) -> Option<i16>) -> Level {
        for steps in self.aged().filter_map(value) {
            level.add(steps);
        }
        level
    }

    /// Orders a day of the 126 days that end two days before `at`.
    pub(super) fn days(&self, at: Micros) -> Days {
        let mut days = self.sums.days;
        for aged in self.aged() {
            days.add(aged.at);
        }
        days.before(at).settled()
    }

    /// Days since the account's first order, less the two that are judged; at most 126.
    pub(super) fn days_observed(&self, at: Micros) -> f64 {
        let first = self.aged().map(|aged| aged.at).chain(self.sums.first()).min();
        first.map_or(0.0, |first| (at.since(first) as f64 / DAY as f64 - 2.0).clamp(0.0, 126.0))
    }

    /// Orders by slot of the day, half of each in its neighbours.
    pub(super) fn slots(&self) -> [f64; SLOTS] {
        let mut counts = self.sums.slots;
        for aged in self.aged() {
            if let Some(count) = counts.get_mut(slot_of(aged.at)) {
                *count = count.saturating_add(1);
            }
        }
        let count = |slot: usize| counts.get(slot % SLOTS).copied().map_or(0.0, f64::from);
        std::array::from_fn(|slot| {
            0.5 * count(slot) + 0.25 * (count(slot + 1) + count(slot + SLOTS - 1))
        })
    }

    /// In how many orders `word` stood; `None` where the sample cannot tell.
    pub(super) fn orders_with(&self, word: u16) -> Option<f64> {
        let habit = self.habit.map_or(Some(0), |habit| habit.orders_with(word))?;
        let aged = self.aged().filter(|aged| aged.words.binary_search(&word).is_ok()).count();
        Some(f64::from(habit) + aged as f64)
    }

    /// Gift cards or digital goods were bought before.
    pub(super) fn has_instant_goods(&self) -> bool {
        self.sums.instant > 0 || self.aged().any(|aged| aged.instant)
    }

    /// Sum of distinct words over orders.
    pub(super) fn mentions(&self) -> f64 {
        f64::from(self.sums.mentions) + self.aged().map(|aged| aged.words.len() as f64).sum::<f64>()
    }
}
