//! Infrastructure: what kind of network and software is this? Numbers from 300.

use super::evidence;
use crate::decision::{Fact, FactName, Facts};
use crate::risk::{Evidence, Features, Group, Signal};

/// The signals of this group.
pub(super) const SIGNALS: &[Signal] = &[
    Signal {
        number: 301,
        code: "network.datacentre",
        group: Group::Infrastructure,
        doc: "The address belongs to a datacentre or hosting provider.",
        reads: &["source.datacentre", "sign_in.own"],
        read: |features| listed(features, features.source.datacentre, 1.2),
    },
    Signal {
        number: 302,
        code: "network.vpn",
        group: Group::Infrastructure,
        doc: "The address is a known VPN exit.",
        reads: &["source.vpn", "sign_in.own"],
        read: |features| listed(features, features.source.vpn, 0.7),
    },
    Signal {
        number: 303,
        code: "network.tor",
        group: Group::Infrastructure,
        doc: "The address is a Tor exit.",
        reads: &["source.tor", "sign_in.own"],
        read: |features| listed(features, features.source.tor, 2.0),
    },
    Signal {
        number: 304,
        code: "network.reported",
        group: Group::Infrastructure,
        doc: "The address is reported for attacks.",
        reads: &["source.bad", "sign_in.own"],
        read: |features| listed(features, features.source.bad, 1.8),
    },
    Signal {
        number: 311,
        code: "software.automated",
        group: Group::Infrastructure,
        doc: "The user agent itself says that it is a program.",
        reads: &["source.automated", "sign_in.own"],
        read: automated,
    },
];

/// A list's word fades as the list ages (half in half a year), and says nothing about a place that
/// is known to be the owner's: many work behind a VPN every day.
fn listed(features: &Features, age_days: Option<u16>, nats: f64) -> Option<Evidence> {
    let age_days = age_days?;
    if features.sign_in.own {
        return None;
    }
    let fresh = (-f64::from(age_days) / 180.0).exp2();
    evidence(
        nats * fresh,
        [(FactName::AgeDays, Fact::Int(i64::from(age_days)))].into_iter().collect(),
    )
}

fn automated(features: &Features) -> Option<Evidence> {
    let strange = features.source.automated && !features.sign_in.own;
    strange.then(|| Evidence { nats: 1.5, facts: Facts::new() })
}
