//! Secrets of endpoints and the signatures made with them (Standard Webhooks 1.0, "Signature
//! scheme").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use store::Secret;

use crate::world::World;

/// What every secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret we draw.
const DRAWN: usize = 32;

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// Does not begin with `whsec_`.
    #[error("a secret begins with whsec_")]
    Prefix,
    /// What follows is not base64.
    #[error("a secret is whsec_ and base64")]
    Base64,
    /// Too short to be safe or longer than the standard allows.
    #[error("a secret has 24 to 64 bytes")]
    Length,
}

/// A new secret.
pub fn draw(world: &World) -> Secret {
    let mut bytes = vec![0; DRAWN];
    world.random(&mut bytes);
    Secret::new(bytes)
}

/// Reads `whsec_…`: base64 of 24 to 64 bytes.
pub fn read(text: &str) -> Result<Secret, BadSecret> {
    let encoded = text.strip_prefix(PREFIX).ok_or(BadSecret::Prefix)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| BadSecret::Base64)?;
    if (24..=64).contains(&bytes.len()) { Ok(Secret::new(bytes)) } else { Err(BadSecret::Length) }
}

/// `whsec_…`, to be shown once to who made the endpoint.
pub fn reveal(secret: &Secret) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret.expose()))
}

/// `v1,` and the base64 of HMAC-SHA256 over `message.timestamp.body`.
pub fn sign(secret: &Secret, message: &str, timestamp_seconds: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
    let mut signing = hmac::Context::with_key(&key);
    signing.update(format!("{message}.{timestamp_seconds}.").as_bytes());
    signing.update(body);
    format!("v1,{}", STANDARD.encode(signing.sign()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_secret_reads_back_as_itself() {
        let secret = draw(&World::real());
        assert!(read(&reveal(&secret)).unwrap() == secret);
    }

    #[test]
    fn a_secret_too_short_too_long_or_of_another_kind_is_refused() {
        let of = |length| format!("{PREFIX}{}", STANDARD.encode(vec![7; length]));
        assert_eq!(read(&of(23)).err(), Some(BadSecret::Length));
        assert_eq!(read(&of(65)).err(), Some(BadSecret::Length));
        assert!(read(&of(24)).is_ok() && read(&of(64)).is_ok());
        assert_eq!(read("sk_live_1").err(), Some(BadSecret::Prefix));
        assert_eq!(read("whsec_!").err(), Some(BadSecret::Base64));
    }

    /// The example of the Standard Webhooks libraries' own tests.
    #[test]
    fn the_standards_own_example_gives_the_standards_own_signature() {
        let secret = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
