//! The store's own lists: who is let through, stopped or watched by name.

use std::net::IpAddr;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::AddressList;
use crate::event::{Event, spelling};
use crate::observation::Origin;

/// What the entries of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// An IPv4 or IPv6 address.
    Ip,
    /// A range of addresses, `203.0.113.0/24`.
    Cidr,
    /// An autonomous system, `AS64500`.
    Asn,
    /// ISO 3166-1 alpha-2.
    Country,
    /// A mail address.
    Email,
    /// A mail domain, with everything below it.
    EmailDomain,
    /// A phone number.
    Phone,
    /// A device token.
    Device,
    /// An account id.
    Account,
    /// A card's fingerprint, or its token where there is none.
    Card,
    /// A ship-to address id.
    Address,
}

impl ListKind {
    /// `value` in the spelling in which it is looked up, or what was expected instead.
    pub fn spell(self, value: &str) -> Result<String, &'static str> {
        let value = value.trim();
        let spelt = match self {
            Self::Ip => {
                let ip: IpAddr = value.parse().map_err(|_| "expected an IPv4 or IPv6 address")?;
                ip.to_canonical().to_string()
            }
            Self::Cidr => {
                AddressList::parse(value.as_bytes())
                    .map_err(|_| "expected an address range such as 203.0.113.0/24")?;
                value.to_owned()
            }
            Self::Asn => {
                let digits = value.trim_start_matches(['A', 'a', 'S', 's']);
                let asn: u32 =
                    digits.parse().map_err(|_| "expected a system number such as AS64500")?;
                asn.to_string()
            }
            Self::Country => match value.as_bytes() {
                [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                    value.to_ascii_uppercase()
                }
                _ => return Err("expected a country code of two letters"),
            },
            Self::Email => match spelling::email(value) {
                email if email.contains('@') => email,
                _ => return Err("expected a mail address"),
            },
            Self::EmailDomain => value.trim_start_matches(['@', '.']).to_lowercase(),
            Self::Phone => spelling::phone(value),
            Self::Device | Self::Account | Self::Card | Self::Address => value.to_owned(),
        };
        if spelt.is_empty() { Err("the value is empty") } else { Ok(spelt) }
    }
}

/// One list of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnList {
    /// Its name, as rules say it.
    pub name: Box<str>,
    /// What its entries are.
    pub kind: ListKind,
    /// Its entries, in any spelling.
    pub entries: Vec<String>,
}

/// Labels of a mail domain that are looked up.
const LABELS_MAX: usize = 16;

/// Places of the lists that hold a value.
type Holders = SmallVec<[u16; 2]>;

/// All lists of the store, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub struct OwnLists {
    names: Vec<Box<str>>,
    ranges: Vec<(u16, AddressList)>,
    values: FxHashMap<(ListKind, Box<str>), Holders>,
    kinds: SmallVec<[ListKind; 8]>,
}

impl OwnLists {
    /// Makes `lists` ready. Entries that fit no spelling of their kind are left out; how many, is
    /// the second value. Lists beyond 65,536 are left out whole and counted by their entries.
    pub fn new(lists: &[OwnList]) -> (Self, usize) {
        let mut own = Self::default();
        let mut unfit = 0;
        for list in lists {
            let Ok(place) = u16::try_from(own.names.len()) else {
                unfit += list.entries.len();
                continue;
            };
            own.names.push(list.name.clone());
            unfit += own.add(place, list);
        }
        (own, unfit)
    }

    fn add(&mut self, place: u16, list: &OwnList) -> usize {
        let spelt: Vec<String> =
            list.entries.iter().filter_map(|entry| list.kind.spell(entry).ok()).collect();
        let unfit = list.entries.len() - spelt.len();
        if list.kind == ListKind::Cidr {
            let text = spelt.join("\n");
            self.ranges.extend(AddressList::parse(text.as_bytes()).map(|list| (place, list)));
            return unfit;
        }
        if !self.kinds.contains(&list.kind) {
            self.kinds.push(list.kind);
        }
        for entry in spelt {
            let holders = self.values.entry((list.kind, entry.into_boxed_str())).or_default();
            if holders.last() != Some(&place) {
                holders.push(place);
            }
        }
        unfit
    }

    /// Names of the lists that name something of `event`, whose address lies in `origin`: in the
    /// order of the lists, each once.
    pub fn hits(&self, event: &Event, origin: &Origin) -> Vec<Box<str>> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let mut places = SmallVec::<[u16; 8]>::new();
        if let Some(ip) = event.context.ip {
            let named = self.ranges.iter().filter(|(_, list)| list.contains(ip));
            places.extend(named.map(|(place, _)| *place));
        }
        for &kind in &self.kinds {
            for value in values(kind, event, origin) {
                let key = (kind, value.into_boxed_str());
                places.extend(self.values.get(&key).into_iter().flatten().copied());
            }
        }
        places.sort_unstable();
        places.dedup();
        places.iter().filter_map(|&place| self.names.get(usize::from(place)).cloned()).collect()
    }
}

