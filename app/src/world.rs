//! The only doors to the clock, to chance and to the environment; everything else is handed them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::time::Micros;
use ring::rand::SecureRandom as _;

type Clock = dyn Fn() -> Micros + Send + Sync;
type Chance = dyn Fn(&mut [u8]) + Send + Sync;

/// Time and chance as this process knows them; cheap to clone.
#[derive(Clone)]
pub struct World {
    clock: Arc<Clock>,
    chance: Arc<Chance>,
}

impl World {
    /// The machine's clock and its source of randomness.
    ///
    /// # Panics
    /// Later, when the system has no randomness to give.
    pub fn real() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the door")]
        let system = ring::rand::SystemRandom::new();
        Self {
            clock: Arc::new(wall_clock),
            chance: Arc::new(move |out| {
                #[expect(clippy::expect_used, reason = "without randomness nothing may go on")]
                system.fill(out).expect("the system's random source answers");
            }),
        }
    }

    /// A world of one's own, for tests and simulation.
    pub fn of(
        clock: impl Fn() -> Micros + Send + Sync + 'static,
        chance: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { clock: Arc::new(clock), chance: Arc::new(chance) }
    }

    /// The time of day.
    pub fn now(&self) -> Micros {
        (self.clock)()
    }

    /// Fills `out` with unguessable bytes.
    pub fn random(&self, out: &mut [u8]) {
        (self.chance)(out);
    }

    /// A `UUIDv7` (RFC 9562 §5.7): time in milliseconds, then 74 random bits.
    pub fn uuid(&self) -> u128 {
        let mut random = [0; 10];
        self.random(&mut random);
        let millis = u64::try_from(self.now().0 / 1_000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().as_u128()
    }
}

/// Chance as `ring` takes it: its trait is closed, so signatures and keys draw from the system.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn ring_chance() -> ring::rand::SystemRandom {
    ring::rand::SystemRandom::new()
}

/// Waits.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn wall_clock() -> Micros {
    let since_epoch = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    Micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}

/// Measures spans. Never part of a judgement: what it reads is shown, not decided on.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The span since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The span since the start in whole microseconds.
    pub fn elapsed_us(&self) -> u64 {
        u64::try_from(self.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// The variable `name` of the environment; `None` where it is absent, empty or not UTF-8.
pub fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_world_sort_by_their_time() {
        let ids: Vec<u128> = [1_000_000, 2_000_000, 3_000_000]
            .into_iter()
            .map(|now| World::of(move || Micros(now), |out| out.fill(0xff)).uuid())
            .collect();
        assert!(ids.is_sorted(), "{ids:x?}");
        assert_eq!((ids.first().copied().unwrap_or_default() >> 76) & 0xf, 7, "version 7");
    }

    #[test]
    fn the_real_world_never_draws_the_same_id_twice() {
        let world = World::real();
        assert_ne!(world.uuid(), world.uuid());
    }
}
