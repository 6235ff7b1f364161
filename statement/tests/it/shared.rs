//! Files of others, where they are at hand: OFX as banks write it, headers of Amazon's exports.

use std::path::{Path, PathBuf};

use statement::line::Layout;
use statement::read::{self, Hints, Unreadable};

/// The folder beside the repository; `None`, said aloud, where it is absent.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/statements");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

#[test]
fn statements_of_real_banks_are_read() {
    let Some(folder) = folder() else { return };
    let expected = [
        ("anzcc", vec![550]),
        ("suncorp", vec![1_685]),
        ("td_ameritrade", vec![]),
        ("multiple_accounts", vec![]),
    ];
    for (name, amounts) in expected {
        let bytes = std::fs::read(folder.join(format!("ofxparse_{name}.ofx"))).unwrap();
        let statement = read::statement(&bytes, name, &Hints::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let read: Vec<i64> = statement.lines.iter().map(|line| line.amount.amount).collect();
        assert_eq!(read, amounts, "{name}");
    }
    let of = |name: &str| {
        let bytes = std::fs::read(folder.join(format!("ofxparse_{name}.ofx"))).unwrap();
        let count = String::from_utf8_lossy(&bytes).matches("<STMTTRN>").count();
        (read::statement(&bytes, name, &Hints::default()), count)
    };
    for name in ["bank_medium", "checking", "fidelity-savings"] {
        let (statement, count) = of(name);
        let statement = statement.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(count > 0);
        assert_eq!((statement.lines.len(), statement.skipped_rows), (count, 0), "{name}");
    }
    assert_eq!(of("account_listing_aggregation").0, Err(Unreadable::NoStatement));
}

#[test]
fn every_known_header_is_recognised() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("headers.json")).unwrap();
    let headers: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut found = 0;
    for (name, columns) in &headers {
        let Some(columns) = columns.as_array() else { continue };
        let names: Vec<String> =
            columns.iter().map(|name| format!("\"{}\"", name.as_str().unwrap())).collect();
        let bytes = format!("{}\n", names.join(",")).into_bytes();
        let layout = if name.contains("Chase") {
            read::statement(&bytes, name, &Hints::default()).map(|file| file.layout)
        } else {
            read::orders(&bytes, name, &Hints::default()).map(|file| file.layout)
        };
        let expected = match name.as_str() {
            name if name.starts_with("Retail") => Layout::AmazonOrders,
            name if name.starts_with("Your") => Layout::AmazonOrders2026,
            name if name.starts_with("Items") => Layout::AmazonItems,
            _ => Layout::Chase,
        };
        assert_eq!(layout, Ok(expected), "{name}");
        found += 1;
    }
    assert!(found >= 4, "{found}");
}
