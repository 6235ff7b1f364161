//! `sekisho statement check`, as a victim would call it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

const HEAD: &str =
    "ご利用日,データ処理日,ご利用内容,カード会員様名,会員番号 #,金額,海外通貨利用金額,換算レート\n";
const AMOUNTS: [i64; 9] = [16_746, 3_980, 52_800, 9_800, 120_000, 2_480, 33_333, 7_777, 64_900];

/// A folder of this test's own, and the command in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn check(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
        let command = command.args(["statement", "check"]).args(words).current_dir(self.0.path());
        command.env_clear().env("LANG", "en_GB.UTF-8").output().unwrap()
    }

    /// The objects of `--json`, and the exit code.
    fn objects(&self, words: &[&str]) -> (Vec<Value>, i32) {
        let output = self.check(&[words, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let objects = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (objects, output.status.code().unwrap())
    }
}

fn amex(amounts: &[i64], day: u8) -> String {
    let row = |amount: &i64| {
        format!(
            "2026/06/0{day},2026/06/0{day},アマゾン　シーオージェーピー,関所　花子,-1,\"{amount}\",,\n"
        )
    };
    HEAD.to_owned() + &amounts.iter().map(row).collect::<String>()
}

const ORDERS: &str = "order_id,order_date,total,currency,site\n\
    250-1,2026-06-03,3980,JPY,Amazon.co.jp\n250-2,2026-06-02,2480,JPY,Amazon.co.jp\n";
const FILES: [&str; 4] = ["--statement", "amex.csv", "--orders", "orders.csv"];

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|one| one["kind"] == kind).collect()
}

#[test]
fn r4_seven_charges_of_nine_are_not_the_owners_and_their_sum_is_exact() {
    let desk = Desk::new();
    desk.put("amex.csv", amex(&AMOUNTS, 3));
    desk.put("orders.csv", ORDERS);
    let (objects, code) = desk.objects(&FILES);
    let totals = objects.last().unwrap();
    assert_eq!((totals["kind"].as_str(), code), (Some("totals"), 1));
    assert_eq!(totals["not_yours"]["count"], 7);
    let expected = AMOUNTS.iter().sum::<i64>() - 3_980 - 2_480;
    assert_eq!(totals["not_yours"]["amounts"][0]["amount"], expected);
    let flagged =
        of_kind(&objects, "line").into_iter().filter(|line| line["status"] == "unmatched");
    assert_eq!(
        flagged.map(|line| line["amount"]["amount"].as_i64().unwrap()).sum::<i64>(),
        expected
    );
}

#[test]
fn r5_an_order_is_pending_on_the_day_and_missing_two_days_later() {
    let desk = Desk::new();
    desk.put("amex.csv", HEAD);
    desk.put("orders.csv", "order_id,order_date,total\na,2026-06-03,500\n");
    let status = |day: &str| {
        let (objects, code) = desk.objects(&[&FILES[..], &["--as-of", day]].concat());
        (of_kind(&objects, "order")[0]["status"].as_str().unwrap().to_owned(), code)
    };
    assert_eq!(status("2026-06-03"), ("pending".to_owned(), 0));
    assert_eq!(status("2026-06-05"), ("missing".to_owned(), 1));
}

#[test]
fn r6_a_second_run_tells_only_what_is_new() {
    let desk = Desk::new();
    desk.put("amex.csv", amex(&AMOUNTS, 3));
    desk.put("orders.csv", ORDERS);
    let words = [&FILES[..], &["--since-last", "state.txt"]].concat();
    assert_eq!(desk.objects(&words).1, 1);
    let (objects, code) = desk.objects(&words);
    assert_eq!((of_kind(&objects, "line").len(), code), (0, 0));
    let more = amex(&AMOUNTS, 3) + "2026/06/04,2026/06/04,アマゾン,関所　花子,-1,77,,\n";
    desk.put("amex.csv", more);
    let (objects, code) = desk.objects(&words);
    let new = of_kind(&objects, "line");
    assert_eq!((new.len(), new[0]["amount"]["amount"].as_i64(), code), (1, Some(77), 1));
}

#[test]
fn x11_people_are_told_in_their_language_and_the_files_stay_as_they_are() {
    let desk = Desk::new();
    let statement = desk.put("amex.csv", amex(&AMOUNTS, 3));
    let orders = desk.put("orders.csv", ORDERS);
    let before = (fs::read(&statement).unwrap(), fs::read(&orders).unwrap());
    let english = String::from_utf8(desk.check(&FILES).stdout).unwrap();
    assert!(english.contains("Charges that are not yours: 7, ¥305,356 in all"), "{english}");
    let words = [&FILES[..], &["--language", "ja"]].concat();
    let japanese = String::from_utf8(desk.check(&words).stdout).unwrap();
    assert!(japanese.contains("お客様の注文にない請求：7件、合計305,356円"), "{japanese}");
    assert_eq!(before, (fs::read(&statement).unwrap(), fs::read(&orders).unwrap()));
    let names = fs::read_dir(desk.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.count(), 2, "no data folder and no state");
}

#[test]
fn what_goes_wrong_has_its_own_exit_code_and_a_clear_complaint() {
    let desk = Desk::new();
    desk.put("amex.csv", amex(&AMOUNTS, 3));
    desk.put("orders.csv", ORDERS);
    desk.put("odd.csv", "品目,数量\nりんご,三個\n");
    let ended = |words: &[&str]| {
        let output = desk.check(words);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(ended(&["--statement", "amex.csv"]).0, 2);
    assert_eq!(ended(&[&FILES[..], &["--columns", "day=1"]].concat()).0, 2);
    assert_eq!(ended(&[&FILES[..], &["--columns", "amount=値段"]].concat()).0, 2);
    let (code, complaint) = ended(&["--statement", "odd.csv", "--orders", "orders.csv"]);
    assert_eq!(code, 3);
    assert!(
        complaint.contains("odd.csv: unknown layout. Columns seen: 品目 | 数量"),
        "{complaint}"
    );
    assert_eq!(ended(&["--statement", "none.csv", "--orders", "orders.csv"]).0, 3);
    let (code, complaint) = ended(&[&FILES[..], &["--since-last", "amex.csv"]].concat());
    assert_eq!(code, 3, "another file is never taken for a state and written over: {complaint}");
    assert_eq!(ended(&[&FILES[..], &["--since-last", "no/such/folder/state"]].concat()).0, 4);
}

#[test]
fn orders_that_are_not_mine_can_be_named_in_a_file() {
    let desk = Desk::new();
    desk.put("amex.csv", amex(&[3_980, 2_480], 3));
    desk.put("orders.csv", ORDERS);
    desk.put("not-mine.txt", "# ids\n250-2\n");
    let (objects, code) = desk.objects(&[&FILES[..], &["--not-mine", "not-mine.txt"]].concat());
    let totals = objects.last().unwrap();
    assert_eq!((totals["not_yours"]["amounts"][0]["amount"].as_i64(), code), (Some(2_480), 1));
}
