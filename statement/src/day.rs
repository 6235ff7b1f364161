//! Days as statements and shops write them.

use domain::time::Micros;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization as _;

/// A day of the calendar.
pub type Day = Date;

/// A point in time, or only a day of which the writer's time zone is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// Known to the second.
    At(Micros),
    /// A day on the writer's calendar.
    On(Day),
}

impl Moment {
    /// The day it is at `offset` (Japan: +9 hours).
    pub fn day(self, offset: Offset) -> Day {
        match self {
            Self::On(day) => day,
            Self::At(at) => jiff::Timestamp::from_microsecond(at.0)
                .map_or(if at.0 < 0 { Day::MIN } else { Day::MAX }, |at| {
                    offset.to_datetime(at).date()
                }),
        }
    }
}

/// In which order day, month and year stand where all three are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `2026/06/03`, `26/06/03`
    Ymd,
    /// `06/03/2026`, the United States
    Mdy,
    /// `03/06/2026`
    Dmy,
}

/// First years of the eras still seen, less one.
const ERAS: &[(&str, i16)] = &[("令和", 2018), ("平成", 1988), ("R", 2018), ("H", 1988)];

/// Days from `from` to `to`; negative where `to` is earlier.
pub fn days_between(from: Day, to: Day) -> i32 {
    number(to) - number(from)
}

/// Days since a day long ago. Years before this one bring a leap day every fourth year, but for
/// three in four centuries. Asked millions of times, which a general difference of dates is too
/// slow for.
fn number(day: Day) -> i32 {
    let before = i32::from(day.year()) - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    365 * before + leap_days + i32::from(day.day_of_year())
}

/// The day `days` later; the ends of the calendar stand in for what lies beyond.
pub fn later(day: Day, days: i32) -> Day {
    let span = jiff::Span::new().try_days(days).unwrap_or_default();
    day.saturating_add(span)
}

/// Reads a day or a point in time. A year of four digits in front is always read as such; `order`
/// settles the rest. `None` where it is no date.
pub fn read(text: &str, order: DateOrder) -> Option<Moment> {
    let text = text.trim().trim_matches(['\'', '"']);
    if text.len() > 64 {
        return None;
    }
    let normal: String = if text.is_ascii() { text.to_owned() } else { text.nfkc().collect() };
    if let Some(at) = instant(&normal) {
        return Some(at);
    }
    let (era, rest) = era(&normal);
    let (day_text, time_text) = split_time(rest);
    let day = numbers(&day_text, order, era)?;
    match time_text.strip_suffix("UTC") {
        Some(clock) => Some(at_utc(day, clock.trim()).unwrap_or(Moment::On(day))),
        None => Some(Moment::On(day)),
    }
}

/// RFC 3339 with an offset or `Z`.
fn instant(text: &str) -> Option<Moment> {
    if !text.as_bytes().get(10).is_some_and(|byte| matches!(byte, b'T' | b't' | b' ')) {
        return None;
    }
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Moment::At(Micros(at.as_microsecond())))
}

fn at_utc(day: Day, clock: &str) -> Option<Moment> {
    let time: jiff::civil::Time = clock.parse().ok()?;
    let at = Offset::UTC.to_timestamp(DateTime::from_parts(day, time)).ok()?;
    Some(Moment::At(Micros(at.as_microsecond())))
}

fn era(text: &str) -> (Option<i16>, &str) {
    let found = ERAS.iter().find_map(|(name, years)| {
        let rest = text.strip_prefix(name)?;
        rest.starts_with(|first: char| first.is_ascii_digit() || first == '元')
            .then_some((*years, rest))
    });
    found.map_or((None, text), |(years, rest)| (Some(years), rest))
}

/// The day, and what stands behind it. `2026年 6月 3日` holds spaces inside the day.
fn split_time(text: &str) -> (String, &str) {
    if let Some((day, rest)) = text.split_once('日') {
        return (day.replace(' ', "").replace('元', "1"), rest);
    }
    let (day, rest) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    (day.trim_end_matches(['(', ')']).to_owned(), rest.trim())
}

