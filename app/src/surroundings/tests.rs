#![expect(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing, reason = "tests")]

use std::fs;

use domain::list::ListKind;
use domain::observation::Country;
use serde_json::json;

use super::*;

const NOW: Micros = Micros(1_780_488_250_000_000);

/// A small MMDB file (format 2.0): 203.0.113.0/24 is in Japan, nothing else is known.
fn country_file() -> Vec<u8> {
    const NODES: u32 = 24;
    let record = |value: u32| value.to_be_bytes()[1..].to_vec();
    let text = |text: &str| [&[0x40 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let mut bytes = Vec::new();
    let network = u32::from_be_bytes([203, 0, 113, 0]);
    for depth in 0..NODES {
        let onward = if depth + 1 == NODES { NODES + 16 } else { depth + 1 };
        let (left, right) =
            if network >> (31 - depth) & 1 == 1 { (NODES, onward) } else { (onward, NODES) };
        bytes.extend([record(left), record(right)].concat());
    }
    bytes.extend([0; 16]);
    bytes.extend([vec![0xe1], text("country_code"), text("JP")].concat());
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    let number = |kind: u8, value: u32| [&[kind << 5 | 4][..], &value.to_be_bytes()].concat();
    let short = |value: u16| [&[5 << 5 | 2][..], &value.to_be_bytes()].concat();
    let epoch = [&[4, 2][..], &1_780_000_000_u32.to_be_bytes()].concat();
    let pairs = [
        ("binary_format_major_version", short(2)),
        ("binary_format_minor_version", short(0)),
        ("build_epoch", epoch),
        ("database_type", text("Country")),
        ("description", vec![0xe0]),
        ("ip_version", short(4)),
        ("languages", [vec![1, 4], text("en")].concat()),
        ("node_count", number(6, NODES)),
        ("record_size", short(24)),
    ];
    bytes.push(0xe0 | 9);
    for (name, value) in pairs {
        bytes.extend(text_of(name));
        bytes.extend(value);
    }
    bytes
}

/// A string of the MMDB format of up to 284 bytes.
fn text_of(text: &str) -> Vec<u8> {
    let head = match u8::try_from(text.len()).unwrap() {
        short @ 0..=28 => vec![0x40 + short],
        long => vec![0x40 + 29, long - 29],
    };
    [head, text.as_bytes().to_vec()].concat()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(&folder, "country.mmdb", country_file());
    put(&folder, "asn-ipv4.csv", "203.0.113.0,203.0.113.255,64500,\"Example, Inc.\"\n");
    put(&folder, "asn-ipv6.csv", "2001:db8::,2001:db8::ffff,64501,Example\n");
    put(&folder, "datacentre.txt", "198.51.100.0/24\n");
    put(&folder, "datacentre-asn.txt", "AS64501 # hosting\n");
    put(&folder, "vpn.txt", "203.0.113.9\n");
    put(&folder, "bad.txt", "# Last update: Mon, 01 Jun 2026 00:00:00 +0000\n203.0.113.7\t5\n");
    put(&folder, "disposable.txt", "throw.example\n");
    folder
}

fn put(folder: &tempfile::TempDir, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.path().join(name), text).unwrap();
}

fn place(surroundings: &Surroundings, ip: &str, email: &str) -> Place {
    let event = json!({ "event_id": "1", "type": "login", "status": "failed",
        "account": { "id": "u", "email": email }, "context": { "ip": ip },
        "credential": { "kind": "password", "secret_hash": "k-secret-3" } });
    surroundings.resolve(&domain::event::parse(event.to_string().as_bytes(), NOW).unwrap())
}

fn status(surroundings: &Surroundings, name: &str) -> FileStatus {
    surroundings.status().into_iter().find(|file| file.name == name).unwrap()
}

#[test]
fn an_address_is_placed_by_every_file_that_knows_it() {
    let folder = folder();
    let surroundings = Surroundings::open(folder.path(), NOW);
    let errors: Vec<_> = surroundings.status().into_iter().filter_map(|file| file.error).collect();
    assert_eq!(errors, Vec::<String>::new());
    let here = place(&surroundings, "203.0.113.7", "a@x.throw.example");
    assert_eq!(here.origin.country, Some(Country(*b"JP")));
    assert_eq!(here.origin.asn, Some(64_500));
    assert_eq!(here.origin.bad, Listed::Yes { age_days: 2 });
    assert_eq!((here.origin.datacentre, here.origin.vpn), (Listed::No, Listed::No));
    assert_eq!(here.origin.tor, Listed::Unknown, "no such file");
    assert!(matches!(here.disposable, Listed::Yes { .. }));
    let hosted = place(&surroundings, "2001:db8::1", "a@example.jp");
    assert_eq!(hosted.origin.asn, Some(64_501));
    assert!(matches!(hosted.origin.datacentre, Listed::Yes { .. }), "by its system");
    assert_eq!(hosted.disposable, Listed::No);
    assert_eq!(place(&surroundings, "::ffff:203.0.113.7", "").origin, here.origin);
    assert!(matches!(
        place(&surroundings, "198.51.100.1", "").origin.datacentre,
        Listed::Yes { .. }
    ));
}

#[test]
fn an_empty_folder_leaves_everything_unknown_and_nothing_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let surroundings = Surroundings::open(folder.path(), NOW);
    let place = place(&surroundings, "203.0.113.7", "a@throw.example");
    assert_eq!(place.origin, Origin::default());
    assert_eq!((place.disposable, place.breached), (Listed::Unknown, None));
    assert_eq!(surroundings.is_breached(&"A".repeat(40)), None);
    assert!(surroundings.status().iter().all(|file| file.entries == 0 && file.error.is_none()));
}

