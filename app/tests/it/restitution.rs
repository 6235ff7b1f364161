//! Making confirmed orders whole, from outside: the desk, the store's webhooks, a payment provider.

mod across;
mod provider;
pub(crate) mod shop;
mod threats;
mod time;

use reqwest::Method;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Listener};
use provider::Provider;
use shop::{Shop, one_parcel};

#[tokio::test]
async fn r29_exactly_the_confirmed_orders_are_planned_and_each_once() {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 3_000), ("o-2", 4_000), ("o-3", 5_000)], &["o-1", "o-2"]).await;
    for order in ["o-1", "o-2"] {
        shop.plan(&case, one_parcel(order, "delivered", 3_000)).await.good();
    }
    let unruled = shop.plan(&case, one_parcel("o-3", "delivered", 5_000)).await.refused(409);
    assert!(unruled["detail"].as_str().unwrap().contains("ruling"), "{unruled}");
    shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.refused(409);
    let all = shop.server.get(&format!("/v1/cases/{case}/restitutions")).await.good();
    let orders: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|one| &one["order_id"]).collect();
    assert_eq!(orders, ["o-1", "o-2"]);
}

#[tokio::test]
async fn r31_no_more_goes_back_than_was_ruled() {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 420_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 430_000)).await.good();
    assert_eq!(planned["total"], 420_000, "the ruling is the cap: {planned}");
    let too_much = json!([{ "id": "pi_1", "kind": "credit_card", "captured": 1_000 }]);
    let mut body = one_parcel("o-9", "delivered", 2_000);
    body["payments"] = too_much;
    let case = shop.case(&[("o-9", 2_000)], &["o-9"]).await;
    let problem = shop.plan(&case, body).await.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0/shares/0/amount");
}

#[tokio::test]
async fn r33_r34_two_parcels_have_two_plans_and_a_carrier_without_a_program_is_called() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said).await;
    let case = shop.case(&[("o-1", 6_000)], &["o-1"]).await;
    let mut body = one_parcel("o-1", "in_transit", 3_000);
    let second = json!({ "id": "s-2", "state": "delivered", "seller": "sel-3" });
    body["parcels"].as_array_mut().unwrap().push(second);
    let planned = shop.plan(&case, body).await.good();
    let (first, second) = (&planned["parcels"][0], &planned["parcels"][1]);
    assert_eq!(
        (&first["stage"], &second["stage"]),
        (&json!("intercepting"), &json!("return_requested"))
    );
    assert_eq!((&first["owner"], &second["owner"]), (&json!("carrier"), &json!("seller")));
    assert_eq!(first["intercept"]["through"], "phone");
    let task = &planned["tasks"][0];
    assert_eq!(task["kind"], "call-carrier");
    assert!(task["script"].as_str().unwrap().contains("return it to us"), "{task}");
    let id = planned["id"].as_str().unwrap();
    let accepted = json!({ "do": "carrier_answered", "shipment_id": "s-1", "answer": "accepted" });
    let accepted = shop.step(id, accepted).await.good();
    assert_eq!(accepted["parcels"][0]["intercept"]["state"], "accepted");
    assert!(accepted["parcels"][0]["intercept"]["since"].is_string(), "it is stamped");
}

#[tokio::test]
async fn t17_r34_a_carrier_with_a_program_is_told_to_return_to_the_sender_and_nothing_else() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said.with("carriers", "yamato", shop::FLAG)).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "in_transit", 3_000)).await.good();
    let told = listener.first("shipment.intercept_requested").await;
    assert_eq!(
        (&told["action"], &told["through"]),
        (&json!("return_to_sender"), &json!("carrier"))
    );
    assert_eq!((&told["tracking_number"], &told["carrier"]), (&json!("4000"), &json!("yamato")));
    let elsewhere = json!({ "do": "intercept", "shipment_id": "s-1", "action": "redirect" });
    let id = planned["id"].as_str().unwrap();
    let problem = shop.step(id, elsewhere).await.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/action");
}

#[tokio::test]
async fn r34_a_carrier_that_nobody_listens_for_is_called_by_a_person() {
    let shop = Shop::with(|said| said.with("carriers", "yamato", shop::FLAG)).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "in_transit", 3_000)).await.good();
    assert_eq!(planned["parcels"][0]["intercept"]["state"], "unsupported");
    assert_eq!(planned["tasks"][0]["kind"], "call-carrier");
}