fn numbers(text: &str, order: DateOrder, era: Option<i16>) -> Option<Day> {
    let text = text.trim_end_matches(|last: char| !last.is_ascii_digit());
    let text = match text.split_once('(') {
        Some((day, _weekday)) => day,
        None => text,
    };
    let parts: Vec<&str> = text.split(['/', '-', '.', '年', '月', '\'']).map(str::trim).collect();
    let digits = |part: &&str| {
        !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit())
    };
    match parts.as_slice() {
        [compact]
            if era.is_none()
                && compact.len() == 8
                && compact.bytes().all(|b| b.is_ascii_digit()) =>
        {
            civil(compact.get(..4)?, compact.get(4..6)?, compact.get(6..)?, None)
        }
        [a, b, c] if [a, b, c].into_iter().all(digits) => match order {
            _ if era.is_some() || a.len() == 4 => civil(a, b, c, era),
            DateOrder::Ymd if c.len() <= 2 => civil(a, b, c, None),
            DateOrder::Ymd => None,
            DateOrder::Mdy => civil(c, a, b, None),
            DateOrder::Dmy => civil(c, b, a, None),
        },
        _ => None,
    }
}

fn civil(year: &str, month: &str, day: &str, era: Option<i16>) -> Option<Day> {
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    let number: i16 = year.parse().ok()?;
    let year = match (era, year.len()) {
        (Some(before), 1 | 2) => before + number,
        (None, 4) => number,
        (None, 1 | 2) => 2000 + number,
        _ => return None,
    };
    let day = Day::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1970..2200).contains(&day.year()).then_some(day)
}

/// The order of days of the form `03/06/2026`, where the texts settle it: a first or a second
/// number above 12. `Err` holds one of the texts that could be either.
pub fn order_of<'a>(texts: impl Iterator<Item = &'a str>) -> Result<DateOrder, String> {
    let mut open = None;
    for text in texts {
        let day = text.trim().split([' ', 'T']).next().unwrap_or_default();
        let parts: Vec<&str> = day.split(['/', '-', '.', '\'']).map(str::trim).collect();
        let [first, second, year] = parts.as_slice() else { continue };
        let (Ok(first), Ok(second), 1..=2) =
            (first.parse::<u8>(), second.parse::<u8>(), first.len())
        else {
            continue;
        };
        match (first, second, year.len()) {
            (13..=31, 1..=12, 4) => return Ok(DateOrder::Dmy),
            (1..=12, 13..=31, 4) => return Ok(DateOrder::Mdy),
            (1..=12, 1..=12, 4) if open.is_none() => open = Some(day.to_owned()),
            _ => {}
        }
    }
    open.map_or(Ok(DateOrder::Ymd), Err)
}

/// Reads the date of OFX (OFX 2.2 §3.2.8.2): `20260603`, `20260603213000.000[+9:JST]`. A time with
/// an offset is a point in time; one without is taken as the day it names, because banks write
/// midnight of nowhere in particular.
pub fn read_ofx(text: &str) -> Option<Moment> {
    let text = text.trim();
    let digits: &str = text.split(|c: char| !c.is_ascii_digit()).next()?;
    let day = civil(digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?, None)?;
    let zone =
        text.split_once('[').map(|(_, zone)| zone.split([':', ']']).next().unwrap_or_default());
    let (Some(zone), Some(clock)) = (zone, digits.get(8..14)) else { return Some(Moment::On(day)) };
    let offset = Offset::from_seconds(offset_seconds(zone)?).ok()?;
    if clock == "000000" {
        return Some(Moment::On(day));
    }
    let part = |range: std::ops::Range<usize>| clock.get(range).and_then(|part| part.parse().ok());
    let time = jiff::civil::Time::new(part(0..2)?, part(2..4)?, part(4..6)?, 0).ok()?;
    let at = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
    Some(Moment::At(Micros(at.as_microsecond())))
}

