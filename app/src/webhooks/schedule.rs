//! When to try again: a pure function of what happened.

use domain::time::{DAY, HOUR, MINUTE, Micros, SECOND};

/// Waits after the first, second … failed try: ten tries over three days (api.md).
const WAITS: [i64; 9] = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    18 * HOUR,
    22 * HOUR,
];

/// Tries until a message is a dead letter.
pub const TRIES_MAX: i64 = 10;
/// The longest wait a receiver may ask for.
pub const RETRY_AFTER_MAX: i64 = DAY;

/// When to try again after the `tries`-th try (1 is the first) failed at `now`; `None` when that
/// was the last. `retry_after` is what the receiver asked for, in microseconds; `chance` (any
/// number) spreads the waits by a tenth to either side, so that what failed together does not come
/// back together.
pub fn after_failure(
    tries: i64,
    now: Micros,
    retry_after: Option<i64>,
    chance: u16,
) -> Option<Micros> {
    let place = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = *WAITS.get(place)?;
    let spread = wait / 10 * (2 * i64::from(chance) - i64::from(u16::MAX)) / i64::from(u16::MAX);
    let asked = retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_MAX);
    Some(now.plus((wait + spread).max(asked)))
}

/// Reads a `Retry-After` (RFC 9110 §10.2.3): seconds, or a date. Microseconds from `now`.
pub(super) fn retry_after(value: &str, now: Micros) -> Option<i64> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        return Some(value.parse().unwrap_or(i64::MAX / SECOND).saturating_mul(SECOND));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?;
    Some(Micros(at.timestamp().as_microsecond()).since(now).max(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ten_tries_take_about_three_days() {
        let (mut now, mut tries) = (Micros(0), 1);
        while let Some(next) = after_failure(tries, now, None, u16::MAX / 2) {
            now = next;
            tries += 1;
        }
        assert_eq!(tries, TRIES_MAX);
        assert!((70 * HOUR..74 * HOUR).contains(&now.0), "{} h", now.0 / HOUR);
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_but_not_for_ever() {
        let at = |asked| after_failure(1, Micros(0), Some(asked), 0).map(|at| at.0);
        assert_eq!(at(HOUR), Some(HOUR));
        assert_eq!(at(i64::MAX), Some(RETRY_AFTER_MAX));
        assert_eq!(at(0), at(-HOUR), "asking for less changes nothing");
    }

    #[test]
    fn a_retry_after_is_read_as_seconds_or_as_a_date() {
        assert_eq!(retry_after(" 120 ", Micros(0)), Some(120 * SECOND));
        assert_eq!(retry_after("Thu, 01 Jan 1970 01:00:00 GMT", Micros(0)), Some(HOUR));
        assert_eq!(retry_after("Thu, 01 Jan 1970 01:00:00 GMT", Micros(2 * HOUR)), Some(0));
        assert_eq!(retry_after("99999999999999999999", Micros(0)).map(|at| at > DAY), Some(true));
        assert_eq!(retry_after("soon", Micros(0)), None);
        assert_eq!(retry_after("", Micros(0)), None);
    }

    proptest! {
        #[test]
        fn waits_stay_within_a_tenth_of_the_plan(tries in 1_i64..10, chance: u16) {
            let plan = WAITS.get(usize::try_from(tries - 1).unwrap_or(99)).copied().unwrap_or_default();
            let at = after_failure(tries, Micros(0), None, chance).map_or(0, |at| at.0);
            prop_assert!((at - plan).abs() <= plan / 10 + 1, "{at} for {plan}");
        }

        #[test]
        fn no_header_makes_the_reader_fail(value in "\\PC{0,40}", now: i64) {
            let _ = retry_after(&value, Micros(now));
        }
    }
}