#[test]
fn a_changed_list_is_taken_in_and_a_broken_one_leaves_the_old_in_use() {
    let folder = folder();
    let surroundings = Surroundings::open(folder.path(), NOW);
    let vpn = |ip: &str| place(&surroundings, ip, "").origin.vpn;
    assert!(surroundings.look(NOW).is_empty(), "nothing changed");

    put(&folder, "vpn.txt", "203.0.113.9\n203.0.113.10\n");
    assert_eq!(surroundings.look(NOW.plus(DAY)).len(), 1);
    assert!(matches!(vpn("203.0.113.10"), Listed::Yes { .. }));

    for (broken, error) in
        [("", "no entries"), ("<html>404</html>", "line 1"), ("1.1.1.1\nx", "line 2")]
    {
        put(&folder, "vpn.txt", broken);
        let told = surroundings.look(NOW.plus(2 * DAY));
        assert!(told[0].error.as_deref().is_some_and(|text| text.contains(error)), "{told:?}");
        assert_eq!((told[0].entries, told[0].taken_at), (2, Some(NOW.plus(DAY))));
        assert!(matches!(vpn("203.0.113.10"), Listed::Yes { .. }), "the old list still counts");
        assert!(surroundings.look(NOW.plus(2 * DAY)).is_empty(), "told once");
    }

    fs::remove_file(folder.path().join("vpn.txt")).unwrap();
    surroundings.look(NOW);
    assert!(status(&surroundings, "vpn.txt").error.unwrap().contains("gone"));
    assert!(matches!(vpn("203.0.113.10"), Listed::Yes { .. }));
    put(&folder, "vpn.txt", "203.0.113.11\n");
    surroundings.look(NOW);
    assert_eq!(status(&surroundings, "vpn.txt").error, None);
    assert_eq!(vpn("203.0.113.10"), Listed::No);
}

#[test]
fn a_huge_list_is_refused_unread() {
    let folder = folder();
    let path = folder.path().join("tor.txt");
    fs::File::create(&path).unwrap().set_len(domain::list::LIST_BYTES_MAX as u64 + 1).unwrap();
    let surroundings = Surroundings::open(folder.path(), NOW);
    assert!(status(&surroundings, "tor.txt").error.unwrap().contains("larger"));
}