/// `+9`, `-3.5`: hours, with tenths.
fn offset_seconds(zone: &str) -> Option<i32> {
    let (sign, hours) = match zone.strip_prefix('-') {
        Some(hours) => (-1, hours),
        None => (1, zone.strip_prefix('+').unwrap_or(zone)),
    };
    let (hours, tenths) = hours.split_once('.').unwrap_or((hours, "0"));
    let hours: i32 = hours.parse().ok().filter(|hours| (0..=14).contains(hours))?;
    let tenths: i32 = tenths.get(..1)?.parse().ok()?;
    Some(sign * (hours * 3600 + tenths * 360))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const JAPAN: Offset = jiff::tz::offset(9);

    fn ymd(text: &str) -> Option<Day> {
        read(text, DateOrder::Ymd).map(|moment| moment.day(JAPAN))
    }

    #[test]
    fn days_are_read_as_japanese_issuers_write_them() {
        let writings = [
            "2026/06/03",
            "2026/6/3",
            "2026-06-03",
            "2026.6.3",
            "20260603",
            "2026年6月3日",
            "2026年06月03日",
            "２０２６年６月３日",
            "令和8年6月3日",
            "R8.6.3",
            "26/06/03",
            "2026/06/03 12:34:56",
            "2026/06/03 12:34",
            "2026年 6月 3日",
            "'2026/06/03'",
            "2026/06/03(水)",
        ];
        for writing in writings {
            assert_eq!(ymd(writing), Some(date(2026, 6, 3)), "{writing}");
        }
        assert_eq!(ymd("令和元年12月1日"), Some(date(2019, 12, 1)));
        assert_eq!(ymd("平成31年4月30日"), Some(date(2019, 4, 30)));
    }

    #[test]
    fn a_point_in_time_falls_on_the_day_it_is_in_japan() {
        assert_eq!(ymd("2026-06-03T15:30:00Z"), Some(date(2026, 6, 4)));
        assert_eq!(ymd("2026-06-03T23:30:00+09:00"), Some(date(2026, 6, 3)));
        let american = read("06/03/2026 20:00:00 UTC", DateOrder::Mdy);
        assert_eq!(american.map(|moment| moment.day(JAPAN)), Some(date(2026, 6, 4)));
    }

    #[test]
    fn american_days_are_read_only_where_declared() {
        assert_eq!(ymd("06/03/2026"), None);
        assert_eq!(read("06/03/2026", DateOrder::Mdy), Some(Moment::On(date(2026, 6, 3))));
        assert_eq!(read("03/06/2026", DateOrder::Dmy), Some(Moment::On(date(2026, 6, 3))));
        assert_eq!(read("6/3'26", DateOrder::Mdy), Some(Moment::On(date(2026, 6, 3))));
        assert_eq!(order_of(["06/03/2026", "06/13/2026"].into_iter()), Ok(DateOrder::Mdy));
        assert_eq!(order_of(["06/03/2026"].into_iter()), Err("06/03/2026".to_owned()));
        assert_eq!(order_of(["2026/06/03"].into_iter()), Ok(DateOrder::Ymd));
    }

    #[test]
    fn days_are_counted_as_the_calendar_counts_them() {
        let days = [date(1969, 12, 31), date(2000, 2, 29), date(2026, 6, 3), date(2100, 3, 1)];
        for (from, to) in days.iter().zip(days.iter().skip(1)) {
            let span = from.until((jiff::Unit::Day, *to)).map(|span| span.get_days());
            assert_eq!(span.ok(), Some(days_between(*from, *to)));
            assert_eq!(days_between(*to, *from), -days_between(*from, *to));
        }
    }

    #[test]
    fn what_is_no_day_is_not_guessed_at() {
        for writing in
            ["", "2026/13/01", "2026/02/30", "12", "2026", "1234567", "abc", "99/99/99", "￥1,200"]
        {
            assert_eq!(ymd(writing), None, "{writing}");
        }
    }

    #[test]
    fn days_of_ofx_keep_their_day() {
        assert_eq!(read_ofx("20260603"), Some(Moment::On(date(2026, 6, 3))));
        assert_eq!(read_ofx("20260603000000.000[-4:EDT]"), Some(Moment::On(date(2026, 6, 3))));
        assert_eq!(
            read_ofx("20260603200000[-5:EST]").map(|at| at.day(JAPAN)),
            Some(date(2026, 6, 4))
        );
        let india = read_ofx("20260603193000[+5.5:IST]").map(|at| at.day(Offset::UTC));
        assert_eq!(india, Some(date(2026, 6, 3)));
        assert_eq!(offset_seconds("-3.5"), Some(-12_600));
        assert_eq!(read_ofx("2026"), None);
    }
}
