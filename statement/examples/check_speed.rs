//! How long 100,000 lines against 20,000 orders take: `cargo run --release -p sekisho-statement
//! --example check_speed`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement for people"
)]

use std::fmt::Write as _;
use std::time::Instant;

use statement::read::{self, Hints};
use statement::{Options, check, order};

const LINES: u64 = 100_000;
const ORDERS: u64 = 20_000;

/// How many lines of the shop no order explains, one in this many.
const SCENES: [(&str, u64); 3] =
    [("a fifth own orders, the rest other shops", 1), ("half not ours", 2), ("most not ours", 3)];

fn main() {
    for (scene, kind) in SCENES {
        let (lines, orders) = (statement_csv(kind), orders_csv());
        let begun = Instant::now();
        let statements = [read::statement(lines.as_bytes(), "lines", &Hints::default()).unwrap()];
        let files = [read::orders(orders.as_bytes(), "orders", &Hints::default()).unwrap()];
        let read = begun.elapsed();
        let orders = order::gather(files);
        let report = check(&statements, &orders, &Options::default());
        let all = begun.elapsed();
        println!(
            "{scene}: read {} ms, all {} ms; {} matched, {} not yours, {} doubtful",
            read.as_millis(),
            all.as_millis(),
            report.totals.matched.count,
            report.totals.not_yours.count,
            report.totals.doubtful.count
        );
    }
}

/// A number that looks like chance and is the same on every machine.
fn mixed(number: u64) -> u64 {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state ^= state >> 29;
    state.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33
}

fn day(number: u64) -> String {
    let day = 1 + number % 28;
    format!("2026/{:02}/{day:02}", 1 + (number / 28) % 12)
}

fn amount(order: u64) -> u64 {
    100 + mixed(order) % 60_000
}

fn statement_csv(kind: u64) -> String {
    let mut text =
        "ご利用日,データ処理日,ご利用内容,カード会員様名,会員番号 #,金額,海外通貨利用金額,換算レート\n"
            .to_owned();
    for at in 0..LINES {
        let own = at < ORDERS;
        let ours = own || (kind == 2 && at % 2 == 0) || kind == 3;
        let shop = if ours {
            "アマゾン　シーオージェーピー"
        } else {
            "コンビニエンスストア"
        };
        let (on, cost) =
            if own { (day(at), amount(at)) } else { (day(mixed(at)), 70 + mixed(at * 7) % 60_000) };
        let _ = writeln!(text, "{on},{on},{shop},関所　花子,-1,\"{cost}\",,");
    }
    text
}

fn orders_csv() -> String {
    let mut text = "order_id,order_date,total,currency,site\n".to_owned();
    for at in 0..ORDERS {
        // One in ten has no line of its own: other days, other amounts.
        let cost = if at % 10 == 0 { amount(at) + 1 } else { amount(at) };
        let _ = writeln!(text, "o-{at},{},{cost},JPY,Amazon.co.jp", day(at));
    }
    text
}
