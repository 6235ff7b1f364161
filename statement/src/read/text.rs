//! From bytes to letters.

use std::borrow::Cow;

use encoding_rs::{EUC_JP, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Unreadable;
use crate::limits::FILE_BYTES_MAX;
use crate::line::Encoding;

/// What begins like this is no text.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a spreadsheet (xlsx) or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an Excel file (xls)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
];

/// The letters of a file: UTF-8 with or without a mark, UTF-16, CP932, EUC-JP, and for OFX that
/// says so windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Unreadable> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Unreadable::NotText { what });
    }
    let (text, encoding) = letters(bytes)?;
    if text.contains('\0') {
        return Err(Unreadable::NotText { what: "a file with NUL bytes" });
    }
    let head = text.trim_start().get(..9).unwrap_or_default();
    if head.eq_ignore_ascii_case("<!doctype") && !text.contains("<OFX") {
        return Err(Unreadable::NotText { what: "a web page" });
    }
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok((text, encoding))
}

fn letters(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = std::str::from_utf8(rest)
            .map_err(|error| Unreadable::Encoding { at: error.valid_up_to() + 3 })?;
        return Ok((Cow::Borrowed(text), Encoding::Utf8Bom));
    }
    if let Some(utf16) = utf16(bytes) {
        let text = utf16.decode_without_bom_handling_and_without_replacement(marked(bytes));
        return text.map(|text| (text, Encoding::Utf16)).ok_or(Unreadable::Encoding { at: 0 });
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Err(error) => error,
    };
    let latin = says_1252(bytes).then_some((WINDOWS_1252, Encoding::Windows1252));
    let japanese = [(SHIFT_JIS, Encoding::Cp932), (EUC_JP, Encoding::EucJp)];
    latin
        .into_iter()
        .chain(japanese)
        .find_map(|(way, name)| {
            Some((way.decode_without_bom_handling_and_without_replacement(bytes)?, name))
        })
        .ok_or(Unreadable::Encoding { at: error.valid_up_to() })
}

/// The header of OFX 1 declares the set of letters (OFX 1.6 §2.2.1.5).
fn says_1252(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    head.windows(12).any(|window| window == b"CHARSET:1252")
}

fn marked(bytes: &[u8]) -> &[u8] {
    match bytes {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => rest,
        _ => bytes,
    }
}

/// UTF-16 by its mark, or by a zero in every other byte of the first letters.
fn utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let head = bytes.get(..bytes.len().min(64))?;
    let zeros =
        |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match head.len() {
        ..8 => None,
        length if odd * 4 >= length && even == 0 => Some(UTF_16LE),
        length if even * 4 >= length && odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}
