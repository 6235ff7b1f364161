//! Familiarity: is this how the owner comes? Numbers from 100.

use smallvec::SmallVec;

use super::evidence;
use crate::decision::{Fact, FactName, Facts};
use crate::risk::sign_in::Familiar;
use crate::risk::{Evidence, Features, Group, Signal};

/// Signals that say: this is the owner's, or likelier the owner's than anybody's.
pub(in crate::risk) const OF_HOME: &[u16] = &[101, 111];
/// Signals that say: the account never was here.
pub(in crate::risk) const OF_STRANGE_PLACES: &[u16] = &[102, 103, 112, 113, 114];

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 101,
        code: "device.known",
        group: Group::Familiarity,
        doc: "The device is the owner's: sign-ins from it were let through and never disputed.",
        reads: &["sign_in.device"],
        read: device_known,
    },
    Signal {
        number: 102,
        code: "device.first_seen",
        group: Group::Familiarity,
        doc: "The device was not seen at the account within 90 days, or never answered a challenge.",
        reads: &["sign_in.device", "sign_in.device_surprise"],
        read: device_first_seen,
    },
    Signal {
        number: 103,
        code: "device.refuted",
        group: Group::Familiarity,
        doc: "A challenge failed on this device, or a takeover of the account came from it.",
        reads: &["sign_in.device"],
        read: device_refuted,
    },
    Signal {
        number: 111,
        code: "network.known",
        group: Group::Familiarity,
        doc: "The address, or one much like it, is likelier under this account than under everybody.",
        reads: &["sign_in.place", "sign_in.place_ratio"],
        read: network_known,
    },
    Signal {
        number: 112,
        code: "network.first_seen",
        group: Group::Familiarity,
        doc: "The place is likelier under everybody than under this account (mended Freeman ratio).",
        reads: &["sign_in.place", "sign_in.place_ratio", "sign_in.asn", "sign_in.country"],
        read: network_first_seen,
    },
    Signal {
        number: 113,
        code: "network.refuted",
        group: Group::Familiarity,
        doc: "A challenge failed at this address, or a takeover of the account came from it.",
        reads: &["sign_in.place", "sign_in.device"],
        read: network_refuted,
    },
    Signal {
        number: 114,
        code: "country.first_seen",
        group: Group::Familiarity,
        doc: "The account was never used from this country.",
        reads: &["sign_in.new_country", "sign_in.country", "account.sign_ins"],
        read: country_first_seen,
    },
    Signal {
        number: 121,
        code: "software.known",
        group: Group::Familiarity,
        doc: "The browser and system are likelier under this account than under everybody.",
        reads: &["sign_in.software_ratio"],
        read: software_known,
    },
    Signal {
        number: 122,
        code: "software.first_seen",
        group: Group::Familiarity,
        doc: "The browser or system is likelier under everybody than under this account.",
        reads: &["sign_in.software_ratio"],
        read: software_first_seen,
    },
    Signal {
        number: 131,
        code: "account.long_away",
        group: Group::Familiarity,
        doc: "Nobody signed in for 180 days, and now somebody does from somewhere new.",
        reads: &["sign_in.days_away", "sign_in.own"],
        read: long_away,
    },
];

fn device_known(features: &Features) -> Option<Evidence> {
    match features.sign_in.device? {
        Familiar::Proved => evidence(-3.5, Facts::new()),
        Familiar::Own => evidence(-2.5, Facts::new()),
        Familiar::Pending | Familiar::New | Familiar::Refuted => None,
    }
}

fn device_first_seen(features: &Features) -> Option<Evidence> {
    match features.sign_in.device? {
        Familiar::New | Familiar::Pending => {
            evidence(features.sign_in.device_surprise.min(2.2), Facts::new())
        }
        Familiar::Proved | Familiar::Own | Familiar::Refuted => None,
    }
}

fn device_refuted(features: &Features) -> Option<Evidence> {
    (features.sign_in.device? == Familiar::Refuted)
        .then_some(Evidence { nats: 4.0, facts: Facts::new() })
}

fn network_known(features: &Features) -> Option<Evidence> {
    let familiar = features.sign_in.place?;
    match familiar {
        Familiar::Proved | Familiar::Own => {
            let ratio = features.sign_in.place_ratio.unwrap_or(0.0);
            evidence(ratio.clamp(-3.0, -1.0), place_facts(features))
        }
        Familiar::New => {
            evidence(features.sign_in.place_ratio?.clamp(-2.0, 0.0), place_facts(features))
        }
        Familiar::Pending | Familiar::Refuted => None,
    }
}

fn network_first_seen(features: &Features) -> Option<Evidence> {
    match features.sign_in.place? {
        Familiar::New | Familiar::Pending => {
            evidence(features.sign_in.place_ratio?.clamp(0.0, 3.0), place_facts(features))
        }
        Familiar::Proved | Familiar::Own | Familiar::Refuted => None,
    }
}

fn network_refuted(features: &Features) -> Option<Evidence> {
    let known_device = features.sign_in.device.is_some_and(Familiar::is_own);
    let refuted = features.sign_in.place? == Familiar::Refuted && !known_device;
    refuted.then(|| Evidence { nats: 2.5, facts: place_facts(features) })
}

fn country_first_seen(features: &Features) -> Option<Evidence> {
    if features.sign_in.new_country? {
        let country = features.sign_in.country?;
        // One earlier sign-in is hardly a habit; from five on it is.
        let habit = f64::from(features.account.sign_ins.min(5)) / 5.0;
        return evidence(
            1.2 * habit,
            [(FactName::Country, Fact::Country(country))].into_iter().collect(),
        );
    }
    None
}

fn software_known(features: &Features) -> Option<Evidence> {
    evidence(features.sign_in.software_ratio?.clamp(-1.5, 0.0), Facts::new())
}

fn software_first_seen(features: &Features) -> Option<Evidence> {
    evidence(features.sign_in.software_ratio?.clamp(0.0, 2.0), Facts::new())
}

fn long_away(features: &Features) -> Option<Evidence> {
    let days = features.sign_in.days_away?;
    let strange = !features.sign_in.own && features.sign_in.place.is_some();
    (days >= 180 && strange).then(|| Evidence {
        nats: 0.7,
        facts: [(FactName::Days, Fact::Int(i64::from(days)))].into_iter().collect(),
    })
}

fn place_facts(features: &Features) -> Facts {
    let asn = features.sign_in.asn.map(|asn| (FactName::Asn, Fact::Int(i64::from(asn))));
    let country = features.sign_in.country.map(|it| (FactName::Country, Fact::Country(it)));
    asn.into_iter().chain(country).collect::<SmallVec<_>>()
}
