//! What a lying member, a fooled agent, a repeated message and a colluding seller come to.

use domain::time::DAY;
use sekisho::keys::Scope;
use sekisho::world::World;
use serde_json::{Value, json};

use super::shop::{Shop, one_parcel};
use crate::support::{Listener, Told, login, order};

/// The same as it was so many days ago, at home.
fn at_home(told: Told, days: i64) -> Told {
    let at = sekisho::time::show(World::real().now().plus(-days * DAY));
    told.with("/occurred_at", at)
        .with("/status", "succeeded")
        .with("/context/device_token", "home")
        .with("/context/ip", "203.0.113.7")
}

fn sent_to(told: Told, place: &str) -> Told {
    told.with("/order/ship_to", json!({ "address_id": place, "country": "JP" }))
}

/// A case on this order, contained by what two agents have seen.
async fn case_on(shop: &Shop, account: &str, order: &str) -> String {
    let new =
        json!({ "account_id": account, "taken_over": true, "orders": [order], "agent": "sato" });
    let case = shop.server.post("/v1/cases", &new).await.good();
    let case = case["id"].as_str().unwrap().to_owned();
    let mut steps = vec![("sato", json!({ "do": "take" }))];
    steps.extend(["sato", "ito"].map(|agent| (agent, json!({ "do": "see_document" }))));
    steps.push(("sato", json!({ "do": "contain" })));
    for (agent, mut body) in steps {
        (body["agent"], body["reason"]) = (json!(agent), json!("a test"));
        shop.server.post(&format!("/v1/cases/{case}/steps"), &body).await.good();
    }
    case
}

async fn ruled(shop: &Shop, case: &str, order: &str) -> Value {
    let rule = json!({ "do": "rule", "order_id": order, "agent": "sato", "reason": "the table" });
    let case = shop.server.post(&format!("/v1/cases/{case}/steps"), &rule).await.good();
    let orders = case["orders"].as_array().unwrap();
    let ruled = orders.iter().find(|one| one["order_id"] == order).unwrap();
    ruled["ruling"]["ruling"]["outcome"].clone()
}

#[tokio::test]
async fn t1_whoever_ordered_from_home_to_home_is_not_refunded_by_the_table() {
    let shop = Shop::open().await;
    for days in [90, 60, 30] {
        let seen = at_home(login("liar"), days).id(&format!("in-{days}"));
        shop.server.tell(seen).await.good();
    }
    let before = at_home(order("liar"), 60).id("before").with("/order/id", "o-0");
    shop.server.tell(sent_to(before, "home")).await.good();
    let denied = at_home(order("liar"), 1).id("denied").with("/order/id", "o-1");
    shop.server.tell(sent_to(denied, "home")).await.good();
    let case = case_on(&shop, "liar", "o-1").await;
    let outcome = ruled(&shop, &case, "o-1").await;
    assert!(outcome.to_string().contains("review"), "a person looks: {outcome}");
    let refused = shop.plan(&case, one_parcel("o-1", "delivered", 420_000)).await.refused(409);
    assert!(refused["detail"].as_str().unwrap().contains("ruling"), "{refused}");

    // The same words about an order from elsewhere to elsewhere are what they seem.
    shop.server.tell(at_home(login("victim"), 60).id("hers")).await.good();
    let theirs = at_home(order("victim"), 1).id("theirs").with("/order/id", "o-2");
    let theirs = theirs.with("/context/device_token", "other").with("/context/ip", "198.51.100.6");
    shop.server.tell(sent_to(theirs, "elsewhere")).await.good();
    let case = case_on(&shop, "victim", "o-2").await;
    let outcome = ruled(&shop, &case, "o-2").await;
    assert!(outcome.to_string().contains("refund"), "{outcome}");
}

