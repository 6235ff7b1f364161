//! Times as they are shown: RFC 3339 in UTC, to the microsecond where it has any.

use domain::time::Micros;

/// `2026-06-03T12:04:05Z`; the ends of the calendar stand in for what lies beyond them.
pub fn show(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .unwrap_or(if at.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
        .to_string()
}

/// Reads RFC 3339 with offset.
pub fn read(text: &str) -> Option<Micros> {
    text.parse().ok().map(|at: jiff::Timestamp| Micros(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_utc() {
        assert_eq!(show(Micros(1_780_488_245_000_000)), "2026-06-03T12:04:05Z");
        assert_eq!(show(Micros(i64::MAX)).get(..4), Some("9999"));
    }
}
