//! When a charge may come.

use crate::day::{Day, days_between, later};

/// Days after order or shipment within which it is charged: 0 and 1 (R5).
const CHARGE_DAYS: i32 = 1;
/// Days by which an issuer may book later, where only the day of booking is known.
pub(super) const POSTING_DAYS: i32 = 3;
/// Days within which an order that ships in parts goes on being charged.
const SPLIT_DAYS: i32 = 14;
/// Days after which an amount that fits no longer even raises a doubt.
const FAR_DAYS: i32 = 30;

/// How well the day of a charge fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Within a day of order or shipment.
    Close,
    /// Between the two, or while an order ships in parts.
    Wide,
    /// Near enough to doubt.
    Far,
}

/// The days of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Days {
    pub(super) used: Option<Day>,
    pub(super) posted: Option<Day>,
}

impl Days {
    /// The day it is known by.
    pub(super) fn day(self) -> Day {
        self.used.or(self.posted).unwrap_or(Day::MIN)
    }
}

/// When something was ordered and, where known, shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Window {
    pub(super) placed: Day,
    pub(super) shipped: Option<Day>,
    /// The order has several shipments.
    pub(super) split: bool,
}

impl Window {
    /// How the days of a charge fit; the better one of use and booking counts (C20).
    pub(super) fn fit(self, days: Days) -> Option<Fit> {
        let slack = if days.used.is_none() { POSTING_DAYS } else { 0 };
        let fits = [days.used, days.posted].into_iter().flatten();
        fits.filter_map(|day| self.fit_day(day, slack)).min()
    }

    fn fit_day(self, day: Day, slack: i32) -> Option<Fit> {
        let close = |from: Day| (0..=CHARGE_DAYS + slack).contains(&days_between(from, day));
        if close(self.placed) || self.shipped.is_some_and(close) {
            return Some(Fit::Close);
        }
        let since = days_between(self.placed, day);
        if (0..=self.closes_in() + slack).contains(&since) {
            return Some(Fit::Wide);
        }
        let last = self.shipped.map_or(self.placed, |shipped| shipped.max(self.placed));
        (since >= -1 && days_between(last, day) <= FAR_DAYS).then_some(Fit::Far)
    }

    /// The last day on which the charge may come.
    pub(super) fn closes(self) -> Day {
        later(self.placed, self.closes_in())
    }

    /// How many days after the order that is.
    fn closes_in(self) -> i32 {
        match self.shipped {
            Some(shipped) => days_between(self.placed, shipped).max(0) + CHARGE_DAYS,
            None if self.split => SPLIT_DAYS,
            None => CHARGE_DAYS,
        }
    }

    /// Whether a statement of `as_of` shows every charge that may come. Where the statement tells
    /// only days of booking, those come later.
    pub(super) fn is_closed(self, as_of: Day, only_posted: bool) -> bool {
        as_of > later(self.closes(), if only_posted { POSTING_DAYS } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn window(shipped: Option<i8>, split: bool) -> Window {
        Window { placed: date(2026, 6, 3), shipped: shipped.map(|day| date(2026, 6, day)), split }
    }

    fn used(day: i8) -> Days {
        Days { used: Some(date(2026, 6, day)), posted: None }
    }

    #[test]
    fn a_charge_comes_within_a_day_of_order_or_shipment() {
        let plain = window(None, false);
        assert_eq!(plain.fit(used(3)), Some(Fit::Close));
        assert_eq!(plain.fit(used(4)), Some(Fit::Close));
        assert_eq!(plain.fit(used(5)), Some(Fit::Far));
        assert_eq!(plain.fit(used(1)), None);
        let shipped = window(Some(8), false);
        assert_eq!(shipped.fit(used(6)), Some(Fit::Wide));
        assert_eq!(shipped.fit(used(9)), Some(Fit::Close));
        assert_eq!(window(None, true).fit(used(12)), Some(Fit::Wide));
    }

    #[test]
    fn r5_the_window_closes_two_days_after_the_order() {
        let plain = window(None, false);
        assert!(!plain.is_closed(date(2026, 6, 3), false));
        assert!(!plain.is_closed(date(2026, 6, 4), false));
        assert!(plain.is_closed(date(2026, 6, 5), false));
        assert!(!plain.is_closed(date(2026, 6, 5), true), "booked later");
    }

    #[test]
    fn a_day_of_booking_may_lie_later() {
        let posted = |day| Days { used: None, posted: Some(date(2026, 6, day)) };
        assert_eq!(window(None, false).fit(posted(7)), Some(Fit::Close));
        let both = Days { used: Some(date(2026, 6, 1)), posted: Some(date(2026, 6, 3)) };
        assert_eq!(window(None, false).fit(both), Some(Fit::Close));
    }
}
