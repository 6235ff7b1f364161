//! One thing that happens in the shop, and the JSON that the shop would send of it.

use std::net::IpAddr;
use std::sync::Arc;

use serde::Serialize;

use crate::attack::Attack;
use crate::shop::Line;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// Who acts, and from where: the same for the steps of one visit.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Number of the account; `None` for a name that nobody has.
    pub number: Option<u64>,
    /// The account's part of the event.
    pub account: Account,
    /// Session, where there is one.
    pub session: Option<u64>,
    /// Address.
    pub ip: IpAddr,
    /// User agent.
    pub user_agent: String,
    /// What the device token is made of.
    pub token: Option<u64>,
}

/// The account's part of an event.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "named as in the API")]
pub struct Account {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<String>,
    pub roles: &'static [&'static str],
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub struct Step {
    /// When, in microseconds UTC.
    pub at: i64,
    /// Who and from where.
    pub scene: Arc<Scene>,
    /// What.
    pub what: What,
    /// Whose doing it is, where it is not the owner's.
    pub attack: Option<Attack>,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum What {
    /// A sign-in with what was presented.
    Login {
        /// It worked.
        succeeded: bool,
        /// With a passkey; else with the password of which `secret` is the key.
        passkey: bool,
        /// Key of the password typed.
        secret: u64,
    },
    /// A change of the account.
    Change {
        /// Event type.
        kind: &'static str,
        /// Field and old and new value, where the type has them.
        change: Option<(&'static str, String, String)>,
    },
    /// A card is stored.
    CardAdded(Payment),
    /// An order.
    Order(Box<Order>),
    /// The bank answers.
    Payment {
        /// What was paid with.
        payment: Payment,
        /// Yen.
        amount: i64,
    },
    /// `session.ended`
    SessionEnded,
    /// `payout.requested`
    Payout(i64),
}

/// An order.
#[derive(Debug, Clone)]
pub struct Order {
    /// What is bought.
    pub lines: Vec<Line>,
    /// Key of the address it goes to; `None` for what goes by mail.
    pub address: Option<u64>,
    /// The addressee's name is the account's.
    pub own_name: bool,
    /// What is paid with.
    pub payment: Payment,
}

/// A means of payment.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    /// Kind, as in the API.
    pub kind: &'static str,
    /// Key of the card.
    pub card: Option<u64>,
    /// Stored before.
    pub stored: bool,
    /// What 3-D Secure said.
    pub three_ds: Option<&'static str>,
    /// Refused by the bank.
    pub declined: bool,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "named as in the API")]
struct Event<'a> {
    event_id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    occurred_at: &'a str,
    account: &'a Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Named>,
    context: Context<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<Credential>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Changed<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Ordered<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<Paid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
}

#[derive(Serialize)]
struct Named {
    id: String,
}

#[derive(Serialize)]
struct Context<'a> {
    ip: IpAddr,
    user_agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
    accept_language: &'a str,
}

#[derive(Serialize)]
struct Credential {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_hash: Option<String>,
}

#[derive(Serialize)]
struct Changed<'a> {
    field: &'a str,
    old: &'a str,
    new: &'a str,
}

#[derive(Serialize)]
struct Ordered<'a> {
    id: String,
    amount: i64,
    currency: &'a str,
    lines: &'a [Line],
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_to: Option<ShipTo>,
    payment: Paid,
}

#[derive(Serialize)]
struct ShipTo {
    address_id: String,
    country: &'static str,
    region: String,
    postcode: String,
    name_matches_account: bool,
}

#[derive(Serialize)]
struct Paid {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<String>,
    stored: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    three_ds: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    declined: bool,
}

impl From<Payment> for Paid {
    fn from(payment: Payment) -> Self {
        let Payment { kind, card, stored, three_ds, declined } = payment;
        let fingerprint = card.map(|key| format!("fp_{key:016x}"));
        let last4 = card.map(|key| format!("{:04}", key % 10_000));
        Self { kind, fingerprint, last4, stored, three_ds, declined }
    }
}

