//! When the desk is staffed, and which half hours of it can still be had (R22).
//!
//! Japan's time, UTC+9 all year round.

use std::collections::BTreeMap;

use crate::time::{DAY, HOUR, MINUTE, Micros};

/// How long a slot is.
pub const SLOT: i64 = 30 * MINUTE;
/// A slot begins no sooner than this.
const AHEAD: i64 = 30 * MINUTE;
/// Days looked ahead.
const DAYS_AHEAD: i64 = 7;
/// Japan's distance from UTC.
const JAPAN: i64 = 9 * HOUR;
/// Names of the days, as they stand in settings.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Hours of the desk: spans of minutes of each day, Monday first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours([Vec<(i64, i64)>; 7]);

/// A part of a text that is no span of hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not like `mon-fri 09:00-18:00`")]
pub struct BadHours(String);

/// What is offered, and what of it is taken.
#[derive(Debug, Clone, Copy)]
pub struct Slots<'a> {
    /// When the desk is staffed.
    pub hours: &'a Hours,
    /// Beginnings of slots that are booked, once for each call.
    pub booked: &'a [Micros],
    /// Calls in one slot.
    pub at_once: usize,
}

impl Hours {
    /// Reads `mon-fri 09:00-18:00, sat 10:00-15:00`.
    ///
    /// # Errors
    /// The part that is none.
    pub fn read(text: &str) -> Result<Self, BadHours> {
        let mut hours = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (first, last, span) = read_part(part).ok_or_else(|| BadHours(part.to_owned()))?;
            for spans in hours.0.iter_mut().take(last + 1).skip(first) {
                spans.push(span);
            }
        }
        Ok(hours)
    }

    /// A slot that begins at `from` lies within them.
    fn has(&self, from: Micros) -> bool {
        let local = from.plus(JAPAN).0;
        // 1 January 1970 was a Thursday.
        let day = usize::try_from((local.div_euclid(DAY) + 3).rem_euclid(7)).unwrap_or_default();
        let minute = local.rem_euclid(DAY) / MINUTE;
        let within =
            |(opens, closes): &(i64, i64)| *opens <= minute && minute + SLOT / MINUTE <= *closes;
        self.0.get(day).is_some_and(|spans| spans.iter().any(within))
    }
}

impl Slots<'_> {
    /// The next `most` slots that can be had, soonest first.
    pub fn offered(&self, now: Micros, most: usize) -> Vec<Micros> {
        let mut taken: BTreeMap<Micros, usize> = BTreeMap::new();
        for from in self.booked {
            *taken.entry(*from).or_default() += 1;
        }
        let soonest = now.plus(AHEAD).0;
        let first = soonest.div_euclid(SLOT) + i64::from(soonest.rem_euclid(SLOT) > 0);
        let last = first + DAYS_AHEAD * DAY / SLOT;
        let slots = (first..last).map(|number| Micros(number * SLOT));
        let has_room = |from: &Micros| taken.get(from).copied().unwrap_or_default() < self.at_once;
        slots.filter(|from| self.hours.has(*from) && has_room(from)).take(most).collect()
    }
}

fn read_part(part: &str) -> Option<(usize, usize, (i64, i64))> {
    let (days, hours) = part.split_once(' ')?;
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let place = |name: &str| DAYS.iter().position(|day| *day == name);
    let (first, last) = (place(first)?, place(last)?);
    let (opens, closes) = hours.trim().split_once('-')?;
    let span = (minutes(opens)?, minutes(closes)?);
    (first <= last && span.0 < span.1).then_some((first, last, span))
}

/// Minutes of a day at `09:00`; `24:00` is its end.
fn minutes(time: &str) -> Option<i64> {
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours * 60 + minutes;
    ((0..60).contains(&minutes) && (0..=24 * 60).contains(&all)).then_some(all)
}
