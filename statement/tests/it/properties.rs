//! What holds of every statement and every set of orders.

use proptest::prelude::*;
use statement::check::{LineReason, OrderReason};
use statement::{Currency, Line, Order, check};

use crate::support::{as_of, june, line, order, orders, reasons, statement, yen};

/// Charges and orders of a month: days and amounts from small sets, so that they collide.
fn month() -> impl Strategy<Value = (Vec<Line>, Vec<Order>)> {
    let lines = proptest::collection::vec(
        (1_i8..25, prop_oneof![1_i64..6, 100_i64..130, Just(-3_i64)]),
        0..14,
    );
    let told = proptest::collection::vec(
        (1_i8..25, prop_oneof![1_i64..6, 100_i64..260], any::<bool>()),
        0..10,
    );
    (lines, told).prop_map(|(lines, told)| {
        let lines = lines.into_iter().map(|(day, amount)| line(day, amount * 10)).collect();
        let told = told.into_iter().enumerate().map(|(at, (day, amount, not_mine))| Order {
            not_mine,
            ..order(&format!("o{at}"), day, amount * 10)
        });
        (lines, told.collect())
    })
}

/// Orders whose amounts add up in one way only: each is larger than all before it together.
fn apart(count: usize) -> Vec<Order> {
    (0..count)
        .map(|at| order(&format!("o{at}"), 3, 1_000 * 3_i64.pow(u32::try_from(at).unwrap())))
        .collect()
}

proptest! {
    #[test]
    fn the_order_of_lines_and_orders_does_not_matter((lines, told) in month(), seed in any::<u64>()) {
        let straight = [statement(lines.clone())];
        let expected = check(&straight, &told, &as_of(28));
        let mut mixed = lines;
        let mut mixed_orders = told.clone();
        shuffle(&mut mixed, seed);
        shuffle(&mut mixed_orders, seed.rotate_left(17));
        let mixed = [statement(mixed)];
        let report = check(&mixed, &mixed_orders, &as_of(28));
        prop_assert_eq!(reasons(&report), reasons(&expected));
        prop_assert_eq!(orders(&report), orders(&expected));
        prop_assert_eq!(&report.totals, &expected.totals);
    }

    #[test]
    fn no_yen_is_lost_and_no_order_is_charged_twice((lines, told) in month()) {
        let statements = [statement(lines.clone())];
        let report = check(&statements, &told, &as_of(28));
        let totals = &report.totals;
        let sums = [&totals.matched, &totals.pending, &totals.not_yours, &totals.doubtful, &totals.other_merchants];
        let sum: i64 = sums.iter().map(|sums| sums.of(Currency::JPY)).sum();
        prop_assert_eq!(sum, lines.iter().map(|line| line.amount.amount).sum::<i64>());
        // Exact pairs use every order once.
        let mut exact: Vec<&str> = report.lines.iter().filter(|one| one.reason == LineReason::Exact && one.line.amount.amount > 0)
            .map(|one| one.orders[0].id.as_str()).collect();
        let count = exact.len();
        exact.sort_unstable();
        exact.dedup();
        prop_assert_eq!(exact.len(), count);
    }

    #[test]
    fn splitting_a_charge_leaves_the_result_the_same(count in 1_usize..6, which in any::<prop::sample::Index>(), part in 1_i64..99, strange in 1_i64..9) {
        let told = apart(count);
        let which = which.index(count);
        let mut lines: Vec<Line> = told.iter().map(|order| line(3, order.total())).collect();
        // Odd, so that no sum of orders reaches it.
        lines.push(line(4, 7_000_001 * strange));
        let whole = [statement(lines.clone())];
        let before = check(&whole, &told, &as_of(9));
        let amount = lines[which].amount.amount;
        let cut = amount * part / 100 + 1;
        lines[which].amount = yen(cut);
        lines.push(line(4, amount - cut));
        let split = [statement(lines)];
        let after = check(&split, &told, &as_of(9));
        prop_assert_eq!(&after.totals.not_yours, &before.totals.not_yours);
        prop_assert_eq!(orders(&after), orders(&before));
    }

    #[test]
    fn merging_charges_leaves_the_result_the_same(count in 2_usize..6, strange in 1_i64..9) {
        let told = apart(count);
        let mut lines: Vec<Line> = told.iter().map(|order| line(3, order.total())).collect();
        lines.push(line(4, 7_000_001 * strange));
        let apart = [statement(lines.clone())];
        let before = check(&apart, &told, &as_of(9));
        let first = lines.remove(0);
        lines[0].amount = yen(lines[0].amount.amount + first.amount.amount);
        let merged = [statement(lines)];
        let after = check(&merged, &told, &as_of(9));
        prop_assert_eq!(&after.totals.not_yours, &before.totals.not_yours);
        prop_assert_eq!(orders(&after), orders(&before));
        prop_assert!(orders(&after).iter().all(|(_, reason)| *reason == OrderReason::Charged));
    }

    #[test]
    fn a_statement_cut_in_two_overlapping_files_says_the_same((lines, told) in month(), cut in any::<prop::sample::Index>()) {
        let mut lines = lines;
        lines.sort_by_key(Line::day);
        let whole = [statement(lines.clone())];
        let expected = check(&whole, &told, &as_of(28));
        // Both files hold the whole of the day at the cut, as exports by day do.
        let day = if lines.is_empty() { june(1) } else { lines[cut.index(lines.len())].day().unwrap() };
        let early = lines.iter().filter(|line| line.day() <= Some(day)).cloned().collect();
        let late = lines.iter().filter(|line| line.day() >= Some(day)).cloned().collect();
        let parts = [statement(early), statement(late)];
        let report = check(&parts, &told, &as_of(28));
        prop_assert_eq!(reasons(&report), reasons(&expected));
        prop_assert_eq!(&report.totals.not_yours, &expected.totals.not_yours);
    }
}

/// The shuffle of Fisher and Yates with a small generator.
fn shuffle<T>(things: &mut [T], seed: u64) {
    let mut state = seed | 1;
    for at in (1..things.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
}
