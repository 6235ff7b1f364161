//! Lists of domains.

use rustc_hash::FxHashSet;

use super::{ListError, collect};

/// Longest domain name, RFC 1035 §2.3.4.
const NAME_BYTES_MAX: usize = 253;

/// Domains; one that is listed stands for everything below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DomainList {
    names: FxHashSet<Box<str>>,
}

impl DomainList {
    /// Reads one domain a line; a leading `*.`, `.` or `@` is forgiven.
    pub fn parse(text: &[u8]) -> Result<Self, ListError> {
        let names = collect(text, |entry| {
            let name = entry.text.trim_start_matches("*.").trim_start_matches(['.', '@']);
            let name = name.trim_end_matches('.').to_lowercase();
            if !is_name(&name) {
                return Err(entry.wrong("expected a domain such as mail.example"));
            }
            Ok(name.into_boxed_str())
        })?;
        Ok(Self { names: names.into_iter().collect() })
    }

    /// Whether the list names `domain` or a domain above it.
    pub fn contains(&self, domain: &str) -> bool {
        if domain.len() > NAME_BYTES_MAX {
            return false;
        }
        let domain = domain.trim_end_matches('.').to_lowercase();
        let mut rest = Some(domain.as_str());
        while let Some(name) = rest {
            if self.names.contains(name) {
                return true;
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
        false
    }

    /// Domains listed.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// At least two labels of letters, digits, hyphens and underscores; not an address.
fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|sign| sign.is_alphanumeric() || "-_".contains(sign))
    };
    name.len() <= NAME_BYTES_MAX
        && name.contains('.')
        && name.split('.').all(label)
        && name.rsplit('.').next().is_some_and(|top| top.chars().any(char::is_alphabetic))
}
