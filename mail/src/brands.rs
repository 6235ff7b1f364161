//! Brands: what they are called, and from which organisational domains they really write.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use crate::fold::{fold, skeleton};
use crate::link::is_within;

/// The brands that come with the program.
const OWN: &str = include_str!("../data/brands.toml");

/// Domains of brands from which anybody may write: mailboxes of customers, tenants, hosted pages.
const OPEN_TO_ALL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "googlegroups.com",
    "googleusercontent.com",
    "firebaseapp.com",
    "appspot.com",
    "blogspot.com",
    "blogger.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "onmicrosoft.com",
    "sharepoint.com",
    "sharepointonline.com",
    "windows.com",
    "azure.com",
    "github.io",
    "githubusercontent.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "yahoo.com",
    "yahoo.co.jp",
    "yahoo.ne.jp",
    "yahoogroups.com",
    "ybb.ne.jp",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "softbank.ne.jp",
    "ocn.ne.jp",
    "plala.or.jp",
    "biglobe.ne.jp",
    "zaq.ne.jp",
    "jcom.home.ne.jp",
    "comcast.net",
    "verizon.net",
    "att.net",
    "sbcglobal.net",
    "bellsouth.net",
    "tmomail.net",
    "t-online.de",
    "laposte.net",
    "amazonses.com",
    "amazonaws.com",
    "secureserver.net",
    "dropboxusercontent.com",
    "behance.net",
    "rakuten.ne.jp",
    "auone.jp",
    "au.com",
    "mb.softbank.jp",
    "line.naver.jp",
    "1e100.net",
    "office.net",
];

/// A brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its key in the file.
    pub id: String,
    /// As people read it.
    pub names: Vec<String>,
    /// Exact organisational domains, or hosts, that are its own.
    pub domains: Vec<String>,
    /// The name is an everyday word too: it counts in the sender's name alone.
    pub common: bool,
}

/// Brands to be known by.
pub struct Brands {
    all: Vec<Brand>,
    finder: AhoCorasick,
    look_alikes: AhoCorasick,
    /// Which brand a pattern is of, and whether it is Latin.
    of: Vec<(usize, bool)>,
}

/// A file of brands that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadBrands {
    /// Not TOML of this shape; says the line.
    #[error("{0}")]
    Shape(#[from] toml::de::Error),
    /// A brand without a name or domain.
    #[error("[{0}] needs names and domains")]
    Empty(String),
    /// Too many names.
    #[error("too many names of brands")]
    TooMany,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    names: Vec<String>,
    domains: Vec<String>,
    #[serde(default)]
    common: bool,
}

impl Brands {
    /// The brands that come with the program, and those of `more`, which take the place of one with
    /// the same key.
    ///
    /// # Errors
    /// [`BadBrands`] says what is wrong in `more`.
    pub fn with(more: Option<&str>) -> Result<Self, BadBrands> {
        let mut rows: BTreeMap<String, Row> = toml::from_str(OWN)?;
        if let Some(more) = more {
            rows.extend(toml::from_str::<BTreeMap<String, Row>>(more)?);
        }
        Self::of(rows.into_iter().map(|(id, row)| Brand {
            id,
            names: row.names,
            domains: row.domains.iter().map(|domain| domain.to_ascii_lowercase()).collect(),
            common: row.common,
        }))
    }

    /// These brands and no others.
    ///
    /// # Errors
    /// [`BadBrands::Empty`] for one without name or domain.
    pub fn of(brands: impl IntoIterator<Item = Brand>) -> Result<Self, BadBrands> {
        let all: Vec<Brand> = brands.into_iter().collect();
        let (mut plain, mut alike, mut of) = (Vec::new(), Vec::new(), Vec::new());
        for (number, brand) in all.iter().enumerate() {
            if brand.names.is_empty() || brand.domains.is_empty() {
                return Err(BadBrands::Empty(brand.id.clone()));
            }
            for name in &brand.names {
                plain.push(fold(name));
                alike.push(skeleton(name));
                of.push((number, name.is_ascii()));
            }
        }
        let finder = |patterns: &[String]| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .build(patterns)
                .map_err(|_| BadBrands::TooMany)
        };
        Ok(Self { finder: finder(&plain)?, look_alikes: finder(&alike)?, all, of })
    }

    /// The same without one brand: to measure what is known without it.
    ///
    /// # Errors
    /// As [`Brands::of`].
    pub fn without(&self, id: &str) -> Result<Self, BadBrands> {
        Self::of(self.all.iter().filter(|brand| brand.id != id).cloned())
    }

    /// Every brand.
    pub fn all(&self) -> &[Brand] {
        &self.all
    }

    /// Brands named in a text that is folded already; an everyday word only where it is all there is.
    pub(crate) fn named_in(&self, folded: &str) -> Vec<&Brand> {
        self.found(&self.finder, folded)
    }

    /// Brands that a reader takes to be named, though another thing is written.
    pub(crate) fn alike_in(&self, text: &str) -> Vec<&Brand> {
        let (folded, seen) = (fold(text), skeleton(text));
        let named = self.named_in(&folded);
        let mut alike = self.found(&self.look_alikes, &seen);
        alike.retain(|brand| {
            let is_named = named.iter().any(|known| known.id == brand.id);
            // A short name is hit by chance: `ups` is `up5` to a machine and to nobody else.
            let long = brand.names.iter().any(|name| name.chars().count() >= 5 && name.is_ascii());
            !is_named && long && !brand.common
        });
        alike
    }

    fn found(&self, finder: &AhoCorasick, text: &str) -> Vec<&Brand> {
        let mut found: Vec<&Brand> = Vec::new();
        for hit in finder.find_overlapping_iter(text) {
            let Some((number, latin)) = self.of.get(hit.pattern().as_usize()).copied() else {
                continue;
            };
            let Some(brand) = self.all.get(number) else { continue };
            let before = text.get(..hit.start()).and_then(|text| text.chars().next_back());
            let after = text.get(hit.end()..).and_then(|text| text.chars().next());
            let letter = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric());
            let stands_alone = !latin || !(letter(before) || letter(after));
            let whole = hit.end() - hit.start() == text.trim().len();
            let starts = brand.common && hit.start() == 0 && stands_alone;
            let counts = if brand.common { whole || starts } else { stands_alone };
            if counts && !found.iter().any(|known| known.id == brand.id) {
                found.push(brand);
            }
        }
        found
    }
}