fn ship_to(key: u64, own_name: bool) -> ShipTo {
    let region = 1 + key % 47;
    ShipTo {
        address_id: format!("adr-{:x}", key >> 16),
        country: "JP",
        region: format!("{region:02}"),
        postcode: format!("{:03}-{:04}", 100 + region * 19, (key >> 8) % 10_000),
        name_matches_account: own_name,
    }
}

impl Step {
    /// The event as JSON; `id` names it.
    pub fn json(&self, id: &str) -> String {
        let scene = &*self.scene;
        let at = time(self.at);
        let (kind, status) = self.what.kind_and_status();
        let mut event = Event {
            event_id: id,
            kind,
            status,
            occurred_at: &at,
            account: &scene.account,
            session: scene.session.map(|key| Named { id: format!("s-{key:x}") }),
            context: Context {
                ip: scene.ip,
                user_agent: &scene.user_agent,
                device_token: scene.token.map(|key| format!("dvt_{key:016x}")),
                accept_language: "ja,en;q=0.5",
            },
            credential: None,
            change: None,
            order: None,
            payment: None,
            amount: None,
            currency: None,
        };
        self.what.fill(&mut event, id);
        serde_json::to_string(&event).unwrap_or_default()
    }
}

impl What {
    const fn kind_and_status(&self) -> (&str, Option<&'static str>) {
        match self {
            Self::Login { succeeded: true, .. } => ("login", Some("succeeded")),
            Self::Login { succeeded: false, .. } => ("login", Some("failed")),
            Self::Change { kind, .. } => (*kind, Some("succeeded")),
            Self::CardAdded(_) => ("payment_method.added", Some("succeeded")),
            Self::Order(_) => ("order.placed", Some("attempted")),
            Self::Payment { .. } => ("payment.authorised", None),
            Self::SessionEnded => ("session.ended", None),
            Self::Payout(_) => ("payout.requested", Some("attempted")),
        }
    }

    /// Whether the shop asks what to do about it, rather than telling.
    pub const fn is_asked(&self) -> bool {
        match self {
            Self::Login { succeeded, .. } => *succeeded,
            Self::Change { .. } | Self::CardAdded(_) | Self::Order(_) | Self::Payout(_) => true,
            Self::Payment { .. } | Self::SessionEnded => false,
        }
    }

    fn fill<'a>(&'a self, event: &mut Event<'a>, id: &str) {
        match self {
            Self::Login { passkey, secret, .. } => {
                let kind = if *passkey { "passkey" } else { "password" };
                let secret_hash = (!passkey).then(|| format!("{secret:016x}"));
                event.credential = Some(Credential { kind, secret_hash });
            }
            Self::Change { change, .. } => {
                event.change = change.as_ref().map(|(field, old, new)| Changed { field, old, new });
            }
            Self::CardAdded(payment) => event.payment = Some((*payment).into()),
            Self::Order(order) => {
                event.order = Some(Ordered {
                    id: format!("o-{id}"),
                    amount: order.amount(),
                    currency: "JPY",
                    lines: &order.lines,
                    ship_to: order.address.map(|key| ship_to(key, order.own_name)),
                    payment: order.payment.into(),
                });
            }
            Self::Payment { payment, amount } => {
                event.payment = Some((*payment).into());
                (event.amount, event.currency) = (Some(*amount), Some("JPY"));
            }
            Self::SessionEnded => {}
            Self::Payout(amount) => (event.amount, event.currency) = (Some(*amount), Some("JPY")),
        }
    }
}

impl Order {
    /// Yen.
    pub fn amount(&self) -> i64 {
        self.lines.iter().map(|line| line.unit_amount * i64::from(line.quantity)).sum()
    }
}

/// RFC 3339 in Japan's time.
pub fn time(at: i64) -> String {
    let japan = jiff::tz::Offset::constant(9);
    match jiff::Timestamp::from_microsecond(at) {
        Ok(at) => format!("{}+09:00", japan.to_datetime(at)),
        Err(_) => String::new(),
    }
}
