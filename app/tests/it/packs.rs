//! Evidence packs and the audit trail, from outside: the API, and the command line on the server's own
//! database.

use std::path::Path;
use std::process::Command;

use data_encoding::HEXUPPER;
use reqwest::Method;
use serde_json::{Value, json};

use crate::restitution::shop::{Shop, one_parcel};
use crate::support::{Answer, Server};

/// Runs `sekisho audit …` beside the server: its exit code and what it said.
fn audit(server: &Server, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
    command.arg("audit").args(words).current_dir(server.folder.path());
    command.env_clear().env("SEKISHO_DATA", server.folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), said)
}

fn put(folder: &Path, name: &str, pack: &Value) -> String {
    let path = folder.join(name);
    std::fs::write(&path, pack.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A shop with a case in which one of two orders is confirmed and being made whole.
async fn shop_with_a_case() -> (Shop, String) {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 48_000), ("o-2", 4_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 48_000)).await.good();
    shop.step(planned["id"].as_str().unwrap(), json!({ "do": "approve" })).await.good();
    (shop, case)
}

async fn made(shop: &Shop, case: &str, whom: &str) -> Answer {
    let body = json!({ "for": whom, "agent": "mori", "reason": "asked for by phone" });
    shop.server.post(&format!("/v1/cases/{case}/packs"), &body).await
}

