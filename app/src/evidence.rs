//! Evidence that strangers upload (R16, T11): told by what it is, made anew where that is possible,
//! refused otherwise.
//!
//! Bytes in, clean bytes out; nothing of the name or the type that a browser claims is believed.
//! Pictures are decoded under caps and encoded again, so that no metadata and no second file inside
//! comes through. Text has the numbers of cards masked. A PDF stays as it is and is only ever handed
//! out as a download.

pub mod kept;
mod paper;
mod picture;
mod words;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// Bytes of one file.
pub const FILE_MAX: usize = 8 * 1024 * 1024;
/// Files of one case.
pub const FILES_MAX: usize = 20;
/// Bytes of one case.
pub const CASE_MAX: usize = 40 * 1024 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// PDF.
    Pdf,
    /// Plain text: also CSV and mail.
    Text,
}

impl Kind {
    /// The type it is served as.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The end of its name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Pdf => "pdf",
            Self::Text => "txt",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// Nothing in it.
    Empty,
    /// More bytes than one file may have.
    TooLarge,
    /// As many files, or bytes, as a case may have.
    TooMany,
    /// None of the kinds that are taken.
    Kind,
    /// It says that it is a picture, and cannot be read as one.
    Broken,
    /// More pixels than are decoded.
    Pixels,
    /// It carries programs or other files.
    Active,
}

/// A file that was taken.
pub struct Clean {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, as they are kept.
    pub bytes: Vec<u8>,
    /// SHA-256 of what came in, in hex: what its owner can show again.
    pub original: String,
}

/// Takes a file.
///
/// # Errors
/// Why it is not taken.
pub fn take(bytes: &[u8]) -> Result<Clean, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > FILE_MAX {
        return Err(Refused::TooLarge);
    }
    let (kind, clean) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (Kind::Png, picture::again(bytes, image::ImageFormat::Png)?)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        (Kind::Jpeg, picture::again(bytes, image::ImageFormat::Jpeg)?)
    } else if bytes.starts_with(b"%PDF-") {
        paper::check(bytes)?;
        (Kind::Pdf, bytes.to_vec())
    } else {
        (Kind::Text, words::clean(bytes)?.into_bytes())
    };
    Ok(Clean { kind, bytes: clean, original: sha256(bytes) })
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(digest(&SHA256, bytes).as_ref())
}
