//! `sekisho mail check`, as it is called.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const FORGED: &str = "From: Amazon@service.co.jp\r\nSubject: card\r\n\r\n\
    Dear customer, your account has been suspended. Verify your account within 24 hours, \
    click here: https://evil.example\r\n";
const PLAIN: &str = "From: taro@example.jp\r\nSubject: hi\r\n\r\nsee you\r\n";

fn check(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sekisho"))
        .args(["mail", "check"])
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn mails_of_a_folder_a_mailbox_and_standard_input_are_told_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("Maildir/cur")).unwrap();
    std::fs::create_dir_all(at("Maildir/tmp")).unwrap();
    std::fs::write(at("Maildir/cur/1"), PLAIN).unwrap();
    std::fs::write(at("Maildir/tmp/2"), FORGED).unwrap();
    std::fs::write(at("a.eml"), FORGED).unwrap();
    let quoted = PLAIN.replace("see you", ">From here on, see you");
    std::fs::write(at("b.mbox"), format!("From x\n{FORGED}\nFrom y\n{quoted}\nFrom z\n{PLAIN}"))
        .unwrap();
    let saved = format!("From someone@example.jp Wed Jun  3\n{FORGED}\nFrom here on, one mail\n");
    std::fs::write(at("c.eml"), saved).unwrap();
    let output = check(&["--json", folder.path().to_str().unwrap(), "-"], FORGED);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Vec<(String, String)> = lines(&output)
        .iter()
        .map(|line| {
            let path = line["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            (path, line["verdict"].as_str().unwrap().to_owned())
        })
        .collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(p, v)| (p.as_str(), v.as_str())).collect();
    let (forged, unclear) = ("forged", "unclear");
    let wanted = [
        ("1", unclear),
        ("a.eml", forged),
        ("b.mbox#1", forged),
        ("b.mbox#2", unclear),
        ("b.mbox#3", unclear),
        ("c.eml", forged),
        ("-", forged),
    ];
    assert_eq!(told, wanted);
    assert!(lines(&output)[1]["reasons"][0]["facts"].is_array());
    assert!(
        lines(&output)[1]["not_checked"].as_array().unwrap().contains(&"authentication".into())
    );
}

#[test]
fn it_ends_as_the_mails_ask() {
    assert_eq!(check(&["-"], PLAIN).status.code(), Some(0));
    assert_eq!(check(&["-"], FORGED).status.code(), Some(1));
    assert_eq!(check(&[], "").status.code(), Some(2));
    assert_eq!(check(&["/nowhere/at/all"], "").status.code(), Some(3));
    assert_eq!(check(&["--brands", "/nowhere", "-"], PLAIN).status.code(), Some(3));
    let words = String::from_utf8(check(&["-"], FORGED).stdout).unwrap();
    assert!(words.contains("forged") && words.contains("amazon"), "{words}");
    assert!(!check(&["-"], "From: \u{1b}[31mAmazon <x@y.example>\r\n\r\n").stdout.contains(&0x1b));
}
