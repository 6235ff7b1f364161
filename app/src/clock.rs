//! A clock for development: the machine's, and how far it stands off, so that a story of weeks can be
//! watched in minutes. It is never there unless `development` is on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::Micros;

use crate::config::{BadSetting, Config};
use crate::world::World;

/// Name of its file in the data folder: the clock goes on from there after a restart.
const FILE: &str = "development-clock";

/// A clock that can be put forward and never back.
#[derive(Clone)]
pub struct Clock {
    real: World,
    /// Microseconds from the machine's time to ours.
    off: Arc<AtomicI64>,
    file: PathBuf,
}

impl Clock {
    /// The clock of the setting `development-clock`; none where nothing is said.
    ///
    /// # Errors
    /// The setting is no time, or `development` is off.
    pub fn of(config: &Config, real: &World) -> Result<Option<Self>, BadSetting> {
        let name = "development-clock";
        let Some(begin) = config.said.optional(name) else { return Ok(None) };
        if config.said.text("development") != "true" {
            return Err(config.said.bad(name, "only with development"));
        }
        let begin = crate::time::read(begin)
            .ok_or_else(|| config.said.bad(name, "not an RFC 3339 time with an offset"))?;
        let file = config.data.join(FILE);
        let off = kept(&file).unwrap_or_else(|| begin.since(real.now()));
        Ok(Some(Self { real: real.clone(), off: Arc::new(AtomicI64::new(off)), file }))
    }

    /// The same world on this clock.
    pub fn world(&self) -> World {
        let (clock, chance) = (self.clone(), self.real.clone());
        World::of(move || clock.now(), move |out| chance.random(out))
    }

    /// What it shows.
    pub fn now(&self) -> Micros {
        self.real.now().plus(self.off.load(Ordering::Relaxed))
    }

    /// Puts it forward; what lies behind it changes nothing.
    ///
    /// # Errors
    /// It cannot be kept for a restart.
    pub fn forward_to(&self, at: Micros) -> std::io::Result<Micros> {
        let off = at.since(self.real.now());
        let off = self.off.fetch_max(off, Ordering::Relaxed).max(off);
        std::fs::write(&self.file, off.to_string())?;
        Ok(self.now())
    }
}

fn kept(file: &Path) -> Option<i64> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use domain::time::DAY;

    use super::*;
    use crate::config::{Said, Source};

    fn config(data: &Path, development: &str, begin: &str) -> Config {
        let said = Said::defaults()
            .with("data", data.to_str().unwrap(), Source::Flag)
            .with("development", development, Source::Flag)
            .with("development-clock", begin, Source::Flag);
        Config::of(said).unwrap()
    }

    #[test]
    fn it_begins_where_it_is_told_goes_forward_only_and_goes_on_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let real = World::of(|| Micros(0), |out| out.fill(1));
        let begin = crate::time::read("2026-06-03T20:30:00+09:00").unwrap();
        let config = config(folder.path(), "true", "2026-06-03T20:30:00+09:00");
        let clock = Clock::of(&config, &real).unwrap().unwrap();
        assert_eq!(clock.world().now(), begin);
        assert_eq!(clock.forward_to(begin.plus(DAY)).unwrap(), begin.plus(DAY));
        assert_eq!(clock.forward_to(begin).unwrap(), begin.plus(DAY), "never back");
        let again = Clock::of(&config, &real).unwrap().unwrap();
        assert_eq!(again.now(), begin.plus(DAY));
    }

    #[test]
    fn it_is_for_development_alone() {
        let folder = tempfile::tempdir().unwrap();
        let bad = |development, begin| {
            let config = config(folder.path(), development, begin);
            Clock::of(&config, &World::real()).err().unwrap().to_string()
        };
        assert_eq!(
            bad("false", "2026-06-03T20:30:00+09:00"),
            "--development-clock: only with development"
        );
        assert!(bad("true", "3 June").contains("RFC 3339"));
    }
}
