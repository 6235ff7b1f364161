//! Links: where they lead, as far as their text tells. Nothing is followed.

use url::{Host, Url};

/// A link of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// As it stands in the mail.
    pub(crate) href: String,
    /// What the reader sees of it.
    pub(crate) text: String,
    /// Host it leads to, in lower case; empty where there is none.
    pub(crate) host: String,
}

impl Link {
    /// Reads a link; `None` for what leads nowhere.
    pub(crate) fn read(href: &str, text: &str) -> Option<Self> {
        // As browsers do: tabs and line ends are not there, a backslash is a slash.
        let href: String = href
            .chars()
            .filter(|sign| !matches!(sign, '\t' | '\r' | '\n'))
            .map(|sign| if sign == '\\' { '/' } else { sign })
            .take(4_000)
            .collect();
        let href = href.trim();
        let lower: String = href.chars().take(16).collect::<String>().to_ascii_lowercase();
        if !(lower.starts_with("http:") || lower.starts_with("https:") || lower.starts_with("//")) {
            return None;
        }
        let full = if lower.starts_with("//") { format!("https:{href}") } else { href.to_owned() };
        let host =
            Url::parse(&full).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase));
        Some(Self {
            href: href.to_owned(),
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            host: host.unwrap_or_default(),
        })
    }

    /// A user name before the host, which readers take for the host.
    pub(crate) fn has_userinfo(&self) -> bool {
        let rest = self.href.split_once("//").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@')
    }

    /// An address instead of a name.
    pub(crate) fn is_address(&self) -> bool {
        Url::parse(&self.href)
            .ok()
            .is_some_and(|url| matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))))
    }

    /// Letters of another alphabet in the host, or digits that spell none.
    pub(crate) fn is_punycode(&self) -> bool {
        self.host.split('.').any(|label| label.starts_with("xn--")) || self.href.contains("%F0%9F")
    }

    /// A second link within it: where it really leads is not to be seen.
    pub(crate) fn holds_another(&self) -> bool {
        let lower = self.href.to_ascii_lowercase();
        let rest = lower.get(8..).unwrap_or_default();
        rest.contains("http://")
            || rest.contains("https://")
            || rest.contains("https%3a%2f%2f")
            || rest.contains("http%3a%2f%2f")
    }

    pub(crate) fn is_shortened(&self) -> bool {
        let domain = organisation(&self.host);
        SHORTENERS.contains(&domain) || SHORTENERS.contains(&self.host.as_str())
    }

    pub(crate) fn is_free_hosting(&self) -> bool {
        FREE_HOSTING.iter().any(|domain| is_within(&self.host, domain))
    }

    pub(crate) fn has_odd_ending(&self) -> bool {
        let ending = self.host.rsplit('.').next().unwrap_or_default();
        ODD_ENDINGS.contains(&ending)
    }
}

/// The organisational domain of a host, by the public suffix list; the host itself where it has none.
pub fn organisation(host: &str) -> &str {
    psl::domain_str(host).unwrap_or(host)
}

/// The host is the domain, or stands below it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

const SHORTENERS: [&str; 30] = [
    "bit.ly",
    "t.co",
    "tinyurl.com",
    "goo.gl",
    "ow.ly",
    "is.gd",
    "cutt.ly",
    "rb.gy",
    "t.ly",
    "shorturl.at",
    "rebrand.ly",
    "tiny.cc",
    "buff.ly",
    "s.id",
    "qr.ae",
    "lnkd.in",
    "v.gd",
    "x.co",
    "bl.ink",
    "urlz.fr",
    "did.li",
    "u.to",
    "onl.bz",
    "abre.ai",
    "encurtador.com.br",
    "linktr.ee",
    "qrco.de",
    "l.ead.me",
    "shorte.st",
    "adf.ly",
];

const FREE_HOSTING: [&str; 44] = [
    "web.app",
    "firebaseapp.com",
    "pages.dev",
    "workers.dev",
    "netlify.app",
    "vercel.app",
    "herokuapp.com",
    "github.io",
    "gitlab.io",
    "weebly.com",
    "wixsite.com",
    "wordpress.com",
    "blogspot.com",
    "glitch.me",
    "repl.co",
    "replit.app",
    "000webhostapp.com",
    "r2.dev",
    "azurewebsites.net",
    "blob.core.windows.net",
    "web.core.windows.net",
    "cloudfront.net",
    "s3.amazonaws.com",
    "storage.googleapis.com",
    "appspot.com",
    "ipfs.io",
    "dweb.link",
    "fleek.co",
    "translate.goog",
    "ngrok.io",
    "ngrok-free.app",
    "trycloudflare.com",
    "godaddysites.com",
    "square.site",
    "myshopify.com",
    "duckdns.org",
    "ddns.net",
    "no-ip.org",
    "sharefile.com",
    "typeform.com",
    "jotform.com",
    "formstack.com",
    "sites.google.com",
    "docs.google.com",
];

const ODD_ENDINGS: [&str; 40] = [
    "top", "xyz", "icu", "cfd", "shop", "click", "link", "buzz", "live", "online", "site", "store",
    "fun", "club", "vip", "work", "rest", "cam", "monster", "quest", "sbs", "cyou", "bond", "gq",
    "cf", "tk", "ml", "ga", "pw", "ru", "cn", "su", "best", "life", "lol", "zip", "support",
    "world", "autos", "beauty",
];

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_organisation_is_found_by_the_public_suffix_list() {
        assert_eq!(organisation("amazon.service.co.jp"), "service.co.jp");
        assert_eq!(organisation("foo.web.app"), "foo.web.app", "everybody's own");
        assert_eq!(organisation("a.b.example.com"), "example.com");
    }

    #[test]
    fn a_link_tells_where_it_leads_and_how_it_hides_it() {
        let link = |href| Link::read(href, "").unwrap();
        assert_eq!(link("https://Amazon.co.jp@evil.example/x").host, "evil.example");
        assert!(link("https://amazon.co.jp@evil.example/x").has_userinfo());
        assert!(!link("https://evil.example/@amazon").has_userinfo());
        assert!(link("http://203.0.113.7/a").is_address() && link("http://[::1]/").is_address());
        assert!(link("https://xn--amazn-mye.com").is_punycode());
        assert!(link("https://g.example/url?q=https%3A%2F%2Fevil.example").holds_another());
        assert!(link("https://bit.ly/3x").is_shortened());
        assert!(link("https://my-bank.web.app").is_free_hosting());
        assert!(
            Link::read("mailto:a@b.c", "").is_none() && Link::read("javascript:1", "").is_none()
        );
        assert_eq!(link("https:\\\\evil.example\\x").host, "evil.example");
        assert_eq!(link("\thttps://ev\nil.example").host, "evil.example");
        assert_eq!(Link::read("http://", "x").unwrap().host, "");
    }
}
