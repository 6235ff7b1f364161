//! The acceptance story (§6): the night of 3 to 4 June, from the first sign-in to the closed case,
//! with our server, the example store, its customers' pages and a clock that is put forward.

mod stage;

use sekisho::pack::Pack;
use sekisho::pack::proof::check_against;
use serde_json::{Value, json};
use store::{AuditCheck, ChainCheck};

use crate::pages::browser::Browser;
use stage::Stage;

const HANAKO: &str = "hanako@example.jp";
const HANAKOS_PHONE: &str = "+819012340001";
const TAROS_NEW_MAIL: &str = "t.sato@example.net";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_night_of_june_from_the_first_sign_in_to_the_closed_case() {
    let stage = Stage::set().await;
    stage.play().await;
    stage.play().await;
    let came = stage.came().await;
    let [unguarded, guarded] = [0, 1].map(|side| {
        let bought = came.iter().filter(|row| row[side].starts_with("注文成立")).count();
        let held = came.iter().filter(|row| row[side].contains("保留")).count();
        (bought + held, held)
    });
    assert_eq!(unguarded, (19, 0), "five of the owner's, fourteen of the intruder's: {came:?}");
    r2_where_the_store_obeys_nothing_leaves_and_one_case_is_open(&stage, guarded).await;

    let member = stage.member("h.yamada@example.net").await;
    let orders = orders_of(&stage, &member).await;
    let (own, theirs) = orders.split_at(5);
    assert_eq!(theirs.len(), 14);
    r4_the_statement_shows_what_was_taken(&stage, &member).await;
    // Her issuer heard of one charge before the desk did.
    stage.backstage(&theirs[2], "dispute", "").await;
    let mut victim = reported(&stage, theirs).await;
    // Its place in the queue is found while nobody waits: by what can still be stopped, and V1 by what
    // she knows (former login, card, orders).
    let placed = |queue: &Value| hers(queue, &member).is_some_and(|case| case["level"] == "V1");
    let queue = stage.until("/v1/cases", placed).await;
    let case = hers(&queue, &member).unwrap();
    assert_eq!(case["priority"], "P1", "{case}");
    let case = case["id"].as_str().unwrap().to_owned();
    let taken = stage.step(&case, "sato", json!({ "do": "take" })).await.good();
    let changed = taken["profile"].as_array().unwrap().iter().filter(|row| row["changed"] == true);
    let changed: Vec<_> = changed.map(|row| row["what"].as_str().unwrap()).collect();
    assert_eq!(changed, ["mails", "phones", "authenticators", "postcode"], "R27: {taken}");
    let early = json!({ "do": "contain", "reason": "she sounds right" });
    stage.step(&case, "sato", early).await.refused(409);
    contained(&stage, &case, &mut victim).await;
    let seen = stage.server.get(&format!("/v1/cases/{case}")).await.good();
    let in_window = |order: &String| {
        let orders = seen["orders"].as_array().unwrap().iter();
        orders.filter(|one| one["in_window"] == true).any(|one| one["order_id"] == **order)
    };
    assert!(theirs.iter().all(in_window), "{seen}");
    assert!(!own.iter().any(in_window), "her own are not the intruder's: {seen}");
    proves(&stage, &mut victim, HANAKO).await;
    ruled(&stage, &case, theirs).await;
    made_whole(&stage, &case, theirs).await;
    figures_tell_of_it(&stage).await;
    given_back(&stage, &case, &mut victim).await;
    recorded(&stage, &case, &mut victim).await;
    closed(&stage, &case).await;
}

fn hers<'a>(queue: &'a Value, member: &str) -> Option<&'a Value> {
    queue["items"].as_array().unwrap().iter().find(|case| case["account_id"] == member)
}

