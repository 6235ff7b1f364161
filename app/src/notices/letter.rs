//! The words of a notice's letter, and its code as people type it.

use domain::member::UNDO_SPAN;
use domain::notice::{Channel, Sending};
use domain::time::Micros;

use super::Kept;
use crate::gateways::Letter;
use crate::text::{Language, text, topic_key};

/// Text keys of letters.
#[cfg(test)]
pub(crate) const KEYS: [&str; 8] = [
    "letter-notice-subject",
    "letter-notice-mail",
    "letter-notice-advice-code",
    "letter-notice-advice",
    "letter-notice-sms-code",
    "letter-notice-sms",
    "letter-notice-voice",
    "letter-unknown",
];

/// The letter for one contact; with `code` only where that contact may undo.
pub(super) fn compose(kept: &Kept, sending: &Sending, code: Option<&str>, store: &str) -> Letter {
    let language = kept.language;
    let what = text().say(language, &topic_key(kept.notice.topic));
    let tell = |key, values: &[(&str, &str)]| text().tell(language, key, values);
    let frame = [("store", store), ("what", what.as_str()), ("code", code.unwrap_or_default())];
    let (subject, words) = match (sending.channel, code) {
        (Channel::Mail, _) => {
            (tell("letter-notice-subject", &frame), mail(kept, code, &what, store))
        }
        (Channel::Sms, Some(_)) => (String::new(), tell("letter-notice-sms-code", &frame)),
        (Channel::Sms, None) => (String::new(), tell("letter-notice-sms", &frame)),
        (Channel::Voice, _) => (String::new(), tell("letter-notice-voice", &frame)),
    };
    Letter {
        channel: sending.channel,
        to: sending.to.value.clone(),
        subject,
        text: words,
        language,
        not_after: Some(kept.notice.at.plus(UNDO_SPAN)),
    }
}

fn mail(kept: &Kept, code: Option<&str>, what: &str, store: &str) -> String {
    let language = kept.language;
    let advice = match code {
        Some(code) => {
            let values = [("store", store), ("code", code)];
            text().tell(language, "letter-notice-advice-code", &values)
        }
        None => text().tell(language, "letter-notice-advice", &[("store", store)]),
    };
    let unknown = text().say(language, "letter-unknown");
    let values = [
        ("store", store),
        ("what", what),
        ("time", &time_of_day(language, kept.notice.at)),
        ("place", kept.place.as_deref().unwrap_or(&unknown)),
        ("device", kept.device.as_deref().unwrap_or(&unknown)),
        ("advice", &advice),
    ];
    text().tell(language, "letter-notice-mail", &values)
}

/// Japan's time (UTC+9, without summer time), which is the store's.
fn time_of_day(language: Language, at: Micros) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    let at = at.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
    let format = match language {
        Language::Japanese => "%Y年%-m月%-d日 %-H時%M分",
        Language::English => "%-d %B %Y, %H:%M (Japan)",
    };
    at.strftime(format).to_string()
}

/// Sixteen signs of the alphabet of ids, in capitals, however they were typed: full-width, small,
/// with hyphens and spaces, `O` for `0`.
pub(super) fn as_typed(code: &str) -> Option<String> {
    let signs: String = code
        .chars()
        .take(80)
        .map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            other => other,
        })
        .filter(char::is_ascii_alphanumeric)
        .map(|sign| match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (signs.len() == 16).then_some(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Some("0123456789ABCDEF".to_owned());
        for typed in [
            "0123-4567-89AB-CDEF",
            " 0123 4567 89ab cdef ",
            "０１２３ー４５６７ー８９ＡＢーＣＤＥＦ",
            "o123-4567-89ab-cdef",
            "Ol23-4567-89ab-cdef",
        ] {
            assert_eq!(as_typed(typed), code, "{typed}");
        }
        for typed in ["", "0123-4567", "0123-4567-89AB-CDEF-0", "かぎ"] {
            assert_eq!(as_typed(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_time_is_said_as_it_was_in_japan() {
        let at = Micros(1_780_488_245_000_000);
        assert_eq!(time_of_day(Language::Japanese, at), "2026年6月3日 21時04分");
        assert_eq!(time_of_day(Language::English, at), "3 June 2026, 21:04 (Japan)");
    }
}
