//! Settings in two stages: what was said, by whom ([`Said`]), and what it means ([`Config`]).
//!
//! A setting is one item in [`SETTINGS`]; that item feeds the flags, their help, the variables, the
//! file, `sekisho config` and the reference in `docs/generated/settings.md`.

mod said;
mod setting;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use said::{BadSetting, Flags, Said, Source, Spoken};
pub use setting::{Reach, SETTINGS, Setting};

use crate::text::Language;

/// What is in force.
#[derive(Clone)]
pub struct Config {
    /// Folder of everything this instance keeps.
    pub data: PathBuf,
    /// URL of the database; `None` for the SQLite file in `data`.
    pub database_url: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Language of texts where the caller asks for none.
    pub language: Language,
    /// Longest time for one request, its body included.
    pub request_timeout: Duration,
    /// Longest time for draining when asked to stop.
    pub stop_timeout: Duration,
    /// Connections held at once.
    pub connections_max: usize,
    /// Events a second for one key; 0 is no limit.
    pub key_events_per_second: u32,
    /// Decisions a second for one account; 0 is no limit.
    pub account_decisions_per_second: u32,
    /// Accounts held in memory; the others are read when they act.
    pub accounts_max: usize,
    /// Page of the store on which customers delete stored cards (R54).
    pub store_cards_url: Option<String>,
    /// Routes that only a bench calls.
    pub bench_routes: bool,
    /// Filter of the log.
    pub log: String,
    /// The log is written as JSON, one object a line.
    pub log_json: bool,
    /// What was said, for settings that another part reads.
    pub said: Said,
}

impl Config {
    /// What `said` means; the first setting that means nothing is named.
    pub fn of(said: Said) -> Result<Self, BadSetting> {
        Ok(Self {
            data: PathBuf::from(said.text("data")),
            database_url: said.optional("database-url").map(str::to_owned),
            listen: said.parsed("listen")?,
            language: said.parsed("language")?,
            request_timeout: Duration::from_millis(said.parsed("request-timeout-ms")?),
            stop_timeout: Duration::from_secs(said.parsed("stop-timeout-seconds")?),
            connections_max: said.parsed("connections-max")?,
            key_events_per_second: said.parsed("key-events-per-second")?,
            account_decisions_per_second: said.parsed("account-decisions-per-second")?,
            accounts_max: said.parsed("accounts-max")?,
            store_cards_url: web_page(&said, "store-cards-url")?,
            bench_routes: said.parsed("bench-routes")?,
            log: said.text("log").to_owned(),
            log_json: said.text("log-format") == "json",
            said,
        })
    }

    /// Folder of IP data, lists and breached hashes.
    pub fn surroundings(&self) -> PathBuf {
        let said = self.said.optional("surroundings");
        said.map_or_else(|| self.data.join("surroundings"), PathBuf::from)
    }

    /// Names of the properties that rules may read.
    pub fn policy_properties(&self) -> Vec<String> {
        let names = self.said.text("policy-properties").split(',').map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

/// The address of a page that people are sent to, where one is said.
fn web_page(said: &Said, name: &'static str) -> Result<Option<String>, BadSetting> {
    let Some(text) = said.optional(name) else { return Ok(None) };
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(Some(url.into())),
        _ => Err(said.bad(name, "not an address that begins with https://")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn nothing_said_gives_the_defaults() {
        let config = Config::of(Said::defaults()).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8470");
        assert_eq!(config.data, PathBuf::from("data"));
    }

    #[test]
    fn people_are_sent_to_web_pages_only() {
        let of = |text| {
            Config::of(Said::defaults().with("store-cards-url", text, Source::Flag))
                .map(|config| config.store_cards_url)
        };
        let page = "https://shop.example/cards";
        assert_eq!(of(page).unwrap().as_deref(), Some(page));
        assert_eq!(of("").unwrap(), None);
        for text in ["javascript:alert(1)", "/cards", "shop.example"] {
            assert!(of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_that_means_nothing_is_named_with_its_source() {
        let said = Said::defaults().with("listen", "nowhere", Source::Variable);
        let bad = Config::of(said).err().unwrap();
        assert_eq!(bad.to_string(), "SEKISHO_LISTEN: invalid socket address syntax");
    }
}
