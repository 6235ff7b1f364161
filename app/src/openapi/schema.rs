//! Shapes that the description shows for what other rooms read and write by hand. A test holds the
//! names to those of `domain`.

#![expect(missing_docs, reason = "named as in api.md")]

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::http::challenges::WithDecision;
use crate::http::problem::ProblemBody;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Allow,
    Challenge,
    Review,
    Deny,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Enforce,
    Shadow,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Quiet,
    AttackedHeld,
    TakenOver,
}

/// Which of the desk's two queues.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    AttackedHeld,
    TakenOver,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttackPattern {
    Stuffing,
    Spraying,
    BruteForce,
}

/// Many spans in short.
#[derive(Serialize, ToSchema)]
pub struct Span {
    /// How many.
    pub count: usize,
    /// Half of them took no longer.
    pub median_seconds: Option<i64>,
    /// Nine in ten took no longer.
    pub p90_seconds: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    ChallengePassed,
    ChallengeFailed,
    Completed,
    Abandoned,
    ConfirmedOwner,
    ConfirmedTakeover,
}

#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    Ip,
    Cidr,
    Asn,
    Country,
    Email,
    EmailDomain,
    Phone,
    Device,
    Account,
    Card,
    Address,
}

#[derive(Serialize, ToSchema)]
pub struct Familiarity {
    /// The ratio of Freeman et al. (NDSS 2016), unmended.
    pub freeman: f64,
    /// Ours.
    pub mended: f64,
}

/// An event. Unknown fields are kept in `properties`, never an error.
#[derive(Serialize, ToSchema)]
pub struct Event {
    /// Your id of this event: the same id is the same event.
    #[schema(example = "8f2b6a1e")]
    pub event_id: String,
    /// What happened: `login`, `order.placed`, `profile.email_changed` … or `custom.*`.
    #[schema(example = "login")]
    pub r#type: String,
    /// How far it got; facts that have no status are `succeeded`.
    pub status: Option<Status>,
    /// When it happened, RFC 3339 with offset; the time of receipt where absent.
    #[schema(example = "2026-06-03T21:04:05+09:00", format = DateTime)]
    pub occurred_at: Option<String>,
    pub account: Option<Account>,
    pub session: Option<Session>,
    pub context: Option<Context>,
    pub credential: Option<Credential>,
    pub change: Option<Change>,
    pub order: Option<Order>,
    pub payment: Option<Payment>,
    /// For `payment.*`, in minor units.
    pub amount: Option<i64>,
    pub shipment: Option<Shipment>,
    /// You decided without us (`on_timeout`) and report it now.
    pub degraded: Option<bool>,
    /// Anything else.
    pub properties: Option<BTreeMap<String, serde_json::Value>>,
}

/// An event to be judged.
#[derive(Serialize, ToSchema)]
pub struct DecisionRequest {
    #[serde(flatten)]
    pub event: Event,
    /// Whether the verdict binds (default) or is only recorded.
    pub mode: Option<Mode>,
    /// What the customer proves where the verdict is `challenge`: the answer carries it then.
    pub challenge: Option<WithDecision>,
}

/// One event, or a batch of up to 10,000.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum EventsRequest {
    One(Box<Event>),
    Many(Vec<Event>),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Attempted,
    Succeeded,
    Failed,
}

#[derive(Serialize, ToSchema)]
pub struct Account {
    /// Your id of the account.
    #[schema(example = "u-1001")]
    pub id: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[schema(format = DateTime)]
    pub registered_at: Option<String>,
    pub roles: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
pub struct Session {
    pub id: String,
}

#[derive(Serialize, ToSchema)]
pub struct Context {
    #[schema(example = "203.0.113.7")]
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub device_token: Option<String>,
    pub ja4: Option<String>,
    pub accept_language: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Credential {
    /// `password`, `passkey`, `totp`, `one_time_code`, `federated`, `recovery_code`.
    pub kind: String,
    /// Your keyed hash of the secret; never the secret.
    pub secret_hash: Option<String>,
    pub breached: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub struct Change {
    pub field: Option<String>,
    pub old: Option<String>,
    pub new: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Order {
    pub id: String,
    /// Minor units (JPY has none).
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "JPY")]
    pub currency: String,
    pub lines: Option<Vec<Line>>,
    pub ship_to: Option<ShipTo>,
    pub payment: Option<Payment>,
}

#[derive(Serialize, ToSchema)]
pub struct Line {
    pub sku: Option<String>,
    pub title: Option<String>,
    pub category: Option<String>,
    pub quantity: u32,
    pub unit_amount: i64,
    /// `physical`, `digital`, `gift_card`.
    pub kind: Option<String>,
    pub seller_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ShipTo {
    pub address_id: Option<String>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    pub name_matches_account: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub struct Payment {
    /// `credit_card`, `debit_card`, `pay_later`, `carrier_billing`, `points`, `gift_balance`,
    /// `bank_transfer`, `cash_on_delivery`.
    pub kind: String,
    pub token: Option<String>,
    pub fingerprint: Option<String>,
    pub stored: Option<bool>,
    pub last4: Option<String>,
    pub three_ds: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Shipment {
    pub id: String,
    pub order_id: Option<String>,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailVerdict {
    Genuine,
    Suspicious,
    Forged,
    Unclear,
}

#[derive(Serialize, ToSchema)]
pub struct MailReport {
    pub verdict: MailVerdict,
    /// 0 to 1, higher is worse.
    pub score: f64,
    /// Why, strongest first.
    pub reasons: Vec<MailReason>,
    /// `authentication`, `link_targets`, `attachments`, `rest`.
    pub not_checked: Vec<String>,
    /// Authenticated, and not all of its links lead to the brand.
    pub likely_genuine: bool,
    /// What the ledger of sent mail says; absent where it has nothing to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
}

/// `ours`: sent, with this content. `to_another`: sent, to somebody else. `other_content`: there is
/// one of this Message-ID, with other content. `content_unknown`: there is one, its content is not
/// known. `not_found`: there is none, and the ledger is complete.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    Ours,
    ToAnother,
    OtherContent,
    ContentUnknown,
    NotFound,
}

#[derive(Serialize, ToSchema)]
pub struct MailReason {
    /// Stable code of the signal.
    pub code: String,
    /// Log-likelihood ratio in nats; positive speaks against the mail.
    pub evidence: f64,
    /// What it was read from.
    pub facts: Vec<MailFact>,
}

#[derive(Serialize, ToSchema)]
pub struct MailFact {
    pub name: String,
    pub value: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// The same key with the same request gets the same answer; with another request 422.
    #[param(rename = "Idempotency-Key")]
    pub idempotency_key: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct AcceptLanguage {
    /// `ja` or `en`.
    #[param(rename = "Accept-Language")]
    pub accept_language: Option<String>,
}

/// What every route may refuse with.
#[derive(IntoResponses)]
pub enum Refusals {
    /// Not JSON, not UTF-8, or a header that makes no sense
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(ProblemBody<'static>),
    /// No key in force
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorised(ProblemBody<'static>),
    /// The key lacks the scope
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemBody<'static>),
    /// Nothing of that name
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemBody<'static>),
    /// Contradicts what is there
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemBody<'static>),
    /// More than a request may carry
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemBody<'static>),
    /// Neither JSON nor NDJSON
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(ProblemBody<'static>),
    /// JSON of the wrong shape; `errors` says where
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(ProblemBody<'static>),
    /// Faster than agreed; see `Retry-After`
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(ProblemBody<'static>),
    /// Not now; see `Retry-After`
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemBody<'static>),
}
