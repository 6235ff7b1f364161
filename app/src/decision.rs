//! A decision as callers, subscribers and files see it.

use domain::decision::{
    Assessment, AttackPattern, Fact, Facts, Familiarity, MissingFact, Mode, Obligation, Reason,
    Standing, Verdict,
};
use domain::policy::Policy;
use domain::risk::signal_by_number;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use store::DecisionId;
use utoipa::ToSchema;

use crate::http::challenges::ChallengeView;
use crate::openapi::schema;
use crate::text::{Language, fact_name, text};

/// Names of a policy version and its rules, which a record of the log knows only by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyNames {
    /// `pol_…`
    pub version: String,
    /// Names of the rules by place.
    pub rules: Vec<String>,
}

impl PolicyNames {
    /// Names of `policy`, which is called `version`.
    pub fn of(version: &str, policy: &Policy) -> Self {
        let places = (0..policy.len()).filter_map(|place| u16::try_from(place).ok());
        let rules = places.filter_map(|place| policy.rule_name(place)).map(str::to_owned);
        Self { version: version.to_owned(), rules: rules.collect() }
    }

    fn rule(&self, place: u16) -> &str {
        self.rules.get(usize::from(place)).map_or("", String::as_str)
    }
}

/// What was judged, as JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionView<'a> {
    /// Id of the decision, for its outcome and for looking it up.
    #[schema(example = "dec_06awf4t0s8tq5b3c1d2e3f4g5h")]
    pub decision_id: String,
    /// What to do.
    #[schema(value_type = schema::Verdict)]
    pub verdict: Verdict,
    /// Probability that this is not the owner, 0–1.
    #[schema(minimum = 0, maximum = 1)]
    pub score: f64,
    /// Whether the verdict binds, or is only recorded.
    #[schema(value_type = schema::Mode)]
    pub mode: Mode,
    /// Why, strongest first.
    pub reasons: Vec<ReasonView<'a>>,
    /// Facts that would have helped and were missing; never counted as risk.
    #[schema(value_type = Vec<String>)]
    pub unknown: &'a [MissingFact],
    /// What else must be done.
    #[schema(value_type = Vec<schema::Obligation>)]
    pub obligations: &'a [Obligation],
    /// How the account stands after this event. `attacked_held` and `taken_over` are two queues.
    #[schema(value_type = schema::Standing)]
    pub standing: Standing,
    /// The kind of guessing this event is part of.
    #[schema(value_type = Option<schema::AttackPattern>)]
    pub pattern: Option<AttackPattern>,
    /// At a sign-in: how much likelier it is under everybody than under this account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Familiarity>)]
    pub familiarity: Option<Familiarity>,
    /// Where the verdict is `challenge` and the request named a `challenge`: the customer is sent to its
    /// `url`. `null` where there is nothing to prove it with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Option<ChallengeView>>,
    /// What decided.
    pub policy: PolicyView<'a>,
    /// Rules that failed at run time and were treated by their fallback, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_rules: Vec<&'a str>,
    /// What rules in shadow would have said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shadow: Vec<ShadowView<'a>>,
    /// Time from the request's head to this answer, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_us: Option<u64>,
}

/// Which policy and rule decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecidedBy)]
pub struct PolicyView<'a> {
    /// The policy version.
    pub version: &'a str,
    /// The rule that decided; `null` where none did and the policy's default holds.
    pub rule: Option<&'a str>,
}

/// What a rule in shadow would have said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShadowRule)]
pub struct ShadowView<'a> {
    /// Its name.
    pub rule: &'a str,
    /// Its verdict.
    #[schema(value_type = schema::Verdict)]
    pub verdict: Verdict,
}

/// One reason.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reason)]
pub struct ReasonView<'a> {
    /// Stable code of the signal.
    #[schema(example = "network.first_seen")]
    pub code: &'static str,
    /// Log-likelihood ratio in nats: positive speaks for an intruder, negative for the owner.
    pub evidence: f64,
    /// In words, in the language asked for.
    pub text: String,
    /// Readable facts by name.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub facts: FactsView<'a>,
}

/// Facts as a JSON object.
#[derive(Debug)]
pub struct FactsView<'a>(pub &'a Facts);

impl Serialize for FactsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, fact) in self.0 {
            map.serialize_key(fact_name(*name))?;
            match fact {
                Fact::Int(number) => map.serialize_value(number)?,
                Fact::Float(number) => map.serialize_value(&thousandths(*number))?,
                Fact::Country(country) => map.serialize_value(letters(&country.0))?,
                Fact::Currency(currency) => map.serialize_value(letters(currency))?,
                Fact::Field(field) => map.serialize_value(field)?,
                Fact::Pattern(pattern) => map.serialize_value(pattern)?,
            }
        }
        map.end()
    }
}

fn letters(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or("")
}

/// Three decimals: what is shown of a measured number.
pub(crate) fn thousandths(number: f32) -> f64 {
    (f64::from(number) * 1_000.0).round() / 1_000.0
}

impl<'a> ReasonView<'a> {
    /// `reason` in the words of `language`.
    pub fn of(reason: &'a Reason, language: Language) -> Self {
        Self {
            code: signal_by_number(reason.signal).map_or("unknown", |signal| signal.code),
            evidence: thousandths(reason.nats),
            text: text().reason(language, reason),
            facts: FactsView(&reason.facts),
        }
    }
}

impl<'a> DecisionView<'a> {
    /// The decision `id`, judged by the policy of these names.
    pub fn of(
        id: DecisionId,
        mode: Mode,
        assessment: &'a Assessment,
        names: &'a PolicyNames,
        language: Language,
    ) -> Self {
        let shadow = |(rule, verdict): &(u16, Verdict)| ShadowView {
            rule: names.rule(*rule),
            verdict: *verdict,
        };
        Self {
            decision_id: crate::id::show("dec", id.0),
            verdict: assessment.verdict,
            score: assessment.score,
            mode,
            reasons: assessment.reasons.iter().map(|r| ReasonView::of(r, language)).collect(),
            unknown: &assessment.unknown,
            obligations: &assessment.obligations,
            standing: assessment.standing,
            pattern: assessment.pattern,
            familiarity: assessment.familiarity,
            challenge: None,
            policy: PolicyView {
                version: &names.version,
                rule: assessment.rule.map(|rule| names.rule(rule)),
            },
            failed_rules: assessment.failed_rules.iter().map(|rule| names.rule(*rule)).collect(),
            shadow: assessment.shadow.iter().map(shadow).collect(),
            latency_us: None,
        }
    }
}
