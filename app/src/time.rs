//! Times as they are shown: RFC 3339 in UTC, to the microsecond where it has any.

use domain::time::Micros;

use crate::text::Language;

/// `2026-06-03T12:04:05Z`; the ends of the calendar stand in for what lies beyond them.
pub fn show(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .unwrap_or(if at.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
        .to_string()
}

/// `2026年6月3日 21時04分`: Japan's time (UTC+9, without summer time), which is the store's.
pub fn in_japan(language: Language, at: Micros) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    let at = at.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
    let format = match language {
        Language::Japanese => "%Y年%-m月%-d日 %-H時%M分",
        Language::English => "%-d %B %Y, %H:%M (Japan)",
    };
    at.strftime(format).to_string()
}

/// Reads RFC 3339 with offset.
pub fn read(text: &str) -> Option<Micros> {
    text.parse().ok().map(|at: jiff::Timestamp| Micros(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_as_it_was_in_japan() {
        let at = Micros(1_780_488_245_000_000);
        assert_eq!(in_japan(Language::Japanese, at), "2026年6月3日 21時04分");
        assert_eq!(in_japan(Language::English, at), "3 June 2026, 21:04 (Japan)");
    }

    #[test]
    fn a_time_is_shown_in_utc() {
        assert_eq!(show(Micros(1_780_488_245_000_000)), "2026-06-03T12:04:05Z");
        assert_eq!(show(Micros(i64::MAX)).get(..4), Some("9999"));
    }
}
