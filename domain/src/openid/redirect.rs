//! Where an answer may be sent (RFC 9700 §2.1, RFC 8252 §7, ASVS 10.4.1).

/// Longest redirect URI in bytes.
pub const URI_MAX: usize = 2_000;

/// Why a URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Empty, too long, or with characters that no URI has.
    #[error("not a URI of 1 to 2000 visible ASCII characters")]
    NotAUri,
    /// `#…`.
    #[error("a fragment is not allowed")]
    Fragment,
    /// `user@host`.
    #[error("a user or password is not allowed")]
    UserInfo,
    /// `/../`, also in disguise.
    #[error("dots that walk through folders are not allowed")]
    Traversal,
    /// `*`.
    #[error("patterns are not allowed: register each URI")]
    Pattern,
    /// Neither `https`, nor loopback, nor a native client's own scheme.
    #[error("use https; http only on a loopback address; another scheme only for native clients")]
    Scheme,
    /// Nothing between `//` and the path.
    #[error("there is no host")]
    NoHost,
}

/// Whether `uri` can be registered. A native client may have a scheme of its own, which contains a
/// dot (RFC 8252 §7.1).
pub fn fit(uri: &str, native: bool) -> Result<(), Unfit> {
    let visible = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte);
    if uri.is_empty() || uri.len() > URI_MAX || !uri.bytes().all(visible) {
        return Err(Unfit::NotAUri);
    }
    if uri.contains('#') {
        return Err(Unfit::Fragment);
    }
    if uri.contains('*') {
        return Err(Unfit::Pattern);
    }
    let (scheme, rest) = uri.split_once(':').ok_or(Unfit::Scheme)?;
    let path = rest.split('?').next().unwrap_or_default();
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/");
    if plain.split('/').any(|part| part == "." || part == "..") || plain.contains("%5c") {
        return Err(Unfit::Traversal);
    }
    let Some(after) = rest.strip_prefix("//") else {
        let own = native && scheme.contains('.') && rest.starts_with('/');
        return if own { Ok(()) } else { Err(Unfit::Scheme) };
    };
    let authority = after.split(['/', '?']).next().unwrap_or_default();
    match scheme {
        _ if authority.is_empty() => Err(Unfit::NoHost),
        _ if authority.contains('@') => Err(Unfit::UserInfo),
        "https" => Ok(()),
        "http" if is_loopback(authority) => Ok(()),
        _ => Err(Unfit::Scheme),
    }
}

/// Whether an answer may go to `asked`: it is one of `registered`, byte for byte. For a native
/// client the port of a loopback address, and nothing else, may differ (RFC 8252 §7.3).
pub fn allows(registered: &[String], asked: &str, native: bool) -> bool {
    if registered.iter().any(|uri| uri == asked) {
        return true;
    }
    let Some(asked) = without_loopback_port(asked).filter(|_| native) else { return false };
    registered.iter().any(|uri| without_loopback_port(uri) == Some(asked))
}

const LOOPBACK: [&str; 2] = ["127.0.0.1", "[::1]"];

fn is_loopback(authority: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        authority.strip_prefix(host).is_some_and(|port| port.is_empty() || is_port(port))
    })
}

fn is_port(text: &str) -> bool {
    let digits = text.strip_prefix(':').unwrap_or_default();
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

/// Host and path of `http://127.0.0.1:port/path`; `localhost` may be another machine, and is none.
fn without_loopback_port(uri: &str) -> Option<(&'static str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    LOOPBACK.into_iter().find_map(|host| {
        let port = authority.strip_prefix(host)?;
        (port.is_empty() || is_port(port)).then_some((host, path))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHOP: &str = "https://shop.example.jp/callback";

    #[test]
    fn only_the_registered_uri_itself_is_allowed() {
        let registered = [SHOP.to_owned()];
        assert!(allows(&registered, SHOP, false));
        for other in [
            "https://shop.example.jp/callback/",
            "https://shop.example.jp/callback/../evil",
            "https://shop.example.jp/callback#x",
            "https://shop.example.jp/callback?x=1",
            "https://shop.example.jp:8443/callback",
            "https://shop.example.jp:443/callback",
            "https://SHOP.example.jp/callback",
            "https://user@shop.example.jp/callback",
            "https://shop.example.jp.evil.example/callback",
            "https://shop.example.jp/%63allback",
            "http://shop.example.jp/callback",
            "",
        ] {
            assert!(!allows(&registered, other, false), "{other}");
            assert!(!allows(&registered, other, true), "{other}");
        }
    }

    #[test]
    fn a_native_client_may_listen_on_any_loopback_port_and_nowhere_else() {
        let registered = ["http://127.0.0.1/cb".to_owned(), "http://localhost/cb".to_owned()];
        assert!(allows(&registered, "http://127.0.0.1:51234/cb", true));
        assert!(!allows(&registered, "http://127.0.0.1:51234/cb", false), "not native");
        for other in [
            "http://127.0.0.1:51234/other",
            "http://localhost:51234/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "https://127.0.0.1:51234/cb",
            "http://[::1]:51234/cb",
        ] {
            assert!(!allows(&registered, other, true), "{other}");
        }
    }

    #[test]
    fn what_could_mislead_cannot_be_registered() {
        for (uri, unfit) in [
            ("", Unfit::NotAUri),
            ("https://a.example/ b", Unfit::NotAUri),
            ("https://a.example\\@evil.example/", Unfit::NotAUri),
            ("https://a.example/#", Unfit::Fragment),
            ("https://u:p@a.example/", Unfit::UserInfo),
            ("https://a.example/x/../y", Unfit::Traversal),
            ("https://a.example/x/%2E%2e/y", Unfit::Traversal),
            ("https://*.example/", Unfit::Pattern),
            ("https:///cb", Unfit::NoHost),
            ("http://a.example/cb", Unfit::Scheme),
            ("javascript:alert(1)", Unfit::Scheme),
            ("jp.example.app:/cb", Unfit::Scheme),
        ] {
            assert_eq!(fit(uri, false), Err(unfit), "{uri}");
        }
        assert_eq!(fit("jp.example.app:/cb", true), Ok(()));
        assert_eq!(fit("javascript:/alert", true), Err(Unfit::Scheme));
        assert_eq!(fit("http://localhost:3000/cb", false), Ok(()));
        assert_eq!(fit(SHOP, false), Ok(()));
    }

    proptest! {
        #[test]
        fn a_web_client_gets_nothing_but_equality(asked in "\\PC{0,60}") {
            let registered = [SHOP.to_owned(), "http://127.0.0.1/cb".to_owned()];
            let equal = registered.contains(&asked);
            prop_assert_eq!(allows(&registered, &asked, false), equal);
        }

        #[test]
        fn whatever_a_native_client_is_allowed_is_equal_or_loopback(
            port in "(:[0-9]{0,6})?", tail in "[@/?#.a-z0-9:]{0,12}"
        ) {
            let asked = format!("http://127.0.0.1{port}{tail}");
            let registered = ["http://127.0.0.1/cb".to_owned()];
            if allows(&registered, &asked, true) {
                prop_assert!(asked.ends_with("/cb") && tail == "/cb" || tail.ends_with("/cb"));
                prop_assert!(!asked.contains(['@', '#', '?']));
            }
        }
    }
}
