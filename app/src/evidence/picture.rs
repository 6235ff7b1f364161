//! Pictures: decoded under caps, and encoded again without anything beside the pixels.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Limits};

use super::Refused;

/// Pixels on one side.
const SIDE_MAX: u32 = 10_000;
/// Bytes that decoding may take.
const DECODED_MAX: u64 = 160 * 1024 * 1024;

/// The picture, made anew.
pub(super) fn again(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, Refused> {
    // The header is read first: no memory is taken for a picture that is too large.
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    let (width, height) = size.map_err(|_| Refused::Broken)?;
    if width > SIDE_MAX
        || height > SIDE_MAX
        || u64::from(width) * u64::from(height) * 4 > DECODED_MAX
    {
        return Err(Refused::Pixels);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODED_MAX);
    (limits.max_image_width, limits.max_image_height) = (Some(SIDE_MAX), Some(SIDE_MAX));
    reader.limits(limits);
    let decoded = reader.decode().map_err(|_| Refused::Broken)?;
    // Without alpha and in eight bits: what a JPEG can hold, and enough to read a screenshot.
    let plain = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(decoded.into_rgb8()),
        _ => DynamicImage::ImageRgba8(decoded.into_rgba8()),
    };
    let mut out = Cursor::new(Vec::new());
    plain.write_to(&mut out, format).map_err(|_| Refused::Broken)?;
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use image::{Rgba, RgbaImage};

    use super::super::{Kind, Refused, take};

    fn png() -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        RgbaImage::from_pixel(8, 8, Rgba([200, 10, 10, 255]))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        out.into_inner()
    }

    fn jpeg() -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(8, 8, image::Rgb([200, 10, 10]))
            .write_to(&mut out, image::ImageFormat::Jpeg)
            .unwrap();
        out.into_inner()
    }

    fn holds(bytes: &[u8], what: &[u8]) -> bool {
        bytes.windows(what.len()).any(|window| window == what)
    }

    /// A PNG chunk with its checksum.
    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut body = kind.to_vec();
        body.extend(data);
        let mut hasher = flate2::Crc::new();
        hasher.update(&body);
        let mut out = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        out.extend(&body);
        out.extend(hasher.sum().to_be_bytes());
        out
    }

    #[test]
    fn r16_a_picture_comes_out_without_where_it_was_taken() {
        let mut with_exif = jpeg();
        let exif = b"Exif\0\0MM\0*GPSLatitude 35.6895";
        let mut segment = vec![0xff, 0xe1];
        segment.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        segment.extend(exif);
        with_exif.splice(2..2, segment);
        let clean = take(&with_exif).unwrap();
        assert_eq!(clean.kind, Kind::Jpeg);
        assert!(!holds(&clean.bytes, b"GPSLatitude") && !holds(&clean.bytes, b"Exif"));
        let mut with_text = png();
        with_text.splice(33..33, chunk(*b"tEXt", b"Comment\0GPS 35.6895"));
        assert!(!holds(&take(&with_text).unwrap().bytes, b"35.6895"));
    }

    #[test]
    fn t11_what_hangs_behind_a_picture_is_gone() {
        for (mut picture, kind) in [(png(), Kind::Png), (jpeg(), Kind::Jpeg)] {
            picture.extend(b"PK\x03\x04<script>alert(1)</script>");
            let clean = take(&picture).unwrap();
            assert_eq!(clean.kind, kind);
            assert!(!holds(&clean.bytes, b"<script>") && !holds(&clean.bytes, b"PK\x03\x04"));
            assert_ne!(clean.original, super::super::sha256(&clean.bytes));
        }
    }

    #[test]
    fn t11_a_picture_of_fifty_thousand_squared_is_refused_before_it_is_decoded() {
        let mut header = 50_000_u32.to_be_bytes().to_vec();
        header.extend(50_000_u32.to_be_bytes());
        header.extend([8, 6, 0, 0, 0]);
        let mut bomb = b"\x89PNG\r\n\x1a\n".to_vec();
        bomb.extend(chunk(*b"IHDR", &header));
        bomb.extend(chunk(*b"IDAT", b"\x78\x9c\x03\x00\x00\x00\x00\x01"));
        bomb.extend(chunk(*b"IEND", b""));
        assert_eq!(take(&bomb).err(), Some(Refused::Pixels));
    }

    #[test]
    fn a_picture_that_is_none_is_refused() {
        for broken in [b"\x89PNG\r\n\x1a\n".to_vec(), b"\xff\xd8\xff\xe0 nothing".to_vec()] {
            assert_eq!(take(&broken).err(), Some(Refused::Broken));
        }
        let half = png();
        assert_eq!(take(half.get(..half.len() / 2).unwrap()).err(), Some(Refused::Broken));
    }
}
