//! PDFs: taken as they are, if nothing in them acts. They are never shown, only handed out.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::Refused;

/// Names after which a viewer does something, or a second file comes along (ISO 32000-2 §12.6, §7.11).
const ACTIVE: [&[u8]; 8] = [
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/SubmitForm",
    b"/ImportData",
    b"/XFA",
];
/// Bytes that its packed parts may come to.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

/// Whether a PDF may be kept. Names are looked for in the file itself and in every part that is
/// packed the usual way; one that is encrypted cannot be looked into, and is refused.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let tail = bytes.get(bytes.len().saturating_sub(1_024)..).unwrap_or(bytes);
    if find(tail, b"%%EOF").is_none() {
        return Err(Refused::Broken);
    }
    if is_active(bytes) || find(bytes, b"/Encrypt").is_some() {
        return Err(Refused::Active);
    }
    let mut left = UNPACKED_MAX;
    let mut rest = bytes;
    while let Some(at) = find(rest, b"stream") {
        rest = rest.get(at + b"stream".len()..).unwrap_or_default();
        let packed = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"));
        let Some(packed) = packed.filter(|packed| packed.first() == Some(&0x78)) else { continue };
        let mut unpacked = Vec::new();
        // A part that breaks off was read as far as it goes, as a viewer would.
        let _ = ZlibDecoder::new(packed).take(left).read_to_end(&mut unpacked);
        left = left.saturating_sub(unpacked.len() as u64);
        if left == 0 {
            return Err(Refused::TooLarge);
        }
        if is_active(&unpacked) {
            return Err(Refused::Active);
        }
    }
    Ok(())
}

/// A name of [`ACTIVE`] stands in it, also where letters are written as `#4a` (§7.3.5).
fn is_active(bytes: &[u8]) -> bool {
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let plain = unescaped(bytes);
    ACTIVE.iter().any(|name| {
        let mut rest = plain.as_slice();
        while let Some(at) = find(rest, name) {
            rest = rest.get(at + name.len()..).unwrap_or_default();
            if ends(rest.first()) || name.len() > 4 {
                return true;
            }
        }
        false
    })
}

fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *byte == b'#');
        let hex = hex.and_then(|hex| data_encoding::HEXLOWER_PERMISSIVE.decode(hex).ok());
        if let Some(letter) = hex.and_then(|hex| hex.first().copied()) {
            out.push(letter);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(*byte);
            rest = after;
        }
    }
    out
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::io::Write as _;

    use super::super::{Kind, Refused, take};

    fn pdf(inside: &[u8]) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n1 0 obj\n".to_vec();
        out.extend(inside);
        out.extend(b"\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF\n");
        out
    }

    fn packed(inside: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(inside).unwrap();
        let mut out = b"<</Filter /FlateDecode>>\nstream\n".to_vec();
        out.extend(encoder.finish().unwrap());
        out.extend(b"\nendstream");
        out
    }

    #[test]
    fn a_statement_as_pdf_is_taken_as_it_is() {
        let statement = pdf(b"<</Type /Catalog /Pages 2 0 R>>");
        let clean = take(&statement).unwrap();
        assert_eq!((clean.kind, clean.bytes), (Kind::Pdf, statement));
        assert!(take(&pdf(&packed(b"BT (6/3 4,800) Tj ET"))).is_ok());
    }

    #[test]
    fn t11_a_pdf_that_acts_is_refused_however_it_is_written() {
        let script = b"<</OpenAction <</S /JavaScript /JS (app.alert(1))>>>>";
        for inside in [
            script.to_vec(),
            b"<</S /Java#53cript>>".to_vec(),
            b"<</S /#4aS (x)>>".to_vec(),
            packed(script),
            b"<</Names <</EmbeddedFiles 3 0 R>>>>".to_vec(),
            b"<</S /Launch /F (cmd.exe)>>".to_vec(),
            b"<</Encrypt 9 0 R>>".to_vec(),
        ] {
            assert_eq!(take(&pdf(&inside)).err(), Some(Refused::Active), "{inside:?}");
        }
        assert_eq!(take(b"%PDF-1.7 and no end").err(), Some(Refused::Broken));
    }

    #[test]
    fn t11_a_pdf_that_unpacks_without_end_is_refused() {
        let bomb = pdf(&packed(&vec![0; 70 * 1024 * 1024]));
        assert!(bomb.len() < 1024 * 1024);
        assert_eq!(take(&bomb).err(), Some(Refused::TooLarge));
    }
}
