//! Lists of addresses and of address ranges.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Entry, ListError, collect};

/// Reports from which on an address of a counted list (`ip<TAB>count`, as ipsum has it) is taken
/// for bad: one or two lists err often, three seldom agree by accident.
pub const REPORTS_MIN: u32 = 3;

const EXPECTED: &str = "expected an address or a range such as 203.0.113.0/24";

/// Ranges of addresses: sorted, disjoint, looked up by binary search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressList {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
    entries: usize,
}

impl AddressList {
    /// Reads one address, CIDR range, or address with a count of reports, a line.
    pub fn parse(text: &[u8]) -> Result<Self, ListError> {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        let ranges = collect(text, read_line)?;
        for range in ranges.into_iter().flatten() {
            match range {
                Range::V4(first, last) => v4.push((first, last)),
                Range::V6(first, last) => v6.push((first, last)),
            }
        }
        let entries = v4.len() + v6.len();
        if entries == 0 {
            return Err(ListError::Empty);
        }
        Ok(Self { v4: merged(v4), v6: merged(v6), entries })
    }

    /// Whether the list names `ip`; an IPv4-mapped address is looked up as the IPv4 it stands for.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match ip.to_canonical() {
            IpAddr::V4(ip) => within(&self.v4, ip.to_bits()),
            IpAddr::V6(ip) => within(&self.v6, ip.to_bits()),
        }
    }

    /// Entries of the file that count.
    pub const fn len(&self) -> usize {
        self.entries
    }

    /// Whether nothing is listed.
    pub const fn is_empty(&self) -> bool {
        self.entries == 0
    }
}

/// A range of one family, both ends included.
enum Range {
    V4(u32, u32),
    V6(u128, u128),
}

/// `None` for an address with too few reports.
fn read_line(entry: Entry<'_>) -> Result<Option<Range>, ListError> {
    let mut words = entry.text.split_ascii_whitespace();
    let range = words.next().and_then(read_range).ok_or(entry.wrong(EXPECTED))?;
    let reports: Option<u32> = match words.next() {
        None => None,
        Some(word) => {
            let count = word.parse().map_err(|_| {
                entry.wrong("expected nothing, or a count of reports, after the address")
            })?;
            Some(count)
        }
    };
    if words.next().is_some() {
        return Err(entry.wrong("expected one address a line"));
    }
    Ok(reports.is_none_or(|reports| reports >= REPORTS_MIN).then_some(range))
}

fn read_range(word: &str) -> Option<Range> {
    let net = match word.parse::<IpNet>() {
        Ok(net) => net,
        Err(_) => IpNet::from(word.parse::<IpAddr>().ok()?.to_canonical()),
    };
    Some(match net {
        IpNet::V4(net) => Range::V4(net.network().to_bits(), net.broadcast().to_bits()),
        IpNet::V6(net) => {
            match (net.network().to_ipv4_mapped(), net.broadcast().to_ipv4_mapped()) {
                (Some(first), Some(last)) => Range::V4(first.to_bits(), last.to_bits()),
                _ => Range::V6(net.network().to_bits(), net.broadcast().to_bits()),
            }
        }
    })
}

/// Sorted, and overlapping ranges made one.
fn merged<N: Ord + Copy>(mut ranges: Vec<(N, N)>) -> Vec<(N, N)> {
    ranges.sort_unstable();
    let mut merged: Vec<(N, N)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(previous) if first <= previous.1 => previous.1 = previous.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged.shrink_to_fit();
    merged
}

fn within<N: Ord + Copy>(ranges: &[(N, N)], value: N) -> bool {
    let after = ranges.partition_point(|range| range.0 <= value);
    after.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|range| value <= range.1)
}
