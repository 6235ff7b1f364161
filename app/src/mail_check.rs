//! The mail check as every door offers it: command line, API and page (R58–R62).
//!
//! Here is what they share: the brands with the store's own first, and which words go with what was
//! found. Nothing is fetched and nothing is kept (T12).

pub mod online;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use mail::{Brands, Mail, Options, Reason, Report, Results, Unchecked, Verdict};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::campaigns::Warning;
use crate::config::{BadSetting, Said};
use crate::http::House;
use crate::http::problem::Problem;

use online::Online;

/// Text keys beside those of the signals.
pub const KEYS: [&str; 7] = [
    "mail-verdict-genuine",
    "mail-verdict-suspicious",
    "mail-verdict-forged",
    "mail-verdict-unclear",
    "mail-likely-genuine",
    "mail-not-authenticated",
    "mail-advice-bad",
];

/// Key of the store itself among the brands.
pub const OWN_BRAND: &str = "the-store";

/// Mails that the name service is asked about at once.
const ASKING_MAX: usize = 32;

/// Reasons shown to people.
const SHOWN: usize = 5;

/// What the server checks mails with.
pub struct MailCheck {
    brands: Arc<Brands>,
    /// Who asks the name service, where the operator wants that.
    online: Option<Arc<Online>>,
    /// How many mails it is asked about at once.
    asking: Semaphore,
    /// What everybody is warned of.
    warning: RwLock<Option<Arc<Warning>>>,
}

impl MailCheck {
    /// With the brands that come with the program, the store itself where it says from which domains
    /// it writes (`official-domains`), and the name service where `mail-online` says so.
    pub fn of(said: &Said) -> Result<Self, BadSetting> {
        let store = own_brand(said.text("store-name"), said.text("official-domains"));
        let brands = Brands::with(store.as_deref())
            .map_err(|_| said.bad("official-domains", "no domains to know the store by"))?;
        let online = (said.text("mail-online") == "true").then(Online::of_system).transpose();
        let online = online
            .map_err(|_| said.bad("mail-online", "the resolver of this machine cannot be used"))?;
        let asking = Semaphore::new(ASKING_MAX);
        let (online, warning) = (online.map(Arc::new), RwLock::default());
        Ok(Self { brands: Arc::new(brands), online, asking, warning })
    }

    /// The brands it knows.
    pub(crate) fn brands(&self) -> &Brands {
        &self.brands
    }

    /// What everybody is warned of now.
    pub(crate) fn warning(&self) -> Option<Arc<Warning>> {
        self.warning.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on everybody is warned of this, or of nothing.
    pub(crate) fn warn_of(&self, warning: Option<Arc<Warning>>) {
        *self.warning.write().unwrap_or_else(PoisonError::into_inner) = warning;
    }

    async fn ask(&self, raw: &Bytes) -> Option<Results> {
        let online = self.online.as_ref()?;
        let _place = self.asking.acquire().await.ok()?;
        online.ask(raw.clone()).await
    }
}

impl House {
    /// A mail as it is read, and what is said of it. `raw` is its bytes.
    ///
    /// # Errors
    /// Only a defect of ours: whatever stands in a mail is a finding.
    pub(crate) async fn check_mail(
        &self,
        raw: Bytes,
        options: Options,
    ) -> Result<Checked, Problem> {
        let options = Options { asked: self.mail_check.ask(&raw).await, ..options };
        let brands = Arc::clone(&self.mail_check.brands);
        self.aside(move || {
            let mail = Mail::read(&raw);
            let report = mail::check(&mail, &brands, &options);
            Checked { mail, report }
        })
        .await
    }
}

/// A mail that was checked.
pub struct Checked {
    /// As its reader meets it.
    pub mail: Mail,
    /// What is said of it.
    pub report: Report,
}

#[derive(Serialize)]
struct OwnBrand<'a> {
    names: [&'a str; 1],
    domains: Vec<&'a str>,
}

/// The store as a brand, in the form of a file of brands; none without domains.
fn own_brand(name: &str, domains: &str) -> Option<String> {
    let domains = domains.split(',').map(str::trim).filter(|domain| !domain.is_empty());
    let domains: Vec<&str> = domains.collect();
    let brand = OwnBrand { names: [name], domains };
    (!brand.domains.is_empty())
        .then(|| toml::to_string(&BTreeMap::from([(OWN_BRAND, brand)])).ok())?
}

/// Text key of the verdict.
pub const fn verdict_key(report: &Report) -> &'static str {
    match report.verdict {
        Verdict::Genuine => "mail-verdict-genuine",
        Verdict::Suspicious => "mail-verdict-suspicious",
        Verdict::Forged => "mail-verdict-forged",
        Verdict::Unclear if report.likely_genuine => "mail-likely-genuine",
        Verdict::Unclear => "mail-verdict-unclear",
    }
}

/// Text key of a signal.
pub fn reason_key(code: &str) -> String {
    format!("mail-{}", code.replace(['.', '_'], "-"))
}

/// A finding is a mail that something speaks against.
pub const fn is_finding(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Suspicious | Verdict::Forged)
}

/// The reasons that people are shown, strongest first: of a finding those against it alone.
pub fn shown_reasons(report: &Report) -> impl Iterator<Item = &Reason> {
    let all = !is_finding(report.verdict);
    report.reasons.iter().filter(move |reason| all || reason.evidence > 0.0).take(SHOWN)
}

/// Nobody has looked whether the sender is who they say.
pub fn is_unauthenticated(report: &Report) -> bool {
    report.not_checked.contains(&Unchecked::Authentication)
}

/// What stood in a mail never steers a terminal, and never turns a line of text around
/// (bidirectional controls, UAX 9).
pub fn shown(text: &str) -> String {
    let steers = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|sign| if steers(sign) { '\u{fffd}' } else { sign }).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn r61_the_store_is_a_brand_of_its_own_where_it_names_its_domains() {
        let toml = own_brand("関所 \"Store\"", " shop.example, mail.shop.example ,").unwrap();
        let brands = Brands::with(Some(&toml)).unwrap();
        let raw = "From: \"関所 \\\"Store\\\"\" <a@evil.example>\r\nSubject: x\r\n\r\nhello";
        let report = mail::check(&Mail::read(raw.as_bytes()), &brands, &Options::default());
        let codes: Vec<_> = report.reasons.iter().map(|reason| reason.code).collect();
        assert!(codes.contains(&"who.brand_foreign_domain"), "{codes:?}");
        assert_eq!(own_brand("Store", " , "), None);
    }

    #[test]
    fn what_stood_in_a_mail_turns_no_line_around() {
        assert_eq!(shown("a\u{202e}b\u{1b}[2Jc\n"), "a\u{fffd}b\u{fffd}[2Jc\u{fffd}");
    }
}