async fn pack(shop: &Shop, case: &str, whom: &str) -> Value {
    let item = made(shop, case, whom).await.good();
    let id = item["id"].as_str().unwrap();
    let pack = shop.server.get(&format!("/v1/cases/{case}/packs/{id}")).await.good();
    assert_eq!(pack["proof"]["sha256"], item["sha256"]);
    assert_eq!((&pack["content"]["id"], &pack["content"]["for"]), (&json!(id), &json!(whom)));
    pack
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x12_a_pack_is_the_one_that_was_made_or_the_command_line_says_why_not() {
    let (shop, case) = shop_with_a_case().await;
    let pack = pack(&shop, &case, "police").await;
    let folder = tempfile::tempdir().unwrap();
    let file = put(folder.path(), "pack.json", &pack);
    let (code, said) = audit(&shop.server, &["pack", &file]);
    assert!(code == 0 && said.contains("made here"), "{said}");
    let (code, said) = audit(&shop.server, &["pack", "--offline", &file]);
    assert!(code == 0 && said.contains("fits its digest"), "{said}");

    let doubted = |change: &dyn Fn(&mut Value), doubt: &str| {
        let mut other = pack.clone();
        change(&mut other);
        let file = put(folder.path(), "other.json", &other);
        let (code, said) = audit(&shop.server, &["pack", &file]);
        assert!(code == 1 && said.contains(doubt), "{code} {said}");
    };
    doubted(&|pack| pack["content"]["orders"][0]["amount"] = json!(1), "digest");
    doubted(&|pack| pack["proof"]["trail"][2]["at"] = json!(1), "does not follow from");
    doubted(&|pack| pack["proof"]["trail"][0]["link"] = json!("00"), "does not follow from");
    doubted(&|pack| pack["proof"]["trail"].as_array_mut().unwrap().swap(0, 1), "does not follow");
    doubted(&|pack| pack["proof"]["trail"] = json!([]), "made no pack");
    let elsewhere = Shop::open().await;
    let (code, said) = audit(&elsewhere.server, &["pack", &file]);
    assert!(code == 1 && said.contains("not in this instance"), "{said}");

    let (code, said) = audit(&shop.server, &["verify"]);
    assert!(code == 0 && said.contains("rows of the audit trail"), "{said}");
    let nothing = put(folder.path(), "nothing.json", &json!({ "content": {} }));
    let (code, said) = audit(&shop.server, &["pack", &nothing]);
    assert!(code == 3 && said.contains("no pack"), "{said}");
}

#[tokio::test]
async fn whoever_reads_a_pack_finds_what_is_for_them() {
    let (shop, case) = shop_with_a_case().await;
    let owner = pack(&shop, &case, "owner").await["content"].take();
    let issuer = pack(&shop, &case, "issuer").await["content"].take();
    let police = pack(&shop, &case, "police").await["content"].take();
    for (content, name) in [(&owner, "owner"), (&issuer, "issuer")] {
        let text = content.to_string();
        for hidden in ["198.51.100.66", "sato", "mori", "a test", "100-0001"] {
            assert!(!text.contains(hidden), "{name}, {hidden}: {text}");
        }
    }
    assert_eq!(police["timeline"][0]["told"]["context"]["ip"], "198.51.100.66", "{police}");
    assert!(police["steps"].to_string().contains("sato"), "{police}");
    assert_eq!(police["timeline"][0]["order_id"], "o-1");
    assert!(owner["books"].is_null() && issuer["books"]["owed"].is_object());
    let order = |content: &Value| content["orders"][0].clone();
    assert_eq!(order(&owner)["compared"], Value::Null);
    assert_eq!(order(&issuer)["compared"]["own_device"], false, "{issuer}");
    for content in [&owner, &issuer, &police] {
        let order = order(content);
        assert_eq!((&order["order_id"], &order["amount"]), (&json!("o-1"), &json!(48_000)));
        assert_eq!(order["ruling"]["outcome"], "refund", "{order}");
        assert_eq!(order["refunds"][0]["amount"], 48_000, "{order}");
        assert_eq!(content["case"]["state"], "contained");
    }
}

#[tokio::test]
async fn a_pack_is_made_by_who_may_and_stays_in_the_history() {
    let (mut shop, case) = shop_with_a_case().await;
    let item = made(&shop, &case, "issuer").await.good();
    let seen = shop.server.get(&format!("/v1/cases/{case}")).await.good();
    let last = seen["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["did"], &last["by"]), (&json!("packed"), &json!("mori")));
    let digest = item["sha256"].as_str().unwrap();
    assert!(last["reason"].as_str().unwrap().contains(digest), "{last}");
    let all = shop.server.get(&format!("/v1/cases/{case}/packs")).await.good();
    assert_eq!(all["items"], json!([item]));
    let path = format!("/v1/cases/{case}/packs");
    let without = json!({ "for": "issuer", "agent": "sato", "reason": " " });
    shop.server.post(&path, &without).await.refused(422);
    let nobody = json!({ "for": "press", "agent": "sato", "reason": "asked" });
    shop.server.post(&path, &nobody).await.refused(422);
    shop.server.get(&format!("{path}/pck_00000000000000000000000000")).await.refused(404);
    let desk = shop.server.key(&[sekisho::keys::Scope::Desk], false).await;
    shop.server.as_key(&desk);
    made(&shop, &case, "police").await.refused(403);
    made(&shop, &case, "owner").await.good();
}

#[tokio::test]
async fn a_pack_is_printed_in_the_readers_language() {
    let (shop, case) = shop_with_a_case().await;
    let item = made(&shop, &case, "police").await.good();
    let path = format!("/v1/cases/{case}/packs/{}/print", item["id"].as_str().unwrap());
    let mut printed = Vec::new();
    for language in ["ja", "en"] {
        let request = shop.server.request(Method::GET, &path).header("accept-language", language);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/pdf");
        assert!(answer.headers()["content-disposition"].to_str().unwrap().ends_with(".pdf\""));
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
        printed.push(bytes);
    }
    // Latin stands there as it is, or in hexadecimal beside other signs; Japanese by two bytes a sign.
    let has = |bytes: &[u8], words: &str| {
        let signs: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let [one, two] = [words.as_bytes(), &signs].map(|bytes| HEXUPPER.encode(bytes));
        let text = String::from_utf8_lossy(bytes);
        [words, &one, &two].iter().any(|words| text.contains(*words))
    };
    assert!(has(&printed[0], "警察用") && has(&printed[1], "For the police"));
    assert!(has(&printed[0], "198.51.100.66"));
}
