//! An authenticator app on the store's clock, for who plays a part of the story.

use totp_rs::{Algorithm, Builder, Secret};

use crate::failure::Failure;
use crate::shop::Shop;

impl Shop {
    /// The code that an app with this secret (base32) shows now (RFC 6238).
    pub(crate) fn totp(&self, secret: &str) -> Result<String, Failure> {
        let secret = Secret::try_from_base32(secret)
            .map_err(|_| Failure::Bad("secret: not one of an app".to_owned()))?;
        let app = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build();
        let app = app.map_err(|_| Failure::Bad("secret: too short".to_owned()))?;
        let now = u64::try_from(self.clock.now().as_second()).unwrap_or_default();
        Ok(app.generate(now).to_string())
    }
}
