//! Words for people: Fluent, Japanese and English, compiled once.
//!
//! Texts of the API carry no bidi isolation marks. A signal's words have the key `signal-` and its
//! code with `.` as `-`, and may use the signal's facts by name (`{ $asn }`).

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

use domain::decision::{AttackPattern, Fact, FactName, Reason};
use domain::member::Topic;
use domain::risk::SIGNALS;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use unic_langid::langid;

/// A language Sekisho speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// 日本語
    #[default]
    #[serde(rename = "ja")]
    Japanese,
    /// English
    #[serde(rename = "en")]
    English,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, String> {
        match tag {
            "ja" => Ok(Self::Japanese),
            "en" => Ok(Self::English),
            _ => Err("neither ja nor en".to_owned()),
        }
    }
}

impl Language {
    /// In which language a member is written to.
    pub const fn of(member: &domain::member::Member) -> Self {
        if member.preferences.english { Self::English } else { Self::Japanese }
    }

    /// The language an `Accept-Language` (RFC 9110 §12.5.4) likes best; `fallback` where it likes
    /// neither.
    pub fn accepted(header: &str, fallback: Self) -> Self {
        let mut best = (0.0, fallback);
        for part in header.split(',') {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok());
            let weight: f32 = weight.unwrap_or(1.0);
            let spoken = [("ja", Self::Japanese), ("en", Self::English)];
            let language = spoken.into_iter().find(|(tag, _)| primary.eq_ignore_ascii_case(tag));
            if let Some((_, language)) = language
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The language of the terminal, as POSIX says it: the first of `LC_ALL`, `LC_MESSAGES` and
    /// `LANG` that is set. Japanese for Japanese, English for any other.
    pub fn of_locale(environment: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(environment)?;
        let japanese = locale == "ja" || locale.starts_with("ja_") || locale.starts_with("ja.");
        Some(if japanese { Self::Japanese } else { Self::English })
    }

    /// Its tag: `ja`, `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }
}

/// The words of both languages.
pub struct Text {
    japanese: Words,
    english: Words,
}

struct Words {
    bundle: FluentBundle<FluentResource>,
    /// Text keys of the signals by number.
    signals: HashMap<u16, String>,
}

static TEXT: LazyLock<Text> = LazyLock::new(|| Text {
    japanese: Words::read(Language::Japanese),
    english: Words::read(Language::English),
});

/// The words, compiled at first use.
pub fn text() -> &'static Text {
    &TEXT
}

impl Text {
    /// The text of `key`; the key itself where there is none, which a test forbids.
    pub fn say(&self, language: Language, key: &str) -> String {
        self.words(language).say(key, None)
    }

    /// The text of `key` with its placeholders filled in.
    pub fn tell(&self, language: Language, key: &str, values: &[(&str, &str)]) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            arguments.set((*name).to_owned(), (*value).to_owned());
        }
        self.words(language).say(key, Some(&arguments))
    }

    /// The words for a reason, its facts filled in.
    pub fn reason(&self, language: Language, reason: &Reason) -> String {
        let words = self.words(language);
        let Some(key) = words.signals.get(&reason.signal) else {
            return String::new();
        };
        let mut arguments = FluentArgs::with_capacity(reason.facts.len());
        for (name, fact) in &reason.facts {
            arguments.set(fact_name(*name), self.fact(language, *fact));
        }
        words.say(key, Some(&arguments))
    }

    fn words(&self, language: Language) -> &Words {
        match language {
            Language::Japanese => &self.japanese,
            Language::English => &self.english,
        }
    }

    fn fact(&self, language: Language, fact: Fact) -> FluentValue<'static> {
        match fact {
            Fact::Int(number) => FluentValue::from(number),
            Fact::Float(number) => FluentValue::from((f64::from(number) * 100.0).round() / 100.0),
            Fact::Country(country) => letters(&country.0),
            Fact::Currency(currency) => letters(&currency),
            Fact::Field(field) => {
                FluentValue::from(self.say(language, &format!("field-{}", kebab(&name_of(&field)))))
            }
            Fact::Pattern(pattern) => FluentValue::from(self.say(language, pattern_key(pattern))),
        }
    }
}

fn letters(ascii: &[u8]) -> FluentValue<'static> {
    FluentValue::from(String::from_utf8_lossy(ascii).into_owned())
}

/// Text key of an attack pattern.
pub const fn pattern_key(pattern: AttackPattern) -> &'static str {
    match pattern {
        AttackPattern::Stuffing => "pattern-stuffing",
        AttackPattern::Spraying => "pattern-spraying",
        AttackPattern::BruteForce => "pattern-brute-force",
    }
}

/// The name of a fact, as in JSON and as placeholder.
pub const fn fact_name(name: FactName) -> &'static str {
    match name {
        FactName::Asn => "asn",
        FactName::Country => "country",
        FactName::PreviousCountry => "previous_country",
        FactName::Days => "days",
        FactName::Hours => "hours",
        FactName::Minutes => "minutes",
        FactName::Count => "count",
        FactName::Usual => "usual",
        FactName::Amount => "amount",
        FactName::Currency => "currency",
        FactName::Accounts => "accounts",
        FactName::Secrets => "secrets",
        FactName::Share => "share",
        FactName::Ratio => "ratio",
        FactName::AgeDays => "age_days",
        FactName::Field => "field",
        FactName::Pattern => "pattern",
    }
}

/// The name a value has in JSON.
fn name_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn kebab(name: &str) -> String {
    name.replace(['.', '_', ':'], "-")
}

/// Text key of what a notice is about.
pub fn topic_key(topic: Topic) -> String {
    format!("notice-{}", kebab(&name_of(&topic)))
}

