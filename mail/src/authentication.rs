//! `Authentication-Results` (RFC 8601): believed from the receiver one trusts, and from nobody else.

use crate::link::is_within;

/// What a receiver, or the name service, says of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    /// DMARC: pass, fail, or nothing said.
    pub dmarc: Option<bool>,
    /// The domain that DMARC was about.
    pub from: Option<String>,
    /// Domains whose DKIM signature passed.
    pub dkim: Vec<String>,
    /// The domain for which SPF passed.
    pub spf: Option<String>,
}

impl Results {
    /// DMARC passed, or a signature of the sender's own organisation did (RFC 9989 §4.4, relaxed).
    pub(crate) fn speak_for(&self, domain: &str, organisation: &str) -> bool {
        let aligned = |signed: &String| signed == domain || is_within(signed, organisation);
        let asked = self.from.as_deref() == Some(domain);
        self.dmarc != Some(false)
            && ((self.dmarc == Some(true) && asked) || self.dkim.iter().any(aligned))
    }
}

/// The topmost results that carry `receiver` as their `authserv-id`; those below, or of anybody
/// else, may have been written by the sender.
pub(crate) fn of_receiver(headers: &[String], receiver: &str) -> Option<Results> {
    let is_theirs = |header: &&String| {
        let id = header.split(';').next().unwrap_or_default().split_whitespace().next();
        id.is_some_and(|id| id.eq_ignore_ascii_case(receiver))
    };
    headers.iter().find(is_theirs).map(|header| read(header))
}

/// Reads one header. Comments in parentheses say nothing.
pub(crate) fn read(header: &str) -> Results {
    let mut results = Results::default();
    let mut plain = String::with_capacity(header.len());
    let mut depth = 0_usize;
    for sign in header.chars() {
        match sign {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(sign),
            _ => {}
        }
    }
    for part in plain.split(';').skip(1) {
        let words: Vec<String> = part.split_whitespace().map(str::to_ascii_lowercase).collect();
        let Some((method, result)) = words.first().and_then(|word| word.split_once('=')) else {
            continue;
        };
        let property = |names: &[&str]| {
            words.iter().find_map(|word| {
                let (name, value) = word.split_once('=')?;
                let value = value.trim_matches('"');
                let domain = value.rsplit('@').next().unwrap_or(value);
                names.contains(&name).then(|| domain.to_owned())
            })
        };
        match (method, result) {
            ("dmarc", "pass" | "fail") => {
                results.dmarc = Some(result == "pass");
                results.from = property(&["header.from"]);
            }
            ("dkim", "pass") => results.dkim.extend(property(&["header.d", "header.i"])),
            ("spf", "pass") => results.spf = property(&["smtp.mailfrom", "smtp.helo"]),
            _ => {}
        }
    }
    results
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const HEADER: &str = "mx.example 1; dkim=pass (2048 bit; dkim=fail) header.d=Amazon.co.jp \
                          header.i=@amazon.co.jp; spf=pass smtp.mailfrom=bounce@a.amazon.co.jp; \
                          dmarc=pass (p=quarantine) header.from=amazon.co.jp";

    #[test]
    fn the_trusted_receivers_topmost_results_are_read() {
        let forged = "mx.example; dmarc=fail".to_owned();
        let headers = [HEADER.to_owned(), forged];
        let results = of_receiver(&headers, "MX.example").unwrap();
        assert_eq!(results.dmarc, Some(true));
        assert_eq!(results.dkim, ["amazon.co.jp"]);
        assert_eq!(results.spf.as_deref(), Some("a.amazon.co.jp"));
        assert!(results.speak_for("amazon.co.jp", "amazon.co.jp"));
        assert!(of_receiver(&headers, "mx.example.evil").is_none());
        assert!(of_receiver(&headers, "").is_none());
    }

    #[test]
    fn dmarc_speaks_for_the_domain_it_was_about_alone() {
        let results = read("mx; dmarc=pass header.from=evil.example");
        assert!(!results.speak_for("amazon.co.jp", "amazon.co.jp"));
        assert!(results.speak_for("evil.example", "evil.example"));
        assert!(!read("mx; dmarc=pass").speak_for("amazon.co.jp", "amazon.co.jp"));
        let both = read("mx; dmarc=fail header.from=a.example; dkim=pass header.d=a.example");
        assert!(!both.speak_for("a.example", "a.example"));
    }

    #[test]
    fn a_signature_of_another_organisation_speaks_for_nobody() {
        let results = read("mx; dkim=pass header.d=evil.example; dmarc=none");
        assert!(!results.speak_for("amazon.co.jp", "amazon.co.jp"));
        for rubbish in ["", ";", ";;;=", "mx; dkim", "mx; dkim=pass", "((((", "mx; =;"] {
            let _ = read(rubbish);
        }
    }
}
