//! How pages look: one style sheet, the store's colour and logo.
//!
//! The sheet's values follow the design tokens of Japan's Digital Agency. The store's colour is
//! refused where text on it could not be read (WCAG 2.2, 1.4.3).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ring::digest::{SHA256, digest};

use crate::config::{BadSetting, Said};
use crate::http::House;

const SHEET: &str = include_str!("../../static/style.css");
const PASSKEYS: &str = include_str!("../../static/passkeys.js");
/// Contrast that text needs (WCAG 2.2, 1.4.3).
const CONTRAST_MIN: f64 = 4.5;
/// Ground of the dark look, and of its cards, as in the sheet. What is read on cards is read on the
/// ground as well, which is darker.
const DARK: Colour = Colour([0x16, 0x17, 0x1a]);
const DARK_CARD: Colour = Colour([0x21, 0x22, 0x27]);
const WHITE: Colour = Colour([0xff; 3]);
/// Longest logo in bytes.
const LOGO_MAX: usize = 256 * 1024;
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file that pages refer to, under a name that changes with what is in it.
struct Asset {
    path: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

/// What pages look like here.
pub struct Look {
    style: Asset,
    /// The one script: without it there are no passkeys, and everything else is as it is.
    passkeys: Asset,
    logo: Option<Asset>,
}

/// A colour or logo that cannot be used.
pub type BadLook = BadSetting;

impl Look {
    /// The look that the settings `store-colour` and `store-logo` ask for.
    pub fn of(said: &Said) -> Result<Self, BadLook> {
        let colour = said.text("store-colour");
        let accent = Colour::read(colour)
            .ok_or_else(|| said.bad("store-colour", "a colour is written #rrggbb"))?;
        let contrast = accent.contrast(WHITE);
        if contrast < CONTRAST_MIN {
            let detail = format!(
                "white text on {colour} has a contrast of {contrast:.2}:1, and needs {CONTRAST_MIN}:1"
            );
            return Err(said.bad("store-colour", &detail));
        }
        let (light, dark) = (accent.show(), accent.readable_on(DARK_CARD).show());
        let sheet = format!(
            "{SHEET}\n:root {{ --accent: {light}; --on-accent: #fff; }}\n\
             @media (prefers-color-scheme: dark) {{ \
             :root {{ --accent: {dark}; --on-accent: {}; }} }}\n",
            DARK.show()
        );
        let style = Asset::named("style", "css", "text/css; charset=utf-8", sheet.into_bytes());
        let kind = "text/javascript; charset=utf-8";
        let passkeys = Asset::named("passkeys", "js", kind, PASSKEYS.into());
        let logo = said.optional("store-logo").map(|_| logo(said)).transpose()?;
        Ok(Self { style, passkeys, logo })
    }

    pub(super) fn style_path(&self) -> &str {
        &self.style.path
    }

    pub(super) fn passkeys_path(&self) -> &str {
        &self.passkeys.path
    }

    pub(super) fn logo(&self) -> Option<&str> {
        self.logo.as_ref().map(|logo| logo.path.as_str())
    }
}

impl Asset {
    fn named(name: &str, extension: &str, kind: &'static str, bytes: Vec<u8>) -> Self {
        let hash = digest(&SHA256, &bytes);
        let hash = crate::id::base32(hash.as_ref().get(..10).unwrap_or_default());
        Self { path: format!("/assets/{name}-{hash}.{extension}"), kind, bytes }
    }
}

fn logo(said: &Said) -> Result<Asset, BadLook> {
    let path = std::path::Path::new(said.text("store-logo"));
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let (extension, kind) = match extension {
        "svg" => ("svg", "image/svg+xml"),
        "png" => ("png", "image/png"),
        _ => return Err(said.bad("store-logo", "a logo is an .svg or .png file")),
    };
    let bytes = std::fs::read(path).map_err(|error| said.bad("store-logo", &error.to_string()))?;
    if bytes.len() > LOGO_MAX {
        return Err(said.bad("store-logo", "a logo may have 256 KiB"));
    }
    Ok(Asset::named("logo", extension, kind, bytes))
}

/// A file that pages refer to; kept by browsers for ever, because its name changes with it.
pub(super) async fn asset(State(house): State<Arc<House>>, Path(name): Path<String>) -> Response {
    let path = format!("/assets/{name}");
    let look = &house.look;
    let known = [&look.style, &look.passkeys].into_iter().chain(&look.logo);
    match known.into_iter().find(|asset| asset.path == path) {
        Some(asset) => {
            let kind = HeaderValue::from_static(asset.kind);
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
            (headers, asset.bytes.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn show(self) -> String {
        format!("#{}", data_encoding::HEXLOWER.encode(&self.0))
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// The colour, with as much white in it as it needs to be read on `ground`.
    fn readable_on(self, ground: Self) -> Self {
        let lighter = |share: u16| {
            let mixed = |part: u8| {
                let mixed = (u16::from(part) * (20 - share) + 255 * share) / 20;
                u8::try_from(mixed).unwrap_or(u8::MAX)
            };
            Self(self.0.map(mixed))
        };
        (0..=20)
            .map(lighter)
            .find(|colour| colour.contrast(ground) >= CONTRAST_MIN)
            .unwrap_or(WHITE)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::Source;

    #[test]
    fn contrast_is_that_of_wcag() {
        let contrast = |one, two| Colour::read(one).unwrap().contrast(Colour::read(two).unwrap());
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_its_contrast() {
        let look = |colour| Look::of(&Said::defaults().with("store-colour", colour, Source::File));
        let refused = |colour| look(colour).err().unwrap().to_string();
        assert!(refused("#ffcc00").contains("1.51:1"), "{}", refused("#ffcc00"));
        assert!(refused("red").contains("#rrggbb"));
        assert!(look("#0017c1").is_ok());
    }

    #[test]
    fn every_allowed_colour_can_be_read_in_the_dark_too() {
        for colour in ["#0017c1", "#000000", "#7a0000", "#00522b", "#333399"] {
            let dark = Colour::read(colour).unwrap().readable_on(DARK_CARD);
            for ground in [DARK, DARK_CARD] {
                assert!(dark.contrast(ground) >= CONTRAST_MIN, "{colour} as {}", dark.show());
            }
        }
        for ground in [DARK, DARK_CARD] {
            assert!(SHEET.contains(&ground.show()), "the sheet's dark ground is another");
        }
    }
}
