//! The only doors to the clock and to chance. The clock follows Sekisho's where that one is put
//! forward for development, so that both live on the same day.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use ring::rand::SecureRandom as _;

/// The machine's clock, and how far the story has moved on from it.
#[derive(Debug, Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        let real = machine();
        let off = jiff::SignedDuration::from_micros(self.0.load(Ordering::Relaxed));
        real.checked_add(off).unwrap_or(real)
    }

    /// From now on it shows what Sekisho's shows.
    pub(crate) fn follow(&self, at: Timestamp) {
        self.0.store(at.as_microsecond() - machine().as_microsecond(), Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn machine() -> Timestamp {
    Timestamp::now()
}

/// Waits.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// 160 unguessable bits, as text.
pub(crate) fn token() -> String {
    let mut bytes = [0; 20];
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let system = ring::rand::SystemRandom::new();
    #[expect(clippy::expect_used, reason = "without randomness nothing may go on")]
    system.fill(&mut bytes).expect("the system's random source answers");
    data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()
}

/// A name that cannot be guessed back: what is kept in place of a secret.
pub(crate) fn hashed(secret: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, secret.as_bytes());
    data_encoding::BASE32_NOPAD.encode(hash.as_ref()).to_lowercase()
}
