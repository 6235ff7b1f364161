//! What judgement sees of an event: facts and keyed hashes, no personal data.
//!
//! The packed form is stored with every event, so that history can be judged again exactly, also
//! after a person has been erased or the infrastructure lists have changed.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::event::{ChangeField, EventType, LineKind, PaymentKind, Status, ThreeDs};
use crate::keyed::{AccountKey, EventKey};
use crate::time::Micros;

/// One event as judgement sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Keyed hash of the event id.
    pub event: EventKey,
    /// Keyed hash of the account id; `None` for an event without an account.
    pub account: Option<AccountKey>,
    /// What happened.
    pub kind: EventType,
    /// How far it got.
    pub status: Status,
    /// When it happened, as the store says.
    pub occurred_at: Micros,
    /// When we heard of it.
    pub received_at: Micros,
    /// When the account was opened, as the store says.
    pub registered_at: Option<Micros>,
    /// Whether the account also sells (R40).
    pub seller: bool,
    /// Keyed hash of the session id.
    #[serde(with = "crate::keyed::whole")]
    pub session: Option<u64>,
    /// Where it came from.
    pub origin: Origin,
    /// What software it came from.
    pub agent: Agent,
    /// Keyed hash of the device token.
    #[serde(with = "crate::keyed::whole")]
    pub device: Option<u64>,
    /// What was presented at a sign-in.
    pub credential: Option<Credential>,
    /// What was changed, from what, to what.
    pub change: Option<Change>,
    /// The account's own contacts at this event.
    pub contact: Contact,
    /// The order, for `order.*`.
    pub order: Option<Box<Order>>,
    /// The means of payment, for `payment_method.*`, `payment.*` and orders.
    pub payment: Option<Payment>,
    /// The store's own lists that hit, by name.
    pub lists: SmallVec<[Box<str>; 0]>,
    /// Properties the operator has declared fit for rules (`policy_properties`), by name.
    pub labels: SmallVec<[(Box<str>, Label); 0]>,
}

/// Where an event came from. Every part is `None` where it is unknown, never where it is harmless.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Keyed hash of the address (IPv4-mapped IPv6 counts as IPv4).
    #[serde(with = "crate::keyed::whole")]
    pub ip: Option<u64>,
    /// Keyed hash of its /24 (IPv4) or /64 (IPv6).
    #[serde(with = "crate::keyed::whole")]
    pub network: Option<u64>,
    /// Autonomous system number.
    pub asn: Option<u32>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<Country>,
    /// Loopback, private or link-local: says nothing about a place.
    pub private: bool,
    /// Datacentre or hosting range.
    pub datacentre: Listed,
    /// VPN exit range.
    pub vpn: Listed,
    /// Tor exit.
    pub tor: Listed,
    /// Reported for attacks.
    pub bad: Listed,
}

impl Origin {
    /// The address, where it says something about a place.
    pub fn place(&self) -> Option<u64> {
        self.ip.filter(|_| !self.private)
    }
}

/// Two ASCII capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Country(pub [u8; 2]);

/// Whether a value is on an infrastructure list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listed {
    /// No such list is loaded.
    #[default]
    Unknown,
    /// The list is loaded and does not name it.
    No,
    /// The list names it and was this many days old (by its own date or its file's) at the time.
    Yes {
        /// Age of the list in whole days.
        age_days: u16,
    },
}

/// The software an event came from, from the user agent and the edge.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// Keyed hash of the whole string.
    #[serde(with = "crate::keyed::whole")]
    pub text: Option<u64>,
    /// Keyed hash of browser name and major version.
    #[serde(with = "crate::keyed::whole")]
    pub browser: Option<u64>,
    /// Keyed hash of system name and version.
    #[serde(with = "crate::keyed::whole")]
    pub system: Option<u64>,
    /// Phone, desktop …
    pub class: DeviceClass,
    /// The string itself says it is a program (crawler, library, headless).
    pub automated: bool,
    /// Keyed hash of the TLS fingerprint passed by the edge.
    #[serde(with = "crate::keyed::whole")]
    pub ja4: Option<u64>,
    /// First language tag of `accept_language`, its primary subtag.
    pub language: Option<[u8; 2]>,
}

