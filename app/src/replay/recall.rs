//! How many intruders are found when a fixed share of honest events is challenged.
//!
//! The measure of `score_decisions.py`: honest scores in descending order give the cut, what lies
//! strictly above it is found; accounts with little history are counted apart. Scores have six
//! decimals, so a histogram holds them exactly in constant memory. The script's interval resamples
//! the found/missed marks of the intruders; that distribution is binomial and is taken exactly
//! here, without chance.

use serde::Serialize;

/// Shares of honest events that are challenged.
pub const SHARES: [f64; 5] = [0.001, 0.005, 0.01, 0.02, 0.05];
/// Earlier events an account needs to be counted.
pub const HISTORY_MIN: u32 = 3;
/// Steps of a score.
const STEPS: usize = 1_000_000;

/// Scores of honest events and of intruders.
#[derive(Debug, Clone)]
pub struct Scores {
    honest: Histogram,
    intruders: Histogram,
    cold_start: u64,
}

impl Default for Scores {
    fn default() -> Self {
        let empty = || Histogram { counts: vec![0; STEPS + 1], total: 0 };
        Self { honest: empty(), intruders: empty(), cold_start: 0 }
    }
}

#[derive(Debug, Clone)]
struct Histogram {
    counts: Vec<u32>,
    total: u64,
}

impl Histogram {
    fn add(&mut self, score: f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10^6")]
        let step = (score.clamp(0.0, 1.0) * STEPS as f64).round() as usize;
        if let Some(count) = self.counts.get_mut(step) {
            *count += 1;
            self.total += 1;
        }
    }

    /// Those strictly above a step.
    fn above(&self, step: usize) -> u64 {
        self.counts.iter().skip(step + 1).map(|count| u64::from(*count)).sum()
    }
}

/// What is found, at each share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recalls {
    /// Intruders' events counted.
    pub intruders: u64,
    /// Honest events counted.
    pub honest: u64,
    /// Events of accounts with little history, left out.
    pub cold_start: u64,
    /// Labels without an event, left out.
    pub missing: u64,
    /// Area under the ROC curve: the chance that an intruder scores above an honest event.
    pub roc_auc: Option<f64>,
    /// One for each share.
    pub recalls: Vec<Recall>,
}

/// What is found when a share of honest events is challenged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recall {
    /// Share of honest events challenged, at most.
    pub share: f64,
    /// What lies above this is challenged.
    pub cut: f64,
    /// Share of intruders found.
    pub recall: f64,
    /// 95 % interval.
    pub low: f64,
    /// 95 % interval.
    pub high: f64,
}

impl Scores {
    /// Takes in one labelled score. `history`: earlier events of the account.
    pub fn add(&mut self, score: f64, intruder: bool, history: u32) {
        if history < HISTORY_MIN {
            self.cold_start += 1;
        } else if intruder {
            self.intruders.add(score);
        } else {
            self.honest.add(score);
        }
    }

    /// What is found; nothing where one side is empty.
    pub fn recalls(&self, missing: u64) -> Recalls {
        let both = self.honest.total > 0 && self.intruders.total > 0;
        Recalls {
            intruders: self.intruders.total,
            honest: self.honest.total,
            cold_start: self.cold_start,
            missing,
            roc_auc: both.then(|| self.roc_auc()),
            recalls: if both { SHARES.map(|share| self.at(share)).to_vec() } else { Vec::new() },
        }
    }

    /// What is found at one share.
    pub fn at(&self, share: f64) -> Recall {
        let step = self.cut(share);
        let (found, of) = (self.intruders.above(step), self.intruders.total.max(1));
        let (low, high) = interval(found, of);
        Recall {
            share,
            cut: step as f64 / STEPS as f64,
            recall: found as f64 / of as f64,
            low,
            high,
        }
    }

    /// The score of the honest event in place `⌊n · share⌋` from the top.
    fn cut(&self, share: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let place = (self.honest.total as f64 * share) as u64;
        let place = place.min(self.honest.total.saturating_sub(1));
        let mut higher = 0;
        for (step, count) in self.honest.counts.iter().enumerate().rev() {
            higher += u64::from(*count);
            if higher > place {
                return step;
            }
        }
        0
    }

