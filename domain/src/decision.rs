//! What was judged, and why.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::observation::Country;

/// What the store should do with the event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Let it through.
    #[default]
    Allow,
    /// Ask for a second proof.
    Challenge,
    /// Orders: take it, do not ship.
    Review,
    /// Refuse it.
    Deny,
}

/// What else must be done, so that a verdict never has to mean "lock".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as in api.md")]
pub enum Obligation {
    #[serde(rename = "notify_owner")]
    NotifyOwner,
    #[serde(rename = "notify_previous_contacts")]
    NotifyPreviousContacts,
    #[serde(rename = "hold_fulfillment")]
    HoldFulfillment,
    #[serde(rename = "cancel_order")]
    CancelOrder,
    #[serde(rename = "revoke_sessions")]
    RevokeSessions,
    #[serde(rename = "restrict:stored_card")]
    RestrictStoredCard,
    #[serde(rename = "restrict:security_change")]
    RestrictSecurityChange,
    #[serde(rename = "restrict:new_device_sign_in")]
    RestrictNewDeviceSignIn,
    #[serde(rename = "restrict:payout")]
    RestrictPayout,
    #[serde(rename = "require:card_reentry")]
    RequireCardReentry,
    #[serde(rename = "open_case")]
    OpenCase,
}

/// Whether a verdict binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The store acts on the verdict.
    #[default]
    Enforce,
    /// The verdict is only recorded.
    Shadow,
}

/// How an account stands after this event: two queues that must never be mixed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing going on.
    #[default]
    Quiet,
    /// Somebody tries, nobody got in.
    AttackedHeld,
    /// Somebody who is probably not the owner got in.
    TakenOver,
}

/// How guesses come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttackPattern {
    /// Many accounts, few tries each, many secrets: leaked pairs.
    Stuffing,
    /// One secret, many accounts.
    Spraying,
    /// One account, many secrets.
    BruteForce,
}

/// One reason of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The signal's index in [`crate::risk::SIGNALS`]; its code is what is shown and stored.
    pub signal: u16,
    /// Log-likelihood ratio in nats, after its group's cap.
    pub nats: f32,
    /// Readable facts, without personal data.
    pub facts: Facts,
}

/// Readable facts of a reason, by name.
pub type Facts = SmallVec<[(FactName, Fact); 3]>;

/// Name of a fact: also the name of the placeholder in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum FactName {
    Asn,
    Country,
    PreviousCountry,
    Days,
    Hours,
    Minutes,
    Count,
    Usual,
    Amount,
    Currency,
    Accounts,
    Secrets,
    Share,
    Ratio,
    AgeDays,
    Field,
    Pattern,
}

/// Value of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Fact {
    Int(i64),
    Float(f32),
    Country(Country),
    Currency([u8; 3]),
    Field(crate::event::ChangeField),
    Pattern(AttackPattern),
}

/// Everything judged of one event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Assessment {
    /// What to do, before `mode` is applied.
    pub verdict: Verdict,
    /// Probability that this is not the owner, 0–1, six decimals.
    pub score: f64,
    /// Strongest first.
    pub reasons: SmallVec<[Reason; 4]>,
    /// Facts that would have helped and were missing.
    pub unknown: SmallVec<[MissingFact; 16]>,
    /// In the order of [`Obligation`], each once.
    pub obligations: SmallVec<[Obligation; 4]>,
    /// The rule that decided, by its place in the policy; `None` for the policy's default.
    pub rule: Option<u16>,
    /// What rules in shadow would have said, by place.
    pub shadow: SmallVec<[(u16, Verdict); 0]>,
    /// Rules that failed at run time, by place, and were treated by their fallback.
    pub failed_rules: SmallVec<[u16; 0]>,
    /// How the account stands after this event.
    pub standing: Standing,
    /// The kind of guessing this event is part of.
    pub pattern: Option<AttackPattern>,
    /// Scores of familiarity at a sign-in.
    pub familiarity: Option<Familiarity>,
}

/// Familiarity of a sign-in: how much likelier it is under everybody than under this account.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Familiarity {
    /// The ratio of Freeman et al. (NDSS 2016), unmended.
    pub freeman: f64,
    /// Ours.
    pub mended: f64,
}

/// A fact that would have helped and was not there. Reported, never counted as risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as in api.md")]
pub enum MissingFact {
    Ip,
    UserAgent,
    DeviceToken,
    Asn,
    Country,
    DatacentreList,
    VpnList,
    TorList,
    BadIpList,
    SecretHash,
    BreachedPassword,
    RegisteredAt,
    ShipTo,
    PaymentFingerprint,
    OrderLines,
    SessionId,
    History,
}