#[tokio::test]
async fn r35_r32_the_fee_is_the_intruders_and_a_supervisor_alone_gives_it_up() {
    let mut shop = Shop::open().await;
    let case = shop.case(&[("o-1", 48_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "in_transit", 48_000)).await.good();
    let id = planned["id"].as_str().unwrap().to_owned();
    for doing in [
        json!({ "do": "carrier_answered", "shipment_id": "s-1", "answer": "accepted" }),
        json!({ "do": "carrier_answered", "shipment_id": "s-1", "answer": "returned" }),
        json!({ "do": "received", "shipment_id": "s-1" }),
        json!({ "do": "fee_billed", "shipment_id": "s-1", "amount": 1_540 }),
        json!({ "do": "fee_billed", "shipment_id": "s-1", "amount": 1_540 }),
        json!({ "do": "approve" }),
    ] {
        shop.step(&id, doing).await.good();
    }
    let refund = shop.refunds_in(&id, "submitted").await[0]["id"].as_str().unwrap().to_owned();
    let paid = shop.settle(&refund, "succeeded").await.good();
    assert_eq!((&paid["victims_share"], &paid["over"]), (&json!(0), &json!(true)));
    assert_eq!(paid["balances"]["intruder_receivable"], 1_540);
    assert_eq!(paid["balances"]["customer_refund_payable"], 0);
    let sum: i64 =
        paid["balances"].as_object().unwrap().values().map(|one| one.as_i64().unwrap()).sum();
    assert_eq!(sum, 0, "{paid}");
    let agent = shop.server.key(&[Scope::Desk], false).await;
    let admin = shop.server.key(&[Scope::Desk, Scope::Admin], false).await;
    let give_up = json!({ "do": "write_off", "shipment_id": "s-1" });
    shop.server.as_key(&agent);
    shop.step(&id, give_up.clone()).await.refused(403);
    shop.server.as_key(&admin);
    let given_up = shop.step(&id, give_up).await.good();
    assert_eq!(given_up["balances"]["write_off"], 1_540);
}

#[tokio::test]
async fn r36_a_seller_is_told_order_item_and_deadline_and_nothing_of_the_victim() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let mut body = one_parcel("o-1", "delivered", 3_000);
    body["parcels"][0]["seller"] = json!("sel-3");
    shop.plan(&case, body).await.good();
    let told = listener.first("seller.return_requested").await;
    let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
    let expected =
        ["line_ids", "order_id", "respond_by", "restitution_id", "seller_id", "shipment_id"];
    assert_eq!(fields, expected);
    assert_eq!((&told["order_id"], &told["line_ids"]), (&json!("o-1"), &json!(["l-1"])));
}

#[tokio::test]
async fn r38_a_refund_succeeds_though_the_intercept_was_too_late_and_the_seller_refused() {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 48_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "in_transit", 48_000)).await.good();
    let id = planned["id"].as_str().unwrap().to_owned();
    for doing in [
        json!({ "do": "carrier_answered", "shipment_id": "s-1", "answer": "delivered" }),
        json!({ "do": "seller_answered", "shipment_id": "s-1", "answer": "refused" }),
        json!({ "do": "approve" }),
    ] {
        shop.step(&id, doing).await.good();
    }
    let refund = shop.refunds_in(&id, "submitted").await[0]["id"].as_str().unwrap().to_owned();
    let told = shop.server.get(&format!("/v1/restitutions/{id}")).await.good();
    let nobody = |one: &Value| {
        let tasks = one["tasks"].as_array().unwrap().clone();
        tasks.into_iter().find(|task| task["kind"] == "nobody-pays").unwrap()["done"].take()
    };
    assert_eq!(nobody(&told), false, "no webhook heard of it: {told}");
    let paid = shop.settle(&refund, "succeeded").await.good();
    assert_eq!(nobody(&paid), true);
    assert_eq!(paid["parcels"][0]["stage"], "claim_open");
    assert_eq!(paid["parcels"][0]["receivable"], 48_000, "R32: claimed while it is paid");
    assert_eq!(paid["balances"]["psp_clearing"], -48_000);
    shop.settle(&refund, "succeeded").await.good();
    shop.settle(&refund, "failed_final").await.refused(409);
}

