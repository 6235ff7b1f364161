//! What a user agent claims to be.

use std::borrow::Cow;

use crate::event::USER_AGENT_BYTES_READ;
use crate::keyed::{Field, KeyedHasher};
use crate::observation::DeviceClass;

/// What a user agent claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Browser and its major version.
    pub browser: Option<Software<'a>>,
    /// System and its version.
    pub system: Option<Software<'a>>,
    /// Class of device.
    pub class: DeviceClass,
    /// It says itself that it is a program.
    pub automated: bool,
}

/// A name and a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software<'a> {
    /// Name, in one spelling.
    pub name: Cow<'a, str>,
    /// Version; empty where none is given.
    pub version: Cow<'a, str>,
}

impl Software<'_> {
    /// Keyed hash of name and version.
    pub fn hash(&self, field: Field, hasher: &KeyedHasher) -> u64 {
        hasher.short(field, format!("{}\0{}", self.name, self.version).as_bytes())
    }
}

/// Reads the first [`USER_AGENT_BYTES_READ`] bytes of a user agent.
pub fn read(text: &str) -> Claim<'_> {
    let mut end = text.len().min(USER_AGENT_BYTES_READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let Some(found) = woothee::parser::Parser::new().parse(text) else {
        return Claim::default();
    };
    let known = |name: &str| !name.is_empty() && name != "UNKNOWN";
    let major = found.version.split('.').next().unwrap_or_default();
    Claim {
        browser: known(found.name)
            .then(|| Software { name: found.name.into(), version: major.into() }),
        system: known(found.os)
            .then(|| Software { name: found.os.into(), version: found.os_version.clone() }),
        class: match found.category {
            "pc" => DeviceClass::Desktop,
            "smartphone" | "mobilephone" => DeviceClass::Mobile,
            "crawler" => DeviceClass::Bot,
            "appliance" | "misc" => DeviceClass::Other,
            _ => DeviceClass::Unknown,
        },
        automated: found.category == "crawler",
    }
}