    fn roc_auc(&self) -> f64 {
        let mut lower = 0.0;
        let mut area = 0.0;
        for (honest, intruders) in self.honest.counts.iter().zip(&self.intruders.counts) {
            let (honest, intruders) = (f64::from(*honest), f64::from(*intruders));
            area += intruders * (lower + honest / 2.0);
            lower += honest;
        }
        area / (self.honest.total as f64 * self.intruders.total as f64)
    }
}

/// The 2.5 % and 97.5 % points of the share found, when `of` marks of which `found` are set are
/// drawn again with replacement.
pub fn interval(found: u64, of: u64) -> (f64, f64) {
    if found == 0 || found >= of {
        let sure = found as f64 / of as f64;
        return (sure, sure);
    }
    let share = found as f64 / of as f64;
    let step = (share / (1.0 - share)).ln();
    // ln P(0) and then the ratio of neighbours, so that no binomial coefficient overflows.
    let mut log = of as f64 * (1.0 - share).ln();
    let (mut sum, mut low, mut high) = (0.0, 0, of);
    for drawn in 0..=of {
        let before = sum;
        sum += log.exp();
        if before < 0.025 && sum >= 0.025 {
            low = drawn;
        }
        if sum >= 0.975 {
            high = drawn;
            break;
        }
        log += step + ((of - drawn) as f64 / (drawn + 1) as f64).ln();
    }
    (low as f64 / of as f64, high as f64 / of as f64)
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::float_cmp,
        reason = "tests"
    )]

    use super::*;

    fn scores(honest: &[f64], intruders: &[f64]) -> Scores {
        let mut scores = Scores::default();
        for score in honest {
            scores.add(*score, false, 3);
        }
        for score in intruders {
            scores.add(*score, true, 3);
        }
        scores
    }

    /// The definition, as the script computes it.
    fn by_definition(honest: &[f64], intruders: &[f64], share: f64) -> f64 {
        let mut honest = honest.to_vec();
        honest.sort_by(|a, b| b.total_cmp(a));
        let place = (honest.len() as f64 * share) as usize;
        let cut = honest.get(place).or(honest.last()).copied().unwrap_or(1.0);
        let found = intruders.iter().filter(|score| **score > cut).count();
        found as f64 / intruders.len() as f64
    }

    proptest::proptest! {
        #[test]
        fn recall_is_that_of_the_definition(
            honest in proptest::collection::vec(0_u32..=50, 1..300),
            intruders in proptest::collection::vec(0_u32..=50, 1..50),
        ) {
            let unit = |steps: &[u32]| steps.iter().map(|s| f64::from(*s) / 50.0).collect::<Vec<_>>();
            let (honest, intruders) = (unit(&honest), unit(&intruders));
            let ours = scores(&honest, &intruders);
            for share in SHARES {
                proptest::prop_assert_eq!(
                    ours.at(share).recall,
                    by_definition(&honest, &intruders, share)
                );
            }
        }
    }

    #[test]
    fn the_area_is_a_half_for_ties_and_one_for_perfect_order() {
        assert_eq!(scores(&[0.5; 4], &[0.5; 3]).recalls(0).roc_auc, Some(0.5));
        assert_eq!(scores(&[0.1, 0.2], &[0.3, 0.9]).recalls(0).roc_auc, Some(1.0));
    }

    #[test]
    fn accounts_with_little_history_are_counted_apart() {
        let mut scores = scores(&[0.1], &[0.9]);
        scores.add(0.9, true, 2);
        let recalls = scores.recalls(5);
        assert_eq!((recalls.cold_start, recalls.intruders, recalls.missing), (1, 1, 5));
    }

    #[test]
    fn without_intruders_nothing_is_claimed() {
        let recalls = scores(&[0.1], &[]).recalls(0);
        assert_eq!((recalls.roc_auc, recalls.recalls.len()), (None, 0));
    }

    #[test]
    fn the_interval_holds_the_share_and_narrows_with_more_marks() {
        let (low, high) = interval(33, 65);
        assert!(low < 33.0 / 65.0 && 33.0 / 65.0 < high);
        // The normal approximation is close at this size.
        assert!((low - 0.386).abs() < 0.02 && (high - 0.629).abs() < 0.02, "{low} {high}");
        let (low_many, high_many) = interval(33_000, 65_000);
        assert!(high_many - low_many < 0.01);
        assert_eq!(interval(0, 10), (0.0, 0.0));
        assert_eq!(interval(10, 10), (1.0, 1.0));
    }
}
