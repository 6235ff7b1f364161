//! What is said of lines and orders.

use statement::check::{LineReason, LineStatus, OrderReason, OrderStatus, Rate, RefundStatus};
use statement::day::Moment;
use statement::order::{Funding, Refund, Shipment};
use statement::seen::Seen;
use statement::{Currency, Line, Money, Options, Order, check};

use crate::support::{as_of, ids, june, line, order, orders, reasons, statement, yen};

#[test]
fn r4_nine_lines_and_two_own_orders_leave_seven_with_their_exact_sum() {
    let amounts = [16_746, 3_980, 52_800, 9_800, 120_000, 2_480, 33_333, 7_777, 64_900];
    let lines = amounts.iter().enumerate().map(|(at, amount)| line(3 + i8::from(at > 4), *amount));
    let statements = [statement(lines.collect())];
    let own = [order("250-1", 3, 3_980), order("250-2", 3, 2_480)];
    let report = check(&statements, &own, &as_of(5));
    assert_eq!(report.totals.not_yours.count, 7);
    let expected = amounts.iter().sum::<i64>() - 3_980 - 2_480;
    assert_eq!(report.totals.not_yours.of(Currency::JPY), expected);
    assert_eq!(report.totals.matched.count, 2);
}

#[test]
fn r4_lines_of_orders_marked_not_mine_are_flagged_and_added_up() {
    let statements = [statement(vec![line(3, 1_000), line(3, 2_000), line(4, 4_000)])];
    let mut told = vec![order("a", 3, 1_000), order("b", 3, 2_000), order("c", 4, 4_000)];
    told[1].not_mine = true;
    let options = Options { not_mine: ["c".to_owned()].into(), ..as_of(6) };
    let report = check(&statements, &told, &options);
    assert_eq!(report.totals.not_yours.of(Currency::JPY), 6_000);
    let flagged: Vec<_> = report.lines.iter().filter(|one| one.is_finding()).collect();
    assert!(
        flagged.iter().all(
            |one| one.reason == LineReason::OrderNotMine && one.status == LineStatus::Unmatched
        )
    );
    assert_eq!(report.totals.orders_not_mine, 2);
}

#[test]
fn r5_an_order_is_pending_until_its_window_closes_and_missing_after() {
    let own = [order("a", 3, 3_980)];
    let empty = [statement(Vec::new())];
    for (day, status) in
        [(3, OrderStatus::Pending), (4, OrderStatus::Pending), (5, OrderStatus::Missing)]
    {
        let report = check(&empty, &own, &as_of(day));
        assert_eq!(report.orders[0].status, status, "as of June {day}");
    }
}

#[test]
fn r5_without_a_day_of_export_the_last_line_tells_how_far_a_statement_reaches() {
    let own = [order("a", 3, 3_980)];
    let other = |day| Line::new(june(day), "コンビニ", yen(500));
    let short = [statement(vec![other(2), other(3)])];
    assert_eq!(
        orders(&check(&short, &own, &Options::default())),
        [("a", OrderReason::NotYetVisible)]
    );
    let long = [statement(vec![other(2), other(5)])];
    assert_eq!(orders(&check(&long, &own, &Options::default())), [("a", OrderReason::NoLine)]);
}

#[test]
fn r6_a_second_run_over_an_overlapping_file_tells_only_what_is_new() {
    let first = [statement(vec![line(1, 700), line(3, 1_000), line(3, 1_000)])];
    let mut seen = Seen::default();
    let report = check(&first, &[], &as_of(3));
    assert_eq!(report.lines.iter().filter(|one| one.is_new(&seen)).count(), 3);
    seen.take_in(&report);
    let kept = Seen::read(&seen.text()).unwrap();
    assert_eq!(kept, seen);
    // The next export begins later, and holds a third identical row.
    let second = [statement(vec![line(3, 1_000), line(3, 1_000), line(3, 1_000), line(4, 900)])];
    let report = check(&second, &[], &as_of(5));
    let new: Vec<_> = report
        .lines
        .iter()
        .filter(|one| one.is_new(&kept))
        .map(|one| one.line.amount.amount)
        .collect();
    assert_eq!(new, [1_000, 900]);
}

#[test]
fn identical_rows_are_legal_and_two_overlapping_files_are_counted_once() {
    let june_file = statement(vec![line(3, 1_000), line(3, 1_000)]);
    let overlapping = statement(vec![line(3, 1_000), line(3, 1_000), line(4, 5)]);
    let statements = [june_file, overlapping];
    let own = [order("a", 3, 1_000)];
    let report = check(&statements, &own, &as_of(5));
    assert_eq!(report.totals.repeated_lines, 2);
    assert_eq!(
        reasons(&report),
        [(1_000, LineReason::Exact), (1_000, LineReason::NoOrder), (5, LineReason::NoOrder)]
    );
}

