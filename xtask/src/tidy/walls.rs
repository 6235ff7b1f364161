//! Which room may know of which, and what each may never touch (design §2).

use super::{files, is_test, none, room, without_tests};

/// Rooms, and the rooms each may depend on. Development dependencies are not held to it.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("factors", &["sekisho-domain"]),
    ("mail", &["sekisho-domain"]),
    ("statement", &["sekisho-domain"]),
    ("store", &["sekisho-domain"]),
    (
        "app",
        &[
            "sekisho-domain",
            "sekisho-factors",
            "sekisho-mail",
            "sekisho-statement",
            "sekisho-store",
        ],
    ),
    ("sim", &["sekisho-domain", "sekisho-store", "sekisho"]),
    ("testbed", &[]),
    ("fuzz", &["sekisho-domain", "sekisho-statement"]),
    ("bench", &["sekisho-domain", "sekisho-store", "sekisho", "sekisho-sim", "testbed"]),
    ("xtask", &[]),
    ("examples", &[]),
];

/// Words that never stand in a room's source.
const NEVER: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "tokio",
            "sqlx",
            "axum",
            "reqwest",
            "hyper",
            "async fn",
            ".await",
            "std::fs",
            "std::env",
            "std::process",
            "TcpStream",
            "UdpSocket",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "rand::",
            "std::thread",
        ],
    ),
    (
        "factors",
        &[
            "tokio",
            "sqlx",
            "axum",
            "reqwest",
            "hyper",
            "async fn",
            ".await",
            "std::fs",
            "std::env",
            "SystemTime",
            "Instant::now",
            "SystemRandom",
            "getrandom",
            "rand::",
            "std::thread",
        ],
    ),
    (
        "mail",
        &[
            "tokio",
            "sqlx",
            "axum",
            "reqwest",
            "async fn",
            ".await",
            "std::fs",
            "std::env",
            "std::process",
            "std::net",
            "TcpStream",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "rand::",
            "std::thread",
        ],
    ),
    (
        "statement",
        &[
            "tokio",
            "sqlx",
            "axum",
            "reqwest",
            "async fn",
            ".await",
            "std::fs",
            "std::env",
            "std::process",
            "std::net",
            "TcpStream",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "rand::",
            "std::thread",
            "f32",
            "f64",
        ],
    ),
    ("store", &["axum", "hyper", "reqwest", "http::", "fluent"]),
    ("app", &["sqlx", "INSERT INTO", "DELETE FROM", "SELECT "]),
    ("sim", &["sqlx", "SystemTime", "Instant::now", "Timestamp::now"]),
];

#[test]
fn arrows_between_rooms_point_left_only() {
    let rooms = [
        "sekisho-domain",
        "sekisho-factors",
        "sekisho-mail",
        "sekisho-statement",
        "sekisho-store",
        "sekisho",
        "sekisho-sim",
        "testbed",
    ];
    let mut complaints = Vec::new();
    for manifest in files("*/Cargo.toml") {
        let allowed = MAY_DEPEND.iter().find(|(name, _)| *name == room(&manifest.path));
        let Some((_, allowed)) = allowed else {
            complaints.push(format!("{}: a room that tidy does not know", manifest.path));
            continue;
        };
        let (_, rest) = manifest.text.split_once("[dependencies]").unwrap_or_default();
        let section = rest.split("\n[").next().unwrap_or_default();
        for name in section.lines().filter_map(|line| line.split(['.', ' ', '=']).next()) {
            if rooms.contains(&name) && !allowed.contains(&name) {
                complaints.push(format!("{} must not depend on {name}", manifest.path));
            }
        }
    }
    none("walls", &complaints);
}

#[test]
fn no_room_touches_what_it_may_never_touch() {
    let mut complaints = Vec::new();
    for file in files("*.rs").into_iter().filter(|file| !is_test(&file.path)) {
        let words = NEVER.iter().filter(|(name, _)| *name == room(&file.path));
        for word in words.flat_map(|(_, words)| *words) {
            for (at, line) in without_tests(&file.text).lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                if code.contains(word) {
                    complaints.push(format!("{}:{}: {word}", file.path, at + 1));
                }
            }
        }
    }
    none("walls", &complaints);
}
