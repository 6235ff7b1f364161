//! Purchase: does the owner buy like this? Numbers from 600.
//!
//! Weights were fitted once (logistic regression) on takeovers planted by several schemes into
//! real order histories; see `docs/decisions/0030-*`. Each saturates: one odd habit is no proof.

mod goods;
mod pace;
mod payment;

use smallvec::smallvec;

use crate::decision::{Fact, FactName, Facts};
use crate::risk::{Evidence, Group, Signal};

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 600,
        code: "purchase.burst",
        group: Group::Purchase,
        doc: "More sittings of orders within 48 h than the account's own pace leads to expect (R2).",
        reads: &["purchase.pace", "purchase.history"],
        read: pace::burst,
    },
    Signal {
        number: 601,
        code: "purchase.usual_pace",
        group: Group::Purchase,
        doc: "The first order within 48 h of an account that has ordered before.",
        reads: &["purchase.pace", "purchase.history"],
        read: pace::usual_pace,
    },
    Signal {
        number: 602,
        code: "purchase.large_spend",
        group: Group::Purchase,
        doc: "Far more is spent within 48 h than the account usually spends (R2).",
        reads: &["purchase.spend", "purchase.history"],
        read: pace::large_spend,
    },
    Signal {
        number: 603,
        code: "purchase.after_suspect_order",
        group: Group::Purchase,
        doc: "An earlier order of these 48 h looked like an intruder's and nobody has proved otherwise.",
        reads: &["purchase.suspect_before"],
        read: pace::after_suspect_order,
    },
    Signal {
        number: 604,
        code: "purchase.owner_proved",
        group: Group::Purchase,
        doc: "The owner has proved an earlier order of these 48 h.",
        reads: &["purchase.proved"],
        read: pace::owner_proved,
    },
    Signal {
        number: 605,
        code: "purchase.unusual_hour",
        group: Group::Purchase,
        doc: "An hour at which this account does not order.",
        reads: &["purchase.hour"],
        read: pace::unusual_hour,
    },
    Signal {
        number: 606,
        code: "purchase.usual_hour",
        group: Group::Purchase,
        doc: "An hour at which this account often orders.",
        reads: &["purchase.hour"],
        read: pace::usual_hour,
    },
    Signal {
        number: 610,
        code: "purchase.unfamiliar_goods",
        group: Group::Purchase,
        doc: "The goods look less like the account's own than like anybody's.",
        reads: &["purchase.basket"],
        read: goods::unfamiliar,
    },
    Signal {
        number: 611,
        code: "purchase.familiar_goods",
        group: Group::Purchase,
        doc: "The goods look like what the account has bought before.",
        reads: &["purchase.basket"],
        read: goods::familiar,
    },
    Signal {
        number: 612,
        code: "purchase.unusual_quantity",
        group: Group::Purchase,
        doc: "Pieces or lines in numbers that are not the account's own.",
        reads: &["purchase.pieces", "purchase.lines"],
        read: goods::unusual_quantity,
    },
    Signal {
        number: 613,
        code: "purchase.usual_quantity",
        group: Group::Purchase,
        doc: "Pieces and lines in numbers that are the account's own.",
        reads: &["purchase.pieces", "purchase.lines"],
        read: goods::usual_quantity,
    },
    Signal {
        number: 614,
        code: "purchase.first_instant_goods",
        group: Group::Purchase,
        doc: "Gift cards or digital goods, which this account has never bought (X2).",
        reads: &["purchase.first_instant_goods", "purchase.history"],
        read: goods::first_instant_goods,
    },
    Signal {
        number: 620,
        code: "purchase.new_country",
        group: Group::Purchase,
        doc: "Ships to a country the account had never shipped to before these 48 h.",
        reads: &["purchase.new_country", "purchase.history"],
        read: payment::new_country,
    },
    Signal {
        number: 621,
        code: "purchase.new_address",
        group: Group::Purchase,
        doc: "Ships to an address the account has had for less than 72 h (R56).",
        reads: &["purchase.address", "purchase.history"],
        read: payment::new_address,
    },
    Signal {
        number: 622,
        code: "purchase.stored_card_new_address",
        group: Group::Purchase,
        doc: "A stored card pays for an address it has never paid for (R53, R56).",
        reads: &["purchase.address", "purchase.card", "purchase.history"],
        read: payment::stored_card_new_address,
    },
    Signal {
        number: 623,
        code: "purchase.card_typed_again",
        group: Group::Purchase,
        doc: "The number of a card the account has long had was typed again (R53).",
        reads: &["purchase.card"],
        read: payment::card_typed_again,
    },
    Signal {
        number: 624,
        code: "purchase.issuer_authenticated",
        group: Group::Purchase,
        doc: "The card's issuer has authenticated its holder, by 3-D Secure (R53).",
        reads: &["purchase.card"],
        read: payment::issuer_authenticated,
    },
    Signal {
        number: 625,
        code: "purchase.issuer_refused",
        group: Group::Purchase,
        doc: "3-D Secure failed for this payment.",
        reads: &["purchase.card"],
        read: payment::issuer_refused,
    },
    Signal {
        number: 626,
        code: "purchase.card_from_suspect_session",
        group: Group::Purchase,
        doc: "The card came to the account within 30 days, in a session that looked like an intruder's (X5).",
        reads: &["purchase.card"],
        read: payment::card_from_suspect_session,
    },
    Signal {
        number: 627,
        code: "purchase.card_testing",
        group: Group::Purchase,
        doc: "A small order with a card new to the account, then one ten times as large (X5).",
        reads: &["purchase.small_then_large", "purchase.card"],
        read: payment::card_testing,
    },
    Signal {
        number: 628,
        code: "purchase.declined_payments",
        group: Group::Purchase,
        doc: "Several payments of the account were declined of late (X5).",
        reads: &["purchase.declines"],
        read: payment::declined_payments,
    },
];

/// What a signal says, unless it is next to nothing.
fn say(nats: f64, facts: Facts) -> Option<Evidence> {
    (nats.abs() >= 0.05).then_some(Evidence { nats, facts })
}

/// Nothing but how much.
fn bare(nats: f64) -> Option<Evidence> {
    say(nats, Facts::new())
}

/// How many times likelier under one than under the other.
fn ratio(log_ratio: f64) -> Facts {
    smallvec![(FactName::Ratio, Fact::Float(tenths(log_ratio.abs().min(9.0).exp())))]
}

/// A number for people, to one decimal.
#[expect(clippy::cast_possible_truncation, reason = "one decimal is enough for people")]
fn tenths(value: f64) -> f32 {
    ((value * 10.0).round() / 10.0) as f32
}

/// How much an account's habit can say: little from one order, all from three.
fn experience(history: u32) -> f64 {
    (0.25 + 0.25 * f64::from(history)).min(1.0)
}
