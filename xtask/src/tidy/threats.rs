//! Every threat has a test that is there.

use std::collections::BTreeSet;

use super::{files, none};

/// Threats that somebody has to try (requirements §3).
const TRIED: [u32; 16] = [1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15, 16, 17, 18, 20];

/// Names of test functions anywhere in the workspace, and of those that ask a running server.
fn tests() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut all, mut asking) = (BTreeSet::new(), BTreeSet::new());
    for file in files("*.rs") {
        let asks = file.path.starts_with("app/tests/") || file.path.starts_with("examples/");
        for line in file.text.lines().filter_map(|line| line.trim().split_once("fn ")) {
            let name: String = line
                .1
                .chars()
                .take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '_')
                .collect();
            if asks {
                asking.insert(name.clone());
            }
            all.insert(name);
        }
    }
    (all, asking)
}

#[test]
fn every_threat_has_a_row_whose_tests_are_there_and_one_of_them_asks_a_running_server() {
    let page = files("docs/threats.md").pop().map(|file| file.text).unwrap_or_default();
    let (all, asking) = tests();
    let mut complaints = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| T")) {
        let named = row.rsplit('|').nth(1).unwrap_or_default();
        let named: Vec<&str> = named.split('`').skip(1).step_by(2).collect();
        let gone = named.iter().filter(|name| !all.contains(**name));
        complaints.extend(gone.map(|name| format!("docs/threats.md: no test {name}")));
        if named.is_empty() {
            complaints.push(format!("docs/threats.md: no test in {row}"));
        }
    }
    for threat in TRIED {
        let (row, test) = (format!("| T{threat} "), format!("t{threat}_"));
        if !page.lines().any(|line| line.starts_with(&row)) {
            complaints.push(format!("docs/threats.md: no row of T{threat}"));
        }
        if !asking.iter().any(|name| name.starts_with(&test)) {
            complaints.push(format!("no test {test}… asks a running server"));
        }
    }
    none("threats without a test", &complaints);
}
