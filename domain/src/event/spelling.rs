//! One spelling for values that are typed in many ways.

use std::net::IpAddr;

use smallvec::SmallVec;

/// Trimmed and lower-cased as a whole: no mail system in use tells local parts apart by case, and
/// nothing else is guessed (dots and `+tags` stay).
pub(crate) fn email(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Digits and a leading plus only; full-width digits count.
pub(crate) fn phone(number: &str) -> String {
    let mut spelt = String::with_capacity(number.len());
    for sign in number.chars() {
        match sign {
            '0'..='9' => spelt.push(sign),
            '\u{ff10}'..='\u{ff19}' => {
                let digit = char::from_digit(u32::from(sign) - 0xff10, 10);
                spelt.extend(digit);
            }
            '+' | '\u{ff0b}' if spelt.is_empty() => spelt.push('+'),
            _ => {}
        }
    }
    spelt
}

/// Lower-cased, with single spaces.
pub(crate) fn name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Country, region and postcode in capitals without spaces and hyphens, parted by a NUL so that no
/// address id spells the same.
pub(crate) fn postal(country: Option<&str>, region: Option<&str>, postcode: &str) -> String {
    let plain = |part: &str| -> String {
        let letters = part.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_uppercase).collect()
    };
    let (country, region) = (country.unwrap_or_default(), region.unwrap_or_default());
    format!("{}\0{}\0{}", plain(country), plain(region), plain(postcode))
}

/// Primary subtag of the first language, where it has two letters.
pub(crate) fn language(accept_language: &str) -> Option<[u8; 2]> {
    let first = accept_language.split([',', ';']).next()?.trim();
    match *first.split(['-', '_']).next()?.as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some([a.to_ascii_lowercase(), b.to_ascii_lowercase()])
        }
        _ => None,
    }
}

/// The address in network order: 4 or 16 bytes.
pub(crate) fn octets(ip: IpAddr) -> SmallVec<[u8; 16]> {
    match ip {
        IpAddr::V4(ip) => SmallVec::from_slice(&ip.octets()),
        IpAddr::V6(ip) => SmallVec::from_slice(&ip.octets()),
    }
}

/// The /24 of an IPv4 address, the /64 of an IPv6 address: 3 or 8 bytes.
pub(crate) fn network(ip: IpAddr) -> SmallVec<[u8; 16]> {
    let mut octets = octets(ip);
    octets.truncate(if ip.is_ipv4() { 3 } else { 8 });
    octets
}

/// Loopback, private, link-local, carrier-grade NAT (RFC 6598) and unique local addresses: they
/// say nothing about a place.
pub(crate) fn says_no_place(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
        }
    }
}