/// Text key of the signal with this code.
pub fn signal_key(code: &str) -> String {
    format!("signal-{}", code.replace('.', "-"))
}

impl Words {
    fn read(language: Language) -> Self {
        let (tag, source) = match language {
            Language::Japanese => (langid!("ja"), include_str!("../text/ja.ftl")),
            Language::English => (langid!("en"), include_str!("../text/en.ftl")),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        // What cannot be read is left out here, and named by the tests of this file.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(part, _)| part);
        let _ = bundle.add_resource(resource);
        let signals = SIGNALS.iter().copied().flatten();
        let signals = signals.map(|signal| (signal.number, signal_key(signal.code))).collect();
        Self { bundle, signals }
    }

    fn say(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => {
                self.bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned()
            }
            None => key.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::{BTreeMap, BTreeSet};

    use domain::decision::{Standing, Verdict};
    use domain::event::ChangeField;

    use super::*;

    const JAPANESE: &str = include_str!("../text/ja.ftl");
    const ENGLISH: &str = include_str!("../text/en.ftl");

    /// Placeholders by key.
    fn placeholders(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once('=')
                && !line.starts_with(' ')
            {
                name.trim().clone_into(&mut key);
                assert!(words.insert(key.clone(), BTreeSet::new()).is_none(), "{key} twice");
            }
            for after in line.split('$').skip(1) {
                let name = after.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                let name = name.into_iter().next().unwrap().to_owned();
                words.get_mut(&key).unwrap().insert(name);
            }
        }
        words
    }

    fn keys_in_use() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        keys.extend(SIGNALS.iter().copied().flatten().map(|signal| signal_key(signal.code)));
        let problems = crate::http::problem::TABLE.iter();
        keys.extend(problems.map(|row| format!("problem-{}", row.slug)));
        let verdicts = [Verdict::Allow, Verdict::Challenge, Verdict::Review, Verdict::Deny];
        keys.extend(verdicts.map(|verdict| format!("verdict-{}", name_of(&verdict))));
        let standings = [Standing::Quiet, Standing::AttackedHeld, Standing::TakenOver];
        keys.extend(standings.map(|standing| format!("standing-{}", kebab(&name_of(&standing)))));
        let patterns =
            [AttackPattern::Stuffing, AttackPattern::Spraying, AttackPattern::BruteForce];
        keys.extend(patterns.map(|pattern| pattern_key(pattern).to_owned()));
        let fields = [
            ChangeField::Password,
            ChangeField::Passkey,
            ChangeField::Totp,
            ChangeField::TwoStep,
            ChangeField::Email,
            ChangeField::Phone,
            ChangeField::Name,
            ChangeField::Address,
            ChangeField::PaymentMethod,
            ChangeField::BankAccount,
        ];
        keys.extend(crate::command::statement::KEYS.iter().map(|key| (*key).to_owned()));
        keys.extend(crate::statement_check::reason_keys());
        keys.extend(fields.map(|field| format!("field-{}", kebab(&name_of(&field)))));
        keys.extend(Topic::ALL.map(topic_key));
        keys.extend(crate::notices::KEYS.map(str::to_owned));
        keys.extend(crate::pages::tests::text_keys());
        keys.extend(crate::restitution::text_keys());
        keys.extend(crate::pack::print::keys());
        keys.extend(crate::callbacks::KEYS.map(str::to_owned));
        keys.insert(crate::callbacks::WORDS.to_owned());
        keys.extend(crate::telephony::twilio::KEYS.map(str::to_owned));
        keys.extend(crate::command::mail::KEYS.map(str::to_owned));
        keys.extend(crate::mail_check::KEYS.map(str::to_owned));
        keys.extend(mail::SIGNALS.iter().map(|signal| crate::mail_check::reason_key(signal.code)));
        keys
    }

    #[test]
    fn both_files_are_sound_fluent() {
        for source in [JAPANESE, ENGLISH] {
            let errors = FluentResource::try_new(source.to_owned()).err().map(|(_, errors)| errors);
            assert!(errors.is_none(), "{errors:?}");
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_placeholders() {
        let (japanese, english) = (placeholders(JAPANESE), placeholders(ENGLISH));
        for key in japanese.keys().chain(english.keys()) {
            assert_eq!(japanese.get(key), english.get(key), "ja and en differ in {key}");
        }
    }

    #[test]
    fn no_key_is_missing_and_none_is_unused() {
        let (there, used) = (placeholders(ENGLISH).into_keys().collect(), keys_in_use());
        let missing: Vec<_> = used.difference(&there).collect();
        let unused: Vec<_> = there.difference(&used).collect();
        assert!(missing.is_empty() && unused.is_empty(), "missing {missing:#?} unused {unused:#?}");
    }

    #[test]
    fn a_text_without_its_facts_shows_no_hole_to_the_reader() {
        let pattern = text().say(Language::English, "pattern-stuffing");
        assert_eq!(pattern, "leaked passwords tried on many accounts");
        assert!(!text().say(Language::Japanese, "problem-not-json").contains('\u{2068}'));
    }

    #[test]
    fn the_language_liked_best_is_spoken() {
        let accepted = |header| Language::accepted(header, Language::Japanese);
        assert_eq!(accepted("en-GB,en;q=0.9,ja;q=0.8"), Language::English);
        assert_eq!(accepted("fr, ja;q=0.5, en;q=0.4"), Language::Japanese);
        assert_eq!(accepted("en;q=0"), Language::Japanese);
        assert_eq!(accepted(""), Language::Japanese);
        assert_eq!(accepted("\u{1F5FB};q=x"), Language::Japanese);
    }
}
