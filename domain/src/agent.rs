//! What a user agent claims to be.

mod marks;
mod words;

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
///
/// Today's browsers are read in one walk over the words; `woothee` is asked about the rest.
pub fn read(text: &str) -> Claim<'_> {
    let mut end = text.len().min(USER_AGENT_BYTES_READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let words = words::Words::read(text);
    let automated = marks::says_it_is_a_program(text);
    let (browser, system) = (words.browser(), words::Words::system(text));
    let class = if automated { DeviceClass::Bot } else { words.class(system.as_ref()) };
    if browser.is_some() && system.is_some() {
        return Claim { browser, system, class, automated };
    }
    let older = ask_woothee(text);
    let class = if class == DeviceClass::Unknown { older.class } else { class };
    Claim {
        browser: browser.or(older.browser),
        system: system.or(older.system),
        class,
        automated: automated || older.automated,
    }
}

fn ask_woothee(text: &str) -> Claim<'_> {
    let Some(found) = woothee::parser::Parser::new().parse(text) else {
        return Claim::default();
    };
    let known = |name: &str| !name.is_empty() && name != "UNKNOWN";
    let major = found.version.split('.').next().unwrap_or_default();
    Claim {
        browser: known(found.name)
            .then(|| Software { name: found.name.into(), version: major.into() }),
        system: known(found.os)
            .then(|| Software { name: family(found.os).into(), version: found.os_version.clone() }),
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

/// The name we use for a system that `woothee` names by its device or version.
fn family(system: &str) -> &str {
    match system {
        "iPhone" | "iPad" | "iPod" => "iOS",
        "Mac OSX" => "macOS",
        _ if system.starts_with("Windows") && !system.contains("Phone") => "Windows",
        _ => system,
    }
}

#[cfg(test)]
mod tests;
