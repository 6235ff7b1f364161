//! How an account shops: the fold of all its orders that are no longer judged together.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::super::level::Level;
use super::super::tight::Tight;
use super::recent::Recent;
use super::vocabulary::Vocabulary;
use crate::time::{DAY, HOUR, Micros};

/// Currencies told apart; an account rarely uses two.
const CURRENCIES_MAX: usize = 3;

/// Slots of two hours in a day, UTC: the habit is the account's own, so its zone does not matter.
pub(crate) const SLOTS: usize = 12;

/// Orders kept one by one while there are no more; beyond, only their sums are.
const FEW: usize = 8;

/// How an account shops. Every part is a sum, a maximum, a minimum or a bottom-k sample, so that
/// the order of arrival leaves no trace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Habit {
    orders: Orders,
    words: Vocabulary,
}

/// The orders of a habit. Sums are the same whether they are made of the few when asked for, or
/// kept: a few orders are smaller than their sums.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Orders {
    /// Sorted.
    Few(Tight<Past>),
    Many(Box<Sums>),
}

/// What is kept of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(Rust, packed)] // 19 bytes for 24.
struct Past {
    at: Micros,
    currency: [u8; 3],
    lines: i16,
    pieces: i16,
    total: i16,
    words: u8,
    instant: bool,
}

/// Sums over orders.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) orders: u32,
    /// Earliest order; nothing while there is none.
    first: Micros,
    pub(crate) days: Days,
    pub(crate) slots: [u16; SLOTS],
    pub(crate) lines: Level,
    pub(crate) pieces: Level,
    totals: SmallVec<[([u8; 3], Level); 1]>,
    /// Orders with gift cards or digital goods.
    pub(crate) instant: u32,
    /// Sum of distinct words over orders.
    pub(crate) mentions: u32,
}

impl Default for Orders {
    fn default() -> Self {
        Self::Few(Tight::default())
    }
}

impl Habit {
    /// Takes in an order.
    pub(super) fn add(&mut self, order: &Recent) {
        let past = Past::of(order);
        match &mut self.orders {
            Orders::Few(few) if few.len() < FEW => {
                few.insert(few.partition_point(|kept| *kept < past), past);
            }
            Orders::Few(few) => {
                let mut sums = Box::new(Sums::of(few));
                sums.add(&past);
                self.orders = Orders::Many(sums);
            }
            Orders::Many(sums) => sums.add(&past),
        }
        for word in &order.words {
            self.words.add(*word);
        }
    }

    /// Sums over its orders.
    pub(crate) fn sums(&self) -> Cow<'_, Sums> {
        match &self.orders {
            Orders::Few(few) => Cow::Owned(Sums::of(few)),
            Orders::Many(sums) => Cow::Borrowed(sums),
        }
    }

    /// What it costs, and its words.
    pub(super) fn bytes(&self) -> (usize, usize) {
        let orders = match &self.orders {
            Orders::Few(few) => few.bytes(),
            Orders::Many(sums) => size_of_val(&**sums),
        };
        (size_of_val(self) + orders, self.words.bytes())
    }

    /// In how many orders `word` stood; `None` where the sample cannot tell.
    pub(crate) fn orders_with(&self, word: u16) -> Option<u16> {
        self.words.orders_with(word)
    }
}

impl Past {
    fn of(order: &Recent) -> Self {
        Self {
            at: order.at,
            currency: order.currency,
            lines: order.lines,
            pieces: order.pieces,
            total: order.total,
            words: u8::try_from(order.words.len()).unwrap_or(u8::MAX),
            instant: order.instant,
        }
    }
}

impl Sums {
    fn of(few: &[Past]) -> Self {
        let mut sums = Self::default();
        few.iter().for_each(|past| sums.add(past));
        sums
    }