/// The values of `kind` in an event, as they are looked up.
fn values(kind: ListKind, event: &Event, origin: &Origin) -> SmallVec<[String; 2]> {
    let account = event.account.as_ref();
    let email = account.and_then(|account| account.email.as_deref());
    let one = |value: Option<&str>| value.map(str::to_owned).into_iter().collect();
    match kind {
        ListKind::Ip => event.context.ip.map(|ip| ip.to_string()).into_iter().collect(),
        ListKind::Cidr => SmallVec::new(),
        ListKind::Asn => origin.asn.map(|asn| asn.to_string()).into_iter().collect(),
        ListKind::Country => {
            let code = |country: crate::observation::Country| country.0.map(char::from);
            origin.country.map(|country| code(country).iter().collect()).into_iter().collect()
        }
        ListKind::Email => email.map(spelling::email).into_iter().collect(),
        ListKind::EmailDomain => {
            let address = email.map(spelling::email).unwrap_or_default();
            let domain = address.rsplit_once('@').map(|(_, domain)| domain);
            let names = std::iter::successors(domain, |name| Some(name.split_once('.')?.1));
            let names = names.take(LABELS_MAX);
            names.map(str::to_owned).collect()
        }
        ListKind::Phone => {
            let phone = account.and_then(|account| account.phone.as_deref());
            phone.map(spelling::phone).into_iter().collect()
        }
        ListKind::Device => one(event.context.device_token.as_deref()),
        ListKind::Account => one(account.map(|account| account.id.as_str())),
        ListKind::Card => {
            let in_order = event.order.as_ref().and_then(|order| order.payment.as_ref());
            let payment = event.payment.as_ref().or(in_order);
            one(payment.and_then(|card| card.fingerprint.as_deref().or(card.token.as_deref())))
        }
        ListKind::Address => {
            let to = event.order.as_ref().and_then(|order| order.ship_to.as_ref());
            one(to.and_then(|to| to.address_id.as_deref()))
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;
    use crate::event::parse;
    use crate::observation::Country;
    use crate::time::Micros;

    fn hits(kind: ListKind, entry: &str) -> bool {
        let event = json!({ "event_id": "1", "type": "order.placed",
            "account": { "id": "u-1", "email": "A@mail.Example.jp", "phone": "090-1234" },
            "context": { "ip": "::ffff:203.0.113.7", "device_token": "dvt_1" },
            "order": { "id": "o", "amount": 1, "currency": "JPY", "ship_to": { "address_id": "adr-5" },
                "payment": { "fingerprint": "fp_1", "token": "pm_1" } } });
        let event = parse(event.to_string().as_bytes(), Micros(1_780_488_250_000_000)).unwrap();
        let origin =
            Origin { asn: Some(64_500), country: Some(Country(*b"JP")), ..Origin::default() };
        let list = |name: &str, entry: &str| OwnList {
            name: name.into(),
            kind,
            entries: vec![entry.to_owned()],
        };
        let (own, unfit) = OwnLists::new(&[list("block", entry), list("block-too", entry)]);
        let hits = own.hits(&event, &origin);
        assert!(hits.is_empty() || hits == ["block".into(), "block-too".into()], "{unfit}");
        !hits.is_empty()
    }

    #[test]
    fn every_kind_of_value_is_found_in_any_spelling() {
        for (kind, entry) in [
            (ListKind::Ip, " 203.0.113.7 "),
            (ListKind::Ip, "::ffff:203.0.113.7"),
            (ListKind::Cidr, "203.0.113.0/24"),
            (ListKind::Asn, "AS64500"),
            (ListKind::Country, "jp"),
            (ListKind::Email, "a@MAIL.example.jp"),
            (ListKind::EmailDomain, "@example.JP"),
            (ListKind::EmailDomain, "mail.example.jp"),
            (ListKind::Phone, "0901234"),
            (ListKind::Device, "dvt_1"),
            (ListKind::Account, "u-1"),
            (ListKind::Card, "fp_1"),
            (ListKind::Address, "adr-5"),
        ] {
            assert!(hits(kind, entry), "{kind:?} {entry}");
        }
    }

    #[test]
    fn a_value_is_looked_up_in_the_lists_of_its_kind_only() {
        assert!(!hits(ListKind::Account, "dvt_1"));
        assert!(!hits(ListKind::EmailDomain, "ple.jp"));
        assert!(!hits(ListKind::Cidr, "203.0.114.0/24"));
        assert!(!hits(ListKind::Card, "pm_1"));
    }

    #[test]
    fn entries_that_fit_nothing_are_counted() {
        let list = OwnList {
            name: "x".into(),
            kind: ListKind::Ip,
            entries: ["1.1.1.1", "not an address", ""].map(str::to_owned).into(),
        };
        assert_eq!(OwnLists::new(&[list]).1, 2);
    }
}
