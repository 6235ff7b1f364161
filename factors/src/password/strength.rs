//! How strong a password is, as a number and codes, by zxcvbn.

use zxcvbn::feedback::{Suggestion, Warning};

use super::Password;

/// How many guesses a password stands, for the meter; it forbids nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// 0 (falls at once) to 4.
    pub score: u8,
    /// What is wrong with it, as a code.
    pub warning: Option<&'static str>,
    /// What would help, as codes.
    pub suggestions: Vec<&'static str>,
}

/// Characters that are looked at: the estimate takes longer than linear time.
const ESTIMATED_CHARS_MAX: usize = 72;

impl Strength {
    /// Estimates `password` of somebody about whom `context` is known.
    pub fn of(password: &Password, context: &[&str]) -> Self {
        let text = password.normal().chars().take(ESTIMATED_CHARS_MAX).collect();
        let text: zeroize::Zeroizing<String> = zeroize::Zeroizing::new(text);
        let estimate = zxcvbn::zxcvbn(&text, context);
        let feedback = estimate.feedback();
        Self {
            score: u8::from(estimate.score()),
            warning: feedback.and_then(zxcvbn::feedback::Feedback::warning).map(warning),
            suggestions: feedback
                .map(|feedback| feedback.suggestions().iter().copied().map(suggestion).collect())
                .unwrap_or_default(),
        }
    }
}

const fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => "row_of_keys",
        Warning::ShortKeyboardPatternsAreEasyToGuess => "keyboard_pattern",
        Warning::RepeatsLikeAaaAreEasyToGuess => "repeated_letter",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "repeated_part",
        Warning::ThisIsATop10Password => "top_10",
        Warning::ThisIsATop100Password => "top_100",
        Warning::ThisIsACommonPassword => "common",
        Warning::ThisIsSimilarToACommonlyUsedPassword => "like_a_common_one",
        Warning::SequencesLikeAbcAreEasyToGuess => "sequence",
        Warning::RecentYearsAreEasyToGuess => "recent_year",
        Warning::AWordByItselfIsEasyToGuess => "single_word",
        Warning::DatesAreOftenEasyToGuess => "date",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => "single_name",
        Warning::CommonNamesAndSurnamesAreEasyToGuess => "common_name",
    }
}

const fn suggestion(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => "use_a_few_words",
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => "no_need_for_symbols",
        Suggestion::AddAnotherWordOrTwo => "add_a_word_or_two",
        Suggestion::CapitalizationDoesntHelpVeryMuch => "capitals_help_little",
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "all_capitals_help_little",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "reversing_helps_little",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "substitutions_help_little",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "longer_keyboard_pattern",
        Suggestion::AvoidRepeatedWordsAndCharacters => "avoid_repetition",
        Suggestion::AvoidSequences => "avoid_sequences",
        Suggestion::AvoidRecentYears => "avoid_recent_years",
        Suggestion::AvoidYearsThatAreAssociatedWithYou => "avoid_your_years",
        Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "avoid_your_dates",
    }
}