#[tokio::test]
async fn t4_nobody_at_the_desk_resets_or_refunds_for_a_voice_that_proved_nothing() {
    let mut shop = Shop::open().await;
    shop.server.tell(order("u-1").with("/status", "succeeded")).await.good();
    let new =
        json!({ "account_id": "u-1", "taken_over": true, "orders": ["o-9"], "agent": "sato" });
    let case = shop.server.post("/v1/cases", &new).await.good();
    let path = format!("/v1/cases/{}/steps", case["id"].as_str().unwrap());
    let agent = shop.server.key(&[Scope::Desk], false).await;
    let supervisor = shop.server.key(&[Scope::Desk, Scope::Admin], false).await;
    for key in [agent, supervisor] {
        shop.server.as_key(&key);
        for mut step in [
            json!({ "do": "contain" }),
            json!({ "do": "recover" }),
            json!({ "do": "rule", "order_id": "o-9", "confirmed": true }),
            json!({ "do": "decide" }),
        ] {
            (step["agent"], step["reason"]) = (json!("sato"), json!("knows birthday and address"));
            shop.server.post(&path, &step).await.refused(409);
        }
    }
    // One agent who saw a document is one: it takes two.
    let seen = json!({ "do": "see_document", "agent": "sato", "reason": "a licence" });
    shop.server.post(&path, &seen).await.good();
    shop.server.post(&path, &seen).await.good();
    let contain = json!({ "do": "contain", "agent": "sato", "reason": "I saw it twice" });
    shop.server.post(&path, &contain).await.refused(409);
}

#[tokio::test]
async fn t13_a_result_that_is_told_again_moves_no_money_and_another_one_is_refused() {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.good();
    let id = planned["id"].as_str().unwrap().to_owned();
    shop.step(&id, json!({ "do": "approve" })).await.good();
    let refund = shop.refunds_in(&id, "submitted").await[0]["id"].as_str().unwrap().to_owned();
    let paid = shop.settle(&refund, "succeeded").await.good();
    for _ in 0..3 {
        let again = shop.settle(&refund, "succeeded").await.good();
        assert_eq!(again["balances"], paid["balances"]);
        assert_eq!(again["steps"], paid["steps"], "nothing was done");
    }
    shop.settle(&refund, "failed_final").await.refused(409);
    let books = shop.server.get(&format!("/v1/cases/{case}/ledger")).await.good();
    assert_eq!(books["postings"].as_array().unwrap().len(), 2, "agreed and paid: {books}");
}

/// A confirmed order of an account of its own, sold by `seller`.
async fn sold(shop: &Shop, number: u32, seller: &str) -> Value {
    let id = format!("o-{seller}-{number}");
    let case = shop.case(&[(&id, 3_000)], &[&id]).await;
    let mut body = one_parcel(&id, "delivered", 3_000);
    body["parcels"][0]["seller"] = json!(seller);
    shop.plan(&case, body).await.good()
}

#[tokio::test]
async fn t18_the_third_stolen_account_that_buys_of_one_seller_holds_the_payouts() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said).await;
    for number in 0..2 {
        sold(&shop, number, "sel-3").await;
        sold(&shop, number, "sel-slow").await;
    }
    shop.clock.forward(6 * DAY);
    assert!(listener.so_far("seller.hold_requested").is_empty(), "two are chance");
    let third = sold(&shop, 2, "sel-3").await;
    let told = listener.first("seller.hold_requested").await;
    assert_eq!((&told["seller_id"], &told["holds"]), (&json!("sel-3"), &json!(["payout"])));
    assert_eq!(told["case_ids"].as_array().unwrap().len(), 3, "{told}");
    let tasks = third["tasks"].as_array().unwrap().iter();
    let review = tasks.filter(|task| task["kind"] == "review-seller").collect::<Vec<_>>();
    assert_eq!((review.len(), &review[0]["about"]), (1, &json!("sel-3")), "{third}");
    let open = shop.server.get("/v1/tasks").await.good();
    assert!(open.to_string().contains("review-seller"), "the desk sees it: {open}");
    sold(&shop, 3, "sel-3").await;
    shop.clock.forward(2 * DAY);
    sold(&shop, 2, "sel-slow").await;
    sold(&shop, 0, "sel-other").await;
    listener.heard("seller.return_requested", 8).await;
    let all = listener.so_far("seller.hold_requested");
    assert_eq!(all.len(), 1, "once for a cluster, and not for three in more than a week: {all:?}");
}
