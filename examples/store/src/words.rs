//! The words of the shop's pages, in Japanese and English.

use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::{LanguageIdentifier, langid};

use crate::failure::Failure;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    Japanese,
    English,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::Japanese, Self::English];

    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    pub(crate) fn tagged(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| tag.starts_with(one.tag()))
    }

    const fn text(self) -> (&'static str, LanguageIdentifier) {
        match self {
            Self::Japanese => (include_str!("../text/ja.ftl"), langid!("ja")),
            Self::English => (include_str!("../text/en.ftl"), langid!("en")),
        }
    }
}

/// All words.
pub(crate) struct Words(BTreeMap<Language, FluentBundle<FluentResource>>);

impl Words {
    pub(crate) fn read() -> Result<Self, Failure> {
        let bundles = Language::ALL.into_iter().map(|language| {
            let (text, id) = language.text();
            let broken = || Failure::Unfinished(format!("text/{}.ftl", language.tag()));
            let resource = FluentResource::try_new(text.to_owned()).map_err(|_| broken())?;
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            bundle.set_use_isolating(false);
            bundle.add_resource(resource).map_err(|_| broken())?;
            Ok((language, bundle))
        });
        bundles.collect::<Result<_, Failure>>().map(Self)
    }

    /// The words of `key`; the key itself where there are none, which a test finds.
    pub(crate) fn say(&self, language: Language, key: &str, values: &[(String, String)]) -> String {
        let bundle = self.0.get(&language);
        let message = bundle.and_then(|bundle| bundle.get_message(key)?.value());
        let (Some(bundle), Some(pattern)) = (bundle, message) else { return key.to_owned() };
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            arguments.set(name.as_str(), value.as_str());
        }
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeSet;

    use super::*;
    use crate::pages::TEMPLATES;

    fn keys(language: Language) -> BTreeSet<&'static str> {
        let lines = language.text().0.lines();
        lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect()
    }

    #[test]
    fn both_languages_have_the_same_words_and_every_one_is_used() {
        let [ja, en] = Language::ALL.map(keys);
        assert_eq!(ja, en);
        let source = [
            include_str!("checkout.rs"),
            include_str!("pages/customer.rs"),
            include_str!("night/play.rs"),
            include_str!("night/script.rs"),
        ];
        let templates = TEMPLATES.iter().map(|(_, text)| *text);
        let all: String = templates.chain(source).collect();
        // Keys whose end is a value: a state, a verdict.
        let composed = ["parcel-", "card-", "backstage-asked-", "night-verdict-"];
        for key in ja {
            let said = all.contains(&format!("\"{key}\""));
            let made = composed.iter().any(|start| key.starts_with(start) && all.contains(start));
            assert!(said || made, "{key} is not used");
        }
    }

    #[test]
    fn every_word_that_a_template_asks_for_is_there() {
        let known = keys(Language::Japanese);
        for (name, text) in TEMPLATES {
            for asked in text.split("t(\"").skip(1) {
                let (key, rest) = asked.split_once('"').unwrap();
                assert!(rest.starts_with(" ~") || known.contains(key), "{name} asks for {key}");
            }
        }
        let words = Words::read().unwrap();
        let said =
            words.say(Language::English, "order-title", &[("id".to_owned(), "250-1".to_owned())]);
        assert_eq!(said, "Order 250-1");
    }
}
