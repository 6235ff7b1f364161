//! Event bodies at rest: compressed against a dictionary of our own, then sealed.

use std::cell::RefCell;
use std::sync::OnceLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::CParameter;

/// What our events typically say (`dictionary_1.txt`), with the statistics of made-up events in
/// front (decision 0051). Never changes: a better dictionary is a new file and a new format byte.
const DICTIONARY_1: &[u8] = include_bytes!("body/dictionary_1.zdict");
const LEVEL: i32 = 6;
/// The first four bytes of every zstd frame; not stored.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// Larger bodies are not taken in by the API, and not unpacked here.
const BODY_BYTES_MAX: usize = 16 << 20;

const RAW: u8 = 0;
const ZSTD_1: u8 = 1;

/// Compresses bodies; one serves many.
pub(crate) struct Packer(Option<Compressor<'static>>);

impl Packer {
    pub(crate) fn new() -> Self {
        static DICTIONARY: OnceLock<EncoderDictionary<'static>> = OnceLock::new();
        let dictionary = DICTIONARY.get_or_init(|| EncoderDictionary::copy(DICTIONARY_1, LEVEL));
        let compressor = Compressor::with_prepared_dictionary(dictionary).and_then(|mut zstd| {
            // Our own byte in front says which dictionary it was.
            zstd.set_parameter(CParameter::DictIdFlag(false))?;
            Ok(zstd)
        });
        Self(compressor.ok())
    }

    /// The smaller of `body` as it is and compressed, behind a byte that says which.
    pub(crate) fn pack(&mut self, body: &[u8]) -> Vec<u8> {
        let compressed = self.0.as_mut().and_then(|zstd| zstd.compress(body).ok());
        match compressed.as_deref().and_then(|bytes| bytes.strip_prefix(&MAGIC)) {
            Some(frame) if frame.len() < body.len() => tagged(ZSTD_1, frame),
            _ => tagged(RAW, body),
        }
    }
}

fn tagged(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut tagged = Vec::with_capacity(bytes.len() + 1);
    tagged.push(tag);
    tagged.extend_from_slice(bytes);
    tagged
}

/// Undoes [`Packer::pack`]; `None` for an unknown format or broken bytes.
pub(crate) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    static DICTIONARY: OnceLock<DecoderDictionary<'static>> = OnceLock::new();
    match packed.split_first()? {
        (&RAW, body) => Some(body.to_vec()),
        (&ZSTD_1, frame) => {
            let mut bytes = MAGIC.to_vec();
            bytes.extend_from_slice(frame);
            let length = zstd::zstd_safe::get_frame_content_size(&bytes).ok()??;
            let length = usize::try_from(length).ok().filter(|&n| n <= BODY_BYTES_MAX)?;
            let dictionary = DICTIONARY.get_or_init(|| DecoderDictionary::copy(DICTIONARY_1));
            // A history is thousands of bodies: making what unpacks them costs more than one of them.
            thread_local! {
                static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
            }
            UNPACKER.with_borrow_mut(|kept| {
                let zstd = match kept {
                    Some(zstd) => zstd,
                    None => kept.insert(Decompressor::with_prepared_dictionary(dictionary).ok()?),
                };
                zstd.decompress(&bytes, length).ok()
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_body_comes_back_as_it_went_in(body: Vec<u8>) {
            prop_assert_eq!(unpack(&Packer::new().pack(&body)), Some(body));
        }

        #[test]
        fn broken_bytes_are_refused_or_read_but_never_panic(bytes: Vec<u8>) {
            let _ = unpack(&bytes);
        }
    }

    #[test]
    fn a_typical_event_shrinks_to_less_than_half() {
        let body = br#"{"event_id":"0a81","type":"login","status":"succeeded","occurred_at":"2026-06-03T21:04:05+09:00","account":{"id":"u-1","email":"a@example.jp"},"context":{"ip":"203.0.113.7","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"}}"#;
        assert!(Packer::new().pack(body).len() * 2 < body.len());
    }

    #[test]
    fn an_unknown_format_is_refused() {
        assert_eq!(unpack(&[9, 1, 2, 3]), None);
        assert_eq!(unpack(&[]), None);
    }
}