fn shipped(order: Order, parts: &[(Option<i8>, i64)]) -> Order {
    let shipments = parts.iter().map(|(day, amount)| Shipment {
        shipped: day.map(|day| Moment::On(june(day))),
        amount: *amount,
    });
    Order { shipments: shipments.collect(), ..order }
}

#[test]
fn a_card_is_charged_by_the_shipment() {
    let split = shipped(order("a", 1, 0), &[(Some(3), 4_000), (Some(8), 2_500)]);
    let statements = [statement(vec![line(3, 4_000), line(9, 2_500), line(9, 4_000)])];
    let own = [split];
    let report = check(&statements, &own, &as_of(12));
    let unmatched: Vec<_> =
        report.lines.iter().filter(|one| one.is_finding()).map(|one| one.line.day()).collect();
    assert_eq!(unmatched, [Some(june(9))]);
    assert_eq!(orders(&report), [("a", OrderReason::Charged)]);
}

#[test]
fn one_charge_may_pay_several_shipments_and_several_charges_one_order() {
    let own = [
        shipped(order("a", 1, 0), &[(Some(2), 4_001), (Some(3), 2_503), (Some(9), 707)]),
        order("b", 12, 10_009),
    ];
    let statements =
        [statement(vec![line(3, 6_504), line(9, 707), line(12, 3_002), line(13, 7_007)])];
    let report = check(&statements, &own, &as_of(20));
    assert_eq!(
        reasons(&report),
        [
            (6_504, LineReason::SeveralShipments),
            (707, LineReason::Exact),
            (3_002, LineReason::SeveralCharges),
            (7_007, LineReason::SeveralCharges)
        ]
    );
    assert_eq!(report.totals.orders_charged, 2);
}

#[test]
fn one_charge_may_pay_several_orders_of_the_same_days() {
    let statements = [statement(vec![line(4, 3_003)])];
    let own = [order("a", 3, 1_001), order("b", 4, 2_002), order("c", 4, 9_999)];
    let report = check(&statements, &own, &as_of(4));
    assert_eq!(ids(&report.lines[0]), ["a", "b"]);
    assert_eq!(report.lines[0].reason, LineReason::SeveralOrders);
}

#[test]
fn an_order_of_the_evening_in_utc_is_an_order_of_the_next_day_in_japan() {
    let at: jiff::Timestamp = "2026-06-03T16:00:00Z".parse().unwrap();
    let placed = Moment::At(domain::time::Micros(at.as_microsecond()));
    let own = [Order { placed, ..order("a", 1, 500) }];
    let statements = [statement(vec![line(5, 500)])];
    assert_eq!(reasons(&check(&statements, &own, &as_of(6))), [(500, LineReason::Exact)]);
}

#[test]
fn points_make_a_charge_smaller_than_its_order() {
    let mixed = Order { funding: Funding::Mixed, ..order("a", 3, 5_000) };
    let statements = [statement(vec![line(3, 1_200)])];
    let own = [mixed];
    let report = check(&statements, &own, &as_of(5));
    assert_eq!(reasons(&report), [(1_200, LineReason::PartlyPoints)]);
    // Where the export does not say so, it is a doubt, and only if the difference is not too large.
    let own = [order("a", 3, 5_000)];
    let statements = [statement(vec![line(3, 4_200), line(3, 1_200)])];
    let report = check(&statements, &own, &as_of(5));
    assert_eq!(
        reasons(&report),
        [(4_200, LineReason::SmallerThanOrder), (1_200, LineReason::NoOrder)]
    );
    assert_eq!(orders(&report), [("a", OrderReason::ChargedPerhaps)]);
    let gift = [Order { funding: Funding::Otherwise, ..order("g", 3, 900) }];
    let statements = [statement(vec![line(3, 900)])];
    let report = check(&statements, &gift, &as_of(9));
    assert_eq!(reasons(&report), [(900, LineReason::NoOrder)]);
    assert_eq!(orders(&report), [("g", OrderReason::PaidOtherwise)]);
}

#[test]
fn orders_in_another_currency_are_known_by_the_amount_abroad_or_by_a_rate() {
    let dollars = |id: &str, cents| Order::new(id, Moment::On(june(3)), cents, Currency::USD);
    let own = [dollars("a", 1_299), dollars("b", 10_000)];
    let abroad =
        Line { foreign: Some(Money { amount: 1_299, currency: Currency::USD }), ..line(4, 2_042) };
    let statements = [statement(vec![abroad, line(4, 15_800)])];
    let rates = vec![Rate { of: Currency::USD, millionths: 157_200_000 }];
    let report = check(&statements, &own, &Options { rates, ..as_of(9) });
    assert_eq!(
        reasons(&report),
        [(15_800, LineReason::Converted), (2_042, LineReason::ForeignAmount)]
    );
    let report = check(&statements, &own, &as_of(9));
    assert_eq!(
        report.totals.not_yours.of(Currency::JPY),
        15_800,
        "without a rate nothing is guessed"
    );
}

