//! `sekisho members import`, as whoever moves a store calls it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use domain::event::account_key;
use sekisho::config::{Config, Said, Source};
use sekisho::instance::open_store;
use sekisho::members::{Found, Members};
use sekisho::world::{World, pause};
use serde_json::{Value, json};
use testbed::PrivatePostgres;

const BCRYPT: &str = "$2y$10$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";

/// A folder of this test's own with files and an instance in it, and the command.
struct Desk {
    folder: tempfile::TempDir,
    database_url: Option<String>,
}

/// How a command ended, and what it printed.
struct Ended {
    code: i32,
    out: String,
    complaints: String,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database_url: None }
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
        command.args(["members", "import"]).args(words).current_dir(self.folder.path());
        command.env_clear().env("SEKISHO_DATA", self.data());
        if let Some(url) = &self.database_url {
            command.env("SEKISHO_DATABASE_URL", url);
        }
        command
    }

    fn import(&self, words: &[&str]) -> Ended {
        let Output { status, stdout, stderr } = self.command(words).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: status.code().unwrap(), out: text(stdout), complaints: text(stderr) }
    }

    async fn kept(&self, account: &str) -> Option<Found> {
        let said = Said::defaults().with("data", self.data().to_str().unwrap(), Source::Flag);
        let said = match &self.database_url {
            Some(url) => said.with("database-url", url, Source::Flag),
            None => said,
        };
        let store = open_store(&Config::of(said).unwrap()).await.unwrap();
        let hasher = store.hasher().unwrap();
        let key = account_key(account, &hasher);
        let members = Members::new(store.clone(), hasher, World::real(), None).unwrap();
        let found = members.of(key).await.unwrap();
        store.close().await;
        found
    }
}

impl Ended {
    fn with(&self, code: i32, sum: [u64; 3]) {
        let [imported, unchanged, refused] = sum;
        let said = format!("{imported} imported, {unchanged} there already, {refused} refused");
        assert_eq!((self.code, self.out.lines().last()), (code, Some(&*said)), "{}", self.out);
    }
}

fn csv(rows: &[&str]) -> String {
    let head = "account_id,email,phone,name,registered_at,password_hash,email_verified,language";
    [&[head], rows].concat().join("\n") + "\n"
}

fn many(count: u64) -> String {
    let row =
        |n: u64| format!("u-{n},member-{n}@example.jp,,,2020-01-05T00:00:00Z,{BCRYPT},1,ja\n");
    csv(&[]) + &(1..=count).map(row).collect::<String>()
}

#[tokio::test]
async fn accounts_of_both_formats_become_members_and_the_same_file_changes_nothing() {
    let desk = Desk::new();
    let hanako = format!(
        "u-1,Hanako@Example.JP,090-1234-5678,\"関所, 花子\",2020-01-05T09:00:00+09:00,{BCRYPT},true,ja"
    );
    desk.put("a.csv", csv(&[&hanako]));
    let taro = json!({ "account_id": 1002, "email": "taro@example.jp", "email_verified": null,
                       "language": "en-GB", "points": 7 });
    desk.put("b.ndjson", format!("\u{feff}\n{taro}\r\n\n"));
    let first = desk.import(&["a.csv", "b.ndjson"]);
    first.with(0, [2, 0, 0]);
    assert_eq!(first.complaints, "b.ndjson: not read: points\n");

    let hanako = desk.kept("u-1").await.unwrap().member;
    assert_eq!(hanako.mails[0].value, "Hanako@example.jp");
    assert_eq!(hanako.phones[0].value, "+819012345678");
    assert_eq!((&*hanako.name, hanako.preferences.english), ("関所, 花子", false));
    assert_eq!(hanako.password.as_ref().unwrap().hash, BCRYPT);
    assert_eq!(sekisho::time::show(hanako.since), "2020-01-05T00:00:00Z");
    assert!(hanako.is_proven(&hanako.mails[0]) && !hanako.is_proven(&hanako.phones[0]));
    let taro = desk.kept("1002").await.unwrap().member;
    assert!(taro.preferences.english && taro.password.is_none());

    desk.import(&["a.csv", "b.ndjson"]).with(0, [0, 2, 0]);
    assert!(desk.kept("u-1").await.unwrap().member == hanako, "nothing has changed");
}

