//! `/statement-check`, as customers use it.

use std::process::Command;

use serde_json::Value;

use super::browser::Browser;
use super::{member, shop};
use crate::support::{Server, order};

const PATH: &str = "/statement-check";
const HEAD: &str =
    "ご利用日,データ処理日,ご利用内容,カード会員様名,会員番号 #,金額,海外通貨利用金額,換算レート\n";
const AMOUNTS: [i64; 9] = [16_746, 3_980, 52_800, 9_800, 120_000, 2_480, 33_333, 7_777, 64_900];
const ORDERS: &str = "order_id,order_date,total,currency,site\n\
    250-1,2026-06-03,3980,JPY,Amazon.co.jp\n250-2,2026-06-02,2480,JPY,Amazon.co.jp\n";

fn amex(merchant: &str, amounts: &[i64]) -> String {
    let row =
        |amount: &i64| format!("2026/06/03,2026/06/05,{merchant},関所　花子,-1,\"{amount}\",,\n");
    HEAD.to_owned() + &amounts.iter().map(row).collect::<String>()
}

async fn at_the_page(url: &str) -> Browser {
    let mut browser = Browser::at(url);
    browser.open(PATH).await;
    browser
}

#[tokio::test]
async fn r4_a_stranger_sees_which_seven_of_nine_charges_are_not_theirs_and_the_exact_sum() {
    let server = shop().await;
    let mut browser = at_the_page(&server.url).await;
    let statement = amex("アマゾン　シーオージェーピー", &AMOUNTS);
    let files = [
        ("statement", "amex.csv", statement.as_bytes()),
        ("orders", "orders.csv", ORDERS.as_bytes()),
    ];
    browser.send_with_files(PATH, &[], &files).await;
    let total = AMOUNTS.iter().sum::<i64>() - 3_980 - 2_480;
    let sum = format!("{},{:03}円", total / 1_000, total % 1_000);
    let wanted = format!("お客様の注文にない請求：7件、合計{sum}");
    assert!(browser.html.contains(&wanted), "{wanted}: {}", browser.html);
    assert!(browser.html.contains("class=\"button\" href=\"/report\""));
    assert!(browser.html.contains("注文と一致した請求：2件"));
    assert!(!browser.html.contains("関所　花子"), "the name on the card is not shown");
}

/// The account of the only member there is.
fn account_of_the_member(server: &Server) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
    let data = server.folder.path();
    let output = command.args(["export", "--data"]).arg(data).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    first
        .pointer("/account/id")
        .or(first.pointer("/event/account/id"))
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn r4_an_owner_compares_with_the_stores_own_orders_and_marks_what_the_intruder_ordered() {
    let server = shop().await;
    let mut browser = member(&server).await;
    browser.open(PATH).await;
    assert!(browser.html.contains("このアカウントの注文は、まだありません"), "{}", browser.html);
    let account = account_of_the_member(&server);
    for (id, amount, hour) in [("o-mine", 4_800, "09"), ("o-his", 420_000, "21")] {
        let placed = order(&account).id(id);
        let placed = placed.with("/occurred_at", format!("2026-06-03T{hour}:00:00+09:00"));
        let placed = placed.with("/order/id", id).with("/order/amount", amount);
        server.decide(placed.with("/order/lines/0/unit_amount", amount)).await.good();
    }
    browser.open(PATH).await;
    assert!(browser.html.contains("o-mine") && browser.html.contains("420,000円"));
    let statement = amex("SEKISHO TOKYO", &[4_800, 420_000]);
    let files = [("statement", "amex.csv", statement.as_bytes())];
    browser.send_with_files(PATH, &[("own", "yes")], &files).await;
    assert!(browser.html.contains("注文と一致した請求：2件"), "{}", browser.html);
    let marked = [("own", "yes"), ("not-mine:o-his", "yes")];
    browser.send_with_files(PATH, &marked, &files).await;
    assert!(browser.html.contains("請求：1件、合計420,000円"), "{}", browser.html);
    assert!(browser.html.contains("「自分の注文ではない」とした注文"));

    let mut stranger = at_the_page(&server.url).await;
    assert!(!stranger.html.contains("o-mine"), "a stranger sees nobody's orders");
    stranger.send_with_files(PATH, &[("own", "yes")], &files).await;
    assert!(stranger.html.contains("注文の一覧のファイルを選んでください"), "{}", stranger.html);
}

#[tokio::test]
async fn r4_what_cannot_be_read_is_told_with_the_file_and_why() {
    let server = shop().await;
    let mut browser = at_the_page(&server.url).await;
    let good = amex("AMAZON.CO.JP", &[4_800]);
    let cases: [(&[u8], &str); 5] = [
        (b" \r\n", "ファイルに何も書かれていません"),
        (b"%PDF-1.7 x", "CSV・OFX・QIFのいずれか"),
        (b"alpha,beta\none,two\nthree,four\n", "見つかった列：alpha | beta"),
        (b"a\0b,c\0d\n\0\0\n", "</strong>"),
        (&[0xff; 3_000], "CSV・OFX・QIFのいずれか"),
    ];
    for (bytes, wanted) in cases {
        let files = [("statement", "<b>.csv", bytes), ("orders", "o.csv", ORDERS.as_bytes())];
        browser.open(PATH).await;
        browser.send_with_files(PATH, &[], &files).await;
        assert!(browser.html.contains(wanted), "{wanted}: {}", browser.html);
        assert!(browser.html.contains("&lt;b&gt;.csv"), "the file is named");
    }
    browser.open(PATH).await;
    browser.send_with_files(PATH, &[], &[("orders", "o.csv", ORDERS.as_bytes())]).await;
    assert!(browser.html.contains("利用明細のファイルを選んでください"));
    let files = [("statement", "a.csv", good.as_bytes()), ("orders", "o.csv", ORDERS.as_bytes())];
    browser.send_with_files(PATH, &[("columns", "nonsense")], &files).await;
    assert!(browser.html.contains("列の指定を読み取れませんでした"));
    browser.send_with_files(PATH, &[("merchant", "どこにもない店")], &files).await;
    assert!(browser.html.contains("請求は、明細に見当たりませんでした"));
    browser.send_with_files(PATH, &[], &[("statement", "a.csv", &vec![b'a'; 3 << 20])]).await;
    assert_eq!(browser.status, 413);
}
