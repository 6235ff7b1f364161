#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::IpAddr;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn line(line: usize) -> impl Fn(&ListError) -> bool {
    move |error| matches!(error, ListError::Line { line: at, .. } if *at == line)
}

/// A file of the development data; `None`, said aloud, where there is none.
#[expect(clippy::disallowed_methods, reason = "tests find their data by it")]
fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var("SEKISHO_SHARED").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let found = std::fs::read(root.join("data").join(path));
    if found.is_err() {
        println!("skipped: no development data at {path} (set SEKISHO_SHARED)");
    }
    found.ok()
}

#[test]
fn ranges_and_addresses_of_both_families_are_found() {
    let text = b"\xef\xbb\xbf# a comment\r\n\r\n203.0.113.0/24 # an exit\r\n198.51.100.7\r\n\
                 2001:db8::/32\r\n10.1.2.3/8\r\n::ffff:192.0.2.1\r\n";
    let list = AddressList::parse(text).unwrap();
    assert_eq!(list.len(), 5);
    for inside in [
        "203.0.113.0",
        "203.0.113.255",
        "198.51.100.7",
        "2001:db8::9",
        "10.255.0.1",
        "::ffff:203.0.113.7",
        "192.0.2.1",
    ] {
        assert!(list.contains(ip(inside)), "{inside}");
    }
    for outside in ["203.0.112.255", "203.0.114.0", "198.51.100.8", "2001:db9::", "11.0.0.0"] {
        assert!(!list.contains(ip(outside)), "{outside}");
    }
}

#[test]
fn an_address_needs_three_reports_to_count_as_bad() {
    let text = b"# IPsum\n# Last update: Sat, 22 Aug 2026 03:00:29 +0200\n198.51.100.7\t3\n\
                 198.51.100.8\t2\n198.51.100.9\t10\n";
    let list = AddressList::parse(text).unwrap();
    assert_eq!(list.len(), 2);
    assert!(list.contains(ip("198.51.100.7")) && !list.contains(ip("198.51.100.8")));
    assert_eq!(dated(text), Some(Micros(1_787_360_429_000_000)));
}

#[test]
fn the_day_of_a_list_is_read_in_the_usual_spellings() {
    let day = Some(Micros(1_787_356_800_000_000));
    assert_eq!(dated(b"# generated: 2026-08-22\n1.1.1.1"), day);
    assert_eq!(dated(b"\n; Updated at: 2026-08-22T00:00:00Z\r\n"), day);
    assert_eq!(dated(b"# a note: no time\n# Date: soon\n1.1.1.1"), None);
    assert_eq!(dated(b""), None);
}

#[test]
fn systems_are_read_with_their_comments() {
    let list = SystemList::parse("AS64500 # 例, JP\n64501\r\nas64502#x".as_bytes());
    assert!(list.is_err_and(|error| line(3)(&error)));
    let list = SystemList::parse("AS64500 # 例, JP\n64501\r\nas64500\n".as_bytes()).unwrap();
    assert_eq!(list.len(), 2);
    assert!(list.contains(64_501) && !list.contains(64_502));
}

#[test]
fn a_listed_domain_stands_for_everything_below_it() {
    let list = DomainList::parse(b"mailinator.example\n*.throw.example\nTEMP.example.\n").unwrap();
    for inside in
        ["mailinator.example", "a.b.MAILINATOR.example", "x.throw.example", "temp.example."]
    {
        assert!(list.contains(inside), "{inside}");
    }
    for outside in ["notmailinator.example", "example", "", ".", &"a.".repeat(500)] {
        assert!(!list.contains(outside), "{outside}");
    }
}

#[test]
fn the_system_of_an_address_is_found_by_its_range() {
    let text = b"1.0.0.0,1.0.0.255,13335,\"Cloudflare, Inc.\"\n1.0.2.0,1.0.3.255,AS64500,Other\n\
                 1.0.4.0,1.0.4.255,0,Nobody\n2001:db8::,2001:db8::ffff,64501,X\n";
    let table = NetworkTable::parse(text).unwrap();
    assert_eq!(table.len(), 3);
    assert_eq!(table.find(ip("1.0.0.255")), Some(13_335));
    assert_eq!(table.find(ip("1.0.1.0")), None);
    assert_eq!(table.find(ip("1.0.3.1")), Some(64_500));
    assert_eq!(table.find(ip("1.0.4.1")), None);
    assert_eq!(table.find(ip("0.255.255.255")), None);
    assert_eq!(table.find(ip("2001:db8::1")), Some(64_501));
    assert_eq!(table.find(ip("::ffff:1.0.0.1")), Some(13_335));
}

#[test]
fn an_empty_file_is_an_error_and_never_an_empty_list() {
    for text in ["", "\n\r\n\n", "# only a comment\n; and another\n", "\u{feff}"] {
        let text = text.as_bytes();
        assert_eq!(AddressList::parse(text), Err(ListError::Empty));
        assert_eq!(SystemList::parse(text), Err(ListError::Empty));
        assert_eq!(DomainList::parse(text), Err(ListError::Empty));
        assert_eq!(NetworkTable::parse(text), Err(ListError::Empty));
    }
    assert_eq!(AddressList::parse(b"1.1.1.1\t1\n"), Err(ListError::Empty));
}