#[test]
fn a_damaged_country_file_is_refused() {
    let folder = folder();
    for damaged in [country_file()[..60].to_vec(), b"not an MMDB".to_vec(), Vec::new()] {
        put(&folder, "country.mmdb", damaged);
        let surroundings = Surroundings::open(folder.path(), NOW);
        assert!(status(&surroundings, "country.mmdb").error.unwrap().contains("MMDB"));
        assert_eq!(place(&surroundings, "203.0.113.7", "").origin.country, None);
    }
}

#[test]
fn a_list_of_the_stores_own_is_hit_by_place_and_by_value() {
    let folder = folder();
    let surroundings = Surroundings::open(folder.path(), NOW);
    let list = |name: &str, kind, entry: &str| OwnList {
        name: name.into(),
        kind,
        entries: vec![entry.to_owned()],
    };
    let unfit = surroundings.set_own_lists(&[
        list("our-office", ListKind::Cidr, "203.0.113.0/28"),
        list("abroad", ListKind::Country, "US"),
        list("rival", ListKind::Asn, "AS64500"),
        list("wrong", ListKind::Ip, "nowhere"),
    ]);
    assert_eq!(unfit, 1);
    assert_eq!(
        place(&surroundings, "203.0.113.7", "").lists,
        ["our-office".into(), "rival".into()]
    );
    surroundings.set_own_lists(&[]);
    assert!(place(&surroundings, "203.0.113.7", "").lists.is_empty());
}

fn hashes(count: u32) -> Vec<String> {
    let mut hashes: Vec<String> = (0..count)
        .map(|n| format!("{:08X}{:032X}", n.wrapping_mul(2_654_435_761), u128::from(n)))
        .collect();
    hashes.sort();
    hashes
}

#[test]
fn a_breached_password_is_found_in_a_sorted_file_wherever_it_stands() {
    for count in [1, 2, 3, 700, 5_000] {
        let folder = folder();
        let hashes = hashes(count);
        let text = hashes.join(":3\r\n") + ":3\r\n";
        put(&folder, "breached", text);
        let surroundings = Surroundings::open(folder.path(), NOW);
        let held = status(&surroundings, "breached");
        let expected = usize::try_from(count).unwrap();
        assert_eq!(held.error, None);
        assert!(held.entries.abs_diff(expected) <= expected / 20, "about {expected}: {held:?}");
        for hash in &hashes {
            assert_eq!(surroundings.is_breached(&hash.to_lowercase()), Some(true), "{hash}");
            let other = format!("{}F", &hash[..39]);
            assert_eq!(surroundings.is_breached(&other), Some(hashes.contains(&other)));
        }
        for other in ["0".repeat(39) + "9", "F".repeat(40)] {
            assert_eq!(surroundings.is_breached(&other), Some(false));
        }
        assert_eq!(surroundings.is_breached("hunter2"), None);
    }
}

#[test]
fn a_range_is_what_is_breached_under_five_digits_in_both_layouts() {
    let line =
        |prefix: &str, sign: &str, count: u32| format!("{prefix}{}:{count}", sign.repeat(35));
    let mut sorted: Vec<String> =
        (0..4_000_u32).map(|number| format!("{:05X}{}:2", number * 7, "C".repeat(35))).collect();
    sorted.extend([line("21BD1", "A", 7), line("21BD1", "B", 0), line("21BD1", "D", 9)]);
    sorted.sort();
    let (one, many) = (folder(), folder());
    let looked_at = |folder: &tempfile::TempDir| Surroundings::open(folder.path(), NOW);
    put(&one, "breached", sorted.join("\n"));
    fs::create_dir(many.path().join("breached")).unwrap();
    let file = format!("{}:7\r\n{}:0\r\n{}:9", "A".repeat(35), "B".repeat(35), "D".repeat(35));
    put(&many, "breached/21BD1.txt", file);
    let expected = Some(vec![("A".repeat(35), 7), ("D".repeat(35), 9)]);
    for folder in [&one, &many] {
        let surroundings = looked_at(folder);
        assert_eq!(surroundings.breached_range("21bd1"), expected);
    }
    let sorted = looked_at(&one);
    for (prefix, count) in [("00000", 1), ("00007", 1), ("00001", 0), ("FFFFF", 0)] {
        assert_eq!(sorted.breached_range(prefix).unwrap().len(), count, "{prefix}");
    }
    assert_eq!(looked_at(&many).breached_range("21BD2"), None, "it was never downloaded");
}

