//! The nouns of the shop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::book::Thing;

/// Somebody who signed in through Sekisho.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Member {
    /// `sub` of the ID token, which is the account's id at Sekisho.
    pub(crate) id: String,
    pub(crate) mail: String,
    pub(crate) since: i64,
    /// What Sekisho asked to hold: `stored_card`, `payout`, `sign_in`, `security_change`.
    pub(crate) holds: Vec<String>,
    /// Sekisho judges this member's orders and nobody obeys: the store as it was before.
    pub(crate) unguarded: bool,
}

/// A browser; its cookie is kept as a hash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// Who is signed in.
    pub(crate) member: String,
    /// The session at Sekisho, as its tokens call it.
    pub(crate) sid: String,
    /// What signs it out there.
    pub(crate) id_token: String,
    pub(crate) begun_at: i64,
    /// Goods and how many.
    pub(crate) cart: BTreeMap<String, u32>,
    /// A sign-in that is under way.
    pub(crate) signing_in: Option<SigningIn>,
    /// An order that waits for a proof.
    pub(crate) waiting: Option<Waiting>,
}

/// What has to come back unchanged from Sekisho's sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SigningIn {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) then: String,
}

/// An order and the challenge that it waits for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) order: Order,
    pub(crate) challenge: String,
    /// What the customer reads before they prove it.
    pub(crate) action: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) id: String,
    pub(crate) member: String,
    pub(crate) name: String,
    pub(crate) postcode: String,
    pub(crate) place: String,
    pub(crate) added_at: i64,
}

/// A card as the payment provider's token, never a number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) member: String,
    pub(crate) kind: String,
    pub(crate) last4: String,
    pub(crate) added_at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) member: String,
    pub(crate) placed_at: i64,
    pub(crate) lines: Vec<Line>,
    /// None where nothing is sent by post.
    pub(crate) address: Option<Address>,
    pub(crate) card: Card,
    /// The customer keyed the whole card in for this order.
    pub(crate) card_reentered: bool,
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) payment: Payment,
    /// Nothing leaves.
    pub(crate) held: bool,
    pub(crate) decision: Option<String>,
    pub(crate) verdict: String,
    pub(crate) from: From,
}

/// Where an order came from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct From {
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) device: String,
    pub(crate) session: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) category: String,
    pub(crate) kind: String,
    pub(crate) quantity: u32,
    pub(crate) unit_amount: i64,
    pub(crate) seller: Option<String>,
    pub(crate) parcel: String,
}

/// What leaves at once: a box, or one gift code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Parcel {
    pub(crate) id: String,
    pub(crate) seller: Option<String>,
    pub(crate) tracking: String,
    pub(crate) state: ParcelState,
    /// Since when it is there.
    pub(crate) since: i64,
    /// The restitution that wants it back.
    pub(crate) restitution: Option<String>,
    /// Somebody was asked: the carrier to return it, or the seller to take it back.
    pub(crate) asked: Option<Asked>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ParcelState {
    Unshipped,
    InTransit,
    Delivered,
    Returned,
    Cancelled,
    /// A gift code that waits for the order to be let go.
    CodeWaiting,
    /// A gift code that was sent.
    CodeSent,
    /// A gift code that somebody has used.
    CodeRedeemed,
    /// A gift code that is worth nothing any more.
    CodeRevoked,
}

impl Parcel {
    pub(crate) const fn is_box(&self) -> bool {
        use ParcelState::{CodeRedeemed, CodeRevoked, CodeSent, CodeWaiting};
        !matches!(self.state, CodeWaiting | CodeSent | CodeRedeemed | CodeRevoked)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asked {
    Carrier,
    Seller,
}

/// A payment at the provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) amount: i64,
    /// Taken when the first parcel leaves; authorised before.
    pub(crate) captured: bool,
    pub(crate) disputed: bool,
    /// Refunds by their idempotency key.
    pub(crate) refunds: BTreeMap<String, i64>,
}

impl Payment {
    pub(crate) fn refunded(&self) -> i64 {
        self.refunds.values().sum()
    }
}

/// A webhook that was taken, and what was done about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) data: serde_json::Value,
    pub(crate) done: String,
}

impl Order {
    pub(crate) fn amount(&self) -> i64 {
        self.lines.iter().map(|line| line.unit_amount * i64::from(line.quantity)).sum()
    }

    pub(crate) fn parcel(&mut self, id: &str) -> Option<&mut Parcel> {
        self.parcels.iter_mut().find(|parcel| parcel.id == id)
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.parcels.iter().all(|parcel| parcel.state == ParcelState::Cancelled)
    }
}

macro_rules! thing {
    ($noun:ty, $kind:literal, $member:expr, $at:expr) => {
        impl Thing for $noun {
            const KIND: &'static str = $kind;
            fn id(&self) -> &str {
                &self.id
            }
            fn member(&self) -> &str {
                let member: fn(&Self) -> &str = $member;
                member(self)
            }
            fn at(&self) -> i64 {
                let at: fn(&Self) -> i64 = $at;
                at(self)
            }
        }
    };
}

thing!(Member, "member", |_| "", |one| one.since);
thing!(Session, "session", |one| &one.member, |one| one.begun_at);
thing!(Address, "address", |one| &one.member, |one| one.added_at);
thing!(Card, "card", |one| &one.member, |one| one.added_at);
thing!(Order, "order", |one| &one.member, |one| one.placed_at);
thing!(Message, "message", |_| "", |one| one.at);
