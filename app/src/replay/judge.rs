//! The last stage: judge in order, remember, count, write.

use std::io::{self, Write};
use std::sync::Arc;

use domain::decision::Assessment;
use domain::event::Status;
use domain::keyed::AccountKey;
use domain::memory::{Memory, Outcome, Position};
use domain::observation::Observation;
use domain::policy::Policy;
use domain::risk::assess;
use rustc_hash::FxHashMap;

use super::compare::Comparison;
use super::labels::Labels;
use super::line::Codes;
use super::output::Output;
use super::parse::{Item, Read};
use super::rba::RbaLabel;
use super::recall::{HISTORY_MIN, Scores};
use super::repeats::{Heard, Repeats};
use super::report::{BadLine, Report};

/// By which rules events are judged.
#[derive(Clone)]
pub struct Rules {
    /// The policy that judges.
    pub policy: Arc<Policy>,
    /// A policy to compare with: judges beside the first and is never remembered.
    pub compare: Option<Arc<Policy>>,
}

/// Memory and everything counted on the way.
pub struct Judging {
    memory: Memory,
    position: Position,
    rules: Rules,
    labels: Option<Labels>,
    scores: Scores,
    rba: Option<Box<RbaScores>>,
    repeats: Repeats,
    output: Option<Output>,
    report: Report,
    comparison: Option<Comparison>,
}

/// What is measured by the labels inside the RBA data set.
#[derive(Default)]
struct RbaScores {
    takeovers: Scores,
    attack_addresses: Scores,
    /// Successful sign-ins by account.
    history: FxHashMap<AccountKey, u32>,
}

impl Judging {
    /// Begins with an empty memory. Decisions go to `out`, one a line.
    pub fn new(rules: Rules, labels: Option<Labels>, out: Option<Box<dyn Write + Send>>) -> Self {
        Self {
            memory: Memory::default(),
            position: 0,
            comparison: rules.compare.as_ref().map(|_| Comparison::default()),
            output: out.map(|out| Output::new(out, Arc::clone(&rules.policy))),
            rules,
            labels,
            scores: Scores::default(),
            rba: None,
            repeats: Repeats::default(),
            report: Report::default(),
        }
    }

    /// Takes in what a line turned out to be, and its id; `file` names its source. Fails where the
    /// output cannot be written.
    pub fn take(&mut self, item: &mut Item, file: &str) -> io::Result<()> {
        let bad = |line: u64, reason: &str| BadLine {
            file: file.to_owned(),
            line,
            reason: reason.to_owned(),
        };
        match item {
            Item::Bad { line, reason, fatal } => {
                self.report.add_bad(bad(*line, reason));
                if *fatal {
                    self.report.broken.push(bad(*line, reason));
                }
            }
            Item::Event(read) => {
                match self.repeats.hear(read.observation.event, read.fingerprint) {
                    Heard::New => return self.judge(read),
                    Heard::Repeated => self.report.repeated += 1,
                    Heard::Contradicted => {
                        let reason = "/event_id: heard before with other content";
                        self.report.add_bad(bad(read.line, reason));
                    }
                }
            }
        }
        Ok(())
    }

    /// Has memory read what the events among `items` will need.
    pub fn look_ahead(&self, items: &[Item]) {
        let observations = items.iter().filter_map(|item| match item {
            Item::Event(read) => Some(&read.observation),
            Item::Bad { .. } => None,
        });
        std::hint::black_box(self.memory.look_ahead(observations));
    }

    /// A source ended in an error.
    pub fn break_off(&mut self, broken: BadLine) {
        self.report.broken.push(broken);
    }

    /// Judges by other rules from here on.
    pub fn put_in_force(&mut self, policy: Arc<Policy>) -> io::Result<()> {
        self.rules.policy = Arc::clone(&policy);
        self.output.as_mut().map_or(Ok(()), |output| output.put_in_force(policy))
    }

    /// Learns what became of a decision.
    pub fn settle(&mut self, observation: &Observation, outcome: Outcome) {
        self.position += 1;
        self.memory.settle(self.position, observation, outcome);
    }

    /// From here on the log is at `position`: what comes next stands there.
    pub const fn stand_before(&mut self, position: Position) {
        self.position = position.saturating_sub(1);
    }

    /// Judges one event, remembers it, hands on the decision and, where the event has a label,
    /// takes note of the score, which is returned.
    pub fn judge_labelled(&mut self, event_id: String, seen: &Observation) -> io::Result<f64> {
        let judged = self.judge_observation(&event_id, seen);
        let score = judged.score;
        if let Some(label) = self.labels.as_mut().and_then(|labels| labels.take(&event_id)) {
            self.scores.add(score, label.intruder, label.history);
        }
        if let Some(output) = &mut self.output {
            output.add(event_id, judged)?;
        }
        Ok(score)
    }

    fn judge(&mut self, read: &mut Read) -> io::Result<()> {
        let score = self.judge_labelled(std::mem::take(&mut read.event_id), &read.observation)?;
        if let Some(label) = read.label {
            self.score_rba(&read.observation, label, score);
        }
        Ok(())
    }

    fn judge_observation(&mut self, event_id: &str, observation: &Observation) -> Assessment {
        let known = self.memory.known(observation);
        let judged = assess(observation, &known, &self.rules.policy);
        if let (Some(comparison), Some(other)) = (&mut self.comparison, &self.rules.compare) {
            let other = assess(observation, &known, other);
            comparison.add(event_id, observation.kind, &judged, &other);
        }
        self.position += 1;
        self.memory.remember(self.position, observation, &judged);
        self.report.add(observation.kind, &judged);
        judged
    }

    fn score_rba(&mut self, observation: &Observation, label: RbaLabel, score: f64) {
        let (Some(account), Status::Succeeded) = (observation.account, observation.status) else {
            return;
        };
        let rba = self.rba.get_or_insert_default();
        let history = rba.history.entry(account).or_default();
        rba.takeovers.add(score, label.takeover, *history);
        rba.attack_addresses.add(score, label.attack_ip, *history);
        *history += 1;
    }

    /// Bad lines so far.
    pub const fn bad_lines(&self) -> u64 {
        self.report.bad_lines
    }

    /// Whether a source ended in an error.
    pub fn is_broken(&self) -> bool {
        !self.report.broken.is_empty()
    }

    /// Writes what is left and sums up.
    pub fn finish(mut self, seconds: f64) -> io::Result<Report> {
        if let Some(output) = self.output.take() {
            output.finish()?;
        }
        self.report.accounts = self.memory.accounts_held() as u64;
        self.report.finish(seconds, &Codes::default());
        self.report.recall = self.labels.map(|labels| {
            let missing = labels.left().filter(|label| label.history >= HISTORY_MIN).count();
            self.scores.recalls(missing as u64)
        });
        if let Some(rba) = self.rba {
            self.report.rba_takeovers = Some(rba.takeovers.recalls(0));
            self.report.rba_attack_addresses = Some(rba.attack_addresses.recalls(0));
        }
        self.report.comparison = self.comparison.map(Comparison::finish);
        Ok(self.report)
    }
}
