//! What both sides of a call know: the words of its case, and what may be talked about on its number
//! (C11, T9).

use domain::callback::places;
use domain::case::{Compared, compare};
use domain::keyed::Field;
use domain::member::ContactKind;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;

use super::Case;
use crate::cases::history::contacts_of;
use crate::http::House;
use crate::members::Login;
use crate::text::{Language, text};

/// The words that phrases are made of, in each language.
pub(crate) const WORDS: &str = "callback-words";

/// What is known of a number against its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CallbackNumberIs)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The account had it before it began: what changes the account may be talked about.
    FromBefore,
    /// It came to the account since, or shortly before: whoever has it may be the intruder.
    ComeSince,
    /// The account never had it.
    Unknown,
}

impl Known {
    /// Nothing that changes the account is talked about, whoever answers.
    pub const fn is_information_only(self) -> bool {
        !matches!(self, Self::FromBefore)
    }

    /// The last part of its text key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FromBefore => "from-before",
            Self::ComeSince => "come-since",
            Self::Unknown => "unknown",
        }
    }
}

impl House {
    /// Four words, the same for as long as the case has its secret. The agent says them first, and
    /// the reporter finds them on the page that only they can open.
    pub fn phrase(&self, case: &Case) -> String {
        let seed = case.kept.secret.unwrap_or(case.id);
        let seed = self.hasher.wide(Field::Secret, format!("phrase\0{seed:032x}").as_bytes());
        let language = if case.kept.english { Language::English } else { Language::Japanese };
        let words = text().say(language, WORDS);
        let words: Vec<&str> = words.split_whitespace().collect();
        let places = places(seed, words.len());
        let chosen: Vec<&str> =
            places.iter().filter_map(|place| words.get(*place)).copied().collect();
        chosen.join(" ")
    }

    /// What is known of `number` against the account of `case` and what was true before it began.
    pub async fn number_known(&self, case: &Case, number: &str) -> Result<Known, StoreError> {
        let Some(account) = case.kept.case.account else { return Ok(Known::Unknown) };
        let history = self.history(account).await?;
        let (_, start) = self.window_of(case, &history);
        let member = self.members.of(account).await?.map(|found| found.member);
        let phones = member.map_or_else(
            || history.told(|heard| &heard.account.phone),
            |member| contacts_of(&member, ContactKind::Phone),
        );
        let called = Login::read(number);
        let is_same = |value: &String| {
            let known = Login::read(value);
            known.zip(called.as_ref()).is_some_and(|(known, called)| known.is(called, &self.hasher))
        };
        Ok(match compare(&phones, is_same, start) {
            Compared::Match { .. } => Known::FromBefore,
            Compared::NoMatch | Compared::NotAvailable => {
                let had = phones.iter().any(|one| is_same(&one.value));
                if had { Known::ComeSince } else { Known::Unknown }
            }
        })
    }

    /// The case that is worked on for a report: the one it went into, or its own.
    pub async fn case_worked_on(&self, report: u128) -> Result<Option<Case>, StoreError> {
        match self.case(report).await? {
            Some(own) => match own.kept.into {
                Some(main) => self.case(main).await,
                None => Ok(Some(own)),
            },
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn c11_phrases_are_made_of_128_words_in_each_language() {
        for language in [Language::Japanese, Language::English] {
            let words = text().say(language, WORDS);
            let all: Vec<&str> = words.split_whitespace().collect();
            let unique: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!((all.len(), unique.len()), (128, 128), "{language:?}");
        }
    }
}