#[tokio::test]
async fn a_row_with_something_wrong_is_named_and_the_others_go_on() {
    let desk = Desk::new();
    let long = format!("u-10,x@example.jp,,{},,,,", "x".repeat(1_000_000));
    let costly = "u-6,f@example.jp,,,,\"$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA\",,";
    let rows = [
        "u-1,a@example.jp,,,,,,",
        "u-1,b@example.jp,,,,,,",
        "u-2,A@EXAMPLE.JP,,,,,,",
        "u-3,not an address,12,,,,perhaps,fr",
        ",c@example.jp,,,,,,",
        "u-4,,,,,,,",
        "u-5,e@example.jp,,,,$6$salt$sha512crypt,,",
        costly,
        "u-7,g@example.jp,,,2999-01-01T00:00:00Z,,,",
        "u-8,h@example.jp,,,05/01/2020,,,",
        "u-9,i@example.jp,,nul\0,,,,",
        &long,
        "u-11,k@example.jp",
        "u-12,l@example.jp,,\"two\nlines\",,,,",
        "u-13,m@example.jp,,,,,,",
        "u-14,n@example.jp,,\"never closed,,,,",
    ];
    desk.put("odd.csv", csv(&rows));
    let ended = desk.import(&["odd.csv"]);
    ended.with(1, [2, 0, 14]);
    let told = [
        "3: account_id: stands in line 2 already",
        "4: email: stands in line 2 already",
        "5: email: not a mail address: no @",
        "5: phone: not a telephone number",
        "5: email_verified: neither true nor false",
        "5: language: neither ja nor en",
        "6: account_id: is missing",
        "7: neither email nor phone: nobody could sign in",
        "8: password_hash: not a password hash of a known form",
        "9: password_hash: cost parameters out of bounds",
        "10: registered_at: lies in the future",
        "11: registered_at: not a time with its offset, as in 2024-01-05T09:00:00+09:00",
        "12: name: holds a control character",
        "13: longer than 65536 bytes, or a quotation mark is not closed",
        "14: 2 cells, and the first line has 8; a cell with a comma stands in quotation marks",
        "15: name: holds a control character",
        "18: a quotation mark is not closed",
    ];
    let lines: Vec<&str> = ended.out.lines().collect();
    let expected: Vec<String> = told.iter().map(|told| format!("odd.csv:{told}")).collect();
    assert_eq!(lines[..lines.len() - 1], expected);
    for private in ["example.jp", "not an address", "$6$", "argon2id", "nul", "12\n"] {
        assert!(!ended.out.contains(private) && !ended.complaints.contains(private), "{private}");
    }
    assert!(desk.kept("u-13").await.is_some() && desk.kept("u-12").await.is_none());

    let ended = desk.import(&["odd.csv", "--json"]);
    let objects: Vec<Value> =
        ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let first = json!({ "file": "odd.csv", "line": 3, "field": "account_id",
                        "problem": "stands in line 2 already" });
    assert_eq!(objects[0], first);
    let sum = json!({ "imported": 0, "unchanged": 2, "refused": 14, "dry_run": false });
    assert_eq!(objects.last(), Some(&sum));
}

#[tokio::test]
async fn odd_lines_of_json_are_named_too() {
    let desk = Desk::new();
    let lines = [
        "{\"account_id\":\"u-1\",\"email\":\"a@example.jp\"}",
        "{\"account_id\":\"u-2\",\"email\":\"b@example.jp\"",
        "[\"u-3\",\"c@example.jp\"]",
        "{\"account_id\":[\"u-4\"],\"email\":\"d@example.jp\"}",
        "{\"account_id\":12345678901234567890123,\"email\":\"e@example.jp\"}",
        "{\"account_id\":\"u\\u0000\",\"email\":\"f@example.jp\"}",
    ];
    desk.put("odd.ndjson", lines.join("\n"));
    let ended = desk.import(&["odd.ndjson"]);
    ended.with(1, [1, 0, 5]);
    let told: Vec<&str> =
        ended.out.lines().filter_map(|line| line.strip_prefix("odd.ndjson:")).collect();
    let expected = [
        "2: not an object of JSON: it is cut off (column 42)",
        "3: not an object of JSON: another kind of value",
        "4: account_id: not a text, a whole number, true or false",
        "5: account_id: not a text, a whole number, true or false",
        "6: account_id: holds a control character",
    ];
    assert_eq!(told, expected);
    assert!(!ended.out.contains("example.jp"));
}

#[tokio::test]
async fn a_file_of_windows_is_read_when_it_is_said_to_be_one() {
    let desk = Desk::new();
    let text = csv(&["u-1,a@example.jp,,表示 ソ能,,,,"]).replace('\n', "\r\n");
    desk.put("sjis.csv", encoding_rs::SHIFT_JIS.encode(&text).0);
    let ended = desk.import(&["sjis.csv"]);
    ended.with(1, [0, 0, 1]);
    assert!(ended.out.starts_with("sjis.csv:2: name: not UTF-8; say --encoding\n"));
    desk.import(&["sjis.csv", "--encoding", "cp932"]).with(0, [1, 0, 0]);
    assert_eq!(desk.kept("u-1").await.unwrap().member.name, "表示 ソ能");
}

