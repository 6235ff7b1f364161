//! Where messages may go: never into somebody's inside (SSRF).
//!
//! A name is resolved by us, addresses that are not public are dropped, and the connection goes to
//! exactly an address that was checked; a name that changes its mind between check and use
//! (rebinding) gains nothing. An address written into the URL is checked before each try.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::public_address::is_public;

/// Targets the operator vouches for although they are inside or without TLS: `host:port`.
#[derive(Debug, Clone, Default)]
pub struct Allowed(Arc<BTreeSet<(String, u16)>>);

impl Allowed {
    /// Reads `host:port,host:port`; an IPv6 address stands in brackets. `Err` is the entry that
    /// means nothing.
    pub fn read(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let read = entries.map(|entry| {
            let url = Url::parse(&format!("http://{entry}")).map_err(|_| entry.to_owned())?;
            let port = entry.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
            match (url.host_str(), port) {
                (Some(host), Some(port)) if url.path() == "/" => Ok((host.to_owned(), port)),
                _ => Err(entry.to_owned()),
            }
        });
        Ok(Self(Arc::new(read.collect::<Result<_, String>>()?)))
    }

    fn names(&self, url: &Url) -> bool {
        let host = url.host_str().map(str::to_owned);
        host.zip(url.port_or_known_default()).is_some_and(|place| self.0.contains(&place))
    }
}

/// A URL that messages may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where.
    pub url: Url,
    /// The operator vouches for it: its addresses are not checked.
    pub vouched: bool,
}

/// Why no message may go there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Cannot be read as a URL with a host.
    #[error("not a URL")]
    NotAUrl,
    /// Neither `https` nor allowed by configuration.
    #[error("only https is allowed")]
    NotHttps,
    /// A user or a password stands in the URL; it would end in logs.
    #[error("a user or password in the URL is not allowed")]
    Userinfo,
    /// The address is private, link-local, loopback …
    #[error("the address is not on the public internet")]
    NotPublic,
}

impl Target {
    /// Longest URL taken.
    pub const URL_BYTES_MAX: usize = 2048;

    /// Checks everything that can be seen without asking the name service. Done when an endpoint
    /// is made and again before each try.
    pub fn check(text: &str, allowed: &Allowed) -> Result<Self, Refused> {
        if text.len() > Self::URL_BYTES_MAX {
            return Err(Refused::NotAUrl);
        }
        let url = Url::parse(text).map_err(|_| Refused::NotAUrl)?;
        let host = url.host().ok_or(Refused::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Userinfo);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refused::NotHttps);
        }
        if allowed.names(&url) {
            return Ok(Self { url, vouched: true });
        }
        if url.scheme() != "https" {
            return Err(Refused::NotHttps);
        }
        let inside = match host {
            Host::Ipv4(address) => !is_public(IpAddr::V4(address)),
            Host::Ipv6(address) => !is_public(IpAddr::V6(address)),
            Host::Domain(name) => is_inside_name(name),
        };
        if inside { Err(Refused::NotPublic) } else { Ok(Self { url, vouched: false }) }
    }
}

/// Names that only mean something inside (RFC 6761, RFC 6762, and the bare names of a network).
fn is_inside_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !name.contains('.') || matches!(last, "localhost" | "local" | "internal")
}

/// Resolves names and hands out public addresses only.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public = public_of(found);
            if public.is_empty() {
                return Err(Refused::NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn public_of(found: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    found.filter(|address| is_public(address.ip())).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn check(url: &str) -> Result<Target, Refused> {
        Target::check(url, &Allowed::default())
    }

    #[test]
    fn a_public_https_address_is_taken() {
        for url in ["https://shop.example.com/hooks?x=1", "https://8.8.8.8:8443/"] {
            assert!(!check(url).unwrap().vouched, "{url}");
        }
    }

    #[test]
    fn an_inside_address_is_refused_however_it_is_written() {
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://db.internal/",
            "https://printer.local/",
            "https://intranet/",
            "https://１２７.０.０.１/",
        ] {
            assert_eq!(check(url), Err(Refused::NotPublic), "{url}");
        }
    }

    #[test]
    fn other_schemes_userinfo_and_rubbish_are_refused() {
        assert_eq!(check("http://shop.example.com/"), Err(Refused::NotHttps));
        assert_eq!(check("file://host/etc/passwd"), Err(Refused::NotHttps));
        assert_eq!(check("gopher://shop.example.com/"), Err(Refused::NotHttps));
        assert_eq!(check("https://user@shop.example.com/"), Err(Refused::Userinfo));
        assert_eq!(check("https://:pass@shop.example.com/"), Err(Refused::Userinfo));
        assert_eq!(check("not a url"), Err(Refused::NotAUrl));
        assert_eq!(
            check(&format!("https://a.example/{}", "x".repeat(3000))),
            Err(Refused::NotAUrl)
        );
    }

    #[test]
    fn what_the_operator_vouches_for_is_taken_at_that_port_alone() {
        let allowed = Allowed::read("127.0.0.1:9000, [::1]:9001,hooks.internal:80").unwrap();
        for url in ["http://127.0.0.1:9000/", "http://[::1]:9001/x", "http://hooks.internal/"] {
            assert!(Target::check(url, &allowed).unwrap().vouched, "{url}");
        }
        assert_eq!(Target::check("https://127.0.0.1:9001/", &allowed), Err(Refused::NotPublic));
        assert_eq!(
            Target::check("http://127.0.0.1:9000@evil.example/", &allowed),
            Err(Refused::Userinfo)
        );
        assert!(Allowed::read("127.0.0.1").is_err() && Allowed::read("a:1/x").is_err());
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let name = "localhost".parse().unwrap();
        assert!(PublicOnly.resolve(name).await.is_err());
    }

    #[test]
    fn of_mixed_addresses_only_the_public_ones_are_used() {
        let found = ["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"].map(|text| text.parse().unwrap());
        assert_eq!(public_of(found.into_iter()), ["8.8.8.8:0".parse().unwrap()]);
    }
}
