//! Tasks and books of all cases.

use domain::time::HOUR;
use reqwest::Method;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use super::shop::{Shop, one_parcel};

/// Three orders of three accounts whose parcels a person has to stop by phone, made whole one by one.
async fn three(shop: &Shop) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (order, amount) in [("o-1", 3_000), ("o-2", 4_000), ("o-3", 5_000)] {
        let case = shop.case(&[(order, amount)], &[order]).await;
        let planned = shop.plan(&case, one_parcel(order, "in_transit", amount)).await.good();
        all.push((case, planned["id"].as_str().unwrap().to_owned()));
    }
    all
}

#[tokio::test]
async fn r34_tasks_of_all_cases_are_one_list_and_are_taken_and_done_from_it() {
    let mut shop = Shop::open().await;
    let all = three(&shop).await;
    let first = shop.server.get("/v1/tasks?limit=2").await.good();
    let items = first["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["kind"]), (2, &json!("call-carrier")), "{first}");
    assert_eq!((&items[0]["case_id"], &items[0]["order_id"]), (&json!(all[0].0), &json!("o-1")));
    assert_eq!(
        (&items[0]["carrier"], &items[0]["tracking_number"]),
        (&json!("yamato"), &json!("4000"))
    );
    assert!(items[0]["script"].as_str().unwrap().contains("return it to us"), "{first}");
    assert_eq!((&items[0]["overdue"], &items[0]["taken_by"]), (&json!(false), &Value::Null));
    let cursor = first["next_cursor"].as_str().unwrap();
    let last = shop.server.get(&format!("/v1/tasks?limit=2&cursor={cursor}")).await.good();
    assert_eq!(
        (&last["items"][0]["order_id"], &last["next_cursor"]),
        (&json!("o-3"), &Value::Null)
    );

    let agent = shop.server.key(&[Scope::Desk], false).await;
    shop.server.as_key(&agent);
    let step = async |agent: &str, what: &str| {
        let body = json!({ "do": what, "task": 0, "agent": agent });
        shop.server.post(&format!("/v1/restitutions/{}/steps", all[1].1), &body).await
    };
    step("sato", "task_taken").await.good();
    step("ito", "task_taken").await.refused(403);
    shop.clock.forward(HOUR);
    let listed = shop.server.get("/v1/tasks").await.good();
    let second = &listed["items"][1];
    assert_eq!((&second["taken_by"], &second["overdue"]), (&json!("sato"), &json!(true)));
    step("sato", "task_done").await.good();
    step("sato", "task_taken").await.refused(409);
    let listed = shop.server.get("/v1/tasks").await.good();
    let left: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|one| &one["order_id"]).collect();
    assert_eq!(left, ["o-1", "o-3"]);
    let reader = shop.server.key(&[Scope::Read], false).await;
    shop.server.as_key(&reader).get("/v1/tasks").await.refused(403);
}

#[tokio::test]
async fn r32_r35_the_books_of_all_cases_sum_to_nothing_and_are_read_by_case_account_and_page() {
    let shop = Shop::open().await;
    let all = three(&shop).await;
    for (_, id) in &all {
        shop.step(id, json!({ "do": "approve" })).await.good();
        let refund = shop.refunds_in(id, "submitted").await[0]["id"].as_str().unwrap().to_owned();
        shop.settle(&refund, "succeeded").await.good();
        shop.clock.forward(HOUR);
    }
    for doing in ["accepted", "returned"] {
        let step = json!({ "do": "carrier_answered", "shipment_id": "s-1", "answer": doing });
        shop.step(&all[2].1, step).await.good();
    }
    let billed = json!({ "do": "fee_billed", "shipment_id": "s-1", "amount": 1_540 });
    shop.step(&all[2].1, billed).await.good();

    let books = shop.server.get("/v1/ledger?limit=500").await.good();
    assert_eq!((&books["sums"]["JPY"], &books["complete"]), (&json!(0), &json!(true)), "{books}");
    let lines = books["lines"].as_array().unwrap();
    let times: Vec<_> = lines.iter().map(|line| line["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|later, earlier| later >= earlier), "the latest first: {times:?}");
    let of_cases = async |account: &str| {
        let mut sum = 0;
        for (case, _) in &all {
            let books = shop.server.get(&format!("/v1/cases/{case}/ledger")).await.good();
            sum += books["balances"]["JPY"][account].as_i64().unwrap_or(0);
        }
        sum
    };
    for (account, sum) in books["balances"]["JPY"].as_object().unwrap() {
        assert_eq!(sum.as_i64().unwrap(), of_cases(account).await, "{account}");
    }
    assert_eq!(books["balances"]["JPY"]["customer_refund_payable"], 0, "nobody is owed anything");

    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.server.get(&format!("/v1/ledger?limit=3{cursor}")).await.good();
        paged.extend(page["lines"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(&paged, lines, "page by page the same, and nothing twice");
    let fee = shop.server.get("/v1/ledger?account=carrier_payable").await.good();
    assert_eq!(fee["lines"].as_array().unwrap().len(), 1, "{fee}");
    let case = shop.server.get(&format!("/v1/ledger?case={}", all[0].0)).await.good();
    assert!(case["lines"].as_array().unwrap().iter().all(|line| line["order_id"] == "o-1"));
    assert_eq!(case["sums"]["JPY"], 0);
    shop.server.get("/v1/ledger?account=petty_cash").await.refused(422);
    shop.server.get("/v1/ledger?case=nobodys").await.refused(404);
    let csv = shop.server.request(Method::GET, "/v1/ledger?format=csv").send().await.unwrap();
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.text().await.unwrap().lines().count(), lines.len() + 1);
}
