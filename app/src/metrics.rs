//! What `/metrics` shows (`OpenMetrics` text): counts without a name, address or id in them.

use std::time::Duration;

use axum::http::StatusCode;
use domain::decision::Verdict;
use domain::event::EventType;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use serde::Serialize;
use std::fmt::Write as _;

use crate::http::problem::Kind;
use crate::judge::{Judge, Judged};

/// A value of the field that is shown under its JSON name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Name<T>(T);

impl<T: Serialize> EncodeLabelValue for Name<T> {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(name)) => encoder.write_str(&name),
            _ => Ok(()),
        }
    }
}

/// A kind of problem, shown under its slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Slug(Kind);

impl EncodeLabelValue for Slug {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        encoder.write_str(self.0.row().slug)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    verdict: Name<Verdict>,
    r#type: Name<EventType>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Listed {
    list: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Went {
    kind: Slug,
}

/// Counters of this process.
pub struct Metrics {
    registry: Registry,
    decided: Family<Decided, Counter>,
    answered: Family<Answered, Counter>,
    problems: Family<Went, Counter>,
    took: Histogram,
    first_ring: Histogram,
}

/// From a quarter of a millisecond to ten seconds.
const BUCKETS: [f64; 14] =
    [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// From a second to a quarter of an hour; a minute is what is aimed at (R21).
const RING_BUCKETS: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 900.0];

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("sekisho");
        let decided = Family::<Decided, Counter>::default();
        let answered = Family::<Answered, Counter>::default();
        let problems = Family::<Went, Counter>::default();
        let took = Histogram::new(BUCKETS);
        let first_ring = Histogram::new(RING_BUCKETS);
        registry.register("decisions", "Events judged, by verdict and type", decided.clone());
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register("problems", "Requests refused or failed, by kind", problems.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer",
            Unit::Seconds,
            took.clone(),
        );
        registry.register_with_unit(
            "callback_first_ring",
            "Time from the wish to be called now to the first ring",
            Unit::Seconds,
            first_ring.clone(),
        );
        Self { registry, decided, answered, problems, took, first_ring }
    }
}

impl Metrics {
    /// An event was judged.
    pub fn judged(&self, kind: EventType, judged: &Judged) {
        let verdict = Name(judged.assessment.verdict);
        self.decided.get_or_create(&Decided { verdict, r#type: Name(kind) }).inc();
    }

    /// A request was answered.
    pub fn answered(&self, route: &str, status: StatusCode, took: Duration) {
        let answered = Answered { route: route.to_owned(), status: status.as_u16() };
        self.answered.get_or_create(&answered).inc();
        self.took.observe(took.as_secs_f64());
    }

    /// Somebody who wanted to be called now was, so many microseconds later (§5).
    pub fn rang_first(&self, took: i64) {
        self.first_ring.observe(Duration::from_micros(took.unsigned_abs()).as_secs_f64());
    }

    /// A request was refused, or failed.
    pub fn problem(&self, kind: Kind) {
        self.problems.get_or_create(&Went { kind: Slug(kind) }).inc();
    }

    /// The text of `/metrics`: what was counted here, and how things stand now.
    pub fn show(&self, standing: &Standing) -> String {
        let mut text = String::new();
        let _ = prometheus_client::encoding::text::encode_registry(&mut text, &self.registry);
        let _ = standing.show(&mut text);
        let _ = prometheus_client::encoding::text::encode_eof(&mut text);
        text
    }
}

/// How things stand at the moment `/metrics` is asked.
#[derive(Debug, Default)]
pub struct Standing {
    gauges: Vec<(&'static str, &'static str, f64)>,
    counters: Vec<(&'static str, &'static str, u64)>,
    list_ages: Vec<(&'static str, i64)>,
}

impl Standing {
    /// How the judge stands.
    pub fn of(judge: &Judge) -> Self {
        let stats = judge.stats();
        let mut standing = Self::default();
        standing.count("batches", "Transactions of the log", stats.batches());
        standing.count("records", "Records of the log", stats.records());
        standing.count("commit_microseconds", "Time spent in commits", stats.commit_micros());
        standing.count("commit_failures", "Batches not made durable", stats.failures());
        standing.gauge("queue_depth", "Requests waiting to be judged", judge.queue_depth() as f64);
        standing.gauge("accounts_held", "Accounts in memory", stats.accounts_held() as f64);
        standing.gauge("log_position", "Last durable position", stats.position() as f64);
        standing.gauge("ready", "1 when decisions are made", f64::from(u8::from(stats.ready())));
        standing
    }

    /// Adds a count since start.
    pub fn count(&mut self, name: &'static str, help: &'static str, value: u64) {
        self.counters.push((name, help, value));
    }

    /// Adds a level.
    pub fn gauge(&mut self, name: &'static str, help: &'static str, value: f64) {
        self.gauges.push((name, help, value));
    }

    /// Adds the age of a list in days.
    pub fn list_age(&mut self, list: &'static str, days: i64) {
        self.list_ages.push((list, days));
    }

    fn show(&self, text: &mut String) -> std::fmt::Result {
        let mut registry = Registry::with_prefix("sekisho");
        let ages = Family::<Listed, Gauge>::default();
        for (list, days) in &self.list_ages {
            ages.get_or_create(&Listed { list }).set(*days);
        }
        registry.register("list_age_days", "Age of each list", ages);
        for (name, help, value) in &self.gauges {
            registry.register(*name, *help, Constant(ConstGauge::new(*value)));
        }
        for (name, help, value) in &self.counters {
            registry.register(*name, *help, Constant(ConstCounter::new(*value)));
        }
        prometheus_client::encoding::text::encode_registry(text, &registry)
    }
}

/// A value as it stands; the library's own constants lack `Debug + Send + Sync` as one bound.
#[derive(Debug)]
struct Constant<T>(T);

impl<T: prometheus_client::encoding::EncodeMetric> prometheus_client::encoding::EncodeMetric
    for Constant<T>
{
    fn encode(
        &self,
        encoder: prometheus_client::encoding::MetricEncoder<'_>,
    ) -> Result<(), std::fmt::Error> {
        self.0.encode(encoder)
    }

    fn metric_type(&self) -> prometheus_client::metrics::MetricType {
        self.0.metric_type()
    }
}