#[tokio::test]
async fn x1_an_unshipped_order_is_cancelled_and_x2_codes_are_revoked_in_time() {
    let listener = Listener::start().await;
    let shop = Shop::listening(&listener, |said| said).await;
    let case = shop.case(&[("o-1", 3_000), ("o-2", 9_000)], &["o-1", "o-2"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "unshipped", 3_000)).await.good();
    assert_eq!(listener.first("order.cancel_requested").await["shipment_id"], "s-1");
    let id = planned["id"].as_str().unwrap();
    let cancelled = shop.step(id, json!({ "do": "cancelled", "shipment_id": "s-1" })).await.good();
    assert_eq!(cancelled["parcels"][0]["end"], "cancelled");

    let mut codes = one_parcel("o-2", "digital", 1_000);
    let nine = |make: &dyn Fn(usize) -> Value| (1..=9).map(make).collect::<Value>();
    codes["payments"][0]["captured"] = json!(9_000);
    codes["parcels"] =
        nine(&|n| json!({ "id": format!("c-{n}"), "state": "digital", "redeemed": n > 4 }));
    codes["lines"] = nine(&|n| {
        json!({ "id": format!("l-{n}"), "parcel": format!("c-{n}"),
                "shares": [{ "component": "item", "amount": 1_000, "payment": "pi_1" }] })
    });
    let planned = shop.plan(&case, codes).await.good();
    let id = planned["id"].as_str().unwrap();
    assert_eq!(planned["total"], 9_000, "a full refund");
    for code in ["c-1", "c-2", "c-3", "c-4"] {
        let revoked = json!({ "do": "code_answered", "shipment_id": code, "revoked": true });
        shop.step(id, revoked).await.good();
    }
    let after = shop.server.get(&format!("/v1/restitutions/{id}")).await.good();
    let ends = |end: Value| {
        after["parcels"].as_array().unwrap().iter().filter(|one| one["end"] == end).count()
    };
    assert_eq!((ends(json!("revoked")), ends(Value::Null)), (4, 5));
    assert_eq!(listener.all("gift_card.revoke_requested").await.len(), 4, "not those redeemed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t14_fifty_approvals_at_once_pay_once_over_stripe() {
    let provider = Provider::start().await;
    let shop = Shop::with(|said| provider.settings(said)).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.good();
    let id = planned["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/restitutions/{id}/steps");
    let approvals = (0..50).map(|number| {
        let body = json!({ "do": "approve", "agent": format!("agent-{number}") });
        tokio::spawn(Answer::of(shop.server.request(Method::POST, &path).json(&body)))
    });
    for approval in approvals.collect::<Vec<_>>() {
        approval.await.unwrap().good();
    }
    let paid = shop.refunds_in(&id, "succeeded").await;
    assert_eq!(paid[0]["reference"], "re_1");
    assert_eq!(provider.refunds(), [("pi_1".to_owned(), 3_000)]);
    let one = shop.server.get(&format!("/v1/restitutions/{id}")).await.good();
    assert_eq!(one["balances"]["psp_clearing"], -3_000);
}

#[tokio::test]
async fn c13_a_dispute_read_just_before_paying_is_left_to_the_issuer() {
    let provider = Provider::start().await;
    let shop = Shop::with(|said| provider.settings(said)).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.good();
    provider.dispute("needs_response");
    let id = planned["id"].as_str().unwrap();
    shop.step(id, json!({ "do": "approve" })).await.good();
    shop.refunds_in(id, "settled_by_issuer").await;
    assert!(provider.refunds().is_empty());
}

#[tokio::test]
async fn an_inquiry_is_no_dispute_and_a_lost_answer_does_not_pay_twice() {
    let provider = Provider::start().await;
    let shop = Shop::with(|said| provider.settings(said)).await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.good();
    provider.dispute("warning_needs_response");
    provider.lose_answers(1);
    let id = planned["id"].as_str().unwrap();
    shop.step(id, json!({ "do": "approve" })).await.good();
    shop.refunds_in(id, "submitted").await;
    provider.was_asked(1).await;
    shop.clock.forward(2 * domain::time::MINUTE);
    shop.refunds_in(id, "succeeded").await;
    assert_eq!(provider.refunds().len(), 1);
}

#[tokio::test]
async fn a_parcel_moves_to_where_the_stores_events_have_it() {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "in_transit", 3_000)).await.good();
    let event = json!({
        "event_id": "delivered-1", "type": "shipment.delivered", "account": { "id": "u-o-1" },
        "occurred_at": sekisho::time::show(sekisho::world::World::real().now()),
        "shipment": { "id": "s-1", "order_id": "o-1", "carrier": "yamato" },
    });
    shop.server.post("/v1/events", &event).await.good();
    shop.clock.forward(domain::time::HOUR);
    let path = format!("/v1/restitutions/{}", planned["id"].as_str().unwrap());
    let mut stage = Value::Null;
    for _ in 0..400 {
        stage = shop.server.get(&path).await.good()["parcels"][0]["stage"].take();
        if stage == "return_requested" {
            return;
        }
        sekisho::world::pause(std::time::Duration::from_millis(25)).await;
    }
    panic!("the parcel stays {stage}");
}

#[tokio::test]
async fn the_books_of_a_case_balance_as_json_and_csv() {
    let shop = Shop::open().await;
    let case = shop.case(&[("o-1", 3_000)], &["o-1"]).await;
    let planned = shop.plan(&case, one_parcel("o-1", "delivered", 3_000)).await.good();
    let id = planned["id"].as_str().unwrap();
    shop.step(id, json!({ "do": "approve" })).await.good();
    let books = shop.server.get(&format!("/v1/cases/{case}/ledger")).await.good();
    assert_eq!(books["owed"]["JPY"], 3_000);
    for posting in books["postings"].as_array().unwrap() {
        let lines = posting["lines"].as_array().unwrap();
        assert_eq!(lines.iter().map(|line| line["amount"].as_i64().unwrap()).sum::<i64>(), 0);
    }
    let csv = shop.server.get(&format!("/v1/cases/{case}/ledger?format=csv")).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let rows: Vec<&str> = csv.text.lines().collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[1].ends_with("store_fraud_loss,3000,JPY"), "{rows:?}");
    shop.server.get(&format!("/v1/cases/{case}/ledger?format=xml")).await.refused(422);
}
