//! Files that mean harm end in an answer or a clear complaint.

use statement::limits::FILE_BYTES_MAX;
use statement::read::{self, Hints, Unreadable};
use statement::{Options, check};

use crate::support::{as_of, line, order, statement};

fn refused(bytes: &[u8]) -> Unreadable {
    read::statement(bytes, "hostile", &Hints::default()).unwrap_err()
}

#[test]
fn a_file_without_an_end_is_refused_by_its_size() {
    // A file of a gigabyte is cut by the caller one byte above the limit.
    assert_eq!(refused(&vec![b'9'; FILE_BYTES_MAX + 1]), Unreadable::TooLarge);
}

#[test]
fn one_endless_line_is_refused_by_its_cell() {
    let mut bytes = b"date,merchant,amount\n2026-06-03,".to_vec();
    bytes.resize(8 << 20, b'x');
    assert_eq!(refused(&bytes), Unreadable::Limit { line: 2, what: "a cell longer than 16 KiB" });
}

#[test]
fn a_row_of_a_million_columns_is_refused() {
    let bytes = format!("date,merchant,amount\n{}\n", ",".repeat(1_000_000));
    assert_eq!(
        refused(bytes.as_bytes()),
        Unreadable::Limit { line: 2, what: "more than 256 columns" }
    );
}

#[test]
fn a_quote_that_never_closes_is_named_by_its_line() {
    let bytes = format!(
        "date,merchant,amount\n2026-06-03,\"Amazon,1\n{}",
        "2026-06-04,Amazon,2\n".repeat(1_000)
    );
    assert_eq!(refused(bytes.as_bytes()), Unreadable::OpenQuote { line: 2 });
    let orders = format!(
        "order_id,order_date,total\n1,2026-06-03,\"5\n{}",
        "2,2026-06-03,5\n".repeat(1_000)
    );
    let refused = read::orders(orders.as_bytes(), "orders", &Hints::default()).unwrap_err();
    assert_eq!(refused, Unreadable::OpenQuote { line: 2 });
}

#[test]
fn tags_that_never_close_take_no_more_than_their_bytes() {
    let deep =
        format!("<OFX><STMTRS>{}", "<STMTTRN><NAME>x<TRNAMT>-1<DTPOSTED>20260603".repeat(100_000));
    let statement = read::statement(deep.as_bytes(), "deep", &Hints::default()).unwrap();
    assert!(statement.lines.is_empty());
    let long = format!("<OFX><STMTRS><STMTTRN><NAME>{}</STMTTRN>", "&amp;".repeat(1 << 20));
    assert!(matches!(refused(long.as_bytes()), Unreadable::Limit { .. }));
}

#[test]
fn a_huge_number_is_no_amount_and_sums_do_not_overflow() {
    let text = "日付,内容,金額\n2026/06/03,アマゾン,999999999999999999999\n2026/06/03,アマゾン,999999999999999\n2026/06/03,アマゾン,1\n";
    let read = read::statement(text.as_bytes(), "huge", &Hints::default()).unwrap();
    assert_eq!((read.lines.len(), read.skipped_rows), (2, 1));
    let statements = [statement((0..20).map(|_| line(3, i64::MAX / 2)).collect())];
    let orders: Vec<_> = (0..20).map(|at| order(&at.to_string(), 3, i64::MAX / 3)).collect();
    assert_eq!(check(&statements, &orders, &Options::default()).lines.len(), 20);
}

#[test]
fn amounts_made_to_be_added_up_for_ever_end_in_time() {
    // Every subset is near every other, and none fits: the worst there is.
    let lines = (0..1_000).map(|at| line(3, 1_000_000 + 2 * at)).collect();
    let orders: Vec<_> =
        (0..1_000).map(|at| order(&at.to_string(), 3, 4_000_001 + 2 * at)).collect();
    let statements = [statement(lines)];
    let report = check(&statements, &orders, &as_of(9));
    assert_eq!(report.lines.len(), 1_000);
    assert_eq!(report.totals.matched.count, 0);
}

#[test]
fn a_state_file_that_is_none_is_refused() {
    for text in
        ["hello", "sekisho statement state 1\nxyz no_order", "sekisho statement state 1\n00 a b"]
    {
        assert!(statement::Seen::read(text).is_err(), "{text}");
    }
    assert_eq!(statement::Seen::read(""), Ok(statement::Seen::default()));
}
