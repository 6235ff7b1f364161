//! Simulated takeovers in real order histories: how many are found at how many honest orders
//! challenged.
//!
//! The rules of `tools/score_decisions.py`: time goes forward only, features come strictly from
//! the past, accounts with fewer than three earlier orders are counted apart.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use domain::decision::Assessment;
use domain::event::{Place, observe, parse};
use domain::keyed::KeyedHasher;
use domain::memory::Memory;
use domain::observation::Observation;
use domain::policy::Policy;
use domain::risk::{assess, signal_by_number};
use domain::time::Micros;
use flate2::read::GzDecoder;

use crate::support::shared;

/// Earlier orders without which an account is a cold start.
pub(crate) const HISTORY_MIN: u32 = 3;
/// Shares of honest orders challenged.
const SHARES: [f64; 5] = [0.001, 0.005, 0.01, 0.02, 0.05];
/// Resamplings of the interval.
const RESAMPLINGS: usize = 200;

#[test]
fn takeovers_simulated_in_real_orders_are_found_while_one_honest_order_in_a_hundred_is_asked() {
    let Some(labels) = labels("orders/uci-takeovers-simulated.labels.csv") else { return };
    let Some(events) = told("orders/uci-takeovers-simulated.ndjson.gz") else { return };
    let judged = judge(events.into_iter());
    dump(&judged);
    let scores = Scores::new(&judged, &labels, |judged| judged.score);
    scores.print("as judged");
    // What of it hangs on the hour alone: the simulation packs orders evenly into day and night.
    let without_hour =
        |judged: &Judged| judged.nats_without(&["purchase.unusual_hour", "purchase.usual_hour"]);
    Scores::new(&judged, &labels, without_hour).print("without the signals of the hour");
    assert!(scores.recall(0.01) >= 0.65, "recall at 1 %: {:.3}", scores.recall(0.01));
}

/// One judged event.
pub(crate) struct Judged {
    event_id: String,
    pub(crate) score: f64,
    nats: Vec<(&'static str, f64)>,
}

impl Judged {
    fn new(event_id: String, assessment: &Assessment) -> Self {
        let nats = assessment.reasons.iter().map(|reason| {
            let signal = signal_by_number(reason.signal).unwrap();
            (signal.code, f64::from(reason.nats))
        });
        Self { event_id, score: assessment.score, nats: nats.collect() }
    }

    fn nats_without(&self, codes: &[&str]) -> f64 {
        self.nats.iter().filter(|(code, _)| !codes.contains(code)).map(|(_, nats)| nats).sum()
    }
}

fn labels(path: &str) -> Option<BTreeMap<String, bool>> {
    let mut reader = csv::Reader::from_path(shared(path)?).unwrap();
    let rows = reader.deserialize::<(String, u8, u32)>().map(Result::unwrap);
    Some(
        rows.filter(|(_, _, history)| *history >= HISTORY_MIN)
            .map(|(event_id, label, _)| (event_id, label == 1))
            .collect(),
    )
}

/// Recorded events as judgement sees them.
pub(crate) fn observations(path: &str) -> Option<Vec<Observation>> {
    Some(told(path)?.into_iter().map(|(_, observation)| observation).collect())
}

/// Recorded events with their ids, in the order of the file, which is that of time.
fn told(path: &str) -> Option<Vec<(String, Observation)>> {
    let hasher = KeyedHasher::new([7; 32]);
    let lines = BufReader::new(GzDecoder::new(File::open(shared(path)?).unwrap())).lines();
    let tell = |line: String| {
        let event = parse(line.as_bytes(), Micros(i64::MAX / 2)).unwrap();
        let observation = observe(&event, event.occurred_at, Place::default(), &hasher);
        (event.event_id, observation)
    };
    Some(lines.map(Result::unwrap).map(tell).collect())
}

/// Judges each by what came before it.
pub(crate) fn judge(told: impl Iterator<Item = (String, Observation)>) -> Vec<Judged> {
    let (mut memory, policy) = (Memory::default(), Policy::default());
    told.zip(1..)
        .map(|((event_id, observation), position)| {
            let assessment = assess(&observation, &memory.known(&observation), &policy);
            memory.remember(position, &observation, &assessment);
            Judged::new(event_id, &assessment)
        })
        .collect()
}

/// Writes event ids and scores for `tools/score_decisions.py`, where `SEKISHO_SCORES` names a file.
fn dump(judged: &[Judged]) {
    let Some(path) = std::env::var_os("SEKISHO_SCORES") else { return };
    let lines = judged.iter().map(|one| {
        let nats: serde_json::Map<_, _> =
            one.nats.iter().map(|(code, nats)| ((*code).to_owned(), (*nats).into())).collect();
        serde_json::json!({"event_id": one.event_id, "score": one.score, "nats": nats}).to_string()
    });
    std::fs::write(path, lines.collect::<Vec<_>>().join("\n")).unwrap();
}

/// Scores of takeovers and of honest orders.
pub(crate) struct Scores {
    takeovers: Vec<f64>,
    /// Descending.
    honest: Vec<f64>,
}

impl Scores {
    pub(crate) fn new(
        judged: &[Judged],
        labels: &BTreeMap<String, bool>,
        of: impl Fn(&Judged) -> f64,
    ) -> Self {
        let (mut takeovers, mut honest) = (Vec::new(), Vec::new());
        for one in judged {
            match labels.get(&one.event_id) {
                Some(true) => takeovers.push(of(one)),
                Some(false) => honest.push(of(one)),
                None => {}
            }
        }
        honest.sort_by(|a, b| b.total_cmp(a));
        Self { takeovers, honest }
    }

    /// The score above which `share` of the honest orders lie.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length"
    )]
    fn cut(&self, share: f64) -> f64 {
        self.honest[(self.honest.len() as f64 * share) as usize]
    }

    pub(crate) fn recall(&self, share: f64) -> f64 {
        let cut = self.cut(share);
        self.takeovers.iter().filter(|score| **score > cut).count() as f64
            / self.takeovers.len() as f64
    }

    /// 95 % interval of the recall, by bootstrap over the takeovers.
    fn interval(&self, share: f64) -> (f64, f64) {
        let cut = self.cut(share);
        let mut state = 1_u64;
        let mut recalls: Vec<f64> = (0..RESAMPLINGS)
            .map(|_| {
                let found = (0..self.takeovers.len())
                    .filter(|_| self.takeovers[draw(&mut state, self.takeovers.len())] > cut);
                found.count() as f64 / self.takeovers.len() as f64
            })
            .collect();
        recalls.sort_by(f64::total_cmp);
        (recalls[RESAMPLINGS / 40], recalls[RESAMPLINGS - 1 - RESAMPLINGS / 40])
    }

    pub(crate) fn print(&self, title: &str) {
        println!(
            "simulated takeovers in real order histories, {title}: {} takeover orders, {} honest",
            self.takeovers.len(),
            self.honest.len()
        );
        for share in SHARES {
            let (recall, (low, high)) = (self.recall(share), self.interval(share));
            println!(
                "  {:.1} % of honest orders challenged: recall {:.1} % [{:.1} – {:.1}]",
                100.0 * share,
                100.0 * recall,
                100.0 * low,
                100.0 * high
            );
        }
    }
}

/// A draw below `limit` (splitmix64): the interval is the same at every run.
#[expect(clippy::cast_possible_truncation, reason = "below limit")]
pub(crate) fn draw(state: &mut u64, limit: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ (mixed >> 31)) % limit as u64) as usize
}