    fn add(&mut self, order: &Past) {
        self.first = self.first().map_or(order.at, |first| first.min(order.at));
        self.orders = self.orders.saturating_add(1);
        self.days.add(order.at);
        if let Some(slot) = self.slots.get_mut(slot_of(order.at)) {
            *slot = slot.saturating_add(1);
        }
        self.lines.add(order.lines);
        self.pieces.add(order.pieces);
        self.add_total(order.currency, order.total);
        self.instant = self.instant.saturating_add(u32::from(order.instant));
        self.mentions = self.mentions.saturating_add(u32::from(order.words));
    }

    fn add_total(&mut self, currency: [u8; 3], total: i16) {
        match self.totals.binary_search_by_key(&currency, |(code, _)| *code) {
            Ok(place) => {
                if let Some((_, level)) = self.totals.get_mut(place) {
                    level.add(total);
                }
            }
            Err(place) => {
                let mut level = Level::default();
                level.add(total);
                self.totals.insert(place, (currency, level));
                self.totals.truncate(CURRENCIES_MAX);
            }
        }
    }

    /// Time of the earliest order.
    pub(crate) fn first(&self) -> Option<Micros> {
        (self.orders > 0).then_some(self.first)
    }

    /// Amounts in `currency`.
    pub(crate) fn totals(&self, currency: [u8; 3]) -> Level {
        self.totals
            .iter()
            .find(|(code, _)| *code == currency)
            .map_or_else(Level::default, |(_, level)| *level)
    }
}

/// Orders a day, up to three, of the last 128 days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(Rust, packed(4))] // Its widest parts would have it grow by a third.
pub(crate) struct Days {
    /// Newest day, since 1970.
    newest: i32,
    /// Bit `i`: one order or three, `i` days before the newest day.
    ones: u128,
    /// Bit `i`: two orders or more.
    twos: u128,
}

impl Days {
    /// Counts an order on the day of `at`.
    pub(crate) fn add(&mut self, at: Micros) {
        let day = day_of(at);
        if (self.ones | self.twos) == 0 {
            self.newest = day;
        }
        if day > self.newest {
            *self = Self { newest: day, ..self.before(at) };
        }
        let bit = 1_u128.checked_shl(day.abs_diff(self.newest)).unwrap_or(0);
        let carry = self.ones & bit;
        let full = carry & self.twos;
        self.ones = (self.ones ^ bit) | full;
        self.twos |= carry;
    }

    /// The days before `at`, counted from its day.
    pub(crate) fn before(&self, at: Micros) -> Self {
        let day = day_of(at);
        let distance = day.abs_diff(self.newest);
        let moved = |bits: u128| {
            if day >= self.newest { bits.checked_shl(distance) } else { bits.checked_shr(distance) }
        };
        let (ones, twos) = (moved(self.ones).unwrap_or(0), moved(self.twos).unwrap_or(0));
        Self { newest: day, ones, twos }
    }

    /// Without today and yesterday.
    pub(crate) fn settled(&self) -> Self {
        Self { newest: self.newest, ones: self.ones & !0b11, twos: self.twos & !0b11 }
    }

    /// Days with orders.
    pub(crate) fn count(&self) -> u32 {
        (self.ones | self.twos).count_ones()
    }

    /// Most orders on two days that follow each other.
    pub(crate) fn busiest(&self) -> u32 {
        let on = |day: u32| -> u32 {
            let bit = |bits: u128| u32::from(bits.checked_shr(day).unwrap_or(0) & 1 == 1);
            bit(self.ones) + 2 * bit(self.twos)
        };
        let (mut left, mut busiest) = (self.ones | self.twos, 0);
        while left != 0 {
            let day = left.trailing_zeros();
            left &= left - 1;
            busiest = busiest.max(on(day) + on(day + 1));
        }
        busiest
    }
}

fn day_of(at: Micros) -> i32 {
    i32::try_from(at.0.div_euclid(DAY)).unwrap_or(i32::MAX)
}

/// The slot of the day.
#[expect(clippy::cast_possible_truncation, reason = "0 ≤ slot < 12")]
pub(crate) const fn slot_of(at: Micros) -> usize {
    (at.0.rem_euclid(DAY) / (2 * HOUR)) as usize
}