#[test]
fn an_amount_that_fits_on_another_day_is_a_doubt() {
    let own = [order("a", 3, 4_444)];
    let statements = [statement(vec![line(9, 4_444)])];
    assert_eq!(
        reasons(&check(&statements, &own, &as_of(12))),
        [(4_444, LineReason::OutsideWindow)]
    );
}

#[test]
fn one_charge_for_an_own_order_and_an_intruders_of_the_same_amount_is_a_doubt() {
    let own = [order("mine", 3, 4_444), Order { not_mine: true, ..order("theirs", 3, 4_444) }];
    let statements = [statement(vec![line(3, 4_444)])];
    assert_eq!(reasons(&check(&statements, &own, &as_of(5))), [(4_444, LineReason::Ambiguous)]);
    let statements = [statement(vec![line(3, 4_444), line(3, 4_444)])];
    let report = check(&statements, &own, &as_of(5));
    assert_eq!(report.totals.not_yours.of(Currency::JPY), 4_444);
    assert_eq!(report.totals.doubtful.count, 0);
}

#[test]
fn c20_a_refund_is_pending_for_21_days_and_then_missing() {
    let refund = Refund { at: Some(Moment::On(june(5))), amount: 800 };
    let own = [Order { refunds: vec![refund], ..order("a", 3, 800) }];
    let charged = [statement(vec![line(3, 800)])];
    let refund_on = |day| check(&charged, &own, &as_of(day)).orders[0].refund;
    assert_eq!(refund_on(26), Some(RefundStatus::Pending));
    assert_eq!(refund_on(27), Some(RefundStatus::Missing));
    let returned = [statement(vec![line(3, 800), line(20, -800)])];
    let report = check(&returned, &own, &as_of(27));
    assert_eq!(report.orders[0].refund, Some(RefundStatus::Seen));
    assert_eq!(reasons(&report), [(800, LineReason::Exact), (-800, LineReason::Refund)]);
}

#[test]
fn c20_the_charge_of_a_cancelled_order_waits_21_days_for_its_refund() {
    let own = [Order { cancelled: true, ..order("a", 1, 800) }];
    let charged = [statement(vec![line(1, 800)])];
    let reason_on = |day| reasons(&check(&charged, &own, &as_of(day)))[0].1;
    assert_eq!(reason_on(22), LineReason::RefundPending);
    assert_eq!(reason_on(23), LineReason::RefundOverdue);
    assert_eq!(
        orders(&check(&[statement(Vec::new())], &own, &as_of(9))),
        [("a", OrderReason::Cancelled)]
    );
}

#[test]
fn what_was_taken_and_given_back_is_told_beside_the_sum() {
    let statements = [statement(vec![line(3, 5_000), line(3, 900), line(9, -5_000), line(9, -77)])];
    let report = check(&statements, &[], &as_of(12));
    assert_eq!(report.totals.not_yours.of(Currency::JPY), 5_900);
    assert_eq!(report.totals.not_yours_refunded.of(Currency::JPY), 5_000);
    assert_eq!(reasons(&report)[2], (-77, LineReason::RefundUnexplained));
}

#[test]
fn lines_of_other_merchants_are_counted_and_not_judged() {
    let statements = [statement(vec![
        line(3, 100),
        Line::new(june(3), "Amazon Web Services", yen(900)),
        Line::new(june(4), "ラクテンイチバ", yen(70)),
    ])];
    let own = [order("a", 3, 100)];
    let report = check(&statements, &own, &as_of(5));
    assert_eq!((report.lines.len(), report.totals.other_merchants.count), (1, 2));
    let options = Options { merchants: vec!["ラクテン".to_owned()], ..as_of(5) };
    let report = check(&statements, &[], &options);
    assert_eq!(reasons(&report), [(70, LineReason::NoOrder)]);
    let every = check(&statements, &[], &as_of(5));
    assert_eq!(every.lines.len(), 2, "without a shop every known marketplace is judged");
}

#[test]
fn orders_that_a_statement_does_not_reach_back_to_are_not_missing() {
    let statements = [statement(vec![line(15, 100)])];
    let own = [order("old", 1, 300), order("new", 12, 400)];
    let report = check(&statements, &own, &as_of(20));
    assert_eq!(
        orders(&report),
        [("old", OrderReason::BeforeStatement), ("new", OrderReason::NoLine)]
    );
}

#[test]
fn an_order_not_yet_shipped_is_not_missing() {
    let own = [shipped(order("a", 1, 0), &[(Some(2), 4_000), (None, 2_500)])];
    let statements = [statement(vec![line(2, 4_000)])];
    assert_eq!(orders(&check(&statements, &own, &as_of(10))), [("a", OrderReason::NotYetVisible)]);
    assert_eq!(orders(&check(&statements, &own, &as_of(20))), [("a", OrderReason::NotShipped)]);
    let july = Options { as_of: Some(jiff::civil::date(2026, 7, 5)), ..Options::default() };
    assert_eq!(orders(&check(&statements, &own, &july)), [("a", OrderReason::PartlyCharged)]);
}
