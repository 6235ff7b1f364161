//! Every file of `tests/data` is read as `manifest.tsv` says a person would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::tz::offset;
use statement::line::{Encoding, Layout};
use statement::read::{self, Hints};

/// The bytes of a file of the corpus.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// The rows of the manifest: kind, file, and what is expected.
pub(crate) fn manifest() -> Vec<Vec<String>> {
    let text = String::from_utf8(bytes("manifest.tsv")).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn code(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn kind(layout: Layout, encoding: Encoding) -> Vec<String> {
    vec![code(layout), code(encoding)]
}

/// Rows of one kind by file, without kind and file.
fn expected(kind: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut files: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for row in manifest().into_iter().filter(|row| row[0] == kind) {
        files.entry(row[1].clone()).or_default().push(row[2..].to_vec());
    }
    files
}

#[test]
fn there_are_forty_files_at_least_and_each_is_in_the_manifest() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let there = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.filter(|name| name != "manifest.tsv").collect();
    let named: BTreeSet<String> = manifest().into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(there, named);
    assert!(there.len() >= 40, "{}", there.len());
}

#[test]
fn every_statement_says_what_a_person_reads_in_it() {
    for (name, rows) in expected("line").into_iter().chain(expected("empty")) {
        let statement = read::statement(&bytes(&name), &name, &Hints::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let lines = statement.lines.iter().map(|line| {
            let mut row = kind(statement.layout, statement.encoding);
            row.push(line.day().unwrap().to_string());
            row.extend([
                line.amount.amount.to_string(),
                line.amount.currency.code().to_owned(),
                line.merchant.clone(),
            ]);
            row
        });
        let read: Vec<Vec<String>> = lines.collect();
        let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| row.len() > 2).collect();
        assert_eq!(read, rows, "{name}");
        assert_eq!(statement.skipped_rows, 0, "{name}");
        assert_eq!(statement.guessed.is_some(), statement.layout == Layout::Generic, "{name}");
    }
}

#[test]
fn amounts_abroad_are_read_in_every_layout_that_tells_them() {
    for name in
        ["amex-old.csv", "rakuten-abroad.csv", "smbc-no-holder.csv", "paypay.csv", "view.csv"]
    {
        let statement = read::statement(&bytes(name), name, &Hints::default()).unwrap();
        let abroad: Vec<_> = statement
            .lines
            .iter()
            .filter_map(|line| Some((line.amount.amount, line.foreign?)))
            .collect();
        assert_eq!(abroad.len(), 1, "{name}");
        assert_eq!(
            (abroad[0].0, abroad[0].1.amount, abroad[0].1.currency.code()),
            (2_042, 1_299, "USD"),
            "{name}"
        );
    }
}

#[test]
fn every_file_of_orders_says_what_a_person_reads_in_it() {
    for (name, rows) in expected("order") {
        let file = read::orders(&bytes(&name), &name, &Hints::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let orders = file.orders.iter().map(|order| {
            let mut row = kind(file.layout, file.encoding);
            let parts: Vec<String> =
                order.shipments.iter().map(|one| one.amount.to_string()).collect();
            let mark = |is: bool, word: &str| if is { word.to_owned() } else { "no".to_owned() };
            row.extend([
                order.id.clone(),
                order.placed.day(offset(9)).to_string(),
                order.currency.code().to_owned(),
            ]);
            row.extend([
                parts.join("+"),
                mark(order.cancelled, "cancelled"),
                mark(order.not_mine, "not_mine"),
            ]);
            row
        });
        assert_eq!(orders.collect::<Vec<_>>(), rows, "{name}");
        assert_eq!(file.skipped_rows, 0, "{name}");
    }
    for (name, rows) in expected("refunds") {
        let file = read::orders(&bytes(&name), &name, &Hints::default()).unwrap();
        let mut row = kind(file.layout, file.encoding);
        let sum: i64 = file.refunds.iter().map(|(_, _, refund)| refund.amount).sum();
        row.extend([file.refunds.len().to_string(), sum.to_string()]);
        assert_eq!(vec![row], rows, "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_the_place_or_the_columns_seen() {
    for (name, rows) in expected("refused") {
        let bytes = bytes(&name);
        let complaint = match rows[0][0].as_str() {
            "statement" => read::statement(&bytes, &name, &Hints::default()).unwrap_err(),
            _ => read::orders(&bytes, &name, &Hints::default()).unwrap_err(),
        };
        let text = complaint.to_string();
        assert!(text.contains(&rows[0][1]), "{name}: {text}");
    }
}

#[test]
fn what_was_guessed_is_confirmed_by_saying_it() {
    for name in
        ["generic-era.csv", "generic-no-header.csv", "generic-european.csv", "bank-two-amounts.csv"]
    {
        let first = read::statement(&bytes(name), name, &Hints::default()).unwrap();
        let guessed = first.guessed.unwrap();
        let hints = Hints { columns: guessed.parse().unwrap(), currency: None };
        let second = read::statement(&bytes(name), name, &hints).unwrap();
        assert_eq!(second.guessed, None, "{name}: {guessed}");
        assert_eq!(second.lines, first.lines, "{name}: {guessed}");
    }
}

#[test]
fn what_the_caller_says_wins_over_every_guess() {
    let said = |columns: &str| Hints { columns: columns.parse().unwrap(), currency: None };
    let two = read::statement(
        &bytes("refused-two-amounts.csv"),
        "two",
        &said("date=1,merchant=2,amount=4"),
    )
    .unwrap();
    assert_eq!(two.lines.iter().map(|line| line.amount.amount).collect::<Vec<_>>(), [200, 400]);
    let dates = read::statement(&bytes("refused-ambiguous-dates.csv"), "dates", &said("dates=dmy"))
        .unwrap();
    assert_eq!(dates.lines[0].day().unwrap().to_string(), "2026-03-06");
    let known =
        read::statement(&bytes("jcb.csv"), "jcb", &said("amount=お支払い金額(￥)")).unwrap();
    assert_eq!(known.lines[1].amount.amount, -16_746);
    let wrong = read::statement(&bytes("jcb.csv"), "jcb", &said("amount=値段")).unwrap_err();
    assert!(wrong.to_string().contains("ご利用先など"), "{wrong}");
}

#[test]
fn rows_are_numbered_as_an_editor_numbers_lines() {
    let smbc = read::statement(&bytes("smbc.csv"), "smbc", &Hints::default()).unwrap();
    assert_eq!(smbc.lines.iter().map(|line| line.row).collect::<Vec<_>>(), [2, 3]);
    let jcb = read::statement(&bytes("jcb.csv"), "jcb", &Hints::default()).unwrap();
    assert_eq!(jcb.lines.iter().map(|line| line.row).collect::<Vec<_>>(), [5, 6]);
    let saison = read::statement(&bytes("saison.csv"), "saison", &Hints::default()).unwrap();
    assert_eq!(saison.lines[0].row, 6);
}
