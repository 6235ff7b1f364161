//! What was said about settings, and by whom.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use clap::{Arg, ArgMatches, Command};

use super::setting::{Reach, SETTINGS, Setting};

/// Who said a value. The first of these that speaks is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A flag of this call.
    Flag,
    /// A `SEKISHO_*` variable.
    Variable,
    /// A line in `sekisho.toml`.
    File,
    /// Nobody.
    Default,
}

/// A value and who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The value as it was written.
    pub value: String,
    /// Who said it.
    pub source: Source,
}

/// What was said about every setting.
#[derive(Debug, Clone)]
pub struct Said(BTreeMap<&'static str, Spoken>);

/// A setting that means nothing, or does not exist.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct BadSetting {
    /// The flag, variable or line.
    pub place: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Said {
    /// What holds where nobody says anything.
    pub fn defaults() -> Self {
        let spoken = |setting: &Setting| Spoken {
            value: setting.default.to_owned(),
            source: Source::Default,
        };
        Self(SETTINGS.iter().map(|setting| (setting.name, spoken(setting))).collect())
    }

    /// Listens to the flags, the environment and the file, in this order.
    pub fn listen(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<String>,
        file: Option<&Path>,
    ) -> Result<Self, BadSetting> {
        let file = match file {
            Some(path) => read_file(path)?,
            None => BTreeMap::new(),
        };
        let mut said = Self::defaults();
        for setting in SETTINGS {
            let spoken = flags
                .0
                .get(setting.name)
                .map(|value| (value.clone(), Source::Flag))
                .or_else(|| environment(&variable(setting.name)).map(|v| (v, Source::Variable)))
                .or_else(|| file.get(&line(setting.name)).map(|v| (v.clone(), Source::File)));
            if let Some((value, source)) = spoken {
                said.0.insert(setting.name, Spoken { value, source });
            }
        }
        Ok(said)
    }

    /// The same with `name` said otherwise.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str, source: Source) -> Self {
        self.0.insert(name, Spoken { value: value.to_owned(), source });
        self
    }

    /// What was said about `name`; empty for nothing.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |spoken| spoken.value.as_str())
    }

    /// What was said about `name`, if anything.
    pub fn optional(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|value| !value.is_empty())
    }

    /// What `name` means.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self, name: &str) -> Result<T, BadSetting> {
        self.text(name).parse().map_err(|error: T::Err| BadSetting {
            place: self.place(name),
            detail: error.to_string(),
        })
    }

    /// What is wrong with what was said about `name`. `detail` never repeats a secret.
    pub fn bad(&self, name: &str, detail: &str) -> BadSetting {
        BadSetting { place: self.place(name), detail: detail.to_owned() }
    }

    /// Every setting with what was said about it, in the order of [`SETTINGS`].
    pub fn all(&self) -> impl Iterator<Item = (&'static Setting, &Spoken)> {
        SETTINGS.iter().filter_map(|setting| Some((setting, self.0.get(setting.name)?)))
    }

    /// Where `name` was said, as a person would look for it.
    pub fn place(&self, name: &str) -> String {
        match self.0.get(name).map(|spoken| spoken.source) {
            Some(Source::Flag) => format!("--{name}"),
            Some(Source::Variable) => variable(name),
            Some(Source::File) => format!("sekisho.toml: {}", line(name)),
            Some(Source::Default) | None => format!("default of {name}"),
        }
    }
}

/// Name of the variable: `SEKISHO_DATABASE_URL`.
fn variable(name: &str) -> String {
    format!("SEKISHO_{}", line(name).to_ascii_uppercase())
}

/// Name in the file: `database_url`.
fn line(name: &str) -> String {
    name.replace('-', "_")
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, BadSetting> {
    let bad = |detail: String| BadSetting { place: path.display().to_string(), detail };
    let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| bad(error.to_string()))?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !SETTINGS.iter().any(|setting| line(setting.name) == name) {
            return Err(bad(format!("there is no setting `{name}`")));
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            toml::Value::Array(items) => {
                items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
            }
            toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => {
                return Err(bad(format!("`{name}` is neither text, number, flag nor list")));
            }
        };
        values.insert(name, value);
    }
    Ok(values)
}

/// Settings said as flags of this call.
#[derive(Debug, Clone, Default)]
pub struct Flags(BTreeMap<&'static str, String>);

impl Flags {
    /// Adds the flags of `reach` to `command`.
    pub fn declare(command: Command, reach: Reach) -> Command {
        SETTINGS.iter().filter(|setting| setting.reach == reach && !is_written_only(setting)).fold(
            command,
            |command, setting| {
                let help = match setting.default {
                    "" => setting.doc.to_owned(),
                    default => format!("{} [default: {default}]", setting.doc),
                };
                command.arg(
                    Arg::new(setting.name)
                        .long(setting.name)
                        .value_name(setting.value)
                        .help(help)
                        .help_heading("Settings")
                        .global(reach == Reach::Everywhere),
                )
            },
        )
    }

    /// Takes in what `matches` heard.
    pub fn hear(&mut self, matches: &ArgMatches) {
        for setting in SETTINGS {
            if let Ok(Some(value)) = matches.try_get_one::<String>(setting.name) {
                self.0.insert(setting.name, value.clone());
            }
        }
    }
}

/// The database's URL may carry a password, but api.md names its flag; other secrets have none.
fn is_written_only(setting: &Setting) -> bool {
    setting.secret && setting.name != "database-url"
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn flags(words: &[&str]) -> Flags {
        let command = Flags::declare(Command::new("sekisho"), Reach::Everywhere);
        let command = Flags::declare(command, Reach::Serving);
        let mut flags = Flags::default();
        flags.hear(&command.try_get_matches_from(words).unwrap());
        flags
    }

    #[test]
    fn a_flag_is_heard_before_a_variable_and_a_variable_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sekisho.toml");
        std::fs::write(&file, "data = \"of-file\"\nlog = \"of-file\"\nlanguage = \"en\"\n")
            .unwrap();
        let environment = |name: &str| match name {
            "SEKISHO_DATA" | "SEKISHO_LOG" => Some("of-variable".to_owned()),
            _ => None,
        };
        let said =
            Said::listen(&flags(&["sekisho", "--data", "of-flag"]), environment, Some(&file))
                .unwrap();
        assert_eq!((said.text("data"), said.place("data").as_str()), ("of-flag", "--data"));
        assert_eq!((said.text("log"), said.place("log").as_str()), ("of-variable", "SEKISHO_LOG"));
        assert_eq!(said.text("language"), "en");
        assert_eq!(said.place("listen"), "default of listen");
    }

    #[test]
    fn a_line_in_the_file_that_names_no_setting_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sekisho.toml");
        std::fs::write(&file, "lisen = \"0.0.0.0:1\"\n").unwrap();
        let bad = Said::listen(&Flags::default(), |_| None, Some(&file)).unwrap_err();
        assert!(bad.detail.contains("no setting `lisen`"), "{bad}");
    }
}
