//! The words of a user agent, in one walk.

use std::borrow::Cow;

use super::Software;
use crate::observation::DeviceClass;

/// Browsers by the word that names them, the most telling first: nearly every browser also calls
/// itself Chrome or Safari.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("EdgA", "Edge"),
    ("EdgiOS", "Edge"),
    ("Edge", "Edge"),
    ("OPR", "Opera"),
    ("OPT", "Opera"),
    ("OPiOS", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex"),
    ("Vivaldi", "Vivaldi"),
    ("Whale", "Whale"),
    ("UCBrowser", "UC Browser"),
    ("DuckDuckGo", "DuckDuckGo"),
    ("Ddg", "DuckDuckGo"),
    ("MiuiBrowser", "Miui Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("GSA", "Google"),
    ("FxiOS", "Firefox"),
    ("Focus", "Firefox Focus"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
];

/// What the words say.
#[derive(Default)]
pub(super) struct Words<'a> {
    /// Place in [`BROWSERS`] and version.
    browser: Option<(usize, &'a str)>,
    version: Option<&'a str>,
    safari: bool,
    mobile: bool,
    tablet: bool,
}

impl<'a> Words<'a> {
    /// Walks over `text`.
    pub(super) fn read(text: &'a str) -> Self {
        let mut words = Self::default();
        for word in text.split([' ', ';', '(', ')', ',']) {
            let (name, version) = word.split_once('/').unwrap_or((word, ""));
            match name {
                "Version" => words.version = Some(version),
                "Safari" => words.safari = true,
                "Mobile" | "iPhone" | "iPod" => words.mobile = true,
                "iPad" => words.tablet = true,
                _ if version.is_empty() => {}
                _ => words.name(name, version),
            }
        }
        words
    }

    fn name(&mut self, name: &str, version: &'a str) {
        let Some(place) = BROWSERS.iter().position(|(word, _)| *word == name) else { return };
        if self.browser.is_none_or(|(before, _)| place < before) {
            self.browser = Some((place, version));
        }
    }

    /// The browser and its major version.
    pub(super) fn browser(&self) -> Option<Software<'a>> {
        let (name, version) = match self.browser {
            Some((place, version)) => (BROWSERS.get(place)?.1, version),
            None if self.safari => ("Safari", self.version?),
            None => return None,
        };
        let major = version.split(|sign: char| !sign.is_ascii_digit()).next().unwrap_or_default();
        Some(Software { name: name.into(), version: major.into() })
    }

    /// The system and its version.
    pub(super) fn system(text: &'a str) -> Option<Software<'a>> {
        let named = |name: &'static str, version: Cow<'a, str>| {
            Some(Software { name: name.into(), version })
        };
        if let Some(version) = after(text, "Windows NT ") {
            return named("Windows", windows(version).into());
        }
        if let Some(version) = after(text, "Android ") {
            return named("Android", version.into());
        }
        if text.contains("like Mac OS X") {
            let version = after(text, " OS ").unwrap_or_default();
            return named("iOS", version.replace('_', ".").into());
        }
        if let Some(version) = after(text, "Mac OS X ") {
            return named("macOS", version.replace('_', ".").into());
        }
        if text.contains("CrOS ") {
            return named("ChromeOS", "".into());
        }
        text.contains("Linux").then(|| Software { name: "Linux".into(), version: "".into() })
    }

    /// Class of device.
    pub(super) fn class(&self, system: Option<&Software<'_>>) -> DeviceClass {
        match system.map(|system| system.name.as_ref()) {
            Some("iOS") if self.tablet => DeviceClass::Tablet,
            Some("Android") if !self.mobile => DeviceClass::Tablet,
            Some("iOS" | "Android") => DeviceClass::Mobile,
            Some("Windows" | "macOS" | "ChromeOS" | "Linux") if !self.mobile => {
                DeviceClass::Desktop
            }
            _ => DeviceClass::Unknown,
        }
    }
}

/// Digits, dots and underscores after `mark`; `None` where none follow.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    let fits = |sign: char| sign.is_ascii_digit() || sign == '.' || sign == '_';
    let version = rest.split(|sign| !fits(sign)).next()?;
    (!version.is_empty()).then_some(version)
}

/// The name under which a version of Windows NT was sold.
fn windows(version: &str) -> &str {
    match version {
        "10.0" => "10",
        "6.3" => "8.1",
        "6.2" => "8",
        "6.1" => "7",
        "6.0" => "Vista",
        "5.1" | "5.2" => "XP",
        other => other,
    }
}