#[test]
fn a_file_in_the_wrong_format_is_refused_at_its_line() {
    let page = b"# fine\n<!DOCTYPE html>\n<html>404</html>";
    assert!(AddressList::parse(page).is_err_and(|error| line(2)(&error)));
    assert!(SystemList::parse(page).is_err_and(|error| line(2)(&error)));
    assert!(DomainList::parse(page).is_err_and(|error| line(2)(&error)));
    assert!(NetworkTable::parse(page).is_err_and(|error| line(2)(&error)));
    assert!(AddressList::parse(b"1.1.1.1\nmail.example\n").is_err_and(|error| line(2)(&error)));
    assert!(AddressList::parse(b"1.1.1.1\n1.1.1.1/33\n").is_err_and(|error| line(2)(&error)));
    assert!(AddressList::parse(b"1.1.1.1 2 3\n").is_err_and(|error| line(1)(&error)));
    assert!(DomainList::parse(b"mail.example\n1.1.1.1\n").is_err_and(|error| line(2)(&error)));
    assert!(NetworkTable::parse(b"1.0.0.9,1.0.0.1,5,X\n").is_err_and(|error| line(1)(&error)));
    assert!(NetworkTable::parse(b"1.0.0.9,::1,5,X\n").is_err_and(|error| line(1)(&error)));
    assert!(NetworkTable::parse(b"1.0.0.0/24,5\n").is_err_and(|error| line(1)(&error)));
    assert!(AddressList::parse(b"1.1.1.1\n\xff\xfe1\n").is_err_and(|error| line(2)(&error)));
    assert!(AddressList::parse(&b"1".repeat(5_000)).is_err_and(|error| line(1)(&error)));
    assert!(AddressList::parse(b"PK\x03\x04\x00\x00").is_err_and(|error| line(1)(&error)));
}

#[test]
fn a_huge_file_is_refused_unread() {
    let huge = vec![b'\n'; LIST_BYTES_MAX + 1];
    assert_eq!(AddressList::parse(&huge), Err(ListError::Huge));
}

#[test]
fn overlapping_ranges_hide_nothing() {
    let list = AddressList::parse(b"10.0.0.0/8\n10.1.0.0/16\n10.2.3.4\n11.0.0.0/32").unwrap();
    assert!(list.contains(ip("10.200.0.1")) && list.contains(ip("11.0.0.0")));
    assert!(!list.contains(ip("11.0.0.1")));
}

#[test]
fn the_lists_of_the_development_data_are_read_whole() {
    if let Some(text) = shared("lists/ipsum.txt") {
        let list = AddressList::parse(&text).unwrap();
        assert!(list.contains(ip("77.90.185.20")) && list.len() > 1_000);
        assert!(dated(&text).is_some());
    }
    if let Some(text) = shared("lists/x4bnet/output_datacenter_ipv4.txt") {
        assert_eq!(AddressList::parse(&text).unwrap().len(), 42_566);
    }
    if let Some(text) = shared("lists/x4bnet/output_vpn_ipv4.txt") {
        assert!(AddressList::parse(&text).unwrap().contains(ip("2.26.157.9")));
    }
    if let Some(text) = shared("lists/tor-exit-nodes_2024-02.lst") {
        assert!(AddressList::parse(&text).unwrap().contains(ip("101.99.92.179")));
    }
    if let Some(text) = shared("lists/x4bnet/input_datacenter_ASN.txt") {
        assert!(SystemList::parse(&text).unwrap().contains(45_090));
    }
    if let Some(text) = shared("lists/disposable_email_blocklist.conf") {
        let list = DomainList::parse(&text).unwrap();
        assert!(list.contains("0-mail.com") && !list.contains("gmail.com"));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_fall_over(text in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = AddressList::parse(&text);
        let _ = SystemList::parse(&text);
        let _ = DomainList::parse(&text);
        let _ = NetworkTable::parse(&text);
        let _ = dated(&text);
    }

    /// The binary search over merged ranges says what a walk over the ranges says.
    #[test]
    fn a_look_up_says_what_a_walk_says(
        ranges in proptest::collection::vec((any::<u32>(), 20_u8..=32), 1..40),
        probes in proptest::collection::vec(any::<u32>(), 20),
    ) {
        let nets: Vec<ipnet::Ipv4Net> = ranges.iter()
            .map(|&(bits, length)| ipnet::Ipv4Net::new(bits.into(), length).unwrap().trunc())
            .collect();
        let text = nets.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let list = AddressList::parse(text.as_bytes()).unwrap();
        let edges = nets.iter().flat_map(|net| {
            let (first, last) = (net.network().to_bits(), net.broadcast().to_bits());
            [first.wrapping_sub(1), first, last, last.wrapping_add(1)]
        });
        for probe in probes.iter().copied().chain(edges) {
            let ip = std::net::Ipv4Addr::from(probe);
            prop_assert_eq!(list.contains(ip.into()), nets.iter().any(|net| net.contains(&ip)));
        }
    }
}
