//! Hashes that stores bring along: bcrypt, PBKDF2 and scrypt, as PHC, modular crypt and Django write
//! them. They are verified once and then replaced.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use pbkdf2::pbkdf2_hmac;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::Unreadable;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bounds of what one sign-in may cost.
const BCRYPT_COST: std::ops::RangeInclusive<u32> = 4..=15;
const ROUNDS: std::ops::RangeInclusive<u32> = 1..=5_000_000;
const SCRYPT_MEMORY_MAX: u64 = 256 << 20;

#[derive(Clone, Copy)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

enum Kept {
    Bcrypt(String),
    Pbkdf2 { digest: Digest, rounds: u32, salt: Vec<u8>, hash: Vec<u8> },
    Scrypt { params: scrypt::Params, salt: Vec<u8>, hash: Vec<u8> },
}

/// Whether `password` is that of `kept`.
pub(super) fn verify(password: &str, kept: &str) -> Result<bool, Unreadable> {
    let password = password.as_bytes();
    let (hash, computed) = match read(kept)? {
        // bcrypt reads 72 bytes; the hash was made so.
        Kept::Bcrypt(hash) => return bcrypt::verify(password, &hash).map_err(|_| Unreadable::Form),
        Kept::Pbkdf2 { digest, rounds, salt, hash } => {
            let mut out = Zeroizing::new(vec![0; hash.len()]);
            match digest {
                Digest::Sha1 => pbkdf2_hmac::<sha1::Sha1>(password, &salt, rounds, &mut out),
                Digest::Sha256 => pbkdf2_hmac::<sha2::Sha256>(password, &salt, rounds, &mut out),
                Digest::Sha512 => pbkdf2_hmac::<sha2::Sha512>(password, &salt, rounds, &mut out),
            }
            (hash, out)
        }
        Kept::Scrypt { params, salt, hash } => {
            let mut out = Zeroizing::new(vec![0; hash.len()]);
            scrypt::scrypt(password, &salt, &params, &mut out).map_err(|_| Unreadable::Cost)?;
            (hash, out)
        }
    };
    Ok(computed.ct_eq(&hash).into())
}

pub(super) fn readable(kept: &str) -> Result<(), Unreadable> {
    read(kept).map(drop)
}

fn read(kept: &str) -> Result<Kept, Unreadable> {
    let parts: Vec<&str> = kept.split('$').collect();
    match parts.as_slice() {
        ["", "2a" | "2b" | "2x" | "2y", cost, rest] if rest.len() == 53 && is_bcrypt(rest) => {
            within(number(cost)?, &BCRYPT_COST)?;
            Ok(Kept::Bcrypt(kept.to_owned()))
        }
        ["", "scrypt", params, salt, hash] => scrypt_of(params, salt, hash),
        ["", name, rounds, salt, hash] => {
            let digest = match *name {
                "pbkdf2" | "pbkdf2-sha1" => Digest::Sha1,
                "pbkdf2-sha256" => Digest::Sha256,
                "pbkdf2-sha512" => Digest::Sha512,
                _ => return Err(Unreadable::Form),
            };
            let rounds = if rounds.contains('=') { param(rounds, "i")? } else { number(rounds)? };
            pbkdf2_of(digest, rounds, decode(salt)?, hash)
        }
        // Django: the salt is text.
        [name @ ("pbkdf2_sha1" | "pbkdf2_sha256"), rounds, salt, hash] => {
            let digest = if *name == "pbkdf2_sha1" { Digest::Sha1 } else { Digest::Sha256 };
            pbkdf2_of(digest, number(rounds)?, salt.as_bytes().to_vec(), hash)
        }
        _ => Err(Unreadable::Form),
    }
}

fn pbkdf2_of(digest: Digest, rounds: u32, salt: Vec<u8>, hash: &str) -> Result<Kept, Unreadable> {
    within(rounds, &ROUNDS)?;
    Ok(Kept::Pbkdf2 { digest, rounds, salt, hash: hash_bytes(hash)? })
}

fn scrypt_of(params: &str, salt: &str, hash: &str) -> Result<Kept, Unreadable> {
    let [log_n, r, p] =
        [param(params, "ln")?, param(params, "r")?, param(params, "p")?].map(u64::from);
    let memory = 1_u64.checked_shl(u32::try_from(log_n).unwrap_or(64)).unwrap_or(u64::MAX);
    let memory = memory.saturating_mul(128).saturating_mul(r);
    if log_n > 24 || p > 16 || memory > SCRYPT_MEMORY_MAX {
        return Err(Unreadable::Cost);
    }
    let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let log_n = u8::try_from(log_n).map_err(|_| Unreadable::Cost)?;
    let params = scrypt::Params::new(log_n, narrow(r), narrow(p)).map_err(|_| Unreadable::Cost)?;
    Ok(Kept::Scrypt { params, salt: decode(salt)?, hash: hash_bytes(hash)? })
}

fn param(params: &str, name: &str) -> Result<u32, Unreadable> {
    let pairs = params.split(',').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(key, _)| *key == name).ok_or(Unreadable::Form)?;
    number(found.1)
}

fn number(text: &str) -> Result<u32, Unreadable> {
    text.parse().map_err(|_| Unreadable::Form)
}

fn within(value: u32, bounds: &std::ops::RangeInclusive<u32>) -> Result<(), Unreadable> {
    if bounds.contains(&value) { Ok(()) } else { Err(Unreadable::Cost) }
}

/// Salt and hash in bcrypt's own base64.
fn is_bcrypt(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(&byte))
}

/// A short hash would be right by accident; a long one costs.
fn hash_bytes(text: &str) -> Result<Vec<u8>, Unreadable> {
    let hash = decode(text)?;
    if (16..=64).contains(&hash.len()) { Ok(hash) } else { Err(Unreadable::Form) }
}

/// Base64 with or without padding; passlib writes `.` for `+`.
fn decode(text: &str) -> Result<Vec<u8>, Unreadable> {
    BASE64.decode(text.replace('.', "+")).map_err(|_| Unreadable::Form)
}
