//! Every threat, and every requirement that is said to be met, has a test that is there.

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

/// Requirements of a chapter of ASVS 5.0 that the page has rows of, ranges counted.
const ASVS: [(u32, usize); 2] = [(6, 47), (7, 19)];

/// The numbers of a row: `6.8.1–6.8.4` are four.
fn rows_of(first: &str) -> usize {
    let number = first.split_whitespace().next().unwrap_or_default();
    let last = |text: &str| text.rsplit('.').next().and_then(|text| text.parse::<usize>().ok());
    match number.split_once('–') {
        Some((from, to)) => 1 + last(to).unwrap_or(0).saturating_sub(last(from).unwrap_or(0)),
        None => 1,
    }
}

#[test]
fn what_is_said_to_be_met_of_asvs_names_a_test_that_is_there() {
    let page = files("docs/asvs.md").pop().map(|file| file.text).unwrap_or_default();
    let (all, _) = tests();
    let mut complaints = Vec::new();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let rows: Vec<Vec<&str>> = rows
        .map(|row| row.trim_end_matches(" |").split(" | ").collect())
        .filter(|row: &Vec<&str>| {
            row.first().is_some_and(|first| first.starts_with(char::is_numeric))
        })
        .collect();
    for row in &rows {
        let (number, how) = (row.first().unwrap_or(&""), row.last().unwrap_or(&""));
        let named: Vec<&str> = how.split('`').skip(1).step_by(2).collect();
        let is_test = |name: &&&str| name.matches('_').count() >= 3;
        let gone = named.iter().filter(is_test).filter(|name| !all.contains(**name));
        complaints.extend(gone.map(|name| format!("docs/asvs.md: no test {name}")));
        if row.contains(&"met") && !named.iter().any(|name| all.contains(*name)) {
            complaints.push(format!("docs/asvs.md: met without a test: {number}"));
        }
    }
    for (chapter, count) in ASVS {
        let start = format!("{chapter}.");
        let own = rows.iter().filter_map(|row| row.first()).filter(|row| row.starts_with(&start));
        let there: usize = own.map(|row| rows_of(row)).sum();
        if there != count {
            complaints.push(format!("docs/asvs.md: {there} of {count} of chapter {chapter}"));
        }
    }
    none("requirements of ASVS without a test", &complaints);
}