#[test]
fn a_breached_password_is_found_in_a_folder_of_prefixes_and_padding_is_not() {
    let folder = folder();
    fs::create_dir(folder.path().join("breached")).unwrap();
    put(&folder, "breached/21BD1", format!("{}:7\r\n{}:0\r\n", "A".repeat(35), "B".repeat(35)));
    put(&folder, "breached/21BD2.txt", format!("{}:1\n", "C".repeat(35)));
    let surroundings = Surroundings::open(folder.path(), NOW);
    let is_breached = |prefix: &str, sign: &str| {
        surroundings.is_breached(&format!("{prefix}{}", sign.repeat(35)))
    };
    assert_eq!(is_breached("21BD1", "a"), Some(true));
    assert_eq!(is_breached("21bd1", "B"), Some(false), "a count of 0 is padding");
    assert_eq!(is_breached("21BD1", "C"), Some(false));
    assert_eq!(is_breached("21BD2", "C"), Some(true));
    assert_eq!(is_breached("21BD3", "C"), None, "this prefix was never downloaded");
}

#[test]
fn a_file_of_hashes_that_is_not_what_it_should_be_is_refused() {
    for (text, error) in [
        ("", "no entries"),
        ("password\n123456\n", "not sorted"),
        ("123456\npassword\n", "expected a SHA-1"),
        (&format!("{}\n{}\n", "B".repeat(40), "A".repeat(40)), "not sorted"),
    ] {
        let folder = folder();
        put(&folder, "breached", text);
        let surroundings = Surroundings::open(folder.path(), NOW);
        let told = status(&surroundings, "breached").error.unwrap_or_default();
        assert!(told.contains(error), "{text}: {told}");
    }
}

#[test]
fn a_store_that_sends_keyed_hashes_is_served_by_a_file_of_them() {
    let folder = folder();
    put(&folder, "breached-secrets.txt", "k-secret-1\nk-secret-3:12\nk-secret-5\n");
    let surroundings = Surroundings::open(folder.path(), NOW);
    assert_eq!(place(&surroundings, "203.0.113.7", "").breached, Some(true));
    put(&folder, "breached-secrets.txt", "k-secret-1\nk-secret-5\n");
    surroundings.look(NOW);
    assert_eq!(place(&surroundings, "203.0.113.7", "").breached, Some(false));
}

#[test]
fn the_files_fetched_from_npm_are_read_whole() {
    let Some(folder) = crate::world::environment("SEKISHO_IP_DATA") else {
        println!("skipped: SEKISHO_IP_DATA names no folder of fetched IP data");
        return;
    };
    let surroundings = Surroundings::open(Path::new(&folder), NOW);
    for file in surroundings.status().iter().take(3) {
        println!("{}: {} entries, {:?}", file.name, file.entries, file.error);
        assert!(file.error.is_none() && file.entries > 10_000);
    }
    let place = place(&surroundings, "202.12.27.33", "");
    assert_eq!(place.origin.country, Some(Country(*b"JP")));
    assert_eq!(place.origin.asn, Some(7_500), "M.ROOT-SERVERS.NET of WIDE");
}
