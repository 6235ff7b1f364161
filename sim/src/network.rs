//! A small internet of our own: networks, their kinds, and what lists would say of them.
//!
//! Addresses lie in 240.0.0.0/4, which is reserved and routed nowhere; AS numbers are those for
//! private use (RFC 6996). Nothing here is anybody's.

use std::net::{IpAddr, Ipv4Addr};

use crate::dice::Dice;

/// What kind of network it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Homes and shops: a line keeps its address for weeks.
    Fixed,
    /// Phones: an address for a session.
    Mobile,
    /// Firms.
    Office,
    /// Servers for hire.
    Hosting,
    /// Exits of virtual private networks.
    Vpn,
    /// Exits of Tor.
    Tor,
}

/// One network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Place in [`NETWORKS`]; also the /12 of its addresses.
    pub number: u8,
    /// Kind of network.
    pub kind: Kind,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Customers, relative to others of its kind and country.
    pub weight: u32,
}

const fn network(number: u8, kind: Kind, country: &'static str, weight: u32) -> Network {
    Network { number, kind, country, weight }
}

/// Every network there is.
pub static NETWORKS: [Network; 44] = [
    network(0, Kind::Fixed, "JP", 30),
    network(1, Kind::Fixed, "JP", 20),
    network(2, Kind::Fixed, "JP", 14),
    network(3, Kind::Fixed, "JP", 12),
    network(4, Kind::Fixed, "JP", 9),
    network(5, Kind::Fixed, "JP", 7),
    network(6, Kind::Fixed, "JP", 5),
    network(7, Kind::Fixed, "JP", 3),
    network(8, Kind::Mobile, "JP", 36),
    network(9, Kind::Mobile, "JP", 28),
    network(10, Kind::Mobile, "JP", 26),
    network(11, Kind::Mobile, "JP", 10),
    network(12, Kind::Office, "JP", 60),
    network(13, Kind::Office, "JP", 40),
    network(14, Kind::Hosting, "JP", 60),
    network(15, Kind::Hosting, "JP", 40),
    network(16, Kind::Vpn, "JP", 55),
    network(17, Kind::Vpn, "JP", 45),
    network(18, Kind::Fixed, "US", 60),
    network(19, Kind::Fixed, "KR", 100),
    network(20, Kind::Fixed, "TW", 100),
    network(21, Kind::Fixed, "TH", 100),
    network(22, Kind::Fixed, "FR", 100),
    network(23, Kind::Fixed, "GB", 100),
    network(24, Kind::Fixed, "AU", 100),
    network(25, Kind::Fixed, "SG", 100),
    network(26, Kind::Fixed, "VN", 100),
    network(27, Kind::Fixed, "CN", 100),
    network(28, Kind::Fixed, "PH", 100),
    network(29, Kind::Fixed, "IN", 100),
    network(30, Kind::Fixed, "BR", 100),
    network(31, Kind::Fixed, "ID", 100),
    network(32, Kind::Fixed, "DE", 100),
    network(33, Kind::Fixed, "RU", 100),
    network(34, Kind::Fixed, "US", 40),
    network(35, Kind::Hosting, "US", 100),
    network(36, Kind::Hosting, "DE", 100),
    network(37, Kind::Hosting, "NL", 100),
    network(38, Kind::Hosting, "SG", 100),
    network(39, Kind::Vpn, "US", 100),
    network(40, Kind::Vpn, "NL", 100),
    network(41, Kind::Tor, "DE", 100),
    network(42, Kind::Mobile, "US", 100),
    network(43, Kind::Mobile, "KR", 100),
];

/// Countries one goes to on holiday.
const HOLIDAYS: [&str; 8] = ["KR", "TW", "US", "TH", "FR", "GB", "AU", "SG"];

/// Addresses in one network.
const ADDRESSES: u32 = 1 << 20;
/// Addresses in one town of one network.
const TOWN_ADDRESSES: u32 = 1 << 12;
/// First address of all.
const BASE: u32 = 0xf000_0000;

/// Towns in one network.
pub const TOWNS: u32 = ADDRESSES / TOWN_ADDRESSES;

impl Network {
    /// Autonomous system number.
    pub const fn asn(&self) -> u32 {
        64_512 + self.number as u32
    }

    /// An address of a customer in `town`; the same `line` has the same address.
    pub const fn address(&self, town: u32, line: u32) -> IpAddr {
        let offset = (town % TOWNS) * TOWN_ADDRESSES + line % TOWN_ADDRESSES;
        IpAddr::V4(Ipv4Addr::from_bits(BASE + self.number as u32 * ADDRESSES + offset))
    }

    /// Any address.
    pub fn any_address(&self, dice: &mut Dice) -> IpAddr {
        self.address(low(dice), low(dice))
    }

    /// First and last address.
    pub const fn range(&self) -> (Ipv4Addr, Ipv4Addr) {
        let first = BASE + self.number as u32 * ADDRESSES;
        (Ipv4Addr::from_bits(first), Ipv4Addr::from_bits(first + ADDRESSES - 1))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
fn low(dice: &mut Dice) -> u32 {
    dice.bits() as u32
}

/// The network of an address; `None` for one that is not of this internet.
pub fn locate(ip: IpAddr) -> Option<&'static Network> {
    let IpAddr::V4(ip) = ip else { return None };
    let offset = ip.to_bits().checked_sub(BASE)?;
    NETWORKS.get(usize::try_from(offset / ADDRESSES).ok()?)
}

/// A network of this kind and country, by weight.
pub fn draw(kind: Kind, country: &str, dice: &mut Dice) -> &'static Network {
    let of = |network: &&Network| network.kind == kind && network.country == country;
    let sum: u64 = NETWORKS.iter().filter(of).map(|network| u64::from(network.weight)).sum();
    let mut left = dice.below(sum);
    for network in NETWORKS.iter().filter(of) {
        match left.checked_sub(u64::from(network.weight)) {
            Some(less) => left = less,
            None => return network,
        }
    }
    dice.pick(&NETWORKS)
}

/// Somebody's home line anywhere, as proxies for hire are.
pub fn residential(dice: &mut Dice) -> &'static Network {
    loop {
        let network = dice.pick(&NETWORKS);
        if network.kind == Kind::Fixed {
            return network;
        }
    }
}

/// Where one goes on holiday.
pub fn holiday(dice: &mut Dice) -> &'static Network {
    let country = dice.pick(&HOLIDAYS);
    draw(Kind::Fixed, country, dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_found_in_its_network() {
        let mut dice = Dice::of(1, &[]);
        for (place, network) in NETWORKS.iter().enumerate() {
            assert_eq!(usize::from(network.number), place);
            for _ in 0..50 {
                let ip = network.any_address(&mut dice);
                assert_eq!(locate(ip), Some(network), "{ip}");
            }
        }
        assert_eq!(locate(IpAddr::V4(Ipv4Addr::LOCALHOST)), None);
    }
}
