//! Mail addresses: quoted local parts, full-width writing and IDN (RFC 5321, 5891, 6531).

use unicode_normalization::UnicodeNormalization as _;

/// Octets of a local part and of a whole address (RFC 5321 §4.5.3.1).
const LOCAL_MAX: usize = 64;
const ADDRESS_MAX: usize = 254;

/// A mail address one can send to.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MailAddress {
    local: String,
    domain: String,
}

/// Why a text is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No `@`.
    #[error("no @")]
    NoAt,
    /// Nothing, a blank, or a sign before the `@` that would have to be quoted.
    #[error("the part before the @ is not valid")]
    Local,
    /// Not the name of a host in the Internet.
    #[error("the part after the @ is not valid")]
    Domain,
    /// Longer than 64 octets before the `@` or 254 in all.
    #[error("too long")]
    TooLong,
}

impl MailAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Unreadable`]
    pub fn parse(typed: &str) -> Result<Self, Unreadable> {
        if typed.len() > 4 * ADDRESS_MAX {
            return Err(Unreadable::TooLong);
        }
        let text: String = typed.trim().chars().map(|c| if c == '＠' { '@' } else { c }).collect();
        let (local, domain) = text.rsplit_once('@').ok_or(Unreadable::NoAt)?;
        let local = local_part(local)?;
        let domain = host(domain)?;
        if local.len() > LOCAL_MAX || local.len() + 1 + domain.len() > ADDRESS_MAX {
            return Err(Unreadable::TooLong);
        }
        Ok(Self { local, domain })
    }

    /// As it is sent to: the local part as written, the domain in small ASCII letters (A-labels).
    pub fn to_wire(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// As it is compared and hashed. The local part is taken in small letters: RFC 5321 lets a host
    /// tell `A` from `a`, none that matters does, and people do not.
    pub fn to_key(&self) -> String {
        format!("{}@{}", self.local.to_lowercase(), self.domain)
    }

    /// The local part without quotes: a context word of the password rules.
    pub fn local(&self) -> String {
        unquoted(&self.local).unwrap_or_else(|| self.local.clone())
    }
}

/// Full-width ASCII as ASCII, everything else in NFC (RFC 6532 §3.1); quotes only where needed.
fn local_part(text: &str) -> Result<String, Unreadable> {
    let narrow: String = text.nfkc().collect();
    let text = if narrow.is_ascii() { narrow } else { text.nfc().collect() };
    let Some(content) = unquoted(&text) else {
        return if is_dot_atom(&text) { Ok(text) } else { Err(Unreadable::Local) };
    };
    if content.is_empty() || content.chars().any(char::is_control) {
        return Err(Unreadable::Local);
    }
    if is_dot_atom(&content) {
        return Ok(content);
    }
    Ok(format!("\"{}\"", content.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The content of a quoted string (RFC 5321 §4.1.2), backslashes resolved; `None` when it is none.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut content = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => content.push(letters.next()?),
            '"' => return None,
            other => content.push(other),
        }
    }
    Some(content)
}

/// Atoms with dots. Some Japanese carriers let people have `a..b@` and `a.@`, which RFC 5321 wants
/// quoted; such addresses exist and get mail, so they are read.
fn is_dot_atom(text: &str) -> bool {
    let is_atom = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~.".contains(c)
            || (!c.is_ascii() && !c.is_control() && !c.is_whitespace())
    };
    !text.is_empty() && !text.starts_with('.') && text.chars().all(is_atom)
}

fn host(text: &str) -> Result<String, Unreadable> {
    let host = idna::domain_to_ascii_strict(text).map_err(|_| Unreadable::Domain)?;
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_name = host.contains('.') && !last.bytes().all(|byte| byte.is_ascii_digit());
    if is_name { Ok(host) } else { Err(Unreadable::Domain) }
}
