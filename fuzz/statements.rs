//! What every reader of statements and orders must hold to, whatever the bytes: it ends, it does not
//! panic, what it says stays within its limits, and a report on it loses nothing. The fuzz targets
//! call these, and so does `statement/tests/it/fuzz.rs`.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "every target uses one of them")]

use statement::limits::{CELL_BYTES_MAX, ROWS_MAX};
use statement::read::{self, Hints};
use statement::{Options, Seen, Statement, check, order};

pub fn statement_csv(input: &[u8]) {
    if let Ok(statement) = read::statement(input, "fuzz", &Hints::default()) {
        held(&statement);
        judged(statement);
    }
}

pub fn statement_ofx(input: &[u8]) {
    let ofx = [b"<OFX><STMTRS><STMTTRN>".as_slice(), input].concat();
    if let Ok(statement) = read::statement(&ofx, "fuzz", &Hints::default()) {
        held(&statement);
    }
}

pub fn statement_orders(input: &[u8]) {
    let Ok(file) = read::orders(input, "fuzz", &Hints::default()) else { return };
    assert!(file.orders.iter().all(|order| !order.id.is_empty()));
    let orders = order::gather([file]);
    assert!(orders.windows(2).all(|pair| pair[0].id < pair[1].id));
    let report = check(&[], &orders, &Options::default());
    assert_eq!(report.orders.len(), orders.len());
}

fn held(statement: &Statement) {
    assert!(statement.lines.len() <= ROWS_MAX);
    assert!(statement.skipped.len() <= statement.skipped_rows);
    for line in &statement.lines {
        assert!(line.day().is_some());
        // NFKC may write one letter as eighteen.
        assert!(line.merchant.len() <= 18 * CELL_BYTES_MAX);
        assert!(!line.merchant.contains(|letter: char| letter.is_control()));
    }
}

fn judged(statement: Statement) {
    let statements = [statement];
    let report = check(&statements, &[], &Options::default());
    let count = report.lines.len() + report.other_lines.len() + report.totals.repeated_lines;
    assert_eq!(count, statements[0].lines.len());
    let mut seen = Seen::default();
    seen.take_in(&report);
    assert!(report.lines.iter().all(|line| !line.is_new(&seen)));
    assert_eq!(Seen::read(&seen.text()), Ok(seen));
}
