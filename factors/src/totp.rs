//! Codes of an authenticator app: RFC 6238 with SHA-1, six digits, 30 seconds, one step either way.

use domain::time::{Micros, SECOND};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::secret::SecretText;
use crate::{Chance, typed};

/// Bytes of a seed: 160 bits (RFC 4226 §4 R6).
pub const SEED_BYTES: usize = 20;
const STEP_SECONDS: u64 = 30;
const SKEW: u16 = 1;

/// The secret an app shares with us. Keep it sealed, never in the clear (T19).
pub struct Seed(Zeroizing<[u8; SEED_BYTES]>);

/// Why an authenticator could not be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// An issuer or account name with a colon, or an empty account name.
    #[error("issuer or account name cannot stand in an otpauth URL")]
    Name,
    /// The URL does not fit into a QR code.
    #[error("the otpauth URL is too long for a QR code")]
    TooLong,
}

impl Seed {
    /// Draws one.
    pub fn draw(chance: Chance<'_>) -> Self {
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        chance(seed.as_mut_slice());
        Self(seed)
    }

    /// One that was kept.
    pub fn from_bytes(seed: [u8; SEED_BYTES]) -> Self {
        Self(Zeroizing::new(seed))
    }

    /// Its bytes, to be sealed.
    pub fn expose(&self) -> &[u8; SEED_BYTES] {
        &self.0
    }

    /// Base32, for typing it into an app by hand.
    pub fn to_base32(&self) -> SecretText {
        SecretText::new(Secret::from(*self.0).to_base32())
    }

    /// The step that `typed` is the code of, when it is right at `now` and that step is younger than
    /// `last_step`: keep it as the new `last_step`, so that no code counts twice (ASVS 6.5.1).
    pub fn accepts(&self, typed: &str, last_step: Option<u64>, now: Micros) -> Option<u64> {
        let code = typed::digits(typed, 6)?;
        let seconds = u64::try_from(now.0 / SECOND).ok()?;
        let step = self.totp(None, "").check(&code, seconds)?;
        last_step.is_none_or(|last| step > last).then_some(step)
    }

    /// The `otpauth` URL that an app reads. `issuer` is the store's name.
    ///
    /// # Errors
    /// [`Unusable::Name`]
    pub fn url(&self, issuer: &str, account_name: &str) -> Result<SecretText, Unusable> {
        if account_name.is_empty() || issuer.contains(':') || account_name.contains(':') {
            return Err(Unusable::Name);
        }
        let totp = self.totp(Some(issuer), account_name);
        totp.to_url().map(SecretText::new).map_err(|_| Unusable::Name)
    }

    /// That URL as a QR code: an SVG of at least 240 px, black on white, with its quiet zone.
    ///
    /// # Errors
    /// [`Unusable`]
    pub fn qr_svg(&self, issuer: &str, account_name: &str) -> Result<SecretText, Unusable> {
        let url = self.url(issuer, account_name)?;
        let code = qrcode::QrCode::new(url.expose()).map_err(|_| Unusable::TooLong)?;
        let mut picture = code.render::<qrcode::render::svg::Color<'_>>();
        Ok(SecretText::new(picture.min_dimensions(240, 240).build()))
    }

    fn totp(&self, issuer: Option<&str>, account_name: &str) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(SKEW)
            .with_step_duration(STEP_SECONDS)
            .with_secret(*self.0)
            .with_issuer(issuer)
            .with_account_name(account_name)
            .build_noncompliant()
    }
}
