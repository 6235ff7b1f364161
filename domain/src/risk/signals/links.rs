//! Links: who else has this address, phone, device, card? Numbers from 700.
//!
//! Households share and gifts travel: one or two others say nothing.

use smallvec::smallvec;

use crate::decision::{Fact, FactName};
use crate::memory::links::Shared;
use crate::risk::{Evidence, Features, Group, Signal};
use crate::time::DAY;

/// What a confirmed takeover says of a value halves in so many microseconds.
const HALF_LIFE: f64 = (180 * DAY) as f64;

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 700,
        code: "links.device_shared",
        group: Group::Links,
        doc: "Three or more other accounts used this device within 30 days.",
        reads: &["links.device_accounts"],
        read: |features| shared(features.links.device_accounts?, 0.5),
    },
    Signal {
        number: 701,
        code: "links.card_shared",
        group: Group::Links,
        doc: "Three or more other accounts paid with this card within 30 days (X5).",
        reads: &["links.card_accounts"],
        read: |features| shared(features.links.card_accounts?, 0.9),
    },
    Signal {
        number: 702,
        code: "links.phone_shared",
        group: Group::Links,
        doc: "Three or more other accounts gave this phone number within 30 days.",
        reads: &["links.phone_accounts"],
        read: |features| shared(features.links.phone_accounts?, 0.6),
    },
    Signal {
        number: 703,
        code: "links.email_shared",
        group: Group::Links,
        doc: "Three or more other accounts gave this mail address within 30 days.",
        reads: &["links.email_accounts"],
        read: |features| shared(features.links.email_accounts?, 0.6),
    },
    Signal {
        number: 704,
        code: "links.mule_address",
        group: Group::Links,
        doc: "Many accounts began to ship to this address within 14 days, more than this shop's addresses lead to expect (T18).",
        reads: &["links.address"],
        read: mule_address,
    },
    Signal {
        number: 710,
        code: "links.device_of_takeover",
        group: Group::Links,
        doc: "A confirmed takeover of another account came from this device.",
        reads: &["links.taken"],
        read: |features| taken(features, Shared::Device, 4.0),
    },
    Signal {
        number: 711,
        code: "links.address_of_takeover",
        group: Group::Links,
        doc: "A confirmed takeover of another account shipped to this address.",
        reads: &["links.taken"],
        read: |features| taken(features, Shared::Address, 3.0),
    },
    Signal {
        number: 712,
        code: "links.card_of_takeover",
        group: Group::Links,
        doc: "A confirmed takeover of another account paid with this card.",
        reads: &["links.taken"],
        read: |features| taken(features, Shared::Card, 3.5),
    },
    Signal {
        number: 713,
        code: "links.phone_of_takeover",
        group: Group::Links,
        doc: "A confirmed takeover of another account left this phone number.",
        reads: &["links.taken"],
        read: |features| taken(features, Shared::Phone, 3.5),
    },
    Signal {
        number: 714,
        code: "links.email_of_takeover",
        group: Group::Links,
        doc: "A confirmed takeover of another account left this mail address.",
        reads: &["links.taken"],
        read: |features| taken(features, Shared::Email, 3.5),
    },
];

fn accounts(count: f64) -> (FactName, Fact) {
    #[expect(clippy::cast_possible_truncation, reason = "a count of accounts")]
    (FactName::Accounts, Fact::Int(count.round() as i64))
}

/// From the third other account on, `each` nats for one more; three nats at most.
fn shared(others: f64, each: f64) -> Option<Evidence> {
    let nats = (each * (others - 2.0)).clamp(0.0, 3.0);
    (nats > 0.0).then(|| Evidence { nats, facts: smallvec![accounts(others)] })
}

/// The tail of a geometric distribution (Poisson with a rate as different between addresses as
/// they come) around what this shop's addresses have. A place that half a town ships to, such as
/// a pick-up point, has many accounts in all, and says nothing.
fn mule_address(features: &Features) -> Option<Evidence> {
    let crowding = features.links.address?;
    let surprise = crowding.newcomers * (1.0 + 1.0 / crowding.expected.max(0.1)).ln();
    let public = (crowding.all / 100.0).min(1.0);
    let nats = (0.4 * (surprise - 5.0) * (1.0 - public)).clamp(0.0, 3.5);
    (nats > 0.0).then(|| Evidence { nats, facts: smallvec![accounts(crowding.newcomers)] })
}

fn taken(features: &Features, kind: Shared, most: f64) -> Option<Evidence> {
    let age = features.links.taken(kind)?;
    let nats = most * (-(age as f64) / HALF_LIFE).exp2();
    let facts = smallvec![(FactName::AgeDays, Fact::Int(age / DAY))];
    (nats >= 0.05).then_some(Evidence { nats, facts })
}
