//! Recorded events, judged again.

mod own_log;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder of this test's own, and the command in it.
struct Desk(tempfile::TempDir);

/// What a replay wrote and how it ended.
struct Ended {
    code: i32,
    complaints: String,
    decisions: Vec<Value>,
    report: Value,
}

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn sekisho(&self, words: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sekisho"))
            .args(words)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The command may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    fn replay(&self, words: &[&str]) -> Ended {
        self.replay_from(words, b"")
    }

    fn replay_from(&self, words: &[&str], input: &[u8]) -> Ended {
        let words = [&["replay", "--out", "d.ndjson", "--report", "r.json"], words].concat();
        let output = self.sekisho(&words, input);
        let read = |name: &str| fs::read_to_string(self.0.path().join(name)).unwrap_or_default();
        Ended {
            code: output.status.code().unwrap(),
            complaints: String::from_utf8(output.stderr).unwrap(),
            decisions: read("d.ndjson").lines().map(|l| serde_json::from_str(l).unwrap()).collect(),
            report: serde_json::from_str(&read("r.json")).unwrap_or_default(),
        }
    }
}

impl Ended {
    fn ids(&self) -> Vec<&str> {
        self.decisions.iter().map(|d| d["event_id"].as_str().unwrap()).collect()
    }
}

fn sign_in(id: &str, minute: u32) -> String {
    format!(
        r#"{{"event_id":"{id}","type":"login","status":"succeeded","occurred_at":"2026-06-03T21:{minute:02}:00+09:00","account":{{"id":"u-1"}},"context":{{"ip":"203.0.113.7"}}}}"#
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

fn three() -> String {
    ["a", "b", "c"].iter().zip(1..).map(|(id, m)| sign_in(id, m) + "\n").collect()
}

#[test]
fn every_event_gets_one_line_in_the_order_of_the_file() {
    let desk = Desk::new();
    desk.put("e.ndjson", three());
    let ended = desk.replay(&["e.ndjson"]);
    assert_eq!((ended.code, ended.ids()), (0, vec!["a", "b", "c"]));
    for decision in &ended.decisions {
        assert!(decision["verdict"].is_string() && decision["reasons"].is_array());
        assert!((0.0..=1.0).contains(&decision["score"].as_f64().unwrap()));
    }
    assert_eq!(ended.report["events"], 3);
    let by_verdict = ended.report["verdicts"]["login"].as_object().unwrap();
    assert_eq!(by_verdict.values().filter_map(Value::as_u64).sum::<u64>(), 3);
}

#[test]
fn packed_files_are_known_by_their_content_not_by_their_name() {
    let desk = Desk::new();
    desk.put("a.txt", gzip(three().as_bytes()));
    desk.put("b.gz", zstd(sign_in("d", 9).as_bytes()));
    desk.put("c.zst", sign_in("e", 10));
    let two_members = [gzip(sign_in("f", 11).as_bytes()), gzip(b"\n")].concat();
    desk.put("d.gz", [two_members, gzip(sign_in("g", 12).as_bytes())].concat());
    let ended = desk.replay(&["a.txt", "b.gz", "c.zst", "d.gz"]);
    assert_eq!((ended.code, ended.ids()), (0, vec!["a", "b", "c", "d", "e", "f", "g"]));
}

#[test]
fn standard_input_is_a_file_too() {
    let ended = Desk::new().replay_from(&["-"], &gzip(three().as_bytes()));
    assert_eq!((ended.code, ended.ids().len()), (0, 3));
}

#[test]
fn bad_lines_are_counted_and_named_and_the_others_still_judged() {
    let desk = Desk::new();
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend(format!("{}\r\n\r\n", sign_in("a", 1)).bytes());
    bytes.extend(b"{\"event_id\":\n\xff\xfe\x00binary\x00\n[1,2]\n");
    bytes.extend(br#"{"event_id":"x","type":"login","status":"succeeded","account":{"id":"u"}}"#);
    bytes.extend(b"\n\x93\xfa\x96\x7b\n");
    bytes.extend(vec![b'x'; 3 << 20]);
    bytes.extend(format!("\n{}", sign_in("b", 2)).bytes());
    desk.put("e.ndjson", bytes);
    let ended = desk.replay(&["e.ndjson"]);
    assert_eq!((ended.code, ended.ids()), (0, vec!["a", "b"]));
    let bad = ended.report["bad"].as_array().unwrap();
    let lines: Vec<u64> = bad.iter().map(|bad| bad["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, vec![3, 4, 5, 6, 7, 8]);
    let reason = |place: usize| bad[place]["reason"].as_str().unwrap().to_owned();
    assert!(reason(3).starts_with("/occurred_at"), "{}", reason(3));
    assert_eq!(reason(4), "not UTF-8");
    assert_eq!(reason(5), "longer than 1048576 bytes");
    assert!(ended.complaints.contains("e.ndjson:3: "), "{}", ended.complaints);
}

#[test]
fn one_bad_line_too_many_ends_it_with_three() {
    let desk = Desk::new();
    desk.put("e.ndjson", format!("rubbish\n{}\nrubbish\n", sign_in("a", 1)));
    assert_eq!(desk.replay(&["--max-bad", "2", "e.ndjson"]).code, 0);
    let ended = desk.replay(&["--max-bad", "1", "e.ndjson"]);
    assert_eq!((ended.code, ended.report["bad_lines"].as_u64()), (3, Some(2)));
}

#[test]
fn a_torn_file_is_judged_as_far_as_it_goes_and_ends_with_three() {
    let desk = Desk::new();
    let many: String = (0..40_000).map(|n| sign_in(&format!("e{n}"), n % 60) + "\n").collect();
    for (name, packed) in [("e.gz", gzip(many.as_bytes())), ("e.zst", zstd(many.as_bytes()))] {
        desk.put(name, &packed[..packed.len() * 2 / 3]);
        let ended = desk.replay(&[name]);
        assert_eq!(ended.code, 3, "{name}");
        assert!(ended.decisions.len() > 1_000, "{name}: {}", ended.decisions.len());
        assert!(
            ended.complaints.contains("the packed data ends too early"),
            "{}",
            ended.complaints
        );
        let broken = ended.report["broken"][0]["line"].as_u64().unwrap();
        assert_eq!(broken, ended.decisions.len() as u64 + 1, "{name}");
    }
}

#[test]
fn nothing_to_read_is_no_mistake_and_nothing_there_is() {
    let desk = Desk::new();
    desk.put("empty", "");
    assert_eq!(desk.replay(&["empty"]).report["events"], 0);
    assert_eq!(desk.replay(&["empty"]).code, 0);
    assert_eq!(desk.replay(&["absent"]).code, 3);
    assert_eq!(desk.replay(&[]).code, 3, "no log in a folder that is not there");
    assert_eq!(desk.replay(&["-", "-"]).code, 2);
    assert!(!desk.0.path().join("data").exists(), "and none is made");
}

#[test]
fn the_same_event_twice_is_judged_once() {
    let desk = Desk::new();
    let other = sign_in("a", 5);
    desk.put("e.ndjson", format!("{}{}\n{other}\n", three(), sign_in("a", 1)));
    let ended = desk.replay(&["e.ndjson"]);
    assert_eq!(ended.ids(), vec!["a", "b", "c"]);
    assert_eq!((&ended.report["repeated"], &ended.report["bad_lines"]), (&1.into(), &1.into()));
    assert_eq!(ended.report["bad"][0]["line"], 5);
}

#[test]
fn a_year_9999_is_a_bad_line_and_not_the_end_of_memory() {
    let desk = Desk::new();
    let far = sign_in("x", 3).replace("2026-06-03", "9999-06-03");
    desk.put("e.ndjson", format!("{}{far}\n{}\n", three(), sign_in("d", 4)));
    let ended = desk.replay(&["e.ndjson"]);
    assert_eq!((ended.ids(), &ended.report["bad_lines"]), (vec!["a", "b", "c", "d"], &1.into()));
}

#[test]
fn a_comparison_counts_and_names_what_another_policy_would_change() {
    let desk = Desk::new();
    let guess = |n: u32| sign_in(&format!("g{n}"), n).replace("succeeded", "failed");
    let storm: String = (0..40).map(|n| guess(n) + "\n").collect();
    desk.put("e.ndjson", format!("{storm}{}\n", sign_in("in", 41)));
    let ended = desk.replay(&["--policy", "marketplace", "--compare", "observe", "e.ndjson"]);
    assert_eq!(ended.code, 0, "{}", ended.complaints);
    let comparison = &ended.report["comparison"];
    let changes = comparison["changes"].as_array().unwrap();
    let changed: u64 = changes.iter().map(|change| change["events"].as_u64().unwrap()).sum();
    assert!(changed > 0, "{comparison}");
    assert!(changes.iter().all(|change| change["from"] != change["to"]));
    assert_eq!(comparison["examples"].as_array().unwrap().len() as u64, changed.min(20));
    assert_eq!(desk.replay(&["--policy", "no-such", "e.ndjson"]).code, 3);
}

#[test]
fn threads_and_chunks_never_change_a_decision() {
    let desk = Desk::new();
    let many: String = (0..6_000)
        .map(|n| sign_in(&format!("e{n}"), n % 60).replace("u-1", &format!("u-{}", n % 97)) + "\n")
        .collect();
    desk.put("e.ndjson", many);
    let [one, four] = ["1", "4"].map(|n| desk.replay(&["--threads", n, "e.ndjson"]).decisions);
    assert_eq!(one.len(), 6_000);
    assert_eq!(one, four);
}

const RBA_HEADER: &str = "index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address,Country,\
    Region,City,ASN,User Agent String,Browser Name and Version,OS Name and Version,Device Type,\
    Login Successful,Is Attack IP,Is Account Takeover";

#[test]
fn rba_rows_are_sign_ins_and_their_labels_are_measured_by() {
    let desk = Desk::new();
    let row = |n: u32, country: &str, asn: u32, taken: &str| {
        format!(
            "{n},2020-02-03 12:{n:02}:30.772,-4324475583306591935,,10.0.65.171,{country},-,-,{asn},\
             \"Mozilla/5.0 (X11, like \"\"Gecko\"\")\",Firefox 20.0,iOS 13.4,mobile,True,False,{taken}\n"
        )
    };
    let mut rows: String = (0..9).map(|n| row(n, "NO", 29_695, "False")).collect();
    rows += &row(9, "BR", 28_573, "True");
    desk.put("rba.csv", format!("{RBA_HEADER}\n{rows}"));
    let ended = desk.replay(&["--format", "rba-csv", "rba.csv"]);
    assert_eq!((ended.code, ended.decisions.len()), (0, 10));
    let score = |place: usize| ended.decisions[place]["score"].as_f64().unwrap();
    assert!(score(9) > score(8), "another country and network: {} {}", score(9), score(8));
    let measured = &ended.report["rba_takeovers"];
    assert_eq!((&measured["intruders"], &measured["honest"]), (&1.into(), &6.into()));
    assert_eq!(measured["roc_auc"], 1.0);
}

#[test]
fn another_header_is_named_and_nothing_is_judged() {
    let desk = Desk::new();
    let header = RBA_HEADER.replace("Country", "Land");
    desk.put(
        "rba.csv",
        format!(
            "{header}\n0,2020-02-03 12:43:30.772,1,,10.0.0.1,NO,-,-,1,a,b,c,d,True,False,False\n"
        ),
    );
    let ended = desk.replay(&["--format", "rba-csv", "rba.csv"]);
    assert_eq!((ended.code, ended.decisions.len()), (3, 0));
    assert!(
        ended.complaints.contains(r#"column 6 is "Land", not "Country""#),
        "{}",
        ended.complaints
    );
}

#[test]
fn rba_rows_that_do_not_fit_are_named_by_column() {
    let desk = Desk::new();
    let good = "0,2020-02-03 12:43:30.772,1,,10.0.0.1,NO,-,-,1,a,b,c,d,True,False,False";
    let bad = [
        good.replace("2020-02-03", "3 Feb"),
        good.replace("10.0.0.1", "somewhere"),
        good.replace("NO", "NOR"),
        good.replace("True", "yes"),
        format!("{good},more"),
        "0,1".to_owned(),
        good.replace(",a,", ",\"a,"),
    ];
    desk.put("rba.csv", format!("{RBA_HEADER}\n{}\n{good}\n", bad.join("\n")));
    let ended = desk.replay(&["--format", "rba-csv", "rba.csv"]);
    assert_eq!(ended.decisions.len(), 1);
    let named = ended.report["bad"].as_array().unwrap();
    let reasons: Vec<&str> = named.iter().map(|bad| bad["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.len(), bad.len(), "{reasons:?}");
    for (reason, part) in reasons.iter().zip([
        "Login Timestamp",
        "IP Address",
        "Country",
        "Login Successful",
        "17 columns",
        "2 columns",
        "columns where 16 belong",
    ]) {
        assert!(reason.contains(part), "{reason}: {part}");
    }
}

#[test]
fn the_reference_rows_of_the_data_set_are_read() {
    let Some(path) = shared("data/logins/rba_first19_intact.csv") else { return };
    let ended = Desk::new().replay(&["--format", "rba-csv", &path]);
    assert_eq!((ended.code, ended.decisions.len(), &ended.report["bad_lines"]), (0, 19, &0.into()));
}

#[test]
fn recall_is_that_of_the_reference_script() {
    let Some(events) = shared("data/orders/uci-takeovers-simulated.ndjson.gz") else { return };
    let Some(labels) = shared("data/orders/uci-takeovers-simulated.labels.csv") else { return };
    let Some(script) = shared("tools/score_decisions.py") else { return };
    let desk = Desk::new();
    let ended = desk.replay(&["--labels", &labels, &events]);
    let said = Command::new("python3")
        .args([script.as_str(), "d.ndjson", &labels])
        .current_dir(desk.0.path())
        .output();
    let Ok(said) = said else { return println!("skipped: no python3") };
    let said = String::from_utf8(said.stdout).unwrap();
    let recall = &ended.report["recall"];
    for at in recall["recalls"].as_array().unwrap() {
        let percent = |name: &str| 100.0 * at[name].as_f64().unwrap();
        let line = format!(
            "recall at {:.1}% of honest events challenged: {:.1}%",
            percent("share"),
            percent("recall")
        );
        assert!(said.contains(&line), "{line}\n{said}");
    }
    let area = format!("ROC AUC {:.4}", recall["roc_auc"].as_f64().unwrap());
    assert!(said.contains(&area), "{area}\n{said}");
}

/// A file of the shared data; says so where it is absent.
fn shared(name: &str) -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    #[expect(clippy::disallowed_methods, reason = "where tests find shared data")]
    let folder = std::env::var_os("SEKISHO_SHARED").map_or(here, PathBuf::from);
    let path = folder.join(name);
    let found = path.exists().then(|| path.display().to_string());
    if found.is_none() {
        println!("skipped: {} is absent", path.display());
    }
    found
}

#[test]
fn decisions_on_standard_output_stand_alone() {
    let desk = Desk::new();
    desk.put("e.ndjson", three());
    let output = desk.sekisho(&["replay", "--out", "-", "e.ndjson"], b"");
    let mut text = String::new();
    output.stdout.as_slice().read_to_string(&mut text).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}