/// Taro's store: what Sekisho doubted was held, nothing was split at midnight, and the alarm opened
/// one case.
async fn r2_where_the_store_obeys_nothing_leaves_and_one_case_is_open(
    stage: &Stage,
    (bought, held): (usize, usize),
) {
    assert!(
        held >= 10 && bought - held == 5,
        "his own five, and held ones: {bought}, {held}: {}",
        stage.page("/night").await
    );
    let member = stage.member(TAROS_NEW_MAIL).await;
    let queue = stage.server.get("/v1/cases").await.good();
    let cases = queue["items"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{queue}");
    assert_eq!(cases[0]["account_id"], member);
    let page = stage.page("/backstage").await;
    let orders = page.split("<li class=\"card\">").filter(|order| order.contains("確認中"));
    assert_eq!(orders.filter(|order| order.contains("配送中")).count(), 0);
}

/// The orders of a member, oldest first, as Sekisho heard of them.
async fn orders_of(stage: &Stage, member: &str) -> Vec<String> {
    let (mut orders, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/accounts/{member}/timeline?limit=100{cursor}");
        let page = stage.server.get(&path).await.good();
        for item in page["items"].as_array().unwrap() {
            if item["event"]["type"] == "order.placed" {
                orders.push(item["event"]["order"]["id"].as_str().unwrap().to_owned());
            }
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    orders.reverse();
    orders
}

/// What her card was charged: her own five, nine codes, and the parcels that left.
async fn r4_the_statement_shows_what_was_taken(stage: &Stage, member: &str) {
    let csv = stage.page(&format!("/backstage/statements/{member}")).await;
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mine = "order_id,order_date,total,currency\n\
        1,2026-01-06,2160,JPY\n2,2026-02-07,660,JPY\n3,2026-03-08,4800,JPY\n\
        4,2026-04-05,660,JPY\n5,2026-05-03,2160,JPY\n";
    let files = [put("statement.csv", &csv), put("orders.csv", mine)];
    let check = std::process::Command::new(env!("CARGO_BIN_EXE_sekisho"))
        .args(["statement", "check", "--statement", &files[0], "--orders", &files[1], "--json"])
        .args(["--merchant", "ミナトイチバ"])
        .output()
        .unwrap();
    let text = String::from_utf8(check.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let unmatched = lines.iter().filter(|line| line["status"] == "unmatched").count();
    assert_eq!(unmatched, 12, "{text} {}", String::from_utf8_lossy(&check.stderr));
}

/// The report of who cannot sign in: former mail, card, every order that is not hers.
async fn reported(stage: &Stage, theirs: &[String]) -> Browser {
    let mut victim = Browser::at(&stage.server.url);
    victim.open("/sign-in").await;
    let form = [("login", HANAKO), ("password", "hanako no himitsu no kotoba")];
    victim.send("/sign-in", &form).await;
    assert!(!victim.has_cookie("sekisho_session"), "she is locked out: {}", victim.path);
    victim.open("/report").await;
    let form = [("login", HANAKO), ("taken_over", "yes"), ("reporter", "owner")];
    victim.send("/report", &form).await;
    let orders = theirs.join("\n");
    victim
        .send(
            "/report/details",
            &[
                ("what", "明細に身に覚えのない請求があります"),
                ("orders", &orders),
                ("card_last4", "4242"),
                ("name", "山田 花子"),
                ("told_issuer", "yes"),
            ],
        )
        .await;
    assert_eq!(victim.path, "/report/check", "{}", victim.html);
    victim.send("/report/send", &[]).await;
    assert_eq!(victim.path, "/report/status", "{}", victim.html);
    victim
}

async fn proves(stage: &Stage, victim: &mut Browser, contact: &str) {
    victim.open("/report/status").await;
    let letters = victim.letters_to(contact).await;
    victim.send("/report/prove", &[("contact", contact)]).await;
    let code = victim.code_of_letter(contact, letters + 1).await;
    victim.send_here(&[("answer", &code)]).await;
    assert_eq!(victim.path, "/report/status", "{} {}", stage.server.url, victim.html);
}

/// V2 by the phone from before the night, and the intruder is out.
async fn contained(stage: &Stage, case: &str, victim: &mut Browser) {
    proves(stage, victim, HANAKOS_PHONE).await;
    let contain = json!({ "do": "contain", "reason": "proven by the phone from before" });
    let after = stage.step(case, "sato", contain.clone()).await.good();
    let items = after["contained"].as_array().unwrap();
    assert!(items.iter().all(|item| item["done"] == true), "{after}");
    let counted = |what: &str| {
        items.iter().find(|one| one["what"] == what).unwrap()["count"].as_u64().unwrap()
    };
    assert_eq!(counted("changes_reversed"), 3, "mail, phone and app: {after}");
    let again = stage.step(case, "sato", contain).await.good();
    assert_eq!(again["contained"], after["contained"], "the same again changes nothing");
    // The store has ended the intruder's session, held what had not left and revoked four codes.
    let page = stage.page_with("/backstage", "コード無効", 4).await;
    assert_eq!(page.matches("コード無効").count(), 4, "{page}");
    assert_eq!(page.matches("コード使用済み").count(), 5);
}

/// Order by order, with a second person above the limit.
async fn ruled(stage: &Stage, case: &str, theirs: &[String]) {
    for order in theirs {
        let rule = json!({ "do": "rule", "order_id": order, "reason": "by the table" });
        stage.step(case, "sato", rule).await.good();
        let approve = json!({ "do": "approve", "order_id": order, "reason": "seen" });
        let _only_above_the_limit = stage.step(case, "mori", approve).await;
    }
    let decide = json!({ "do": "decide", "reason": "all fourteen" });
    let decided = stage.step(case, "sato", decide).await.good();
    assert_eq!(decided["state"], "restitution", "{decided}");
}

async fn made_whole(stage: &Stage, case: &str, theirs: &[String]) {
    let path = format!("/v1/cases/{case}/restitutions");
    let planned = |all: &Value| all["items"].as_array().unwrap().len() == 14;
    let all = stage.until(&path, planned).await;
    for one in all["items"].as_array().unwrap() {
        let id = one["id"].as_str().unwrap();
        for agent in ["sato", "mori"] {
            let approve = json!({ "do": "approve", "agent": agent });
            let path = format!("/v1/restitutions/{id}/steps");
            stage.server.post(&path, &approve).await.good();
        }
    }
    let [book, camera, console, headphones, tablet] =
        [0, 10, 11, 12, 13].map(|place: usize| theirs[place].clone());
    let settled = |all: &Value| {
        let refunds = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|one| one["refunds"].as_array().unwrap().clone());
        let ends = ["succeeded", "settled_by_issuer"];
        refunds.into_iter().all(|refund| ends.contains(&refund["state"].as_str().unwrap()))
    };
    stage.until(&path, settled).await;
    stage.backstage(&headphones, "return", &format!("{headphones}-s1")).await;
    stage.backstage(&camera, "seller_agrees", &format!("{camera}-s1")).await;
    let of = |all: &Value, order: &String| {
        let items = all["items"].as_array().unwrap();
        items.iter().find(|one| one["order_id"] == **order).unwrap().clone()
    };
    // The carrier's bill is the last that is told of it.
    let billed = |all: &Value| of(all, &headphones)["parcels"][0]["receivable"] == 1_540;
    let all = stage.until(&path, billed).await;
    assert_eq!(of(&all, &headphones)["parcels"][0]["end"], "goods_back", "{all}");
    for order in [&book, &tablet] {
        assert_eq!(of(&all, order)["parcels"][0]["end"], "cancelled", "{all}");
        assert_eq!(of(&all, order)["total"], 0, "nothing was taken: {all}");
    }
    assert_eq!(of(&all, &console)["parcels"][0]["intercept"]["state"], "too_late", "{all}");
    assert_eq!(of(&all, &console)["refunds"][0]["state"], "succeeded", "R38");
    assert_eq!(of(&all, &theirs[2])["refunds"][0]["state"], "settled_by_issuer");
    assert!(all["items"].as_array().unwrap().iter().all(|one| one["victims_share"] == 0));
    let books = stage.server.get(&format!("/v1/cases/{case}/ledger")).await.good();
    assert_eq!(books["owed"]["JPY"], 0, "{books}");
    let balances = books["balances"]["JPY"].as_object().unwrap();
    assert_eq!(balances.values().map(|one| one.as_i64().unwrap()).sum::<i64>(), 0, "{books}");
    assert!(balances["psp_clearing"].as_i64().unwrap() < -500_000, "{books}");
}

/// The figures of the desk know the case: 36 hours and 10 minutes until it was seen, no time until the
/// intruder was out, since the story's clock stood still.
async fn figures_tell_of_it(stage: &Stage) {
    let figures = stage.server.get("/v1/case-figures?days=30").await.good();
    assert_eq!((&figures["cases"], &figures["confirmed"]), (&json!(2), &json!(1)), "{figures}");
    assert_eq!(figures["detect"]["median_seconds"].as_i64().unwrap() / 60, 36 * 60 + 10);
    for span in ["contain", "decide", "refund"] {
        assert_eq!(figures[span]["count"], 1, "{span}: {figures}");
    }
    let money = &figures["money"]["JPY"];
    assert_eq!((&money["fees"], &money["double_pay_caught"]), (&json!(1_540), &json!(1)));
    assert_eq!(money["refunded"], 576_500 - 5_000, "{figures}");
    stage.server.get("/v1/case-figures?days=0").await.refused(422);
}

/// The cool-down, a new password, and fourteen days under watch.
async fn given_back(stage: &Stage, case: &str, victim: &mut Browser) {
    victim.open("/report/status").await;
    for words in ["被害届", "60日以内", "出品者が回収"] {
        assert!(victim.html.contains(words), "R37, {words}: {}", victim.html);
    }
    assert!(victim.html.contains("返金済み"), "she sees the refunds: {}", victim.html);
    let recover = json!({ "do": "recover", "reason": "two ways of proof" });
    let after = stage.step(case, "sato", recover).await.good();
    assert_eq!(after["account_state"], "recovering", "{after}");
    stage.clock_forward(73).await;
    victim.open("/report/password").await;
    victim.send("/report/password", &[("password", "hanako no atarashii kotoba")]).await;
    assert_eq!(victim.path, "/sign-in", "{}", victim.html);
    let letters = victim.letters_to(HANAKOS_PHONE).await;
    let form = [("login", HANAKO), ("password", "hanako no atarashii kotoba")];
    victim.send("/sign-in", &form).await;
    assert!(victim.path.starts_with("/prove/"), "{} {}", victim.path, victim.html);
    let code = victim.code_of_letter(HANAKOS_PHONE, letters + 1).await;
    victim.send_here(&[("answer", &code)]).await;
    assert_eq!(victim.path, "/security", "{}", victim.html);
    assert!(victim.html.contains("復旧のあとしばらくは"), "{}", victim.html);
    stage.page_with("/backstage", "account.released", 1).await;
    stage.clock_forward(15 * 24).await;
    let seen = stage.server.get(&format!("/v1/cases/{case}")).await.good();
    assert_eq!(seen["account_state"], "normal", "probation ends after 14 days: {seen}");
}

/// What happened stands in packs that the audit trail proves, and nothing of it was touched (X12).
async fn recorded(stage: &Stage, case: &str, victim: &mut Browser) {
    victim.open("/report/status").await;
    victim.send("/report/packs", &[]).await;
    let pack = victim.between("/report/packs/pck_", ".pdf").to_owned();
    victim.open(&format!("/report/packs/pck_{pack}.json")).await;
    let own: Pack = serde_json::from_str(&victim.html).unwrap();
    assert_eq!(own.content["orders"].as_array().unwrap().len(), 14, "{}", own.content);
    let asked = json!({ "for": "police", "agent": "mori", "reason": "a report to the police" });
    let item = stage.server.post(&format!("/v1/cases/{case}/packs"), &asked).await.good();
    let path = format!("/v1/cases/{case}/packs/{}", item["id"].as_str().unwrap());
    let police: Pack = serde_json::from_value(stage.server.get(&path).await.good()).unwrap();
    let orders = police.content["timeline"].as_array().unwrap().iter();
    assert_eq!(orders.filter(|one| one["type"] == "order.placed").count(), 14);
    let store = stage.server.store().await;
    for pack in [&own, &police] {
        assert_eq!(check_against(pack, &store).await.unwrap(), Ok(()));
    }
    let trail = store.verify_audit(|_| ()).await.unwrap();
    assert!(matches!(trail, AuditCheck::Whole { .. }), "{trail:?}");
    let log = store.verify_chain(|_| ()).await.unwrap();
    assert!(matches!(log, ChainCheck::Whole(_)), "{log:?}");
    store.close().await;
}

/// What does not come back is written off, the cause is named, and the store lets go of what it held for the case.
async fn closed(stage: &Stage, case: &str) {
    // A seller who says nothing is asked no more after a week.
    let asked = |all: &Value| all.to_string().contains("\"seller_return\":\"requested\"");
    let all = stage.until(&format!("/v1/cases/{case}/restitutions"), |all| !asked(all)).await;
    for one in all["items"].as_array().unwrap() {
        let open = |parcel: &&Value| parcel["end"].is_null();
        for parcel in one["parcels"].as_array().unwrap().iter().filter(open) {
            let path = format!("/v1/restitutions/{}/steps", one["id"].as_str().unwrap());
            let mut over = json!({
                "do": "write_off", "shipment_id": parcel["id"], "agent": "mori",
                "reason": "nobody can be asked for it",
            });
            if parcel["seller_return"] == "agreed" {
                over["do"] = json!("seller_answered");
                over["answer"] = json!("received");
            }
            stage.server.post(&path, &over).await.good();
        }
    }
    let whole = stage.step(case, "sato", json!({ "do": "made_whole" })).await.good();
    assert_eq!(whole["state"], "monitoring", "{whole}");
    let close = json!({ "do": "close", "cause": "reused_password", "reason": "it was leaked" });
    let after = stage.step(case, "sato", close).await.good();
    assert_eq!(after["state"], "closed", "{after}");
    let page = stage.page_with("/backstage", "account.released", 2).await;
    assert!(!page.contains("order.released"), "none of the intruder's orders leaves: {page}");
}
