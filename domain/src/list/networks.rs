//! Which autonomous system announces an address.

use std::net::IpAddr;

use super::{Entry, ListError, collect};

const EXPECTED: &str = "expected first address, last address, system number, comma-separated";

/// Ranges of addresses with their system, sorted and disjoint, looked up by binary search: 12 bytes
/// for a range of IPv4, 48 for one of IPv6.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkTable {
    v4: Vec<(u32, u32, u32)>,
    v6: Vec<(u128, u128, u32)>,
}

impl NetworkTable {
    /// Reads the CSV of ranges `first,last,asn,organisation` of either or both families
    /// (`@ip-location-db/asn`); a range without a system (number 0 or none) is left out.
    pub fn parse(text: &[u8]) -> Result<Self, ListError> {
        let mut table = Self::default();
        let lines = collect(text, |entry| table.add(entry))?;
        if table.is_empty() {
            return Err(if lines.is_empty() { ListError::Empty } else { no_system() });
        }
        table.sort();
        Ok(table)
    }

    /// The system that announces `ip`, by the narrowest range that begins last.
    pub fn find(&self, ip: IpAddr) -> Option<u32> {
        match ip.to_canonical() {
            IpAddr::V4(ip) => find(&self.v4, ip.to_bits()),
            IpAddr::V6(ip) => find(&self.v6, ip.to_bits()),
        }
    }

    /// Takes in the ranges of `other`, such as those of the other family.
    pub fn join(&mut self, other: Self) {
        self.v4.extend(other.v4);
        self.v6.extend(other.v6);
        self.sort();
    }

    /// Ranges held.
    pub const fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether there is no range.
    pub const fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    fn add(&mut self, entry: Entry<'_>) -> Result<(), ListError> {
        let mut fields = entry.text.splitn(4, ',').map(|field| field.trim_matches(['"', ' ']));
        let mut next = || fields.next().ok_or(entry.wrong(EXPECTED));
        let (first, last, asn) = (next()?, next()?, next()?);
        let address = |text: &str| text.parse::<IpAddr>().map_err(|_| entry.wrong(EXPECTED));
        let (first, last) = (address(first)?, address(last)?);
        let asn = match asn.trim_start_matches("AS") {
            "" => 0,
            digits => digits.parse().map_err(|_| entry.wrong(EXPECTED))?,
        };
        if first > last || first.is_ipv4() != last.is_ipv4() {
            return Err(entry.wrong("the range ends before it begins"));
        }
        match (first, last) {
            _ if asn == 0 => {}
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                self.v4.push((first.to_bits(), last.to_bits(), asn));
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                self.v6.push((first.to_bits(), last.to_bits(), asn));
            }
            _ => {}
        }
        Ok(())
    }

    fn sort(&mut self) {
        self.v4.sort_unstable();
        self.v4.shrink_to_fit();
        self.v6.sort_unstable();
        self.v6.shrink_to_fit();
    }
}

const fn no_system() -> ListError {
    ListError::Line { line: 1, expected: "no line of the file names a system" }
}

fn find<N: Ord + Copy>(ranges: &[(N, N, u32)], value: N) -> Option<u32> {
    let after = ranges.partition_point(|range| range.0 <= value);
    let range = ranges.get(after.checked_sub(1)?)?;
    (value <= range.1).then_some(range.2)
}
