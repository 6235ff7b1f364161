//! Reads values of a policy text and collects what is wrong with them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::decision::Verdict;
use crate::policy::expression::Expression;
use crate::policy::limits::ERRORS_MAX;
use crate::policy::lower::{did_you_mean, lower};
use crate::policy::names::VERDICTS;
use crate::policy::place::{Lines, offsets_in};
use crate::policy::{PolicyError, selector};

/// Characters of a name.
const NAME_CHARS_MAX: usize = 64;

/// Collects errors with their places.
pub(super) struct Reader<'t> {
    text: &'t str,
    lines: Lines<'t>,
    errors: Vec<PolicyError>,
}

impl<'t> Reader<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, lines: Lines::of(text), errors: Vec::new() }
    }

    /// The document; what is not TOML becomes errors.
    pub(super) fn table(&mut self) -> Spanned<DeTable<'t>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors.iter().take(ERRORS_MAX) {
            let at = error.span().map_or(0, |span| span.start);
            self.error(at, error.message().replace('\n', "; "));
        }
        table
    }

    pub(super) const fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// `value`, if nothing was wrong; else every error, in the order of the text.
    pub(super) fn finish<T>(mut self, value: T) -> Result<T, Vec<PolicyError>> {
        if self.errors.is_empty() {
            return Ok(value);
        }
        self.errors.sort();
        self.errors.dedup();
        self.errors.truncate(ERRORS_MAX);
        Err(self.errors)
    }

    pub(super) fn error(&mut self, at: usize, message: impl Into<String>) {
        let (line, column) = self.lines.place(at);
        self.errors.push(PolicyError { line, column, message: message.into() });
    }

    pub(super) fn unknown<'n>(
        &mut self,
        at: usize,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        let shown: String = name.chars().take(NAME_CHARS_MAX).collect();
        let hint = did_you_mean(name, known);
        self.error(at, format!("no {what} `{}`{hint}", shown.escape_debug()));
    }

    /// Refuses keys other than `known`.
    pub(super) fn only(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for (key, _) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                self.unknown(key.span().start, "setting", key.get_ref(), known.iter().copied());
            }
        }
    }

    pub(super) fn text(&mut self, value: &Spanned<DeValue<'_>>, what: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.error(value.span().start, format!("`{what}` is a string"));
        }
        text
    }

    /// A list of strings, each with its place.
    pub(super) fn texts(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        what: &str,
    ) -> Vec<(String, usize)> {
        let Some(array) = value.get_ref().as_array() else {
            self.error(value.span().start, format!("`{what}` is a list of strings"));
            return Vec::new();
        };
        let texts = array.iter().map(|element| {
            let text = self.text(element, what)?;
            Some((text, element.span().start))
        });
        texts.flatten().collect()
    }

    pub(super) fn truth(&mut self, value: &Spanned<DeValue<'_>>, what: &str) -> bool {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.error(value.span().start, format!("`{what}` is true or false"));
        }
        truth.unwrap_or(false)
    }

    pub(super) fn slug(
        &mut self,
        table: &Spanned<DeTable<'_>>,
        key: &str,
        of: &str,
    ) -> Option<String> {
        let Some(value) = get(table, key) else {
            self.error(0, format!("the {of} has no `{key}`"));
            return None;
        };
        self.slug_value(value, of)
    }

    /// A name: lower-case letters, digits and `-`.
    pub(super) fn slug_value(&mut self, value: &Spanned<DeValue<'_>>, of: &str) -> Option<String> {
        let name = self.text(value, "name")?;
        let fits = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || !name.chars().all(fits) {
            let message = format!(
                "the name of a {of} has 1 to {NAME_CHARS_MAX} lower-case letters, digits and `-`"
            );
            self.error(value.span().start, message);
            return None;
        }
        Some(name)
    }

    pub(super) fn verdict(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Verdict> {
        let name = self.text(value, "verdict")?;
        let known = VERDICTS.iter().find(|(_, known)| *known == name);
        if known.is_none() {
            let names = VERDICTS.iter().map(|(_, name)| *name);
            self.unknown(value.span().start, "verdict", &name, names);
        }
        known.map(|(verdict, _)| *verdict)
    }

    /// The types a selector names, one bit each.
    pub(super) fn types(&mut self, selector: &str, at: usize) -> u64 {
        selector::types_of(selector).unwrap_or_else(|| {
            self.unknown(at, "type of event", selector, selector::all());
            0
        })
    }

    /// A condition; what is wrong in it is placed where it stands in the file.
    pub(super) fn condition(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Expression> {
        let source = self.text(value, "when")?;
        match lower(&source) {
            Ok(expression) => Some(expression),
            Err(flaws) => {
                let literal = self.text.get(value.span()).unwrap_or_default();
                let offsets = offsets_in(literal, &source);
                for flaw in flaws {
                    let inside = offsets.as_ref().and_then(|offsets| {
                        offsets.get(flaw.offset).or(offsets.last()).map(|at| *at as usize)
                    });
                    self.error(value.span().start + inside.unwrap_or(0), flaw.message);
                }
                None
            }
        }
    }
}

/// The value of `key`.
pub(super) fn get<'v, 'd>(
    table: &'v Spanned<DeTable<'d>>,
    key: &str,
) -> Option<&'v Spanned<DeValue<'d>>> {
    table.get_ref().iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

/// The value of `key` in a table.
pub(super) fn find<'v, 'd>(
    value: &'v Spanned<DeValue<'d>>,
    key: &str,
) -> Option<&'v Spanned<DeValue<'d>>> {
    let table = value.get_ref().as_table()?;
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}