#[test]
fn a_file_of_which_nothing_can_be_read_ends_with_three_and_a_bad_call_with_two() {
    let desk = Desk::new();
    desk.put("good.csv", csv(&["u-1,a@example.jp,,,,,,"]));
    desk.put("empty.csv", "\n\n");
    desk.put("named.csv", "id,mail\n1,a@example.jp\n");
    desk.put("twice.csv", "account_id,email,email\n");
    desk.put("array.json", "[{}]");
    desk.put("utf16.csv", b"\xff\xfea\0c\0");
    desk.put("mac.csv", csv(&["u-1,a@example.jp,,,,,,"]).replace('\n', "\r"));
    let bad = [
        ("empty.csv", "it is empty"),
        ("named.csv", "the first line names no column account_id"),
        ("twice.csv", "the first line names the column email twice"),
        ("array.json", "it is one array of JSON; write one object a line"),
        ("utf16.csv", "it is UTF-16; write it as UTF-8"),
        ("mac.csv", "the first line: a carriage return ends the line where a line feed should"),
    ];
    for (file, why) in bad {
        let ended = desk.import(&["good.csv", file]);
        let said = format!("sekisho: {file}: {why}\n");
        assert_eq!((ended.code, &*ended.complaints, &*ended.out), (3, &*said, ""));
    }
    assert_eq!(desk.import(&["absent.csv"]).code, 3);
    assert_eq!(desk.import(&[]).code, 2);
    assert_eq!(desk.import(&["-", "-"]).code, 2);
    assert!(!desk.data().join("sekisho.db").exists(), "nothing was begun");
}

#[tokio::test]
async fn more_bad_rows_than_allowed_end_it_and_what_was_written_stays() {
    let desk = Desk::new();
    let bad = "x,,,,,,,\n".repeat(3);
    desk.put("a.csv", many(500) + &bad + "late,late@example.jp,,,,,,\n");
    let ended = desk.import(&["a.csv", "--max-bad", "2"]);
    ended.with(3, [500, 0, 3]);
    assert!(ended.complaints.contains("more than 2 rows were refused (--max-bad)"));
    assert!(desk.kept("u-500").await.is_some() && desk.kept("late").await.is_none());
    desk.import(&["a.csv", "--max-bad", "3"]).with(1, [1, 500, 3]);
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let desk = Desk::new();
    desk.put("a.csv", csv(&["u-1,a@example.jp,,,,,,", "u-2,a@example.jp,,,,,,"]));
    let ended = desk.import(&["a.csv", "--dry-run"]);
    assert_eq!(
        ended.out,
        "a.csv:3: email: stands in line 2 already\n\
         1 would be imported, 0 there already, 1 refused\n"
    );
    assert_eq!(ended.code, 1);
    assert!(desk.kept("u-1").await.is_none());
}

async fn members_keep_what_is_theirs(desk: Desk) {
    desk.put("a.csv", csv(&["u-1,a@example.jp,090-1234-5678,,,,,"]));
    desk.import(&["a.csv"]).with(0, [1, 0, 0]);
    let rows = [
        "u-1,other@example.jp,,,,,,",
        "u-2,A@example.jp,,,,,,",
        "u-3,c@example.jp,+81 90 1234 5678,,,,,",
        "u-4,d@example.jp,,,,,,",
        "u-5,d@example.jp,,,,,,",
    ];
    desk.put("b.csv", csv(&rows));
    let ended = desk.import(&["a.csv", "b.csv"]);
    // In one run the earlier file is in the way, in two the members are.
    assert!(ended.out.contains("b.csv:2: account_id: stands in a.csv, line 2 already"));
    let told = "b.csv:6: email: stands in line 5 already\n\
                b.csv:2: account_id: is a member already, and not by this row; kept as it is\n\
                b.csv:3: email: belongs to another member\n\
                b.csv:4: phone: belongs to another member\n";
    let ended = desk.import(&["b.csv"]);
    assert!(ended.out.starts_with(told), "{}", ended.out);
    ended.with(1, [0, 1, 4]);
    assert_eq!(desk.kept("u-1").await.unwrap().member.mails[0].value, "a@example.jp");
    assert!(desk.kept("u-4").await.is_some());
}

#[tokio::test]
async fn a_member_keeps_what_is_theirs_whatever_a_file_says() {
    members_keep_what_is_theirs(Desk::new()).await;
}

#[tokio::test]
async fn an_import_into_postgresql_says_and_does_the_same() {
    let postgres = PrivatePostgres::start().unwrap();
    let url = postgres.create_database("imported").unwrap();
    members_keep_what_is_theirs(Desk { database_url: Some(url), ..Desk::new() }).await;
}

#[tokio::test]
async fn an_import_that_is_killed_in_the_middle_is_taken_up_by_the_same_file() {
    let desk = Desk::new();
    let rows = many(1_800);
    desk.put("a.csv", &rows);
    let half: String = rows.split_inclusive('\n').take(1_301).collect();
    let mut command = desk.command(&["-"]);
    let mut importing =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = importing.stdin.take().unwrap();
    input.write_all(half.as_bytes()).unwrap();
    input.flush().unwrap();
    wait_for(&desk, "u-1000").await;
    importing.kill().unwrap();
    importing.wait().unwrap();
    assert!(desk.kept("u-1001").await.is_none(), "a batch is written whole or not at all");
    desk.import(&["a.csv"]).with(0, [800, 1_000, 0]);
    desk.import(&["a.csv"]).with(0, [0, 1_800, 0]);
}

async fn wait_for(desk: &Desk, account: &str) {
    for _ in 0..600 {
        if Path::exists(&desk.data().join("sekisho.db")) && desk.kept(account).await.is_some() {
            return;
        }
        pause(Duration::from_millis(50)).await;
    }
    panic!("{account} was never imported");
}