/// Class of device, as the user agent claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub enum DeviceClass {
    #[default]
    Unknown,
    Desktop,
    Mobile,
    Tablet,
    Bot,
    Other,
}

/// What was presented at a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Kind of credential.
    pub kind: CredentialKind,
    /// Keyed hash of the store's keyed hash of the secret: tells spraying from stuffing.
    #[serde(with = "crate::keyed::whole")]
    pub secret: Option<u64>,
    /// Whether the secret is known to be breached; `None` when nobody looked.
    pub breached: Option<bool>,
}

/// Kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub enum CredentialKind {
    Password,
    Passkey,
    Totp,
    OneTimeCode,
    Federated,
    RecoveryCode,
    Other,
}

/// A change of something that belongs to the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was changed.
    pub field: ChangeField,
    /// Keyed hash of the old value.
    #[serde(with = "crate::keyed::whole")]
    pub old: Option<u64>,
    /// Keyed hash of the new value.
    #[serde(with = "crate::keyed::whole")]
    pub new: Option<u64>,
}

/// Keyed hashes of the account's contacts as the event gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Mail address, lower-cased domain.
    #[serde(with = "crate::keyed::whole")]
    pub email: Option<u64>,
    /// Phone number, digits and plus only.
    #[serde(with = "crate::keyed::whole")]
    pub phone: Option<u64>,
    /// The mail domain is on the list of disposable domains.
    pub disposable: Listed,
}

/// An order as judgement sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Keyed hash of the order id.
    pub id: u64,
    /// Total in minor units of `currency`.
    pub amount: i64,
    /// ISO 4217.
    pub currency: [u8; 3],
    /// Up to [`Order::LINES_MAX`] lines, the dearest first.
    pub lines: Vec<Line>,
    /// Number of lines, also those left out of `lines`.
    pub lines_total: u32,
    /// Sum of quantities.
    pub quantity: u64,
    /// Keyed hash of the ship-to address (its id, or country, region and postcode).
    #[serde(with = "crate::keyed::whole")]
    pub address: Option<u64>,
    /// Country shipped to, where the store gives it as ISO 3166-1 alpha-2.
    pub ship_country: Option<Country>,
    /// Keyed hash of the country shipped to, however the store spells it.
    #[serde(with = "crate::keyed::whole")]
    pub destination: Option<u64>,
    /// The addressee's name is the account's.
    pub name_matches: Option<bool>,
}

impl Order {
    /// Lines kept for judgement.
    pub const LINES_MAX: usize = 64;
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Keyed hash of the SKU.
    #[serde(with = "crate::keyed::whole")]
    pub sku: Option<u64>,
    /// Keyed hash of the category.
    #[serde(with = "crate::keyed::whole")]
    pub category: Option<u64>,
    /// Keyed hashes of up to six words of the title, lower-cased: a category where none is given.
    pub words: SmallVec<[u32; 6]>,
    /// Keyed hash of the seller.
    #[serde(with = "crate::keyed::whole")]
    pub seller: Option<u64>,
    /// Pieces.
    pub quantity: u32,
    /// Price of one, minor units.
    pub unit_amount: i64,
    /// Physical, digital, gift card.
    pub kind: LineKind,
}

/// A means of payment as judgement sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Kind of payment.
    pub kind: PaymentKind,
    /// Keyed hash of the card's fingerprint, or of the token where there is none.
    #[serde(with = "crate::keyed::whole")]
    pub card: Option<u64>,
    /// Whether it was stored before (R53).
    pub stored: Option<bool>,
    /// What 3-D Secure said of this payment.
    pub three_ds: Option<ThreeDs>,
    /// The payment was declined or failed (for `payment.*`).
    pub declined: bool,
    /// Minor units, for `payment.*`.
    pub amount: Option<i64>,
}

/// A property value fit for rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Label {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
}
