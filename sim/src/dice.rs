//! Chance from a seed: the same on every machine, and independent for every purpose.

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

/// A stream of chance for one purpose.
#[derive(Debug, Clone)]
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// The stream of `seed` for what `parts` name: an account, a day, a purpose.
    pub fn of(seed: u64, parts: &[u64]) -> Self {
        let mixed = mix(seed, parts);
        Self(Pcg64Mcg::new(u128::from(mixed) << 64 | u128::from(mix(mixed, &[1]))))
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.share() < p
    }

    /// Uniform in 0..1.
    pub fn share(&mut self) -> f64 {
        self.0.random()
    }

    /// Uniform in `0..n`; 0 where there is nothing to choose from.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0.random_range(0..n.max(1))
    }

    /// Uniform in `low..high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..high.max(low + 1))
    }

    /// One of `choices`, each as likely.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let place = usize::try_from(self.below(choices.len() as u64)).unwrap_or_default();
        #[expect(clippy::indexing_slicing, reason = "the choices of a simulator are never empty")]
        &choices[place]
    }

    /// One of `choices`, as likely as its weight says.
    pub fn weighted<T: Copy>(&mut self, choices: &[(T, u32)]) -> T {
        let mut left = self.below(choices.iter().map(|(_, weight)| u64::from(*weight)).sum());
        for (choice, weight) in choices {
            match left.checked_sub(u64::from(*weight)) {
                Some(less) => left = less,
                None => return *choice,
            }
        }
        self.pick(choices).0
    }

    /// Normal with mean 0 and deviation 1 (Irwin–Hall of twelve).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// About Poisson with this mean.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    pub fn count(&mut self, mean: f64) -> u64 {
        if mean > 30.0 {
            return (mean + self.normal() * mean.sqrt()).round().max(0.0) as u64;
        }
        let (floor, mut product, mut drawn) = ((-mean).exp(), self.share(), 0);
        while product > floor {
            product *= self.share();
            drawn += 1;
        }
        drawn
    }

    /// 64 fresh bits.
    pub fn bits(&mut self) -> u64 {
        self.0.random()
    }
}

/// Mixes a seed with what names a purpose (`SplitMix64`'s finaliser, Steele et al. 2014).
pub fn mix(seed: u64, parts: &[u64]) -> u64 {
    parts.iter().fold(finalise(seed), |mixed, part| {
        finalise(mixed ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    })
}

const fn finalise(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream_and_another_purpose_another() {
        let draw = |parts: &[u64]| Dice::of(7, parts).bits();
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::of(1, &[]);
        let rare = (0..10_000).filter(|_| dice.weighted(&[(true, 1), (false, 9)])).count();
        assert!((800..1_200).contains(&rare), "{rare}");
    }

    #[test]
    fn counts_have_their_mean() {
        let mut dice = Dice::of(1, &[]);
        for mean in [0.3, 4.0, 400.0] {
            let sum: u64 = (0..2_000).map(|_| dice.count(mean)).sum();
            let found = sum as f64 / 2_000.0;
            assert!((found / mean - 1.0).abs() < 0.1, "{found} for {mean}");
        }
    }
}
