//! The shapes of an event.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::time::Micros;

/// An event as a store sends it, after parsing and checking.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The store's id of this event; repeated ids are the same event.
    pub event_id: String,
    /// What happened.
    pub kind: EventType,
    /// The name the store used, for `custom.*`.
    pub custom: Option<String>,
    /// How far it got. Facts that have no status are `Succeeded`.
    pub status: Status,
    /// When it happened; the time of receipt where the store gave none.
    pub occurred_at: Micros,
    /// Whose account.
    pub account: Option<Account>,
    /// Session id.
    pub session_id: Option<String>,
    /// Where it came from.
    pub context: Context,
    /// What was presented at a sign-in.
    pub credential: Option<Credential>,
    /// For changes.
    pub change: Option<Change>,
    /// For orders.
    pub order: Option<Order>,
    /// For payments and payment methods (an order carries its own).
    pub payment: Option<Payment>,
    /// For `payment.*`.
    pub amount: Option<i64>,
    /// For `payment.disputed`.
    pub dispute_id: Option<String>,
    /// For `shipment.*`.
    pub shipment: Option<Shipment>,
    /// The caller decided without us (`on_timeout`) and reports it now.
    pub degraded: bool,
    /// `properties` and every unknown top-level field.
    pub properties: serde_json::Map<String, serde_json::Value>,
}

/// Type of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it; see the table in api.md")]
pub enum EventType {
    #[serde(rename = "login")]
    Login,
    #[serde(rename = "registration")]
    Registration,
    #[serde(rename = "credential.password_changed")]
    PasswordChanged,
    #[serde(rename = "credential.passkey_added")]
    PasskeyAdded,
    #[serde(rename = "credential.passkey_removed")]
    PasskeyRemoved,
    #[serde(rename = "credential.totp_added")]
    TotpAdded,
    #[serde(rename = "credential.totp_removed")]
    TotpRemoved,
    #[serde(rename = "credential.two_step_enabled")]
    TwoStepEnabled,
    #[serde(rename = "credential.two_step_disabled")]
    TwoStepDisabled,
    #[serde(rename = "credential.reset_requested")]
    ResetRequested,
    #[serde(rename = "profile.email_changed")]
    EmailChanged,
    #[serde(rename = "profile.phone_changed")]
    PhoneChanged,
    #[serde(rename = "profile.name_changed")]
    NameChanged,
    #[serde(rename = "profile.address_added")]
    AddressAdded,
    #[serde(rename = "profile.address_changed")]
    AddressChanged,
    #[serde(rename = "profile.address_removed")]
    AddressRemoved,
    #[serde(rename = "payment_method.added")]
    PaymentMethodAdded,
    #[serde(rename = "payment_method.removed")]
    PaymentMethodRemoved,
    #[serde(rename = "order.placed")]
    OrderPlaced,
    #[serde(rename = "order.changed")]
    OrderChanged,
    #[serde(rename = "order.cancelled")]
    OrderCancelled,
    #[serde(rename = "payment.authorised")]
    PaymentAuthorised,
    #[serde(rename = "payment.captured")]
    PaymentCaptured,
    #[serde(rename = "payment.refunded")]
    PaymentRefunded,
    #[serde(rename = "payment.disputed")]
    PaymentDisputed,
    #[serde(rename = "shipment.created")]
    ShipmentCreated,
    #[serde(rename = "shipment.handed_over")]
    ShipmentHandedOver,
    #[serde(rename = "shipment.in_transit")]
    ShipmentInTransit,
    #[serde(rename = "shipment.delivered")]
    ShipmentDelivered,
    #[serde(rename = "shipment.returned")]
    ShipmentReturned,
    #[serde(rename = "shipment.lost")]
    ShipmentLost,
    #[serde(rename = "payout.requested")]
    PayoutRequested,
    #[serde(rename = "payout.account_changed")]
    PayoutAccountChanged,
    #[serde(rename = "session.ended")]
    SessionEnded,
    /// `custom.*`
    #[serde(rename = "custom")]
    Custom,
}

/// How far an event got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Status {
    Attempted,
    Succeeded,
    Failed,
}

/// The account an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Account {
    pub id: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub registered_at: Option<Micros>,
    pub roles: Vec<String>,
}

/// Where an event came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Context {
    /// Canonical: IPv4-mapped IPv6 is given as IPv4.
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub device_token: Option<String>,
    pub ja4: Option<String>,
    pub accept_language: Option<String>,
}

/// What was presented at a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Credential {
    pub kind: crate::observation::CredentialKind,
    /// The store's keyed hash of the secret, never the secret.
    pub secret_hash: Option<String>,
    /// The store says the secret is breached.
    pub breached: Option<bool>,
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Change {
    pub field: ChangeField,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// What can be changed about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum ChangeField {
    Password,
    Passkey,
    Totp,
    TwoStep,
    Email,
    Phone,
    Name,
    Address,
    PaymentMethod,
    BankAccount,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Order {
    pub id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: [u8; 3],
    pub lines: Vec<Line>,
    pub ship_to: Option<ShipTo>,
    pub payment: Option<Payment>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Line {
    pub sku: Option<String>,
    pub title: Option<String>,
    pub category: Option<String>,
    pub quantity: u32,
    pub unit_amount: i64,
    pub kind: LineKind,
    pub seller_id: Option<String>,
}

/// Kind of goods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum LineKind {
    #[default]
    Physical,
    Digital,
    GiftCard,
}

/// Where an order goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct ShipTo {
    pub address_id: Option<String>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    pub name_matches_account: Option<bool>,
}

/// A means of payment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Payment {
    pub kind: PaymentKind,
    pub token: Option<String>,
    pub fingerprint: Option<String>,
    pub stored: Option<bool>,
    pub last4: Option<String>,
    pub three_ds: Option<ThreeDs>,
    pub declined: bool,
}

/// Kind of payment (R51).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum PaymentKind {
    CreditCard,
    DebitCard,
    PayLater,
    CarrierBilling,
    Points,
    GiftBalance,
    BankTransfer,
    CashOnDelivery,
    Other,
}

/// What 3-D Secure said of one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum ThreeDs {
    NotAttempted,
    Attempted,
    Frictionless,
    Challenged,
    Authenticated,
    Failed,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Shipment {
    pub id: String,
    pub order_id: Option<String>,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
}