impl Brand {
    /// Whether a host is the brand's own.
    pub fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| is_within(host, domain))
    }

    /// Whether the brand itself writes from an address: its own, and not one at which anybody may have a
    /// mailbox or a tenancy.
    pub fn writes_from(&self, local: &str, host: &str) -> bool {
        // Nobody is given a mailbox of these names (RFC 2142).
        let roles = ["postmaster", "mailer-daemon", "abuse"];
        let own_role = roles.iter().any(|role| local.eq_ignore_ascii_case(role));
        self.owns(host) && (own_role || !OPEN_TO_ALL.iter().any(|domain| is_within(host, domain)))
    }

    /// Whether its Latin name stands within a label of a host: `amazon-update`, `paypal.com.evil`.
    pub(crate) fn is_inside(&self, host: &str) -> bool {
        let flat = host.replace(['-', '_'], "");
        self.names.iter().filter(|name| name.is_ascii() && !self.common).any(|name| {
            let name: String =
                name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
            if name.len() >= 5 {
                flat.contains(&name)
            } else {
                host.split(['.', '-', '_']).any(|label| label == name) && name.len() >= 3
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn ids<'a>(brands: &'a [&Brand]) -> Vec<&'a str> {
        brands.iter().map(|brand| brand.id.as_str()).collect()
    }

    #[test]
    fn the_file_of_brands_is_sound() {
        let brands = Brands::with(None).unwrap();
        assert!(brands.all().len() > 150, "{}", brands.all().len());
        for brand in brands.all() {
            for domain in &brand.domains {
                let fits = domain.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
                assert!(fits && *domain == domain.to_ascii_lowercase(), "{domain}");
            }
        }
        assert!(Brands::with(Some("[mine]\nnames = []\ndomains = []")).is_err());
        assert!(Brands::with(Some("[mine]\nname = 3")).is_err());
    }

    #[test]
    fn a_name_counts_as_a_word_and_a_look_alike_as_a_look_alike() {
        let brands = Brands::with(None).unwrap();
        assert_eq!(ids(&brands.named_in("amazon.co.jp からのお知らせ")), ["amazon"]);
        assert_eq!(ids(&brands.named_in("お客様の楽天カードについて")), ["rakuten"]);
        assert!(brands.named_in("amazonas river").is_empty());
        assert!(brands.named_in("in the first line of it").is_empty(), "an everyday word");
        assert_eq!(ids(&brands.named_in("line")), ["line"]);
        assert_eq!(ids(&brands.alike_in("Arnazon support")), ["amazon"]);
        assert!(brands.alike_in("Amazon").is_empty());
    }

    #[test]
    fn a_host_is_a_brands_own_or_only_bears_its_name() {
        let brands = Brands::with(None).unwrap();
        let amazon = brands.all().iter().find(|brand| brand.id == "amazon").unwrap();
        assert!(amazon.owns("marketplace.amazon.co.jp") && amazon.owns("amazon.co.jp"));
        let google = brands.all().iter().find(|brand| brand.id == "google").unwrap();
        assert!(google.owns("gmail.com") && !google.writes_from("a", "gmail.com"));
        assert!(google.writes_from("no-reply", "accounts.google.com"));
        for host in ["amazon.co.jp.example", "service.co.jp", "amazon-update.com", "notamazon.com"]
        {
            assert!(!amazon.owns(host), "{host}");
        }
        assert!(amazon.is_inside("amazon-update.com") && amazon.is_inside("amazon.co.jp.example"));
        assert!(!amazon.is_inside("service.co.jp"));
    }
}
